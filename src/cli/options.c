#include "cli/options.h"

#include "base/mem.h"
#include "base/text.h"
#include "cli/grammar.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 64, ROW_CODE = 256, HELP_COLUMN = 28 };

void strings_add(struct strings *strings, const char *text)
{
    strings->items = mem_grow(strings->items, strings->count, sizeof *strings->items);
    strings->items[strings->count++] = text;
}

/* What getopt_long(3) is told. Codes of long options are ROW_CODE + their row. */
struct parser {
    int argc;
    char **argv;
    struct option longs[ROWS_MAX + 1];
    char letters[2 * ROWS_MAX + 2];
};

static void build_parser(struct parser *parser)
{
    char *letters = parser->letters;

    *letters++ = ':';
    for (size_t i = 0; i < grammar_option_count(); i++) {
        const struct grammar_option *row = grammar_option_at(i);
        parser->longs[i] = (struct option){
            row->name, row->argument ? required_argument : no_argument, NULL, ROW_CODE + (int)i};
        if (!row->letter)
            continue;
        *letters++ = row->letter;
        if (row->argument)
            *letters++ = ':';
    }
}

static void restart(void)
{
    opterr = 0;
    optind = 0; /* glibc: start afresh */
}

static int next_code(const struct parser *parser)
{
    return getopt_long(parser->argc, parser->argv, parser->letters, parser->longs, NULL);
}

/* The row that a code or a letter leads to, or grammar_option_count(). */
static size_t find_row(int code)
{
    size_t i = 0;

    if (code >= ROW_CODE)
        return (size_t)(code - ROW_CODE);
    while (i < grammar_option_count() &&
           (code == 0 || grammar_option_at(i)->letter != (char)code))
        i++;
    return i;
}

static bool take_command(struct options *options, const char *word, struct error *err)
{
    const char *names[COMMANDS];
    for (int i = 0; i < COMMANDS; i++) {
        names[i] = grammar_command((enum command)i)->name;
        if (*word && strcmp(word, names[i]) == 0) {
            options->command = (enum command)i;
            return true;
        }
    }
    char *shown = text_sanitise(word, strcspn(word, "="), TEXT_ONE_LINE);
    const char *near = text_nearest(word, names + 1, COMMANDS - 1);
    if (near)
        error_set(err, "unknown command %s; did you mean %s?", shown, near);
    else
        error_set(err, "unknown command %s; see %s --help", shown, options->program);
    free(shown);
    return false;
}

/* getopt_long sorts the words behind the options, in a copy: read once more in that
 * order an option that lacks its value would take the first word. */
static bool take_words(struct options *options, const struct parser *parser, struct error *err)
{
    struct parser sorted = *parser;
    bool ok = true;

    sorted.argv = mem_zalloc(((size_t)parser->argc + 1) * sizeof *sorted.argv);
    memcpy(sorted.argv, parser->argv, (size_t)parser->argc * sizeof *sorted.argv);
    restart();
    while (next_code(&sorted) != -1)
        continue;
    for (int i = optind + 1; i < parser->argc; i++)
        strings_add(&options->words, sorted.argv[i]);
    if (optind < parser->argc)
        ok = take_command(options, sorted.argv[optind], err);
    free(sorted.argv);
    return ok;
}

static void explain_code(const struct options *options, int code, char **argv, struct error *err)
{
    const char *word = argv[optind > 1 ? optind - 1 : 1];
    char *shown = text_sanitise(word, strcspn(word, "="), TEXT_ONE_LINE);

    if (code == ':')
        error_set(err, "%s needs a value; see %s --help", shown, options->program);
    else
        error_set(err, "unknown or ambiguous option %s; see %s --help", shown, options->program);
    free(shown);
}

static bool take_option(struct options *options, size_t row, const char *text, struct error *err)
{
    const struct grammar_option *option = grammar_option_at(row);

    options->given |= UINT64_C(1) << row;
    if (grammar_store(options, option, text, err))
        return true;
    char *shown = text_sanitise(text, strlen(text), TEXT_ONE_LINE);
    error_prefix(err, "--%s %s", option->name, shown);
    free(shown);
    return false;
}

/* Only the first mistake is told; nobody wants the ones that follow from it. */
static bool take_options(struct options *options, const struct parser *parser, struct error *err)
{
    bool ok = true;
    int code;

    restart();
    while ((code = next_code(parser)) != -1) {
        struct error *mistake = ok ? err : NULL;
        size_t row = find_row(code);
        if (row < grammar_option_count()) {
            ok &= take_option(options, row, optarg, mistake);
        } else {
            explain_code(options, code, parser->argv, mistake);
            ok = false;
        }
    }
    return ok;
}

static bool check_commands(const struct options *options, struct error *err)
{
    const struct grammar_command *command = grammar_command(options->command);

    for (size_t i = 0; i < grammar_option_count(); i++) {
        const struct grammar_option *option = grammar_option_at(i);
        if (!(options->given & UINT64_C(1) << i) || grammar_goes_with(option, options->command))
            continue;
        error_set(err, "--%s does not go with %s%s%s", option->name, options->program,
                  *command->name ? " " : "", command->name);
        return false;
    }
    if (options->until_pass == 0 && (options->for_us || options->interval_us)) {
        error_set(err, "--%s goes with --until-pass N only",
                  options->for_us ? "for" : "interval");
        return false;
    }
    return true;
}

