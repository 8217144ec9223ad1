#include "cli/options.h"

#include "base/mem.h"
#include "base/text.h"

#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    ON_DASHBOARD = 1 << COMMAND_DASHBOARD,
    ON_RUN = 1 << COMMAND_RUN,
    ON_LIST = 1 << COMMAND_LIST,
    ON_SHOW = 1 << COMMAND_SHOW,
    ON_SCREEN_OR_RUN = ON_DASHBOARD | ON_RUN,
    ON_ALL = ON_DASHBOARD | ON_RUN | ON_LIST | ON_SHOW
};

static const struct {
    const char *name, *arguments, *help;
} command_table[COMMANDS] = {
    [COMMAND_DASHBOARD] = {"", "", "open the dashboard; without a terminal, the report of run"},
    [COMMAND_RUN] = {"run", "", "run checks and print a report"},
    [COMMAND_LIST] = {"list", "", "list the checks"},
    [COMMAND_SHOW] = {"show", " ID", "print the article of a check"},
};

/* How an option's value is stored; offset is that of its field. */
enum value { VALUE_FLAG, VALUE_TEXT, VALUE_TEXTS, VALUE_DURATION, VALUE_COUNT };

static const struct option_row {
    const char *name, *argument, *help;
    char letter;
    enum value value;
    size_t offset;
    int commands;
} option_table[] = {
    {"check", "ID", "run this check only (repeatable)", 'c', VALUE_TEXTS,
     offsetof(struct options, checks), ON_RUN},
    {"plugin", "NAME", "only checks of this plugin (repeatable)", 'p', VALUE_TEXTS,
     offsetof(struct options, plugins), ON_RUN | ON_LIST},
    {"tag", "TAG", "only checks with this tag (repeatable)", 't', VALUE_TEXTS,
     offsetof(struct options, tags), ON_RUN | ON_LIST},
    {"timeout", "TIME", "budget of every check, such as 5s or 500ms, instead of its own", 0,
     VALUE_DURATION, offsetof(struct options, timeout_us), ON_SCREEN_OR_RUN},
    {"concurrency", "N", "checks that run at a time (64)", 0, VALUE_COUNT,
     offsetof(struct options, concurrency), ON_SCREEN_OR_RUN},
    {"set", "KEY=VALUE", "a setting, above all sources, such as Smtp:Host=mail (repeatable)", 's',
     VALUE_TEXTS, offsetof(struct options, sets), ON_SCREEN_OR_RUN},
    {"source", "KIND:PATH",
     "read settings from here instead of the environment, lowest precedence\n"
     "first (repeatable): json, ini, env-file (Compose), unit-env-file (systemd),\n"
     "docker-env-file, cmdline, environ, as in json:FILE",
     0, VALUE_TEXTS, offsetof(struct options, sources), ON_SCREEN_OR_RUN},
    {"dotnet", "MAJOR", "the platform's .NET, whose rules for null json files follow (10)", 0,
     VALUE_COUNT, offsetof(struct options, dotnet_major), ON_SCREEN_OR_RUN},
    {"no-default-sources", NULL, "do not read the environment's settings", 0, VALUE_FLAG,
     offsetof(struct options, no_default_sources), ON_SCREEN_OR_RUN},
    {"data", "DIR", "use the checks and articles in DIR instead of the built-in ones", 0, VALUE_TEXT,
     offsetof(struct options, data_dir), ON_ALL},
    {"demo", NULL, "three servers on loopback and settings that name them", 0, VALUE_FLAG,
     offsetof(struct options, demo), ON_SCREEN_OR_RUN},
    {"exit-status", NULL, "leave the dashboard with the exit status of the worst result", 0,
     VALUE_FLAG, offsetof(struct options, exit_status), ON_DASHBOARD},
    {"no-color", NULL, "no colours (also with NO_COLOR in the environment)", 0, VALUE_FLAG,
     offsetof(struct options, no_color), ON_ALL},
    {"ascii", NULL, "ASCII only, whatever the terminal can do", 0, VALUE_FLAG,
     offsetof(struct options, ascii), ON_ALL},
    {"help", NULL, "print this help", 'h', VALUE_FLAG, offsetof(struct options, help), ON_ALL},
    {"version", NULL, "print the version", 0, VALUE_FLAG, offsetof(struct options, version), ON_ALL},
};
enum { OPTION_ROWS = sizeof option_table / sizeof *option_table };

