#include "settings/values.h"

#include "base/mem.h"
#include "base/text.h"
#include "settings/values_tree.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The mappings that the chart reads, and the keys that they give. */
static const struct section {
    const char *path[3]; /* up to a NULL */
    const char *key;
} sections[] = {
    {{"smtp"}, "Smtp"},
    {{"email", "smtp"}, "Email:Smtp"},
    {{"notify", "email"}, "Notify:Email"},
    {{"slack"}, "Slack"},
    {{"notify", "slack"}, "Notify:Slack"},
    {{"teams"}, "Teams"},
    {{"notify", "teams"}, "Notify:Teams"},
};

static const struct field {
    const char *name, *key;
} fields[] = {
    {"host", "Host"},         {"port", "Port"},         {"useSsl", "UseSsl"},
    {"username", "Username"}, {"password", "Password"}, {"existingSecret", "ExistingSecret"},
    {"webhookUrl", "WebhookUrl"},
};

struct reading {
    const struct values_tree *tree;
    const struct values_sink *sink;
};

/* Nodes to look at, the last one first: keys, or mappings that << merges. */
struct stack {
    uint32_t *nodes;
    size_t count;
};

static void push(struct stack *stack, uint32_t node)
{
    stack->nodes = mem_grow(stack->nodes, stack->count, sizeof *stack->nodes);
    stack->nodes[stack->count++] = node;
}

static bool is_mapping(const struct values_tree *tree, uint32_t node)
{
    return tree->nodes[node].kind == VALUES_MAPPING;
}

/* Of a list that is merged its first mapping wins: it is looked at first. */
static void push_merged(struct stack *stack, const struct values_tree *tree, uint32_t value)
{
    uint32_t target = values_tree_target(tree, value);
    size_t first = stack->count;

    if (is_mapping(tree, target)) {
        push(stack, target);
        return;
    }
    for (uint32_t item = target + 1; item < tree->nodes[target].end;
         item = tree->nodes[item].end)
        push(stack, values_tree_target(tree, item));
    for (size_t i = first, j = stack->count; i + 1 < j; i++) {
        uint32_t swapped = stack->nodes[i];
        stack->nodes[i] = stack->nodes[--j];
        stack->nodes[j] = swapped;
    }
}

static void push_mapping(struct stack *stack, const struct values_tree *tree, uint32_t mapping)
{
    for (uint32_t key = mapping + 1; key < tree->nodes[mapping].end;) {
        uint32_t value = tree->nodes[key].end;
        if (values_tree_is_merge(tree, key))
            push_merged(stack, tree, value);
        else
            push(stack, key);
        key = tree->nodes[value].end;
    }
}

static bool has_text(const struct values_tree *tree, uint32_t key, const char *name)
{
    const char *text = values_tree_text(tree, values_tree_target(tree, key));
    return text && strcmp(text, name) == 0;
}

/* The key's node, or 0 (the root is no key): go-yaml decodes a mapping in its order
 * and merges at the place of <<, so the last one that sets a name wins. */
static uint32_t find_key(const struct values_tree *tree, uint32_t mapping, const char *name)
{
    struct stack stack = {0};
    uint32_t found = 0;

    push(&stack, mapping);
    while (stack.count > 0 && !found) {
        uint32_t node = stack.nodes[--stack.count];
        if (is_mapping(tree, node))
            push_mapping(&stack, tree, node);
        else if (has_text(tree, node, name))
            found = node;
    }
    free(stack.nodes);
    return found;
}

static uint32_t value_of(const struct values_tree *tree, uint32_t key)
{
    return values_tree_target(tree, tree->nodes[key].end);
}

/* What the template's `quote` prints; NULL for null. The caller frees it. */
static char *print(const struct values_tree *tree, uint32_t value)
{
    const struct values_node *node = &tree->nodes[value];
    bool is_empty = node->end == value + 1;

    if (node->kind == VALUES_SEQUENCE)
        return mem_strdup(is_empty ? "[]" : "[...]");
    if (node->kind == VALUES_MAPPING)
        return mem_strdup(is_empty ? "map[]" : "map[...]");
    switch (node->scalar) {
    case VALUES_NULL:
        return NULL;
    case VALUES_TRUE:
        return mem_strdup("true");
    case VALUES_FALSE:
        return mem_strdup("false");
    case VALUES_NUMBER:
        return values_scalar_print_number(
            values_scalar_read(values_tree_text(tree, value), NULL, true).number);
    default:
        return mem_strdup(values_tree_text(tree, value));
    }
}

static void warn(const struct reading *reading, const char *code, const char *key, int line,
                 const char *message)
{
    reading->sink->warn(reading->sink->context, code, key, line, message);
}

static void warn_of_value(const struct reading *reading, const struct field *field,
                          const char *key, uint32_t value, int line)
{
    const struct values_node *node = &reading->tree->nodes[value];

    if (node->kind != VALUES_SCALAR)
        return;
    if (node->is_octal)
        warn(reading, "yaml-octal", key, line,
             "YAML reads an unquoted number with a leading 0 as octal, so another number arrives: "
             "write it without the 0");
    if (strcmp(field->name, "host") == 0 &&
        (node->scalar == VALUES_TRUE || node->scalar == VALUES_FALSE))
        warn(reading, "yaml-bool-host", key, line,
             "YAML reads an unquoted yes, no, on, off, y, n, true or false as a boolean: put the "
             "name in quotes");
}

