#include "probe/banner.h"

#include "base/text.h"

#include <string.h>

enum match { MATCH_NO, MATCH_MORE, MATCH_YES };

struct signature {
    enum banner banner;
    size_t offset;
    const char *bytes;
    size_t len;
};

#define BYTES(literal) literal, sizeof(literal) - 1

/* In an order in which no later one decides before an earlier one could. */
static const struct signature signatures[] = {
    {BANNER_HTTP, 0, BYTES("HTTP/")},
    {BANNER_HTTP, 0, BYTES("<html")},
    {BANNER_HTTP, 0, BYTES("<!DOCTYPE")},
    {BANNER_SSH, 0, BYTES("SSH-")},
    {BANNER_IMAP, 0, BYTES("* OK")},
    {BANNER_IMAP, 0, BYTES("* BYE")},
    {BANNER_POP3, 0, BYTES("+OK")},
    {BANNER_POP3, 0, BYTES("-ERR")},
    {BANNER_REDIS, 0, BYTES("-DENIED Redis")},
    {BANNER_REDIS, 0, BYTES("-NOAUTH ")},
    {BANNER_AMQP, 0, BYTES("AMQP")},
    {BANNER_MANAGESIEVE, 0, BYTES("\"IMPLEMENTATION\"")},
    {BANNER_TLS, 0, BYTES("\x15\x03")},
    {BANNER_TLS, 0, BYTES("\x16\x03")},
    {BANNER_TELNET, 0, BYTES("\xFF\xFB")},
    {BANNER_TELNET, 0, BYTES("\xFF\xFD")},
    {BANNER_VNC, 0, BYTES("RFB 00")},
    /* Behind a length of three bytes: packet 0, and protocol version 10 or an error. */
    {BANNER_MYSQL, 3, BYTES("\x00\x0A")},
    {BANNER_MYSQL, 3, BYTES("\x00\xFF")},
};

static enum match match_signature(const struct signature *signature, const char *bytes, size_t n)
{
    if (n <= signature->offset)
        return MATCH_MORE;
    size_t there = n - signature->offset;
    size_t compared = there < signature->len ? there : signature->len;
    if (memcmp(bytes + signature->offset, signature->bytes, compared) != 0)
        return MATCH_NO;
    return compared < signature->len ? MATCH_MORE : MATCH_YES;
}

/* "220 ", "220-", or a line that is nothing but the code. */
static enum match match_reply(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n && i < 3; i++)
        if (bytes[i] < '0' || bytes[i] > '9')
            return MATCH_NO;
    if (n < 4)
        return MATCH_MORE;
    return bytes[3] && strchr(" -\r\n", bytes[3]) ? MATCH_YES : MATCH_NO;
}

enum banner banner_classify(const char *bytes, size_t n)
{
    enum match reply = match_reply(bytes, n);
    bool undecided = reply == MATCH_MORE;

    if (reply == MATCH_YES)
        return BANNER_SMTP;
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
        enum match match = match_signature(&signatures[i], bytes, n);
        if (match == MATCH_YES)
            return signatures[i].banner;
        undecided = undecided || match == MATCH_MORE;
    }
    return undecided ? BANNER_UNDECIDED : BANNER_OTHER;
}

/* "FTP" but not in the name of a host, as in FTP.EXAMPLE.COM. */
static bool says_ftp(const char *text)
{
    for (const char *at = text; (at = strstr(at, "FTP")); at += 3)
        if (at[3] != '.')
            return true;
    return strstr(text, "ftpd") || strstr(text, "FileZilla");
}

enum banner banner_of_greeting(const char *text)
{
    if (text_fold_contains(text, "SMTP"))
        return BANNER_SMTP;
    if (says_ftp(text))
        return BANNER_FTP;
    return strstr(text, "LMTP") ? BANNER_LMTP : BANNER_SMTP;
}

enum banner banner_of_mailbox(const char *line, bool spoke_first)
{
    static const char *const redis[] = {"-ERR unknown command", "-ERR Protocol error",
                                        "-ERR max number of clients"};

    for (size_t i = 0; i < sizeof redis / sizeof *redis; i++)
        if (strncmp(line, redis[i], strlen(redis[i])) == 0)
            return BANNER_REDIS;
    return spoke_first || *line == '+' ? BANNER_POP3 : BANNER_OTHER;
}

enum banner banner_of_line(enum banner banner, const char *line)
{
    switch (banner) {
    case BANNER_SMTP:
        return banner_of_greeting(line);
    case BANNER_POP3:
        return banner_of_mailbox(line, false);
    case BANNER_UNDECIDED:
        return BANNER_OTHER;
    default:
        return banner;
    }
}

enum banner banner_of_answer(int code, const char *text)
{
    static const char *const words[] = {"USER and PASS", "logged in", "log in", "login"};

    for (size_t i = 0; code == 530 && i < sizeof words / sizeof *words; i++)
        if (text_fold_contains(text, words[i]))
            return BANNER_FTP;
    return BANNER_SMTP;
}

static const struct {
    const char *name;
    bool is_text;
} protocols[] = {
    [BANNER_UNDECIDED] = {"a protocol that is not known here", true},
    [BANNER_SMTP] = {"SMTP", true},
    [BANNER_FTP] = {"FTP", true},
    [BANNER_LMTP] = {"LMTP", true},
    [BANNER_HTTP] = {"HTTP", true},
    [BANNER_SSH] = {"SSH", true},
    [BANNER_IMAP] = {"IMAP", true},
    [BANNER_POP3] = {"POP3", true},
    [BANNER_REDIS] = {"RESP (Redis)", true},
    [BANNER_MANAGESIEVE] = {"ManageSieve", true},
    [BANNER_TLS] = {"TLS", false},
    [BANNER_MYSQL] = {"MySQL", false},
    [BANNER_AMQP] = {"AMQP", false},
    [BANNER_TELNET] = {"Telnet", false},
    [BANNER_ECHO] = {"an echo service", false},
    [BANNER_VNC] = {"VNC", true},
    [BANNER_OTHER] = {"a protocol that is not known here", true},
};
_Static_assert(sizeof protocols / sizeof *protocols == BANNERS, "every banner has a name");

const char *banner_name(enum banner banner)
{
    return protocols[banner].name;
}

bool banner_is_text(enum banner banner)
{
    return protocols[banner].is_text;
}
