#include "cli/sheet_json.h"

#include "cli/sources_json.h"
#include "cli/version.h"

#include <stdlib.h>

enum {
    SCHEMA_VERSION = 1,
    REAL_DIGITS = 14 /* enough for the microseconds in 24 hours of milliseconds */
};

void sheet_put_head(json_t *object, const struct sheet *sheet)
{
    char started[21];

    clock_format_utc(sheet->started, started);
    json_object_set_new(object, "schema_version", json_integer(SCHEMA_VERSION));
    json_object_set_new(object, "tool_version", json_string(STELLA_VERSION));
    json_object_set_new(object, "host", json_string(sheet->host));
    json_object_set_new(object, "vantage", json_string(sheet->session->vantage));
    json_object_set_new(object, "started_at", json_string(started));
    json_object_set_new(object, "sources", settings_sources_json(sheet->session->settings));
}

static json_t *summary_json(const struct tally *tally)
{
    json_t *object = json_object();

    for (int i = 0; i < OUTCOMES; i++)
        json_object_set_new(object, outcome_name((enum outcome)i),
                            json_integer((json_int_t)tally->outcomes[i]));
    json_object_set_new(object, "passed_with_warnings", json_integer((json_int_t)tally->warned));
    return object;
}

void sheet_put_end(json_t *object, const struct sheet *sheet)
{
    char *why = sheet_why_warn(sheet);

    json_object_set_new(object, "summary", summary_json(&sheet->tally));
    if (sheet->options->until_pass)
        json_object_set_new(object, "rounds",
                            json_pack("{s:I, s:I, s:I}", "run", (json_int_t)sheet->rounds,
                                      "passed_in_a_row", (json_int_t)sheet->passes, "wanted",
                                      (json_int_t)sheet->options->until_pass));
    if (sheet->cut.text[0])
        json_object_set_new(object, "cut", json_string(sheet->cut.text));
    if (sheet->journal.text[0])
        json_object_set_new(object, "journal", json_string(sheet->journal.text));
    json_object_set_new(object, "exit_code", json_integer(sheet->exit_status));
    if (why)
        json_object_set_new(object, "exit_reason", json_string(why));
    free(why);
}

void json_print_line(json_t *value, FILE *out)
{
    json_dumpf(value, out, JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS));
    fputc('\n', out);
    json_decref(value);
}
