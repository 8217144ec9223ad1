#include "settings/launch.h"

#include "base/mem.h"
#include "base/text.h"
#include "settings/nulblock.h"
#include "settings/rootpath.h"

#include <stdlib.h>
#include <string.h>

void launch_clear(struct launch *launch)
{
    free(launch->root);
    free(launch->directory);
    free(launch->program_directory);
    for (int rank = 0; rank < LAUNCH_RANKS; rank++) {
        free(launch->environment[rank]);
        free(launch->content_root[rank]);
    }
    buf_clear(&launch->arguments);
    *launch = (struct launch){0};
}

static void put(struct launch *launch, enum launch_rank rank, const char *key, const char *value)
{
    char **field = NULL;

    if (text_fold_equal(key, "environment"))
        field = &launch->environment[rank];
    else if (text_fold_equal(key, "contentRoot"))
        field = &launch->content_root[rank];
    if (!field)
        return;
    free(*field);
    *field = mem_strdup(value);
}

void launch_put_variable(void *launch, const char *name, const char *value)
{
    static const char *const prefixes[] = {
        [LAUNCH_ASPNETCORE] = "ASPNETCORE", [LAUNCH_DOTNET] = "DOTNET"};
    const char *key = strchr(name, '_');

    if (!key)
        return;
    char *prefix = mem_strndup(name, (size_t)(key - name));
    for (int rank = 0; rank < LAUNCH_ARGUMENT; rank++)
        if (text_fold_equal(prefix, prefixes[rank]))
            put(launch, (enum launch_rank)rank, key + 1, value);
    free(prefix);
}

static void put_argument(void *launch, const char *name, const char *value)
{
    put(launch, LAUNCH_ARGUMENT, name, value);
}

/* The last word before the arguments is the program, or its .dll. */
static const char *last_word(const char *block, size_t len)
{
    const char *word = block;

    for (const char *p = block; p < block + len; p += strlen(p) + 1)
        word = p;
    return word;
}

void launch_put_command(struct launch *launch, const char *block, size_t len)
{
    size_t skipped = nulblock_skip_program(block, len);
    const char *program = skipped ? last_word(block, skipped) : "";
    const char *slash = strrchr(program, '/');

    if (slash)
        launch->program_directory = mem_strndup(program, (size_t)(slash - program) + 1);
    buf_add(&launch->arguments, block + skipped, len - skipped);
    if (launch->arguments.len)
        nulblock_read_arguments(launch->arguments.data, launch->arguments.len, put_argument,
                                launch, NULL);
}

static const char *highest(char *const *values)
{
    for (int rank = LAUNCH_RANKS; rank-- > 0;)
        if (values[rank])
            return values[rank];
    return NULL;
}

const char *launch_environment(const struct launch *launch)
{
    const char *name = highest(launch->environment);
    return name ? name : "Production";
}

/* One that is set counts from the program's directory. */
char *launch_content_root(const struct launch *launch)
{
    const char *set = highest(launch->content_root);

    if (!set)
        return mem_strdup(launch->directory);
    if (*set == '/')
        return mem_strdup(set);
    char *base = rootpath_append(launch->directory,
                                 launch->program_directory ? launch->program_directory : "");
    char *root = rootpath_append(base, set);
    free(base);
    return root;
}
