#include "guide/document.h"

#include "base/mem.h"
#include "guide/standing.h"
#include "guide/quote.h"
#include "settings/values_scalar.h"

#include <stdlib.h>
#include <string.h>

/* What stands for a value without the article's quotes; whole: it is all that does.
 * NULL where it would change its kind, or is not UTF-8. */
typedef char *(*bare)(const struct fill_value *fill, bool whole);

static char *fill_bare_env(const struct fill_value *fill, bool whole)
{
    return whole ? quote_env(fill->value) : mem_strdup(fill->value);
}

static bool is_boolean(const char *text)
{
    return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
}

static char *fill_bare_json(const struct fill_value *fill, bool whole)
{
    bool fits = quote_is_number(fill->placeholder)
                    ? quote_is_number(fill->value)
                    : is_boolean(fill->placeholder) && is_boolean(fill->value);

    return whole && fits ? mem_strdup(fill->value) : NULL;
}

/* Whether other kinds than text and number are kept is for the reader to say. */
static char *fill_bare_yaml(const struct fill_value *fill, bool whole)
{
    enum values_scalar_kind kind = values_scalar_read(fill->placeholder, NULL, true).kind;

    if (whole && kind == VALUES_NUMBER && !quote_is_number(fill->value))
        return NULL;
    return whole && kind == VALUES_TEXT ? quote_yaml(fill->value) : mem_strdup(fill->value);
}

/* INI files have no common way to quote, and "%" and "$" are signs to some of their
 * readers; between quotes all take what has no quote and no backslash. */
static char *quote_ini(const char *value)
{
    return strpbrk(value, "'\"\\%$\n\t") ? NULL : mem_strdup(value);
}

static char *fill_bare_ini(const struct fill_value *fill, bool whole)
{
    (void)whole;
    return quote_is_plain(fill->value) ? quote_ini(fill->value) : NULL;
}

/* In the name of a section, and the like. */
static char *quote_ini_outside(const char *value)
{
    return quote_is_harmless(value) ? mem_strdup(value) : NULL;
}

#define NEEDS_KIND \
    "where it stands a number has to stay a number; choose another value"
#define NEEDS_PLAIN \
    "programs differ in how they read such a file; only letters, digits and \"._:/@+-\", and " \
    "between quotes others than quotes, \"\\\", \"%\" and \"$\", are sure to mean themselves there"

static const struct syntax {
    bool (*place)(unsigned char *places, const char *text);
    bool (*agrees)(const char *text, const char *filled, const struct fill_values *values);
    bare fill_bare;
    char *(*quote[STANDINGS])(const char *value); /* elsewhere; NULL: as it is */
    const char *needs; /* of a value that those refuse */
} syntaxes[] = {
    [FILL_PLAIN] = {0},
    [FILL_ENV] = {standing_env,
                  standing_env_agrees,
                  fill_bare_env,
                  {[STANDING_COMMENT] = quote_comment,
                   [STANDING_SINGLE] = quote_env_in_single,
                   [STANDING_DOUBLE] = quote_env_in_double},
                  NEEDS_KIND},
    [FILL_JSON] = {standing_json,
                   NULL,
                   fill_bare_json,
                   {[STANDING_COMMENT] = quote_comment, [STANDING_DOUBLE] = quote_json_in_string},
                   NEEDS_KIND},
    [FILL_YAML] = {standing_yaml,
                   standing_yaml_agrees,
                   fill_bare_yaml,
                   {[STANDING_COMMENT] = quote_comment,
                    [STANDING_SINGLE] = quote_yaml_in_single,
                    [STANDING_DOUBLE] = quote_json_in_string},
                   NEEDS_KIND},
    [FILL_INI] = {standing_ini,
                  NULL,
                  fill_bare_ini,
                  {[STANDING_OUTSIDE] = quote_ini_outside,
                   [STANDING_COMMENT] = quote_comment,
                   [STANDING_SINGLE] = quote_ini,
                   [STANDING_DOUBLE] = quote_ini},
                  NEEDS_PLAIN},
};

