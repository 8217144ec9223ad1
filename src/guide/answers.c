#include "guide/answers.h"

#include "base/mem.h"
#include "base/text.h"
#include "settings/boolean.h"
#include "settings/hostport.h"
#include "settings/url.h"

#include <stdlib.h>
#include <string.h>

static const char SECRET[] = "secret: put it in yourself";

/* "Smtp:Port, .env:4" of a setting that took part; key NULL: of the default. */
static char *describe(const struct target *target, const char *key)
{
    for (size_t i = 0; i < target->ntried; i++) {
        const struct tried *tried = &target->tried[i];
        if (key ? strcmp(tried->key, key) == 0 : strcmp(tried->source, "default") == 0)
            return mem_printf("%s, %s", tried->key, tried->source);
    }
    return mem_strdup("default");
}

static void take_host(struct answer *answer, const struct target *target)
{
    answer->present = mem_strdup(target->host);
    answer->present_from = target->host ? describe(target, target->host_key)
                                        : mem_strdup(target->reason);
}

static void take_port(struct answer *answer, const struct target *target)
{
    if (target->port == 0) {
        answer->present_from = mem_strdup(target->reason);
        return;
    }
    answer->present = mem_printf("%u", target->port);
    answer->present_from = describe(target, target->port_key);
}

static void take_url(struct answer *answer, const struct target *target)
{
    const char *key = target->host_key ? target->host_key : target->fault_key;

    answer->secret = !key || settings_is_secret(key);
    answer->present_from = mem_strdup(answer->secret ? SECRET
                                                     : "only its host and port are known here");
}

/* Where nothing says it, the article's own word is as good a proposal as there is. */
static void take_tls(struct answer *answer, const struct target *target)
{
    bool known = target->tls != TARGET_TLS_UNSET && target->tls_key;

    answer->present = known ? mem_strdup(target->tls == TARGET_TLS_TRUE ? "true" : "false")
                            : mem_strdup(answer->placeholder);
    answer->present_from = mem_strdup(known                 ? target->tls_key
                                      : target->tls_problem ? "the article's, since UseSsl is no "
                                                              "Boolean"
                                                            : "the article's, since none is set");
}

/* Quotes what was typed. */
static void refuse(struct error *err, const char *name, const char *text, const char *problem)
{
    char *clean = text_sanitise(text, strlen(text), TEXT_ONE_LINE);

    error_set(err, "%s \"%s\" %s", name, clean, problem);
    free(clean);
}

static char *read_host(const char *text, struct error *err)
{
    const char *problem = "is empty", *advice;
    char *host = *text ? host_read(text, &problem, &advice) : NULL;

    if (!host)
        refuse(err, "host", text, problem);
    return host;
}

static char *read_port(const char *text, struct error *err)
{
    bool hexadecimal;
    uint16_t port;

    if (port_read(text, &port, &hexadecimal) && !hexadecimal)
        return mem_printf("%u", port);
    refuse(err, "port", text, "is not a number from 1 to 65535");
    return NULL;
}

static char *read_tls(const char *text, struct error *err)
{
    bool wanted;

    if (boolean_read(text, &wanted))
        return mem_strdup(wanted ? "true" : "false");
    refuse(err, "tls", text, "is neither true nor false");
    return NULL;
}

/* What was typed may be a webhook's: it is not quoted. */
static char *read_url(const char *text, struct error *err)
{
    const char *reason;
    struct url url;

    if (!url_split(text, &url, &reason))
        error_set(err, "The URL is not usable: %s", reason);
    else if (strcmp(url.scheme, "https") != 0)
        error_set(err, "The URL is not usable: it does not begin with https://");
    else
        return mem_strdup(text);
    return NULL;
}

static const struct variable {
    const char *name;
    bool secret; /* until its key is known */
    /* Sets present and present_from. */
    void (*take)(struct answer *answer, const struct target *target);
    /* The text as a step takes it, on the heap, or NULL with err. */
    char *(*read)(const char *text, struct error *err);
} variables[] = {
    {"host", false, take_host, read_host},
    {"port", false, take_port, read_port},
    {"url", true, take_url, read_url},
    {"tls", false, take_tls, read_tls},
};

