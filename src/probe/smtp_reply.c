#include "probe/smtp_reply.h"

#include "base/mem.h"
#include "base/text.h"
#include "probe/finding.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_DIGITS = 3, TEXT_START = CODE_DIGITS + 1 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The code at the start of a line, or 0. The line is closed with a NUL. */
static int line_code(const char *line)
{
    if (line[0] < '2' || line[0] > '5' || !is_digit(line[1]) || !is_digit(line[2]))
        return 0;
    return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

static enum smtp_reply_status end_line(struct smtp_reply *reply)
{
    struct buf *text = &reply->text;

    buf_add(text, "", 0);
    if (text->len > reply->line && text->data[text->len - 1] == '\r')
        text->data[--text->len] = '\0';
    const char *line = text->data + reply->line;
    size_t len = text->len - reply->line;
    reply->lines++;
    reply->code = line_code(line);
    if (!reply->code)
        return SMTP_REPLY_INVALID;
    if (len == CODE_DIGITS || line[CODE_DIGITS] == ' ')
        return SMTP_REPLY_DONE;
    if (line[CODE_DIGITS] != '-')
        return SMTP_REPLY_INVALID;
    if (reply->lines == SMTP_REPLY_LINES)
        return SMTP_REPLY_TOO_MANY_LINES;
    buf_putc(text, '\n');
    reply->line = text->len;
    return SMTP_REPLY_MORE;
}

enum smtp_reply_status smtp_reply_feed(struct smtp_reply *reply, char byte)
{
    if (byte == '\n')
        return end_line(reply);
    buf_putc(&reply->text, byte);
    size_t with_line_feed = reply->text.len - reply->line + 1;
    return with_line_feed > SMTP_LINE_BYTES ? SMTP_REPLY_LINE_TOO_LONG : SMTP_REPLY_MORE;
}

void smtp_reply_clear(struct smtp_reply *reply)
{
    buf_clear(&reply->text);
    *reply = (struct smtp_reply){0};
}

char *smtp_reply_excerpt(const struct smtp_reply *reply)
{
    struct buf line = {0};
    bool between = reply->text.len > 0 && reply->text.len == reply->line;

    buf_add(&line, reply->text.data, reply->text.len - between);
    for (size_t i = 0; i < line.len; i++)
        if (line.data[i] == '\n')
            line.data[i] = ' ';
    char *excerpt = finding_excerpt(line.data, line.len);
    buf_clear(&line);
    return excerpt;
}

/* Where the parameters start if the n bytes at line offer the extension, else
 * NULL. */
static const char *parameters(const char *line, size_t n, const char *keyword)
{
    size_t len = strlen(keyword);

    if (n < len)
        return NULL;
    for (size_t i = 0; i < len; i++)
        if (text_fold(line[i]) != text_fold(keyword[i]))
            return NULL;
    if (n == len)
        return line + len;
    return line[len] == ' ' || line[len] == '=' ? line + len + 1 : NULL;
}

char *smtp_reply_extension(const struct smtp_reply *reply, const char *keyword)
{
    const char *end = reply->text.data + reply->text.len;
    const char *line = memchr(reply->text.data, '\n', reply->text.len);

    /* The first line names the server. */
    while (line) {
        line++;
        const char *next = memchr(line, '\n', (size_t)(end - line));
        const char *stop = next ? next : end;
        if (stop - line > TEXT_START) {
            const char *text = line + TEXT_START;
            const char *found = parameters(text, (size_t)(stop - text), keyword);
            if (found)
                return mem_strndup(found, (size_t)(stop - found));
        }
        line = next;
    }
    return NULL;
}
