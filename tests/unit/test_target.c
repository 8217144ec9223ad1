#include "base/mem.h"
#include "settings/source.h"
#include "settings/target.h"
#include "suites.h"
#include "temporary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const smtp_keys[] = {"Smtp:Host", "Email:Smtp:Host", "Notify:Email:Host"};
static const char *const url_keys[] = {"Slack:WebhookUrl", "Notify:Slack:WebhookUrl"};

static struct target resolve_smtp(const char *const *sets, size_t count)
{
    struct settings *settings = settings_new();
    struct target target;

    for (size_t i = 0; i < count && sets[i]; i++)
        ck_assert(settings_add_set(settings, sets[i], NULL));
    target_from_host(&target, settings, smtp_keys, 3, 587);
    settings_free(settings);
    return target;
}

static const struct {
    const char *sets[4];
    const char *host;
    unsigned port;
} good[] = {
    {{"Smtp:Host=a"}, "a", 587},
    {{"Email:Smtp:Host=b"}, "b", 587},
    {{"Notify:Email:Host=c"}, "c", 587},
    {{"Notify:Email:Host=c", "Email:Smtp:Host=b", "Smtp:Host=a"}, "a", 587},
    {{"Smtp:Host=a", "Smtp:Port=25"}, "a", 25},
    /* The port of another section is an orphan. */
    {{"Smtp:Port=25", "Email:Smtp:Host=b"}, "b", 587},
    {{"Smtp:Port=25", "Email:Smtp:Host=b", "Email:Smtp:Port=465"}, "b", 465},
    {{"Smtp:Host=a", "Smtp:Port=00587"}, "a", 587},
    {{"Smtp:Host=a", "Smtp:Port=+587"}, "a", 587},
    {{"Smtp:Host=a", "Smtp:Port= 587 "}, "a", 587},
    {{"Smtp:Host=a", "Smtp:Port=\xC2\xA0\t587\xE3\x80\x80"}, "a", 587},
    {{"Smtp:Host=a", "Smtp:Port=0x24B"}, "a", 587},
    {{"Smtp:Host=a", "Smtp:Port=&H24b"}, "a", 587},
    {{"Smtp:Host=a", "Smtp:Port=#24b"}, "a", 587},
    {{"Smtp:Host=a", "Smtp:Port=1"}, "a", 1},
    {{"Smtp:Host=a", "Smtp:Port=65535"}, "a", 65535},
    {{"Smtp:Host=mail_host.example."}, "mail_host.example.", 587},
    {{"Smtp:Host=192.0.2.1"}, "192.0.2.1", 587},
    {{"Smtp:Host=::1"}, "::1", 587},
    {{"Smtp:Host=[::1]"}, "::1", 587},
    {{"Smtp:Host=[fe80::1%eth0]"}, "fe80::1%eth0", 587},
    {{"Smtp:Host=[::1]:25"}, "::1", 587},
};

START_TEST(test_smtp_target)
{
    struct target target = resolve_smtp(good[_i].sets, 4);

    ck_assert_msg(target.state == TARGET_OK, "%s", target.reason);
    ck_assert_str_eq(target.host, good[_i].host);
    ck_assert_uint_eq(target.port, good[_i].port);
    target_clear(&target);
}
END_TEST

