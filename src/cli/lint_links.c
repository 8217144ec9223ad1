#include "cli/lint_links.h"

#include "base/embed.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* RFC 3986: a scheme and a colon before anything else. */
static bool has_scheme(const char *target)
{
    size_t n = strcspn(target, ":/?#");
    return n > 0 && target[n] == ':';
}

/* Letters in lower case, blanks as hyphens, no punctuation. */
static bool is_named(const char *title, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        char c = title[i] == ' ' ? '-' : text_fold(title[i]);
        bool counts = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                      (unsigned char)c >= 0x80;
        if (counts && c != *name++)
            return false;
    }
    return *name == '\0';
}

static bool has_heading(const char *text, const char *name)
{
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        size_t marks = strspn(line, "#");
        const char *title = line + marks + strspn(line + marks, " ");
        if (marks > 0 && is_named(title, strcspn(title, "\r\n"), name))
            return true;
    }
    return false;
}

static void cut(char *from, char *to)
{
    memmove(from, to, strlen(to) + 1);
}

/* Resolves "./" and "name/../": there is no file system to do it. */
static bool is_embedded(char *path)
{
    for (char *dot; (dot = strstr(path, "/./"));)
        cut(dot, dot + strlen("/."));
    for (char *up; strncmp(path, "../", 3) != 0 && (up = strstr(path, "/../"));) {
        *up = '\0';
        char *slash = strrchr(path, '/');
        cut(slash ? slash + 1 : path, up + strlen("/../"));
    }
    for (size_t i = 0; i < embed_count(); i++)
        if (strcmp(embed_at(i)->path, path) == 0)
            return true;
    return false;
}

static bool has_file(const struct check *check, const char *target)
{
    const char *file = check->article_path ? check->article_path : check->article_name;
    const char *slash = strrchr(file, '/');
    char *path = mem_printf("%.*s%.*s", slash ? (int)(slash + 1 - file) : 0, file,
                            (int)strcspn(target, "?#"), target);
    bool found = check->article_path ? access(path, F_OK) == 0 : is_embedded(path);

    free(path);
    return found;
}

bool lint_link_resolves(const struct check *check, const char *text, const char *target)
{
    if (*target == '\0' || has_scheme(target))
        return *target;
    return *target == '#' ? has_heading(text, target + 1) : has_file(check, target);
}
