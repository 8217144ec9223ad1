#include "base/buf.h"
#include "base/mem.h"
#include "settings/envfile.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
enum { DIALECTS = 3 };

/* Writes every entry as [name=value@line]. */
static void record(void *context, const char *name, const char *value, int line)
{
    buf_printf(context, "[%s=%s@%d]", name, value, line);
}

static const char *shell(void *context, const char *name)
{
    static const char *const variables[][2] = {
        {"X", "xval"}, {"K", "shell"}, {"EMPTY", ""}, {"COST", "$X"}};

    (void)context;
    for (int i = 0; i < COUNT(variables); i++)
        if (strcmp(variables[i][0], name) == 0)
            return variables[i][1];
    return NULL;
}

/* wanted is the entries, or the start of the error where that begins with "!". */
static void check_read(enum envfile_dialect dialect, const char *text, size_t len,
                       const char *wanted)
{
    struct buf seen = {0};
    struct fault fault = {0};
    char *exact = malloc(len + 1); /* so that a byte read past the end is found */

    memcpy(exact, text, len);
    bool ok = envfile_read(dialect, exact, len, shell, NULL, record, &seen, &fault);
    if (*wanted == '!') {
        ck_assert_msg(!ok, "dialect %d accepts: %s", dialect, text);
        char *said = mem_printf("%d: %s", fault.line, fault.reason.text);
        ck_assert_msg(strncmp(said, wanted + 1, strlen(wanted + 1)) == 0, "%s", said);
        free(said);
    } else {
        ck_assert_msg(ok, "dialect %d, %s: %s", dialect, text, fault.reason.text);
        ck_assert_str_eq(seen.len ? seen.data : "", wanted);
    }
    free(exact);
    buf_clear(&seen);
}

/* The same line in three dialects: Compose, systemd, Docker. */
static const struct {
    const char *text, *wanted[DIALECTS];
} lines[] = {
    {"K=v # c\n", {"[K=v@1]", "[K=v # c@1]", "[K=v # c@1]"}},
    {"K=v\t# c\n", {"[K=v\t# c@1]", "[K=v\t# c@1]", "[K=v\t# c@1]"}},
    {"K=v#c\n", {"[K=v#c@1]", "[K=v#c@1]", "[K=v#c@1]"}},
    {"K=\"v\" # c\n", {"[K=v@1]", "[K=v# c@1]", "[K=\"v\" # c@1]"}},
    {"K=\"v\"\n", {"[K=v@1]", "[K=v@1]", "[K=\"v\"@1]"}},
    {"K='v'\n", {"[K=v@1]", "[K=v@1]", "[K='v'@1]"}},
    {"K=$X\n", {"[K=xval@1]", "[K=$X@1]", "[K=$X@1]"}},
    {"K=$UNSET\n", {"[K=@1]", "[K=$UNSET@1]", "[K=$UNSET@1]"}},
    {"K='$X'\n", {"[K=$X@1]", "[K=$X@1]", "[K='$X'@1]"}},
    {"K=a$$b\n", {"[K=a$b@1]", "[K=a$$b@1]", "[K=a$$b@1]"}},
    {"K = v\n", {"[K=v@1]", "[K=v@1]", "!1: Docker wants NAME=VALUE"}},
    {"export K=v\n", {"[K=v@1]", "", "!1: Docker wants NAME=VALUE"}},
    {"Smtp:Host=v\n", {"[Smtp=Host=v@1]", "", "[Smtp:Host=v@1]"}},
    {"K: v\n", {"[K=v@1]", "", "!1: Docker wants NAME=VALUE"}},
    {"K\n", {"[K=shell@1]", "", "[K=shell@1]"}},
    {"UNSET\n", {"", "", ""}},
    {"; c\n", {"!1: a character that Compose", "", "!1: Docker wants NAME=VALUE"}},
    {"# c \\\nK=v\nA=b\n", {"[K=v@2][A=b@3]", "[A=b@3]", "[K=v@2][A=b@3]"}},
    {"K=DOM\\user\n", {"[K=DOM\\user@1]", "[K=DOMuser@1]", "[K=DOM\\user@1]"}},
    {"K=\"x\nA=b\n", {"!1: the value's quote", "[K=x\nA=b\n@1]", "[K=\"x@1][A=b@2]"}},
    {"\xEF\xBB\xBFK=v\nA=b\n", {"[K=v@1][A=b@2]", "[A=b@2]", "[K=v@1][A=b@2]"}},
    {"K=v\r\nA=b\r\n", {"[K=v@1][A=b@2]", "[K=v@1][A=b@2]", "[K=v@1][A=b@2]"}},
    {"K=a\xFF\n", {"[K=a\xFF@1]", "!1: the variable is not UTF-8", "!1: the line is not UTF-8"}},
    {"K=v \t\n", {"[K=v@1]", "[K=v@1]", "[K=v \t@1]"}},
    {"A.B=v\n", {"[A.B=v@1]", "", "[A.B=v@1]"}},
    {"A-B=v\n", {"[A-B=v@1]", "", "[A-B=v@1]"}},
    /* What holds for all of them. */
    {"", {"", "", ""}},
    {"\n\n \n", {"", "", ""}},
    {"  # c\n\n  K=v", {"[K=v@3]", "[K=v@3]", "[K=v@3]"}},
    {"K=\nA=b\n", {"[K=@1][A=b@2]", "[K=@1][A=b@2]", "[K=@1][A=b@2]"}},
    {"K=v\nK=w\n", {"[K=v@1][K=w@2]", "[K=v@1][K=w@2]", "[K=v@1][K=w@2]"}},
    {"Smtp__Host=a=b\n", {"[Smtp__Host=a=b@1]", "[Smtp__Host=a=b@1]", "[Smtp__Host=a=b@1]"}},
    {"=v\n", {"", "", "!1: Docker wants NAME=VALUE"}},
    {"1K=v\n", {"[1K=v@1]", "", "[1K=v@1]"}},
    {"# \xFF\nK=v\n", {"[K=v@2]", "[K=v@2]", "!1: the line is not UTF-8"}},
    {"\xC2\xA0K=v\n", {"[K=v@1]", "", "[K=v@1]"}},
    {"K=v\xC2\xA0\n", {"[K=v@1]", "[K=v\xC2\xA0@1]", "[K=v\xC2\xA0@1]"}},
};

