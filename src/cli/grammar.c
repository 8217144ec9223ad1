#include "cli/grammar.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    ON_DASHBOARD = 1 << COMMAND_DASHBOARD,
    ON_RUN = 1 << COMMAND_RUN,
    ON_LIST = 1 << COMMAND_LIST,
    ON_SHOW = 1 << COMMAND_SHOW,
    ON_SETTINGS = 1 << COMMAND_SETTINGS,
    ON_FIX = 1 << COMMAND_FIX,
    ON_REPORT = 1 << COMMAND_REPORT,
    ON_DOCS = 1 << COMMAND_DOCS,
    ON_COMPLETION = 1 << COMMAND_COMPLETION,
    WITH_SETTINGS = ON_DASHBOARD | ON_RUN | ON_FIX | ON_SETTINGS,
    WITH_CHECKS = ON_DASHBOARD | ON_RUN,
    ON_ALL = (1 << COMMANDS) - 1
};

static const struct grammar_choice docs_words[] = {{"lint", 0}, {"man", 0}, {0}};
static const struct grammar_choice completion_words[] = {
    {"bash", 0}, {"zsh", 0}, {"fish", 0}, {"ids", 0}, {"tags", 0}, {"plugins", 0}, {0},
};

#define STATUSES_PRINTED "0, or 3 where there is nothing to print."

static const struct grammar_command command_table[COMMANDS] = {
    [COMMAND_DASHBOARD] = {"", "", "open the dashboard; without a terminal, the report of run", 0, 0,
                           NULL, GRAMMAR_NOTHING,
                           "0, or 3 if it could not start; with --exit-status as of run."},
    [COMMAND_RUN] = {"run", "", "run checks and print a report", 0, 0, NULL, GRAMMAR_NOTHING,
                     "0 all passed or skipped, 1 the worst failure has severity warn, or what passed\n"
                     "has warnings,\n"
                     "2 the worst has severity fail, 3 could not judge; ended by a signal 128 and\n"
                     "its number: 129 hung up, 130 interrupted, 143 terminated."},
    [COMMAND_LIST] = {"list", "", "list the checks", 0, 0, NULL, GRAMMAR_NOTHING, STATUSES_PRINTED},
    [COMMAND_SHOW] = {"show", "ID", "print the article of a check", 1, 1, NULL, GRAMMAR_IDS,
                      STATUSES_PRINTED},
    [COMMAND_SETTINGS] = {"settings", "[KEY]...", "print the settings and where each comes from", 0,
                          SIZE_MAX, NULL, GRAMMAR_NOTHING,
                          "0, 1 where the platform would fail with what is set, 3 where a source does\n"
                          "not load and nobody can tell."},
    [COMMAND_FIX] = {"fix", "ID",
                     "walk through the fix of a check, step by step: in the dashboard, or line by\n"
                     "line on a terminal that can show none",
                     1, 1, NULL, GRAMMAR_IDS,
                     "0, 130 after Ctrl-C at a question; 3 where there are no steps, or no terminal\n"
                     "to ask on: then the steps are printed as with --dry-run, and nothing is run."},
    [COMMAND_REPORT] = {"report", "", "print what was run and done as a note for the incident", 0, 0,
                        NULL, GRAMMAR_NOTHING,
                        "0, also where nothing was done or there is no journal; 3 where it cannot be\n"
                        "read."},
    [COMMAND_DOCS] = {"docs", "lint | man PAGE",
                      "prove the articles, or show a man page: stella-doctor.1,\n"
                      "stella-doctor.ini.5 or stella-doctor-checks.7; not on a terminal,\n"
                      "or without man, its source, as man -l - reads it",
                      1, 2, docs_words, GRAMMAR_NOTHING,
                      "0, 1 where lint found a problem, 3 where there is nothing to print."},
    [COMMAND_COMPLETION] = {"completion", "bash | zsh | fish",
                            "print the shell's completion; or the ids, tags or plugins that it\n"
                            "asks for",
                            1, 1, completion_words, GRAMMAR_NOTHING, STATUSES_PRINTED},
};

static const struct grammar_choice formats[] = {
    [FORMAT_TEXT] = {"text", 0},
    [FORMAT_JSON] = {"json", 0},
    [FORMAT_JSONL] = {"jsonl", ON_RUN},
    [FORMAT_JUNIT] = {"junit", ON_RUN},
    [FORMAT_NAGIOS] = {"nagios", ON_RUN},
    [FORMAT_PROMETHEUS] = {"prometheus", ON_RUN},
    [FORMAT_MARKDOWN] = {"markdown", ON_RUN | ON_REPORT},
    {0},
};

