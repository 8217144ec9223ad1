/* The programs that the articles' commands drive, as scripts in a directory of the test's
 * own: they write down what they were told, and print what the real ones would, secrets
 * included. What is to be run inside a container or a pod is run here. */
#ifndef TESTS_UNIT_STAND_INS_H
#define TESTS_UNIT_STAND_INS_H

/* Makes the directory (temporary.h) with the programs, .env and appsettings; returns its
 * path. temporary_remove removes it. */
const char *stand_ins_setup(void);

/* A program of that name does this instead: a script for sh, without its first line. */
void stand_ins_replace(const char *name, const char *script);

/* What became of a command. Clear with stand_ins_clear. */
struct stand_ins_run {
    int status;  /* its exit status */
    char *calls; /* "docker [compose] [up]\n" for each program, in the order they began */
    char *out;   /* what it printed, on both streams */
};

/* Runs a command of an article in bash, in that directory, which stands for
 * /etc/stellaops too; "pw" is typed into it. port, as text, is what it connects to on this
 * machine instead of the article's host. */
struct stand_ins_run stand_ins_run(const char *command, const char *port);
void stand_ins_clear(struct stand_ins_run *run);

#endif
