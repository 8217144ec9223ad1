#include "settings/unitfile.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "settings/rootpath.h"
#include "settings/unitline.h"
#include "settings/unitpath.h"
#include "settings/unitword.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char BLANKS[] = {' ', '\t', UNITWORD_JOIN, UNITWORD_SKIP, '\0'};

/* A file on its way into a unit. */
struct reader {
    struct unit *unit;
    const char *path;
    unit_note note;
    void *context;
    struct unitline lines;
    bool in_service; /* the section is [Service] */
};

/* An assignment; the value ends with its line, blanks at its end are cut off. */
struct assignment {
    const char *name, *value;
    int line; /* of the value */
};

static void give_note(const struct reader *reader, const char *note)
{
    if (reader->note)
        reader->note(reader->context, note);
}

static void __attribute__((format(printf, 3, 4)))
note_line(const struct reader *reader, int line, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *text = mem_vprintf(format, arguments);
    va_end(arguments);
    char *note = mem_printf("%s:%d: %s", reader->path, line, text);
    give_note(reader, note);
    free(note);
    free(text);
}

static bool is_utf8(const char *text)
{
    uint32_t c;
    size_t left = strlen(text);

    while (left > 0) {
        size_t n = text_decode(text, left, &c);
        if (n == 1 && c == 0xFFFD)
            return false;
        text += n;
        left -= n;
    }
    return true;
}

/* With its specifiers put in; the caller frees it. */
static char *expand(const struct reader *reader, const struct assignment *assignment,
                    const char *text, int line)
{
    struct buf out = {0};
    char left = unitword_expand(reader->unit->name, text, &out);

    if (left)
        note_line(reader, line, "%%%c in %s= is not put in here", left, assignment->name);
    return buf_take(&out);
}

/* The value as one text: where lines were joined there is a blank. */
static char *read_text(const struct reader *reader, const struct assignment *assignment)
{
    struct buf text = {0};

    for (const char *p = assignment->value; *p; p++)
        if (*p != UNITWORD_SKIP)
            buf_putc(&text, (char)(*p == UNITWORD_JOIN ? ' ' : *p));
    char *flat = buf_take(&text), *expanded = expand(reader, assignment, flat, assignment->line);
    free(flat);
    return expanded;
}

/* Others are dropped: env_name_is_valid(). */
static bool is_variable_name(const char *name, size_t len)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";

    return len > 0 && strspn(name, letters) >= len && (*name < '0' || *name > '9');
}

static void clear_variables(struct unit *unit)
{
    for (size_t i = 0; i < unit->nvariables; i++) {
        free(unit->variables[i].name);
        free(unit->variables[i].value);
    }
    free(unit->variables);
    unit->variables = NULL;
    unit->nvariables = 0;
}

static void add_variable(const struct reader *reader, const char *word, int line)
{
    struct unit *unit = reader->unit;
    const char *equals = strchr(word, '=');

    if (!equals || !is_variable_name(word, (size_t)(equals - word)) || !is_utf8(word)) {
        note_line(reader, line,
                  "systemd drops a word of Environment= that is no NAME=VALUE; names are of "
                  "letters, digits and _, so write Smtp__Host for Smtp:Host, and quote a value "
                  "with blanks");
        return;
    }
    unit->variables = mem_grow(unit->variables, unit->nvariables, sizeof *unit->variables);
    unit->variables[unit->nvariables++] =
        (struct unit_variable){.name = mem_strndup(word, (size_t)(equals - word)),
                               .value = mem_strdup(equals + 1),
                               .file = unit->nfiles - 1,
                               .line = line};
}

static void put_environment(const struct reader *reader, const struct assignment *assignment)
{
    struct unitword words = {.next = assignment->value, .line = assignment->line};
    struct buf word = {0};

    if (!*assignment->value)
        clear_variables(reader->unit);
    while (unitword_next(&words, &word)) {
        char *expanded = expand(reader, assignment, word.data, words.word_line);
        add_variable(reader, expanded, words.word_line);
        free(expanded);
    }
    if (words.is_bad)
        note_line(reader, words.word_line,
                  "systemd ignores the rest of Environment=: a quote has no twin, or a backslash "
                  "stands before a letter that means nothing; write \\\\ for a backslash");
    buf_clear(&word);
}