static const struct {
    const char *sets[2];
    enum fault_class fault;
    const char *reason;
} bad[] = {
    {{"Smtp:Host="}, FAULT_EMPTY_HOST, "Smtp:Host (--set) is empty; set it, or remove the key"},
    {{"Smtp:Host=  "}, FAULT_EMPTY_HOST, "is empty; set it, or remove the key"},
    {{"Smtp:Host=\n\xC2\xA0"}, FAULT_EMPTY_HOST, "is empty; set it, or remove the key"},
    {{"Smtp:Host= a"}, FAULT_BAD_HOST, "Smtp:Host = \" a\" (--set) contains a blank"},
    {{"Smtp:Host=a b"}, FAULT_BAD_HOST, "contains a blank"},
    {{"Smtp:Host=\xC2\xA0smtp"}, FAULT_BAD_HOST, "contains a blank"},
    {{"Smtp:Host=a\n"}, FAULT_BAD_HOST,
     "Smtp:Host = \"a\\n\" (--set) contains a control character"},
    {{"Smtp:Host=a\xE2\x80\xAE"}, FAULT_BAD_HOST,
     "\"a\\u202e\" (--set) contains an invisible or invalid"},
    {{"Smtp:Host=a\xFF"}, FAULT_BAD_HOST, "\"a\\xff\" (--set) contains an invisible or invalid"},
    {{"Smtp:Host=\"a\""}, FAULT_BAD_HOST, "contains a quote"},
    {{"Smtp:Host=a:25"}, FAULT_BAD_HOST, "has a port or another ':' in it"},
    {{"Smtp:Host=192.0.2.1:25"}, FAULT_BAD_HOST, "has a port or another ':' in it"},
    {{"Smtp:Host=smtp://a"}, FAULT_BAD_HOST,
     "Smtp:Host = \"smtp://a\" (--set) is a URL, not a host name"},
    {{"Smtp:Host=${MAIL}"}, FAULT_BAD_HOST, "contains an unresolved placeholder"},
    {{"Smtp:Host={{ .Values.x }}"}, FAULT_BAD_HOST, "contains an unresolved placeholder"},
    {{"Smtp:Host=a#b"}, FAULT_BAD_HOST, "contains a #, perhaps of a comment"},
    {{"Smtp:Host=a;b"}, FAULT_BAD_HOST, "contains a ;, perhaps of a comment"},
    {{"Smtp:Host=a\\b"}, FAULT_BAD_HOST, "contains a backslash"},
    {{"Smtp:Host=user:hunter2@a"}, FAULT_BAD_HOST,
     "Smtp:Host = \"***@a\" (--set) contains an @, which no host name has: set the host alone"},
    {{"Smtp:Host=a,b"}, FAULT_BAD_HOST, "contains a character that no host name has"},
    {{"Smtp:Host=[::1"}, FAULT_BAD_HOST, "is not an IPv6 address in brackets"},
    {{"Smtp:Host=[a]"}, FAULT_BAD_HOST, "is not an IPv6 address in brackets"},
    {{"Smtp:Host=[::1]x"}, FAULT_BAD_HOST, "has text behind the brackets"},
    {{"Smtp:Host=a", "Smtp:Port="}, FAULT_BAD_PORT,
     "Smtp:Port (--set) is not a port from 1 to 65535"},
    {{"Smtp:Host=a", "Smtp:Port=0"}, FAULT_BAD_PORT,
     "Smtp:Port = \"0\" (--set) is not a port from 1 to 65535"},
    {{"Smtp:Host=a", "Smtp:Port=65536"}, FAULT_BAD_PORT, "is not a port"},
    {{"Smtp:Host=a", "Smtp:Port=99999999999999999999"}, FAULT_BAD_PORT, "is not a port"},
    {{"Smtp:Host=a", "Smtp:Port=-25"}, FAULT_BAD_PORT, "is not a port"},
    {{"Smtp:Host=a", "Smtp:Port=25.0"}, FAULT_BAD_PORT, "is not a port"},
    {{"Smtp:Host=a", "Smtp:Port=2 5"}, FAULT_BAD_PORT, "is not a port"},
    {{"Smtp:Host=a", "Smtp:Port=0x"}, FAULT_BAD_PORT, "is not a port"},
    {{"Smtp:Host=a", "Smtp:Port=smtp"}, FAULT_BAD_PORT, "is not a port"},
    {{"Smtp:Host=a", "Smtp:Port=+"}, FAULT_BAD_PORT, "is not a port"},
    {{"Smtp:Host=a", "Smtp:Port=\xD9\xA5"}, FAULT_BAD_PORT, "is not a port"},
    {{"Smtp:Host=a", "Smtp:Port=\xC2\xA0"}, FAULT_BAD_PORT, "is not a port"},
    {{"Smtp:Host=a", "Smtp:Port=58\xC2\xA0" "7"}, FAULT_BAD_PORT, "is not a port"},
    {{"Smtp:Host=a", "Smtp:Port=1,025"}, FAULT_BAD_PORT, "is not a port"},
    {{"Smtp:Host=a", "Smtp:Port=0o1113"}, FAULT_BAD_PORT, "is not a port"},
};

