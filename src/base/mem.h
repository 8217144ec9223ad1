/* Memory that cannot fail: when none is left the program says so on stderr
 * and aborts, which also runs the crash handler that restores the terminal. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

/* A zeroed block of size bytes; the caller frees it with free(3). */
void *mem_zalloc(size_t size);

/* realloc(3) that never returns NULL; size must not be 0. */
void *mem_realloc(void *block, size_t size);

/* A heap copy of text, or NULL for NULL; the caller frees it. */
char *mem_strdup(const char *text);

/* A heap copy of the n bytes at text, closed with a NUL; the caller frees it. */
char *mem_strndup(const char *text, size_t n);

/* printf(3) into a heap string; the caller frees it. */
char *mem_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same with a list of arguments. */
char *mem_vprintf(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/* Room for one more item in an array of count items of size bytes each.
 * Returns the array, moved where needed; capacity doubles at powers of two,
 * so it needs no field of its own. The new item is not initialised. */
void *mem_grow(void *items, size_t count, size_t size);

#endif
