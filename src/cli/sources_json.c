#include "cli/sources_json.h"

static const char *status_name(enum source_status status)
{
    static const char *const names[] = {
        [SOURCE_OK] = "ok", [SOURCE_ABSENT] = "absent", [SOURCE_ERROR] = "error"};
    return names[status];
}

static json_t *fault_json(const struct fault *fault)
{
    json_t *object = json_object();

    json_object_set_new(object, "class", json_string(fault_name(fault->kind)));
    if (fault->line > 0)
        json_object_set_new(object, "line", json_integer(fault->line));
    json_object_set_new(object, "message", json_string(fault->reason.text));
    return object;
}

static json_t *source_json(const struct source *source)
{
    json_t *object = json_object();

    json_object_set_new(object, "kind", json_string(source->kind));
    if (source->path)
        json_object_set_new(object, "path", json_string(source->path));
    if (source->note)
        json_object_set_new(object, "note", json_string(source->note));
    json_object_set_new(object, "status", json_string(status_name(source->status)));
    if (source->fault.kind != FAULT_NONE)
        json_object_set_new(object, "error", fault_json(&source->fault));
    return object;
}

json_t *settings_sources_json(const struct settings *settings)
{
    json_t *array = json_array();

    for (size_t i = 0; i < settings_source_count(settings); i++)
        json_array_append_new(array, source_json(settings_source(settings, i)));
    return array;
}
