#include "settings/adopt.h"

#include "base/mem.h"
#include "base/text.h"
#include "settings/rootpath.h"
#include "settings/source.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char ETC[] = "/etc/stellaops";
static const char OLD_FILE[] = "it may still work with what was in it before";

/* On Linux a name in another case is another file's. */
static void note_other_case(const struct adoption *adoption, const char *directory,
                            const char *name)
{
    char *target = rootpath_resolve(adoption->root, directory), *here = NULL;
    DIR *stream = NULL;

    if (target)
        stream = opendir(here = rootpath_join(adoption->root, target));
    for (const struct dirent *entry; stream && (entry = readdir(stream));)
        if (text_fold_equal(entry->d_name, name))
            settings_add_note(adoption->settings,
                              "%s/%s is not read: the name must be %s, in that case", directory,
                              entry->d_name, name);
    if (stream)
        closedir(stream);
    free(here);
    free(target);
}

static void add_appsettings_file(const struct adoption *adoption, const char *directory,
                                 const char *name)
{
    char *path = rootpath_append(directory, name);
    size_t source = adopt_file(adoption, "json", path, true, "of the platform's content root");

    if (settings_source(adoption->settings, source)->status == SOURCE_ABSENT) {
        note_other_case(adoption, directory, name);
    } else {
        adopt_check_age(adoption, source, adoption->root, path, OLD_FILE, NULL);
        adopt_check_access(adoption, source, path);
    }
    free(path);
}

/* A file that people edit and the platform does not read; true where there is one. */
static bool note_unused(const struct adoption *adoption, const char *root, const char *directory,
                        const char *name)
{
    char *path = rootpath_append(ETC, name), *used = rootpath_append(directory, name);
    bool is_unused = rootpath_exists(root, path) &&
                     !rootpath_is_same(root, path, adoption->root, used);

    if (is_unused)
        settings_add_note(adoption->settings,
                          "%s is there, but the platform runs in %s and does not read it unless "
                          "it is told to",
                          path, directory);
    free(used);
    free(path);
    return is_unused;
}

void adopt_appsettings(const struct adoption *adoption, const struct launch *launch)
{
    const char *environment = launch_environment(launch), *here = adoption->discovery->root;
    char *directory = launch_content_root(launch);
    char *names[] = {mem_strdup("appsettings.json"),
                     mem_printf("appsettings.%s.json", environment)};

    for (size_t i = 0; i < COUNT(names); i++) {
        if (strchr(names[i], '/'))
            settings_add_note(adoption->settings, "The environment's name has a /: no file for it");
        else
            add_appsettings_file(adoption, directory, names[i]);
    }
    for (size_t i = 0; i < COUNT(names); i++)
        if (note_unused(adoption, adoption->root, directory, names[i]) ||
            (strcmp(adoption->root, here) != 0 &&
             note_unused(adoption, here, directory, names[i])))
            break;
    if (text_fold_equal(environment, "Development"))
        settings_add_note(adoption->settings,
                          "In Development the user's secrets.json counts too; it is not read here");
    for (size_t i = 0; i < COUNT(names); i++)
        free(names[i]);
    free(directory);
}
