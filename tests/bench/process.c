#include "tests/bench/bench.h"

#include "base/mem.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 300, ARGUMENTS = 11 };
enum { STELLA, JOURNALED, CHECK_TCP, NC, WRITTEN, PROGRAMS };

#define CHECK_TCP_PATH "/usr/lib/nagios/plugins/check_tcp"

struct program {
    const char *name;
    const char *argv[ARGUMENTS];
    bool installed;
    double ms[ROUNDS];
    double median;
    int failures;
};

static void run_once(struct program *program, int round)
{
    int status = -1;
    long kb;
    clock_us took = bench_run(program->argv, "/dev/null", &status, &kb);

    program->ms[round] = (double)took / CLOCK_MS;
    program->failures += took < 0 || status != 0;
}

static void measure(struct program *programs, int listener)
{
    for (int i = 0; i < PROGRAMS; i++)
        programs[i].installed = bench_installed(programs[i].argv[0]);
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < PROGRAMS; i++)
            if (programs[i].installed) {
                run_once(&programs[i], round);
                close(accept(listener, NULL, NULL));
            }
    for (int i = 0; i < PROGRAMS; i++)
        programs[i].median = bench_median(programs[i].ms, ROUNDS);
}

static bool against(const char *what, const struct program *stella, const struct program *peer,
                    double most)
{
    char *target = mem_printf("<= %.1f x %s", most, peer->name);
    double ratio = stella->median / peer->median;
    bool ok = true;

    if (!peer->installed)
        bench_row(true, what, target, "not measured: it is not installed");
    else
        ok = bench_row(ratio <= most && stella->failures + peer->failures == 0, what, target,
                       "%.2f x (%.2f ms, %s %.2f ms; %d failed)", ratio, stella->median,
                       peer->name, peer->median, stella->failures + peer->failures);
    free(target);
    return ok;
}

/* The peers keep no record of what they did, so they stand beside a run that keeps
 * none; a journaled run stands beside a peer whose line is put on the disk. */
bool bench_process(const struct bench *bench)
{
    int number, listener = bench_listen(16, &number);
    char *port = mem_printf("%d", number), *setting = mem_printf("Smtp:Port=%d", number);
    char *written = mem_printf(CHECK_TCP_PATH " -H 127.0.0.1 -p %d | dd of='%s/record' status=none "
                               "oflag=append conv=notrunc,fdatasync", number, bench->work);
    struct program programs[PROGRAMS] = {
        [STELLA] = {.argv = {bench->stella, "doctor", "run", "--check", "check.integration.smtp",
                             "--set", "Smtp:Host=127.0.0.1", "--set", setting, "--no-journal"}},
        [JOURNALED] = {.argv = {bench->stella, "doctor", "run", "--check", "check.integration.smtp",
                                "--set", "Smtp:Host=127.0.0.1", "--set", setting}},
        [CHECK_TCP] = {.name = "check_tcp",
                       .argv = {CHECK_TCP_PATH, "-H", "127.0.0.1", "-p", port}},
        [NC] = {.name = "nc -zw5", .argv = {"nc", "-zw5", "127.0.0.1", port}},
        [WRITTEN] = {.name = "check_tcp | dd fdatasync", .argv = {"sh", "-c", written}},
    };

    measure(programs, listener);
    programs[WRITTEN].installed = programs[CHECK_TCP].installed;
    bool ok = against("one check as a process", &programs[STELLA], &programs[CHECK_TCP], 1.0);
    ok &= against("one check as a process", &programs[STELLA], &programs[NC], 1.3);
    ok &= against("the same, in the journal", &programs[JOURNALED], &programs[WRITTEN], 1.0);
    close(listener);
    free(port);
    free(setting);
    free(written);
    return ok;
}