static const struct variable *find_variable(const char *name)
{
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        if (strcmp(variables[i].name, name) == 0)
            return &variables[i];
    return NULL;
}

static struct answer *find(const struct answers *answers, const char *name)
{
    for (size_t i = 0; i < answers->count; i++)
        if (strcmp(answers->items[i].name, name) == 0)
            return &answers->items[i];
    return NULL;
}

const struct answer *answers_find(const struct answers *answers, const char *name)
{
    return find(answers, name);
}

bool answers_init(struct answers *answers, const struct variable_spec *specs, size_t nspecs,
                  struct error *err)
{
    *answers = (struct answers){0};
    for (size_t i = 0; i < nspecs; i++) {
        const struct variable *variable = find_variable(specs[i].variable);
        if (!variable) {
            error_set(err, "%s is no variable; there are host, port, url and tls", specs[i].variable);
            answers_clear(answers);
            return false;
        }
        if (find(answers, variable->name))
            continue;
        answers->items = mem_grow(answers->items, answers->count, sizeof *answers->items);
        answers->items[answers->count++] = (struct answer){
            .name = variable->name,
            .placeholder = mem_strdup(specs[i].placeholder),
            .secret = variable->secret};
    }
    return true;
}

static void clear_present(struct answer *answer)
{
    free(answer->present);
    free(answer->present_from);
    answer->present = answer->present_from = NULL;
}

void answers_clear(struct answers *answers)
{
    for (size_t i = 0; i < answers->count; i++) {
        clear_present(&answers->items[i]);
        free(answers->items[i].placeholder);
        free(answers->items[i].wanted);
        free(answers->items[i].wanted_from);
    }
    free(answers->items);
    *answers = (struct answers){0};
}

void answers_take_present(struct answers *answers, const struct target *target)
{
    for (size_t i = 0; i < answers->count; i++) {
        struct answer *answer = &answers->items[i];
        clear_present(answer);
        find_variable(answer->name)->take(answer, target);
    }
}

static bool is_in_force(const struct answer *answer)
{
    return answer->present && strcmp(answer->present, answer->wanted) == 0;
}

bool answers_set(struct answers *answers, const char *name, const char *text, struct error *err)
{
    struct answer *answer = find(answers, name);

    if (!answer || answer->secret) {
        error_set(err, answer ? "%s is a secret: put it in yourself" : "There is no variable %s",
                  name);
        return false;
    }
    char *wanted = find_variable(name)->read(text, err);
    if (!wanted)
        return false;
    free(answer->wanted);
    answer->wanted = wanted;
    free(answer->wanted_from);
    answer->wanted_from = is_in_force(answer) ? mem_printf("kept: %s", answer->present_from)
                                              : mem_strdup("typed");
    return true;
}

bool answers_recall(struct answers *answers, const char *name, const char *text, const char *from)
{
    if (!answers_set(answers, name, text, NULL))
        return false;
    struct answer *answer = find(answers, name);
    if (from) {
        free(answer->wanted_from);
        answer->wanted_from = mem_strdup(from);
    }
    return true;
}

void answers_forget(struct answers *answers)
{
    for (size_t i = 0; i < answers->count; i++) {
        free(answers->items[i].wanted);
        free(answers->items[i].wanted_from);
        answers->items[i].wanted = answers->items[i].wanted_from = NULL;
    }
}

static char *describe_wanted(const struct answer *answer)
{
    if (!answer->wanted)
        return mem_strdup("not answered yet");
    /* What was typed has been written since. */
    if (strcmp(answer->wanted_from, "typed") == 0 && is_in_force(answer))
        return mem_printf("typed, and now in force: %s", answer->present_from);
    return mem_strdup(answer->wanted_from);
}

const char *answers_value(const struct answers *answers, const char *name, bool changes,
                          char **from)
{
    const struct answer *answer = find(answers, name);

    if (!answer) {
        *from = mem_printf("there is no variable %s", name);
        return NULL;
    }
    if (answer->secret) {
        *from = mem_strdup(SECRET);
        return answer->placeholder;
    }
    if (changes) {
        *from = describe_wanted(answer);
        return answer->wanted;
    }
    *from = mem_strdup(answer->present_from ? answer->present_from : "settings not read yet");
    return answer->present;
}