START_TEST(test_line)
{
    int line = _i / DIALECTS, dialect = _i % DIALECTS;

    check_read((enum envfile_dialect)dialect, lines[line].text, strlen(lines[line].text),
               lines[line].wanted[dialect]);
}
END_TEST

static const struct {
    enum envfile_dialect dialect;
    const char *text, *wanted;
} grammar[] = {
    /* Compose: names. */
    {ENVFILE_COMPOSE, "export\tK=v\n", "[K=v@1]"},
    {ENVFILE_COMPOSE, "export\nK=v\n", "[K=v@2]"},
    {ENVFILE_COMPOSE, "export=v\n", "[export=v@1]"},
    {ENVFILE_COMPOSE, "exported=v\n", "[exported=v@1]"},
    {ENVFILE_COMPOSE, "K[0]=v\n", "[K[0]=v@1]"},
    {ENVFILE_COMPOSE, "K \n", "[K=shell@1]"},
    {ENVFILE_COMPOSE, "K", ""},
    {ENVFILE_COMPOSE, "A B=v\n", "!1: the name holds a blank"},
    {ENVFILE_COMPOSE, "A=b\nthis line\n", "!2: the name holds a blank"},
    {ENVFILE_COMPOSE, "A=b\n\nK+=v\n", "!3: a character that Compose"},
    /* Compose: values without quotes. */
    {ENVFILE_COMPOSE, "K= \tv\n", "[K=v@1]"},
    {ENVFILE_COMPOSE, "K=v  # c # d\n", "[K=v@1]"},
    {ENVFILE_COMPOSE, "K= # c\n", "[K=# c@1]"},
    {ENVFILE_COMPOSE, "K=a\\nb\n", "[K=a\\nb@1]"},
    {ENVFILE_COMPOSE, "K=it's\n", "[K=it's@1]"},
    /* Compose: quotes. */
    {ENVFILE_COMPOSE, "K='a\nb'\nA=c\n", "[K=a\nb@1][A=c@3]"},
    {ENVFILE_COMPOSE, "K='it\\'s \\n'\n", "[K=it's \\n@1]"},
    {ENVFILE_COMPOSE, "K='a # b'\n", "[K=a # b@1]"},
    {ENVFILE_COMPOSE, "K=\"a\nb\"\nA=c\n", "[K=a\nb@1][A=c@3]"},
    {ENVFILE_COMPOSE, "K=\"a\\\"b\"\n", "[K=a\"b@1]"},
    {ENVFILE_COMPOSE, "K=\"\\a\\b\\f\\n\\r\\t\\v\\\\\"\n", "[K=\a\b\f\n\r\t\v\\@1]"},
    {ENVFILE_COMPOSE, "K=\"\\q\\c\\x41\"\n", "[K=\\q\\c\\x41@1]"},
    {ENVFILE_COMPOSE, "K=\"\\0123\\0377\"\n", "[K=S\xC3\xBF@1]"},
    {ENVFILE_COMPOSE, "K=\"\\01\\0189\\0400\"\n", "[K=\\1\\189\\400@1]"},
    {ENVFILE_COMPOSE, "K=\"a\\0000b\"\n", "!1: \\0000 stands for a NUL"},
    {ENVFILE_COMPOSE, "K=\"\\$X $X \\\\$X\"\n", "[K=$X xval \\xval@1]"},
    {ENVFILE_COMPOSE, "K=\"a\\\\\"\n", "[K=a\\@1]"},
    {ENVFILE_COMPOSE, "K=\"b\"A=c\n", "[K=b@1][A=c@1]"},
    {ENVFILE_COMPOSE, "A=\"b\"K\n", "[A=b@1][K=shell@1]"},
    {ENVFILE_COMPOSE, "A=b\nK='x\n\n", "!2: the value's quote"},
    {ENVFILE_COMPOSE, "K=\"x\\\"", "!1: the value's quote"},
    /* Compose: interpolation. */
    {ENVFILE_COMPOSE, "K=a${X}b$X.c\n", "[K=axvalbxval.c@1]"},
    {ENVFILE_COMPOSE, "K=$COST\n", "[K=$X@1]"},
    {ENVFILE_COMPOSE, "K=$1 $ $\n", "[K=$1 $ $@1]"},
    {ENVFILE_COMPOSE, "K=$$X$$$X\n", "[K=$X$xval@1]"},
    {ENVFILE_COMPOSE, "K=${U-d}${U:-e}${EMPTY-f}${EMPTY:-g}${X-h}\n", "[K=degxval@1]"},
    {ENVFILE_COMPOSE, "K=${U+a}${U:+b}${EMPTY+c}${EMPTY:+d}${X:+e}\n", "[K=ce@1]"},
    {ENVFILE_COMPOSE, "K=${X?m}${X:?m}${EMPTY?m}\n", "[K=xvalxval@1]"},
    {ENVFILE_COMPOSE, "K=${U:-${V:-${X}}-$X}\n", "[K=xval-xval@1]"},
    {ENVFILE_COMPOSE, "K=${U:-{a}}b\n", "[K={a}b@1]"},
    {ENVFILE_COMPOSE, "K=${U:-a:-b}\n", "[K=a:-b@1]"},
    {ENVFILE_COMPOSE, "A=a\nK=$A$B\nB=b\n", "[A=a@1][K=a@2][B=b@3]"},
    {ENVFILE_COMPOSE, "A=a\nA=b\nK=$A\n", "[A=a@1][A=b@2][K=b@3]"},
    {ENVFILE_COMPOSE, "X=mine\nK=$X\n", "[X=mine@1][K=xval@2]"},
    {ENVFILE_COMPOSE, "A=b\nK=${U?m}\n", "!2: it requires"},
    {ENVFILE_COMPOSE, "K=${EMPTY:?m}\n", "!1: it requires"},
    {ENVFILE_COMPOSE, "K=${X:-${U?m}}\n", "!1: it requires"},
    {ENVFILE_COMPOSE, "K=${X\n", "!1: \"${\" without"},
    {ENVFILE_COMPOSE, "K=${}\n", "!1: \"${\" without"},
    {ENVFILE_COMPOSE, "K=${1}\n", "!1: \"${\" without"},
    {ENVFILE_COMPOSE, "K=${X!a}\n", "!1: \"${\" without"},
    {ENVFILE_COMPOSE, "K=\"${X\\0000}\"\n", "!1: \"${\" without"},
    {ENVFILE_COMPOSE, "K=${X:}\n", "!1: \"${\" without"},
    {ENVFILE_COMPOSE, "K=\"${U:-a\nb}\"\n", "!1: \"${\" without"},
    /* systemd: quotes. */
    {ENVFILE_SYSTEMD, "K=\"a\"'b' c \n", "[K=abc@1]"},
    {ENVFILE_SYSTEMD, "K=a\"b\" 'c'\n", "[K=a\"b\" 'c'@1]"},
    {ENVFILE_SYSTEMD, "K=\"a \" b\n", "[K=a b@1]"},
    {ENVFILE_SYSTEMD, "K=\" a \"\n", "[K= a @1]"},
    {ENVFILE_SYSTEMD, "K=\"a\nb\"\nA=c\n", "[K=a\nb@1][A=c@3]"},
    {ENVFILE_SYSTEMD, "K=\"\\\"\\\\\\`\\$\\n\\'\"\n", "[K=\"\\`$\\n\\'@1]"},
    {ENVFILE_SYSTEMD, "K=\"a\\\nb\"\n", "[K=ab@1]"},
    {ENVFILE_SYSTEMD, "K='a\\'b\n", "[K=a\\b@1]"},
    {ENVFILE_SYSTEMD, "K='x\nA=b\n", "[K=x\nA=b\n@1]"},
    {ENVFILE_SYSTEMD, "K=\"x\\", "[K=x@1]"},
    /* systemd: backslashes outside quotes. */
    {ENVFILE_SYSTEMD, "K=a\\\nb\nA=c\n", "[K=ab@1][A=c@3]"},
    {ENVFILE_SYSTEMD, "K=a \\\n  b\n", "[K=a   b@1]"},
    {ENVFILE_SYSTEMD, "K=a\\ \n", "[K=a @1]"},
    {ENVFILE_SYSTEMD, "K=\\\"a\\\"\n", "[K=\"a\"@1]"},
    {ENVFILE_SYSTEMD, "K=\\\\a\n", "[K=\\a@1]"},
    {ENVFILE_SYSTEMD, "K=a\\\r\nb=c\r\n", "[K=a@1][b=c@2]"},
    {ENVFILE_SYSTEMD, "K=a \\", "[K=a @1]"},
    /* systemd: comments, names, lines. */
    {ENVFILE_SYSTEMD, "  ; c\n  K=v # no comment \n", "[K=v # no comment@2]"},
    {ENVFILE_SYSTEMD, "# a\\b\nK=v\n", "[K=v@2]"},
    {ENVFILE_SYSTEMD, "# c \\", ""},
    {ENVFILE_SYSTEMD, "K\nA=b\n", "[A=b@2]"},
    {ENVFILE_SYSTEMD, "=\"a\nK=v\n", "[K=v@2]"},
    {ENVFILE_SYSTEMD, "A=b\rK=v\r", "[A=b@1][K=v@2]"},
    {ENVFILE_SYSTEMD, "A B=v\n_K9=v\n", "[_K9=v@2]"},
    {ENVFILE_SYSTEMD, "A=b\nBad-Name=\xC0\x80\n", "!2: the variable is not UTF-8"},
    /* Docker. */
    {ENVFILE_DOCKER, " \t K=v\n", "[K=v@1]"},
    {ENVFILE_DOCKER, "K= v \n", "[K= v @1]"},
    {ENVFILE_DOCKER, "K=v\\\nA=b\n", "[K=v\\@1][A=b@2]"},
    {ENVFILE_DOCKER, "K=v\r", "[K=v@1]"},
    {ENVFILE_DOCKER, "A=b\nK \n", "!2: Docker wants NAME=VALUE"},
    {ENVFILE_DOCKER, "A\tB=c\n", "!1: Docker wants NAME=VALUE"},
    {ENVFILE_DOCKER, "A=b\n\xEF\xBB\xBFK=v\n", "[A=b@1][\xEF\xBB\xBFK=v@2]"},
};

