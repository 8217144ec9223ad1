#include "guide/written_files.h"

#include "base/mem.h"
#include "guide/words.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void written_files_add(struct written_files *files, const char *name)
{
    for (size_t i = 0; i < files->count; i++)
        if (strcmp(files->names[i], name) == 0)
            return;
    if (files->count < WRITTEN_FILES)
        files->names[files->count++] = mem_strdup(name);
}

void written_files_clear(struct written_files *files)
{
    while (files->count > 0)
        free(files->names[--files->count]);
}

/* From base, which may be NULL; the caller frees it. */
static char *join(const char *base, const char *name)
{
    return base && *name != '/' ? mem_printf("%s/%s", base, name) : mem_strdup(name);
}

/* Whether a redirection writes there: ">", ">>", ">|", "<>", "&>", not ">&" and "<". */
static bool is_written(const char *text, const struct word *word)
{
    size_t at = word->bytes[0].at;

    while (at > 0 && strchr(" \t'\"\\$", text[at - 1]))
        at--;
    if (at > 1 && text[at - 1] == '|')
        at--;
    return at > 0 && text[at - 1] == '>';
}

/* Of a command's "cd" and of a file: with the home directory for "~". NULL where only the
 * shell can know the name; the caller frees it. */
static char *read_name(const struct word *word)
{
    const char *home = getenv("HOME"), *name = word->text.data;

    if (word->text.len == 0 || word->has_unknown || memchr(name, WORD_UNKNOWN, word->text.len))
        return NULL;
    if (name[0] == '~' && word->bytes[0].context == WORD_BARE)
        return name[1] == '/' && home ? mem_printf("%s%s", home, name + 1) : NULL;
    return mem_strdup(name);
}

static bool may_be_changed(const char *path, bool may_be_new)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return may_be_new && errno == ENOENT;
    return S_ISREG(st.st_mode) && access(path, R_OK | W_OK) == 0;
}

static void add_named(struct written_files *files, const struct word *word, bool may_be_new,
                      const char *directory, const char *base)
{
    char *name = read_name(word);

    if (!name)
        return;
    char *named = join(base, name), *path = join(directory, named);
    if (may_be_changed(path, may_be_new))
        written_files_add(files, named);
    free(path);
    free(named);
    free(name);
}

/* Where the commands behind a "cd" start; takes base over. */
static char *change_base(char *base, const struct word *word)
{
    char *name = read_name(word), *joined = name ? join(base, name) : NULL;

    free(name);
    if (!joined)
        return base;
    free(base);
    return joined;
}

void written_files_find(struct written_files *files, const char *text, const char *directory)
{
    struct words words = {0};
    char *base = NULL;
    bool changes_base = false;

    words_read(&words, text);
    for (size_t i = 0; i < words.count; i++) {
        const struct word *word = &words.items[i];
        if (word->role == WORD_COMMAND)
            changes_base = word->text.len > 0 && strcmp(word->text.data, "cd") == 0;
        else if (word->role == WORD_ARGUMENT && changes_base)
            base = change_base(base, word);
        else if (word->role == WORD_ARGUMENT)
            add_named(files, word, false, directory, base);
        else if (word->role == WORD_TARGET && word->text.len > 0)
            add_named(files, word, is_written(text, word), directory, base);
    }
    free(base);
    words_clear(&words);
}
