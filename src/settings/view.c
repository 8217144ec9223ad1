#include "settings/view.h"

#include "base/mem.h"
#include "base/text.h"
#include "settings/warnings.h"

#include <stdlib.h>
#include <string.h>

enum { INDENT = 2 };

struct key_list {
    const char *const *sections; /* host keys: the section is what stands before the last ":" */
    size_t nsections;
    char **keys;
    size_t count;
    size_t nfirst; /* of the keys that were put before those that exist */
};

static size_t section_length(const char *key)
{
    const char *colon = strrchr(key, ':');
    return colon ? (size_t)(colon - key) + 1 : 0;
}

static bool is_among_first(const struct key_list *list, const char *key)
{
    for (size_t i = 0; i < list->nfirst; i++)
        if (text_fold_equal(list->keys[i], key))
            return true;
    return false;
}

/* Takes the key over. */
static void add_key(struct key_list *list, char *key)
{
    list->keys = mem_grow(list->keys, list->count, sizeof *list->keys);
    list->keys[list->count++] = key;
}

static bool starts_with(const char *key, const char *section, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (text_fold(key[i]) != text_fold(section[i]))
            return false;
    return n > 0 && key[n];
}

static void visit_key(void *context, const char *key)
{
    struct key_list *list = context;

    for (size_t i = 0; i < list->nsections; i++) {
        const char *section = list->sections[i];
        if (!starts_with(key, section, section_length(section)))
            continue;
        if (!is_among_first(list, key))
            add_key(list, mem_strdup(key));
        return;
    }
}

char **settings_keys_beside(const struct settings *settings, const char *const *host_keys,
                            size_t nhost_keys, size_t *count)
{
    struct key_list list = {.sections = host_keys, .nsections = nhost_keys};

    for (size_t i = 0; i < nhost_keys; i++) {
        add_key(&list, mem_strdup(host_keys[i]));
        add_key(&list, mem_printf("%.*sPort", (int)section_length(host_keys[i]), host_keys[i]));
    }
    list.nfirst = list.count;
    settings_each_key(settings, visit_key, &list);
    *count = list.count;
    return list.keys;
}

static void put_heading(struct rows *rows, int cols, const char *text)
{
    rows_blank(rows);
    rows_open(rows, cols, 0, 0);
    rows_printf(rows, STYLE_HEADING, "%s", text);
    rows_close(rows);
}

static void put_tried(struct rows *rows, int cols, const struct tried *tried)
{
    rows_open(rows, cols, INDENT, 2 * INDENT);
    rows_printf(rows, STYLE_PLAIN, "%s = ", tried->key);
    rows_printf(rows, STYLE_STRONG, "%s", tried->value);
    rows_printf(rows, STYLE_DIM, "  (%s)", tried->source);
    rows_close(rows);
}

static void put_target(struct rows *rows, int cols, const struct target *target)
{
    rows_open(rows, cols, 0, 0);
    rows_printf(rows, STYLE_HEADING, "Mail server  ");
    if (target->state == TARGET_OK)
        rows_printf(rows, STYLE_PASS, strchr(target->host, ':') ? "[%s]:%u" : "%s:%u",
                    target->host, target->port);
    else
        rows_printf(rows, target->state == TARGET_UNSET ? STYLE_SKIP : STYLE_FAIL, "%s",
                    target->state == TARGET_UNSET ? "not configured" : "no usable answer");
    rows_close(rows);
    if (target->reason) {
        rows_open(rows, cols, INDENT, INDENT);
        rows_printf(rows, STYLE_PLAIN, "%s", target->reason);
        rows_close(rows);
    }
    for (size_t i = 0; i < target->ntried; i++)
        put_tried(rows, cols, &target->tried[i]);
}

static void put_status(struct rows *rows, const struct source *source)
{
    switch (source->status) {
    case SOURCE_OK:
        rows_printf(rows, STYLE_PASS, "ok");
        break;
    case SOURCE_ABSENT:
        rows_printf(rows, source->fault.kind ? STYLE_FAIL : STYLE_DIM, "absent");
        break;
    case SOURCE_ERROR:
        rows_printf(rows, STYLE_FAIL, "%s", fault_name(source->fault.kind));
        if (source->fault.line)
            rows_printf(rows, STYLE_FAIL, " in line %d", source->fault.line);
        rows_printf(rows, STYLE_PLAIN, ": %s", source->fault.reason.text);
        break;
    }
}

