#include "guide/child_environment.h"

#include "base/mem.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static bool is_kept(const char *entry)
{
    static const char *const patterns[] = {
        "PATH",     "HOME",          "USER",      "LOGNAME", "SHELL", "TMPDIR",  "TZ",
        "LANG",     "LANGUAGE",      "LC_*",      "LOCPATH", "LOCALE_ARCHIVE",   "XDG_*",
        "DOCKER_*", "COMPOSE_*",     "KUBE*",     "HELM*",   "*_PROXY",          "*_proxy",
        "SSH_AUTH_SOCK",
    };
    char *name = mem_strndup(entry, strcspn(entry, "="));
    bool kept = false;

    for (size_t i = 0; i < sizeof patterns / sizeof *patterns && !kept; i++)
        kept = fnmatch(patterns[i], name, 0) == 0;
    free(name);
    return kept;
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
        if (is_kept(*from))
            entries = add(entries, &count, *from);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        entries = add(entries, &count, fixed[i]);
    return entries;
}
