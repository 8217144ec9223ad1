#include "catalog/rules.h"

#include "base/embed.h"
#include "base/inifile.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static void clear_rule(struct rule *rule)
{
    for (size_t i = 0; i < rule->nconditions; i++) {
        free(rule->conditions[i].fact);
        free(rule->conditions[i].values);
    }
    free(rule->conditions);
    free(rule->name);
    free(rule->cause);
    free(rule->text);
    free(rule->origin);
}

static void cut(struct rules *rules, size_t count)
{
    while (rules->count > count)
        clear_rule(&rules->items[--rules->count]);
}

void rules_clear(struct rules *rules)
{
    cut(rules, 0);
    free(rules->items);
    *rules = (struct rules){0};
}

/* "fact=a|b", "fact!=a|b" or "fact<number". */
static bool add_condition(struct rule *rule, const char *word, size_t n)
{
    size_t name = strcspn(word, "!=<");
    bool negative = word[name] == '!' && word[name + 1] == '=';
    size_t lead = name + (negative ? 2 : 1);

    if (name == 0 || lead >= n || (word[name] == '!' && !negative))
        return false;
    rule->conditions = mem_grow(rule->conditions, rule->nconditions, sizeof *rule->conditions);
    rule->conditions[rule->nconditions++] = (struct condition){
        .fact = mem_strndup(word, name),
        .kind = negative            ? CONDITION_IS_NOT
                : word[name] == '<' ? CONDITION_LESS
                                    : CONDITION_IS,
        .values = mem_strndup(word + lead, n - lead),
    };
    return true;
}

static bool set_when(struct rule *rule, const char *value, struct error *err)
{
    for (const char *p = value + strspn(value, " \t"); *p; p += strspn(p, " \t")) {
        size_t n = strcspn(p, " \t");
        if (!add_condition(rule, p, n)) {
            error_set(err, "a condition is FACT=VALUE|VALUE, FACT!=VALUE or FACT<NUMBER");
            return false;
        }
        p += n;
    }
    return true;
}

static bool set_weight(struct rule *rule, const char *value, struct error *err)
{
    char *end;
    long weight = strtol(value, &end, 10);

    rule->weight = (int)weight;
    if (*value >= '0' && *value <= '9' && !*end && weight >= 1 && weight <= 100)
        return true;
    error_set(err, "weight must be a number from 1 to 100");
    return false;
}

static bool set_text(char **field, const char *value)
{
    free(*field);
    *field = mem_strdup(value);
    return true;
}

static bool set_cause(struct rule *rule, enum rule_kind kind, const char *id)
{
    rule->kind = kind;
    return set_text(&rule->cause, id);
}

static bool set_entry(struct rule *rule, const char *name, const char *value, struct error *err)
{
    if (strcmp(name, "when") == 0)
        return set_when(rule, value, err);
    if (strcmp(name, "weight") == 0)
        return set_weight(rule, value, err);
    if (strcmp(name, "because") == 0)
        return set_text(&rule->text, value);
    if (strcmp(name, "cause") == 0)
        return set_cause(rule, RULE_CAUSE, value);
    if (strcmp(name, "exclude") == 0)
        return set_cause(rule, RULE_EXCLUDE, value);
    if (strcmp(name, "separate") == 0) {
        rule->kind = RULE_SEPARATE;
        return set_text(&rule->text, value);
    }
    error_set(err, "unknown name; known are when, cause, exclude, separate, weight and because");
    return false;
}

struct file {
    struct rules *rules;
    const char *name;
    size_t first; /* the file's first rule */
};

static bool add_entry(void *context, const char *section, const char *name, const char *value,
                      int line, struct error *err)
{
    struct file *file = context;
    struct rules *rules = file->rules;
    struct rule *last = rules->count > file->first ? &rules->items[rules->count - 1] : NULL;

    if (!last || strcmp(last->name, section) != 0) {
        rules->items = mem_grow(rules->items, rules->count, sizeof *rules->items);
        last = &rules->items[rules->count++];
        *last = (struct rule){.name = mem_strdup(section),
                              .origin = mem_printf("%s:%d", file->name, line)};
    }
    if (set_entry(last, name, value, err))
        return true;
    error_prefix(err, "%s", name);
    return false;
}

static const char *missing(const struct rule *rule)
{
    if (rule->nconditions == 0)
        return "when";
    if (!rule->text)
        return rule->kind == RULE_SEPARATE ? "separate" : "because";
    if (rule->kind != RULE_SEPARATE && !rule->cause)
        return "cause";
    return rule->kind == RULE_CAUSE && rule->weight == 0 ? "weight" : NULL;
}

static bool all_complete(const struct file *file, struct error *err)
{
    for (size_t i = file->first; i < file->rules->count; i++) {
        const struct rule *rule = &file->rules->items[i];
        const char *what = missing(rule);
        if (what) {
            error_set(err, "%s: the rule [%s] has no %s",
                      strrchr(rule->origin, ':') + 1, rule->name, what);
            return false;
        }
    }
    return true;
}

bool rules_read(struct rules *rules, const char *name, const char *text, size_t len,
                struct error *err)
{
    struct file file = {rules, name, rules->count};

    if (inifile_read(text, len, add_entry, &file, err) && all_complete(&file, err))
        return true;
    cut(rules, file.first);
    return false;
}

/* A mistake in them is one of ours, and the tests read them. */
void rules_read_builtin(struct rules *rules)
{
    for (size_t i = 0; i < embed_count(); i++) {
        const struct embed_file *file = embed_at(i);
        if (strncmp(file->path, "diagnosis/", 10) == 0 &&
            !rules_read(rules, file->path, file->data, file->len, NULL))
            abort();
    }
}
