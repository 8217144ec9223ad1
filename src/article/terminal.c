#include "article/terminal.h"

#include "article/shell_lines.h"

#include <stdio.h>
#include <string.h>

enum { NAME_SIZE = 16 }; /* longer names are in no table */

struct look {
    char name[NAME_SIZE]; /* of the command whose arguments come now */
    bool wraps;           /* its first argument that is no option is a command */
    bool needed;
};

static bool is_one_of(const char *word, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], word) == 0)
            return true;
    return false;
}

/* "-s" is in "-rsp" too. */
static bool has_option(const char *word, const char *option)
{
    if (option[0] == '-' && option[1] != '-' && option[2] == '\0')
        return word[0] == '-' && word[1] != '-' && strchr(word, option[1]) != NULL;
    return strcmp(word, option) == 0;
}

/* Commands that need it always, and those that do with an argument. */
static bool asks(const char *name, const char *argument)
{
    static const char *const always[] = {
        "sudo", "sudoedit", "su",  "doas",  "visudo", "vi",     "vim",  "nvim", "nano", "emacs",
        "pico", "ed",       "ssh", "sftp",  "ftp",    "telnet", "less", "more", "man",  "top",
        "htop", "watch",    "tmux", "screen", "passwd",
    };
    static const struct {
        const char *name; /* NULL: of any command */
        const char *argument;
    } table[] = {
        {"read", "-s"},   {"systemctl", "edit"}, {"kubectl", "edit"}, {"kubectl", "attach"},
        {"crontab", "-e"}, {"docker", "attach"}, {NULL, "-it"},       {NULL, "-ti"},
        {NULL, "--tty"},
    };
    if (!argument)
        return is_one_of(name, always, sizeof always / sizeof *always) ||
               strstr(name, "EDITOR") || strstr(name, "VISUAL");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if ((!table[i].name || strcmp(table[i].name, name) == 0) &&
            has_option(argument, table[i].argument))
            return true;
    return false;
}

static void on_word(void *context, const char *word, bool command)
{
    static const char *const wrappers[] = {"timeout", "env",     "nohup", "nice",
                                           "time",    "command", "exec",  "xargs"};
    struct look *look = context;

    if (look->wraps && !command)
        command = strspn(word, "-0123456789") == 0 && !strchr(word, '=');
    if (command) {
        const char *slash = strrchr(word, '/');
        snprintf(look->name, sizeof look->name, "%s", slash ? slash + 1 : word);
        look->wraps = is_one_of(look->name, wrappers, sizeof wrappers / sizeof *wrappers);
    }
    look->needed |= asks(look->name, command ? NULL : word);
}

bool shell_needs_terminal(const char *text)
{
    struct look look = {0};
    struct shell_lines *lines = shell_lines_new(on_word, &look);

    for (const char *line = text; *line && !look.needed;) {
        size_t n = strcspn(line, "\n");
        shell_lines_read(lines, line, n);
        line += n + (line[n] != '\0');
    }
    shell_lines_free(lines);
    return look.needed;
}
