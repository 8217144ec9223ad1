#include "suites.h"

#include "probe/banner.h"

#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define BYTES(literal) literal, sizeof(literal) - 1

/* What is decided, and after how many bytes. */
static const struct {
    const char *bytes;
    size_t len;
    enum banner banner;
    size_t decided;
} firsts[] = {
    {BYTES("220 mail.example.com ESMTP\r\n"), BANNER_SMTP, 4},
    {BYTES("220-mail.example.com ESMTP\r\n"), BANNER_SMTP, 4},
    {BYTES("554 5.7.1 no\r\n"), BANNER_SMTP, 4},
    {BYTES("220\r\n"), BANNER_SMTP, 4},
    {BYTES("220\n"), BANNER_SMTP, 4},
    {BYTES("220x mail"), BANNER_OTHER, 4},
    {BYTES("2200 mail"), BANNER_OTHER, 4},
    {BYTES("22 mail"), BANNER_OTHER, 4},
    {BYTES("HTTP/1.1 400 Bad Request\r\n"), BANNER_HTTP, 5},
    {BYTES("<html>\r\n"), BANNER_HTTP, 5},
    {BYTES("<!DOCTYPE html>"), BANNER_HTTP, 9},
    {BYTES("<!doctor"), BANNER_OTHER, 4},
    {BYTES("SSH-2.0-OpenSSH_9.2p1\r\n"), BANNER_SSH, 4},
    {BYTES("* OK IMAP4rev1 ready\r\n"), BANNER_IMAP, 4},
    {BYTES("* BYE too many\r\n"), BANNER_IMAP, 5},
    {BYTES("* NO\r\n"), BANNER_OTHER, 4},
    {BYTES("+OK ready\r\n"), BANNER_POP3, 3},
    {BYTES("-ERR too many\r\n"), BANNER_POP3, 4},
    {BYTES("\"IMPLEMENTATION\" \"x\"\r\n"), BANNER_MANAGESIEVE, 16},
    {BYTES("\x15\x03\x01\x00\x02\x02\x46"), BANNER_TLS, 2},
    {BYTES("\x16\x03\x03\x00\x0A"), BANNER_TLS, 2},
    {BYTES("\x14\x03\x03\x00\x01"), BANNER_OTHER, 5},
    {BYTES("\xFF\xFD\x18"), BANNER_TELNET, 2},
    {BYTES("\xFF\xFB\x01"), BANNER_TELNET, 2},
    {BYTES("RFB 003.008\n"), BANNER_VNC, 6},
    {BYTES("-DENIED Redis is running in protected mode\r\n"), BANNER_REDIS, 13},
    {BYTES("-NOAUTH Authentication required.\r\n"), BANNER_REDIS, 8},
    {BYTES("AMQP\x00\x00\x09\x01"), BANNER_AMQP, 4},
    {BYTES("\x4A\x00\x00\x00\x0A" "8.0.36"), BANNER_MYSQL, 5},
    {BYTES("\x45\x00\x00\x00\xFFj\x04Host"), BANNER_MYSQL, 5},
    {BYTES("J\0\0\0x"), BANNER_OTHER, 5},
    {BYTES("hi"), BANNER_UNDECIDED, 3},
    {BYTES("Welcome"), BANNER_OTHER, 4},
    {BYTES("\r\n\r\n"), BANNER_OTHER, 4},
};

/* However many bytes there are, the answer is the same once there are enough. */
START_TEST(first_bytes)
{
    const char *bytes = firsts[_i].bytes;

    ck_assert_int_eq(banner_classify(bytes, 0), BANNER_UNDECIDED);
    for (size_t n = 1; n <= firsts[_i].len; n++) {
        enum banner banner = n < firsts[_i].decided ? BANNER_UNDECIDED : firsts[_i].banner;
        ck_assert_msg(banner_classify(bytes, n) == banner, "%zu bytes of %s: %s", n, bytes,
                      banner_name(banner_classify(bytes, n)));
    }
}
END_TEST

START_TEST(enough_bytes_decide)
{
    char bytes[BANNER_BYTES];

    memset(bytes, 'x', sizeof bytes);
    memcpy(bytes, firsts[_i].bytes,
           firsts[_i].len < sizeof bytes ? firsts[_i].len : sizeof bytes);
    ck_assert_int_ne(banner_classify(bytes, sizeof bytes), BANNER_UNDECIDED);
}
END_TEST