START_TEST(test_configuration_errors)
{
    struct target target = resolve_smtp(bad[_i].sets, 2);

    ck_assert_int_eq(target.state, TARGET_INVALID);
    ck_assert_str_eq(fault_name(target.fault), fault_name(bad[_i].fault));
    ck_assert_str_eq(target.fault_key,
                     bad[_i].fault == FAULT_BAD_PORT ? "Smtp:Port" : "Smtp:Host");
    ck_assert_int_eq(target.host == NULL, bad[_i].fault != FAULT_BAD_PORT);
    ck_assert_msg(strstr(target.reason, bad[_i].reason), "%s", target.reason);
    target_clear(&target);
}
END_TEST

static const struct {
    const char *port;
    bool falls_back;
} try_parse[] = {
    {"", true},      {" ", true},      {"587.0", true}, {"0x", true},       {"5 8", true},
    {"smtp", true},  {"-", true},      {"0", false},    {"65536", false},   {"-25", false},
    {"+0 ", false},  {" 99999", false}, {"2147483647", false}, {"2147483648", true},
};

/* Where int.TryParse fails too, code that is written with it goes on with 587. */
START_TEST(test_what_try_parse_would_use)
{
    char *port = mem_printf("Smtp:Port=%s", try_parse[_i].port);
    const char *const sets[] = {"Smtp:Host=a", port};
    struct target target = resolve_smtp(sets, 2);

    ck_assert_int_eq(target.fault, FAULT_BAD_PORT);
    ck_assert_msg(!strstr(target.reason, "int.TryParse would use 587") == !try_parse[_i].falls_back,
                  "%s", target.reason);
    target_clear(&target);
    free(port);
}
END_TEST

static const struct {
    const char *sets[3], *next;
} empties[] = {
    {{"Smtp:Host="}, NULL},
    {{"Smtp:Host=", "Email:Smtp:Host="}, NULL},
    {{"Smtp:Host=", "Email:Smtp:Host=b"}, "Email:Smtp:Host (--set)"},
    {{"Smtp:Host= ", "Email:Smtp:Host= ", "Notify:Email:Host=c"}, "Notify:Email:Host (--set)"},
    {{"Email:Smtp:Host=", "Notify:Email:Host=c"}, "Notify:Email:Host (--set)"},
};

START_TEST(test_names_the_next_candidate)
{
    struct target target = resolve_smtp(empties[_i].sets, 3);

    ck_assert_int_eq(target.fault, FAULT_EMPTY_HOST);
    if (empties[_i].next)
        ck_assert_msg(strstr(target.reason, empties[_i].next), "%s", target.reason);
    else
        ck_assert_ptr_null(strstr(target.reason, "next"));
    target_clear(&target);
}
END_TEST

/* Two files, the second on top, and what decides as "host(key@layer:line)
 * port(key@layer:line) fault(key)". */
static const struct {
    const char *json, *ini, *answer;
} provenances[] = {
    {"{}", "", "-(-@-1:0) 0(-@-1:0) no-host(Smtp:Host)"},
    {"{\"Smtp\":{\n\"Host\":\"a\"}}", "", "a(Smtp:Host@0:2) 587(-@-1:0) (-)"},
    {"{\"Smtp\":{\n\"Host\":\"a\"}}", "[SMTP]\nPort=25",
     "a(Smtp:Host@0:2) 25(Smtp:Port@1:2) (-)"},
    {"{\"Smtp\":{\"Host\":\"a\"}}", "[Email:Smtp]\nHost=b", "a(Smtp:Host@0:1) 587(-@-1:0) (-)"},
    {"{\"Smtp\":{\"Host\":null,\"Port\":25}}", "[Notify:Email]\nHost=c",
     "c(Notify:Email:Host@1:2) 587(-@-1:0) (-)"},
    {"{\"Smtp\":{\"Host\":\"a\"}}", "Smtp:Host=",
     "-(Smtp:Host@1:1) 0(-@-1:0) empty-host(Smtp:Host)"},
    {"{\"Smtp\":{\"Host\":\"a b\"}}", "", "-(Smtp:Host@0:1) 0(-@-1:0) bad-host(Smtp:Host)"},
    {"{\"Smtp\":{\"Host\":\"a\",\"Port\":587.0}}", "",
     "a(Smtp:Host@0:1) 0(Smtp:Port@0:1) bad-port(Smtp:Port)"},
    {"{\"Smtp\":{\"Host\":\"a\",\"Port\":null}}", "", "a(Smtp:Host@0:1) 587(-@-1:0) (-)"},
    {"{\"Smtp\":{\"Host\":\"a\"}}", "oops", "-(-@-1:0) 0(-@-1:0) parse(-)"},
    {"{\"a\":1,\"A\":2}", "oops", "-(-@-1:0) 0(-@-1:0) duplicate-key(-)"},
    {"[]", "", "-(-@-1:0) 0(-@-1:0) top-level(-)"},
    {"{\"Smtp\":{\"Host\":\"a\"}}", NULL, "-(-@-1:0) 0(-@-1:0) unreadable(-)"},
};

