#include "noted.h"

#include "base/buf.h"
#include "numeric.h"
#include "temporary.h"

#include <check.h>
#include <stdio.h>

static const char *directory;
static struct buf journal;
static struct incident incident;

void noted_setup(void)
{
    use_decimal_points();
    directory = temporary_directory();
}

void noted_teardown(void)
{
    buf_clear(&journal);
    temporary_remove();
}

void noted_add(const char *kind, const char *moment, const char *members)
{
    buf_printf(&journal,
               "{\"kind\":\"%s\",\"time\":\"2026-11-24T%s.000Z\",\"pid\":7,%s}\n", kind, moment,
               members);
}

void noted_puts(const char *text)
{
    buf_puts(&journal, text);
}

void noted_read_until(int since_ms, int until_ms)
{
    struct error err = {0};

    temporary_file("journal.jsonl", journal.data ? journal.data : "");
    ck_assert_msg(incident_read(&incident, directory, NOTED_MIDNIGHT_MS + since_ms,
                                NOTED_MIDNIGHT_MS + until_ms, &err),
                  "%s", err.text);
}

void noted_read(int since, int until)
{
    noted_read_until(since * NOTED_HOUR_MS, until * NOTED_HOUR_MS);
}

struct incident *noted_incident(void)
{
    return &incident;
}

char *noted_print(enum incident_format format)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    incident_print(&incident, format, "1.0", out);
    incident_clear(&incident);
    fclose(out);
    return text;
}
