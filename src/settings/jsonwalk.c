#include "settings/jsonwalk.h"

#include "base/text.h"
#include "settings/store.h"

void jsonwalk_start(struct jsonwalk *walk, struct span text)
{
    *walk = (struct jsonwalk){.hash = STORE_HASH};
    jsontoken_start(&walk->scanner, text);
}

static bool stop(struct jsonwalk *walk, enum fault_class fault, const char *problem)
{
    walk->fault = fault;
    walk->problem = problem;
    return false;
}

static bool unexpected(struct jsonwalk *walk, enum json_token token, const char *expected)
{
    if (token == JSON_BAD)
        return stop(walk, FAULT_PARSE, walk->scanner.problem);
    if (token == JSON_END)
        return stop(walk, FAULT_PARSE, "the file ends too early; it may be half written");
    return stop(walk, FAULT_PARSE, expected);
}

static void add_index(struct buf *path, size_t index)
{
    char digits[20], *first = digits + sizeof digits;

    do
        *--first = (char)('0' + index % 10);
    while (index /= 10);
    buf_add(path, first, (size_t)(digits + sizeof digits - first));
}

/* Reads the name of an object's item; *token is its first token, then that of
 * its value. */
static bool read_name(struct jsonwalk *walk, enum json_token *token)
{
    if (*token != JSON_TEXT)
        return unexpected(walk, *token, "expected a name in double quotes");
    jsontoken_add_text(&walk->scanner, &walk->path);
    walk->line = walk->scanner.line;
    *token = jsontoken_next(&walk->scanner);
    if (*token != JSON_COLON)
        return unexpected(walk, *token, "expected : after the name");
    *token = jsontoken_next(&walk->scanner);
    return true;
}

/* Makes path the key of the next item of the innermost container. */
static bool enter_item(struct jsonwalk *walk, enum json_token *token)
{
    struct jsonwalk_level *level = &walk->levels[walk->depth - 1];

    walk->path.len = level->path_len;
    if (walk->depth > 1)
        buf_putc(&walk->path, ':');
    if (level->close == JSON_CLOSE_ARRAY) {
        add_index(&walk->path, level->count);
        walk->line = walk->scanner.line;
    } else if (!read_name(walk, token)) {
        return false;
    }
    if (walk->path.len > JSONWALK_MAX_KEY)
        return stop(walk, FAULT_TOO_LARGE, "a key longer than 4096 bytes; shorten its names");
    walk->hash = store_hash(level->hash, walk->path.data + level->path_len,
                            walk->path.len - level->path_len);
    level->count++;
    return true;
}

static void open_container(struct jsonwalk *walk, enum json_token close)
{
    if (walk->depth == JSONWALK_MAX_DEPTH)
        stop(walk, FAULT_DEPTH, "more than 64 objects and arrays in each other; nest fewer");
    else
        walk->levels[walk->depth++] = (struct jsonwalk_level){
            .close = close, .path_len = walk->path.len, .hash = walk->hash, .line = walk->line};
}

/* Takes the value that begins with token; true where it is a leaf. */
static bool take_value(struct jsonwalk *walk, enum json_token token)
{
    switch (token) {
    case JSON_OPEN_OBJECT:
        open_container(walk, JSON_CLOSE_OBJECT);
        return false;
    case JSON_OPEN_ARRAY:
        open_container(walk, JSON_CLOSE_ARRAY);
        return false;
    case JSON_TEXT:
    case JSON_NUMBER:
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL:
        walk->leaf = token;
        return true;
    default:
        return unexpected(walk, token,
                          "expected a value: text in double quotes, a number, "
                          "true, false, null, { or [");
    }
}

/* Leaves the innermost container; true where it is a leaf, being empty. */
static bool leave_container(struct jsonwalk *walk)
{
    const struct jsonwalk_level *level = &walk->levels[--walk->depth];

    walk->leaf = level->close;
    walk->path.len = level->path_len;
    walk->hash = level->hash;
    walk->line = level->line;
    return level->count == 0 && walk->depth > 0;
}

/* Reads one item, or the end, of the innermost container; true at a leaf. */
static bool take_item(struct jsonwalk *walk)
{
    const struct jsonwalk_level *level = &walk->levels[walk->depth - 1];
    enum json_token token = jsontoken_next(&walk->scanner);

    if (level->count > 0 && token == JSON_COMMA)
        token = jsontoken_next(&walk->scanner);
    else if (level->count > 0 && token != level->close)
        return unexpected(walk, token,
                          level->close == JSON_CLOSE_OBJECT
                              ? "expected , or } (is a comma missing before this?)"
                              : "expected , or ] (is a comma missing before this?)");
    if (token == level->close)
        return leave_container(walk);
    return enter_item(walk, &token) && take_value(walk, token);
}

/* Enters the root, unless it is a scalar. */
static void enter_root(struct jsonwalk *walk)
{
    enum json_token token = jsontoken_next(&walk->scanner);

    walk->is_started = true;
    if (token == JSON_END)
        stop(walk, FAULT_PARSE, "the file is empty; write {} where nothing is set");
    else
        take_value(walk, token);
    walk->root_is_object = token == JSON_OPEN_OBJECT;
    walk->root_line = walk->scanner.line;
}

bool jsonwalk_next(struct jsonwalk *walk)
{
    if (!walk->is_started)
        enter_root(walk);
    while (walk->depth > 0 && !walk->problem)
        if (take_item(walk))
            return true;
    return false;
}

bool jsonwalk_check(struct jsonwalk *walk, size_t *count)
{
    for (*count = 0; jsonwalk_next(walk);)
        ++*count;
    if (walk->problem)
        return false;
    enum json_token token = jsontoken_next(&walk->scanner);
    if (token != JSON_END)
        return unexpected(walk, token, "more text after the end of the document; remove it");
    if (walk->root_is_object)
        return true;
    walk->scanner.line = walk->root_line;
    return stop(walk, FAULT_TOP_LEVEL, "the document is no object; put { and } round it");
}

bool jsonwalk_same_key(const struct jsonwalk *a, const struct jsonwalk *b)
{
    if (a->hash != b->hash || a->path.len != b->path.len)
        return false;
    for (size_t i = 0; i < a->path.len; i++)
        if (text_fold(a->path.data[i]) != text_fold(b->path.data[i]))
            return false;
    return true;
}

void jsonwalk_clear(struct jsonwalk *walk)
{
    buf_clear(&walk->path);
}