static const struct grammar_choice severities[] = {
    [FAIL_ON_WARN] = {"warn", 0},
    [FAIL_ON_FAIL] = {"fail", 0},
    [FAIL_ON_NEVER] = {"never", 0},
    {0},
};

static const struct grammar_choice sections[] = {
    [ARTICLE_WHAT] = {"what", 0},
    [ARTICLE_WHY] = {"why", 0},
    [ARTICLE_CAUSES] = {"causes", 0},
    [ARTICLE_FIX] = {"fix", 0},
    [ARTICLE_VERIFY] = {"verify", 0},
    [ARTICLE_RELATED] = {"related", 0},
    {0},
};

static const struct grammar_choice platforms[] = {
    [PLATFORM_COMPOSE] = {"compose", 0},
    [PLATFORM_SYSTEMD] = {"systemd", 0},
    [PLATFORM_HELM] = {"helm", 0},
    {0},
};

#define FIELD(name) offsetof(struct options, name)

static const struct grammar_option option_table[] = {
    {"check", "ID", "run this check only (repeatable)", 'c', GRAMMAR_TEXTS, FIELD(checks), ON_RUN,
     GRAMMAR_IDS, NULL, NULL, NULL},
    {"plugin", "NAME", "only checks of this plugin (repeatable)", 'p', GRAMMAR_TEXTS,
     FIELD(plugins), ON_RUN | ON_LIST, GRAMMAR_PLUGINS, NULL, NULL, NULL},
    {"tag", "TAG", "only checks with this tag (repeatable)", 't', GRAMMAR_TEXTS, FIELD(tags),
     ON_RUN | ON_LIST, GRAMMAR_TAGS, NULL, NULL, NULL},
    {"skip", "ID", "leave this check out (repeatable)", 0, GRAMMAR_TEXTS, FIELD(skips), ON_RUN,
     GRAMMAR_IDS, NULL, NULL, NULL},
    {"section", "SECTION", "only this section of the article", 0, GRAMMAR_CHOICE, FIELD(section),
     ON_SHOW, GRAMMAR_NOTHING, sections, NULL, NULL},
    {"platform", "PLATFORM", "only this platform's steps of the fix", 0, GRAMMAR_CHOICE,
     FIELD(platform), ON_SHOW | ON_FIX, GRAMMAR_NOTHING, platforms, NULL, NULL},
    {"dry-run", NULL, "print the steps, filled in, and do nothing", 0, GRAMMAR_FLAG,
     FIELD(dry_run), ON_FIX, GRAMMAR_NOTHING, NULL, NULL, NULL},
    {"plain", NULL,
     "ask line by line instead of opening the dashboard, as for a screen reader\n"
     "or a serial line",
     0, GRAMMAR_FLAG, FIELD(plain), ON_FIX, GRAMMAR_NOTHING, NULL, "fix", "plain"},
    {"no-pager", NULL, "print straight to the terminal, without $PAGER or less", 0, GRAMMAR_FLAG,
     FIELD(no_pager), ON_SHOW, GRAMMAR_NOTHING, NULL, "display", "pager"},
    {"format", "FORMAT", "how to print (text)", 'f', GRAMMAR_CHOICE, FIELD(format),
     ON_RUN | ON_LIST | ON_SETTINGS | ON_REPORT, GRAMMAR_NOTHING, formats, NULL, NULL},
    {"output", "FILE", "write the report to FILE, whole or not at all", 'o', GRAMMAR_TEXT,
     FIELD(output), ON_RUN | ON_REPORT, GRAMMAR_FILES, NULL, NULL, NULL},
    {"since", "TIME",
     "where the report begins: so long ago (2d, 1h30m), or a date in UTC\n"
     "(2026-11-24, 2026-11-24T03:04); 24h before its end",
     0, GRAMMAR_MOMENT, FIELD(since_ms), ON_REPORT, GRAMMAR_NOTHING, NULL, NULL, NULL},
    {"until", "TIME", "where it ends, in the same forms (now)", 0, GRAMMAR_MOMENT, FIELD(until_ms),
     ON_REPORT, GRAMMAR_NOTHING, NULL, NULL, NULL},
    {"all", NULL, "from the beginning of the journal, whatever its age", 0, GRAMMAR_FLAG,
     FIELD(everything), ON_REPORT, GRAMMAR_NOTHING, NULL, NULL, NULL},
    {"quiet", NULL,
     "as text, a headline a problem with what it does not prove, and nothing\n"
     "when all is well: fit for cron",
     'q', GRAMMAR_FLAG, FIELD(quiet), ON_RUN, GRAMMAR_NOTHING, NULL, NULL, NULL},
    {"only-problems", NULL, "leave out what passed or was skipped", 0, GRAMMAR_FLAG,
     FIELD(only_problems), ON_RUN, GRAMMAR_NOTHING, NULL, NULL, NULL},
    {"fail-on", "SEVERITY", "the severity from which on a failure sets the exit status (warn)", 0,
     GRAMMAR_CHOICE, FIELD(fail_on), ON_RUN, GRAMMAR_NOTHING, severities, "run", "fail-on"},
    {"timeout", "TIME",
     "budget of every check's verdict, such as 5s or 500ms, instead of its\n"
     "own; digging deeper has 5s more, whatever this says",
     0, GRAMMAR_DURATION, FIELD(timeout_us), WITH_CHECKS, GRAMMAR_NOTHING, NULL, "run", "timeout"},
    {"deep", NULL,
     "look closer after each verdict: what the server says, other addresses,\n"
     "ports and hosts; takes up to 5s more, which --timeout does not change;\n"
     "what is found wrong counts as severity warn",
     0, GRAMMAR_FLAG, FIELD(deep), ON_RUN, GRAMMAR_NOTHING, NULL, NULL, NULL},
    {"deadline", "TIME", "of the whole run: what then still runs is cancelled", 0,
     GRAMMAR_DURATION, FIELD(deadline_us), ON_RUN, GRAMMAR_NOTHING, NULL, "run", "deadline"},
    {"until-pass", "N", "run again until all passed N times in a row", 0, GRAMMAR_COUNT,
     FIELD(until_pass), ON_RUN, GRAMMAR_NOTHING, NULL, NULL, NULL},
    {"for", "TIME", "how long --until-pass tries (10m)", 0, GRAMMAR_DURATION, FIELD(for_us), ON_RUN,
     GRAMMAR_NOTHING, NULL, NULL, NULL},
    {"interval", "TIME", "from one round of --until-pass to the next (15s)", 0, GRAMMAR_DURATION,
     FIELD(interval_us), ON_RUN, GRAMMAR_NOTHING, NULL, NULL, NULL},
    {"concurrency", "N", "checks that run at a time (64)", 0, GRAMMAR_COUNT, FIELD(concurrency),
     WITH_CHECKS, GRAMMAR_NOTHING, NULL, "run", "concurrency"},
    {"set", "KEY=VALUE", "a setting, above all sources, such as Smtp:Host=mail (repeatable)", 's',
     GRAMMAR_TEXTS, FIELD(sets), WITH_SETTINGS, GRAMMAR_NOTHING, NULL, NULL, NULL},
    {"source", "KIND[:PATH]",
     "read settings from here instead of looking for them, lowest precedence\n"
     "first (repeatable): json, ini, env-file (Compose), unit-env-file (systemd),\n"
     "docker-env-file, values (Helm), cmdline, environ, as in json:FILE",
     0, GRAMMAR_TEXTS, FIELD(sources), WITH_SETTINGS, GRAMMAR_FILES, NULL, "settings", "sources"},
    {"dotnet", "MAJOR", "the platform's .NET, whose rules for null json files follow (10)", 0,
     GRAMMAR_COUNT, FIELD(dotnet_major), WITH_SETTINGS, GRAMMAR_NOTHING, NULL, "settings",
     "dotnet"},
    {"no-default-sources", NULL, "do not look for settings, nor read the environment's", 0,
     GRAMMAR_FLAG, FIELD(no_default_sources), WITH_SETTINGS, GRAMMAR_NOTHING, NULL, NULL, NULL},
    {"data", "DIR", "use the checks and articles in DIR instead of the built-in ones", 0,
     GRAMMAR_TEXT, FIELD(data_dir), ON_ALL, GRAMMAR_FOLDERS, NULL, NULL, NULL},
    {"demo", NULL, "three servers on loopback and settings that name them", 0, GRAMMAR_FLAG,
     FIELD(demo), WITH_CHECKS, GRAMMAR_NOTHING, NULL, NULL, NULL},
    {"no-journal", NULL, "keep no journal of what is run and done", 0, GRAMMAR_FLAG,
     FIELD(no_journal), WITH_CHECKS | ON_FIX, GRAMMAR_NOTHING, NULL, "run", "journal"},
    {"read-only", NULL, "walkthroughs show and copy commands, and run none", 0, GRAMMAR_FLAG,
     FIELD(read_only), ON_DASHBOARD | ON_FIX, GRAMMAR_NOTHING, NULL, "fix", "read-only"},
    {"passes", "N", "runs in a row that prove a fix, a second apart (3)", 0, GRAMMAR_COUNT,
     FIELD(passes), ON_DASHBOARD | ON_FIX, GRAMMAR_NOTHING, NULL, "fix", "passes"},
    {"exit-status", NULL, "leave the dashboard with the exit status of the worst result", 0,
     GRAMMAR_FLAG, FIELD(exit_status), ON_DASHBOARD, GRAMMAR_NOTHING, NULL, NULL, NULL},
    {"no-color", NULL, "no colours (also with NO_COLOR in the environment)", 0, GRAMMAR_FLAG,
     FIELD(no_color), ON_ALL, GRAMMAR_NOTHING, NULL, "display", "color"},
    {"ascii", NULL, "ASCII only, whatever the terminal can do", 0, GRAMMAR_FLAG, FIELD(ascii),
     ON_ALL, GRAMMAR_NOTHING, NULL, "display", "ascii"},
    {"help", NULL, "print this help", 'h', GRAMMAR_FLAG, FIELD(help), ON_ALL, GRAMMAR_NOTHING, NULL,
     NULL, NULL},
    {"version", NULL, "print the version", 0, GRAMMAR_FLAG, FIELD(version), ON_ALL,
     GRAMMAR_NOTHING, NULL, NULL, NULL},
};
enum { OPTIONS = sizeof option_table / sizeof *option_table };
_Static_assert(OPTIONS <= 64, "options.given has a bit for each");