static void put_source(struct rows *rows, int cols, size_t index, const struct source *source)
{
    rows_open(rows, cols, INDENT, INDENT + 3);
    rows_printf(rows, STYLE_DIM, "%zu  ", index);
    rows_printf(rows, STYLE_PLAIN, "%s", source->kind);
    if (source->path)
        rows_printf(rows, STYLE_STRONG, "  %s", source->path);
    rows_text(rows, STYLE_PLAIN, "  ", 2);
    put_status(rows, source);
    if (source->note)
        rows_printf(rows, STYLE_DIM, "  %s", source->note);
    rows_close(rows);
}

static void put_sources(struct rows *rows, int cols, const struct settings *settings)
{
    size_t count = settings_source_count(settings);

    put_heading(rows, cols, count > 1 ? "Sources, the last one wins" : "Sources");
    for (size_t i = 0; i < count; i++)
        put_source(rows, cols, i, settings_source(settings, i));
    if (count == 0) {
        rows_open(rows, cols, INDENT, INDENT);
        rows_printf(rows, STYLE_DIM, "none");
        rows_close(rows);
    }
    for (size_t i = 0; i < settings_note_count(settings); i++) {
        rows_open(rows, cols, INDENT, INDENT + 3);
        rows_printf(rows, STYLE_DIM, "-  %s", settings_note(settings, i));
        rows_close(rows);
    }
}

static void put_value(struct rows *rows, int cols, const char *label,
                      const struct setting_value *value)
{
    rows_open(rows, cols, 2 * INDENT, 3 * INDENT);
    rows_printf(rows, STYLE_DIM, "%s ", label);
    rows_printf(rows, STYLE_PLAIN, "%s", value->shown ? value->shown : "null");
    rows_printf(rows, STYLE_DIM, "  (%s)", value->source);
    rows_close(rows);
}

static void put_setting(struct rows *rows, int cols, const struct setting *setting)
{
    static const char *const words[] = {[SETTING_MISSING] = "not set",
                                        [SETTING_NULL] = "null",
                                        [SETTING_EMPTY] = "empty",
                                        [SETTING_AMBIGUOUS] = "ambiguous, one of"};

    rows_open(rows, cols, INDENT, 2 * INDENT);
    rows_printf(rows, STYLE_PLAIN, "%s  ", setting->key);
    if (setting->state == SETTING_TEXT)
        rows_printf(rows, STYLE_STRONG, "%s", setting->shown);
    else
        rows_printf(rows, setting->state == SETTING_MISSING ? STYLE_DIM : STYLE_WARN, "%s",
                    words[setting->state]);
    if (*setting->source)
        rows_printf(rows, STYLE_DIM, "  (%s)", setting->source);
    rows_close(rows);
    for (size_t i = 0; i < setting->ncandidates; i++)
        put_value(rows, cols, "candidate", &setting->candidates[i]);
    for (size_t i = 0; i < setting->nhidden; i++)
        put_value(rows, cols, "hides", &setting->hidden[i]);
}

static void put_keys(struct rows *rows, int cols, const struct settings *settings,
                     char *const *keys, size_t nkeys)
{
    put_heading(rows, cols, settings_failure(settings)
                                ? "What the other sources say, which is not the answer"
                                : "Settings");
    for (size_t i = 0; i < nkeys; i++) {
        struct setting setting = settings_get(settings, keys[i]);
        put_setting(rows, cols, &setting);
        setting_clear(&setting);
    }
}

static void put_warnings(struct rows *rows, int cols, const struct settings *settings)
{
    struct settings_warnings warnings = {0};

    settings_collect_warnings(settings, &warnings);
    if (warnings.count > 0)
        put_heading(rows, cols, "Warnings");
    for (size_t i = 0; i < warnings.count; i++) {
        const struct settings_warning *warning = &warnings.items[i];
        rows_open(rows, cols, INDENT, 2 * INDENT);
        rows_printf(rows, STYLE_WARN, "%s", warning->code);
        rows_printf(rows, STYLE_STRONG, "  %s", warning->key);
        rows_printf(rows, STYLE_DIM, "  (%s)", warning->source);
        rows_printf(rows, STYLE_PLAIN, ": %s", warning->message);
        rows_close(rows);
    }
    settings_warnings_clear(&warnings);
}

void settings_layout(const struct settings *settings, const struct target *target,
                     char *const *keys, size_t nkeys, int cols, struct rows *rows)
{
    put_target(rows, cols, target);
    put_sources(rows, cols, settings);
    put_keys(rows, cols, settings, keys, nkeys);
    put_warnings(rows, cols, settings);
}
