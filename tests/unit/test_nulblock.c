#include "base/buf.h"
#include "settings/nulblock.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

/* Writes every entry as [name=value]. */
static void record(void *context, const char *name, const char *value)
{
    buf_printf(context, "[%s=%s]", name, value);
}

/* A block as the kernel has it: the literal with its closing NUL. */
#define BLOCK(literal) literal, sizeof(literal)

static const struct {
    const char *block;
    size_t len;
    const char *wanted;
} environs[] = {
    {"", 0, ""},
    {BLOCK(""), ""},
    {BLOCK("Smtp__Host=m\0Smtp__Port=25"), "[Smtp__Host=m][Smtp__Port=25]"},
    {BLOCK("A=b=c"), "[A=b=c]"},
    {BLOCK("A="), "[A=]"},
    {BLOCK("A= b "), "[A= b ]"},
    {BLOCK("A\0=b\0\0C=d"), "[C=d]"},
    {BLOCK("A=1\0A=2\0a=3"), "[A=1][a=3]"},
    {BLOCK("A=\0A=2"), "[A=]"},
    {BLOCK("A=\xFF\x1B[2J\nB=c"), "[A=\xFF\x1B[2J\nB=c]"},
    {"A=b", 3, "[A=b]"},
};

START_TEST(test_environ)
{
    struct buf seen = {0};

    nulblock_read_environ(environs[_i].block, environs[_i].len, record, &seen);
    ck_assert_str_eq(seen.len ? seen.data : "", environs[_i].wanted);
    buf_clear(&seen);
}
END_TEST

static const struct {
    const char *block;
    size_t len;
    const char *wanted, *error; /* error NULL: none */
} arguments[] = {
    {"", 0, "", NULL},
    {BLOCK("word"), "", NULL},
    {BLOCK("--a=1\0/b=2\0c=3"), "[a=1][b=2][c=3]", NULL},
    {BLOCK("--a\0001\0/b\0002"), "[a=1][b=2]", NULL},
    {BLOCK("--a\0--b=1\0--c\0d=2"), "[a=--b=1][c=d=2]", NULL},
    {BLOCK("--a\0\0--b\0001"), "[a=][b=1]", NULL},
    {BLOCK("--a=1\0--b"), "[a=1]", NULL},
    {BLOCK("-k\0--a=1"), "[a=1]", NULL},
    {BLOCK("-k\0a=1"), "[a=1]", NULL},
    {BLOCK("run\0now\0\0a=1"), "[a=1]", NULL},
    {BLOCK("a=1\0a=2"), "[a=1][a=2]", NULL},
    {BLOCK("Smtp__Host=m\0--Smtp:Port=25"), "[Smtp__Host=m][Smtp:Port=25]", NULL},
    {BLOCK("--a=b=c\0--d="), "[a=b=c][d=]", NULL},
    {BLOCK("---a=1"), "[-a=1]", NULL},
    {BLOCK("--a=1\0-k=secret\0--b=2"), "[a=1]",
     "argument 2: -NAME=VALUE stops .NET from starting; write --NAME=VALUE"},
    {"--a\0b", 5, "[a=b]", NULL},
};

START_TEST(test_arguments)
{
    struct buf seen = {0};
    struct fault fault = {0};

    bool ok =
        nulblock_read_arguments(arguments[_i].block, arguments[_i].len, record, &seen, &fault);
    ck_assert(ok == !arguments[_i].error);
    ck_assert_str_eq(seen.len ? seen.data : "", arguments[_i].wanted);
    ck_assert_str_eq(fault.reason.text, arguments[_i].error ? arguments[_i].error : "");
    buf_clear(&seen);
}
END_TEST

static const struct {
    const char *block;
    size_t len;
    const char *rest;
} programs[] = {
    {"", 0, ""},
    {BLOCK("/app/web"), ""},
    {BLOCK("/app/web\0--a=1"), "--a=1"},
    {BLOCK("dotnet\0/app/Web.dll\0--a=1"), "--a=1"},
    {BLOCK("/usr/bin/dotnet\0exec\0--depsfile\0d.json\0Web.dll\0a=1"), "a=1"},
    {BLOCK("mydotnet\0x.dll\0a=1"), "x.dll"},
};

START_TEST(test_program_is_skipped)
{
    size_t skipped = nulblock_skip_program(programs[_i].block, programs[_i].len);

    ck_assert_uint_le(skipped, programs[_i].len);
    ck_assert_str_eq(skipped < programs[_i].len ? programs[_i].block + skipped : "",
                     programs[_i].rest);
}
END_TEST

START_TEST(test_survives_every_truncation)
{
    static const char block[] = "--a\0b\0/c=d\0\0-k\0--\0=\0-k=v";

    for (size_t n = 0; n <= sizeof block; n++) {
        struct buf seen = {0};
        struct fault fault = {0};
        char *exact = malloc(n + 1);
        memcpy(exact, block, n);
        nulblock_read_environ(exact, n, record, &seen);
        ck_assert_uint_le(nulblock_skip_program(exact, n), n);
        bool ok = nulblock_read_arguments(exact, n, record, &seen, &fault);
        ck_assert(ok == (n < sizeof block - 2));
        free(exact);
        buf_clear(&seen);
    }
}
END_TEST

Suite *nulblock_suite(void)
{
    Suite *suite = suite_create("nulblock");
    TCase *tcase = tcase_create("read");

    tcase_add_loop_test(tcase, test_environ, 0, sizeof environs / sizeof *environs);
    tcase_add_loop_test(tcase, test_arguments, 0, sizeof arguments / sizeof *arguments);
    tcase_add_loop_test(tcase, test_program_is_skipped, 0, sizeof programs / sizeof *programs);
    tcase_add_test(tcase, test_survives_every_truncation);
    suite_add_tcase(suite, tcase);
    return suite;
}
