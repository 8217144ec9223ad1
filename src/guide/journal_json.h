/* Events as lines of the journal, and back. One table has their members. */
#ifndef GUIDE_JOURNAL_JSON_H
#define GUIDE_JOURNAL_JSON_H

#include "guide/journal_event.h"
#include "settings/settings.h"

#include <jansson.h>

/* What of an event is kept; the rest is cut, and says so with "...". Together they
 * stay below JOURNAL_LINE_BYTES. */
enum {
    JOURNAL_TEXT_BYTES = 480,     /* of a text of one line */
    JOURNAL_COMMAND_BYTES = 8192,
    JOURNAL_OUTPUT_BYTES = 2048,  /* the last ones */
    JOURNAL_LIST_ITEMS = 16,
    JOURNAL_CAUSES = 8,
    JOURNAL_LINE_BYTES = 65536
};

/* The event as an object, clean, masked and cut. In its texts also the secret values of
 * settings are masked, which may be NULL: not in its words, such as the id of a check,
 * by which it is found again. The caller owns the reference. */
json_t *journal_event_json(const struct journal_event *event, struct settings *settings);

/* The same of its causes alone, and of a time. The caller releases them. */
json_t *journal_causes_json(const struct journal_event *event, struct settings *settings);
json_t *journal_time_json(int64_t ms);

/* An event with what its members point to. */
struct journal_entry {
    struct journal_event event;
    json_t *texts;
};

enum journal_reading {
    JOURNAL_GOOD,
    JOURNAL_UNKNOWN, /* an event of a kind from later on */
    JOURNAL_BAD      /* no event, or a member is missing, of another type or no known word */
};

/* Reads the text of a line, size bytes; clear the entry in any case. */
enum journal_reading journal_entry_read(struct journal_entry *entry, const char *text, size_t size);
void journal_entry_clear(struct journal_entry *entry);

#endif
