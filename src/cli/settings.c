#include "cli/settings.h"

#include "base/mem.h"
#include "cli/commands.h"
#include "cli/report.h"
#include "cli/sources_json.h"
#include "settings/view.h"
#include "settings/warnings.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { COLS = 100 };

/* What the command answers for. */
struct question {
    const struct settings *settings;
    struct target target;
    char **keys;
    size_t nkeys;
};

static json_t *origin_json(int layer, int line)
{
    json_t *origin = json_pack("{s:i}", "source", layer);

    if (line)
        json_object_set_new(origin, "line", json_integer(line));
    return origin;
}

static json_t *smtp_json(const struct target *target)
{
    json_t *smtp = json_object();

    if (target->state == TARGET_OK) {
        json_object_set_new(smtp, "host", json_string(target->host));
        json_object_set_new(smtp, "port", json_integer(target->port));
        json_object_set_new(smtp, "port_key",
                            target->port_key ? json_string(target->port_key) : json_null());
    }
    if (target->host_key) {
        json_object_set_new(smtp, "host_key", json_string(target->host_key));
        json_object_set_new(smtp, "host_from", origin_json(target->host_layer, target->host_line));
    }
    if (target->port_key) {
        json_object_set_new(smtp, "port_key", json_string(target->port_key));
        json_object_set_new(smtp, "port_from", origin_json(target->port_layer, target->port_line));
    }
    if (target->fault) {
        json_t *error = json_pack("{s:s}", "class", fault_name(target->fault));
        if (target->fault_key)
            json_object_set_new(error, "key", json_string(target->fault_key));
        json_object_set_new(error, "message", json_string(target->reason));
        json_object_set_new(smtp, "error", error);
    }
    return smtp;
}

static json_t *values_json(const struct setting_value *values, size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++) {
        json_t *value = json_object();
        json_object_set_new(value, "value",
                            values[i].shown ? json_string(values[i].shown) : json_null());
        json_object_set_new(value, "from", origin_json(values[i].layer, values[i].line));
        json_array_append_new(array, value);
    }
    return array;
}

static json_t *setting_json(const struct setting *setting)
{
    static const char *const states[] = {[SETTING_MISSING] = "missing",
                                         [SETTING_NULL] = "null",
                                         [SETTING_EMPTY] = "empty",
                                         [SETTING_TEXT] = "value",
                                         [SETTING_AMBIGUOUS] = "ambiguous"};
    json_t *object = json_pack("{s:s, s:s}", "key", setting->key, "state", states[setting->state]);

    if (setting->state == SETTING_TEXT || setting->state == SETTING_EMPTY)
        json_object_set_new(object, "value", json_string(setting->shown));
    if (setting->layer >= 0)
        json_object_set_new(object, "from", origin_json(setting->layer, setting->line));
    if (setting->nhidden)
        json_object_set_new(object, "hidden", values_json(setting->hidden, setting->nhidden));
    if (setting->ncandidates)
        json_object_set_new(object, "candidates",
                            values_json(setting->candidates, setting->ncandidates));
    return object;
}

/* Nothing of what other sources say may pass for the platform's answer. */
static json_t *settings_json(const struct question *question)
{
    json_t *array = json_array();

    for (size_t i = 0; i < question->nkeys && !settings_failure(question->settings); i++) {
        struct setting setting = settings_get(question->settings, question->keys[i]);
        json_array_append_new(array, setting_json(&setting));
        setting_clear(&setting);
    }
    return array;
}

static json_t *warnings_json(const struct settings *settings)
{
    struct settings_warnings warnings = {0};
    json_t *array = json_array();

    settings_collect_warnings(settings, &warnings);
    for (size_t i = 0; i < warnings.count; i++) {
        const struct settings_warning *warning = &warnings.items[i];
        json_array_append_new(
            array, json_pack("{s:s, s:s, s:o, s:s}", "code", warning->code, "key", warning->key,
                             "from", origin_json(warning->layer, warning->line), "message",
                             warning->message));
    }
    settings_warnings_clear(&warnings);
    return array;
}

static json_t *notes_json(const struct settings *settings)
{
    json_t *array = json_array();

    for (size_t i = 0; i < settings_note_count(settings); i++)
        json_array_append_new(array, json_string(settings_note(settings, i)));
    return array;
}

static void print_json(const struct question *question)
{
    const struct settings *settings = question->settings;
    json_t *root = json_pack("{s:i, s:o, s:o, s:o, s:o, s:o}", "schema_version", 1, "sources",
                             settings_sources_json(settings), "discovery", notes_json(settings),
                             "smtp", smtp_json(&question->target), "settings",
                             settings_json(question), "warnings", warnings_json(settings));

    json_dumpf(root, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(root);
}

static void print_text(const struct question *question, const struct options *options)
{
    struct rows rows = {0};
    struct report report;

    report_init(&report, stdout, options->program, options->no_color, options->ascii);
    settings_layout(question->settings, &question->target, question->keys, question->nkeys, COLS,
                    &rows);
    report_rows(&report, &rows);
    rows_clear(&rows);
}

static void ask(struct question *question, const struct session *session,
                const struct check *check, const struct strings *words)
{
    const char *const *host_keys = (const char *const *)check->keys;

    question->settings = session->settings;
    check_target(check, session->settings, &question->target);
    if (words->count == 0) {
        question->keys = settings_keys_beside(session->settings, host_keys, check->nkeys,
                                              &question->nkeys);
        return;
    }
    question->keys = mem_zalloc(words->count * sizeof *question->keys);
    for (; question->nkeys < words->count; question->nkeys++)
        question->keys[question->nkeys] = mem_strdup(words->items[question->nkeys]);
}

static void question_clear(struct question *question)
{
    for (size_t i = 0; i < question->nkeys; i++)
        free(question->keys[i]);
    free(question->keys);
    target_clear(&question->target);
}

static int exit_status(const struct question *question)
{
    if (settings_failure(question->settings) || question->target.state == TARGET_UNKNOWN)
        return EXIT_STATUS_UNKNOWN;
    return question->target.state == TARGET_INVALID ? EXIT_STATUS_WARN : EXIT_STATUS_OK;
}

int command_settings(struct session *session, const struct options *options)
{
    const struct check *check = session_mail_check(session);
    struct question question = {0};

    if (!check)
        return command_complain(options, "there is no check with keys for a host");
    ask(&question, session, check, &options->words);
    if (options->format == FORMAT_JSON)
        print_json(&question);
    else
        print_text(&question, options);
    int status = exit_status(&question);
    question_clear(&question);
    return command_close_output(options, status);
}
