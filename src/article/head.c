#include "article/model.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { DEPTH_MAX = 100, TAGS_MAX = 64, SHOWN_COLS = 40 };

/* One walk over the events of a front matter. */
struct reader {
    yaml_parser_t parser;
    yaml_event_t event; /* the current one, owned */
    int first_line;     /* of the front matter in its file */
    int depth;          /* open lists and mappings */
    unsigned seen;      /* one bit a known key */
    struct article_head *head;
    struct error *err;
};

static const char *const severities[] = {"info", "warn", "fail"};

const char *severity_name(enum severity severity)
{
    return severities[severity];
}

void article_head_clear(struct article_head *head)
{
    free(head->check_id);
    free(head->plugin);
    free(head->title);
    for (size_t i = 0; i < head->ntags; i++)
        free(head->tags[i]);
    free(head->tags);
    *head = (struct article_head){0};
}

static int event_line(const struct reader *reader)
{
    return reader->first_line + (int)reader->event.start_mark.line;
}

/* Where libyaml stopped. Of a byte that it cannot decode it tells only the offset. */
static int problem_line(const struct reader *reader, const struct article_parts *parts)
{
    const yaml_parser_t *parser = &reader->parser;
    int line = reader->first_line;

    if (parser->error != YAML_READER_ERROR)
        return line + (int)parser->problem_mark.line;
    for (size_t i = 0; i < parser->problem_offset && i < parts->yaml_len; i++)
        line += parts->yaml[i] == '\n';
    return line;
}

static bool next_event(struct reader *reader)
{
    yaml_event_delete(&reader->event);
    if (!yaml_parser_parse(&reader->parser, &reader->event))
        return false;
    switch (reader->event.type) {
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        reader->depth++;
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        reader->depth--;
        break;
    default:
        break;
    }
    if (reader->depth <= DEPTH_MAX)
        return true;
    error_set(reader->err, "%d: nested deeper than %d levels: make it flatter", event_line(reader),
              DEPTH_MAX);
    return false;
}

/* Steps over the rest of the value that the current event begins. */
static bool skip_value(struct reader *reader, int depth)
{
    while (reader->depth > depth)
        if (!next_event(reader))
            return false;
    return true;
}

/* A heap copy of the current event's text, or NULL where it has none. */
static char *scalar_text(const struct reader *reader)
{
    const yaml_event_t *event = &reader->event;
    if (event->type != YAML_SCALAR_EVENT || event->data.scalar.length == 0)
        return NULL;
    const char *value = (const char *)event->data.scalar.value;
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (plain && (strcmp(value, "~") == 0 || text_fold_equal(value, "null")))
        return NULL;
    return text_sanitise(value, event->data.scalar.length, TEXT_ONE_LINE);
}

size_t article_id_length(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
}

static bool read_id(struct reader *reader, const char *key, char **id)
{
    *id = scalar_text(reader);
    if (*id && (*id)[article_id_length(*id)] == '\0')
        return true;
    error_set(reader->err, "%d: %s must be a name of letters, digits, \".\", \"_\" and \"-\"",
              event_line(reader), key);
    return false;
}

static bool read_check_id(struct reader *reader, const char *key)
{
    return read_id(reader, key, &reader->head->check_id);
}

static bool read_plugin(struct reader *reader, const char *key)
{
    return read_id(reader, key, &reader->head->plugin);
}

static bool read_severity(struct reader *reader, const char *key)
{
    char *value = scalar_text(reader);

    for (size_t i = 0; value && i < sizeof severities / sizeof *severities; i++) {
        if (strcmp(value, severities[i]) == 0) {
            reader->head->severity = (enum severity)i;
            free(value);
            return true;
        }
    }
    error_set(reader->err, "%d: %s must be info, warn or fail, not \"%.*s\"", event_line(reader),
              key, value ? (int)text_fit(value, SHOWN_COLS, NULL) : 0, value ? value : "");
    free(value);
    return false;
}

static bool has_tag(const struct article_head *head, const char *tag)
{
    for (size_t i = 0; i < head->ntags; i++)
        if (strcmp(head->tags[i], tag) == 0)
            return true;
    return false;
}

/* Takes tag over. A tag that is named twice is kept once. */
static void add_tag(struct article_head *head, char *tag)
{
    if (has_tag(head, tag)) {
        free(tag);
        return;
    }
    head->tags = mem_grow(head->tags, head->ntags, sizeof *head->tags);
    head->tags[head->ntags++] = tag;
}

static bool read_tags(struct reader *reader, const char *key)
{
    struct article_head *head = reader->head;
    int line = event_line(reader);
    bool is_list = reader->event.type == YAML_SEQUENCE_START_EVENT;

    while (is_list) {
        if (!next_event(reader))
            return false;
        if (reader->event.type == YAML_SEQUENCE_END_EVENT)
            break;
        line = event_line(reader);
        char *tag = scalar_text(reader);
        is_list = tag && head->ntags < TAGS_MAX;
        if (is_list)
            add_tag(head, tag);
        else
            free(tag);
    }
    if (is_list && head->ntags > 0)
        return true;
    error_set(reader->err, "%d: %s must be a list of 1 to %d names, as [connectivity, email]", line,
              key, TAGS_MAX);
    return false;
}

static const struct {
    const char *name, *example;
    bool (*read)(struct reader *reader, const char *key);
} keys[] = {
    {"checkId", "check.integration.smtp", read_check_id},
    {"plugin", "stellaops.doctor.integration", read_plugin},
    {"severity", "warn", read_severity},
    {"tags", "[connectivity, email]", read_tags},
};
enum { KEYS = sizeof keys / sizeof *keys };