static void add_source(struct settings *settings, const char *kind, const char *path)
{
    char *source = mem_printf("%s:%s", kind, path);

    ck_assert(settings_add_source(settings, source, SOURCE_DOTNET_DEFAULT, NULL));
    free(source);
}

START_TEST(test_provenance)
{
    struct settings *settings = settings_new();
    struct target target;

    temporary_directory();
    add_source(settings, "json", temporary_file("a", provenances[_i].json));
    add_source(settings, "ini", provenances[_i].ini ? temporary_file("b", provenances[_i].ini)
                                                    : "/nonexistent/b");
    target_from_host(&target, settings, smtp_keys, 3, 587);
#define OR_DASH(text) ((text) ? (text) : "-")
    char *answer = mem_printf("%s(%s@%d:%d) %u(%s@%d:%d) %s(%s)", OR_DASH(target.host),
                              OR_DASH(target.host_key), target.host_layer, target.host_line,
                              target.port, OR_DASH(target.port_key), target.port_layer,
                              target.port_line, fault_name(target.fault),
                              OR_DASH(target.fault_key));
    ck_assert_str_eq(answer, provenances[_i].answer);
    ck_assert_int_eq(target.state == TARGET_UNKNOWN, target.fault == FAULT_UNREADABLE);
    free(answer);
    target_clear(&target);
    settings_free(settings);
    temporary_remove();
}
END_TEST

START_TEST(test_too_long_a_host)
{
    char assignment[400] = "Smtp:Host=";
    const char *sets[] = {assignment};

    memset(assignment + 10, 'a', 256);
    struct target target = resolve_smtp(sets, 1);
    ck_assert_int_eq(target.state, TARGET_INVALID);
    ck_assert_ptr_nonnull(strstr(target.reason, "is longer than 255 bytes"));
    target_clear(&target);
}
END_TEST

/* What is in a Secret is not unset, wherever the Secret is named; a host settles it. */
START_TEST(test_existing_secret)
{
    const char *sets[] = {"Email:Smtp:ExistingSecret=s", "Smtp:Host=mail"};
    struct target target = resolve_smtp(sets, 1);

    ck_assert_int_eq(target.state, TARGET_UNKNOWN);
    ck_assert_int_eq(target.fault, FAULT_NO_HOST);
    ck_assert_ptr_nonnull(strstr(target.reason, "Email:Smtp:ExistingSecret (--set) names a Secret"));
    target_clear(&target);
    target = resolve_smtp(sets, 2);
    ck_assert_int_eq(target.state, TARGET_OK);
    target_clear(&target);
}
END_TEST

START_TEST(test_nothing_configured)
{
    struct target target = resolve_smtp(NULL, 0);

    ck_assert_int_eq(target.state, TARGET_UNSET);
    ck_assert_str_eq(target.reason,
                     "Not configured: looked for Smtp:Host, Email:Smtp:Host and Notify:Email:Host");
    target_clear(&target);
}
END_TEST

static const struct {
    const char *sets[2], *advice;
} advised[] = {
    {{"Smtp:Host=587"}, "swapped"},
    {{"Smtp:Host=[::1]:25"}, "ignored by .NET"},
    {{"Smtp:Host=a", "Smtp:Port=0x19"}, "hexadecimal"},
};

START_TEST(test_advice)
{
    struct target target = resolve_smtp(advised[_i].sets, 2);

    ck_assert_int_eq(target.state, TARGET_OK);
    ck_assert_ptr_nonnull(target.advice);
    ck_assert_ptr_nonnull(strstr(target.advice, advised[_i].advice));
    target_clear(&target);
}
END_TEST

