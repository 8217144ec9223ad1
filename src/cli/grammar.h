/* What can be said on the command line: commands and options, one table each.
 * Parser, help, completion, man pages and doctor.ini are views of them. */
#ifndef CLI_GRAMMAR_H
#define CLI_GRAMMAR_H

#include "base/buf.h"
#include "cli/options.h"

/* How an option's value is stored in its field of struct options. */
enum grammar_value {
    GRAMMAR_FLAG,     /* bool */
    GRAMMAR_TEXT,     /* const char * */
    GRAMMAR_TEXTS,    /* struct strings */
    GRAMMAR_DURATION, /* clock_us */
    GRAMMAR_MOMENT,   /* int64_t, milliseconds since 1970 */
    GRAMMAR_COUNT,    /* size_t, 1 to GRAMMAR_COUNT_MAX */
    GRAMMAR_CHOICE    /* an enum: the index in the choices */
};
enum { GRAMMAR_COUNT_MAX = 100000 };

/* What completes a value or a word that is no choice. */
enum grammar_completion {
    GRAMMAR_NOTHING,
    GRAMMAR_IDS,
    GRAMMAR_TAGS,
    GRAMMAR_PLUGINS,
    GRAMMAR_FILES,
    GRAMMAR_FOLDERS
};

struct grammar_choice {
    const char *name; /* NULL ends a list */
    int commands;     /* that take it; 0: all of the option's */
};

struct grammar_option {
    const char *name, *argument, *help; /* argument is NULL for a flag; help may have lines */
    char letter;                        /* or 0 */
    enum grammar_value value;
    size_t offset; /* of the field in struct options */
    int commands;  /* bits 1 << enum command that it goes with */
    enum grammar_completion completion;
    const struct grammar_choice *choices; /* or NULL */
    const char *section, *key;            /* in doctor.ini, or NULL */
};

struct grammar_command {
    const char *name, *arguments, *help; /* arguments as printed behind the name, "" if none */
    size_t min_words, max_words;         /* that follow the command */
    const struct grammar_choice *words;  /* what the first of them may be, or NULL: anything */
    enum grammar_completion completion;  /* of words that are no choices */
    const char *statuses;                /* what its exit status means, in lines */
};

/* The row of a command; command is below COMMANDS. */
const struct grammar_command *grammar_command(enum command command);

/* The options in the order of the help. */
size_t grammar_option_count(void);
const struct grammar_option *grammar_option_at(size_t index);

/* Whether the option goes with the command. */
bool grammar_goes_with(const struct grammar_option *option, enum command command);

/* Whether the flag's key in doctor.ini says the opposite: --no-color is color = no. */
bool grammar_is_inverted(const struct grammar_option *option);

/* Appends the names of the choices that go with the command, with the separator
 * between them. */
void grammar_list_choices(const struct grammar_choice *choices, enum command command,
                          const char *separator, struct buf *list);

/* The index among the choices of the one that has the name and goes with the
 * command, or -1 with err: what can be chosen, and the nearest. */
int grammar_choose(const struct grammar_choice *choices, enum command command, const char *name,
                   struct error *err);

/* Stores the text, which must outlive options, as the option's value (a flag has
 * none). False with err, which does not name the option, where it does not fit. */
bool grammar_store(struct options *options, const struct grammar_option *option, const char *text,
                   struct error *err);

#endif