static const struct {
    const char *text;
    enum banner banner;
} greetings[] = {
    {"220 mail.example.com ESMTP Postfix", BANNER_SMTP},
    {"220 mail.example.com", BANNER_SMTP},
    {"220", BANNER_SMTP},
    {"220 ftp.example.com ready", BANNER_SMTP},
    {"220 FTP.EXAMPLE.COM ready", BANNER_SMTP},
    {"220 ftp.example.com ESMTP", BANNER_SMTP},
    {"220 mail.example.com GiftPost", BANNER_SMTP},
    {"220 FTP gateway, smtp too", BANNER_SMTP},
    {"220 Microsoft FTP Service", BANNER_FTP},
    {"220 FTP.EXAMPLE.COM FTP server", BANNER_FTP},
    {"220 (vsFTPd 3.0.3)", BANNER_FTP},
    {"220 bftpd 5.7 at 192.0.2.1 ready.", BANNER_FTP},
    {"220-FileZilla Server 1.8.1", BANNER_FTP},
    {"220-Welcome\n220 ProFTPD", BANNER_FTP},
    {"220 mail.example.com LMTP", BANNER_LMTP},
};

START_TEST(greeting)
{
    ck_assert_str_eq(banner_name(banner_of_greeting(greetings[_i].text)),
                     banner_name(greetings[_i].banner));
}
END_TEST

static const struct {
    const char *line;
    bool spoke_first;
    enum banner banner;
} mailboxes[] = {
    {"+OK ready", true, BANNER_POP3},
    {"+OK ready", false, BANNER_POP3},
    {"-ERR too many from your address", true, BANNER_POP3},
    {"-ERR what is that?", false, BANNER_OTHER},
    {"-ERR unknown command '\\x16\\x03', with args beginning with: ", false, BANNER_REDIS},
    {"-ERR Protocol error: unbalanced quotes in request", false, BANNER_REDIS},
    {"-ERR max number of clients reached", true, BANNER_REDIS},
};

START_TEST(mailbox)
{
    ck_assert_str_eq(banner_name(banner_of_mailbox(mailboxes[_i].line, mailboxes[_i].spoke_first)),
                     banner_name(mailboxes[_i].banner));
}
END_TEST

static const struct {
    enum banner begins;
    const char *line;
    enum banner banner;
} lines[] = {
    {BANNER_SMTP, "220 mail.example.com ESMTP", BANNER_SMTP},
    {BANNER_SMTP, "220 (vsFTPd 3.0.3)", BANNER_FTP},
    {BANNER_POP3, "+OK ready", BANNER_POP3},
    {BANNER_POP3, "-ERR what is that?", BANNER_OTHER},
    {BANNER_HTTP, "HTTP/1.1 400 Bad Request", BANNER_HTTP},
    {BANNER_UNDECIDED, "hi", BANNER_OTHER},
};

START_TEST(answered_line)
{
    ck_assert_str_eq(banner_name(banner_of_line(lines[_i].begins, lines[_i].line)),
                     banner_name(lines[_i].banner));
}
END_TEST

static const struct {
    int code;
    const char *text;
    enum banner banner;
} answers[] = {
    {530, "530 Please login with USER and PASS.", BANNER_FTP},
    {530, "530 You aren't logged in", BANNER_FTP},
    {530, "530 Log in first", BANNER_FTP},
    {500, "500 login", BANNER_SMTP},
    {530, "530 5.7.0 Must issue a STARTTLS command first", BANNER_SMTP},
    {530, "530 5.7.1 Authentication required", BANNER_SMTP},
};

START_TEST(answer)
{
    ck_assert_str_eq(banner_name(banner_of_answer(answers[_i].code, answers[_i].text)),
                     banner_name(answers[_i].banner));
}
END_TEST

START_TEST(names)
{
    for (int banner = 0; banner < BANNERS; banner++)
        ck_assert_ptr_nonnull(banner_name((enum banner)banner));
    ck_assert_str_eq(banner_name(BANNER_MYSQL), "MySQL");
    ck_assert(banner_is_text(BANNER_SSH));
    ck_assert(!banner_is_text(BANNER_TLS));
}
END_TEST

Suite *banner_suite(void)
{
    Suite *suite = suite_create("banner");
    TCase *tcase = tcase_create("banner");

    tcase_add_loop_test(tcase, first_bytes, 0, COUNT(firsts));
    tcase_add_loop_test(tcase, enough_bytes_decide, 0, COUNT(firsts));
    tcase_add_loop_test(tcase, greeting, 0, COUNT(greetings));
    tcase_add_loop_test(tcase, mailbox, 0, COUNT(mailboxes));
    tcase_add_loop_test(tcase, answered_line, 0, COUNT(lines));
    tcase_add_loop_test(tcase, answer, 0, COUNT(answers));
    tcase_add_test(tcase, names);
    suite_add_tcase(suite, tcase);
    return suite;
}
