#include "guide/standing.h"

#include "base/buf.h"
#include "base/text.h"
#include "settings/values_scalar.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* A reader of one text. libyaml counts characters, not bytes. */
struct reader {
    yaml_parser_t parser;
    yaml_event_t event;
    const char *text;
    size_t len, at, chars; /* at: the byte of that many characters */
};

static bool open_reader(struct reader *reader, const char *text)
{
    *reader = (struct reader){.text = text, .len = strlen(text)};
    if (!yaml_parser_initialize(&reader->parser))
        return false;
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader->parser, (const unsigned char *)text, reader->len);
    return true;
}

/* Reads on; false at a mistake. */
static bool next_event(struct reader *reader)
{
    yaml_event_delete(&reader->event);
    return yaml_parser_parse(&reader->parser, &reader->event);
}

static void close_reader(struct reader *reader)
{
    yaml_event_delete(&reader->event);
    yaml_parser_delete(&reader->parser);
}

static size_t byte_of(struct reader *reader, size_t chars)
{
    uint32_t c;

    for (; reader->chars < chars && reader->at < reader->len; reader->chars++)
        reader->at += text_decode(reader->text + reader->at, reader->len - reader->at, &c);
    return reader->at;
}

static void mark_scalar(struct reader *reader, unsigned char *places)
{
    static const enum standing by_style[] = {
        [YAML_PLAIN_SCALAR_STYLE] = STANDING_BARE,
        [YAML_SINGLE_QUOTED_SCALAR_STYLE] = STANDING_SINGLE,
        [YAML_DOUBLE_QUOTED_SCALAR_STYLE] = STANDING_DOUBLE,
        [YAML_LITERAL_SCALAR_STYLE] = STANDING_BLOCK,
        [YAML_FOLDED_SCALAR_STYLE] = STANDING_BLOCK,
    };
    size_t start = byte_of(reader, reader->event.start_mark.index);
    size_t end = byte_of(reader, reader->event.end_mark.index);

    memset(places + start, (int)by_style[reader->event.data.scalar.style], end - start);
}

bool standing_yaml(unsigned char *places, const char *text)
{
    struct reader reader;
    bool ok = open_reader(&reader, text), at_end = !ok;

    memset(places, STANDING_COMMENT, reader.len);
    while (ok && !at_end) {
        ok = next_event(&reader);
        at_end = ok && reader.event.type == YAML_STREAM_END_EVENT;
        if (ok && reader.event.type == YAML_SCALAR_EVENT)
            mark_scalar(&reader, places);
    }
    close_reader(&reader);
    return ok;
}

/* True and false are values of one kind. */
static enum values_scalar_kind kind_of(const yaml_event_t *event)
{
    enum values_scalar_kind kind = values_scalar_read((const char *)event->data.scalar.value,
                                                      (const char *)event->data.scalar.tag,
                                                      event->data.scalar.plain_implicit)
                                       .kind;
    return kind == VALUES_FALSE ? VALUES_TRUE : kind;
}

/* Whether the scalars are of one kind, and the second has the values of the first's
 * placeholders. */
static bool scalars_agree(const yaml_event_t *a, const yaml_event_t *b,
                          const struct fill_values *values)
{
    char *expected = patches_expect((const char *)a->data.scalar.value, values);
    bool ok = strcmp(expected, (const char *)b->data.scalar.value) == 0;

    free(expected);
    return ok && kind_of(a) == kind_of(b);
}

bool standing_yaml_agrees(const char *text, const char *filled, const struct fill_values *values)
{
    struct reader a, b;
    bool ok = open_reader(&a, text), at_end = false;

    ok = open_reader(&b, filled) && ok;
    while (ok && !at_end) {
        ok = next_event(&a) && next_event(&b) && a.event.type == b.event.type;
        if (ok && a.event.type == YAML_SCALAR_EVENT)
            ok = scalars_agree(&a.event, &b.event, values);
        at_end = ok && a.event.type == YAML_STREAM_END_EVENT;
    }
    close_reader(&a);
    close_reader(&b);
    return ok;
}
