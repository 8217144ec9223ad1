#include "tests/bench/bench.h"

#include "base/file.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ACCEPT, REFUSE, SILENT, KINDS };
enum { CHECKS = 1000, FILLERS = 4 };

static const struct kind {
    int count;
    int backlog;
    const char *verdict, *reason;
} kinds[KINDS] = {
    [ACCEPT] = {600, 1024, "PASS", "Connected to"},
    [REFUSE] = {200, -1, "FAIL", "refused the connection"},
    [SILENT] = {200, 0, "FAIL", "Timed out"},
};

static int kind_of(int check)
{
    int kind = 0;
    for (; check >= kinds[kind].count; kind++)
        check -= kinds[kind].count;
    return kind;
}

/* A full backlog drops what else asks to be connected. */
static void fill(int port, int fillers[static FILLERS])
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    for (int i = 0; i < FILLERS; i++) {
        fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        (void)!connect(fillers[i], (struct sockaddr *)&address, sizeof address);
    }
}

static FILE *create(const char *directory, const char *name)
{
    char *path = mem_printf("%s/%s", directory, name);
    FILE *file = fopen(path, "w");

    if (!file) {
        perror(path);
        exit(3);
    }
    free(path);
    return file;
}

static void make_directory(const char *work, const char *name)
{
    char *path = mem_printf("%s/%s", work, name);
    mkdir(path, 0700);
    free(path);
}

static void write_check(const char *work, int check)
{
    char name[64];

    snprintf(name, sizeof name, "checks/%04d.ini", check);
    FILE *wiring = create(work, name);
    fprintf(wiring,
            "[check.bench.%04d]\nprobe = tcp\nhost = Bench%04d:Host\ndefault_port = 587\n"
            "timeout = 5s\n",
            check, check);
    fclose(wiring);
    snprintf(name, sizeof name, "articles/bench/%04d.md", check);
    FILE *article = create(work, name);
    fprintf(article,
            "---\ncheckId: check.bench.%04d\nplugin: bench\nseverity: fail\ntags: [bench]\n---\n\n"
            "# Bench %04d\n\n## What It Checks\n\nA port.\n",
            check, check);
    fclose(article);
}

static void write_checks(const char *work, const int ports[static KINDS])
{
    make_directory(work, "checks");
    make_directory(work, "articles");
    make_directory(work, "articles/bench");
    FILE *settings = create(work, "settings.ini");
    for (int i = 0; i < CHECKS; i++) {
        write_check(work, i);
        fprintf(settings, "[Bench%04d]\nHost = 127.0.0.1\nPort = %d\n", i, ports[kind_of(i)]);
    }
    fclose(settings);
}

/* A check's report begins with its verdict and id; the reason is the next line. */
static bool judged_right(const char *report, int check)
{
    const struct kind *kind = &kinds[kind_of(check)];
    char *head = mem_printf("%s   check.bench.%04d ", kind->verdict, check);
    const char *found = strstr(report, head);
    const char *line = found ? strchr(found, '\n') : NULL;
    const char *reason = line ? strstr(line, kind->reason) : NULL;

    free(head);
    return reason && reason < line + 1 + strcspn(line + 1, "\n");
}

static int count_right(const char *path)
{
    char *report;
    size_t len;
    int right = 0;

    if (!file_read(path, &report, &len, NULL))
        return 0;
    for (int i = 0; i < CHECKS; i++)
        right += judged_right(report, i);
    free(report);
    return right;
}

static bool run_and_judge(const struct bench *bench)
{
    char *settings = mem_printf("ini:%s/settings.ini", bench->work);
    char *report = mem_printf("%s/report", bench->work);
    const char *const argv[] = {bench->stella, "doctor", "run", "--data", bench->work, "--source",
                                settings, "--concurrency", "1000", NULL};
    int status = -1;
    long kb = 0;
    double seconds = (double)bench_run(argv, report, &status, &kb) / CLOCK_SECOND;
    int right = count_right(report);
    bool ok = right == CHECKS && WIFEXITED(status) && WEXITSTATUS(status) == 2;

    ok = bench_row(ok && seconds <= 5.3, "1,000 checks: 600 accept, 200 refuse,",
                   "<= 5.3 s, all judged right", "%.2f s, %d right", seconds, right);
    ok &= bench_row(kb <= 32 * 1024, "  200 silent, all at a time", "<= 32 MB", "%.1f MB",
                    (double)kb / 1024);
    free(report);
    free(settings);
    return ok;
}

bool bench_thousand(const struct bench *bench)
{
    int listeners[KINDS], ports[KINDS], fillers[FILLERS];

    for (int i = 0; i < KINDS; i++)
        listeners[i] = bench_listen(kinds[i].backlog, &ports[i]);
    fill(ports[SILENT], fillers);
    write_checks(bench->work, ports);
    bool ok = run_and_judge(bench);
    for (int i = 0; i < KINDS; i++)
        close(listeners[i]);
    for (int i = 0; i < FILLERS; i++)
        close(fillers[i]);
    return ok;
}
