#include "tests/ui/lines.h"

#include "base/mem.h"
#include "tests/ui/dashboard.h"
#include "tests/ui/fixable.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { LIMIT_US = 20 * CLOCK_SECOND };

static struct pty *pty;
static size_t seen; /* bytes of the output that were waited for */

void lines_start(const char *term, int cols, const char *before, const char *arguments)
{
    const struct pty_options options = {.cols = cols, .rows = 24, .term = term,
                                        .env = fixable_env()};
    char *command = mem_printf("cd '%s'; PATH=$PWD/bin:$PATH; %s %s doctor fix "
                               "check.integration.smtp --no-default-sources %s",
                               fixable_folder(), before, dashboard_program(), arguments);
    const char *const argv[] = {"sh", "-c", command, NULL};

    pty_stop(pty);
    pty = pty_start(&options, argv);
    ck_assert_ptr_nonnull(pty);
    seen = 0;
    free(command);
}

/* The end of what was written, for messages. */
static const char *tail(void)
{
    enum { TAIL_BYTES = 1000 };
    return pty->output.len > TAIL_BYTES ? pty->output.data + pty->output.len - TAIL_BYTES
                                        : pty->output.data;
}

void lines_await(const char *text)
{
    if (pty_wait(pty, seen, text, LIMIT_US) < 0)
        ck_abort_msg("no \"%s\" in: %s", text, tail());
    const char *found = memmem(pty->output.data + seen, pty->output.len - seen, text, strlen(text));
    seen = (size_t)(found - pty->output.data) + strlen(text);
}

void lines_type(const char *keys)
{
    pty_write(pty, keys, strlen(keys));
}

void lines_answer(const char *question, const char *keys)
{
    lines_await(question);
    lines_type(keys);
}

void lines_choose(const char *keys)
{
    lines_answer("Choice: ", keys);
}

void lines_consent(const char *word)
{
    char *question = mem_printf("type %s to run the command above, anything else not to: ", word);
    char *line = mem_printf("%s\n", word);

    lines_choose("x\n");
    lines_answer(question, line);
    if (word[1])
        lines_answer("y runs it now, anything else does not: ", "y\n");
    free(question);
    free(line);
}

void lines_go_to(const char *title)
{
    char *heading = mem_printf("): %s", title);

    for (int i = 0; i < 12; i++) {
        pty_wait(pty, seen, "Choice: ", LIMIT_US);
        if (strstr(pty->output.data + seen, heading))
            break;
        lines_choose("n\n");
    }
    lines_await(heading);
    free(heading);
}

void lines_assert_never(const char *text)
{
    ck_assert_msg(!memmem(pty->output.data, pty->output.len, text, strlen(text)),
                  "\"%s\" in: %s", text, tail());
}

void lines_assert_exit(int wanted)
{
    int status = -1;

    ck_assert_msg(pty_wait_exit(pty, LIMIT_US, &status), "it runs on: %s", tail());
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == wanted, "status %d: %s", status,
                  tail());
}

const char *lines_output(void)
{
    return pty->output.data;
}

pid_t lines_pid(void)
{
    return pty->pid;
}

void lines_drop(void)
{
    pty_record(pty, 0);
}

void lines_stop(void)
{
    pty_stop(pty);
    pty = NULL;
}
