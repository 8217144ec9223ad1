#include "hostile.h"

#include "base/buf.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define HARMLESS LETTERS "0123456789._-"

enum { PIECES_MOST = 6, NAME_MOST = 12, RARELY = 60 };

/* Text that a shell would act on, if it stood bare somewhere. */
static const char *const pieces[] = {
    "; touch x", "$(touch x)", "`touch x`", "'", "\"", "\\", "\n", "\t", "%", "%s", "!", "!!",
    "*", "?", "~", "{a,b}", "-", "--", "a", "b", " ", "  ", "\xC3\xA9", "\xE6\x97\xA5", "#", " #",
    "&", "|", "<", ">", "${HOME}", "$x", "$$", "\\n", "=", ":", ": ", "(", ")", "[", "]", "}", "^",
    "&& touch x", "END", "\nEND\n", "smtp.example.com", "587", "'\"'", "\\'", "\\\"", "\xE2\x80\x99",
    "- ", "@", ",", "\\\n", "\n\t", "$'", "${", "0", "<<", "\ntouch x\n", ";", "\xC2\xA0",
};
enum { PIECES = sizeof pieces / sizeof *pieces };

static const char *const rare[] = {"\033[2J", "\r", "\177", "\1", "\xFF", "\xED\xA0\x80",
                                   "\xE2\x80\xAE", "\xE2\x80\x8B", "\xC2\x9B", "\xF8\x80"};
enum { RARE = sizeof rare / sizeof *rare };

static void add_name(struct buf *value, unsigned *seed)
{
    static const char alphabet[] = LETTERS "0123456789.-:/@%+_";
    int count = 1 + rand_r(seed) % NAME_MOST;

    for (int i = 0; i < count; i++)
        buf_putc(value, alphabet[(size_t)rand_r(seed) % (sizeof alphabet - 1)]);
}

char *hostile_value(unsigned *seed)
{
    struct buf value = {0};
    int count = 1 + rand_r(seed) % PIECES_MOST;

    if (rand_r(seed) % 4 == 0) {
        add_name(&value, seed);
        return buf_take(&value);
    }
    for (int i = 0; i < count; i++)
        buf_puts(&value, pieces[rand_r(seed) % PIECES]);
    if (rand_r(seed) % RARELY == 0)
        buf_puts(&value, rare[rand_r(seed) % RARE]);
    return buf_take(&value);
}

/* A character of the series that is not shown, or a byte that is none. */
static bool is_unshown(const char *value)
{
    for (size_t i = 0; i < RARE; i++)
        if (strstr(value, rare[i]))
            return true;
    return false;
}

static bool has_line(const char *value, bool (*is)(const char *line))
{
    for (const char *line = value; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (is(line))
            return true;
    }
    return false;
}

static bool is_end(const char *line)
{
    size_t n = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");

    return (n > 0 && (line[n] & 0x80)) ||
           (strncmp(line, "END", 3) == 0 && (line[3] == '\n' || line[3] == '\0'));
}

static bool begins_with_tab(const char *line)
{
    return *line == '\t';
}

/* Of two backslashes the first one is for the second. */
static bool has_slashed_quote(const char *value)
{
    for (const char *run = value; (run = strchr(run, '\\'));) {
        size_t n = strspn(run, "\\");
        run += n;
        if (n % 2 && (*run == '\'' || *run == '\0'))
            return true;
    }
    return false;
}

int hostile_kinds(const char *value)
{
    bool harmless = value[strspn(value, HARMLESS)] == '\0';
    bool plain = value[strspn(value, HARMLESS ":/@%+")] == '\0' && !strstr(value, "..");
    const struct {
        bool is;
        int kind;
    } kinds[] = {
        {is_unshown(value), HOSTILE_UNSHOWN},
        {*value == '-', HOSTILE_OPTION},
        {strchr(value, '\n'), HOSTILE_FEED},
        {strchr(value, '\\'), HOSTILE_BACKSLASH},
        {!plain, HOSTILE_NOT_PLAIN},
        {!harmless, HOSTILE_NOT_HARMLESS},
        {has_line(value, is_end), HOSTILE_DELIMITER},
        {has_line(value, begins_with_tab), HOSTILE_TAB_LINE},
        {strchr(value, '$'), HOSTILE_DOLLAR},
        {strpbrk(value, "'\\\n") && strpbrk(value, "\\\"$\n"), HOSTILE_ESCAPED},
        {strpbrk(value, "'\"\\%$\n\t"), HOSTILE_QUOTED},
        {strchr(value, '%'), HOSTILE_PERCENT},
        {strchr(" \t", *value), HOSTILE_BLANK},
        {has_slashed_quote(value), HOSTILE_SLASHED_QUOTE},
    };
    int all = 0;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        all |= kinds[i].is ? kinds[i].kind : 0;
    return all;
}
