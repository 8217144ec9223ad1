/* Rules of diagnosis, read from the files of diagnosis/: which observation speaks for or
 * against which cause of an article. Data alone; run/diagnosis.h applies them. */
#ifndef CATALOG_RULES_H
#define CATALOG_RULES_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum rule_kind {
    RULE_CAUSE,   /* the observation speaks for a cause */
    RULE_EXCLUDE, /* it speaks against one */
    RULE_SEPARATE /* a step that tells the first-ranked causes apart */
};

/* "failure=refused|rejected": one of the values is there; "!=": none is;
 * "ms<1000": the number is less. */
struct condition {
    char *fact;
    enum { CONDITION_IS, CONDITION_IS_NOT, CONDITION_LESS } kind;
    char *values; /* separated by "|" */
};

/* A section of the file:
 *
 *     [refused.not-running]          any name, unique in its file
 *     when = failure=refused host=x  all conditions must hold
 *     cause = not-running            or: exclude = ..., or: separate = ...
 *     weight = 60                    1-100, of a cause
 *     because = {address} answered ...  the facts in {} are put in
 */
struct rule {
    char *name;
    enum rule_kind kind;
    struct condition *conditions;
    size_t nconditions;
    char *cause; /* its id; NULL of a RULE_SEPARATE */
    int weight;
    char *text;   /* because, or the step */
    char *origin; /* "diagnosis/mail.ini:12" */
};

struct rules {
    struct rule *items;
    size_t count;
};

/* Appends the rules of a file. False with err ("LINE: reason") on a mistake;
 * then none of the file's rules is added. */
bool rules_read(struct rules *rules, const char *name, const char *text, size_t len,
                struct error *err);

/* Appends the rules that are built into the program. */
void rules_read_builtin(struct rules *rules);

/* Frees what the struct holds and zeroes it. */
void rules_clear(struct rules *rules);

#endif
