#include "settings/unitfile.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const folders[] = {"/etc/systemd/system", "/run/systemd/system",
                                      "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
                                      "/lib/systemd/system"};

static void clear_variables(struct unit *unit)
{
    for (size_t i = 0; i < unit->nvariables; i++) {
        free(unit->variables[i].name);
        free(unit->variables[i].value);
        free(unit->variables[i].path);
    }
    free(unit->variables);
    unit->variables = NULL;
    unit->nvariables = 0;
}

static void clear_envfiles(struct unit *unit)
{
    for (size_t i = 0; i < unit->nenvfiles; i++)
        free(unit->envfiles[i].path);
    free(unit->envfiles);
    unit->envfiles = NULL;
    unit->nenvfiles = 0;
}

void unit_clear(struct unit *unit)
{
    clear_variables(unit);
    clear_envfiles(unit);
    free(unit->path);
    free(unit->directory);
    free(unit->user);
    *unit = (struct unit){0};
}

/* The character that a backslash and what follows it stand for, and its length. */
static char unescape(const char *text, size_t *len)
{
    static const char letters[] = "abfnrtvs", meanings[] = "\a\b\f\n\r\t\v ";
    const char *letter = *text ? strchr(letters, *text) : NULL;
    char digits[4] = "";

    *len = *text ? 1 : 0;
    if (letter)
        return meanings[letter - letters];
    if (*text == 'x' && strspn(text + 1, "0123456789abcdefABCDEF") >= 2) {
        *len = 3;
        memcpy(digits, text + 1, 2);
        return (char)strtol(digits, NULL, 16);
    }
    if (strspn(text, "01234567") >= 3) {
        *len = 3;
        memcpy(digits, text, 3);
        return (char)strtol(digits, NULL, 8);
    }
    return *text;
}

/* Takes the next word off *text: blanks end it, quotes hold it together, C escapes
 * count in and out of them. The caller frees it; NULL at the end. */
static char *take_word(const char **text)
{
    const char *p = *text + strspn(*text, " \t");
    struct buf word = {0};
    char quote = '\0';
    size_t len;

    if (!*p)
        return NULL;
    for (; *p && (quote || !strchr(" \t", *p)); p++) {
        if (*p == '\\') {
            buf_putc(&word, unescape(p + 1, &len));
            p += len;
        } else if (quote ? *p == quote : *p == '"' || *p == '\'') {
            quote = quote ? '\0' : *p;
        } else {
            buf_putc(&word, *p);
        }
    }
    *text = p;
    return buf_take(&word);
}

/* "%%" is "%"; other specifiers need systemd itself. */
static void expand(struct unit *unit, char *text)
{
    char *out = text;

    for (const char *in = text; *in; in++) {
        if (in[0] == '%' && in[1] == '%')
            in++;
        else if (in[0] == '%')
            unit->has_specifiers = true;
        *out++ = *in;
    }
    *out = '\0';
}

static void add_variables(struct unit *unit, const char *value, const char *path, int line)
{
    char *word;

    if (!*value)
        clear_variables(unit);
    while ((word = take_word(&value))) {
        char *equals = strchr(word, '=');
        expand(unit, word);
        if (equals && equals > word) {
            unit->variables =
                mem_grow(unit->variables, unit->nvariables, sizeof *unit->variables);
            unit->variables[unit->nvariables++] =
                (struct unit_variable){mem_strndup(word, (size_t)(equals - word)),
                                       mem_strdup(equals + 1), mem_strdup(path), line};
        }
        free(word);
    }
}

static void add_envfile(struct unit *unit, const char *value)
{
    bool is_optional = *value == '-';

    if (!*value) {
        clear_envfiles(unit);
        return;
    }
    value += is_optional;
    if (*value != '/')
        return;
    unit->envfiles = mem_grow(unit->envfiles, unit->nenvfiles, sizeof *unit->envfiles);
    unit->envfiles[unit->nenvfiles++] = (struct unit_envfile){mem_strdup(value), is_optional};
}

static void set_text(char **field, const char *value)
{
    free(*field);
    *field = *value ? mem_strdup(value) : NULL;
}

static void set_entry(struct unit *unit, const char *name, const char *value, const char *path,
                      int line)
{
    if (strcmp(name, "Environment") == 0)
        add_variables(unit, value, path, line);
    else if (strcmp(name, "EnvironmentFile") == 0)
        add_envfile(unit, value);
    else if (strcmp(name, "WorkingDirectory") == 0)
        set_text(&unit->directory, value + (*value == '-'));
    else if (strcmp(name, "User") == 0)
        set_text(&unit->user, value);
}

