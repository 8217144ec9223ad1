#include "guide/command.h"

#include "base/mem.h"
#include "guide/document.h"
#include "guide/embedded.h"
#include "guide/quote.h"
#include "guide/words.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_LIMIT = 4 };

/* A text that a shell, or printf, reads. The first is the article's; each other one
 * is what a word of an earlier one comes out as. */
struct level {
    char *text;
    bool is_format;
    bool unsure;
    int depth;
    size_t parent, parent_word;
    struct words words;
    struct patches *inside; /* for each word, in what it comes out as */
    struct patches patches; /* in text */
};

struct levels {
    struct level *items; /* a parent before its children */
    size_t count;
    enum fill_syntax embeds;
    const struct fill_values *values;
};

static void read_level(struct words *words, const struct level *level, const char *text)
{
    if (level->is_format) {
        words_read_format(words, text);
        return;
    }
    words_read(words, text);
    words_set_tongues(words);
}

static void add_level(struct levels *levels, struct level level)
{
    read_level(&level.words, &level, level.text);
    level.inside = mem_zalloc(level.words.count * sizeof *level.inside);
    levels->items = mem_grow(levels->items, levels->count, sizeof *levels->items);
    levels->items[levels->count++] = level;
}

static bool is_unsure(const struct level *level, const struct word *word)
{
    return level->unsure || level->words.unsure || word->unsure || word->tongue == TONGUE_UNSURE;
}

/* Whether each value, which stands for itself in what a word comes out as, means
 * itself whatever the word turns out to be. */
static bool fill_plainly(const struct word *word, struct patches *patches, bool is_foreign,
                         const struct fill_values *values, struct error *err)
{
    patches_find(patches, word->text.data, values);
    for (size_t i = 0; i < patches->count; i++) {
        struct patch *patch = &patches->items[i];
        const char *value = values->items[patch->value].value;
        bool is_whole = patch->len == word->text.len;
        if (!(is_foreign && !is_whole ? quote_is_harmless(value) : quote_is_plain(value)))
            return patch_refuse(patch, values, err,
                                is_foreign
                                    ? "it stands in another language than the shell's, where only "
                                      "letters, digits and \"._-\" are sure to mean themselves"
                                    : "nobody can be sure what the shell makes of it there; only "
                                      "letters, digits and \"._:/@%+-\" can stand there");
        patch->text = mem_strdup(value);
    }
    return true;
}

static bool fill_comment(const struct word *word, struct patches *patches,
                         const struct fill_values *values)
{
    patches_find(patches, word->text.data, values);
    for (size_t i = 0; i < patches->count; i++)
        patches->items[i].text = quote_comment(values->items[patches->items[i].value].value);
    return true;
}

/* Some shells' echo reads backslashes, whether or not it is asked to. */
static bool check_echo(const struct patches *patches, const struct fill_values *values,
                       struct error *err)
{
    for (size_t i = 0; i < patches->count; i++)
        if (strchr(patches->items[i].text, '\\'))
            return patch_refuse(&patches->items[i], values, err,
                                "echo gives a backslash a meaning; use printf '%s\\n' there");
    return true;
}

/* It is one of a document's, or could be: it must mean itself there as well. */
static bool fill_doubtfully(const struct word *word, struct patches *patches,
                            enum fill_syntax embeds, const struct fill_values *values,
                            struct error *err)
{
    if (!document_fill(patches, word->text.data, FILL_PLAIN, values, err))
        return false;
    for (size_t i = 0; i < patches->count; i++)
        if (!embedding_takes(embeds, patches->items[i].text))
            return patch_refuse(&patches->items[i], values, err,
                                "it may get from there into the file, where it would not mean "
                                "itself; only letters, digits and \"._-\" are sure to");
    return true;
}

/* Takes those of a line that stand in one of its words, from a byte of it on. */
static void take_part(struct patches *patches, struct patches *line, size_t from, size_t len)
{
    for (size_t i = 0; i < line->count; i++) {
        struct patch *patch = &line->items[i];
        if (patch->start < from || patch->start + patch->len > from + len)
            continue;
        patches_add(patches, patch->start - from, patch->len, patch->value, patch->text);
        patch->text = NULL;
    }
    patches_clear(line);
}

/* What printf prints is read as the line that it becomes. */
static bool fill_printed(const struct words *words, size_t index, struct patches *patches,
                         const struct levels *levels, struct error *err)
{
    const struct word *word = &words->items[index];
    struct patches line = {0};
    char *before, *behind;

    if (!embedding_line(words, index, levels->embeds, &before, &behind))
        return fill_plainly(word, patches, false, levels->values, err);
    char *text = mem_printf("%s%s%s", before, word->text.data, behind);
    bool ok = document_fill(&line, text, levels->embeds, levels->values, err);
    take_part(patches, &line, strlen(before), word->text.len);
    free(text);
    free(before);
    free(behind);
    return ok;
}

