#include "guide/fill.h"

#include "suites.h"

#include <string.h>

#define HOST "smtp.example.com"

static struct filled filled;
static struct error err;

static bool fill(const char *text, enum fill_syntax syntax, enum fill_syntax embeds,
                 const char *host)
{
    const struct fill_value values[] = {{HOST, host}, {"587", "2525"}};

    filled_clear(&filled);
    err = (struct error){0};
    return fill_text(text, syntax, embeds, values, 2, &filled, &err);
}

static void teardown(void)
{
    filled_clear(&filled);
}

static const struct {
    const char *text, *value, *filled; /* NULL: blocked */
} shells[] = {
    {"nc -z " HOST " 587", "mail.corp", "nc -z mail.corp 2525"},
    {"nc -z x" HOST " 15870 587.5", "mail.corp", "nc -z x" HOST " 15870 587.5"},
    {"echo " HOST "pany", "mail.corp", "echo " HOST "pany"},
    {"nc " HOST, "a b", "nc 'a b'"},
    {"nc " HOST, "-e", NULL},
    {"nc -- " HOST, "-e", NULL},
    {"cat <<END\n" HOST "\nEND", "END\xC3\xA9", NULL},
    {"nc 2 " HOST, "a\nb", "nc 2 'a\nb'"},
    {"echo '" HOST "'", "it's", "echo 'it'\\''s'"},
    {"nc " HOST, NULL, NULL},
    {"nc localhost", NULL, "nc localhost"},
    {"nc " HOST, "a\033[2Jb", NULL},
    {"echo `nc " HOST "`", "$(id)", NULL},
    {"cat <<END\n" HOST "\nEND", "x\nEND\ntouch y", NULL},
    /* The other value of a variable is no part of its name's word. */
    {"nc -z ${MAIL:-" HOST "} 587", "mail.corp", "nc -z ${MAIL:-mail.corp} 2525"},
    {"nc \"${MAIL-" HOST "}\" ${A:-587}", "mail.corp", "nc \"${MAIL-mail.corp}\" ${A:-2525}"},
    {"nc ${MAIL:-" HOST "}", "a b", NULL},
    {"nc ${MAIL:-" HOST "}", "-e", NULL},
    {"nc ${MAIL/" HOST "/x}", "a/b", NULL},
    {"nc my-" HOST " a:-" HOST "-x", "mail.corp", "nc my-" HOST " a:-" HOST "-x"},
    /* A name in angle brackets that nothing stands for. */
    {"echo ldap.example.com/<tenant-id>", "mail.corp", NULL},
    {"ldapsearch --password <password>", "mail.corp", NULL},
    {"x -p '<your_password>' " HOST, "mail.corp", NULL},
    {"x \"<a>\"", "mail.corp", NULL},
    {"cat <in >out 2>&1", "mail.corp", "cat <in >out 2>&1"},
    {"cat <in>>out", "mail.corp", "cat <in>>out"},
    {"cat <in>&2", "mail.corp", "cat <in>&2"},
    {"cat <<EOF>out\nx\nEOF", "mail.corp", "cat <<EOF>out\nx\nEOF"},
    {"diff <(ls) <(ls -a)", "mail.corp", "diff <(ls) <(ls -a)"},
    {"test 1 -lt 2 # <name>", "mail.corp", "test 1 -lt 2 # <name>"},
    {"grep -P '(?<a>x)(?P<b>y)' f", "mail.corp", "grep -P '(?<a>x)(?P<b>y)' f"},
    {"echo '<a>b</a>'", "mail.corp", "echo '<a>b</a>'"},
    /* What could be one and is none blocks. */
    {"mysql -h" HOST, "mail.corp", NULL},
    {"nc - -" HOST, "mail.corp", NULL},
    {"nc --" HOST, "mail.corp", NULL},
    {"nc a:-" HOST, "mail.corp", NULL},
    {"curl --noproxy ." HOST, "mail.corp", NULL},
    {"curl --noproxy '*." HOST "'", "mail.corp", NULL},
    {"nc SMTP.example.com", "mail.corp", NULL},
    {"nc a." HOST " x.y-" HOST, "mail.corp", "nc a." HOST " x.y-" HOST},
    {"nc " HOST " # \xE2\x80\x9C" HOST "\xE2\x80\x9D", "mail.corp",
     "nc mail.corp # \xE2\x80\x9Cmail.corp\xE2\x80\x9D"},
    {"nc \xC3\xA9" HOST, "mail.corp", "nc \xC3\xA9" HOST},
    {"printf 'a%s" HOST "' b", "mail.corp", "printf 'a%smail.corp' b"},
    {"nc $587 " HOST, "mail.corp", NULL},
    {"cat <<" HOST "\nx\n" HOST "\n", "mail.corp", NULL},
    /* printf's arguments are no options, and it may read them otherwise than as they are. */
    {"printf '%s\\n' " HOST, "-e", "printf '%s\\n' -e"},
    {"printf " HOST, "-e", NULL},
    {"printf '%b' " HOST, "a\\tb", NULL},
    {"printf '%5s' " HOST, "a b", NULL},
    /* At a prompt a "^" at the start of a line changes the line before, in quotes too. */
    {"nc 2 " HOST, "a\n^b", "nc 2 'a\n'\\^'b'"},
    {"helm upgrade --set smtp.host=" HOST ",smtp.port=587 x", "mail.corp",
     "helm upgrade --set smtp.host=mail.corp,smtp.port=2525 x"},
    {"helm upgrade --set smtp.host=" HOST " x", "a,b=c", NULL},
    {"helm upgrade --set smtp.host=" HOST " x", "{a}", NULL},
};

