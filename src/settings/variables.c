#include "settings/variables.h"

#include "base/mem.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

struct variable {
    char *name, *value;
};

static int compare(const void *a, const void *b)
{
    const struct variable *left = a, *right = b;

    return strcmp(left->name, right->name);
}

static void free_variable(void *item)
{
    struct variable *variable = item;

    free(variable->name);
    free(variable->value);
    free(variable);
}

void variables_clear(struct variables *variables)
{
    tdestroy(variables->root, free_variable);
    variables->root = NULL;
}

static struct variable *find(const struct variables *variables, const char *name)
{
    struct variable key = {.name = (char *)name};
    struct variable **node = tfind(&key, &variables->root, compare);

    return node ? *node : NULL;
}

const char *variables_get(const struct variables *variables, const char *name)
{
    struct variable *variable = find(variables, name);

    return variable ? variable->value : NULL;
}

void variables_set(struct variables *variables, const char *name, const char *value)
{
    struct variable *variable = find(variables, name);
    char *copy = mem_strdup(value);

    if (!variable) {
        variable = mem_zalloc(sizeof *variable);
        variable->name = mem_strdup(name);
        if (!tsearch(variable, &variables->root, compare))
            abort();
    }
    free(variable->value);
    variable->value = copy;
}