static void clear_env_files(struct unit *unit)
{
    for (size_t i = 0; i < unit->nenv_files; i++)
        free(unit->env_files[i].path);
    free(unit->env_files);
    unit->env_files = NULL;
    unit->nenv_files = 0;
}

static void put_env_file(const struct reader *reader, const struct assignment *assignment)
{
    struct unit *unit = reader->unit;
    char *text = read_text(reader, assignment);
    bool is_optional = *text == '-';

    if (!*text) {
        clear_env_files(unit);
    } else if (text[is_optional] != '/') {
        note_line(reader, assignment->line,
                  "systemd ignores EnvironmentFile=: its path must begin with \"/\", without "
                  "quotes");
    } else {
        unit->env_files = mem_grow(unit->env_files, unit->nenv_files, sizeof *unit->env_files);
        unit->env_files[unit->nenv_files++] =
            (struct unit_env_file){mem_strdup(text + is_optional), is_optional};
    }
    free(text);
}

static void replace(char **field, char *text)
{
    free(*field);
    *field = *text ? text : NULL;
    if (!*text)
        free(text);
}

static void put_directory(const struct reader *reader, const struct assignment *assignment)
{
    char *text = read_text(reader, assignment);
    char *path = mem_strdup(text + (*text == '-'));

    if (!*path || *path == '/' || strcmp(path, "~") == 0) {
        replace(&reader->unit->directory, path);
    } else {
        note_line(reader, assignment->line,
                  "systemd ignores WorkingDirectory=: it must begin with \"/\" or be \"~\"");
        free(path);
    }
    free(text);
}

static void put_user(const struct reader *reader, const struct assignment *assignment)
{
    replace(&reader->unit->user, read_text(reader, assignment));
}

static void put_group(const struct reader *reader, const struct assignment *assignment)
{
    replace(&reader->unit->group, read_text(reader, assignment));
}

static void put_groups(const struct reader *reader, const struct assignment *assignment)
{
    char **groups = &reader->unit->groups, *text = read_text(reader, assignment);
    char *all = mem_printf("%s%s%s", *text && *groups ? *groups : "", *text ? " " : "", text);

    replace(groups, all);
    free(text);
}

static void put_dynamic_user(const struct reader *reader, const struct assignment *assignment)
{
    static const char *const words[] = {"1", "yes", "y", "true", "t", "on"};

    reader->unit->is_user_dynamic = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_fold_equal(assignment->value, words[i]))
            reader->unit->is_user_dynamic = true;
}

/* Of several commands only the first one counts here. */
static void put_command(const struct reader *reader, const struct assignment *assignment)
{
    const char *start = assignment->value + strspn(assignment->value, "@-:+!");
    struct unitword words = {.next = start, .line = assignment->line, .is_lenient = true};
    struct buf *command = &reader->unit->command, word = {0};
    bool has_own_name = memchr(assignment->value, '@', (size_t)(start - assignment->value));
    bool has_variable = false;

    buf_clear(command);
    reader->unit->command_file = reader->unit->nfiles - 1;
    for (int i = 0; unitword_next(&words, &word) && strcmp(word.data, ";") != 0; i++) {
        char *expanded = expand(reader, assignment, word.data, words.word_line);
        has_variable = has_variable || strchr(expanded, '$');
        if (!(has_own_name && i == 1))
            buf_add(command, expanded, strlen(expanded) + 1);
        free(expanded);
    }
    if (has_variable)
        note_line(reader, assignment->line, "variables in ExecStart= are not put in here");
    buf_clear(&word);
}

static void note_unread(const struct reader *reader, const struct assignment *assignment)
{
    note_line(reader, assignment->line, "%s= is not taken into account", assignment->name);
}

static const struct {
    const char *name;
    void (*put)(const struct reader *reader, const struct assignment *assignment);
} handlers[] = {
    {"Environment", put_environment},
    {"EnvironmentFile", put_env_file},
    {"WorkingDirectory", put_directory},
    {"User", put_user},
    {"Group", put_group},
    {"SupplementaryGroups", put_groups},
    {"DynamicUser", put_dynamic_user},
    {"ExecStart", put_command},
    {"PassEnvironment", note_unread},
    {"UnsetEnvironment", note_unread},
    {"RootDirectory", note_unread},
    {"RootImage", note_unread},
};

