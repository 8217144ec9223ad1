#include "settings/values_tree.h"

#include "base/mem.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* go-yaml's measure of aliases, decode.go: how much of all that it decodes may
 * come from them falls from 99 % to 10 % as the document grows. */
enum { ALIASED_FREE = 100, DECODED_FREE = 1000, DECODED_LOW = 400000, DECODED_HIGH = 4000000 };
static const double share_low = 0.99, share_high = 0.10;

/* libyaml compares each %TAG line with all others before it tells of any. Two are
 * its own: ! and !!. */
enum { TAG_LINES_MAX = 100, TAG_LINES_OWN = 2 };

struct anchor {
    char *name;
    uint32_t node;
};

/* One reading of the parser's events. */
struct loader {
    yaml_parser_t parser;
    yaml_event_t event;     /* the current one, owned */
    const char *next, *end; /* what the parser has not taken yet */
    struct values_tree *tree;
    uint32_t open[VALUES_MAX_DEPTH]; /* the containers round the current event */
    int depth, flow_depth; /* of all, and of those in brackets */
    void *anchors; /* a tsearch(3) tree of those so far */
    struct fault *fault;
};

static bool has_many_tag_lines(const yaml_parser_t *parser)
{
    return parser->tag_directives.top - parser->tag_directives.start >
           TAG_LINES_MAX + TAG_LINES_OWN;
}

/* A yaml_read_handler_t; it stops where the parser must not go on. */
static int feed(void *data, unsigned char *bytes, size_t size, size_t *n)
{
    struct loader *loader = data;
    size_t left = (size_t)(loader->end - loader->next);

    *n = size < left ? size : left;
    memcpy(bytes, loader->next, *n);
    loader->next += *n;
    return !has_many_tag_lines(&loader->parser);
}

static int event_line(const struct loader *loader)
{
    return (int)loader->event.start_mark.line + 1;
}

/* Of a byte that it cannot decode libyaml tells only the offset. */
static int line_of_byte(const char *text, size_t len, size_t offset)
{
    int line = 1;

    for (size_t i = 0; i < offset && i < len; i++)
        line += text[i] == '\n';
    return line;
}

static void fail_syntax(const yaml_parser_t *parser, const char *text, size_t len,
                        struct fault *fault)
{
    const char *problem = parser->problem ? parser->problem : "out of memory";

    if (has_many_tag_lines(parser)) {
        fault_set(fault, FAULT_PARSE, (int)parser->mark.line + 1,
                  "more than %d %%TAG lines: remove them", TAG_LINES_MAX);
    } else if (parser->error == YAML_READER_ERROR) {
        fault_set(fault, FAULT_ENCODING, line_of_byte(text, len, parser->problem_offset),
                  "%s: save the file as UTF-8 and without control characters", problem);
    } else {
        fault_set(fault, FAULT_PARSE, (int)parser->problem_mark.line + 1,
                  "not YAML: %s; indent with spaces, and put quotes around text that begins with "
                  "a sign such as [ { * & or @",
                  problem);
    }
}

static int compare_anchors(const void *a, const void *b)
{
    return strcmp(((const struct anchor *)a)->name, ((const struct anchor *)b)->name);
}

static void free_anchor(void *anchor)
{
    free(((struct anchor *)anchor)->name);
    free(anchor);
}

/* A name may be given again; it then stands for the later node. */
static void set_anchor(struct loader *loader, const yaml_char_t *name, uint32_t node)
{
    struct anchor *anchor = mem_zalloc(sizeof *anchor);
    anchor->name = mem_strdup((const char *)name);
    struct anchor **found = tsearch(anchor, &loader->anchors, compare_anchors);

    if (!found)
        abort();
    (*found)->node = node;
    if (*found != anchor)
        free_anchor(anchor);
}

static struct values_node *add_node(struct loader *loader, enum values_node_kind kind,
                                    const yaml_char_t *anchor)
{
    struct values_tree *tree = loader->tree;
    uint32_t index = (uint32_t)tree->count;

    tree->nodes = mem_grow(tree->nodes, tree->count, sizeof *tree->nodes);
    struct values_node *node = &tree->nodes[tree->count++];
    *node = (struct values_node){
        .kind = (unsigned char)kind, .line = event_line(loader), .end = index + 1};
    if (anchor)
        set_anchor(loader, anchor, index);
    return node;
}

static void add_text(struct buf *buf, const char *text, size_t len)
{
    size_t n = strnlen(text, len);

    buf_add(buf, text, n);
    for (; n < len; n++)
        if (text[n])
            buf_putc(buf, text[n]);
        else
            buf_puts(buf, "\xC0\x80");
    buf_putc(buf, '\0');
}

/* go-yaml keeps to YAML 1.1 where libyaml has left it. */
static bool ends_at_question_mark(const struct loader *loader)
{
    const yaml_event_t *event = &loader->event;

    return loader->flow_depth > 0 && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           memchr(event->data.scalar.value, '?', event->data.scalar.length);
}

