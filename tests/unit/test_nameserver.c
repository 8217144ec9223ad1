#include "suites.h"

#include "probe/nameserver.h"
#include "probe/resolvconf.h"
#include "process.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

static uv_loop_t loop;
static struct evidence evidence;
static struct sockaddr_in address; /* of the nameserver; none in other suites */
static struct sockaddr_in6 *zoned; /* another one, which res_nclose(3) frees */
static const char *search;
static unsigned long options; /* RES_NOAAAA, or none */
static int server, done, descriptors;

/* In libc's place, for the whole program: no test asks a nameserver of this host. */
int res_ninit(res_state state)
{
    /* res_nclose(3) closes its sockets. */
    state->_vcsock = state->_u._ext.nssocks[0] = state->_u._ext.nssocks[1] = -1;
    state->ndots = 1;
    state->options = options;
    state->dnsrch[0] = (char *)search;
    if (address.sin_family)
        state->nsaddr_list[state->nscount++] = address;
    if (zoned)
        state->_u._ext.nsaddrs[state->nscount++] = zoned;
    zoned = NULL;
    return 0;
}

static void on_done(void *context)
{
    (void)context;
    done++;
}

static void setup(void)
{
    socklen_t length = sizeof address;

    ck_assert_int_eq(uv_loop_init(&loop), 0);
    descriptors = process_descriptors();
    server = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    address = (struct sockaddr_in){.sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    ck_assert_int_eq(bind(server, (struct sockaddr *)&address, length), 0);
    ck_assert_int_eq(getsockname(server, (struct sockaddr *)&address, &length), 0);
}

static void teardown(void)
{
    if (server >= 0)
        close(server);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(process_descriptors(), descriptors);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    evidence_clear(&evidence);
}

static struct nameservers *ask(const char *host)
{
    return nameservers_ask(&loop, host, &evidence, on_done, NULL);
}

enum reply {
    NO_REPLY,
    WITH_ADDRESS,
    WITH_CNAME, /* that leads nowhere */
    EMPTY,
    QUESTION_BACK, /* as it came */
    UNKNOWN_NAME,
    SERVER_FAILURE,
    REFUSAL,
    NOT_IMPLEMENTED,
    BAD_FORM,
    CUT_OFF, /* before the end of the header */
    WRONG_ID,
    WRONG_NAME
};

/* Behind a question, whose name they point at. */
static void put_record(uint8_t *bytes, size_t *n, uint8_t type)
{
    const uint8_t record[] = {0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0};
    const uint8_t a[] = {4, 192, 0, 2, 7}, cname[] = {2, 0xc0, 14};
    const uint8_t aaaa[] = {16, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};
    const uint8_t *data = type == ns_t_a ? a : type == ns_t_aaaa ? aaaa : cname;
    size_t length = 1U + data[0];

    memcpy(bytes + *n, record, sizeof record);
    memcpy(bytes + *n + sizeof record, data, length);
    *n += sizeof record + length;
    bytes[7] = 1; /* ANCOUNT */
}

static void make_reply(uint8_t *bytes, size_t *n, enum reply reply)
{
    static const uint8_t rcodes[] = {[UNKNOWN_NAME] = ns_r_nxdomain,
                                     [SERVER_FAILURE] = ns_r_servfail,
                                     [REFUSAL] = ns_r_refused,
                                     [NOT_IMPLEMENTED] = ns_r_notimpl,
                                     [BAD_FORM] = ns_r_formerr,
                                     [WRONG_NAME] = ns_r_noerror};

    if (reply != QUESTION_BACK)
        bytes[2] |= 0x80; /* QR */
    bytes[3] |= rcodes[reply];
    if (reply == WITH_ADDRESS)
        put_record(bytes, n, bytes[*n - 3]); /* QTYPE */
    else if (reply == WITH_CNAME)
        put_record(bytes, n, ns_t_cname);
    else if (reply == CUT_OFF)
        *n = NS_HFIXEDSZ - 3;
    else if (reply == WRONG_ID)
        bytes[0] ^= 0x80;
    else if (reply == WRONG_NAME)
        bytes[13] ^= 1;
}

/* Takes the next question, of type for x.test, and replies. Loopback delivers within
 * the call that sends. */
static void answer(int type, enum reply reply)
{
    static const uint8_t name[] = "\1x\4test";
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    uint8_t bytes[NS_PACKETSZ];
    ssize_t got = recvfrom(server, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &length);

    ck_assert_int_gt(got, 0);
    size_t n = (size_t)got;
    ck_assert_uint_eq(n, NS_HFIXEDSZ + sizeof name + NS_QFIXEDSZ);
    ck_assert_mem_eq(bytes + NS_HFIXEDSZ, name, sizeof name);
    ck_assert_int_eq(bytes[n - 3], type);
    if (reply == NO_REPLY)
        return;
    make_reply(bytes, &n, reply);
    ck_assert_int_gt(sendto(server, bytes, n, 0, (struct sockaddr *)&from, length), 0);
}

static const struct {
    enum reply a, aaaa;
    enum nameserver_status status;
    int silent; /* 4 or 6: only the question for those addresses got no answer */
} cases[] = {
    {WITH_ADDRESS, WITH_ADDRESS, NAMESERVER_ADDRESSES, 0},
    {WITH_ADDRESS, EMPTY, NAMESERVER_ADDRESSES, 0},
    {EMPTY, WITH_ADDRESS, NAMESERVER_ADDRESSES, 0},
    {WITH_ADDRESS, SERVER_FAILURE, NAMESERVER_ADDRESSES, 0},
    {WITH_ADDRESS, NO_REPLY, NAMESERVER_ADDRESSES, 6},
    {NO_REPLY, WITH_ADDRESS, NAMESERVER_ADDRESSES, 4},
    {NO_REPLY, EMPTY, NAMESERVER_NO_ADDRESS, 4},
    {EMPTY, EMPTY, NAMESERVER_NO_ADDRESS, 0},
    {WITH_CNAME, WITH_CNAME, NAMESERVER_NO_ADDRESS, 0},
    {UNKNOWN_NAME, UNKNOWN_NAME, NAMESERVER_NO_NAME, 0},
    {SERVER_FAILURE, SERVER_FAILURE, NAMESERVER_SERVFAIL, 0},
    {REFUSAL, REFUSAL, NAMESERVER_REFUSED, 0},
    {REFUSAL, SERVER_FAILURE, NAMESERVER_SERVFAIL, 0},
    {QUESTION_BACK, QUESTION_BACK, NAMESERVER_GARBAGE, 0},
    {NOT_IMPLEMENTED, NOT_IMPLEMENTED, NAMESERVER_NOTIMP, 0},
    {BAD_FORM, BAD_FORM, NAMESERVER_FORMERR, 0},
    {CUT_OFF, CUT_OFF, NAMESERVER_GARBAGE, 0},
    {WITH_ADDRESS, CUT_OFF, NAMESERVER_ADDRESSES, 0},
    {NO_REPLY, NO_REPLY, NAMESERVER_SILENT, 0},
    {WRONG_ID, WRONG_ID, NAMESERVER_SILENT, 0},
    {WRONG_NAME, WRONG_NAME, NAMESERVER_SILENT, 0},
};

static bool is_reply_lost(enum reply reply)
{
    return reply == NO_REPLY || reply == WRONG_ID || reply == WRONG_NAME ||
           reply == CUT_OFF;
}

/* By the loop, or, as a part is missing, when it is stopped. */
static void end(struct nameservers *asked, bool complete)
{
    while (complete && done == 0)
        uv_run(&loop, UV_RUN_ONCE);
    nameservers_stop(asked);
    ck_assert_int_eq(done, complete);
}

START_TEST(test_status)
{
    bool complete = !is_reply_lost(cases[_i].a) && !is_reply_lost(cases[_i].aaaa);
    struct nameservers *asked = ask("x.test");

    ck_assert_ptr_nonnull(asked);
    ck_assert_uint_eq(evidence.nnameservers, 1);
    ck_assert_int_eq(evidence.nameservers[0].status, NAMESERVER_SILENT);
    ck_assert_int_eq(evidence.nameservers[0].until, 0);
    answer(ns_t_a, cases[_i].a);
    answer(ns_t_aaaa, cases[_i].aaaa);
    end(asked, complete);
    const struct nameserver *said = &evidence.nameservers[0];
    ck_assert_str_eq(said->address, "127.0.0.1");
    ck_assert_str_eq(nameserver_status_name(said->status),
                     nameserver_status_name(cases[_i].status));
    ck_assert_int_eq(said->aaaa_silent ? 6 : said->a_silent ? 4 : 0, cases[_i].silent);
    ck_assert((said->ended == 0) == (said->status == NAMESERVER_SILENT));
    ck_assert_int_ge(said->until, said->ended);
    ck_assert_int_gt(said->until, said->started);
}
END_TEST

START_TEST(test_port_closed)
{
    close(server);
    server = -1;
    descriptors = process_descriptors();
    end(ask("x.test"), true);
    ck_assert_int_eq(evidence.nameservers[0].status, NAMESERVER_PORT_CLOSED);
}
END_TEST

/* A short name is completed as libc does it. */
START_TEST(test_search)
{
    search = "test";
    struct nameservers *asked = ask("x");

    answer(ns_t_a, WITH_ADDRESS);
    answer(ns_t_aaaa, WITH_ADDRESS);
    end(asked, true);
    ck_assert_int_eq(evidence.nameservers[0].status, NAMESERVER_ADDRESSES);
}
END_TEST

/* As libc, which then waits for no such answer. */
START_TEST(test_no_aaaa)
{
    uint8_t byte;
    options = RES_NOAAAA;
    struct nameservers *asked = ask("x.test");

    answer(ns_t_a, WITH_ADDRESS);
    ck_assert_int_eq(recv(server, &byte, sizeof byte, 0), -1);
    end(asked, true);
    ck_assert_int_eq(evidence.nameservers[0].status, NAMESERVER_ADDRESSES);
    ck_assert(!evidence.nameservers[0].aaaa_silent);
}
END_TEST

static const char *const not_asked[] = {
    /* Addresses. */
    "192.0.2.7", "2001:db8::7", "fe80::1%eth0",
    /* No names: an empty label, and one of 64 bytes. */
    "x..test", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.test"};

START_TEST(test_not_asked)
{
    uint8_t byte;

    ck_assert_ptr_null(ask(not_asked[_i]));
    ck_assert_int_eq(recv(server, &byte, sizeof byte, 0), -1);
    if (_i < 3)
        ck_assert_uint_eq(evidence.nnameservers, 0);
    else
        ck_assert_int_eq(evidence.nameservers[0].status, NAMESERVER_SKIPPED);
    nameservers_stop(NULL);
}
END_TEST

START_TEST(test_nobody_to_ask)
{
    address.sin_family = AF_UNSPEC;
    ck_assert_ptr_null(ask("x.test"));
    ck_assert_uint_eq(evidence.nnameservers, 0);
}
END_TEST

/* c-ares takes no zone: that one is skipped, the other one asked. */
START_TEST(test_zone)
{
    zoned = calloc(1, sizeof *zoned);
    zoned->sin6_family = AF_INET6;
    zoned->sin6_addr.s6_addr[0] = 0xfe;
    zoned->sin6_addr.s6_addr[1] = 0x80;
    zoned->sin6_scope_id = 1;
    struct nameservers *asked = ask("x.test");

    answer(ns_t_a, REFUSAL);
    answer(ns_t_aaaa, REFUSAL);
    end(asked, true);
    ck_assert_uint_eq(evidence.nnameservers, 2);
    ck_assert_int_eq(evidence.nameservers[0].status, NAMESERVER_REFUSED);
    ck_assert_int_eq(evidence.nameservers[1].status, NAMESERVER_SKIPPED);
    ck_assert_str_eq(evidence.nameservers[1].address, "fe80::%lo");
}
END_TEST

static const struct {
    const char *text;
    enum resolvconf read;
} files[] = {
    {"", RESOLVCONF_NAMES_NONE},
    {"search test\n# nameserver 192.0.2.1\n nameserver 192.0.2.1\n", RESOLVCONF_NAMES_NONE},
    {"nameservers 192.0.2.1\n", RESOLVCONF_NAMES_NONE},
    {"nameserver foo\n", RESOLVCONF_NO_ADDRESS},
    {"nameserver \n", RESOLVCONF_NO_ADDRESS},
    {"search test\r\nnameserver 192.0.2.1\r\n", RESOLVCONF_NO_ADDRESS},
    {"nameserver foo\nnameserver\t192.0.2.1 # ours", RESOLVCONF_NAMES},
    {"nameserver 2001:db8::1\n", RESOLVCONF_NAMES},
    {"nameserver fe80::1%eth0\n", RESOLVCONF_NAMES},
};

START_TEST(test_resolvconf)
{
    ck_assert_int_eq(resolvconf_read(files[_i].text), files[_i].read);
}
END_TEST

#define BYTES_60 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define BYTES_244 BYTES_60 "." BYTES_60 "." BYTES_60 "." BYTES_60 "."

static const struct {
    const char *name, *fault;
} names[] = {
    {"mail.example", NULL},
    {"mail.example.", NULL},
    {"a..b", "an empty label"},
    {".mail", "an empty label"},
    {".", "an empty label"},
    {"mail..", "an empty label"},
    {BYTES_60 "aaa.example", NULL},
    {BYTES_60 "aaaa.example", "a label over 63 bytes"},
    {BYTES_244 "bbbbbbbbb", NULL},
    {BYTES_244 "bbbbbbbbbb", "more than 253 bytes"},
};

START_TEST(test_name_fault)
{
    const char *fault = resolvconf_name_fault(names[_i].name);

    ck_assert_str_eq(fault ? fault : "", names[_i].fault ? names[_i].fault : "");
}
END_TEST

Suite *nameserver_suite(void)
{
    Suite *suite = suite_create("nameserver");
    TCase *tcase = tcase_create("loopback");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, test_status, 0, COUNT(cases));
    tcase_add_test(tcase, test_port_closed);
    tcase_add_test(tcase, test_search);
    tcase_add_test(tcase, test_no_aaaa);
    tcase_add_loop_test(tcase, test_resolvconf, 0, COUNT(files));
    tcase_add_loop_test(tcase, test_name_fault, 0, COUNT(names));
    tcase_add_loop_test(tcase, test_not_asked, 0, COUNT(not_asked));
    tcase_add_test(tcase, test_nobody_to_ask);
    tcase_add_test(tcase, test_zone);
    suite_add_tcase(suite, tcase);
    return suite;
}
