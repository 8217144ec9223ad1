#include "guide/fill.h"

#include "base/mem.h"
#include "base/text.h"
#include "guide/command.h"
#include "guide/document.h"
#include "guide/unfilled.h"

#include <stdlib.h>
#include <string.h>

/* A control character acts on the terminal that it is pasted into, before any shell can see
 * quotes; and of others that are spelled out what is shown is not what runs. */
static bool is_shown_as_it_is(const char *value)
{
    char *shown = text_sanitise(value, strlen(value), TEXT_KEEP_TABS);
    bool same = strcmp(shown, value) == 0;

    free(shown);
    return same;
}

/* Whether every value that text needs is there and can stand in some place. */
static bool check_values(const char *text, enum fill_syntax syntax,
                         const struct fill_values *values, struct error *err)
{
    struct patches patches = {0};
    bool ok = true;

    patches_find(&patches, text, values);
    for (size_t i = 0; i < patches.count && ok; i++) {
        const struct patch *patch = &patches.items[i];
        const char *value = values->items[patch->value].value;
        if (!value)
            ok = patch_refuse(patch, values, err, "it is not known yet; set it first");
        else if (!is_shown_as_it_is(value))
            ok = patch_refuse(patch, values, err,
                              "it holds a control character, or another that cannot be shown");
        else if (syntax == FILL_PLAIN && strchr(value, '\n'))
            ok = patch_refuse(patch, values, err, "it takes more than one line");
    }
    patches_clear(&patches);
    return ok;
}

/* A placeholder that nobody fills in would run as the article's example. */
static bool check_strays(const char *text, const struct fill_values *values, struct error *err)
{
    struct patch stray;

    return !patches_find_stray(&stray, text, values) ||
           patch_refuse(&stray, values, err,
                        "where it stands nobody can be sure that it is meant as one: behind \"-\", "
                        "an option's letter or a dot, or in other letter case; edit the command");
}

/* A shell takes it for two redirections, and a program for a value. */
static bool check_unfilled(const char *text, enum fill_syntax syntax,
                           const struct fill_values *values, struct error *err)
{
    size_t len;
    const char *found = syntax == FILL_SHELL ? unfilled_find(text, values, &len) : NULL;

    if (found)
        error_set(err, "\"%.*s\" cannot be filled in: nothing says what it stands for; edit the "
                  "command (e), and put your own in its place", (int)len, found);
    return !found;
}

/* The same of what the text seems to hold, but no reader finds. */
static bool check_all_filled(const struct patches *patches, const char *text,
                             const struct fill_values *values, struct error *err)
{
    struct patches wanted = {0};
    size_t at = 0;
    bool ok = true;

    patches_find(&wanted, text, values);
    for (size_t i = 0; i < wanted.count && ok; i++) {
        while (at < patches->count && patches->items[at].start < wanted.items[i].start)
            at++;
        if (at == patches->count || patches->items[at].start != wanted.items[i].start)
            ok = patch_refuse(&wanted.items[i], values, err,
                              "no value can stand where it does; edit the command");
    }
    patches_clear(&wanted);
    return ok;
}

bool fill_text(const char *text, enum fill_syntax syntax, enum fill_syntax embeds,
               const struct fill_value *values, size_t nvalues, struct filled *filled,
               struct error *err)
{
    const struct fill_values all = {values, nvalues};
    struct patches patches = {0};

    *filled = (struct filled){0};
    bool ok = check_unfilled(text, syntax, &all, err) && check_strays(text, &all, err) && check_values(text, syntax, &all, err) &&
              (syntax == FILL_SHELL ? command_fill(&patches, text, embeds, &all, err)
                                    : document_fill(&patches, text, syntax, &all, err)) &&
              check_all_filled(&patches, text, &all, err);
    if (ok) {
        filled->nspans = patches.count;
        filled->spans = mem_zalloc((patches.count + 1) * sizeof *filled->spans);
        filled->text = patches_apply(&patches, text, filled->spans);
    }
    patches_clear(&patches);
    return ok;
}

void filled_clear(struct filled *filled)
{
    free(filled->text);
    free(filled->spans);
    *filled = (struct filled){0};
}
