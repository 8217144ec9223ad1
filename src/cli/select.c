#include "cli/select.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static bool has_id(const struct check *check, const char *id)
{
    return strcmp(check->id, id) == 0;
}

static bool has_plugin(const struct check *check, const char *plugin)
{
    return strcmp(check->head.plugin, plugin) == 0;
}

typedef bool matcher(const struct check *check, const char *name);

static bool is_named(const struct check *check, const struct strings *names, matcher *matches)
{
    for (size_t i = 0; i < names->count; i++)
        if (matches(check, names->items[i]))
            return true;
    return false;
}

static bool matches_any(const struct check *check, const struct strings *names, matcher *matches)
{
    return names->count == 0 || is_named(check, names, matches);
}

static bool is_selected(const struct check *check, const struct options *options)
{
    return matches_any(check, &options->checks, has_id) &&
           matches_any(check, &options->plugins, has_plugin) &&
           matches_any(check, &options->tags, check_has_tag) &&
           !is_named(check, &options->skips, has_id);
}

/* Every word that an option of this kind could have named. */
static struct strings collect(const struct catalog *catalog, matcher *matches)
{
    struct strings words = {0};

    for (size_t i = 0; i < catalog_count(catalog); i++) {
        const struct check *check = catalog_at(catalog, i);
        const char *one[] = {matches == has_id ? check->id : check->head.plugin};
        const char *const *from = matches == check_has_tag ? (const char *const *)check->head.tags
                                                           : one;
        size_t count = matches == check_has_tag ? check->head.ntags : 1;
        for (size_t j = 0; j < count; j++) {
            words.items = mem_grow(words.items, words.count, sizeof *words.items);
            words.items[words.count++] = from[j];
        }
    }
    return words;
}

static bool exists(const struct strings *words, const char *name)
{
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->items[i], name) == 0)
            return true;
    return false;
}

static bool all_exist(const struct catalog *catalog, const struct strings *names,
                      matcher *matches, const char *kind, struct error *err)
{
    bool ok = true;

    if (names->count == 0)
        return true;
    struct strings words = collect(catalog, matches);
    for (size_t i = 0; i < names->count && ok; i++) {
        ok = exists(&words, names->items[i]);
        if (ok)
            continue;
        char *shown = text_sanitise(names->items[i], strlen(names->items[i]), TEXT_ONE_LINE);
        const char *near = text_nearest(names->items[i], words.items, words.count);
        error_set(err, "unknown %s %s%s%s%s", kind, shown, near ? "; did you mean " : "",
                  near ? near : "", near ? "?" : "");
        free(shown);
    }
    free(words.items);
    return ok;
}

const struct check **select_checks(const struct catalog *catalog, const struct options *options,
                                   size_t *count, struct error *err)
{
    *count = 0;
    if (!all_exist(catalog, &options->checks, has_id, "check", err) ||
        !all_exist(catalog, &options->skips, has_id, "check", err) ||
        !all_exist(catalog, &options->plugins, has_plugin, "plugin", err) ||
        !all_exist(catalog, &options->tags, check_has_tag, "tag", err))
        return NULL;
    const struct check **checks =
        mem_realloc(NULL, (catalog_count(catalog) + 1) * sizeof *checks);
    for (size_t i = 0; i < catalog_count(catalog); i++) {
        const struct check *check = catalog_at(catalog, i);
        if (is_selected(check, options))
            checks[(*count)++] = check;
    }
    if (*count > 0)
        return checks;
    error_set(err, catalog_count(catalog) ? "no check matches all of the options"
                                          : "there are no checks");
    free(checks);
    return NULL;
}