enum { BRACES_MOST = 1024 }; /* bytes that one ${...} may have: time grows as the text does */

/* Whether a byte stands in the ${NAME:-...} of a variable that the text's reader fills in,
 * as Compose does, where quotes mean nothing. */
static bool is_in_braces(const char *text, size_t at)
{
    size_t least = at > BRACES_MOST ? at - BRACES_MOST : 0;

    while (at > least && text[at - 1] != '}' && text[at - 1] != '\n') {
        at--;
        if (text[at] == '{' && at > 0 && text[at - 1] == '$')
            return true;
    }
    return false;
}

/* A YAML with variables, or with the services of Compose. */
static bool is_of_compose(const char *text)
{
    return strstr(text, "${") || strncmp(text, "services:", 9) == 0 || strstr(text, "\nservices:");
}

/* Whether the reader could take some of the value for a variable, or its end. */
static bool check_variables(const struct patch *patch, const char *text, enum fill_syntax syntax,
                            const struct fill_values *values, struct error *err)
{
    const char *value = values->items[patch->value].value;

    if (syntax != FILL_JSON && is_in_braces(text, patch->start) && !quote_is_plain(value))
        return patch_refuse(patch, values, err,
                            "in ${...} only letters, digits and \"._:/@%+-\" can stand");
    if (syntax == FILL_YAML && strchr(value, '$') && is_of_compose(text))
        return patch_refuse(patch, values, err, "Compose takes a \"$\" for a variable");
    return true;
}

static bool is_whole(const struct patch *patch, const unsigned char *places, size_t len)
{
    size_t end = patch->start + patch->len;

    return (patch->start == 0 || places[patch->start - 1] != STANDING_BARE) &&
           (end == len || places[end] != STANDING_BARE);
}

static bool fill_one(struct patch *patch, const struct syntax *syntax, const unsigned char *places,
                     size_t len, const struct fill_values *values, struct error *err)
{
    const struct fill_value *fill = &values->items[patch->value];
    enum standing place = places[patch->start];

    if (place == STANDING_BARE && syntax->fill_bare)
        patch->text = syntax->fill_bare(fill, is_whole(patch, places, len));
    else
        patch->text = syntax->quote[place] ? syntax->quote[place](fill->value)
                                           : mem_strdup(fill->value);
    return patch->text || patch_refuse(patch, values, err, syntax->needs);
}

/* In a text that cannot be read again. */
static bool fill_harmless(struct patch *patch, const struct fill_values *values, struct error *err)
{
    const char *value = values->items[patch->value].value;

    if (!quote_is_harmless(value))
        return patch_refuse(patch, values, err,
                            "the text around it cannot be read, so that only letters, digits and "
                            "\"._-\" can stand there; write the text by hand");
    patch->text = mem_strdup(value);
    return true;
}

static bool is_agreed(const struct patches *patches, const char *text, const struct syntax *syntax,
                      const struct fill_values *values)
{
    char *filled = patches_apply(patches, text, NULL);
    bool ok = syntax->agrees(text, filled, values);

    free(filled);
    return ok;
}

bool document_fill(struct patches *patches, const char *text, enum fill_syntax syntax,
                   const struct fill_values *values, struct error *err)
{
    const struct syntax *rules = &syntaxes[syntax];
    size_t len = strlen(text);
    bool ok = true;

    patches_find(patches, text, values);
    if (patches->count == 0)
        return true;
    unsigned char *places = mem_zalloc(len);
    bool is_readable = !rules->place || rules->place(places, text);
    for (size_t i = 0; i < patches->count && ok; i++)
        ok = check_variables(&patches->items[i], text, syntax, values, err);
    for (size_t i = 0; i < patches->count && ok; i++)
        ok = is_readable ? fill_one(&patches->items[i], rules, places, len, values, err)
                         : fill_harmless(&patches->items[i], values, err);
    free(places);
    if (ok && is_readable && rules->agrees && !is_agreed(patches, text, rules, values))
        ok = patches_refuse(patches, values, err);
    return ok;
}
