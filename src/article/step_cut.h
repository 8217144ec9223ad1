/* Inside the article room: a shell block, cut into its commands. */
#ifndef ARTICLE_STEP_CUT_H
#define ARTICLE_STEP_CUT_H

#include <stdbool.h>
#include <stddef.h>

struct cut_command {
    char *title; /* one line, owned */
    char *text;  /* owned */
    int line;    /* of the block, from 0 */
    bool alternative; /* its comment begins with "or" */
};

struct cut {
    struct cut_command *items;
    size_t count;
};

/* Whether the text of a block that names no language looks like shell: its first line
 * that is no comment begins with "$ " or a command that administrators type. */
bool cut_is_shell(const char *code);

/* Whether the lines begin with the prompt "$ ", so that others are what is printed. */
bool cut_is_session(const char *code);

/* Cuts the text into its commands, as article/steps.h says. cut must be zeroed; who
 * takes the strings sets them to NULL; clear it with cut_clear. */
void cut_commands(const char *code, struct cut *cut);
void cut_clear(struct cut *cut);

#endif
