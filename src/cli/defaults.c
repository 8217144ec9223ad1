#include "cli/defaults.h"

#include "base/file.h"
#include "base/inifile.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/xdg.h"
#include "cli/grammar.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct grammar_option *find_option(const char *section, const char *key, size_t *row)
{
    for (*row = 0; *row < grammar_option_count(); ++*row) {
        const struct grammar_option *option = grammar_option_at(*row);
        if (option->section && text_fold_equal(option->section, section) &&
            text_fold_equal(option->key, key))
            return option;
    }
    return NULL;
}

static void explain_unknown(const char *section, const char *key, struct error *err)
{
    struct strings names = {0};
    char **all = mem_zalloc(grammar_option_count() * sizeof *all);
    char *wanted = mem_printf("[%s] %s", section, key);
    char *shown = text_sanitise(wanted, strlen(wanted), TEXT_ONE_LINE);

    for (size_t i = 0; i < grammar_option_count(); i++) {
        const struct grammar_option *option = grammar_option_at(i);
        if (!option->section)
            continue;
        all[i] = mem_printf("[%s] %s", option->section, option->key);
        strings_add(&names, all[i]);
    }
    const char *near = text_nearest(wanted, names.items, names.count);
    error_set(err, "%s is no setting of the doctor's%s%s%s", shown,
              near ? "; did you mean " : "; see stella-doctor.ini(5)", near ? near : "",
              near ? "?" : "");
    for (size_t i = 0; i < grammar_option_count(); i++)
        free(all[i]);
    free(all);
    free(names.items);
    free(wanted);
    free(shown);
}

/* A copy that lasts as long as the options. */
static const char *keep(struct options *options, const char *text, size_t n)
{
    options->owned = mem_grow(options->owned, options->nowned, sizeof *options->owned);
    return options->owned[options->nowned++] = mem_strndup(text, n);
}

static bool read_flag(const char *value, bool *flag)
{
    static const char *const words[][2] = {
        {"no", "yes"}, {"off", "on"}, {"false", "true"}, {"0", "1"}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (int j = 0; j < 2; j++)
            if (text_fold_equal(value, words[i][j])) {
                *flag = j;
                return true;
            }
    return false;
}

static bool set_flag(struct options *options, const struct grammar_option *option,
                     const char *value, struct error *err)
{
    bool flag;

    if (!read_flag(value, &flag)) {
        error_set(err, "%s must be yes or no", option->key);
        return false;
    }
    *(bool *)((char *)options + option->offset) = flag != grammar_is_inverted(option);
    return true;
}

/* "json:/a, env-file:/b": the list takes the place of an earlier file's. */
static void set_texts(struct options *options, const struct grammar_option *option,
                      const char *value)
{
    struct strings *list = (struct strings *)(void *)((char *)options + option->offset);

    list->count = 0;
    while (*(value += strspn(value, " \t,"))) {
        size_t n = strcspn(value, ","), used = n;
        while (used > 0 && strchr(" \t", value[used - 1]))
            used--;
        strings_add(list, keep(options, value, used));
        value += n;
    }
}

static bool set_option(struct options *options, const struct grammar_option *option,
                       const char *value, struct error *err)
{
    if (option->value == GRAMMAR_FLAG)
        return set_flag(options, option, value, err);
    if (option->value == GRAMMAR_TEXTS) {
        set_texts(options, option, value);
        return true;
    }
    if (grammar_store(options, option, keep(options, value, strlen(value)), err))
        return true;
    error_prefix(err, "%s", option->key);
    return false;
}

static bool take_entry(void *context, const char *section, const char *name, const char *value,
                       int line, struct error *err)
{
    struct options *options = context;
    size_t row;
    const struct grammar_option *option = find_option(section, name, &row);

    (void)line;
    if (!option) {
        explain_unknown(section, name, err);
        return false;
    }
    if (options->given & UINT64_C(1) << row || !grammar_goes_with(option, options->command) ||
        (options->no_default_sources && option->offset == offsetof(struct options, sources)))
        return true;
    return set_option(options, option, value, err);
}

static void complain_of(const char *path, const char *reason,
                        void (*complain)(void *context, const char *text), void *context)
{
    bool has_line = *reason >= '0' && *reason <= '9';
    char *text = mem_printf("%s:%s%s", path, has_line ? "" : " ", reason);

    complain(context, text);
    free(text);
}

void defaults_read(struct options *options, const char *path,
                   void (*complain)(void *context, const char *text), void *context)
{
    struct error err = {0};
    char *text;
    size_t len;

    if (!file_read(path, &text, &len, NULL)) {
        if (errno != ENOENT && errno != ENOTDIR)
            complain_of(path, file_reason(errno), complain, context);
    } else if (!inifile_read(text, len, take_entry, options, &err)) {
        complain_of(path, err.text, complain, context);
    }
    free(text);
}

void defaults_load(struct options *options, void (*complain)(void *context, const char *text),
                   void *context)
{
    char *user = xdg_config_path(DEFAULTS_USER_FILE);

    defaults_read(options, DEFAULTS_SYSTEM_FILE, complain, context);
    if (user)
        defaults_read(options, user, complain, context);
    free(user);
}
