/* Errors are values: whoever knows fills one, callers add context on the way
 * up, and only main prints it. One line: what, where (file:line), what to do. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

enum { ERROR_TEXT_SIZE = 512 };

/* An empty text means no error. A longer text is cut at a whole character. */
struct error {
    char text[ERROR_TEXT_SIZE];
};

/* Sets the text, printf-like. err may be NULL. */
void error_set(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "context: " before the text, printf-like. err may be NULL. */
void error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
