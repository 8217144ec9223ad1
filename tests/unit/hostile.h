/* Values that a shell, a .env, JSON or YAML would act on, and what sets them apart. */
#ifndef TESTS_UNIT_HOSTILE_H
#define TESTS_UNIT_HOSTILE_H

/* The kinds of value that some place cannot take, as bits. */
enum hostile {
    HOSTILE_UNSHOWN = 1,       /* not UTF-8, controls but tab and line feed, hidden and bidi ones */
    HOSTILE_OPTION = 2,        /* begins with "-" */
    HOSTILE_FEED = 4,          /* holds a line feed */
    HOSTILE_BACKSLASH = 8,
    HOSTILE_NOT_PLAIN = 16,    /* other than letters, digits, ._:/@%+- or with ".." */
    HOSTILE_NOT_HARMLESS = 32, /* other than letters, digits, ._- */
    HOSTILE_DELIMITER = 128,   /* a line is END, or capitals before what is not ASCII */
    HOSTILE_TAB_LINE = 256,    /* a line begins with a tab */
    HOSTILE_DOLLAR = 512,
    HOSTILE_ESCAPED = 1024,    /* a .env needs backslashes for it */
    HOSTILE_QUOTED = 2048,     /* has ' " \ % $, a line feed or a tab: no INI takes it */
    HOSTILE_PERCENT = 4096,
    HOSTILE_BLANK = 8192,        /* begins with a blank or a tab */
    HOSTILE_SLASHED_QUOTE = 16384 /* an odd one of backslashes before a ' or the end */
};

/* The next value of a series, on the heap, never empty. About one in four is the name of
 * a host. */
char *hostile_value(unsigned *seed);

/* The kinds that it is of. */
int hostile_kinds(const char *value);

#endif
