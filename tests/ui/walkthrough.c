#include "tests/ui/walkthrough.h"

#include "base/file.h"
#include "base/mem.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *text;

void walkthrough_stand_in(const char *name, const char *script)
{
    char *whole = mem_printf("#!/bin/sh\necho %s \"$*\" >>'%s/record'\n%s\n", name,
                             fixable_folder(), script);

    fixable_stand_in(name, whole);
    free(whole);
}

/* They say what the articles look for in what the real ones say. */
static void make_programs(void)
{
    walkthrough_stand_in("docker", "echo 'Smtp__Host: 127.0.0.1'; [ \"$2\" != up ] || serve");
    walkthrough_stand_in("helm", "printf 'smtp:\\n  host: x\\n'; [ \"$1\" != upgrade ] || serve");
    walkthrough_stand_in("kubectl", "[ \"$1\" != apply ] || cat; echo kubectl was here");
    walkthrough_stand_in("sudo", "[ \"$1\" != systemctl ] || exec \"$@\"; echo '\"smtp\": {'");
    walkthrough_stand_in("sudoedit", "echo edited");
    walkthrough_stand_in("systemctl", "[ \"$1\" != restart ] || serve; echo EnvironmentFile=none");
    walkthrough_stand_in("nslookup", "echo 127.0.0.1");
    walkthrough_stand_in("telnet", "echo Connected to 127.0.0.1");
}

void walkthrough_setup(void)
{
    fixable_setup();
    make_programs();
}

void walkthrough_teardown(void)
{
    free(text);
    text = NULL;
    fixable_teardown();
}

const char *walkthrough_read(const char *name)
{
    char *path = mem_printf("%s/%s", fixable_folder(), name);
    size_t len;

    free(text);
    text = NULL;
    if (!file_read(path, &text, &len, NULL))
        text = mem_strdup("");
    free(path);
    return text;
}

const char *walkthrough_record(void)
{
    return walkthrough_read("record");
}

static struct tmux *start(const char *first, const char *arguments, const char *const *env)
{
    const struct tmux_options options = {.cols = 80, .rows = 24, .env = env};
    char *command = mem_printf("%s cd '%s'; export PATH=$PWD/bin:$PATH EDITOR=edit; unset VISUAL; "
                               "exec %s doctor --no-default-sources %s",
                               first, fixable_folder(), dashboard_program(), arguments);
    struct tmux *tmux = tmux_start(&options, command);

    tmux_wait(tmux, "\xE2\x96\xB6 ");
    free(command);
    return tmux;
}

struct tmux *walkthrough_start(const char *arguments)
{
    return start("", arguments, fixable_env());
}

struct tmux *walkthrough_start_with(const char *first, const char *arguments)
{
    return start(first, arguments, fixable_env());
}

struct tmux *walkthrough_open(const char *arguments)
{
    struct tmux *tmux = walkthrough_start(arguments);

    tmux_send(tmux, "r");
    tmux_wait_row(tmux, 1, "1 FAIL");
    tmux_send(tmux, "w");
    tmux_wait_row(tmux, 0, "Fix SMTP Email Connectivity");
    return tmux;
}

struct tmux *walkthrough_open_compose(void)
{
    return walkthrough_open("--source env-file:.env");
}

/* Not even root makes a directory there. */
struct tmux *walkthrough_open_without_state(void)
{
    static const char *const env[] = {"XDG_STATE_HOME=/proc/none",
                                      "XDG_CONFIG_HOME=/nonexistent", NULL};
    struct tmux *tmux = start("", "--source env-file:.env fix check.integration.smtp", env);

    tmux_wait_row(tmux, 0, "Fix SMTP Email Connectivity");
    return tmux;
}

static int find_step(struct tmux *tmux, int *total)
{
    int number;

    for (int row = 0; row < 24; row++)
        if (sscanf(tmux_row(tmux, row), " %d/%d ", &number, total) == 2)
            return number;
    return 0;
}

/* It may stand above what is seen of the page. */
int walkthrough_step(struct tmux *tmux, int *total)
{
    int number = find_step(tmux, total);

    if (number > 0)
        return number;
    tmux_send(tmux, "g");
    while ((number = find_step(tmux, total)) == 0)
        continue;
    return number;
}

void walkthrough_go_to(struct tmux *tmux, const char *title)
{
    int total;

    for (int i = 0; i < 12 && !strstr(tmux_screen(tmux), title); i++) {
        char *next = mem_printf(" %d/", walkthrough_step(tmux, &total) + 1);
        tmux_send(tmux, "n");
        tmux_wait(tmux, next);
        free(next);
    }
    tmux_wait(tmux, title);
}

/* The question has to stand for a moment before an answer counts; it says when. */
void walkthrough_run(struct tmux *tmux, const char *word)
{
    char *question = mem_printf("type %s to run", word);

    tmux_send(tmux, "x");
    tmux_wait(tmux, question);
    walkthrough_consent(tmux, word);
    free(question);
}

void walkthrough_consent(struct tmux *tmux, const char *word)
{
    tmux_type(tmux, word);
    if (!word[1])
        return;
    tmux_wait(tmux, "Enter runs it");
    tmux_send(tmux, "Enter");
}

void walkthrough_verify(struct tmux *tmux, const char *verdict)
{
    tmux_send(tmux, "v");
    tmux_wait(tmux, verdict);
}
