/* One JSON object on one line: data/schemas/run.schema.json. */
#include "cli/result_json.h"
#include "cli/sheet_json.h"

static void write_end(struct sheet *sheet)
{
    json_t *run = json_object(), *results = json_array();
    const struct result *result;
    size_t i = 0;

    sheet_put_head(run, sheet);
    sheet_put_end(run, sheet);
    while ((result = sheet_next(sheet, &i)))
        json_array_append_new(results, result_json(result, sheet->options->program));
    json_object_set_new(run, "results", results);
    json_print_line(run, sheet->out);
}

const struct writer write_json = {.end = write_end};
