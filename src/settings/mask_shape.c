#include "settings/mask_shape.h"

#include "base/mem.h"
#include "base/text.h"
#include "settings/settings.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LETTERS "abcdefghijklmnopqrstuvwxyz" CAPITALS
#define DIGITS "0123456789"
#define HOST_CHARACTERS LETTERS DIGITS ".-"
#define BASE64 LETTERS DIGITS "+/=_-"

enum {
    BASIC_LEAST_BYTES = 8, /* less is the word that follows the name in a sentence */
    /* So that a text without blanks, or a long line, takes no longer than others. */
    NAME_BYTES = 128,
    LINE_BYTES = 1024
};

static const char KEY_BEGINS[] = "-----BEGIN ", KEY_ENDS[] = "-----END ", KEY[] = "PRIVATE KEY-----";

/* Bytes up to a blank, the end of the line, or the quote that is open; most at most. */
static size_t measure(const char *text, char quote, size_t most)
{
    const char *p = text;
    char inner = '\0';

    for (; (size_t)(p - text) < most && *p && *p != '\n' && (inner || (*p != ' ' && *p != '\t')); p++) {
        if (*p == quote && !inner)
            break;
        if (*p == inner)
            inner = '\0';
        else if (!inner && (*p == '"' || *p == '\''))
            inner = *p;
    }
    return (size_t)(p - text);
}

static size_t length_of_argument(const char *text, char quote)
{
    return measure(text, quote, SIZE_MAX);
}

static size_t blanks(const char *text)
{
    return strspn(text, " \t");
}

/* word is in lower case. */
static bool is_word(const char *text, size_t n, const char *word)
{
    size_t i = 0;

    while (i < n && text_fold(text[i]) == word[i] && word[i])
        i++;
    return i == n && word[i] == '\0';
}

/* The argument behind shown bytes of a word, and blanks. */
static bool hide_next(const struct mask_place *place, size_t shown, struct mask_shape *shape)
{
    const char *next = place->at + shown;
    size_t gap = blanks(next);

    shape->shown = shown + gap;
    shape->hidden = gap > 0 ? length_of_argument(next + gap, place->quote) : 0;
    return shape->hidden > 0;
}

/* A server lists its methods behind AUTH: those are capitals, what is sent is base64. */
static bool find_auth(const struct mask_place *place, struct mask_shape *shape)
{
    size_t n = strspn(place->at, LETTERS);

    if (!is_word(place->at, n, "auth") || blanks(place->at + n) == 0)
        return false;
    const char *method = place->at + n + blanks(place->at + n);
    size_t m = strspn(method, CAPITALS DIGITS "-");
    if (m == 0 || !hide_next(place, (size_t)(method - place->at) + m, shape))
        return false;
    return strspn(place->at + shape->shown, CAPITALS DIGITS "-_=") < shape->hidden;
}

static bool find_http(const struct mask_place *place, struct mask_shape *shape)
{
    size_t n = strspn(place->at, LETTERS);

    if (is_word(place->at, n, "bearer"))
        return hide_next(place, n, shape);
    return is_word(place->at, n, "basic") && hide_next(place, n, shape) &&
           shape->hidden >= BASIC_LEAST_BYTES &&
           strspn(place->at + shape->shown, BASE64) == shape->hidden &&
           strcspn(place->at + shape->shown, CAPITALS DIGITS "=") < shape->hidden;
}

/* Options that take a secret, and the command that has them; NULL: any. Of one letter
 * the argument may follow without a blank. */
static const struct {
    const char *command, *option;
} options[] = {
    {"curl", "-u"},    {"curl", "-U"},      {"curl", "--user"},    {"curl", "--proxy-user"},
    {"swaks", "-ap"},  {"sshpass", "-p"},   {"redis-cli", "-a"},   {"ldapsearch", "-w"},
    {"mysql", "-p"},   {"smbclient", "-U"}, {NULL, "-passin"},     {NULL, "-passout"},
    {NULL, "--oauth2-bearer"},
};

/* Whether the line names the command before the place. */
static bool is_given_to(const struct mask_place *place, const char *command)
{
    bool far = place->at - place->line > LINE_BYTES;
    const char *begin = far ? place->at - LINE_BYTES : place->line;
    size_t n = strlen(command);

    for (const char *p = begin; p + n < place->at; p++)
        if (strncmp(p, command, n) == 0 && !strchr(LETTERS DIGITS "_-", p[n]) &&
            (p == begin || !strchr(LETTERS DIGITS "_-.", p[-1])))
            return true;
    return false;
}

static bool takes_option(const struct mask_place *place, const char *option,
                         struct mask_shape *shape)
{
    size_t n = strlen(option);

    if (strncmp(place->at, option, n) != 0)
        return false;
    if (place->at[n] == '=')
        n++;
    else if (n > 2 || blanks(place->at + n) > 0)
        return hide_next(place, n, shape);
    *shape = (struct mask_shape){n, length_of_argument(place->at + n, place->quote)};
    return shape->hidden > 0;
}

