/* The tokens of JSON as .NET's Utf8JsonReader cuts them: RFC 8259 with // and
 * block comments between tokens. The order of tokens is the caller's matter. */
#ifndef SETTINGS_JSONTOKEN_H
#define SETTINGS_JSONTOKEN_H

#include "base/buf.h"
#include "settings/jsontext.h"

enum json_token {
    JSON_BAD,
    JSON_END,
    JSON_TEXT,
    JSON_NUMBER,
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL,
    /* The signs are their own characters. */
    JSON_COMMA = ',',
    JSON_COLON = ':',
    JSON_OPEN_ARRAY = '[',
    JSON_CLOSE_ARRAY = ']',
    JSON_OPEN_OBJECT = '{',
    JSON_CLOSE_OBJECT = '}'
};

struct json_scanner {
    const char *next, *end; /* what is still to be read */
    int line;               /* of the token, from 1; LF, CR and CRLF end lines */
    struct span token;      /* as written; a text is without its quotes */
    const char *problem;    /* of JSON_BAD: what is wrong and what to do; a static string */
};

/* Stands before the first token of text, which must outlive the scanner. */
void jsontoken_start(struct json_scanner *scanner, struct span text);

/* Reads the next token. After JSON_BAD or JSON_END it must not be called again. */
enum json_token jsontoken_next(struct json_scanner *scanner);

/* The overlong UTF-8 that stands for U+0000: no C string could carry a NUL, and as
 * invalid UTF-8 it is neither taken for something else nor printed. */
#define JSONTOKEN_NUL "\xC0\x80"

/* Appends the text of the last token, a JSON_TEXT, with its escapes resolved and
 * invalid bytes as U+FFFD; it may be empty. */
void jsontoken_add_text(const struct json_scanner *scanner, struct buf *text);

#endif
