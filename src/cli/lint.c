#include "cli/lint.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/lint_links.h"
#include "cli/lint_steps.h"
#include "cli/options.h"
#include "cli/select.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 32 };

/* One article being walked, line by line. */
struct lint {
    const struct catalog *catalog;
    const struct check *check;
    void (*tell)(void *context, const char *text);
    void *context;
    size_t problems;
    struct strings marked; /* the causes that any article marks; owned */
    size_t first_mark;     /* of this article */
    const char *text;      /* the whole article */
    struct buf command;    /* lines that a backslash joins; owned */
    int line;
    enum article_section section; /* ARTICLE_SECTIONS before the first */
    enum platform platform;
    bool in_fence;
    bool has_section[ARTICLE_SECTIONS], has_steps[PLATFORMS];
};

static void complain(struct lint *lint, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void complain(struct lint *lint, int line, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *text = mem_vprintf(format, arguments);
    va_end(arguments);
    char *whole = mem_printf("%s:%d: %s", lint->check->article_name, line, text);
    char *clean = text_sanitise(whole, strlen(whole), TEXT_ONE_LINE);
    lint->tell(lint->context, clean);
    lint->problems++;
    free(clean);
    free(whole);
    free(text);
}

static void enter_section(struct lint *lint, const char *title)
{
    enum article_section section = article_find_section(title);

    lint->platform = PLATFORMS;
    if (section == ARTICLE_SECTIONS)
        return;
    for (int later = (int)section; later < ARTICLE_SECTIONS; later++)
        if (lint->has_section[later])
            complain(lint, lint->line, later == (int)section
                                           ? "the section %s is here a second time"
                                           : "the section %s must stand further up",
                     article_section_title(section));
    lint->section = section;
    lint->has_section[section] = true;
}

/* Whether a line is a heading of the level, with the title behind it. */
static const char *heading(const char *line, const char *mark)
{
    size_t n = strlen(mark);
    return strncmp(line, mark, n) == 0 && line[n] == ' ' ? line + n + 1 : NULL;
}

static void look_at_structure(struct lint *lint, const char *line)
{
    const char *title;

    if (strncmp(line + strspn(line, " "), "```", 3) == 0) {
        lint->in_fence = !lint->in_fence;
        if (lint->section == ARTICLE_FIX && lint->platform < PLATFORMS)
            lint->has_steps[lint->platform] = true;
    } else if (!lint->in_fence && (title = heading(line, "##"))) {
        enter_section(lint, title);
    } else if (!lint->in_fence && lint->section == ARTICLE_FIX && (title = heading(line, "###"))) {
        lint->platform = article_find_platform(title);
    }
}

static bool has_mark(const struct lint *lint, size_t from, const char *id)
{
    for (size_t i = from; i < lint->marked.count; i++)
        if (strcmp(lint->marked.items[i], id) == 0)
            return true;
    return false;
}

static bool has_rule(const struct catalog *catalog, const char *id)
{
    const struct rules *rules = catalog_rules(catalog);

    for (size_t i = 0; i < rules->count; i++)
        if (rules->items[i].cause && strcmp(rules->items[i].cause, id) == 0)
            return true;
    return false;
}

static void look_at_marks(struct lint *lint, const char *line)
{
    const char *mark = strstr(line, "<!-- cause:");

    if (!mark || lint->in_fence)
        return;
    mark += strlen("<!-- cause:");
    mark += strspn(mark, " ");
    char *id = mem_strndup(mark, strcspn(mark, " >"));
    if (lint->section != ARTICLE_CAUSES || strcspn(line, "<") == 0)
        complain(lint, lint->line, "the mark of cause %s must stand inside an item of %s", id,
                 article_section_title(ARTICLE_CAUSES));
    if (has_mark(lint, lint->first_mark, id))
        complain(lint, lint->line, "the cause %s is marked twice", id);
    if (!has_rule(lint->catalog, id))
        complain(lint, lint->line, "no rule of diagnosis/ knows the cause %s", id);
    strings_add(&lint->marked, id);
}

static bool is_id_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

/* Every "check.…" is a check, be it a related one or in a command. */
static void look_at_ids(struct lint *lint, const char *line)
{
    for (const char *at = line; (at = strstr(at, "check.")); at++) {
        size_t n = 0;
        if (at > line && (is_id_char(at[-1]) || at[-1] == '/'))
            continue;
        while (is_id_char(at[n]))
            n++;
        while (n > 0 && at[n - 1] == '.')
            n--;
        char *id = mem_strndup(at, n);
        if (n > strlen("check.") && !catalog_find(lint->catalog, id))
            complain(lint, lint->line, "there is no check %s", id);
        free(id);
    }
}

/* Whether what follows is code within prose. */
static bool is_in_code_span(const char *line, const char *at)
{
    bool code = false;

    for (; line < at; line++)
        code ^= *line == '`';
    return code;
}

static void look_at_links(struct lint *lint, const char *line)
{
    if (lint->in_fence)
        return;
    for (const char *at = line; (at = strstr(at, "]("));) {
        at += strlen("](");
        char *target = mem_strndup(at, strcspn(at, " )"));
        if (strncmp(target, "check.", strlen("check.")) != 0 && !is_in_code_span(line, at) &&
            !lint_link_resolves(lint->check, lint->text, target))
            complain(lint, lint->line, "the link %s leads nowhere", target);
        free(target);
    }
}

/* Splits text into words as a shell would, up to the end of the plain command. */
static int split(char *text, char **words)
{
    char quote = '\0', *to = text;
    int count = 0;
    bool in_word = false;

    for (const char *from = text; *from && (quote || !strchr("`|;&<>()", *from)); from++) {
        if (!quote && *from == ' ') {
            if (in_word)
                *to++ = '\0';
            in_word = false;
            continue;
        }
        if (!in_word && (count == WORDS_MAX - 1 || *from == '#'))
            break;
        if (!in_word)
            words[count++] = to;
        in_word = true;
        if (quote ? *from == quote : *from == '\'' || *from == '"')
            quote = quote ? '\0' : *from;
        else
            *to++ = *from;
    }
    *to = '\0';
    words[count] = NULL;
    return count;
}

/* The command is one, and the tags and plugins that it names exist; look_at_ids has
 * seen the ids. */
static void try_command(struct lint *lint, const char *text)
{
    struct options options;
    struct error err = {0};
    char *copy = mem_strdup(text), *words[WORDS_MAX];
    size_t count;

    if (options_parse(&options, split(copy, words), words, &err)) {
        const struct options named = {.tags = options.tags, .plugins = options.plugins};
        free(select_checks(lint->catalog, &named, &count, &err));
    }
    if (*err.text)
        complain(lint, lint->line, "no such command: %s", err.text);
    options_clear(&options);
    free(copy);
}

/* Bytes of the program's name that is here, or 0. "stella" alone is only a name. */
static size_t program_length(const char *at)
{
    static const char *const names[] = {"stella-doctor", "stella doctor"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t n = strlen(names[i]);
        if (strncmp(at, names[i], n) == 0 && strchr(" `", at[n]))
            return n;
    }
    return strncmp(at, "stella ", strlen("stella ")) == 0 ? strlen("stella") : 0;
}

/* Whether a command begins here. Behind other words its name is an argument, unless
 * it looks like what they run: "sudo stella doctor run". */
static bool begins_command(const char *line, const char *at)
{
    size_t n = program_length(at);
    const char *before = at;

    if (n == 0)
        return false;
    while (before > line && before[-1] == ' ')
        before--;
    if (before == line || strchr("`(|;&", before[-1]))
        return true;
    return before < at && n > strlen("stella") && at[n] == ' ';
}

static void try_commands(struct lint *lint, const char *line)
{
    for (const char *at = line; (at = strstr(at, "stella")); at++)
        if ((lint->in_fence || is_in_code_span(line, at)) && begins_command(line, at))
            try_command(lint, at);
}

static void look_at_commands(struct lint *lint, const char *line)
{
    size_t n = strlen(line);
    bool goes_on = lint->in_fence && n > 0 && line[n - 1] == '\\';

    buf_add(&lint->command, line, goes_on ? n - 1 : n);
    if (goes_on)
        return;
    bool is_comment = lint->in_fence && line[strspn(line, " ")] == '#';
    if (!is_comment)
        try_commands(lint, lint->command.data);
    buf_clear(&lint->command);
}

/* All that is looked for in a line. */
static void (*const line_rules[])(struct lint *lint, const char *line) = {
    look_at_structure,
    look_at_marks,
    look_at_ids,
    look_at_links,
    look_at_commands,
};

static void look_at_whole(struct lint *lint)
{
    for (int i = 0; i < ARTICLE_SECTIONS; i++)
        if (!lint->has_section[i])
            complain(lint, lint->line, "there is no section %s",
                     article_section_title((enum article_section)i));
    for (int i = 0; lint->has_section[ARTICLE_FIX] && i < PLATFORMS; i++)
        if (!lint->has_steps[i])
            complain(lint, lint->line, "%s has no steps: a fenced block is missing",
                     platform_title((enum platform)i));
    if (lint->in_fence)
        complain(lint, lint->line, "a fenced block is not closed");
}

static void start_article(struct lint *lint, const struct check *check, const char *text)
{
    lint->check = check;
    lint->text = text;
    lint->line = 0;
    lint->first_mark = lint->marked.count;
    lint->section = ARTICLE_SECTIONS;
    lint->platform = PLATFORMS;
    lint->in_fence = false;
    memset(lint->has_section, 0, sizeof lint->has_section);
    memset(lint->has_steps, 0, sizeof lint->has_steps);
}

static void complain_of_step(void *context, int line, const char *text)
{
    complain(context, line, "%s", text);
}

static void lint_article(struct lint *lint, const struct check *check)
{
    struct error err = {0};
    size_t len;
    char *text = check_read_article(check, &len, &err);

    start_article(lint, check, text);
    if (!text) {
        complain(lint, 1, "%s", err.text);
        return;
    }
    char *lines = mem_strndup(text, len), *rest = lines;
    for (char *line; (line = strsep(&rest, "\n"));) {
        line[strcspn(line, "\r")] = '\0';
        lint->line++;
        for (size_t i = 0; i < sizeof line_rules / sizeof *line_rules; i++)
            line_rules[i](lint, line);
    }
    look_at_whole(lint);
    lint_steps(text, len, check->article_text != NULL, complain_of_step, lint);
    buf_clear(&lint->command);
    free(lines);
    free(text);
}

/* A rule for a cause that nobody marks can never be told. */
static void look_at_rules(struct lint *lint)
{
    const struct rules *rules = catalog_rules(lint->catalog);

    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = &rules->items[i];
        if (!rule->cause || has_mark(lint, 0, rule->cause))
            continue;
        char *text = mem_printf("%s: [%s] is for the cause %s, which no article marks",
                                rule->origin, rule->name, rule->cause);
        lint->tell(lint->context, text);
        lint->problems++;
        free(text);
    }
}

size_t lint_articles(const struct catalog *catalog, void (*tell)(void *context, const char *text),
                     void *context)
{
    struct lint lint = {.catalog = catalog, .tell = tell, .context = context};

    for (size_t i = 0; i < catalog_problem_count(catalog); i++, lint.problems++)
        tell(context, catalog_problem(catalog, i));
    for (size_t i = 0; i < catalog_count(catalog); i++)
        lint_article(&lint, catalog_at(catalog, i));
    look_at_rules(&lint);
    for (size_t i = 0; i < lint.marked.count; i++)
        free((char *)lint.marked.items[i]);
    free(lint.marked.items);
    return lint.problems;
}
