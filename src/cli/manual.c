#include "cli/manual.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/defaults.h"
#include "cli/fix_choice.h"
#include "cli/grammar.h"
#include "probe/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_COLS = 76 };

/* What roff would take for something else: an escape, or a typographic relative. */
static const char *roff_escape(char c, bool option)
{
    switch (c) {
    case '\\':
        return "\\e";
    case '~':
        return "\\(ti";
    case '^':
        return "\\(ha";
    case '`':
        return "\\(ga";
    case '-':
        return option ? "\\-" : NULL;
    default:
        return NULL;
    }
}

/* One word for roff: nothing in it is a request or an escape. */
static void put_word(FILE *out, const char *word, size_t n, bool begins_line)
{
    if (begins_line && (*word == '.' || *word == '\''))
        fputs("\\&", out);
    for (size_t i = 0; i < n; i++) {
        const char *escape = roff_escape(word[i], *word == '-');
        if (escape)
            fputs(escape, out);
        else
            fputc(word[i], out);
    }
}

/* Text as lines that are short enough for mandoc's taste. */
static void put_text(FILE *out, const char *text)
{
    size_t column = 0;

    while (*(text += strspn(text, " \n"))) {
        size_t n = strcspn(text, " \n");
        bool breaks = column > 0 && column + 1 + n > LINE_COLS;
        if (column > 0)
            fputc(breaks ? '\n' : ' ', out);
        column = breaks || column == 0 ? 0 : column + 1;
        put_word(out, text, n, column == 0);
        column += n;
        text += n;
    }
    fputc('\n', out);
}