START_TEST(test_grammar)
{
    check_read(grammar[_i].dialect, grammar[_i].text, strlen(grammar[_i].text), grammar[_i].wanted);
}
END_TEST

START_TEST(test_refuses_nul)
{
    static const char text[] = "A=b\r\nK=a\0b\n";

    check_read((enum envfile_dialect)_i, text, sizeof text - 1, "!2: the file has a NUL byte");
}
END_TEST

START_TEST(test_without_shell)
{
    static const char text[] = "K\nA=$X\n";
    struct buf seen = {0};

    ck_assert(envfile_read(ENVFILE_COMPOSE, text, strlen(text), NULL, NULL, record, &seen, NULL));
    ck_assert_str_eq(seen.data, "[A=@2]");
    buf_clear(&seen);
}
END_TEST

START_TEST(test_docker_refuses_a_line_past_64_kib)
{
    struct buf text = {0};

    buf_puts(&text, "A=b\nK=");
    while (text.len < 4 + 65535)
        buf_putc(&text, 'v');
    struct buf seen = {0};
    ck_assert(envfile_read(ENVFILE_DOCKER, text.data, text.len, NULL, NULL, record, &seen, NULL));
    buf_clear(&seen);
    buf_putc(&text, 'v');
    check_read(ENVFILE_DOCKER, text.data, text.len, "!2: the line is longer than 64 KiB");
    buf_clear(&text);
}
END_TEST

