/* The values of a walkthrough's variables: what is in force now, and what the engineer
 * wants instead, asked for once. A secret is neither: it stays the article's placeholder,
 * for people to put in themselves. */
#ifndef GUIDE_ANSWERS_H
#define GUIDE_ANSWERS_H

#include "settings/target.h"

/* A text of the article that stands for a variable: "smtp.example.com" for "host". */
struct variable_spec {
    const char *placeholder;
    const char *variable; /* "host", "port", "url" or "tls" */
};

struct answer {
    const char *name; /* of its variable, static */
    char *placeholder; /* the first one of it */
    char *present;     /* now in force, clean; NULL where nothing usable is; of tls the
                        * placeholder then */
    char *present_from; /* "Smtp:Host, .env:3", or why there is none; NULL before
                         * answers_take_present */
    char *wanted;      /* asked for; NULL: not yet */
    char *wanted_from; /* "typed", or "kept: " and where it was in force when it was asked for */
    bool secret;
};

/* Zeroed is empty. */
struct answers {
    struct answer *items; /* one a variable, in the order of the specs */
    size_t count;
};

/* Begins without any value. False with err, and empty, for a variable of another name. */
bool answers_init(struct answers *answers, const struct variable_spec *specs, size_t nspecs,
                  struct error *err);
void answers_clear(struct answers *answers);

/* Takes what is in force, here and again once the settings were read anew; what is wanted
 * stays. A URL is secret where its key is (settings_is_secret) and where none is known. */
void answers_take_present(struct answers *answers, const struct target *target);

/* What the engineer wants for a variable, be it the present value that was accepted. By the
 * platform's rules: a host as host_read takes it, a port from 1 to 65535 in decimal digits,
 * since int.TryParse takes no others, an https URL, for tls what bool.Parse takes. False with err, one line, and nothing
 * changed, otherwise and for a secret. */
bool answers_set(struct answers *answers, const char *name, const char *text, struct error *err);

/* The same of an earlier program, which had it from there; NULL: not known. */
bool answers_recall(struct answers *answers, const char *name, const char *text,
                    const char *from);

/* Forgets what was wanted. */
void answers_forget(struct answers *answers);

/* What stands for a variable in a step that only looks (the present value), or in one that
 * changes something (the one wanted; a secret: its placeholder). NULL where there is none,
 * which blocks the step. *from says where it comes from, or what is missing; the caller
 * frees it. */
const char *answers_value(const struct answers *answers, const char *name, bool changes,
                          char **from);

/* The answer of a variable, or NULL. */
const struct answer *answers_find(const struct answers *answers, const char *name);

#endif
