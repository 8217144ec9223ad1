#include "tests/bench/bench.h"

#include "base/mem.h"
#include "tests/ui/pty.h"

#include <stdlib.h>

enum { ROUNDS = 31, ARGUMENTS = 8, QUIET_US = 80 * CLOCK_MS };
enum { MINIMAL, DEMO, PLAIN, HTOP, TIG, MTR, PROGRAMS };

struct program {
    const char *name;
    const char *argv[ARGUMENTS];
    bool installed;
    double ms[ROUNDS];
    double median;
};

/* From the start to the last byte before it falls silent. */
static double first_screen_ms(const char *const argv[])
{
    const struct pty_options options = {.cols = 80, .rows = 24};
    struct pty *pty = pty_start(&options, argv);
    double ms = 0;

    if (!pty)
        return ms;
    pty_wait(pty, 0, "\033", 5 * CLOCK_SECOND);
    pty_settle(pty, QUIET_US, CLOCK_SECOND);
    if (pty->nchunks > 0)
        ms = (double)(pty->chunks[pty->nchunks - 1].at - pty->started) / CLOCK_MS;
    pty_stop(pty);
    return ms;
}

static void measure(struct program *programs)
{
    for (int i = 0; i < PROGRAMS; i++)
        programs[i].installed = bench_installed(programs[i].argv[0]);
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < PROGRAMS; i++)
            if (programs[i].installed)
                programs[i].ms[round] = first_screen_ms(programs[i].argv);
    for (int i = 0; i < PROGRAMS; i++)
        programs[i].median = bench_median(programs[i].ms, ROUNDS);
}

static bool against_minimal(const struct program *program, const struct program *minimal)
{
    double ratio = program->median / minimal->median;

    return bench_row(ratio <= 2, program->name, "<= 2 x minimal curses program",
                     "%.2f x (%.1f ms, minimal %.1f ms)", ratio, program->median, minimal->median);
}

static bool against_peer(const struct program *program, const struct program *peer)
{
    char *target = mem_printf("faster than %s", peer->name);
    double ratio = program->median / peer->median;
    bool ok = !peer->installed ||
              bench_row(ratio < 1, program->name, target, "%.2f x (%.1f ms, %s %.1f ms)", ratio,
                        program->median, peer->name, peer->median);

    if (!peer->installed)
        bench_row(true, program->name, target, "not measured: it is not installed");
    free(target);
    return ok;
}

bool bench_start(const struct bench *bench)
{
    struct program programs[PROGRAMS] = {
        [MINIMAL] = {.name = "minimal", .argv = {bench->minimal}},
        [DEMO] = {.name = "first screen, demo", .argv = {bench->stella, "doctor", "--demo"}},
        [PLAIN] = {.name = "first screen, one setting",
                   .argv = {bench->stella, "doctor", "--set", "Smtp:Host=127.0.0.1"}},
        [HTOP] = {.name = "htop", .argv = {"htop"}},
        [TIG] = {.name = "tig", .argv = {"tig", "-C", bench->repository}},
        [MTR] = {.name = "mtr", .argv = {"mtr", "-n", "127.0.0.1"}},
    };

    measure(programs);
    bool ok = against_minimal(&programs[DEMO], &programs[MINIMAL]);
    ok &= against_minimal(&programs[PLAIN], &programs[MINIMAL]);
    for (int peer = HTOP; peer < PROGRAMS; peer++)
        ok &= against_peer(&programs[DEMO], &programs[peer]);
    return ok;
}
