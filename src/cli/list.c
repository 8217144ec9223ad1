#include "cli/list.h"

#include "base/mem.h"
#include "base/text.h"
#include "cli/commands.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void print_check(const struct report *report, const struct check *check, int width)
{
    report_print(report, STYLE_PLAIN, "%-4s  %-*s  %s  [", severity_name(check->head.severity),
                 width, check->id, check->head.title);
    for (size_t i = 0; i < check->head.ntags; i++)
        report_print(report, STYLE_DIM, "%s%s", i ? ", " : "", check->head.tags[i]);
    report_print(report, STYLE_PLAIN, "]\n");
}

static void print_text(const struct report *report, const struct check *const *checks, size_t count)
{
    const char *plugin = "";
    int width = 0;

    for (size_t i = 0; i < count; i++)
        if (text_cols(checks[i]->id) > width)
            width = text_cols(checks[i]->id);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(plugin, checks[i]->head.plugin) != 0)
            report_print(report, STYLE_STRONG, "%s\n", checks[i]->head.plugin);
        plugin = checks[i]->head.plugin;
        print_check(report, checks[i], width);
    }
}

static json_t *check_json(const struct check *check, const char *program)
{
    char *show = mem_printf("%s show %s", program, check->id);
    json_t *tags = json_array();

    for (size_t i = 0; i < check->head.ntags; i++)
        json_array_append_new(tags, json_string(check->head.tags[i]));
    json_t *object = json_pack("{s:s, s:s, s:o, s:s, s:s, s:b, s:s}", "id", check->id, "plugin",
                               check->head.plugin, "tags", tags, "severity",
                               severity_name(check->head.severity), "title", check->head.title,
                               "wired", check_is_wired(check), "article", show);
    if (check_is_wired(check))
        json_object_set_new(object, "timeout_ms", json_integer(check->timeout_us / CLOCK_MS));
    free(show);
    return object;
}

static void print_json(const struct catalog *catalog, const struct check *const *checks,
                       size_t count, const char *program)
{
    json_t *list = json_array(), *problems = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, check_json(checks[i], program));
    for (size_t i = 0; i < catalog_problem_count(catalog); i++)
        json_array_append_new(problems, json_string(catalog_problem(catalog, i)));
    json_t *root = json_pack("{s:i, s:o, s:o}", "schema_version", 1, "checks", list, "problems",
                             problems);
    json_dumpf(root, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(root);
}

int command_list(struct session *session, const struct options *options)
{
    const struct report report = command_open_report(options);
    size_t count;
    const struct check **checks = command_select(session, options, &count);

    if (!checks)
        return EXIT_STATUS_UNKNOWN;
    if (command_speaks_json(options))
        print_json(session->catalog, checks, count, options->program);
    else
        print_text(&report, checks, count);
    free(checks);
    return command_close_output(options, EXIT_STATUS_OK);
}