const struct grammar_command *grammar_command(enum command command)
{
    return &command_table[command];
}

size_t grammar_option_count(void)
{
    return OPTIONS;
}

const struct grammar_option *grammar_option_at(size_t index)
{
    return &option_table[index];
}

bool grammar_goes_with(const struct grammar_option *option, enum command command)
{
    return option->commands & 1 << command;
}

bool grammar_is_inverted(const struct grammar_option *option)
{
    return strncmp(option->name, "no-", 3) == 0;
}

static bool can_choose(const struct grammar_choice *choice, enum command command)
{
    return choice->commands == 0 || choice->commands & 1 << command;
}

void grammar_list_choices(const struct grammar_choice *choices, enum command command,
                          const char *separator, struct buf *list)
{
    for (const char *lead = ""; choices->name; choices++)
        if (can_choose(choices, command)) {
            buf_printf(list, "%s%s", lead, choices->name);
            lead = separator;
        }
}

static void explain_choices(const struct grammar_choice *choices, enum command command,
                            const char *name, struct error *err)
{
    struct strings names = {0};
    struct buf list = {0};

    grammar_list_choices(choices, command, ", ", &list);
    for (; choices->name; choices++)
        if (can_choose(choices, command))
            strings_add(&names, choices->name);
    const char *near = text_nearest(name, names.items, names.count);
    error_set(err, "not one of %s%s%s%s", list.data, near ? "; did you mean " : "",
              near ? near : "", near ? "?" : "");
    buf_clear(&list);
    free(names.items);
}