START_TEST(test_shell)
{
    bool ok = fill(shells[_i].text, FILL_SHELL, FILL_PLAIN, shells[_i].value);

    ck_assert_msg(ok == (shells[_i].filled != NULL), "%s", ok ? filled.text : err.text);
    if (ok)
        ck_assert_str_eq(filled.text, shells[_i].filled);
    else
        ck_assert_ptr_nonnull(strstr(err.text, "cannot be filled in"));
    /* A blocked value is not told: it may be anything. */
    ck_assert(ok || !shells[_i].value || strlen(shells[_i].value) < 3 ||
              !strstr(err.text, shells[_i].value));
}
END_TEST

/* Words that become part of a file. */
static const struct {
    enum fill_syntax embeds;
    const char *text, *value, *filled; /* NULL: blocked */
} embedded[] = {
    {FILL_ENV, "printf 'A=%s\\n' " HOST, "a #b", "printf 'A=%s\\n' ''\\''a #b'\\'''"},
    {FILL_ENV, "printf 'A=%s\\nB=\"%s\"\\n' x " HOST, "a\"b",
     "printf 'A=%s\\nB=\"%s\"\\n' x 'a\\\"b'"},
    {FILL_ENV, "printf 'A=%s:%s\\n' " HOST " 587", "mail.corp",
     "printf 'A=%s:%s\\n' mail.corp 2525"},
    {FILL_ENV, "printf 'A=%s:%s\\n' " HOST " 587", "a #b", NULL},
    {FILL_ENV, "printf '%s\\n' " HOST, "a #b", NULL},
    {FILL_ENV, "printf 'A=%s\\0' " HOST, "a #b", NULL},
    {FILL_ENV, "printf \"$x%s\\n\" " HOST, "a #b", NULL},
    {FILL_ENV, "X=" HOST "; echo A=$X", "a #b", NULL},
    {FILL_ENV, "X=" HOST "; echo A=$X", "mail.corp", "X=mail.corp; echo A=$X"},
    {FILL_ENV, "nc " HOST " >" HOST, "::1", "nc ::1 >::1"},
    {FILL_JSON, "printf '{\"Host\": \"%s\"}' " HOST, "a\"b",
     "printf '{\"Host\": \"%s\"}' 'a\\\"b'"},
    {FILL_JSON, "printf '{\"Port\": %s}' " HOST, "a", NULL},
    {FILL_YAML, "echo 'host: " HOST "'", "a #b", "echo 'host: \"a #b\"'"},
    {FILL_YAML, "nc " HOST, "a #b", NULL},
    {FILL_INI, "printf 'host = \"%s\"\\n' " HOST, "a\" b", NULL},
    {FILL_INI, "printf 'host = \"%s\"\\n' " HOST, "a b", "printf 'host = \"%s\"\\n' 'a b'"},
};