/* Every line doubles the one before: without a limit, 2^40 bytes. */
START_TEST(test_interpolation_is_bounded)
{
    struct buf text = {0};

    buf_puts(&text, "A0=vv\n");
    for (int i = 1; i < 40; i++)
        buf_printf(&text, "A%d=$A%d$A%d\n", i, i - 1, i - 1);
    check_read(ENVFILE_COMPOSE, text.data, text.len, "!24: its variables make the file larger");
    buf_clear(&text);
}
END_TEST

static void nest(struct buf *text, int depth)
{
    buf_puts(text, "K=");
    for (int i = 0; i < depth; i++)
        buf_puts(text, "${U:-");
    buf_puts(text, "v");
    for (int i = 0; i < depth; i++)
        buf_puts(text, "}");
}

START_TEST(test_nesting_is_bounded)
{
    struct buf text = {0};

    nest(&text, 100);
    check_read(ENVFILE_COMPOSE, text.data, text.len, "[K=v@1]");
    buf_clear(&text);
    nest(&text, 100000);
    check_read(ENVFILE_COMPOSE, text.data, text.len, "!1: \"${\" is nested");
    buf_clear(&text);
}
END_TEST

/* Secrets stand in such files, and errors go to the screen. */
START_TEST(test_errors_quote_nothing)
{
    static const char *const texts[] = {
        "secret secret=1\n", "K='secret\n",          "K=\"secret\n",  "K=${secret\n",
        "K=${secret?}\n",    "K=${U:?secret}\n",     "secret+=1\n",   "secret\xFF=secret\n",
        "K=secret\xFF\n",    "K=\"secret\\0000\"\n", "secret: x y\n", "=secret\n"};
    const char *text = texts[_i / DIALECTS];
    struct buf seen = {0};
    struct fault fault = {0};

    envfile_read((enum envfile_dialect)(_i % DIALECTS), text, strlen(text), NULL, NULL, record,
                 &seen, &fault);
    ck_assert_ptr_null(strstr(fault.reason.text, "secret"));
    buf_clear(&seen);
}
END_TEST

