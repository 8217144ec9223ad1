#include "cli/writer.h"

const struct writer *writer_find(enum format format)
{
    static const struct writer *const writers[] = {
        [FORMAT_TEXT] = &write_text,
        [FORMAT_JSON] = &write_json,
        [FORMAT_JSONL] = &write_jsonl,
        [FORMAT_JUNIT] = &write_junit,
        [FORMAT_NAGIOS] = &write_nagios,
        [FORMAT_PROMETHEUS] = &write_prometheus,
        [FORMAT_MARKDOWN] = &write_markdown,
    };
    return writers[format];
}

bool result_is_problem(const struct result *result)
{
    return result->outcome == OUTCOME_FAIL || result->outcome == OUTCOME_ERROR ||
           findings_warn(&result->findings);
}

bool sheet_shows(const struct sheet *sheet, const struct result *result)
{
    return !sheet->options->only_problems || result_is_problem(result);
}

const struct result *sheet_next(const struct sheet *sheet, size_t *index)
{
    while (*index < sheet->count) {
        const struct result *result = sheet->results[(*index)++];
        if (sheet_shows(sheet, result))
            return result;
    }
    return NULL;
}

char *sheet_why_warn(const struct sheet *sheet)
{
    if (sheet->exit_status != EXIT_STATUS_WARN)
        return NULL;
    return tally_why_warn(&sheet->tally, (const struct result *const *)sheet->results,
                          sheet->count);
}