START_TEST(test_what_was_tried)
{
    const char *sets[] = {"Smtp:Host=a"};
    struct target target = resolve_smtp(sets, 1);

    ck_assert_uint_eq(target.ntried, 2);
    ck_assert_str_eq(target.tried[0].key, "Smtp:Host");
    ck_assert_str_eq(target.tried[0].value, "a");
    ck_assert_str_eq(target.tried[0].source, "--set");
    ck_assert_str_eq(target.tried[1].key, "Smtp:Port");
    ck_assert_str_eq(target.tried[1].value, "587");
    ck_assert_str_eq(target.tried[1].source, "default");
    target_clear(&target);
}
END_TEST

START_TEST(test_null_passes_on)
{
    struct settings *settings = settings_new();
    struct target target;

    layer_put(settings_add_layer(settings, "json", NULL), "Smtp:Host", NULL, 3);
    ck_assert(settings_add_set(settings, "Email:Smtp:Host=b", NULL));
    target_from_host(&target, settings, smtp_keys, 3, 587);
    ck_assert_str_eq(target.host, "b");
    target_clear(&target);
    settings_free(settings);
}
END_TEST

START_TEST(test_ambiguous)
{
    char *block[] = {"Smtp__Host=a", "SMTP__HOST=b", NULL};
    struct settings *settings = settings_new();
    struct target target;

    settings_add_environ(settings, block);
    target_from_host(&target, settings, smtp_keys, 3, 587);
    ck_assert_int_eq(target.state, TARGET_INVALID);
    ck_assert_ptr_nonnull(strstr(target.reason, "Smtp__Host and SMTP__HOST"));
    target_clear(&target);
    settings_free(settings);
}
END_TEST

/* Nothing may be guessed past a layer with which the platform would not start. */
START_TEST(test_failed_layer_decides)
{
    char source[300];
    struct settings *settings = settings_new();
    struct target target;

    temporary_directory();
    snprintf(source, sizeof source, "ini:%s", temporary_file("a.ini", "oops\n"));
    ck_assert(settings_add_source(settings, source, SOURCE_DOTNET_DEFAULT, NULL));
    ck_assert(settings_add_set(settings, "Smtp:Host=a", NULL));
    target_from_host(&target, settings, smtp_keys, 3, 587);
    ck_assert_int_eq(target.state, TARGET_INVALID);
    ck_assert_ptr_nonnull(strstr(target.reason, "a.ini:1: expected [section] or name = value"));
    target_clear(&target);
    settings_free(settings);
    temporary_remove();
}
END_TEST

static const struct {
    const char *url, *host;
    unsigned port;
    unsigned default_port;
} urls[] = {
    {"https://hooks.slack.com/services/x", "hooks.slack.com", 443, 0},
    {"HTTP://h", "h", 80, 0},
    {"http://h:8080?x", "h", 8080, 0},
    {"http://h:/x", "h", 80, 0},
    {"https://u:p@h/x", "h", 443, 0},
    {"https://[::1]/x", "::1", 443, 0},
    {"https://[::1]:8443/x", "::1", 8443, 0},
    {"http://h/x@y:z", "h", 80, 0},
    {"https://h/x", "h", 8443, 8443},
    {"https://h:1/x", "h", 1, 8443},
};

static struct target resolve_url(const char *url, unsigned default_port)
{
    struct settings *settings = settings_new();
    struct target target;

    layer_put(settings_add_layer(settings, "test", NULL), url_keys[0], url, 0);
    target_from_url(&target, settings, url_keys, 2, (uint16_t)default_port);
    settings_free(settings);
    return target;
}

static const struct {
    const char *sets[4];
    enum target_tls tls;
    const char *key, *problem;
} ssl[] = {
    {{"Smtp:Host=a"}, TARGET_TLS_UNSET, NULL, NULL},
    {{"Smtp:Host=a", "Smtp:UseSsl=true"}, TARGET_TLS_TRUE, "Smtp:UseSsl", NULL},
    {{"Smtp:Host=a", "Smtp:UseSsl= FALSE "}, TARGET_TLS_FALSE, "Smtp:UseSsl", NULL},
    {{"Smtp:Host=a", "Smtp:UseSsl=1"}, TARGET_TLS_UNSET, NULL,
     "Smtp:UseSsl = \"1\" (--set) is neither true nor false: .NET fails to read it; code with "
     "bool.TryParse would use false"},
    {{"Smtp:Host=a", "Smtp:UseSsl=truely"}, TARGET_TLS_UNSET, NULL,
     "Smtp:UseSsl = \"truely\" (--set) is neither true nor false: .NET fails to read it; code "
     "with bool.TryParse would use false"},
    {{"Smtp:Host=a", "Smtp:UseSsl="}, TARGET_TLS_UNSET, NULL,
     "Smtp:UseSsl (--set) is neither true nor false: .NET fails to read it; code with "
     "bool.TryParse would use false"},
    {{"Email:Smtp:Host=a", "Smtp:UseSsl=1"}, TARGET_TLS_UNSET, NULL, NULL},
    {{"Email:Smtp:Host=a", "Email:Smtp:UseSsl=True"}, TARGET_TLS_TRUE, "Email:Smtp:UseSsl", NULL},
};

