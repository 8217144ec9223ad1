#include "suites.h"

#include "probe/nameserver_reply.h"

#include <arpa/nameser.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))
#define BYTES(literal) (literal), sizeof(literal) - 1

/* Parts of a reply to a question for x.test: RFC 1035, section 4.1. */
#define HEADER(flags, answers) "\x12\x34" flags "\0\1\0" answers "\0\0\0\0"
#define QUESTION(type) "\1x\4test\0\0" type "\0\1"
#define RECORD(name, type, length) name "\0" type "\0\1\0\0\0\74\0" length
#define X "\xc0\x0c"
#define Y "\1y\xc0\x0e"
#define A "\1"
#define CNAME "\5"
#define AAAA "\34"
#define IPV4 "\xc0\0\2\7"
#define IPV6 "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\7"
#define IS_Y RECORD(X, CNAME, "\4") Y
#define Y_IS RECORD(Y, A, "\4") IPV4

static const struct {
    const char *bytes;
    size_t n;
    enum nameserver_status a, aaaa; /* for a question for A, for AAAA */
} replies[] = {
    {BYTES(HEADER("\x81\x80", "\1") QUESTION(A) RECORD(X, A, "\4") IPV4),
     NAMESERVER_ADDRESSES, NAMESERVER_NO_ADDRESS},
    {BYTES(HEADER("\x81\x80", "\1") QUESTION(AAAA) RECORD(X, AAAA, "\20") IPV6),
     NAMESERVER_NO_ADDRESS, NAMESERVER_ADDRESSES},
    {BYTES(HEADER("\x81\x80", "\2") QUESTION(A) IS_Y Y_IS),
     NAMESERVER_ADDRESSES, NAMESERVER_NO_ADDRESS},
    {BYTES(HEADER("\x81\x80", "\0") QUESTION(A)), NAMESERVER_NO_ADDRESS, NAMESERVER_NO_ADDRESS},
    /* A CNAME that leads nowhere; an address of another name. */
    {BYTES(HEADER("\x81\x80", "\1") QUESTION(A) IS_Y),
     NAMESERVER_NO_ADDRESS, NAMESERVER_NO_ADDRESS},
    {BYTES(HEADER("\x81\x80", "\1") QUESTION(A) Y_IS),
     NAMESERVER_NO_ADDRESS, NAMESERVER_NO_ADDRESS},
    /* RCODEs, some of which c-ares takes for a success. */
    {BYTES(HEADER("\x81\x81", "\0") QUESTION(A)), NAMESERVER_FORMERR, NAMESERVER_FORMERR},
    {BYTES(HEADER("\x81\x82", "\0") QUESTION(A)), NAMESERVER_SERVFAIL, NAMESERVER_SERVFAIL},
    {BYTES(HEADER("\x81\x83", "\0") QUESTION(A)), NAMESERVER_NO_NAME, NAMESERVER_NO_NAME},
    {BYTES(HEADER("\x81\x84", "\0") QUESTION(A)), NAMESERVER_NOTIMP, NAMESERVER_NOTIMP},
    {BYTES(HEADER("\x81\x85", "\0") QUESTION(A)), NAMESERVER_REFUSED, NAMESERVER_REFUSED},
    {BYTES(HEADER("\x81\x89", "\0") QUESTION(A)), NAMESERVER_GARBAGE, NAMESERVER_GARBAGE},
    {BYTES(HEADER("\x81\x8f", "\0") QUESTION(A)), NAMESERVER_GARBAGE, NAMESERVER_GARBAGE},
    /* The question sent back, which c-ares takes for a reply. */
    {BYTES(HEADER("\1\0", "\0") QUESTION(A)), NAMESERVER_GARBAGE, NAMESERVER_GARBAGE},
    {BYTES(HEADER("\1\0", "\1") QUESTION(A) RECORD(X, A, "\4") IPV4),
     NAMESERVER_GARBAGE, NAMESERVER_GARBAGE},
    /* A name that points at itself, a pointer past the end, a label of 64 bytes. */
    {BYTES(HEADER("\x81\x80", "\1") QUESTION(A) RECORD("\xc0\x18", A, "\4") IPV4),
     NAMESERVER_GARBAGE, NAMESERVER_GARBAGE},
    {BYTES(HEADER("\x81\x80", "\1") QUESTION(A) RECORD("\xc0\xff", A, "\4") IPV4),
     NAMESERVER_GARBAGE, NAMESERVER_GARBAGE},
    {BYTES(HEADER("\x81\x80", "\1") QUESTION(A) RECORD("\x40", A, "\4") IPV4),
     NAMESERVER_GARBAGE, NAMESERVER_GARBAGE},
    {BYTES("SSH-2.0-OpenSSH_9.2\r\n"), NAMESERVER_GARBAGE, NAMESERVER_GARBAGE},
};

static enum nameserver_status read_block(int type, const char *bytes, size_t n)
{
    unsigned char *block = malloc(n ? n : 1);

    memcpy(block, bytes, n);
    enum nameserver_status status = nameserver_read_reply(type, block, n);
    free(block);
    return status;
}

START_TEST(test_reply)
{
    enum nameserver_status a = read_block(ns_t_a, replies[_i].bytes, replies[_i].n);
    enum nameserver_status aaaa = read_block(ns_t_aaaa, replies[_i].bytes, replies[_i].n);

    ck_assert_str_eq(nameserver_status_name(a), nameserver_status_name(replies[_i].a));
    ck_assert_str_eq(nameserver_status_name(aaaa), nameserver_status_name(replies[_i].aaaa));
}
END_TEST

/* Half a reply says nothing: a header that promises records is no "no address". */
START_TEST(test_cut)
{
    int good = 0;

    for (size_t n = 0; n < replies[_i].n; n++)
        good += read_block(ns_t_a, replies[_i].bytes, n) != NAMESERVER_GARBAGE;
    ck_assert_int_eq(good, 0);
}
END_TEST

Suite *nameserver_reply_suite(void)
{
    Suite *suite = suite_create("nameserver_reply");
    TCase *tcase = tcase_create("bytes");

    tcase_add_loop_test(tcase, test_reply, 0, COUNT(replies));
    tcase_add_loop_test(tcase, test_cut, 0, 3);
    suite_add_tcase(suite, tcase);
    return suite;
}
