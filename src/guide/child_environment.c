#include "guide/child_environment.h"

#include "base/mem.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Closed by NULL. */
static const char *const always[] = {
    "PATH",     "HOME",          "USER",      "LOGNAME", "SHELL", "TMPDIR",  "TZ",
    "LANG",     "LANGUAGE",      "LC_*",      "LOCPATH", "LOCALE_ARCHIVE",   "XDG_*",
    "DOCKER_*", "COMPOSE_*",     "KUBE*",     "HELM*",   "*_PROXY",          "*_proxy",
    "SSH_AUTH_SOCK", NULL,
};
static const char *const on_terminal[] = {
    "TERM",    "COLORTERM", "TERMINFO*", "NO_COLOR", "TMUX",    "TMUX_PANE",       "STY",
    "SSH_TTY", "GPG_TTY",   "DISPLAY",   "XAUTHORITY", "WAYLAND_DISPLAY", "VISUAL", "EDITOR",
    "SUDO_EDITOR", "PAGER", "LESS", "LS_COLORS", NULL,
};

static bool matches(const char *entry, const char *const *patterns)
{
    char *name = mem_strndup(entry, strcspn(entry, "="));
    bool found = false;

    for (; *patterns && !found; patterns++)
        found = fnmatch(*patterns, name, 0) == 0;
    free(name);
    return found;
}

static char **add(char **entries, size_t *count, const char *entry)
{
    entries = mem_grow(entries, *count, sizeof *entries);
    entries[(*count)++] = (char *)entry;
    return entries;
}

char **child_environment(char *const *from)
{
    static const char *const fixed[] = {
        "TERM=dumb",  "PAGER=cat",             "SYSTEMD_PAGER=",
        "NO_COLOR=1", "GIT_TERMINAL_PROMPT=0", "DEBIAN_FRONTEND=noninteractive",
        NULL,
    };
    char **entries = NULL;
    size_t count = 0;

    for (; *from; from++)
        if (matches(*from, always))
            entries = add(entries, &count, *from);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        entries = add(entries, &count, fixed[i]);
    return entries;
}

char **child_environment_on_terminal(char *const *from)
{
    char **entries = NULL;
    size_t count = 0;

    for (; *from; from++)
        if (matches(*from, always) || matches(*from, on_terminal))
            entries = add(entries, &count, *from);
    return add(entries, &count, NULL);
}