static void read_field(const struct reading *reading, const struct section *section,
                       const struct field *field, uint32_t mapping)
{
    const struct values_sink *sink = reading->sink;
    uint32_t found = find_key(reading->tree, mapping, field->name);

    if (!found)
        return;
    uint32_t value = value_of(reading->tree, found);
    int line = reading->tree->nodes[found].line;
    char *key = mem_printf("%s:%s", section->key, field->key);
    char *text = print(reading->tree, value);
    if (text)
        sink->set(sink->context, key, text, line);
    else
        sink->remove(sink->context, key, line);
    warn_of_value(reading, field, key, value, line);
    free(text);
    free(key);
}

/* Of a name that is often there, or often misspelt, one line is told. */
struct spellings {
    uint32_t last;  /* the key that has the name, or 0 */
    uint32_t other; /* the first that differs in case, or 0 */
    int count;
};

static struct spellings find_spellings(const struct values_tree *tree, uint32_t mapping,
                                       const char *name)
{
    struct spellings found = {0};

    for (uint32_t key = mapping + 1; key < tree->nodes[mapping].end;) {
        const char *text = values_tree_text(tree, key);
        if (text && strcmp(text, name) == 0) {
            found.last = key;
            found.count++;
        } else if (text && !found.other && text_fold_equal(text, name)) {
            found.other = key;
        }
        key = tree->nodes[tree->nodes[key].end].end;
    }
    return found;
}

/* prefix is the mapping's own path with a "." behind it, or "". */
static void warn_of_name(const struct reading *reading, const char *prefix, const char *name,
                         uint32_t mapping)
{
    const struct values_tree *tree = reading->tree;
    struct spellings found = find_spellings(tree, mapping, name);

    if (found.count > 1 || (found.last && find_key(tree, mapping, name) != found.last)) {
        char *path = mem_printf("%s%s", prefix, name);
        warn(reading, "yaml-duplicate-key", path, tree->nodes[found.last].line,
             found.count > 1 ? "the key is there twice in one mapping and the last one wins, "
                               "with all that is below it: join them"
                             : "a << that stands below the key sets it again and wins: put the "
                               "<< first");
        free(path);
    }
    if (found.other) {
        char *path = mem_printf("%s%s", prefix, values_tree_text(tree, found.other));
        char *message = mem_printf("the chart tells upper case from lower, so this key sets "
                                   "nothing: write it as %s", name);
        warn(reading, "yaml-case", path, tree->nodes[found.other].line, message);
        free(message);
        free(path);
    }
}

/* Something other than a mapping hides what earlier files have below it. */
static void read_section(const struct reading *reading, const struct section *section)
{
    const struct values_sink *sink = reading->sink;
    uint32_t mapping = 0;

    for (size_t i = 0; section->path[i]; i++) {
        uint32_t found = find_key(reading->tree, mapping, section->path[i]);
        if (!found)
            return;
        mapping = value_of(reading->tree, found);
        if (!is_mapping(reading->tree, mapping)) {
            sink->remove(sink->context, section->key, reading->tree->nodes[found].line);
            return;
        }
    }
    char *prefix = section->path[1] ? mem_printf("%s.%s.", section->path[0], section->path[1])
                                    : mem_printf("%s.", section->path[0]);
    for (size_t i = 0; i < COUNT(fields); i++) {
        read_field(reading, section, &fields[i], mapping);
        warn_of_name(reading, prefix, fields[i].name, mapping);
    }
    free(prefix);
}

/* The names of sections, each looked for once in the mapping that it belongs in. */
static void warn_of_outer_names(const struct reading *reading)
{
    static const char *const outer[] = {"smtp", "email", "notify", "slack", "teams"};
    static const struct {
        const char *in, *prefix, *name;
    } inner[] = {{"email", "email.", "smtp"},
                 {"notify", "notify.", "email"},
                 {"notify", "notify.", "slack"},
                 {"notify", "notify.", "teams"}};

    for (size_t i = 0; i < COUNT(outer); i++)
        warn_of_name(reading, "", outer[i], 0);
    for (size_t i = 0; i < COUNT(inner); i++) {
        uint32_t found = find_key(reading->tree, 0, inner[i].in);
        if (found && is_mapping(reading->tree, value_of(reading->tree, found)))
            warn_of_name(reading, inner[i].prefix, inner[i].name, value_of(reading->tree, found));
    }
}

static bool sets_nothing(const struct values_tree *tree)
{
    return tree->count == 0 ||
           (tree->nodes[0].kind == VALUES_SCALAR && tree->nodes[0].scalar == VALUES_NULL);
}

static bool read_root(const struct reading *reading, struct fault *fault)
{
    if (sets_nothing(reading->tree))
        return true;
    if (!is_mapping(reading->tree, 0))
        return fault_set(fault, FAULT_TOP_LEVEL, reading->tree->nodes[0].line,
                         "not a mapping: write \"name: value\" lines");
    for (size_t i = 0; i < COUNT(sections); i++)
        read_section(reading, &sections[i]);
    warn_of_outer_names(reading);
    return true;
}

bool values_read(const char *text, size_t len, const struct values_sink *sink,
                 struct fault *fault)
{
    struct values_tree tree;
    const struct reading reading = {&tree, sink};
    bool ok = values_tree_load(&tree, text, len, fault) && read_root(&reading, fault);

    values_tree_clear(&tree);
    return ok;
}