static bool check_scalar(const struct loader *loader, enum values_scalar_kind kind)
{
    int line = event_line(loader);

    if (ends_at_question_mark(loader))
        return fault_set(loader->fault, FAULT_PARSE, line,
                         "a ? in text without quotes inside { } or [ ]: put quotes around it");
    if (kind == VALUES_NOT_FINITE)
        return fault_set(loader->fault, FAULT_PARSE, line,
                         "Helm cannot pass on .inf and .nan: put quotes around it");
    return kind != VALUES_BAD_TAG ||
           fault_set(loader->fault, FAULT_PARSE, line,
                     "the value does not fit its !! tag, or the tag is !!binary: write the value "
                     "without a tag");
}

/* The tag of an event in full, or NULL; "!" alone says no more than its quotes. */
static const char *scalar_tag(const yaml_event_t *event)
{
    const char *tag = (const char *)event->data.scalar.tag;
    return tag && strcmp(tag, "!") != 0 ? tag : NULL;
}

static bool add_scalar(struct loader *loader)
{
    const yaml_event_t *event = &loader->event;
    struct values_tree *tree = loader->tree;
    struct values_node *node = add_node(loader, VALUES_SCALAR, event->data.scalar.anchor);

    node->at = (uint32_t)tree->text.len;
    add_text(&tree->text, (const char *)event->data.scalar.value, event->data.scalar.length);
    struct values_scalar scalar = values_scalar_read(
        tree->text.data + node->at, scalar_tag(event), event->data.scalar.plain_implicit);
    node->scalar = (unsigned char)scalar.kind;
    node->is_octal = scalar.is_octal;
    return check_scalar(loader, scalar.kind);
}

static bool add_alias(struct loader *loader)
{
    struct values_node *node = add_node(loader, VALUES_ALIAS, NULL);
    struct anchor name = {.name = (char *)loader->event.data.alias.anchor};
    struct anchor **found = tfind(&name, &loader->anchors, compare_anchors);

    if (!found)
        return fault_set(loader->fault, FAULT_PARSE, node->line,
                         "an alias (*name) of an anchor (&name) that does not stand above it: put "
                         "quotes around the text, or write the anchor");
    node->at = (*found)->node;
    if (loader->tree->nodes[node->at].end == 0)
        return fault_set(loader->fault, FAULT_PARSE, node->line,
                         "an alias (*name) inside its own anchor (&name): write the value out");
    loader->tree->has_aliases = true;
    return true;
}

static bool open_container(struct loader *loader, enum values_node_kind kind,
                           const yaml_char_t *anchor, bool is_flow)
{
    if (loader->depth == VALUES_MAX_DEPTH)
        return fault_set(loader->fault, FAULT_DEPTH, event_line(loader),
                         "nested deeper than %d levels: make it flatter", VALUES_MAX_DEPTH);
    loader->open[loader->depth++] = (uint32_t)loader->tree->count;
    loader->flow_depth += is_flow;
    add_node(loader, kind, anchor)->end = 0; /* while it is open */
    return true;
}

static void close_container(struct loader *loader)
{
    uint32_t container = loader->open[--loader->depth];

    loader->flow_depth -= loader->flow_depth > 0;
    loader->tree->nodes[container].end = (uint32_t)loader->tree->count;
}

static bool check_version(struct loader *loader)
{
    const yaml_version_directive_t *version =
        loader->event.data.document_start.version_directive;

    return !version || (version->major == 1 && version->minor == 1) ||
           fault_set(loader->fault, FAULT_PARSE, event_line(loader),
                     "Helm reads YAML 1.1 only: remove the %%YAML line");
}