static bool find_option(const struct mask_place *place, struct mask_shape *shape)
{
    if (*place->at != '-')
        return false;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (takes_option(place, options[i].option, shape) &&
            (!options[i].command || is_given_to(place, options[i].command)))
            return true;
    return false;
}

/* What openssl(1) calls a pass phrase argument. */
static bool find_pass(const struct mask_place *place, struct mask_shape *shape)
{
    static const char word[] = "pass:";

    if (strncmp(place->at, word, sizeof word - 1) != 0)
        return false;
    *shape = (struct mask_shape){
        sizeof word - 1, length_of_argument(place->at + sizeof word - 1, place->quote)};
    return shape->hidden > 0;
}

/* "user:password@host": the user goes too, as wherever an "@" stands in a value. In
 * "Smtp:From=ops@host" the colon is a key's, and the value begins behind it. */
static bool find_user(const struct mask_place *place, struct mask_shape *shape)
{
    size_t n = 0;

    while (n < NAME_BYTES && place->at[n] && strchr(LETTERS DIGITS "._%+-", place->at[n]))
        n++;
    if (n == 0 || place->at[n] != ':' || place->at[n + 1] == '/')
        return false;
    const char *at = memrchr(place->at, '@', measure(place->at, place->quote, NAME_BYTES));
    if (!at || at <= place->at + n + 1 || !at[1] || !strchr(LETTERS DIGITS "[", at[1]))
        return false;
    size_t key = n + strspn(place->at + n, LETTERS DIGITS "_:.-");
    shape->shown = place->at[key] == '=' && place->at + key < at ? key + 1 : 0;
    shape->hidden = (size_t)(at - place->at) - shape->shown;
    return shape->hidden > 0;
}

/* Hosts whose paths are secrets, without a scheme. */
static bool find_webhook(const struct mask_place *place, struct mask_shape *shape)
{
    static const char *const hosts[] = {"hooks.slack.com", "webhook.office.com",
                                        "outlook.office.com", "logic.azure.com",
                                        "api.powerplatform.com"};
    size_t n = strspn(place->at, HOST_CHARACTERS);
    const char *rest = place->at + n;

    rest += *rest == ':' ? 1 + strspn(rest + 1, DIGITS) : 0;
    if (*rest != '/')
        return false;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        size_t m = strlen(hosts[i]);
        if (n < m || !is_word(place->at + n - m, m, hosts[i]))
            continue;
        shape->shown = (size_t)(rest + 1 - place->at);
        shape->hidden = length_of_argument(rest + 1, place->quote);
        return shape->hidden > 0;
    }
    return false;
}

/* <Name>value</Name> */
static bool find_element(const struct mask_place *place, struct mask_shape *shape)
{
    size_t n = *place->at == '<' ? 1 : 0;

    while (n > 0 && n < NAME_BYTES && !strchr(" \t\n>/", place->at[n]))
        n++;
    if (n < 2 || place->at[n] != '>')
        return false;
    char *name = mem_strndup(place->at + 1, n - 1);
    bool secret = settings_is_secret(name);
    free(name);
    if (!secret)
        return false;
    const char *value = place->at + n + 1, *end = strstr(value, "</");
    *shape = (struct mask_shape){n + 1, end ? (size_t)(end - value) : strlen(value)};
    return shape->hidden > 0;
}

static bool is_key_line(const char *line, const char *beginning)
{
    size_t n = 0;

    if (strncmp(line, beginning, strlen(beginning)) != 0)
        return false;
    while (n < NAME_BYTES && line[n] && line[n] != '\n')
        n++;
    return memmem(line, n, KEY, sizeof KEY - 1) != NULL;
}

static const char *find_key_end(const char *text)
{
    const char *end = text;

    while ((end = strstr(end, KEY_ENDS)) && !is_key_line(end, KEY_ENDS))
        end++;
    return end;
}

/* The line feed before the end is the end's. */
static bool find_key(const struct mask_place *place, struct mask_shape *shape)
{
    if (!is_key_line(place->at, KEY_BEGINS))
        return false;
    const char *body = strstr(place->at, KEY) + sizeof KEY - 1, *end = find_key_end(body);
    body += *body == '\n';
    if (end && end > body && end[-1] == '\n')
        end--;
    *shape = (struct mask_shape){(size_t)(body - place->at),
                                 end ? (size_t)(end - body) : strlen(body)};
    return shape->hidden > 0;
}

bool mask_find_shape(const struct mask_place *place, struct mask_shape *shape)
{
    return find_key(place, shape) || find_element(place, shape) || find_option(place, shape) ||
           find_auth(place, shape) || find_http(place, shape) || find_pass(place, shape) ||
           find_webhook(place, shape) || find_user(place, shape);
}

size_t mask_headless_key(const char *text)
{
    const char *end = find_key_end(text), *begin = strstr(text, KEY_BEGINS);

    if (!end || (begin && begin < end))
        return 0;
    return (size_t)(end - text) - (end > text && end[-1] == '\n');
}
