/* The command line: commands and options from one table each, of which help
 * and parser are two views. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/clock.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum command { COMMAND_DASHBOARD, COMMAND_RUN, COMMAND_LIST, COMMAND_SHOW, COMMANDS };

struct strings {
    const char **items; /* the strings are those of argv */
    size_t count;
};

struct options {
    enum command command;
    const char *program; /* "stella doctor", or "stella-doctor" when called by that name */
    bool help, version;
    const char *data_dir;
    struct strings sources, sets, checks, plugins, tags;
    bool no_default_sources, demo;
    bool no_color, ascii, exit_status;
    clock_us timeout_us; /* 0: each check's own */
    size_t concurrency;  /* 0: the default */
    size_t dotnet_major; /* 0: the default */
};

/* Reads argv. False with err for an unknown command or option, a missing or
 * unfit value. Clear with options_clear in either case. */
bool options_parse(struct options *options, int argc, char **argv, struct error *err);
void options_clear(struct options *options);

/* Prints the help of the command, made from the tables. */
void options_print_help(const struct options *options, FILE *out);

#endif