static bool add_event(struct loader *loader)
{
    const yaml_event_t *event = &loader->event;

    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return check_version(loader);
    case YAML_SCALAR_EVENT:
        return add_scalar(loader);
    case YAML_ALIAS_EVENT:
        return add_alias(loader);
    case YAML_SEQUENCE_START_EVENT:
        return open_container(loader, VALUES_SEQUENCE, event->data.sequence_start.anchor,
                              event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
    case YAML_MAPPING_START_EVENT:
        return open_container(loader, VALUES_MAPPING, event->data.mapping_start.anchor,
                              event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        close_container(loader);
        return true;
    default:
        return true;
    }
}

/* Helm leaves what is behind the first document unread. */
static bool read_document(struct loader *loader, const char *text, size_t len)
{
    do {
        yaml_event_delete(&loader->event);
        if (!yaml_parser_parse(&loader->parser, &loader->event)) {
            fail_syntax(&loader->parser, text, len, loader->fault);
            return false;
        }
        if (!add_event(loader))
            return false;
    } while (loader->event.type != YAML_DOCUMENT_END_EVENT &&
             loader->event.type != YAML_STREAM_END_EVENT);
    return true;
}

static bool check_key(const struct values_tree *tree, uint32_t key, struct fault *fault)
{
    const struct values_node *node = &tree->nodes[values_tree_target(tree, key)];
    int line = tree->nodes[key].line;

    if (node->kind != VALUES_SCALAR)
        return fault_set(fault, FAULT_PARSE, line,
                         "a list or a mapping as a key; values files are no templates: put quotes "
                         "around text that begins with { or [");
    return node->scalar != VALUES_NULL ||
           fault_set(fault, FAULT_PARSE, line, "a key that is null or empty: name it, or quote it");
}

static bool check_merge(const struct values_tree *tree, uint32_t value, struct fault *fault)
{
    bool is_list = tree->nodes[value].kind == VALUES_SEQUENCE;
    uint32_t end = tree->nodes[value].end;

    for (uint32_t item = value + is_list; item < end; item = tree->nodes[item].end)
        if (tree->nodes[values_tree_target(tree, item)].kind != VALUES_MAPPING)
            return fault_set(fault, FAULT_PARSE, tree->nodes[value].line,
                             "<< takes a mapping or a list of mappings, as in \"<<: *name\"");
    return true;
}

static bool check_mapping(const struct values_tree *tree, uint32_t mapping, struct fault *fault)
{
    uint32_t end = tree->nodes[mapping].end, key = mapping + 1;

    while (key < end) {
        uint32_t value = tree->nodes[key].end;
        if (!check_key(tree, key, fault))
            return false;
        if (values_tree_is_merge(tree, key) && !check_merge(tree, value, fault))
            return false;
        key = tree->nodes[value].end;
    }
    return true;
}

static bool check_mappings(const struct values_tree *tree, struct fault *fault)
{
    for (uint32_t i = 0; i < tree->count; i++)
        if (tree->nodes[i].kind == VALUES_MAPPING && !check_mapping(tree, i, fault))
            return false;
    return true;
}

static bool is_excessive(size_t decoded, size_t aliased)
{
    double share = share_low;

    if (aliased <= ALIASED_FREE || decoded <= DECODED_FREE)
        return false;
    if (decoded >= DECODED_HIGH)
        share = share_high;
    else if (decoded > DECODED_LOW)
        share -= (share_low - share_high) * ((double)decoded - DECODED_LOW) /
                 (DECODED_HIGH - DECODED_LOW);
    return (double)aliased / (double)decoded > share;
}

/* Goes through the document as go-yaml decodes it, aliases as what they stand
 * for, and gives up where go-yaml does: this bounds what a merge can cost too. */
static bool check_aliases(const struct values_tree *tree, struct fault *fault)
{
    struct span {
        uint32_t next, end;
    } span = {0, (uint32_t)tree->count}, *outer = NULL; /* outer: where aliases were met */
    size_t depth = 0, decoded = 1, aliased = 0;
    bool ok = true;

    while (ok && (span.next < span.end || depth > 0)) {
        if (span.next == span.end) {
            span = outer[--depth];
            continue;
        }
        const struct values_node *node = &tree->nodes[span.next++];
        decoded++;
        aliased += depth > 0;
        ok = !is_excessive(decoded, aliased);
        if (node->kind == VALUES_ALIAS) {
            outer = mem_grow(outer, depth, sizeof *outer);
            outer[depth++] = span;
            span = (struct span){node->at, tree->nodes[node->at].end};
        }
    }
    if (!ok)
        fault_set(fault, FAULT_PARSE, tree->nodes[outer[0].next - 1].line,
                  "aliases (*name) that stand for too much, which Helm refuses: write the values "
                  "out");
    free(outer);
    return ok;
}

bool values_tree_load(struct values_tree *tree, const char *text, size_t len,
                      struct fault *fault)
{
    struct loader loader = {.next = text, .end = text + len, .tree = tree, .fault = fault};

    *tree = (struct values_tree){0};
    if (!yaml_parser_initialize(&loader.parser))
        return fault_set(fault, FAULT_PARSE, 1, "out of memory");
    yaml_parser_set_input(&loader.parser, feed, &loader);
    bool ok = read_document(&loader, text, len);
    yaml_event_delete(&loader.event);
    yaml_parser_delete(&loader.parser);
    tdestroy(loader.anchors, free_anchor);
    return ok && check_mappings(tree, fault) &&
           (!tree->has_aliases || check_aliases(tree, fault));
}

void values_tree_clear(struct values_tree *tree)
{
    free(tree->nodes);
    buf_clear(&tree->text);
    *tree = (struct values_tree){0};
}

bool values_tree_is_merge(const struct values_tree *tree, uint32_t key)
{
    return tree->nodes[key].kind == VALUES_SCALAR && tree->nodes[key].scalar == VALUES_MERGE;
}

uint32_t values_tree_target(const struct values_tree *tree, uint32_t node)
{
    return tree->nodes[node].kind == VALUES_ALIAS ? tree->nodes[node].at : node;
}

const char *values_tree_text(const struct values_tree *tree, uint32_t node)
{
    const struct values_node *scalar = &tree->nodes[node];
    return scalar->kind == VALUES_SCALAR ? tree->text.data + scalar->at : NULL;
}
