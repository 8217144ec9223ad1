/* Inside the settings room: secrets that no name tells of, but their own form or the
 * command that they are given to. */
#ifndef SETTINGS_MASK_SHAPE_H
#define SETTINGS_MASK_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

/* What begins at a place: the bytes that stay, and the secret ones behind them. */
struct mask_shape {
    size_t shown, hidden;
};

/* A place in a text where a word begins, or a sign that is none. */
struct mask_place {
    const char *at;
    const char *line; /* where its line begins */
    char quote;       /* that is open there, or NUL: no secret goes beyond it */
};

/* Whether one of these is there:
 *     AUTH PLAIN xxx     Bearer xxx     Basic xxx       (SMTP, HTTP)
 *     curl -u xxx        swaks -ap xxx  sshpass -p xxx  -passin xxx    pass:xxx
 *     user:xxx@host      hooks.slack.com/xxx            <Password>xxx</Password>
 *     -----BEGIN PRIVATE KEY----- and what follows up to its end */
bool mask_find_shape(const struct mask_place *place, struct mask_shape *shape);

/* Bytes of text before the end of a private key whose beginning is not in it; else 0. */
size_t mask_headless_key(const char *text);

#endif
