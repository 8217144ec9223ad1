/* A growable byte buffer that always ends in a NUL, so data is a C string
 * where no NUL was appended. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct buf {
    char *data; /* never NULL after the first append; NULL before */
    size_t len; /* bytes, without the closing NUL */
    size_t capacity;
};

/* Starts empty; nothing is allocated. A zeroed struct is an empty buffer too. */
void buf_init(struct buf *buf);

/* Frees the bytes and starts empty again. */
void buf_clear(struct buf *buf);

/* Appends the n bytes at data. */
void buf_add(struct buf *buf, const void *data, size_t n);

/* Appends a C string. */
void buf_puts(struct buf *buf, const char *text);

/* Appends one byte. */
void buf_putc(struct buf *buf, char c);

/* Appends printf-like. */
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Hands the bytes over as a C string ("" when empty); the caller frees it and
 * the buffer is empty again. */
char *buf_take(struct buf *buf);

#endif