START_TEST(test_use_ssl)
{
    struct target target = resolve_smtp(ssl[_i].sets, 4);

    ck_assert_int_eq(target.tls, ssl[_i].tls);
    ck_assert_pstr_eq(target.tls_key, ssl[_i].key);
    ck_assert_pstr_eq(target.tls_problem, ssl[_i].problem);
    target_clear(&target);
}
END_TEST

START_TEST(test_url_target)
{
    struct target target = resolve_url(urls[_i].url, urls[_i].default_port);

    ck_assert_msg(target.state == TARGET_OK, "%s", target.reason);
    ck_assert_str_eq(target.host, urls[_i].host);
    ck_assert_uint_eq(target.port, urls[_i].port);
    ck_assert_int_eq(target.tls, strncasecmp(urls[_i].url, "https", 5) == 0 ? TARGET_TLS_TRUE
                                                                       : TARGET_TLS_FALSE);
    target_clear(&target);
}
END_TEST

static const char *const bad_urls[] = {
    "hunter2", "ftp://h/hunter2", "https:///hunter2", "https://h:0/hunter2", "https://h:99999/hunter2",
    "https://h:x/hunter2", "https://h /hunter2", "https://h/hunter2\x1b[0m", "https://[::1/hunter2",
    "https://[hunter2]/", "https://h%2fhunter2", "https://h;hunter2/", "https://h,hunter2",
    "https://h&hunter2",
};

/* The path of a webhook is a secret, also in what is said of a broken one. */
START_TEST(test_bad_url_is_not_repeated)
{
    struct target target = resolve_url(bad_urls[_i], 0);

    ck_assert_int_eq(target.state, TARGET_INVALID);
    ck_assert_ptr_nonnull(strstr(target.reason, "is not a usable URL"));
    ck_assert_ptr_null(strstr(target.reason, "hunter2"));
    for (size_t i = 0; i < target.ntried; i++)
        ck_assert_ptr_null(strstr(target.tried[i].value, "hunter2"));
    target_clear(&target);
}
END_TEST

Suite *target_suite(void)
{
    Suite *suite = suite_create("target");
    TCase *tcase = tcase_create("rules");

    tcase_add_loop_test(tcase, test_smtp_target, 0, sizeof good / sizeof *good);
    tcase_add_loop_test(tcase, test_configuration_errors, 0, sizeof bad / sizeof *bad);
    tcase_add_loop_test(tcase, test_what_try_parse_would_use, 0,
                        sizeof try_parse / sizeof *try_parse);
    tcase_add_loop_test(tcase, test_names_the_next_candidate, 0, sizeof empties / sizeof *empties);
    tcase_add_loop_test(tcase, test_provenance, 0, sizeof provenances / sizeof *provenances);
    tcase_add_test(tcase, test_too_long_a_host);
    tcase_add_test(tcase, test_existing_secret);
    tcase_add_test(tcase, test_nothing_configured);
    tcase_add_loop_test(tcase, test_advice, 0, sizeof advised / sizeof *advised);
    tcase_add_test(tcase, test_what_was_tried);
    tcase_add_test(tcase, test_null_passes_on);
    tcase_add_test(tcase, test_ambiguous);
    tcase_add_test(tcase, test_failed_layer_decides);
    tcase_add_loop_test(tcase, test_use_ssl, 0, sizeof ssl / sizeof *ssl);
    tcase_add_loop_test(tcase, test_url_target, 0, sizeof urls / sizeof *urls);
    tcase_add_loop_test(tcase, test_bad_url_is_not_repeated, 0, sizeof bad_urls / sizeof *bad_urls);
    suite_add_tcase(suite, tcase);
    return suite;
}