static void trim_end(char *text)
{
    for (size_t n = strlen(text); n > 0 && strchr(BLANKS, text[n - 1]);)
        text[--n] = '\0';
}

static void read_assignment(const struct reader *reader, char *text)
{
    char *equals = strchr(text, '=');

    if (!equals || !reader->in_service)
        return;
    *equals = '\0';
    trim_end(text);
    char *value = equals + 1 + strspn(equals + 1, BLANKS);
    struct assignment assignment = {text, value, unitline_at(&reader->lines, value)};
    for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++)
        if (strcmp(handlers[i].name, text) == 0)
            handlers[i].put(reader, &assignment);
}

/* False where systemd refuses the file. */
static bool read_line(struct reader *reader)
{
    char *text = reader->lines.text.data + strspn(reader->lines.text.data, BLANKS);
    int line = unitline_at(&reader->lines, text);

    trim_end(text);
    if (!is_utf8(text)) {
        note_line(reader, line, "systemd ignores the line: it is not UTF-8");
    } else if (*text != '[') {
        read_assignment(reader, text);
    } else if (text[strlen(text) - 1] != ']') {
        note_line(reader, line, "systemd refuses the file: the section's header lacks its ]");
        return false;
    } else {
        reader->in_service = strcmp(text, "[Service]") == 0;
    }
    return true;
}

static void read_lines(struct reader *reader, const char *text, size_t len)
{
    bool has_mark = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;

    reader->lines = (struct unitline){
        .next = has_mark ? text + 3 : text, .end = text + len, .line = 1};
    bool ok = true;
    while (ok && unitline_next(&reader->lines))
        ok = read_line(reader);
    buf_clear(&reader->lines.text);
}

/* False with errno. Takes path over. */
static bool read_file(struct reader *reader, const char *root, char *path)
{
    struct unit *unit = reader->unit;
    char *text;
    size_t len;

    unit->files = mem_grow(unit->files, unit->nfiles, sizeof *unit->files);
    unit->files[unit->nfiles++] = path;
    reader->path = path;
    reader->in_service = false;
    bool ok = rootpath_read(root, path, &text, &len);
    if (ok)
        read_lines(reader, text, len);
    int number = errno;
    free(text);
    errno = number;
    return ok;
}

static void read_dropins(struct reader *reader, const char *root)
{
    struct unit_paths dropins = unit_find_dropins(root, reader->unit->name);

    for (size_t i = 0; i < dropins.count; i++) {
        char *path = dropins.items[i];
        if (unit_is_masked(root, path))
            continue;
        if (!read_file(reader, root, mem_strdup(path))) {
            char *note = mem_printf("%s: %s", path, file_reason(errno));
            give_note(reader, note);
            free(note);
        }
    }
    unit_paths_clear(&dropins);
}

bool unit_read(struct unit *unit, const char *root, const char *name, unit_note note,
               void *context, struct error *err)
{
    struct reader reader = {.unit = unit, .note = note, .context = context};
    char *path = unit_find_file(root, name);

    *unit = (struct unit){.name = name};
    error_set(err, "%s", "");
    if (!path)
        return false;
    if (unit_is_masked(root, path)) {
        error_set(err, "%s: the unit is masked, so systemd does not start it", path);
        free(path);
        return false;
    }
    if (!read_file(&reader, root, path)) {
        error_set(err, "%s: %s", path, file_reason(errno));
        unit_clear(unit);
        return false;
    }
    read_dropins(&reader, root);
    return true;
}

void unit_clear(struct unit *unit)
{
    for (size_t i = 0; i < unit->nfiles; i++)
        free(unit->files[i]);
    free(unit->files);
    clear_variables(unit);
    clear_env_files(unit);
    free(unit->directory);
    free(unit->user);
    free(unit->group);
    free(unit->groups);
    buf_clear(&unit->command);
    *unit = (struct unit){0};
}