static bool fill_as(enum embedding embedding, const struct levels *levels, struct level *level,
                    size_t index, struct error *err)
{
    const char *text = level->words.items[index].text.data;
    struct patches *patches = &level->inside[index];

    switch (embedding) {
    case EMBEDDING_PRINTED:
        return fill_printed(&level->words, index, patches, levels, err);
    case EMBEDDING_UNSURE:
        return fill_doubtfully(&level->words.items[index], patches, levels->embeds,
                               levels->values, err);
    case EMBEDDING_DOCUMENT:
        return document_fill(patches, text, levels->embeds, levels->values, err);
    default:
        return document_fill(patches, text, FILL_PLAIN, levels->values, err);
    }
}

/* Fills in what a word comes out as. */
static bool fill_word(const struct levels *levels, struct level *level, size_t index,
                      struct error *err)
{
    const struct word *word = &level->words.items[index];
    struct patches *patches = &level->inside[index];
    enum embedding embedding = embedding_of(&level->words, index, levels->embeds);
    bool is_foreign = word->tongue == TONGUE_FOREIGN;
    bool is_open = levels->embeds != FILL_PLAIN && embedding != EMBEDDING_NONE && word->has_unknown;

    if (word->role == WORD_COMMENT)
        return fill_comment(word, patches, levels->values);
    if (is_foreign || is_unsure(level, word) || is_open)
        return fill_plainly(word, patches, is_foreign, levels->values, err);
    if (!fill_as(embedding, levels, level, index, err))
        return false;
    return word->tongue != TONGUE_ECHO || check_echo(patches, levels->values, err);
}

static bool has_placeholder(const struct word *word, const struct fill_values *values)
{
    struct patches patches = {0};

    patches_find(&patches, word->text.data, values);
    bool has = patches.count > 0;
    patches_clear(&patches);
    return has;
}

/* Opens a level for each word that is code or a format, and fills in the others. */
static bool fill_level(struct levels *levels, size_t index, struct error *err)
{
    for (size_t i = 0; i < levels->items[index].words.count; i++) {
        struct level *level = &levels->items[index];
        const struct word *word = &level->words.items[i];
        bool is_nested = word->tongue == TONGUE_CODE || word->tongue == TONGUE_FORMAT;
        if (!has_placeholder(word, levels->values))
            continue;
        if (is_nested && word->role != WORD_COMMENT && level->depth < DEPTH_LIMIT)
            add_level(levels, (struct level){.text = mem_strdup(word->text.data),
                                             .is_format = word->tongue == TONGUE_FORMAT,
                                             .unsure = is_unsure(level, word) || word->has_unknown,
                                             .depth = level->depth + 1,
                                             .parent = index,
                                             .parent_word = i});
        else if (!fill_word(levels, level, i, err))
            return false;
    }
    return true;
}

/* Whether the bytes of a patch are written together and in one way. */
static bool is_in_one_piece(const struct word *word, const struct patch *patch)
{
    const struct word_byte *first = &word->bytes[patch->start];

    for (size_t i = 1; i < patch->len; i++)
        if (first[i].at != first->at + i || first[i].context != first->context)
            return false;
    return true;
}

/* How text is written in a context, or NULL where it cannot be. */
static char *write_in(enum word_context context, const char *text)
{
    static char *(*const quotes[])(const char *value) = {
        [WORD_BARE] = quote_shell,
        [WORD_SINGLE] = quote_shell_in_single,
        [WORD_DOUBLE] = quote_shell_in_double,
        [WORD_ANSI] = quote_shell_in_ansi,
        [WORD_HEREDOC] = quote_shell_in_heredoc,
        [WORD_LITERAL] = mem_strdup,
        [WORD_COMMENTED] = mem_strdup,
        [WORD_FORMAT] = quote_format,
        [WORD_RAW] = NULL,
        [WORD_PATTERN] = NULL,
    };
    if (context == WORD_RAW || context == WORD_PATTERN) {
        bool fits = context == WORD_RAW ? quote_is_plain(text) : quote_is_harmless(text);
        return fits && *text != '-' ? mem_strdup(text) : NULL;
    }
    return quotes[context] ? quotes[context](text) : NULL;
}

/* Whether a word could be taken for an option because of its first value. */
static bool becomes_option(const struct word *word, const struct patch *patch)
{
    if (word->role != WORD_ARGUMENT || word->tongue == TONGUE_PRINTED || *patch->text != '-')
        return false;
    for (size_t i = 0; i < patch->start; i++)
        if (word->text.data[i] != WORD_UNKNOWN)
            return false;
    return true;
}

