#include "guide/incident_print.h"

#include "base/clock.h"
#include "base/markdown.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_INDENT = 2 };

void note_title(struct note *note, const char *title)
{
    fprintf(note->out, note->markdown ? "# %s\n" : "%s\n", title);
}

void note_heading(struct note *note, const char *title)
{
    fprintf(note->out, note->markdown ? "\n## %s\n\n" : "\n%s\n", title);
}

__attribute__((format(printf, 2, 0)))
static void put(struct note *note, const char *format, va_list args)
{
    char *text = mem_vprintf(format, args);

    if (note->markdown)
        markdown_put_text(note->out, text);
    else
        fputs(text, note->out);
    fputc('\n', note->out);
    free(text);
}

void note_line(struct note *note, const char *format, ...)
{
    va_list args;

    if (note->markdown)
        fputc('\n', note->out);
    va_start(args, format);
    put(note, format, args);
    va_end(args);
}

void note_event(struct note *note, const struct journal_event *event, const char *format, ...)
{
    char time[25];
    va_list args;

    clock_format_utc_ms(event->time_ms, time);
    fprintf(note->out, note->markdown ? "- %s: " : "  %s  ", time);
    va_start(args, format);
    put(note, format, args);
    va_end(args);
}

void note_detail(struct note *note, const char *format, ...)
{
    va_list args;

    fputs(note->markdown ? "  - " : "    ", note->out);
    va_start(args, format);
    put(note, format, args);
    va_end(args);
}

static void print_code(FILE *out, const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\n");
        fprintf(out, "      %.*s\n", (int)n, text);
        text += n + (text[n] == '\n');
    }
}

/* To be read, and indented here: its tabs are blanks. */
void note_code(struct note *note, const char *text)
{
    char *shown = text_sanitise(text, strlen(text), TEXT_KEEP_LINES);

    if (note->markdown)
        markdown_put_code(note->out, CODE_INDENT, "", shown);
    else
        print_code(note->out, shown);
    free(shown);
}
