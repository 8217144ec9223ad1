/* kill -9 at random moments of a scripted walkthrough: what had been done is known, what was
 * under way is not called done, and every file is whole. STELLA_TESTS_SEED repeats a run. */
#include "base/file.h"
#include "base/mem.h"
#include "guide/journal.h"
#include "guide/undo.h"
#include "suites.h"
#include "tests/ui/walkthrough.h"

#include <check.h>
#include <glob.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KILLS = 200, WORKERS = 4 };

static const char ARGUMENTS[] =
    "--source env-file:.env --passes 1 fix check.integration.smtp --platform compose";

static struct tmux *open_walk(void)
{
    struct tmux *tmux = walkthrough_start(ARGUMENTS);

    tmux_wait_row(tmux, 0, "Fix SMTP Email Connectivity");
    tmux_wait(tmux, " 1/");
    return tmux;
}

/* False once the program is gone. */
static bool await(struct tmux *tmux, const char *text)
{
    int status;

    while (!strstr(tmux_screen(tmux), text))
        if (tmux_dead(tmux, &status))
            return false;
    return true;
}

static bool type_at(struct tmux *tmux, const char *text, const char *keys)
{
    if (!await(tmux, text))
        return false;
    tmux_type(tmux, keys);
    return true;
}

static bool run(struct tmux *tmux, const char *word)
{
    char *question = mem_printf("type %s to run", word);
    bool alive = type_at(tmux, question, word) &&
                 (!word[1] || type_at(tmux, "Enter runs it", "\r")) &&
                 await(tmux, "exit status 0 after");

    free(question);
    return alive;
}

/* From the failing check to FIXED. */
static bool walk(struct tmux *tmux)
{
    char *port = mem_printf("\025%u\r", fixable_port());
    bool alive = type_at(tmux, " 1/7  Look", "x") && run(tmux, "y") &&
                 type_at(tmux, "exit status 0 after", "n") && type_at(tmux, " 2/7", "s") &&
                 type_at(tmux, " 3/7", "s") && type_at(tmux, " 4/7", "x") &&
                 type_at(tmux, "host: 127", "\r") && type_at(tmux, "port: 1", port) &&
                 type_at(tmux, "tls: true", "\r") &&
                 run(tmux, "y") && type_at(tmux, "exit status 0 after", "n") &&
                 type_at(tmux, " 5/7", "n") && type_at(tmux, " 6/7", "n") &&
                 type_at(tmux, " 7/7", "x") && run(tmux, "restarts") &&
                 type_at(tmux, "exit status 0 after", "v") && await(tmux, "FIXED: 1 of 1");

    free(port);
    return alive;
}

struct killer {
    pthread_t thread;
    pid_t pid;
    int ms;
};

static void *kill_later(void *context)
{
    const struct killer *killer = context;

    poll(NULL, 0, killer->ms);
    kill(killer->pid, SIGKILL);
    return NULL;
}

/* How long the whole of it takes here and now. */
static int measure(void)
{
    walkthrough_setup();
    struct tmux *tmux = open_walk();
    clock_us began = clock_now_us();
    ck_assert(walk(tmux));
    int ms = (int)((clock_now_us() - began) / CLOCK_MS);
    tmux_stop(tmux);
    walkthrough_teardown();
    return ms;
}

/* What the journal tells, by a reading of our own. */
struct story {
    int64_t last;  /* the step of the last event of a step, 0: none */
    bool running;  /* it began, and did not end */
    bool fixed;
    bool recreated; /* the container was, to the end */
    bool recreating;
};

static void follow(void *context, const struct journal_event *event)
{
    struct story *story = context;
    bool recreates = event->title && strncmp(event->title, "Recreate", 8) == 0;

    if (event->step)
        story->last = event->step;
    if (event->kind == JOURNAL_STEP_BEGAN) {
        story->running = true;
        story->recreating |= recreates;
    } else if (event->kind == JOURNAL_STEP_ENDED) {
        story->running = false;
        story->recreated |= recreates;
    } else if (event->kind == JOURNAL_VERIFIED && strcmp(event->verdict, "fixed") == 0) {
        story->fixed = true;
    }
}

/* At most the last line is torn, and nothing else is broken. */
static struct story read_story(void)
{
    struct story story = {0};
    struct error err = {0};
    size_t skipped = 0;
    char *directory = mem_printf("%s/state/stella/doctor", fixable_folder());
    const char *text = walkthrough_read("state/stella/doctor/journal.jsonl");
    size_t len = strlen(text);
    bool torn = len > 0 && text[len - 1] != '\n';