static void add_string(struct strings *strings, const char *text)
{
    strings->items = mem_grow(strings->items, strings->count, sizeof *strings->items);
    strings->items[strings->count++] = text;
}

static bool read_count(const char *text, size_t *count)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);

    *count = value;
    return *text >= '0' && *text <= '9' && *end == '\0' && value >= 1 && value <= 100000;
}

static bool store(struct options *options, const struct option_row *row, const char *text,
                  struct error *err)
{
    void *field = (char *)options + row->offset;
    bool ok = true;

    switch (row->value) {
    case VALUE_FLAG:
        *(bool *)field = true;
        break;
    case VALUE_TEXT:
        *(const char **)field = text;
        break;
    case VALUE_TEXTS:
        add_string(field, text);
        break;
    case VALUE_DURATION:
        ok = clock_parse_duration(text, field);
        break;
    case VALUE_COUNT:
        ok = read_count(text, field);
        break;
    }
    if (!ok) {
        char *shown = text_sanitise(text, strlen(text), TEXT_ONE_LINE);
        error_set(err, "--%s %s: %s", row->name, shown,
                  row->value == VALUE_COUNT ? "not a number from 1 to 100000"
                                            : "not a time such as 5s or 500ms");
        free(shown);
    }
    return ok;
}

static const struct option_row *find_row(int code)
{
    return code >= 256 && code < 256 + OPTION_ROWS ? &option_table[code - 256] : NULL;
}

/* Codes of long options are 256 + their row; a letter leads to the same. */
static int row_code(int code)
{
    for (int i = 0; i < OPTION_ROWS; i++)
        if (option_table[i].letter && option_table[i].letter == code)
            return 256 + i;
    return code;
}

static void build_getopt(struct option *longs, char *letters)
{
    *letters++ = ':';
    for (int i = 0; i < OPTION_ROWS; i++) {
        const struct option_row *row = &option_table[i];
        longs[i] = (struct option){row->name, row->argument ? required_argument : no_argument, NULL,
                                   256 + i};
        if (!row->letter)
            continue;
        *letters++ = row->letter;
        if (row->argument)
            *letters++ = ':';
    }
    longs[OPTION_ROWS] = (struct option){0};
    *letters = '\0';
}

/* Sets the command from the first word that is not an option. */
static bool take_word(struct options *options, const char *word, bool *have_command,
                      struct error *err)
{
    const char *names[COMMANDS];

    if (*have_command && options->command == COMMAND_SHOW) {
        add_string(&options->checks, word);
        return true;
    }
    for (int i = 0; i < COMMANDS && !*have_command; i++) {
        names[i] = command_table[i].name;
        if (*word && strcmp(word, names[i]) == 0) {
            options->command = (enum command)i;
            *have_command = true;
            return true;
        }
    }
    char *shown = text_sanitise(word, strcspn(word, "="), TEXT_ONE_LINE);
    const char *near = *have_command ? NULL : text_nearest(word, names + 1, COMMANDS - 1);
    if (near)
        error_set(err, "unknown command %s; did you mean %s?", shown, near);
    else
        error_set(err, "unexpected argument %s; see %s --help", shown, options->program);
    free(shown);
    return false;
}

static void set_option_error(const struct options *options, int code, char **argv,
                             struct error *err)
{
    const char *word = argv[optind > 1 ? optind - 1 : 1];
    char *shown = text_sanitise(word, strcspn(word, "="), TEXT_ONE_LINE);

    if (code == ':')
        error_set(err, "%s needs a value; see %s --help", shown, options->program);
    else
        error_set(err, "unknown or ambiguous option %s; see %s --help", shown, options->program);
    free(shown);
}

