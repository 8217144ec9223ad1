/* Recorded conversations with mail servers, tests/fuzz/conversations/: what the
 * unit test of probe/smtp.h replays, and what its fuzz target starts from.
 *
 *     # a comment; empty lines count for nothing
 *     S: 220 mail.example.com ESMTP    a line of the server; CR LF is added
 *     S+ 220 mail                      bytes of the server as they are
 *     S*100 A                          the same bytes, 100 times
 *     C: EHLO [192.0.2.1]              a line the program has sent by now
 *     T:                               TLS begins here; before all else: from the
 *                                      first byte
 *     @ 1500                           now it is 1500 ms after the connection
 *     X: closed                        how it ends: closed, reset, lost or silent
 *     F: no-greeting: out of time      the findings, one a line, in order
 *
 * Bytes of the server may be written \r, \n, \\ and \xHH. Where no X: stands
 * the program is the one to end it. */
#ifndef TESTS_FUZZ_CONVERSATION_H
#define TESTS_FUZZ_CONVERSATION_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum conversation_kind {
    CONVERSATION_SERVER, /* S: S+ S* */
    CONVERSATION_CLIENT,
    CONVERSATION_TLS,
    CONVERSATION_TIME,
    CONVERSATION_END,
    CONVERSATION_FINDING,
    CONVERSATION_COMMENT,
    CONVERSATION_OTHER /* a line that is none of these */
};

/* Up to this many bytes are made of one S* line. */
enum { CONVERSATION_REPEATED_BYTES = 100000 };

static inline int conversation_hex(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) : -1;
}

/* The bytes that the n characters at text stand for. */
static inline void conversation_unescape(struct buf *bytes, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char next = i + 1 < n ? text[i + 1] : '\0';
        if (text[i] != '\\' || !next) {
            buf_putc(bytes, text[i]);
        } else if (next == 'x' && i + 3 < n && conversation_hex(text[i + 2]) >= 0 &&
                   conversation_hex(text[i + 3]) >= 0) {
            int byte = conversation_hex(text[i + 2]) * 16 + conversation_hex(text[i + 3]);
            buf_putc(bytes, (char)byte);
            i += 3;
        } else {
            buf_putc(bytes, next == 'r' ? '\r' : next == 'n' ? '\n' : next);
            i++;
        }
    }
}

static inline void conversation_repeat(struct buf *bytes, const char *line, size_t n)
{
    struct buf number = {0}, piece = {0};
    const char *blank = memchr(line, ' ', n);
    size_t start = blank ? (size_t)(blank - line) + 1 : n;

    buf_add(&number, line, n);
    size_t count = strtoul(number.data, NULL, 10);
    conversation_unescape(&piece, line + start, n - start);
    if (piece.len > 0 && count > CONVERSATION_REPEATED_BYTES / piece.len)
        count = CONVERSATION_REPEATED_BYTES / piece.len;
    for (size_t i = 0; i < count && piece.len > 0; i++)
        buf_add(bytes, piece.data, piece.len);
    buf_clear(&number);
    buf_clear(&piece);
}

/* Reads the line of n characters: its kind, and in bytes, which is emptied first,
 * what it says: the server's bytes, else the text behind the mark. */
static inline enum conversation_kind conversation_read(const char *line, size_t n,
                                                       struct buf *bytes)
{
    static const char marks[][2] = {
        [CONVERSATION_SERVER] = "S:", [CONVERSATION_CLIENT] = "C:", [CONVERSATION_TLS] = "T:",
        [CONVERSATION_TIME] = "@ ",   [CONVERSATION_END] = "X:",    [CONVERSATION_FINDING] = "F:",
    };
    size_t text = n > 2 && line[2] == ' ' ? 3 : 2;

    buf_clear(bytes);
    if (n == 0 || line[0] == '#')
        return CONVERSATION_COMMENT;
    if (n >= 2 && memcmp(line, "S*", 2) == 0) {
        conversation_repeat(bytes, line + 2, n - 2);
        return CONVERSATION_SERVER;
    }
    if (n >= 2 && (memcmp(line, "S:", 2) == 0 || memcmp(line, "S+", 2) == 0)) {
        conversation_unescape(bytes, line + text, n - text);
        if (line[1] == ':')
            buf_puts(bytes, "\r\n");
        return CONVERSATION_SERVER;
    }
    for (int kind = 0; kind < CONVERSATION_COMMENT; kind++)
        if (n >= 2 && memcmp(line, marks[kind], 2) == 0) {
            buf_add(bytes, line + text, n - text);
            return (enum conversation_kind)kind;
        }
    return CONVERSATION_OTHER;
}

#endif
