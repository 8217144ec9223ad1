#include "guide/words.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* What the words read so far make of the next ones of a command. A wrapper (docker
 * compose exec, kubectl exec, sudo, timeout, env) changes nothing: the program that it
 * runs is known by its name, wherever that stands. */
enum state {
    STATE_DATA,
    STATE_ECHO,
    STATE_FORMAT, /* the next word is printf's format */
    STATE_PRINTED, /* what follows is printed by it, and never an option */
    STATE_SHELL,
    STATE_SHELL_OPTION, /* the next word is the value of a shell's option */
    STATE_CODE,         /* the next word is a shell's code */
    STATE_GIVEN,        /* the shell has its code: what follows are its parameters */
    STATE_FOREIGN,
    STATE_HELM,         /* --set has a language of its own; what helm reads has not */
    STATE_UNSURE
};

struct command {
    enum state state;
    bool has_unknown; /* a word that could be the name of a shell */
    bool is_shell;
    bool has_code; /* by -c, a here-document or a here-string */
};

static const struct {
    const char *name;
    enum state state;
    bool reads_stdin; /* and takes it for code, or for arguments */
} programs[] = {
    {"sh", STATE_SHELL, true},          {"bash", STATE_SHELL, true},
    {"dash", STATE_SHELL, true},        {"ash", STATE_SHELL, true},
    {"zsh", STATE_SHELL, true},         {"ksh", STATE_SHELL, true},
    {"su", STATE_SHELL, true},          {"runuser", STATE_SHELL, true},
    {"printf", STATE_FORMAT, false},    {"echo", STATE_ECHO, false},
    {"ssh", STATE_FOREIGN, true},       {"xargs", STATE_DATA, true},
    {"parallel", STATE_FOREIGN, true},  {"at", STATE_FOREIGN, true},
    {"batch", STATE_FOREIGN, true},     {"crontab", STATE_FOREIGN, true},
    {"eval", STATE_FOREIGN, true},      {"source", STATE_FOREIGN, true},
    {".", STATE_FOREIGN, true},         {"trap", STATE_FOREIGN, true},
    {"alias", STATE_FOREIGN, true},     {"watch", STATE_FOREIGN, false},
    {"script", STATE_FOREIGN, true},    {"flock", STATE_FOREIGN, false},
    {"python", STATE_FOREIGN, true},    {"python3", STATE_FOREIGN, true},
    {"perl", STATE_FOREIGN, true},      {"ruby", STATE_FOREIGN, true},
    {"node", STATE_FOREIGN, true},      {"php", STATE_FOREIGN, true},
    {"psql", STATE_FOREIGN, true},      {"mysql", STATE_FOREIGN, true},
    {"mariadb", STATE_FOREIGN, true},   {"sqlite3", STATE_FOREIGN, true},
    {"fish", STATE_FOREIGN, true},      {"pwsh", STATE_FOREIGN, true},
    {"sed", STATE_FOREIGN, false},      {"awk", STATE_FOREIGN, false},
    {"gawk", STATE_FOREIGN, false},     {"mawk", STATE_FOREIGN, false},
    {"jq", STATE_FOREIGN, false},       {"yq", STATE_FOREIGN, false},
    {"helm", STATE_HELM, false},
    {"grep", STATE_FOREIGN, false},     {"egrep", STATE_FOREIGN, false},
    {"test", STATE_FOREIGN, false},     {"[", STATE_FOREIGN, false},
    {"let", STATE_FOREIGN, false},      {"declare", STATE_FOREIGN, false},
    {"typeset", STATE_FOREIGN, false},  {"local", STATE_FOREIGN, false},
    {"unset", STATE_FOREIGN, false},    {"read", STATE_FOREIGN, false},
};
enum { PROGRAMS = sizeof programs / sizeof *programs };

/* The program that a word names, or PROGRAMS. */
static size_t find_program(const char *text)
{
    const char *slash = strrchr(text, '/');
    size_t i = 0;

    while (i < PROGRAMS && strcmp(programs[i].name, slash ? slash + 1 : text) != 0)
        i++;
    return i;
}

/* A word of a shell's command line, behind its name: -euc, -o pipefail, +x. */
static enum state after_shell(const char *text)
{
    size_t n = strlen(text);

    if (strncmp(text, "--", 2) == 0)
        return STATE_SHELL;
    if (*text != '-' && *text != '+')
        return STATE_UNSURE;
    if (*text == '-' && strchr(text, 'c'))
        return STATE_CODE;
    return text[n - 1] == 'o' || text[n - 1] == 'O' ? STATE_SHELL_OPTION : STATE_SHELL;
}

