#include "settings/discover.h"

#include "base/mem.h"
#include "settings/source.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Where the chart of the packages and images puts the platform's files. */
#define ETC_DIRECTORY "/etc/stellaops"

static bool exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 || errno != ENOENT;
}

/* The file's index, or -1 where it is not there. */
static int add_present(struct settings *settings, const struct discovery *discovery,
                       const char *kind, const char *path)
{
    if (!exists(path))
        return -1;
    return (int)settings_add_file(settings, kind, path, true, discovery->dotnet_major);
}

static bool find_etc(struct settings *settings, const struct discovery *discovery)
{
    static const char *const names[] = {"appsettings.json", "appsettings.Production.json"};
    bool found = false;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = mem_printf("%s" ETC_DIRECTORY "/%s", discovery->root, names[i]);
        int index = add_present(settings, discovery, "json", path);
        if (index >= 0)
            settings_set_note(settings, (size_t)index, "counts only if the platform runs in "
                                                       ETC_DIRECTORY);
        found |= index >= 0;
        free(path);
    }
    return found;
}

void settings_discover(struct settings *settings, const struct discovery *discovery)
{
    find_etc(settings, discovery);
}