    ck_assert_msg(journal_read_walk(directory, "check.integration.smtp", follow, &story, &skipped,
                                    &err),
                  "%s", err.text);
    ck_assert_uint_eq(skipped, torn);
    free(directory);
    return story;
}

static void assert_steps_are_told(const struct story *story)
{
    bool called = strstr(walkthrough_record(), "docker compose up") != NULL;

    ck_assert_msg(!called || story->recreating, "a command ran that the journal does not know");
    ck_assert_msg(called || !story->recreated, "the journal tells of what was not done");
}

/* As it was, or as the step leaves it. */
static void assert_settings_are_whole(const char *before)
{
    char *line = mem_printf("Smtp__Port=%u\n", fixable_port());
    const char *text = walkthrough_read(".env");

    ck_assert_msg(strcmp(text, before) == 0 ||
                      (strstr(text, "Smtp__Host=127.0.0.1\n") && strstr(text, line) &&
                       strstr(text, "Smtp__UseSsl=true\n")),
                  "half-written: %s", text);
    free(line);
}

/* A copy that has a record is the file as it was before the step. */
static void assert_copies_are_whole(const char *before)
{
    char *pattern = mem_printf("%s/state/stella/doctor/undo/*/record", fixable_folder());
    glob_t found = {0};

    glob(pattern, 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct undo undo;
        struct error err = {0};
        char *folder = mem_strndup(found.gl_pathv[i], strlen(found.gl_pathv[i]) - 7);
        char *path = mem_printf("%s/copy", folder), *copy;
        size_t len;
        ck_assert_msg(undo_open(&undo, folder, &err), "%s", err.text);
        ck_assert(file_read(path, &copy, &len, NULL));
        ck_assert_str_eq(copy, before);
        undo_clear(&undo);
        free(copy);
        free(path);
        free(folder);
    }
    globfree(&found);
    free(pattern);
}

static void assert_goes_on(const struct story *story)
{
    struct tmux *tmux = walkthrough_start(ARGUMENTS);
    int64_t at = story->running ? story->last : story->last + 1;

    if (story->fixed)
        at = 1;
    else if (at > 7)
        at = 7;
    char *number = mem_printf(" %d/7 ", (int)at);
    tmux_wait(tmux, number);
    if (story->running && !story->fixed)
        tmux_wait(tmux, "   interrupted");
    else if (at != story->last)
        tmux_wait(tmux, "   open");
    tmux_stop(tmux);
    free(number);
}

static void kill_once(int ms)
{
    walkthrough_setup();
    char *before = mem_strdup(walkthrough_read(".env"));
    struct tmux *tmux = open_walk();
    struct killer killer = {.pid = atoi(tmux_format(tmux, "#{pane_pid}")), .ms = ms};

    ck_assert_int_eq(pthread_create(&killer.thread, NULL, kill_later, &killer), 0);
    walk(tmux);
    ck_assert_int_eq(tmux_wait_dead(tmux), 128 + SIGKILL);
    pthread_join(killer.thread, NULL);
    tmux_stop(tmux);
    struct story story = read_story();
    assert_steps_are_told(&story);
    assert_settings_are_whole(before);
    assert_copies_are_whole(before);
    assert_goes_on(&story);
    free(before);
    walkthrough_teardown();
}

static void work(unsigned seed, int whole_ms)
{
    for (int i = 0; i < KILLS / WORKERS; i++)
        kill_once(1 + (int)(rand_r(&seed) / (RAND_MAX + 1.0) * whole_ms));
    _exit(0);
}

/* Several at a time, since most of it is waiting. */
START_TEST(killed_at_any_moment)
{
    const char *wanted = getenv("STELLA_TESTS_SEED");
    unsigned seed = wanted ? (unsigned)strtoul(wanted, NULL, 10) : (unsigned)clock_now_us();
    int whole_ms = measure(), status;

    printf("walk_kill: %d kills within %d ms, STELLA_TESTS_SEED=%u\n", KILLS, whole_ms, seed);
    fflush(stdout);
    for (unsigned i = 0; i < WORKERS; i++)
        if (fork() == 0)
            work(seed + i, whole_ms);
    for (int i = 0; i < WORKERS; i++) {
        ck_assert_int_gt(wait(&status), 0);
        ck_assert_msg(status == 0, "a worker failed");
    }
}
END_TEST

Suite *walk_kill_suite(void)
{
    Suite *suite = suite_create("walk_kill");
    TCase *tcase = tcase_create("walk_kill");

    tcase_set_timeout(tcase, 900);
    tcase_add_test(tcase, killed_at_any_moment);
    suite_add_tcase(suite, tcase);
    return suite;
}
