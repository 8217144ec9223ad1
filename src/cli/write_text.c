/* For people, as it happens. */
#include "base/mem.h"
#include "cli/report.h"
#include "cli/writer.h"

#include <stdlib.h>

static void write_begin(struct sheet *sheet)
{
    const struct options *options = sheet->options;

    sheet->state = mem_zalloc(sizeof(struct report));
    report_init(sheet->state, sheet->out, options->program, options->no_color, options->ascii);
}

/* --quiet: what went wrong, in a headline, with what that does not prove; of what is well
 * nothing is said, so that there is nothing to hedge. */
static void write_result(struct sheet *sheet, const struct result *result)
{
    if (!sheet->options->quiet)
        report_result(sheet->state, result);
    else if (result_is_problem(result))
        report_brief(sheet->state, result);
    fflush(sheet->out);
}

static void write_end(struct sheet *sheet)
{
    const struct report *report = sheet->state;

    if (!sheet->options->quiet) {
        report_summary(report, &sheet->tally, sheet->session->vantage);
        if (sheet->options->until_pass)
            report_print(report, STYLE_PLAIN,
                         "the last of %zu rounds; %zu of %zu passed in a row\n", sheet->rounds,
                         sheet->passes, sheet->options->until_pass);
        report_why_warn(report, sheet_why_warn(sheet));
    }
    free(sheet->state);
}

const struct writer write_text = {
    .begin = write_begin, .result = write_result, .end = write_end};
