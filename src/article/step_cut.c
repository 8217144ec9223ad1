#include "article/step_cut.h"

#include "article/shell_lines.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct cutter {
    struct cut *cut;
    struct shell_lines *lines;
    bool session;
    struct buf title, text; /* of the command being read */
    int line, start;        /* the current one, and the command's first */
};

static bool is_comment(const char *line, size_t n)
{
    size_t blanks = strspn(line, " \t");
    return blanks < n && line[blanks] == '#';
}

/* The first line that is neither empty nor a comment. */
static const char *first_line(const char *code)
{
    for (const char *line = code;;) {
        size_t n = strcspn(line, "\n"), blanks = strspn(line, " \t");
        if (line[n] == '\0' || (blanks < n && line[blanks] != '#'))
            return line;
        line += n + 1;
    }
}

bool cut_is_session(const char *code)
{
    const char *line = first_line(code);
    return line[0] == '$' && line[1] == ' ';
}

bool cut_is_shell(const char *code)
{
    static const char *const commands[] = {
        "docker", "kubectl", "helm",     "systemctl", "sudo",  "journalctl", "cd",    "cp",
        "mv",     "mkdir",   "cat",      "grep",      "sed",   "echo",       "curl",  "wget",
        "ping",   "dig",     "nslookup", "telnet",    "nc",    "openssl",    "ssh",   "timeout",
        "ip",     "ss",      "apt",      "apt-get",   "dnf",   "export",     "stella", "jq",
    };
    const char *line = first_line(code);
    size_t n = strcspn(line, " \t\n");
    bool known = cut_is_session(code);
    char *word = mem_strndup(line, n);

    for (size_t i = 0; i < sizeof commands / sizeof *commands && !known; i++)
        known = strcmp(commands[i], word) == 0;
    free(word);
    return known;
}

/* "Or", "or: ...", "Or without bash", but not "Order". */
static bool begins_with_or(const char *title)
{
    return text_fold(title[0]) == 'o' && text_fold(title[1]) == 'r' &&
           (title[2] == '\0' || strchr(" ,:;.", title[2]));
}

/* The first line, as one that has no tabs. */
static char *title_of(const char *text)
{
    size_t n = strcspn(text, "\n"), lead = strspn(text, " \t");

    while (n > lead && strchr(" \t\\", text[n - 1]))
        n--;
    char *title = mem_strndup(text + lead, n > lead ? n - lead : 0);
    for (char *tab = title; (tab = strchr(tab, '\t'));)
        *tab = ' ';
    return title;
}

static void end_command(struct cutter *cutter)
{
    struct cut *cut = cutter->cut;
    size_t n = cutter->text.len;

    while (n > 0 && cutter->text.data[n - 1] == '\n')
        n--;
    if (n == 0)
        return;
    struct cut_command command = {
        .text = mem_strndup(cutter->text.data, n),
        .line = cutter->start,
        .alternative = cutter->title.len > 0 && begins_with_or(cutter->title.data),
    };
    command.title = cutter->title.len > 0 ? buf_take(&cutter->title) : title_of(command.text);
    cut->items = mem_grow(cut->items, cut->count, sizeof *cut->items);
    cut->items[cut->count++] = command;
    buf_clear(&cutter->title);
    buf_clear(&cutter->text);
}

/* Comments without a command between them are one title. "#!" names an interpreter. */
static void read_comment(struct cutter *cutter, const char *line, size_t n)
{
    size_t lead = strspn(line, " \t");

    end_command(cutter);
    if (lead + 1 < n && line[lead + 1] == '!')
        return;
    lead += strspn(line + lead, "#");
    lead += strspn(line + lead, " \t");
    while (n > lead && strchr(" \t", line[n - 1]))
        n--;
    if (n <= lead)
        return;
    if (cutter->title.len > 0)
        buf_putc(&cutter->title, ' ');
    for (size_t i = lead; i < n; i++)
        buf_putc(&cutter->title, line[i] == '\t' ? ' ' : line[i]);
}

/* Takes the prompt off a line of a session; false where it is what was printed. */
static bool take_prompt(const char **line, size_t *n, bool goes_on)
{
    bool prompt = *n > 1 && (*line)[0] == (goes_on ? '>' : '$') && (*line)[1] == ' ';

    *line += prompt ? 2 : 0;
    *n -= prompt ? 2 : 0;
    return prompt || goes_on;
}

static void read_line(struct cutter *cutter, const char *line, size_t n)
{
    bool goes_on = shell_lines_go_on(cutter->lines);

    if (!goes_on && is_comment(line, n)) {
        read_comment(cutter, line, n);
        return;
    }
    if (cutter->session && !take_prompt(&line, &n, goes_on))
        return;
    if (cutter->text.len == 0 && strspn(line, " \t") >= n)
        return;
    if (cutter->text.len == 0)
        cutter->start = cutter->line;
    buf_add(&cutter->text, line, n);
    buf_putc(&cutter->text, '\n');
    shell_lines_read(cutter->lines, line, n);
}

void cut_commands(const char *code, struct cut *cut)
{
    struct cutter cutter = {
        .cut = cut, .lines = shell_lines_new(NULL, NULL), .session = cut_is_session(code)};

    for (const char *line = code; *line; cutter.line++) {
        size_t n = strcspn(line, "\n");
        read_line(&cutter, line, n);
        line += n + (line[n] != '\0');
    }
    end_command(&cutter);
    buf_clear(&cutter.title);
    buf_clear(&cutter.text);
    shell_lines_free(cutter.lines);
}

void cut_clear(struct cut *cut)
{
    for (size_t i = 0; i < cut->count; i++) {
        free(cut->items[i].title);
        free(cut->items[i].text);
    }
    free(cut->items);
    *cut = (struct cut){0};
}