/* dash 0.5.12 drops the first byte of a character behind the delimiter at the start of a
 * line that goes on. Delimiters are capitals by custom. */
static bool misleads_dash(const struct word *word, const struct patch *patch)
{
    bool at_start = patch->start == 0 || word->text.data[patch->start - 1] == '\n';
    const char *line = at_start ? patch->text : strchr(patch->text, '\n');

    for (; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        size_t n = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
        if (n > 0 && (unsigned char)line[n] >= 0x80)
            return true;
    }
    return false;
}

/* Writes what is filled into a word into the level's text. */
static bool write_word(const struct levels *levels, struct level *level, size_t index,
                       struct error *err)
{
    const struct word *word = &level->words.items[index];

    for (size_t i = 0; i < level->inside[index].count; i++) {
        const struct patch *patch = &level->inside[index].items[i];
        const struct word_byte *first = &word->bytes[patch->start];
        char *text = is_in_one_piece(word, patch) ? write_in(first->context, patch->text) : NULL;
        if (!text)
            return patch_refuse(patch, levels->values, err,
                                "backquotes, ${...} and a placeholder written in pieces take "
                                "plain values only");
        patches_add(&level->patches, first->at, patch->len, patch->value, text);
        if (word->role == WORD_HERE_DOCUMENT && misleads_dash(word, patch))
            return patch_refuse(patch, levels->values, err,
                                "capitals before another letter look like the here-document's end");
        if (word->role == WORD_COMMAND)
            return patch_refuse(patch, levels->values, err, "it would be the program that runs");
        if (becomes_option(word, patch))
            return patch_refuse(patch, levels->values, err,
                                "it begins with \"-\" and would be taken for an option, also behind "
                                "\"--\" by a program that another one runs");
    }
    return true;
}

/* Whether b is a but for what is filled in. */
static bool words_agree(const struct word *a, const struct word *b, const struct patches *inside)
{
    char *expected = patches_apply(inside, a->text.data, NULL);
    bool ok = strcmp(expected, b->text.data) == 0 && a->role == b->role &&
              a->command == b->command && a->parent == b->parent &&
              (a->tongue == TONGUE_CODE) == (b->tongue == TONGUE_CODE);

    free(expected);
    return ok;
}

/* Reads the filled text again. */
static bool check_level(const struct level *level)
{
    struct words words = {0};
    char *filled = patches_apply(&level->patches, level->text, NULL);

    read_level(&words, level, filled);
    bool ok = words.count == level->words.count;
    for (size_t i = 0; i < words.count && ok; i++)
        ok = words_agree(&level->words.items[i], &words.items[i], &level->inside[i]);
    free(filled);
    words_clear(&words);
    return ok;
}

static int compare_starts(const void *a, const void *b)
{
    const struct patch *one = a, *other = b;

    return (one->start > other->start) - (one->start < other->start);
}

/* A level's words are filled in: hands its patches to the word that it is. */
static bool close_level(struct levels *levels, size_t index, struct error *err)
{
    struct level *level = &levels->items[index];
    struct patches *patches = &level->patches;

    for (size_t i = 0; i < level->words.count; i++)
        if (!write_word(levels, level, i, err))
            return false;
    if (patches->count == 0)
        return true;
    qsort(patches->items, patches->count, sizeof *patches->items, compare_starts);
    if (!check_level(level))
        return patches_refuse(patches, levels->values, err);
    if (index > 0) {
        levels->items[level->parent].inside[level->parent_word] = *patches;
        *patches = (struct patches){0};
    }
    return true;
}

static void clear_levels(struct levels *levels)
{
    for (size_t i = 0; i < levels->count; i++) {
        struct level *level = &levels->items[i];
        for (size_t k = 0; k < level->words.count; k++)
            patches_clear(&level->inside[k]);
        free(level->inside);
        free(level->text);
        words_clear(&level->words);
        patches_clear(&level->patches);
    }
    free(levels->items);
}

bool command_fill(struct patches *patches, const char *text, enum fill_syntax embeds,
                  const struct fill_values *values, struct error *err)
{
    struct levels levels = {.embeds = embeds, .values = values};
    bool ok = true;

    add_level(&levels, (struct level){.text = mem_strdup(text)});
    for (size_t i = 0; i < levels.count && ok; i++)
        ok = fill_level(&levels, i, err);
    for (size_t i = levels.count; i-- > 0 && ok;)
        ok = close_level(&levels, i, err);
    if (ok) {
        *patches = levels.items[0].patches;
        levels.items[0].patches = (struct patches){0};
    }
    clear_levels(&levels);
    return ok;
}