int grammar_choose(const struct grammar_choice *choices, enum command command, const char *name,
                   struct error *err)
{
    for (int i = 0; choices[i].name; i++)
        if (can_choose(&choices[i], command) && strcmp(choices[i].name, name) == 0)
            return i;
    explain_choices(choices, command, name, err);
    return -1;
}

static bool store_count(const char *text, size_t *count, struct error *err)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);

    *count = value;
    if (*text >= '0' && *text <= '9' && *end == '\0' && value >= 1 && value <= GRAMMAR_COUNT_MAX)
        return true;
    error_set(err, "not a number from 1 to %d", GRAMMAR_COUNT_MAX);
    return false;
}

static bool store_duration(const char *text, clock_us *us, struct error *err)
{
    if (clock_parse_duration(text, us))
        return true;
    error_set(err, "not a time such as 5s or 500ms");
    return false;
}

static bool store_moment(const char *text, int64_t *ms, struct error *err)
{
    if (clock_parse_moment(text, clock_wall_ms(), ms))
        return true;
    error_set(err, "neither so long ago, such as 2d or 1h30m, nor a date such as 2026-11-24T03:04");
    return false;
}

bool grammar_store(struct options *options, const struct grammar_option *option, const char *text,
                   struct error *err)
{
    void *field = (char *)options + option->offset;
    int choice;

    switch (option->value) {
    case GRAMMAR_FLAG:
        *(bool *)field = true;
        break;
    case GRAMMAR_TEXT:
        *(const char **)field = text;
        break;
    case GRAMMAR_TEXTS:
        strings_add(field, text);
        break;
    case GRAMMAR_DURATION:
        return store_duration(text, field, err);
    case GRAMMAR_MOMENT:
        return store_moment(text, field, err);
    case GRAMMAR_COUNT:
        return store_count(text, field, err);
    case GRAMMAR_CHOICE:
        choice = grammar_choose(option->choices, options->command, text, err);
        if (choice >= 0)
            *(unsigned *)field = (unsigned)choice;
        return choice >= 0;
    }
    return true;
}
