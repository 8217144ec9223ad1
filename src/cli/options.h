/* What the command line and doctor.ini ask for. What can be asked is in
 * cli/grammar.h. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "article/article.h"
#include "base/clock.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum command {
    COMMAND_DASHBOARD,
    COMMAND_RUN,
    COMMAND_LIST,
    COMMAND_SHOW,
    COMMAND_SETTINGS,
    COMMAND_FIX,
    COMMAND_REPORT,
    COMMAND_DOCS,
    COMMAND_COMPLETION,
    COMMANDS
};

enum format {
    FORMAT_TEXT,
    FORMAT_JSON,
    FORMAT_JSONL,
    FORMAT_JUNIT,
    FORMAT_NAGIOS,
    FORMAT_PROMETHEUS,
    FORMAT_MARKDOWN
};

/* From which severity on a failure makes the exit status other than 0. */
enum fail_on { FAIL_ON_WARN, FAIL_ON_FAIL, FAIL_ON_NEVER };

struct strings {
    const char **items; /* the strings are those of argv */
    size_t count;
};

struct options {
    enum command command;
    const char *program; /* "stella doctor", or "stella-doctor" when called by that name */
    bool help, version;
    const char *data_dir;
    struct strings words; /* what follows the command: an id, keys, "lint", "bash" */
    struct strings sources, sets, checks, plugins, tags, skips;
    bool no_default_sources, demo;
    bool no_color, ascii, exit_status;
    bool quiet, only_problems, no_pager, deep;
    bool no_journal, everything;  /* everything: of report, whatever its age */
    bool read_only, dry_run;      /* of fix: run nothing; print the steps, and no more */
    bool plain;                   /* of fix: ask line by line, whatever the terminal can do */
    enum format format;
    enum fail_on fail_on;
    const char *output;           /* the file that gets the report, or NULL */
    enum article_section section; /* of show; ARTICLE_SECTIONS: all */
    enum platform platform;       /* of show; PLATFORMS: all */
    clock_us timeout_us;          /* 0: each check's own */
    clock_us deadline_us;         /* of the whole command; 0: none */
    size_t until_pass;            /* passes in a row to wait for; 0: run once */
    clock_us for_us;              /* how long to wait for them; 0: 10 minutes */
    clock_us interval_us;         /* between two rounds; 0: 15 s */
    size_t concurrency;           /* 0: the default */
    size_t passes;                /* rounds of a walkthrough's proof; 0: the default */
    size_t dotnet_major;          /* 0: the default */
    int64_t since_ms, until_ms;   /* of a report's period, since 1970; 0: 24 hours; now */
    uint64_t given;               /* bit i: the option in row i of the table was given */
    char **owned;                 /* texts that are not in argv; freed by options_clear */
    size_t nowned;
};

/* Reads argv, whose strings options then holds. False with err for an unknown
 * command or option, a missing or unfit value: the first mistake; the rest is
 * read all the same, so that the format of the complaint is the one asked for.
 * Clear with options_clear in either case. */
bool options_parse(struct options *options, int argc, char **argv, struct error *err);
void options_clear(struct options *options);

/* Adds a text to a list. */
void strings_add(struct strings *strings, const char *text);

/* Prints the help of the command, made from the tables. */
void options_print_help(const struct options *options, FILE *out);

#endif