static char *trim(char *text)
{
    text += strspn(text, " \t\r");
    for (size_t n = strlen(text); n > 0 && strchr(" \t\r", text[n - 1]);)
        text[--n] = '\0';
    return text;
}

static bool is_comment(const char *line)
{
    line += strspn(line, " \t");
    return *line == '#' || *line == ';';
}

/* One line of the file with those that a backslash joins to it. */
struct joined {
    struct buf text;
    int line; /* of its first */
};

static void take_line(struct unit *unit, struct joined *joined, bool *in_service,
                      const char *path)
{
    char *text = trim(joined->text.data), *equals = strchr(text, '=');

    if (*text == '[') {
        *in_service = strcmp(text, "[Service]") == 0;
    } else if (*in_service && equals) {
        *equals = '\0';
        set_entry(unit, trim(text), trim(equals + 1), path, joined->line);
    }
    buf_clear(&joined->text);
}

/* A comment within a continued line is left out of it. */
static void read_text(struct unit *unit, char *text, const char *path)
{
    struct joined joined = {0};
    bool in_service = false;
    int number = 0;

    for (char *line; (line = strsep(&text, "\n"));) {
        number++;
        if (is_comment(line))
            continue;
        if (!joined.text.len)
            joined.line = number;
        size_t n = strlen(line);
        bool goes_on = n > 0 && line[n - 1] == '\\' && text;
        if (goes_on)
            line[n - 1] = ' ';
        buf_puts(&joined.text, line);
        if (!goes_on)
            take_line(unit, &joined, &in_service, path);
    }
}

static bool read_file(struct unit *unit, const char *root, const char *path)
{
    char *whole = mem_printf("%s%s", root, path), *text;
    size_t len;
    bool ok = file_read(whole, &text, &len, NULL);

    if (ok)
        read_text(unit, text, path);
    free(whole);
    free(text);
    return ok;
}

static int is_drop_in(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);
    return entry->d_name[0] != '.' && n > 5 && strcmp(entry->d_name + n - 5, ".conf") == 0;
}

/* A list of drop-ins: name and folder, sorted by name, each name once. */
struct drop_ins {
    struct drop_in {
        char *name, *path;
    } *items;
    size_t count;
};

static void add_drop_in(struct drop_ins *list, const char *folder, const char *unit,
                        const char *name)
{
    size_t at = 0;

    while (at < list->count && strcmp(list->items[at].name, name) < 0)
        at++;
    if (at < list->count && strcmp(list->items[at].name, name) == 0)
        return; /* an earlier folder has it */
    list->items = mem_grow(list->items, list->count, sizeof *list->items);
    for (size_t i = list->count++; i > at; i--)
        list->items[i] = list->items[i - 1];
    list->items[at] =
        (struct drop_in){mem_strdup(name), mem_printf("%s/%s.d/%s", folder, unit, name)};
}

static void find_drop_ins(struct drop_ins *list, const char *root, const char *folder,
                          const char *unit)
{
    char *path = mem_printf("%s%s/%s.d", root, folder, unit);
    struct dirent **names;
    int n = scandir(path, &names, is_drop_in, alphasort);

    free(path);
    for (int i = 0; i < n; i++) {
        add_drop_in(list, folder, unit, names[i]->d_name);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
}

static void read_drop_ins(struct unit *unit, const char *root, const char *name)
{
    struct drop_ins list = {0};

    for (size_t i = 0; i < COUNT(folders); i++)
        find_drop_ins(&list, root, folders[i], name);
    for (size_t i = 0; i < list.count; i++) {
        read_file(unit, root, list.items[i].path);
        free(list.items[i].name);
        free(list.items[i].path);
    }
    free(list.items);
}

bool unit_read(const char *root, const char *name, struct unit *unit)
{
    *unit = (struct unit){0};
    for (size_t i = 0; i < COUNT(folders) && !unit->path; i++) {
        char *path = mem_printf("%s/%s", folders[i], name);
        if (read_file(unit, root, path))
            unit->path = path;
        else
            free(path);
    }
    if (!unit->path)
        return false;
    read_drop_ins(unit, root, name);
    return true;
}
