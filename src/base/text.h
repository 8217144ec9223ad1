/* Text from elsewhere, made safe, measured and cut. All strings are UTF-8. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes the character at s (n > 0 bytes) into *c and returns its bytes.
 * An invalid or overlong sequence, a surrogate or a value past U+10FFFF gives
 * U+FFFD for one byte (RFC 3629). */
size_t text_decode(const char *s, size_t n, uint32_t *c);

/* Writes the UTF-8 of c and a NUL to bytes; returns how many without the NUL. */
size_t text_encode(uint32_t c, char bytes[static 5]);

/* The number that n < 8 hexadecimal digits in either case make; -1 where one of the bytes
 * is none, behind which nothing is read. */
long text_hex(const char *digits, size_t n);

/* Takes the last character off a text; nothing off an empty one. */
void text_chop(char *text);

/* Columns a character takes on a terminal: 0, 1 or 2 (wcwidth(3); 1 where the
 * locale does not know it). */
int text_char_cols(uint32_t c);

/* Columns a whole string, or n bytes, take. */
int text_cols(const char *s);
int text_cols_n(const char *s, size_t n);

/* The bytes of the longest prefix of s that fits in cols columns, zero-width
 * characters at its end included. *used, if not NULL, gets its columns. */
size_t text_fit(const char *s, int cols, int *used);

enum text_keep { TEXT_ONE_LINE, TEXT_KEEP_LINES, TEXT_KEEP_TABS };

/* The one sanitiser for foreign bytes: a heap copy in which every C0 control,
 * DEL, C1, invalid UTF-8 byte, bidi control, zero-width or tag character and
 * line separator is spelled out in ASCII (\n, \x1b, \u202e). TEXT_KEEP_LINES
 * passes line feeds, drops the CR before one and makes tabs four-column stops;
 * TEXT_KEEP_TABS passes these too. The caller frees it. */
char *text_sanitise(const char *bytes, size_t n, enum text_keep keep);

/* A heap copy with every non-ASCII character replaced by the nearest ASCII
 * ("-" for dashes, quotes, "..." for an ellipsis, "*" for bullets, else "?"). */
char *text_ascii(const char *s);

/* Lower case of the letters A-Z alone, whatever the locale is (tolower(3)
 * and strcasecmp(3) miss "I" in a Turkish one). */
char text_fold(char c);

/* Equal when folded by text_fold. */
bool text_fold_equal(const char *a, const char *b);

/* Compare and find a part, folded by text_fold. */
bool text_fold_contains(const char *text, const char *part);

/* The candidate nearest to word by edit distance (folded), or NULL where none
 * is near enough to be a slip of the fingers (more than a third of word). */
const char *text_nearest(const char *word, const char *const *candidates, size_t count);

#endif
