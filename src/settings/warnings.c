#include "settings/warnings.h"

#include "base/mem.h"
#include "base/text.h"
#include "settings/raw.h"

#include <stdlib.h>
#include <string.h>

void settings_warnings_clear(struct settings_warnings *warnings)
{
    for (size_t i = 0; i < warnings->count; i++) {
        free(warnings->items[i].key);
        free(warnings->items[i].source);
        free(warnings->items[i].message);
    }
    free(warnings->items);
    *warnings = (struct settings_warnings){0};
}

void settings_warnings_add(struct settings_warnings *warnings, const struct settings *settings,
                           const char *code, const char *key, int layer, int line,
                           const char *message)
{
    struct raw_setting place = {.layer = layer, .line = line};

    warnings->items = mem_grow(warnings->items, warnings->count, sizeof *warnings->items);
    warnings->items[warnings->count++] =
        (struct settings_warning){.code = code,
                                  .key = text_sanitise(key, strlen(key), TEXT_ONE_LINE),
                                  .source = settings_describe_source(settings, &place),
                                  .layer = layer,
                                  .line = line,
                                  .message = mem_strdup(message)};
}

void settings_collect_warnings(const struct settings *settings, struct settings_warnings *warnings)
{
    for (size_t i = 0; i < settings->warnings.count; i++) {
        const struct settings_warning *found = &settings->warnings.items[i];
        settings_warnings_add(warnings, settings, found->code, found->key, found->layer,
                              found->line, found->message);
    }
}
