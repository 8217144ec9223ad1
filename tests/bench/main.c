#include "tests/bench/bench.h"

#include "tests/ui/pty.h"

#include <stdio.h>
#include <sys/resource.h>

int main(int argc, char **argv)
{
    if (argc != 5) {
        fputs("Usage: bench STELLA MINIMAL WORK REPOSITORY\n", stderr);
        return 3;
    }
    const struct bench bench = {argv[1], argv[2], argv[3], argv[4]};

    pty_set_environment(NULL);
    /* What else the machine does is not measured, where this user may say so;
     * the program and its peers inherit it. */
    setpriority(PRIO_PROCESS, 0, -15);
    bool ok = bench_start(&bench);
    ok &= bench_dashboard(&bench);
    ok &= bench_process(&bench);
    ok &= bench_thousand(&bench);
    return !ok;
}