START_TEST(test_embedded)
{
    bool ok = fill(embedded[_i].text, FILL_SHELL, embedded[_i].embeds, embedded[_i].value);

    ck_assert_msg(ok == (embedded[_i].filled != NULL), "%s", ok ? filled.text : err.text);
    if (ok)
        ck_assert_str_eq(filled.text, embedded[_i].filled);
}
END_TEST

START_TEST(test_spans)
{
    ck_assert(fill("nc " HOST " 587 " HOST, FILL_SHELL, FILL_PLAIN, "a b"));
    ck_assert_uint_eq(filled.nspans, 3);
    for (size_t i = 0; i < filled.nspans; i++) {
        const struct fill_span *span = &filled.spans[i];
        ck_assert(strncmp(filled.text + span->start, i == 1 ? "2525" : "'a b'", span->len) == 0);
        ck_assert_uint_eq(span->value, i == 1);
    }
}
END_TEST

static const struct {
    enum fill_syntax syntax;
    const char *text, *value, *filled; /* NULL: blocked */
} documents[] = {
    {FILL_ENV, "Smtp__Host=" HOST "\nSmtp__Port=587\n", "mail.corp",
     "Smtp__Host=mail.corp\nSmtp__Port=2525\n"},
    {FILL_YAML, "host: " HOST "\n", "true", "host: \"true\"\n"},
    {FILL_YAML, "host: " HOST "\n", "12", "host: \"12\"\n"},
    {FILL_JSON, "\"Host\": \"" HOST "\"", "a\"b", "\"Host\": \"a\\\"b\""},
    {FILL_PLAIN, "ask " HOST, "a b", "ask a b"},
    {FILL_YAML, "A: ${A:-" HOST "}\n", "mail.corp", "A: ${A:-mail.corp}\n"},
    {FILL_YAML, "A: ${A:-" HOST "}\n", "a}b", NULL},
    {FILL_YAML, "host: " HOST "\n", "a$b", "host: \"a$b\"\n"},
    {FILL_YAML, "services:\n  host: " HOST "\n", "a$b", NULL},
    {FILL_YAML, "a: ${X}\nhost: " HOST "\n", "a$b", NULL},
    {FILL_ENV, "A=${X:-" HOST "}\n", "mail.corp", "A=${X:-mail.corp}\n"},
    {FILL_INI, "[" HOST "]\nport = 587\n; " HOST "\n", "mail.corp",
     "[mail.corp]\nport = 2525\n; mail.corp\n"},
    {FILL_INI, "host = \"" HOST "\"", "a\" b", NULL},
    {FILL_INI, "host = \"" HOST "\"", "a; b", "host = \"a; b\""},
    {FILL_INI, "hosts = ['" HOST "', \"" HOST "\"]", "a b", "hosts = ['a b', \"a b\"]"},
    {FILL_INI, "host = " HOST, "a b", NULL},
    {FILL_INI, "host = " HOST, "a%b", NULL},
    {FILL_INI, "[" HOST "]", "a]b", NULL},
};

START_TEST(test_document)
{
    bool ok = fill(documents[_i].text, documents[_i].syntax, FILL_PLAIN, documents[_i].value);

    ck_assert_msg(ok == (documents[_i].filled != NULL), "%s", ok ? filled.text : err.text);
    if (ok)
        ck_assert_str_eq(filled.text, documents[_i].filled);
}
END_TEST

Suite *fill_suite(void)
{
    Suite *suite = suite_create("fill");
    TCase *tcase = tcase_create("values");

    tcase_add_checked_fixture(tcase, NULL, teardown);
    tcase_add_loop_test(tcase, test_shell, 0, sizeof shells / sizeof *shells);
    tcase_add_loop_test(tcase, test_embedded, 0, sizeof embedded / sizeof *embedded);
    tcase_add_test(tcase, test_spans);
    tcase_add_loop_test(tcase, test_document, 0, sizeof documents / sizeof *documents);
    suite_add_tcase(suite, tcase);
    return suite;
}