/* The state behind a word that names no program. */
static enum state next_state(enum state state, const char *text)
{
    bool is_option = *text == '-' || *text == '+';

    switch (state) {
    case STATE_SHELL:
        return after_shell(text);
    case STATE_SHELL_OPTION:
        return STATE_SHELL;
    case STATE_CODE:
        return is_option ? STATE_CODE : STATE_GIVEN;
    case STATE_FORMAT:
        if (strcmp(text, "--") == 0)
            return STATE_FORMAT;
        return is_option ? STATE_UNSURE : STATE_PRINTED;
    default:
        return state;
    }
}

static enum tongue tongue_in(enum state state)
{
    static const enum tongue tongues[] = {
        [STATE_ECHO] = TONGUE_ECHO,       [STATE_FORMAT] = TONGUE_FORMAT,
        [STATE_PRINTED] = TONGUE_PRINTED, [STATE_HELM] = TONGUE_FOREIGN,
        [STATE_SHELL] = TONGUE_UNSURE,    [STATE_SHELL_OPTION] = TONGUE_UNSURE,
        [STATE_CODE] = TONGUE_CODE,       [STATE_FOREIGN] = TONGUE_FOREIGN,
        [STATE_UNSURE] = TONGUE_UNSURE,
    };
    return tongues[state];
}

/* Whether a name in this place is that of a program to come. */
static bool takes_program(enum state state)
{
    return state == STATE_DATA || state == STATE_ECHO || state == STATE_SHELL;
}

/* A command line as one word (--entrypoint "sh -c"), or a program of unknown name
 * that is given what could be code. */
static bool hides_shell(const struct command *command, const struct word *word)
{
    const char *text = word->text.data;

    if (strstr(text, "sh -") || (word->role == WORD_COMMAND && word->has_unknown))
        return true;
    return command->has_unknown && *text == '-' && text[word->text.len - 1] == 'c';
}

/* Sets the tongue of a word of the command line itself. */
static void read_word(struct command *command, struct word *word, bool *unsure)
{
    const char *text = word->text.data;
    size_t program = takes_program(command->state) ? find_program(text) : PROGRAMS;

    word->tongue = tongue_in(command->state);
    if (program < PROGRAMS) {
        command->state = programs[program].state;
        command->is_shell = command->is_shell || command->state == STATE_SHELL;
        bool is_shell = command->state == STATE_SHELL;
        *unsure = *unsure || strcmp(text, "eval") == 0 ||
                  (word->piped && programs[program].reads_stdin && !is_shell);
        return;
    }
    bool was_code = command->state == STATE_CODE;
    command->state = next_state(command->state, text);
    command->has_code = command->has_code || command->state == STATE_GIVEN;
    command->has_unknown = command->has_unknown || word->has_unknown;
    if (hides_shell(command, word) && !was_code) {
        command->state = STATE_UNSURE;
        word->tongue = TONGUE_UNSURE;
    }
}

/* The same of its standard input. */
static void read_input(struct command *command, struct word *word)
{
    static const enum tongue tongues[] = {
        [STATE_SHELL] = TONGUE_CODE,
        [STATE_FOREIGN] = TONGUE_UNSURE,
        [STATE_UNSURE] = TONGUE_UNSURE,
    };

    word->tongue = tongues[command->state];
    command->has_code = command->has_code || word->tongue == TONGUE_CODE;
}

/* What a command prints within the code of another one becomes code. */
static void doubt_children(const struct words *words, struct word *word)
{
    const struct word *parent = word->parent == WORD_NO_PARENT ? NULL : &words->items[word->parent];

    bool is_data = parent && (parent->tongue == TONGUE_DATA || parent->tongue == TONGUE_ECHO ||
                              parent->tongue == TONGUE_PRINTED);

    if (parent && (parent->unsure || !is_data))
        word->unsure = true;
}

void words_set_tongues(struct words *words)
{
    struct command *commands = mem_zalloc(words->ncommands * sizeof *commands);

    for (size_t i = 0; i < words->count; i++) {
        struct word *word = &words->items[i];
        struct command *command = &commands[word->command];
        if (word->role == WORD_COMMAND || word->role == WORD_ARGUMENT)
            read_word(command, word, &words->unsure);
        else if (word->role == WORD_HERE_DOCUMENT || word->role == WORD_HERE_STRING)
            read_input(command, word);
        doubt_children(words, word);
    }
    for (size_t i = 0; i < words->ncommands; i++)
        words->unsure = words->unsure || (commands[i].is_shell && !commands[i].has_code);
    free(commands);
}