static void put_format(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put_format(FILE *out, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *text = mem_vprintf(format, arguments);
    va_end(arguments);
    put_text(out, text);
    free(text);
}

/* A sentence: with a capital, and a full stop unless one is there. */
static void put_sentence(FILE *out, const char *text)
{
    size_t n = strlen(text);
    char first = *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;

    put_format(out, "%c%s%s", first, text + 1, text[n - 1] == '.' ? "" : ".");
}

static void put_head(FILE *out, const char *title, int section, const char *name,
                     const char *description)
{
    fprintf(out,
            ".\\\" Made by stella doctor docs man from the tables of the program.\n"
            ".Dd November 24, 2026\n.Dt %s %d\n.Os\n"
            ".Sh NAME\n.Nm %s\n.Nd %s\n",
            title, section, name, description);
}

static void put_synopsis(FILE *out)
{
    fputs(".Sh SYNOPSIS\n", out);
    for (int i = 0; i < COMMANDS; i++) {
        const struct grammar_command *row = grammar_command((enum command)i);
        fputs(".Nm stella doctor\n", out);
        if (*row->name)
            fprintf(out, ".Cm %s\n", row->name);
        if (*row->arguments)
            fprintf(out, ".Ar \"%s\"\n", row->arguments);
        fputs(".Op Ar OPTION ...\n", out);
    }
}

static void put_commands(FILE *out)
{
    fputs(".Sh COMMANDS\n.Bl -tag -width Ds\n", out);
    for (int i = 0; i < COMMANDS; i++) {
        const struct grammar_command *row = grammar_command((enum command)i);
        if (*row->name)
            fprintf(out, ".It Cm %s", row->name);
        else
            fputs(".It No (without a command)", out);
        if (*row->arguments)
            fprintf(out, " Ar \"%s\"", row->arguments);
        fputc('\n', out);
        put_sentence(out, row->help);
        put_format(out, "Exit status: %s", row->statuses);
    }
    fputs(".El\n", out);
}

static void put_commands_of(FILE *out, const struct grammar_option *option)
{
    const char *lead = "Goes with ";

    if (option->commands == (1 << COMMANDS) - 1)
        return;
    for (int i = 0; i < COMMANDS; i++)
        if (grammar_goes_with(option, (enum command)i)) {
            const char *name = grammar_command((enum command)i)->name;
            fprintf(out, "%s%s", lead, *name ? name : "the dashboard");
            lead = ", ";
        }
    fputs(".\n", out);
}

static void put_option_name(FILE *out, const struct grammar_option *option)
{
    fputs(".It", out);
    if (option->letter)
        fprintf(out, " Fl %c ,", option->letter);
    fprintf(out, " Fl -%s", option->name);
    if (option->argument)
        fprintf(out, " Ar %s", option->argument);
    fputc('\n', out);
}

/* Not every command has all of an option's choices. */
static void put_choices(FILE *out, const struct grammar_option *option)
{
    struct buf first = {0};

    for (int i = 0; i < COMMANDS; i++) {
        struct buf list = {0};
        if (!grammar_goes_with(option, (enum command)i))
            continue;
        grammar_list_choices(option->choices, (enum command)i, ", ", &list);
        if (!first.data) {
            put_format(out, "One of %s.", list.data);
            first = list;
            continue;
        }
        if (strcmp(first.data, list.data) != 0)
            put_format(out, "With %s, one of %s.", grammar_command((enum command)i)->name,
                       list.data);
        buf_clear(&list);
    }
    buf_clear(&first);
}

static void put_options(FILE *out)
{
    fputs(".Sh OPTIONS\n.Bl -tag -width Ds\n", out);
    for (size_t i = 0; i < grammar_option_count(); i++) {
        const struct grammar_option *option = grammar_option_at(i);
        put_option_name(out, option);
        put_sentence(out, option->help);
        if (option->choices)
            put_choices(out, option);
        put_commands_of(out, option);
    }
    fputs(".El\n", out);
}

static void put_choices_of_fix(FILE *out)
{
    fputs(".Sh FIX ON A PLAIN TERMINAL\n"
          "Where\n.Ev TERM\nis unset, dumb or unknown, or with\n.Fl -plain ,\n.Cm fix\n"
          "runs the check once, prints the steps one after the other and asks what to do\n"
          "with each.\nAn answer is a letter or its word:\n.Bl -tag -width Ds\n",
          out);
    for (int i = 0; i < FIX_CHOICES; i++) {
        const struct fix_choice_row *row = fix_choice_row((enum fix_choice)i);
        fprintf(out, ".It Ic %c , %s\n", row->letter, row->word);
        put_sentence(out, row->help);
    }
    fputs(".El\n.Pp\n"
          "Before a command is run it is printed whole, and\n.Ic y\nhas to be answered, or the "
          "word for what it does\nto the machine where it restarts something or loses data.\n"
          "An empty answer is never a yes, and what is pasted, comes with more lines or was\n"
          "typed before the question could be read answers nothing.\n"
          "Ctrl-C interrupts what runs; at a question it leaves, and so does Ctrl-D.\n"
          "Where standard input or output is no terminal, nothing is run.\n",
          out);
}

static void put_environment(FILE *out)
{
    fputs(".Sh ENVIRONMENT\n.Bl -tag -width Ds\n"
          ".It Ev NO_COLOR\nIf set and not empty, nothing is coloured.\n"
          ".It Ev TERM\nWhere it is unset, dumb or unknown there is no dashboard.\n"
          ".It Ev PAGER\nWhat\n.Cm show\nuses on a terminal; without it, less.\n"
          ".It Ev VISUAL , EDITOR\nWhat a step of a walkthrough is changed with, the first that is\n"
          "set; else vi.\n"
          ".It Ev XDG_CONFIG_HOME\nWhere the user's files are; \\(ti/.config without it.\n"
          ".It Ev XDG_STATE_HOME\nWhere the journal is; \\(ti/.local/state without it.\n"
          ".It Ev DOTNET_ENVIRONMENT , ASPNETCORE_ENVIRONMENT\nOf the platform's process or unit: "
          "which appsettings file counts\nbeside appsettings.json.\n"
          ".El\n",
          out);
}

static void put_files(FILE *out)
{
    fprintf(out,
            ".Sh FILES\n.Bl -tag -width Ds\n"
            ".It Pa %s , Pa $XDG_CONFIG_HOME/%s\nSee\n.Xr stella-doctor.ini 5 .\n"
            ".It Pa /etc/stellaops/doctor/checks , articles , diagnosis\nMore checks, beside the "
            "built-in ones; the same below\n.Pa $XDG_CONFIG_HOME/stella/doctor .\n",
            DEFAULTS_SYSTEM_FILE, DEFAULTS_USER_FILE);
    fputs(".It Pa $XDG_STATE_HOME/stella/doctor/journal.jsonl\nThe journal: what was run and done, "
          "with secrets masked, of which\n.Cm report\nmakes its note; with its older files at "
          "most 8 MiB.\nIt is the user's alone, and\n.Fl -no-journal\nkeeps none.\n.El\n",
          out);
}

/* Each list is that of the dashboard itself. */
static void put_keys(FILE *out, const char *heading, const struct manual_key *keys)
{
    fprintf(out, ".Sh %s\n.Bl -tag -width Ds\n", heading);
    for (; keys->keys; keys++) {
        fprintf(out, ".It Ic \"\\&%s\"\n", keys->keys);
        put_sentence(out, keys->help);
    }
    fputs(".El\n", out);
}

static void put_page_1(FILE *out, const struct manual_source *source)
{
    put_head(out, "STELLA-DOCTOR", 1, "stella-doctor", "checks why Stella Ops cannot reach a service");
    put_synopsis(out);
    fputs(".Sh DESCRIPTION\n"
          ".Nm stella doctor\n"
          "finds the settings that the platform uses, connects to what they name within\n"
          "five seconds, and tells what happened, the likely causes and how to mend them.\n"
          "It needs no rights, and changes nothing by itself: a walkthrough, which\n"
          ".Cm fix\n"
          "opens, runs the article's commands, each only after consent to it, and none with\n"
          ".Fl -read-only .\n"
          "What is run and done is kept in a journal.\n"
          "Every result says what it does not prove, with the check or key that would.\n"
          "With the format nagios this and the causes are the long output behind the\n"
          "first line, and a vertical bar is written \\ex7c, since it begins the figures\n"
          "there; with prometheus what was observed is in comments.\n"
          "Called as\n"
          ".Nm stella-doctor\n"
          "it takes its commands directly.\n",
          out);
    put_commands(out);
    put_options(out);
    put_choices_of_fix(out);
    put_keys(out, "KEYS OF THE DASHBOARD", source->dashboard);
    put_keys(out, "KEYS OF A WALKTHROUGH", source->walkthrough);
    put_environment(out);
    put_files(out);
    fputs(".Sh EXIT STATUS\n"
          "The same in every format.\n"
          ".Bl -tag -width Ds\n"
          ".It 0\nAll passed, or were skipped because nothing is configured.\n"
          ".It 1\nThe worst failure has severity warn or info; or no check failed, and one\n"
          "passed with warnings, which digging deeper found.\n"
          ".It 2\nThe worst failure has severity fail.\n"
          ".It 3\nCould not judge: a bad option, an unknown id, a file that cannot be opened.\n"
          "Also where\n.Fl -deadline\ncut off a verdict, or digging deeper "
          "that had found no warning yet.\n"
          ".It 129 , 130 , 143\nEnded by SIGHUP, SIGINT or SIGTERM: 128 and the number of the "
          "signal.\n130 also where a check was cancelled in the dashboard, with\n"
          ".Fl -exit-status .\n.El\n"
          ".Sh EXAMPLES\n"
          "What the platform would use, and where it comes from:\n"
          ".Pp\n.Dl stella doctor settings\n.Pp\n"
          "After a change, until three checks in a row passed:\n"
          ".Pp\n.Dl stella doctor run --check check.integration.smtp --until-pass 3\n"
          ".Sh SEE ALSO\n.Xr stella-doctor.ini 5 ,\n.Xr stella-doctor-checks 7\n",
          out);
}

static void put_ini_key(FILE *out, const struct grammar_option *option)
{
    fprintf(out, ".It Cm %s\n", option->key);
    if (option->value == GRAMMAR_FLAG)
        fprintf(out, "yes or no; %s is as\n.Fl -%s .\n",
                grammar_is_inverted(option) ? "no" : "yes", option->name);
    else
        fprintf(out, "As\n.Fl -%s Ar %s .\n", option->name, option->argument);
    if (option->value == GRAMMAR_TEXTS)
        fputs("Several, with commas between.\n", out);
    put_sentence(out, option->help);
    if (option->choices)
        put_choices(out, option);
}

static void put_page_5(FILE *out, const struct manual_source *source)
{
    static const char *const sections[] = {"settings", "run", "fix", "display"};

    (void)source;
    put_head(out, "STELLA-DOCTOR.INI", 5, "stella-doctor.ini", "defaults of stella doctor");
    fprintf(out,
            ".Sh DESCRIPTION\n"
            "Read from\n.Pa %s ,\nthen from\n.Pa $XDG_CONFIG_HOME/%s ,\n"
            "whose values come before those of the first; the command line comes before both.\n"
            "Lines are\n.Dl name = value\nbelow a line with the section's name in brackets.\n"
            "What begins with ; or # is a comment.\n"
            "A relative path is taken from the working directory.\n"
            "A mistake is told with its file and line, and its line is skipped.\n",
            DEFAULTS_SYSTEM_FILE, DEFAULTS_USER_FILE);
    for (size_t s = 0; s < sizeof sections / sizeof *sections; s++) {
        fprintf(out, ".Ss Section %s\n.Bl -tag -width Ds\n", sections[s]);
        for (size_t i = 0; i < grammar_option_count(); i++) {
            const struct grammar_option *option = grammar_option_at(i);
            if (option->section && strcmp(option->section, sections[s]) == 0)
                put_ini_key(out, option);
        }
        fputs(".El\n", out);
    }
    fputs(".Sh EXAMPLES\n.Bd -literal -offset indent\n"
          "[settings]\n"
          "sources = json:/etc/stellaops/appsettings.Production.json, environ\n"
          "[run]\n"
          "timeout = 5s\n"
          ".Ed\n.Sh SEE ALSO\n.Xr stella-doctor 1\n",
          out);
}

static void put_check(FILE *out, const struct check *check)
{
    struct buf text = {0};

    fprintf(out, ".It Cm %s\n", check->id);
    put_sentence(out, check->head.title);
    for (size_t i = 0; i < check->head.ntags; i++)
        buf_printf(&text, "%s%s", i ? ", " : "", check->head.tags[i]);
    put_format(out, "Plugin %s, severity %s, tags %s.", check->head.plugin,
               severity_name(check->head.severity), text.data);
    buf_clear(&text);
    if (!check_is_wired(check))
        return;
    for (size_t i = 0; i < check->nkeys; i++)
        buf_printf(&text, "%s%s", i ? ", else " : "", check->keys[i]);
    if (check->probe == PROBE_TCP_HOST)
        buf_printf(&text, "; the port is Port of the same section, else %u", check->default_port);
    put_format(out, "Connects to the %s of %s; within %.1f s.",
               check->probe == PROBE_TCP_URL ? "URL" : "host", text.data,
               (double)check->timeout_us / CLOCK_SECOND);
    buf_clear(&text);
}

static void put_finding(FILE *out, enum finding_id id)
{
    fprintf(out, ".It Cm %s Pq %s\n", finding_name(id),
            finding_is_warning(id) ? "warning" : "information");
    put_sentence(out, finding_meaning(id));
    put_sentence(out, finding_fix(id));
}

static void put_page_7(FILE *out, const struct manual_source *source)
{
    const struct catalog *catalog = source->catalog;

    put_head(out, "STELLA-DOCTOR-CHECKS", 7, "stella-doctor-checks",
             "the checks of stella doctor and what they find");
    fputs(".Sh DESCRIPTION\n"
          "A check has an article, which\n.Nm stella doctor Cm show Ar ID\nprints: what is "
          "checked, why it matters, the common\ncauses, and the fix for each deployment.\n"
          ".Sh CHECKS\n.Bl -tag -width Ds\n",
          out);
    for (size_t i = 0; i < catalog_count(catalog); i++)
        put_check(out, catalog_at(catalog, i));
    fputs(".El\n.Sh FINDINGS\n"
          "What a run finds beside its verdict; the names are stable.\n"
          "A warning makes the exit status of\n.Nm stella doctor Cm run Fl -deep\n"
          "1 where nothing is worse.\n"
          "An information does not count: it is evidence beside a failure,\n"
          "or says what was not tested.\n.Bl -tag -width Ds\n",
          out);
    for (int id = 0; id < FINDINGS; id++)
        put_finding(out, (enum finding_id)id);
    fputs(".El\n.Sh SEE ALSO\n.Xr stella-doctor 1\n", out);
}

static const struct page {
    const char *name;
    void (*print)(FILE *out, const struct manual_source *source);
} pages[] = {
    {"stella-doctor.1", put_page_1},
    {"stella-doctor.ini.5", put_page_5},
    {"stella-doctor-checks.7", put_page_7},
};
enum { PAGES = sizeof pages / sizeof *pages };

const char *manual_page(size_t index)
{
    return index < PAGES ? pages[index].name : NULL;
}

bool manual_print(const char *page, const struct manual_source *source, FILE *out,
                  struct error *err)
{
    const char *names[PAGES];

    for (size_t i = 0; i < PAGES; i++) {
        names[i] = pages[i].name;
        if (strcmp(page, pages[i].name) == 0) {
            pages[i].print(out, source);
            return true;
        }
    }
    char *shown = text_sanitise(page, strlen(page), TEXT_ONE_LINE);
    const char *near = text_nearest(page, names, PAGES);
    error_set(err, "unknown man page %s%s%s%s; there are %s, %s and %s", shown,
              near ? "; did you mean " : "", near ? near : "", near ? "?" : "", names[0], names[1],
              names[2]);
    free(shown);
    return false;
}