static bool check_period(const struct options *options, struct error *err)
{
    int64_t until = options->until_ms ? options->until_ms : clock_wall_ms();

    if (options->everything && options->since_ms) {
        error_set(err, "--all and --since exclude each other");
        return false;
    }
    if (options->since_ms && options->since_ms >= until) {
        error_set(err, "--since is not before %s", options->until_ms ? "--until" : "now");
        return false;
    }
    return true;
}

static bool check_words(const struct options *options, struct error *err)
{
    const struct grammar_command *command = grammar_command(options->command);
    const struct strings *words = &options->words;
    bool ok = true;

    if (words->count < command->min_words) {
        error_set(err, "%s %s takes %s; see its --help", options->program, command->name,
                  command->arguments);
        return false;
    }
    size_t unfit = words->count > command->max_words ? command->max_words : 0;
    const char *word = words->count ? words->items[unfit] : "";
    char *shown = text_sanitise(word, strcspn(word, "="), TEXT_ONE_LINE); /* no forgotten --set */
    if (words->count > command->max_words) {
        error_set(err, "unexpected argument %s; see %s --help", shown, options->program);
        ok = false;
    } else if (command->words &&
               grammar_choose(command->words, options->command, words->items[0], err) < 0) {
        error_prefix(err, "%s %s", command->name, shown);
        ok = false;
    }
    free(shown);
    return ok;
}

static bool parse(struct options *options, int argc, char **argv, struct error *err)
{
    struct parser parser = {.argc = argc, .argv = argv};

    build_parser(&parser);
    bool known = take_words(options, &parser, err);
    bool ok = take_options(options, &parser, known ? err : NULL);
    return known && ok && check_commands(options, err) && check_period(options, err) &&
           (options->help || options->version || check_words(options, err));
}

bool options_parse(struct options *options, int argc, char **argv, struct error *err)
{
    const char *slash = strrchr(argv[0], '/');
    const char *name = slash ? slash + 1 : argv[0];

    *options = (struct options){
        .program = "stella doctor", .section = ARTICLE_SECTIONS, .platform = PLATFORMS};
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
    return parse(options, argc, argv, err);
}

void options_clear(struct options *options)
{
    free(options->words.items);
    free(options->sources.items);
    free(options->sets.items);
    free(options->checks.items);
    free(options->plugins.items);
    free(options->tags.items);
    free(options->skips.items);
    for (size_t i = 0; i < options->nowned; i++)
        free(options->owned[i]);
    free(options->owned);
    *options = (struct options){0};
}

/* The lines of text, each but the first below column cols. */
static void print_lines(const char *text, int cols, FILE *out)
{
    for (const char *p = text; *p; p++) {
        fputc(*p, out);
        if (*p == '\n')
            fprintf(out, "%*s", cols, "");
    }
    fputc('\n', out);
}

/* The help goes into a column of its own, or below a head that reaches into it. */
static void print_entry(const char *head, const char *help, FILE *out)
{
    int used = fprintf(out, "  %-*s", HELP_COLUMN - 3, head);

    if (used >= HELP_COLUMN) {
        fputc('\n', out);
        used = 0;
    }
    fprintf(out, "%*s", HELP_COLUMN - used, "");
    print_lines(help, HELP_COLUMN, out);
}

static void print_option(const struct grammar_option *option, enum command command, FILE *out)
{
    struct buf head = {0}, help = {0};

    if (option->letter)
        buf_printf(&head, "-%c, ", option->letter);
    else
        buf_puts(&head, "    ");
    buf_printf(&head, "--%s%s%s", option->name, option->argument ? " " : "",
               option->argument ? option->argument : "");
    buf_puts(&help, option->help);
    if (option->choices) {
        buf_puts(&help, "\none of ");
        grammar_list_choices(option->choices, command, ", ", &help);
    }
    print_entry(head.data, help.data, out);
    buf_clear(&head);
    buf_clear(&help);
}

static void print_commands(FILE *out)
{
    fputs("Commands:\n", out);
    for (int i = COMMAND_RUN; i < COMMANDS; i++) {
        const struct grammar_command *command = grammar_command((enum command)i);
        char *head = mem_printf("%s %s", command->name, command->arguments);
        print_entry(head, command->help, out);
        free(head);
    }
    fputs("\n", out);
}

void options_print_help(const struct options *options, FILE *out)
{
    enum command number = options->command;
    const struct grammar_command *command = grammar_command(number);

    fprintf(out, "Usage: %s%s%s%s%s [OPTION]...\n", options->program, *command->name ? " " : "",
            command->name, *command->arguments ? " " : "", command->arguments);
    print_lines(command->help, 0, out);
    fputc('\n', out);
    if (number == COMMAND_DASHBOARD)
        print_commands(out);
    fputs("Options:\n", out);
    for (size_t i = 0; i < grammar_option_count(); i++)
        if (grammar_goes_with(grammar_option_at(i), number))
            print_option(grammar_option_at(i), number, out);
    fputs("\nExit status: ", out);
    print_lines(command->statuses, 0, out);
}