static bool check_commands(const struct options *options, const bool *given, struct error *err)
{
    for (int i = 0; i < OPTION_ROWS; i++)
        if (given[i] && !(option_table[i].commands & 1 << options->command)) {
            error_set(err, "--%s does not go with %s %s", option_table[i].name, options->program,
                      command_table[options->command].name);
            return false;
        }
    if (options->command == COMMAND_SHOW && options->checks.count != 1 && !options->help) {
        error_set(err, "%s show takes the id of one check", options->program);
        return false;
    }
    return true;
}

static bool parse_words(struct options *options, int argc, char **argv, struct error *err)
{
    struct option longs[OPTION_ROWS + 1];
    char letters[2 * OPTION_ROWS + 2];
    bool given[OPTION_ROWS] = {false}, have_command = false;

    build_getopt(longs, letters);
    opterr = 0;
    optind = 0; /* glibc: start afresh */
    for (;;) {
        int code = row_code(getopt_long(argc, argv, letters, longs, NULL));
        const struct option_row *row = find_row(code);
        if (code == -1)
            break;
        if (!row) {
            set_option_error(options, code, argv, err);
            return false;
        }
        given[row - option_table] = true;
        if (!store(options, row, optarg, err))
            return false;
    }
    for (int i = optind; i < argc; i++)
        if (!take_word(options, argv[i], &have_command, err))
            return false;
    return check_commands(options, given, err);
}

bool options_parse(struct options *options, int argc, char **argv, struct error *err)
{
    const char *slash = strrchr(argv[0], '/');
    const char *name = slash ? slash + 1 : argv[0];

    *options = (struct options){.program = "stella doctor"};
    if (strcmp(name, "stella-doctor") == 0) {
        options->program = "stella-doctor";
    } else if (argc > 1 && strcmp(argv[1], "doctor") == 0) {
        argc--;
        argv++;
    } else if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "--version") == 0)) {
        options->help = argv[1][2] == 'h';
        options->version = !options->help;
        return true;
    } else {
        error_set(err, "this is the doctor of Stella Ops; try: stella doctor --help");
        return false;
    }
    return parse_words(options, argc, argv, err);
}

void options_clear(struct options *options)
{
    free(options->sources.items);
    free(options->sets.items);
    free(options->checks.items);
    free(options->plugins.items);
    free(options->tags.items);
    *options = (struct options){0};
}

static void print_row(const struct option_row *row, FILE *out)
{
    char flag[64];

    snprintf(flag, sizeof flag, "%c%c%c --%s%s%s", row->letter ? '-' : ' ',
             row->letter ? row->letter : ' ', row->letter ? ',' : ' ', row->name,
             row->argument ? " " : "", row->argument ? row->argument : "");
    fprintf(out, "  %-26s", flag);
    for (const char *p = row->help; *p; p++) {
        fputc(*p, out);
        if (*p == '\n')
            fprintf(out, "%28s", "");
    }
    fputc('\n', out);
}

void options_print_help(const struct options *options, FILE *out)
{
    enum command command = options->command;

    fprintf(out, "Usage: %s%s%s%s [OPTION]...\n", options->program,
            command == COMMAND_DASHBOARD ? "" : " ", command_table[command].name,
            command_table[command].arguments);
    fprintf(out, "%s\n\n", command_table[command].help);
    if (command == COMMAND_DASHBOARD) {
        fputs("Commands:\n", out);
        for (int i = COMMAND_RUN; i < COMMANDS; i++)
            fprintf(out, "  %s%-*s %s\n", command_table[i].name,
                    25 - (int)strlen(command_table[i].name), command_table[i].arguments,
                    command_table[i].help);
        fputs("\n", out);
    }
    fputs("Options:\n", out);
    for (int i = 0; i < OPTION_ROWS; i++)
        if (option_table[i].commands & 1 << command)
            print_row(&option_table[i], out);
    fputs(command == COMMAND_DASHBOARD
              ? "\nExit status: 0, or 3 if it could not start; with --exit-status as of run.\n"
          : command == COMMAND_RUN
              ? "\nExit status: 0 all passed or skipped, 1 the worst failure has severity warn,\n"
                "2 the worst has severity fail, 3 could not judge, 130 cancelled.\n"
              : "\nExit status: 0, or 3 where there is nothing to print.\n",
          out);
}