/* The index of the known key that the current event is, or KEYS. */
static size_t find_key(const struct reader *reader)
{
    const char *name = (const char *)reader->event.data.scalar.value;
    size_t i = 0;
    while (i < KEYS && strcmp(name, keys[i].name) != 0)
        i++;
    return i;
}

/* The current event is a key: reads it and its value. */
static bool read_pair(struct reader *reader)
{
    if (reader->event.type != YAML_SCALAR_EVENT) {
        error_set(reader->err, "%d: a key must be plain text, as in \"key: value\"",
                  event_line(reader));
        return false;
    }
    size_t key = find_key(reader);
    if (key < KEYS && reader->seen & 1u << key) {
        error_set(reader->err, "%d: %s is given twice: keep one", event_line(reader),
                  keys[key].name);
        return false;
    }
    if (!next_event(reader))
        return false;
    if (key == KEYS)
        return skip_value(reader, 1);
    reader->seen |= 1u << key;
    return keys[key].read(reader, keys[key].name);
}

static bool read_pairs(struct reader *reader)
{
    do
        if (!next_event(reader))
            return false;
    while (reader->event.type == YAML_STREAM_START_EVENT ||
           reader->event.type == YAML_DOCUMENT_START_EVENT);
    if (reader->event.type == YAML_STREAM_END_EVENT)
        return true;
    if (reader->event.type != YAML_MAPPING_START_EVENT) {
        error_set(reader->err, "%d: the front matter must be lines of \"key: value\"",
                  event_line(reader));
        return false;
    }
    for (;;) {
        if (!next_event(reader))
            return false;
        if (reader->event.type == YAML_MAPPING_END_EVENT)
            return true;
        if (!read_pair(reader))
            return false;
    }
}

/* libyaml looks behind the mapping only when asked for what follows. */
static bool read_end(struct reader *reader)
{
    while (reader->event.type != YAML_STREAM_END_EVENT)
        if (!next_event(reader))
            return false;
    return true;
}

static bool need_all_keys(const struct reader *reader, const struct article_parts *parts)
{
    for (size_t i = 0; i < KEYS; i++) {
        if (reader->seen & 1u << i)
            continue;
        error_set(reader->err, "%d: %s is missing: add a line \"%s: %s\" above", parts->close_line,
                  keys[i].name, keys[i].name, keys[i].example);
        return false;
    }
    return true;
}

static bool read_front_matter(const struct article_parts *parts, struct article_head *head,
                              struct error *err)
{
    struct reader reader = {.first_line = parts->yaml_line, .head = head, .err = err};

    if (!yaml_parser_initialize(&reader.parser)) {
        error_set(err, "%d: out of memory", parts->yaml_line);
        return false;
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)parts->yaml,
                                 parts->yaml_len);
    bool ok = read_pairs(&reader) && read_end(&reader) && need_all_keys(&reader, parts);
    if (reader.parser.error != YAML_NO_ERROR)
        error_set(err, "%d: not YAML: %s", problem_line(&reader, parts),
                  reader.parser.problem ? reader.parser.problem : "out of memory");
    yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.parser);
    return ok;
}

static size_t count_leading(const char *text, size_t n, const char *set)
{
    size_t i = 0;
    while (i < n && strchr(set, text[i]))
        i++;
    return i;
}

/* The title in a line of Markdown, as "# Title" or "# Title #"; NULL where it
 * is no heading of the first level. */
static char *title_in_line(const char *line, size_t n)
{
    size_t from = count_leading(line, n, " ");
    if (from > 3 || n - from < 2 || line[from] != '#' || !strchr(" \t", line[from + 1]))
        return NULL;
    from++;
    from += count_leading(line + from, n - from, " \t");
    size_t to = n;
    while (to > from && strchr(" \t\r", line[to - 1]))
        to--;
    size_t marks = to;
    while (marks > from && line[marks - 1] == '#')
        marks--;
    if (marks < to && (marks == from || line[marks - 1] == ' '))
        for (to = marks; to > from && line[to - 1] == ' ';)
            to--;
    return to > from ? text_sanitise(line + from, to - from, TEXT_ONE_LINE) : NULL;
}

static bool is_code_fence(const char *line, size_t n)
{
    size_t indent = count_leading(line, n, " ");
    line += indent;
    return indent <= 3 && n - indent >= 3 && (*line == '`' || *line == '~') && line[1] == *line &&
           line[2] == *line;
}

static char *find_title(const char *body, size_t len)
{
    const char *end = body + len;
    bool code = false;

    for (const char *line = body; line < end;) {
        const char *feed = memchr(line, '\n', (size_t)(end - line));
        size_t n = (size_t)((feed ? feed : end) - line);
        code ^= is_code_fence(line, n);
        char *title = code ? NULL : title_in_line(line, n);
        if (title)
            return title;
        line += n + 1;
    }
    return NULL;
}

bool article_read_head(const char *text, size_t len, struct article_head *head, struct error *err)
{
    struct article_parts parts;

    *head = (struct article_head){0};
    if (!article_split(text, len, &parts, err))
        return false;
    if (read_front_matter(&parts, head, err)) {
        head->title = find_title(parts.body, parts.body_len);
        if (head->title)
            return true;
        error_set(err, "%d: no title: add a line \"# Title\" below", parts.close_line);
    }
    article_head_clear(head);
    return false;
}
