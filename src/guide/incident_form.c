#include "guide/incident_form.h"

#include "base/markdown.h"
#include "base/mem.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_INDENT = 2, SECOND_MS = 1000, MINUTE_MS = 60000, HOUR_MS = 3600000, DAY_MS = 86400000 };

__attribute__((format(printf, 2, 0)))
static void put(struct note *note, const char *format, va_list args)
{
    char *text = mem_vprintf(format, args);

    if (note->markdown)
        markdown_put_text(note->out, text);
    else
        fputs(text, note->out);
    fputc('\n', note->out);
    note->parted = false;
    free(text);
}

static void part(struct note *note)
{
    if (!note->parted)
        fputc('\n', note->out);
    note->parted = true;
}

void note_title(struct note *note, const char *format, ...)
{
    va_list args;

    if (note->told)
        return;
    fputs(note->markdown ? "# " : "", note->out);
    va_start(args, format);
    put(note, format, args);
    va_end(args);
    part(note);
}

void note_heading(struct note *note, const char *format, ...)
{
    va_list args;

    if (note->told)
        return;
    part(note);
    fputs(note->markdown ? "## " : "", note->out);
    va_start(args, format);
    put(note, format, args);
    va_end(args);
    if (note->markdown)
        part(note);
}

void note_state(struct note *note, const char *state, const char *format, ...)
{
    va_list args;

    if (note->told)
        return;
    fprintf(note->out, note->markdown ? "- **%s** " : "%s  ", state);
    va_start(args, format);
    put(note, format, args);
    va_end(args);
}

void note_line(struct note *note, const char *format, ...)
{
    va_list args;

    if (note->told)
        return;
    if (note->markdown)
        part(note);
    va_start(args, format);
    put(note, format, args);
    va_end(args);
}

void note_item(struct note *note, const char *format, ...)
{
    va_list args;

    if (note->told)
        return;
    fputs(note->markdown ? "- " : "  ", note->out);
    va_start(args, format);
    put(note, format, args);
    va_end(args);
}

void note_time(struct journal_word time, char text[static NOTE_TIME_BYTES])
{
    snprintf(text, NOTE_TIME_BYTES, "%.19sZ", time.size >= 19 ? time.text : "");
}

char *note_duration(int64_t ms)
{
    int64_t days = ms / DAY_MS, hours = ms / HOUR_MS % 24, minutes = ms / MINUTE_MS % 60;

    if (days > 0)
        return mem_printf("%" PRId64 " d %" PRId64 " h", days, hours);
    if (hours > 0)
        return mem_printf("%" PRId64 " h %" PRId64 " min", hours, minutes);
    if (minutes > 0)
        return mem_printf("%" PRId64 " min", minutes);
    return mem_printf("%" PRId64 " s", ms > 0 ? ms / SECOND_MS : 0);
}

__attribute__((format(printf, 1, 0)))
static json_t *text_json(const char *format, va_list args)
{
    char *text = mem_vprintf(format, args);
    json_t *json = json_string(text);

    free(text);
    return json;
}

static json_t *last_told(const struct note *note)
{
    return json_array_get(note->told, json_array_size(note->told) - 1);
}

static void tell_detail(struct note *note, json_t *text)
{
    json_t *details = json_object_get(last_told(note), "details");

    if (!details) {
        details = json_array();
        json_object_set_new(last_told(note), "details", details);
    }
    json_array_append_new(details, text);
}

void note_event(struct note *note, struct journal_word time, const char *format, ...)
{
    char text[NOTE_TIME_BYTES];
    va_list args;

    note_time(time, text);
    va_start(args, format);
    if (note->told) {
        json_array_append_new(note->told, json_pack("{s:s%, s:o}", "time", time.text, time.size,
                                                    "text", text_json(format, args)));
    } else {
        fprintf(note->out, note->markdown ? "- %s: " : "  %s  ", text);
        put(note, format, args);
    }
    va_end(args);
}

void note_detail(struct note *note, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (note->told) {
        tell_detail(note, text_json(format, args));
    } else {
        fputs(note->markdown ? "  - " : "    ", note->out);
        put(note, format, args);
    }
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
void note_code(struct note *note, const char *name, const char *text)
{
    char *shown = text_sanitise(text, strlen(text), TEXT_KEEP_LINES);

    if (note->told)
        json_object_set_new(last_told(note), name, json_string(shown));
    else if (note->markdown)
        markdown_put_code(note->out, CODE_INDENT, "", shown);
    else
        print_code(note->out, shown);
    free(shown);
}
