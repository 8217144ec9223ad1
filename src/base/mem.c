#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void out_of_memory(void)
{
    static const char text[] = "stella: out of memory\n";
    ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
    (void)ignored;
    abort();
}

void *mem_zalloc(size_t size)
{
    void *block = calloc(1, size ? size : 1);
    if (!block)
        out_of_memory();
    return block;
}

void *mem_realloc(void *block, size_t size)
{
    void *moved = realloc(block, size);
    if (!moved)
        out_of_memory();
    return moved;
}

char *mem_strndup(const char *text, size_t n)
{
    char *copy = mem_realloc(NULL, n + 1);
    memcpy(copy, text, n);
    copy[n] = '\0';
    return copy;
}

char *mem_strdup(const char *text)
{
    return text ? mem_strndup(text, strlen(text)) : NULL;
}

char *mem_vprintf(const char *format, va_list args)
{
    char *text = NULL;

    if (vasprintf(&text, format, args) < 0)
        out_of_memory();
    return text;
}

char *mem_printf(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = mem_vprintf(format, args);
    va_end(args);
    return text;
}

void *mem_grow(void *items, size_t count, size_t size)
{
    if (count & (count - 1))
        return items;
    size_t capacity = count ? count * 2 : 1;
    if (capacity > SIZE_MAX / size)
        out_of_memory();
    return mem_realloc(items, capacity * size);
}