static void read_prefixes(const char *text)
{
    for (size_t n = 0; n <= strlen(text); n++) {
        char *exact = malloc(n + 1);
        memcpy(exact, text, n);
        for (int dialect = 0; dialect < DIALECTS; dialect++) {
            struct buf seen = {0};
            struct fault fault = {0};
            bool ok = envfile_read((enum envfile_dialect)dialect, exact, n, shell, NULL, record,
                                   &seen, &fault);
            ck_assert(ok == (fault.reason.text[0] == '\0'));
            buf_clear(&seen);
        }
        free(exact);
    }
}

START_TEST(test_survives_every_truncation)
{
    for (int i = 0; i < COUNT(lines); i++)
        read_prefixes(lines[i].text);
    for (int i = 0; i < COUNT(grammar); i++)
        read_prefixes(grammar[i].text);
}
END_TEST

/* The bytes that mean something, in every order of four, and every byte alone. */
START_TEST(test_survives_hostile_bytes)
{
    static const char bytes[] = "K=:\"'\\$#{}? \n\r\xC3\xFF";
    enum { N = sizeof bytes - 1 };
    char text[8] = "K=";

    for (int i = 0; i < N * N * N * N; i++) {
        for (int digit = 0, rest = i; digit < 4; digit++, rest /= N)
            text[2 + digit] = bytes[rest % N];
        struct buf seen = {0};
        envfile_read((enum envfile_dialect)_i, text, 6, shell, NULL, record, &seen, NULL);
        buf_clear(&seen);
    }
    for (int c = 0; c < 256; c++) {
        text[0] = (char)c;
        struct buf seen = {0};
        envfile_read((enum envfile_dialect)_i, text, 1, shell, NULL, record, &seen, NULL);
        buf_clear(&seen);
    }
}
END_TEST

Suite *envfile_suite(void)
{
    Suite *suite = suite_create("envfile");
    TCase *tcase = tcase_create("read");

    tcase_add_loop_test(tcase, test_line, 0, COUNT(lines) * DIALECTS);
    tcase_add_loop_test(tcase, test_grammar, 0, COUNT(grammar));
    tcase_add_loop_test(tcase, test_refuses_nul, 0, DIALECTS);
    tcase_add_test(tcase, test_without_shell);
    tcase_add_test(tcase, test_docker_refuses_a_line_past_64_kib);
    tcase_add_test(tcase, test_interpolation_is_bounded);
    tcase_add_test(tcase, test_nesting_is_bounded);
    tcase_add_loop_test(tcase, test_errors_quote_nothing, 0, 12 * DIALECTS);
    tcase_add_test(tcase, test_survives_every_truncation);
    tcase_add_loop_test(tcase, test_survives_hostile_bytes, 0, DIALECTS);
    suite_add_tcase(suite, tcase);
    return suite;
}
