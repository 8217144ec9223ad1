#include "base/buf.h"
#include "base/mem.h"
#include "settings/jsonfile.h"
#include "suites.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define BYTES(text) text, sizeof(text) - 1
#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

/* Writes every item as key=value@line, a value's U+0000 (C0 80) as <0>, or as
 * key@line for NULL. */
static void record(const struct store *store, struct buf *seen)
{
    struct store_cursor cursor = {0};
    struct buf key = {0};

    while (store_each(store, &cursor)) {
        const struct store_item *item = &cursor.item;
        store_key(store, item, &key);
        buf_puts(seen, key.data);
        if (item->value)
            buf_putc(seen, '=');
        for (const char *p = item->value; p && *p; p++)
            if (strncmp(p, "\xC0\x80", 2) == 0) {
                buf_puts(seen, "<0>");
                p++;
            } else {
                buf_putc(seen, *p);
            }
        buf_printf(seen, "@%d ", item->line);
    }
    buf_clear(&key);
}

static void assert_reads(const char *text, size_t len, int dotnet_major, const char *entries)
{
    struct store store = {0};
    struct buf seen = {0};
    struct fault fault = {0};

    ck_assert_msg(jsonfile_read(text, len, dotnet_major, &store, &fault), "%s",
                  fault.reason.text);
    record(&store, &seen);
    ck_assert_str_eq(seen.len ? seen.data : "", entries);
    buf_clear(&seen);
    store_clear(&store);
}

static const struct {
    const char *text;
    size_t len;
    const char *entries;
} good[] = {
    {BYTES("{}"), ""},
    {BYTES(" \t\r\n{ \t\r\n} \t\r\n"), ""},
    {BYTES("{\"a\":\"b\"}"), "a=b@1 "},
    {BYTES("{\"a\":\"\"}"), "a=@1 "},
    {BYTES("{\"\":\"b\"}"), "=b@1 "},
    {BYTES("{\"Smtp\":{\"Host\":\"m\",\"Port\":25}}"), "Smtp:Host=m@1 Smtp:Port=25@1 "},
    {BYTES("{\"Smtp:Host\":\"m\"}"), "Smtp:Host=m@1 "},
    {BYTES("{\"Smtp__Host\":\"m\"}"), "Smtp__Host=m@1 "},
    {BYTES("{\"a\":{\"b:c\":{\"\":1}},\"\":{\"d\":2}}"), "a:b:c:=1@1 :d=2@1 "},
    {BYTES("{\"a\":1,\"\":2}"), "a=1@1 =2@1 "},
    {BYTES("{\" a \":\" b \"}"), " a = b @1 "},
    /* Scalars. */
    {BYTES("{\"a\":true,\"b\":false}"), "a=True@1 b=False@1 "},
    /* Arrays. */
    {BYTES("{\"a\":[1,\"x\",[2],{\"b\":3}]}"), "a:0=1@1 a:1=x@1 a:2:0=2@1 a:3:b=3@1 "},
    {BYTES("{\"a\":[0,1,2,3,4,5,6,7,8,9,10]}"),
     "a:0=0@1 a:1=1@1 a:2=2@1 a:3=3@1 a:4=4@1 a:5=5@1 a:6=6@1 a:7=7@1 a:8=8@1 a:9=9@1 a:10=10@1 "},
    /* Comments and the trailing comma. */
    {BYTES("// c\n{/* c */\"a\"/**/:// c\n1/***/,// \"}\n}// end"), "a=1@2 "},
    {BYTES("/* a\nb */{\"a\":\"// x /* y */\"}\n/* end */"), "a=// x /* y */@2 "},
    {BYTES("{\"a\":1,}"), "a=1@1 "},
    {BYTES("{\"a\":[1,],/*c*/}"), "a:0=1@1 "},
    {BYTES("{\"a\":1//\xE2\x80\xA7\n}"), "a=1@1 "},
    {BYTES("{/*\xE2\x80\xA8*/\"a\":1}"), "a=1@1 "},
    /* Lines: of the name, or of the element; CRLF is one end, CR one too. */
    {BYTES("{\n\"a\":\n1,\n\"b\":[\n2,\n\n3]}"), "a=1@2 b:0=2@5 b:1=3@7 "},
    {BYTES("{\r\n\"a\":\r\n1,\r\n\"b\":2}"), "a=1@2 b=2@4 "},
    {BYTES("{\r\"a\":1,//x\r\r\"b\":2}"), "a=1@2 b=2@4 "},
    {BYTES("{/*\n\r\n\r*/\"a\":1}"), "a=1@4 "},
    {BYTES("{\n\"a\":{\n},\n\"b\":[\n{\n}]}"), "a@2 b:0@5 "},
    /* Escapes. */
    {BYTES("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}"), "a=\"\\/\b\f\n\r\t@1 "},
    {BYTES("{\"\\u0061\":\"\\u00e9\\u00E9\\u20AC\\uD83D\\uDE00x\"}"),
     "a=\xC3\xA9\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80x@1 "},
    {BYTES("{\"a\\u003ab\":1}"), "a:b=1@1 "},
    {BYTES("{\"a\":\"x\\u0000y\\u0000\"}"), "a=x<0>y<0>@1 "},
    {BYTES("{\"Smtp:Host\\u0000x\":1,\"b\":2}"), "b=2@1 "},
    {BYTES("{\"a\":\"\x7F\"}"), "a=\x7F@1 "},
    /* Names that are the same where no scalar meets another. */
    {BYTES("{\"a\":{\"b\":1},\"A\":{\"c\":2}}"), "a:b=1@1 A:c=2@1 "},
    {BYTES("{\"a\":1,\"A\":{\"b\":2}}"), "a=1@1 A:b=2@1 "},
    {BYTES("{\"a\":1,\"a\":{},\"a\":{}}"), "a@1 "},
    {BYTES("{\"a\":[1],\"a\":{\"1\":2}}"), "a:0=1@1 a:1=2@1 "},
    {BYTES("{\"ab\":{\"c\":1},\"a\":{\"bc\":2}}"), "ab:c=1@1 a:bc=2@1 "},
    /* Encodings. */
    {BYTES("\xEF\xBB\xBF{\"a\":1}"), "a=1@1 "},
    {BYTES("\xFF\xFE{\0\n\0\"\0\xE9\0\"\0:\0\"\0\x3D\xD8\x00\xDE\"\0}\0"),
     "\xC3\xA9=\xF0\x9F\x98\x80@2 "},
    {BYTES("\xFE\xFF\0{\0\"\0\xE9\0\"\0:\0\"\xD8\x3D\xDE\x00\0\"\0}"),
     "\xC3\xA9=\xF0\x9F\x98\x80@1 "},
    {BYTES("\xFF\xFE{\0\"\0\"\0:\0\"\0\x3D\xD8\"\0}\0"), "=\xEF\xBF\xBD@1 "},
    {BYTES("\xFF\xFE{\0\"\0\"\0:\0\"\0\x00\xDE\"\0}\0"), "=\xEF\xBF\xBD@1 "},
    {BYTES("\xFF\xFE\0\0{\0\0\0\"\0\0\0a\0\0\0\"\0\0\0:\0\0\0\"\0\0\0"
           "\x00\xF6\x01\0\"\0\0\0}\0\0\0"),
     "a=\xF0\x9F\x98\x80@1 "},
    {BYTES("\0\0\xFE\xFF\0\0\0{\0\0\0\"\0\0\0a\0\0\0\"\0\0\0:\0\0\0\"\0\x11\0\0\0\0\0\"\0\0\0}"),
     "a=\xEF\xBF\xBD@1 "},
    /* Invalid UTF-8: one U+FFFD for each maximal part. */
    {BYTES("{\"a\":\"\xFF\xFE\"}"), "a=\xEF\xBF\xBD\xEF\xBF\xBD@1 "},
    {BYTES("{\"a\":\"\xE2\x82-\xF0\x9F\x98-\xC3\"}"),
     "a=\xEF\xBF\xBD-\xEF\xBF\xBD-\xEF\xBF\xBD@1 "},
    {BYTES("{\"a\":\"\xF1\x80\x80\xE1\x80\xC2\"}"),
     "a=\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD@1 "},
    {BYTES("{\"a\":\"\xC0\xAF\xED\xA0\x80\"}"),
     "a=\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD@1 "},
    {BYTES("{\"\x80\":1,/*\xFF*/\"b\":2}"), "\xEF\xBF\xBD=1@1 b=2@1 "},
};

START_TEST(test_reads)
{
    assert_reads(good[_i].text, good[_i].len, 10, good[_i].entries);
}
END_TEST

static const char *const numbers[] = {"0",    "-0",   "587",     "587.0",  "5.87e2", "5.87E+2",
                                      "1e-3", "1.50", "-12.034", "0.0e00", "123456789012345678901"};

START_TEST(test_keeps_the_text_of_numbers)
{
    char *text = mem_printf("{\"a\":%s, \"b\":%s/**/, \"c\":[%s,%s\n],}", numbers[_i], numbers[_i],
                            numbers[_i], numbers[_i]);
    char *entries = mem_printf("a=%s@1 b=%s@1 c:0=%s@1 c:1=%s@1 ", numbers[_i], numbers[_i],
                               numbers[_i], numbers[_i]);

    assert_reads(text, strlen(text), 10, entries);
    free(text);
    free(entries);
}
END_TEST

static const struct {
    const char *value, *to_9, *from_10;
} empties[] = {
    {"null", "a=@1 ", "a@1 "},
    {"[]", "a@1 ", "a=@1 "},
    {"{}", "a@1 ", "a@1 "},
    {"\"\"", "a=@1 ", "a=@1 "},
    {"[null]", "a:0=@1 ", "a:0@1 "},
    {"[[]]", "a:0@1 ", "a:0=@1 "},
    {"[{}]", "a:0@1 ", "a:0@1 "},
    {"{ /* nothing */ }", "a@1 ", "a@1 "},
};

START_TEST(test_reads_empties_by_runtime)
{
    char *text = mem_printf("{\"a\":%s}", empties[_i].value);

    for (int major = 8; major <= 11; major++)
        assert_reads(text, strlen(text), major,
                     major < 10 ? empties[_i].to_9 : empties[_i].from_10);
    free(text);
}
END_TEST

static void assert_refuses(const char *text, size_t len, enum fault_class kind,
                           const char *start)
{
    struct store store = {0};
    struct fault fault = {0};

    ck_assert(!jsonfile_read(text, len, 10, &store, &fault));
    char *said = mem_printf("%d: %s", fault.line, fault.reason.text);
    ck_assert_str_eq(fault_name(fault.kind), fault_name(kind));
    ck_assert_msg(strncmp(said, start, strlen(start)) == 0, "\"%s\" is not \"%s\"", said, start);
    ck_assert_uint_eq(store.count, 0);
    free(said);
    store_clear(&store);
}

#define EARLY "the file ends too early; it may be half written"
#define BARE "put names and text in double quotes; only true, false, null and numbers go without"
#define NUMBER "not a number as JSON writes them"
#define ESCAPE "an unknown escape; write \\\\ for a backslash"
#define HALF "half of a surrogate pair; write both of its \\u escapes"
#define CONTROL "a control character in a text; write \\t for a tab"
#define VALUE "expected a value: text in double quotes, a number"
#define NAME "expected a name in double quotes"
#define MORE "more text after the end of the document; remove it"
#define COMMA "expected , or } (is a comma missing before this?)"

static const struct {
    const char *text;
    size_t len;
    const char *error;
} unparsable[] = {
    /* Nothing, not all, or too much. */
    {BYTES(""), "1: the file is empty; write {} where nothing is set"},
    {BYTES(" \n\t"), "2: the file is empty"},
    {BYTES("// only\n"), "2: the file is empty"},
    {BYTES("\xFF\xFE"), "1: the file is empty"},
    {BYTES("{\n"), "2: " EARLY},
    {BYTES("{\"a\""), "1: " EARLY},
    {BYTES("{\"a\":"), "1: " EARLY},
    {BYTES("{\"a\":1,"), "1: " EARLY},
    {BYTES("{\"a"), "1: the text is not closed; end it with \""},
    {BYTES("{\"a\nb\":1}"), "1: the text is not closed on its line"},
    {BYTES("{}\n{}"), "2: " MORE},
    {BYTES("{},"), "1: " MORE},
    {BYTES("{}x"), "1: " BARE},
    {BYTES("\xEF\xBB\xBF\xEF\xBB\xBF{}"), "1: " BARE},
    {BYTES("{\0}"), "1: " BARE},
    {BYTES("\xFF\xFE{\0}\0x"), "1: " BARE},
    /* Order. */
    {BYTES("{,}"), "1: " NAME},
    {BYTES("{\"a\":[,]}"), "1: " VALUE},
    {BYTES("{\"a\":1,,}"), "1: " NAME},
    {BYTES("{\"a\":[1,,]}"), "1: " VALUE},
    {BYTES("{\"a\":1\n\"b\":2}"), "2: " COMMA},
    {BYTES("{\"a\":[1 2]}"), "1: expected , or ] (is a comma missing before this?)"},
    {BYTES("{\"a\":1]"), "1: " COMMA},
    {BYTES("{\"a\" 1}"), "1: expected : after the name"},
    {BYTES("{\"a\":}"), "1: " VALUE},
    {BYTES("{1:2}"), "1: " NUMBER},
    {BYTES("{1 :2}"), "1: " NAME},
    {BYTES("{a:1}"), "1: " BARE},
    {BYTES("{'a':1}"), "1: " BARE},
    {BYTES("{\"a\":'b'}"), "1: " BARE},
    {BYTES("{\"a\":\xC2\xA0 1}"), "1: " BARE},
    {BYTES("{\"a\":1}\v"), "1: " BARE},
    /* Words and numbers. */
    {BYTES("{\"a\":True}"), "1: " BARE},
    {BYTES("{\"a\":truex}"), "1: " BARE},
    {BYTES("{\"a\":NaN}"), "1: " BARE},
    {BYTES("{\"a\":+1}"), "1: " BARE},
    {BYTES("{\"a\":.5}"), "1: " BARE},
    {BYTES("{\"a\":0587}"), "1: " NUMBER},
    {BYTES("{\"a\":587.}"), "1: " NUMBER},
    {BYTES("{\"a\":-}"), "1: " NUMBER},
    {BYTES("{\"a\":-01}"), "1: " NUMBER},
    {BYTES("{\"a\":1e}"), "1: " NUMBER},
    {BYTES("{\"a\":1e+}"), "1: " NUMBER},
    {BYTES("{\"a\":0x24B}"), "1: " NUMBER},
    {BYTES("{\"a\":1\"b\"}"), "1: " NUMBER},
    {BYTES("{\"a\":1_000}"), "1: " NUMBER},
    /* Texts. */
    {BYTES("{\"a\":\"\t\"}"), "1: " CONTROL},
    {BYTES("{\"a\":\"\x1F\"}"), "1: " CONTROL},
    {BYTES("{\"a\":\"\0\"}"), "1: " CONTROL},
    {BYTES("{\"a\":\"C:\\Users\"}"), "1: " ESCAPE},
    {BYTES("{\"a\":\"\\x41\"}"), "1: " ESCAPE},
    {BYTES("{\"a\":\"\\u12\"}"), "1: " ESCAPE},
    {BYTES("{\"a\":\"\\u12g4\"}"), "1: " ESCAPE},
    {BYTES("{\"a\":\"\\\0\"}"), "1: " ESCAPE},
    {BYTES("{\"a\":\"\\ud83d\"}"), "1: " HALF},
    {BYTES("{\"a\":\"\\ud83d\\u0041\"}"), "1: " HALF},
    {BYTES("{\"a\":\"\\ude00\"}"), "1: " HALF},
    {BYTES("{\"\\ude00\":1}"), "1: " HALF},
    /* Comments. */
    {BYTES("{# c\n}"), "1: " BARE},
    {BYTES("{/ c\n}"), "1: " BARE},
    {BYTES("{\n/* c\n}"), "2: the comment is never closed; end it with */"},
    {BYTES("{}/*/"), "1: the comment is never closed"},
    {BYTES("{}/* */*/"), "1: " BARE},
    {BYTES("{// \xE2\x80\xA8\n}"), "1: a line separator (U+2028 or U+2029) in a // comment"},
    {BYTES("{// \xE2\x80\xA9\n}"), "1: a line separator"},
    /* Syntax comes first, wherever it stands. */
    {BYTES("{\"a\":1,\"a\":2"), "1: " EARLY},
    {BYTES("[1"), "1: " EARLY},
    {BYTES("1 2"), "1: " MORE},
};

START_TEST(test_refuses_bad_syntax)
{
    assert_refuses(unparsable[_i].text, unparsable[_i].len, FAULT_PARSE, unparsable[_i].error);
}
END_TEST

#define DUPLICATE(second, first, key) \
    second ": this key is already set on line " first "; keep one of them: " key

static const struct {
    const char *text, *error;
} duplicates[] = {
    {"{\"a\":1,\n\"a\":2}", DUPLICATE("2", "1", "a")},
    {"{\"a\":1,\n\"a\":1}", DUPLICATE("2", "1", "a")},
    {"{\"Smtp\":{\"Host\":\"x\"},\n\"SMTP\":{\"hOST\":\"y\"}}", DUPLICATE("2", "1", "SMTP:hOST")},
    {"{\"a\":{\"b\":1},\n\"a:b\":2}", DUPLICATE("2", "1", "a:b")},
    {"{\"a\":[1],\n\"a\":[2]}", DUPLICATE("2", "1", "a:0")},
    {"{\"a\":[1],\n\"a:0\":2}", DUPLICATE("2", "1", "a:0")},
    {"{\"a\":{},\n\"a\":2}", DUPLICATE("2", "1", "a")},
    {"{\"a\":null,\n\"\\u0041\":null}", DUPLICATE("2", "1", "A")},
    {"{\"a\\u0000b\":1,\n\"a\\u0000B\":2}", DUPLICATE("2", "1", "a")},
    {"{\"\":1,\n\"\":2}", DUPLICATE("2", "1", "")},
    {"{\"\\u001b[31m\":1,\"\\u001b[31m\":2}", DUPLICATE("1", "1", "\\x1b[31m")},
};

START_TEST(test_refuses_duplicates)
{
    assert_refuses(duplicates[_i].text, strlen(duplicates[_i].text), FAULT_DUPLICATE_KEY,
                   duplicates[_i].error);
}
END_TEST

static const char *const no_objects[] = {
    "[]", "[{\"a\":1}]", "\"a\"", "1", "true", "false", "null", "/**/null//", "[1,]",
};

START_TEST(test_refuses_other_documents)
{
    assert_refuses(no_objects[_i], strlen(no_objects[_i]), FAULT_TOP_LEVEL,
                   "1: the document is no object; put { and } round it");
}
END_TEST

/* The start of an object in depth - 1 others, or arrays, one a line. */
static char *nested(int depth, bool arrays)
{
    struct buf text = {0};

    buf_puts(&text, "{");
    for (int i = 1; i < depth; i++)
        buf_printf(&text, "%s\n%c", arrays && i > 1 ? "" : "\"a\":", arrays ? '[' : '{');
    for (int i = 1; i < depth; i++)
        buf_putc(&text, arrays ? ']' : '}');
    buf_puts(&text, "}");
    return buf_take(&text);
}

START_TEST(test_reads_64_containers_and_no_more)
{
    static const char *const separators[] = {":a", ":0"};
    char *deepest = nested(64, _i), *too_deep = nested(65, _i);
    struct buf entries = {0};

    buf_puts(&entries, "a");
    for (int i = 2; i < 64; i++)
        buf_puts(&entries, separators[_i]);
    buf_puts(&entries, _i ? "=@64 " : "@63 ");
    assert_reads(deepest, strlen(deepest), 10, entries.data);
    assert_refuses(too_deep, strlen(too_deep), FAULT_DEPTH,
                   "65: more than 64 objects and arrays in each other; nest fewer");
    buf_clear(&entries);
    free(deepest);
    free(too_deep);
}
END_TEST

/* Reads the first n bytes in a block of just that size. */
static bool read_part(const char *text, size_t n, enum fault_class *kind)
{
    struct store store = {0};
    struct fault fault = {.kind = *kind};
    char *part = mem_realloc(NULL, n ? n : 1);

    memcpy(part, text, n);
    bool ok = jsonfile_read(part, n, 10, &store, &fault);
    ck_assert(ok || (store.count == 0 && fault.reason.text[0]));
    *kind = fault.kind;
    store_clear(&store);
    free(part);
    return ok;
}

/* Cut anywhere within its root, an object is bad syntax, whatever else is wrong
 * with it; cut behind that it is whole, or a comment or character is cut. */
static void assert_truncations_fail(const char *text, size_t len)
{
    const char *root_end = memrchr(text, '}', len);

    ck_assert_ptr_nonnull(root_end);
    for (size_t n = 0; n < len; n++) {
        enum fault_class kind = FAULT_PARSE;
        bool ok = read_part(text, n, &kind);
        ck_assert_msg(!ok || text + n > root_end, "%zu bytes of \"%s\" pass", n, text);
        ck_assert_int_eq(kind, FAULT_PARSE);
    }
}

START_TEST(test_refuses_every_truncation)
{
    assert_truncations_fail(good[_i].text, good[_i].len);
}
END_TEST

START_TEST(test_refuses_truncations_before_duplicates)
{
    assert_truncations_fail(duplicates[_i].text, strlen(duplicates[_i].text));
}
END_TEST

/* A part of a bad document may be a good one, or one without an object. */
START_TEST(test_survives_truncations_of_bad_syntax)
{
    for (size_t n = 0; n < unparsable[_i].len; n++) {
        enum fault_class kind = FAULT_PARSE;
        if (!read_part(unparsable[_i].text, n, &kind))
            ck_assert(kind == FAULT_PARSE || kind == FAULT_TOP_LEVEL);
    }
}
END_TEST

/* Where the locale is missing the C locale stands in, which must agree too. */
START_TEST(test_ignores_the_locale)
{
    static const char *const locales[] = {"C", "tr_TR.UTF-8", "de_DE.UTF-8"};
    static const char text[] = "{\"NOTIFY\":{\"I\":1.5},\n\"notify\":{\"i\":2}}";

    setlocale(LC_ALL, locales[_i]);
    assert_refuses(BYTES(text), FAULT_DUPLICATE_KEY, DUPLICATE("2", "1", "notify:i"));
    assert_reads(BYTES("{\"a\":1.5,\"\xC4\xB1\":2,\"i\":3}"), 10, "a=1.5@1 \xC4\xB1=2@1 i=3@1 ");
}
END_TEST

/* Neither a value nor what stands where one belongs may show up: it may be a secret. */
START_TEST(test_errors_quote_no_values)
{
    static const char *const texts[] = {
        "{\"a\":\"hunter2\",\"a\":\"hunter2\"}", "{\"a\":hunter2}", "{\"a\":\"hunter2}",
        "{\"a\":\"\\hunter2\"}", "\"hunter2\"", "{\"a\":1 hunter2}",
    };

    for (int i = 0; i < COUNT(texts); i++) {
        struct store store = {0};
        struct fault fault = {0};
        ck_assert(!jsonfile_read(texts[i], strlen(texts[i]), 10, &store, &fault));
        ck_assert_ptr_null(strstr(fault.reason.text, "hunter2"));
    }
}
END_TEST

Suite *jsonfile_suite(void)
{
    Suite *suite = suite_create("jsonfile");
    TCase *reads = tcase_create("reads"), *refuses = tcase_create("refuses");

    tcase_add_loop_test(reads, test_reads, 0, COUNT(good));
    tcase_add_loop_test(reads, test_keeps_the_text_of_numbers, 0, COUNT(numbers));
    tcase_add_loop_test(reads, test_reads_empties_by_runtime, 0, COUNT(empties));
    tcase_add_loop_test(reads, test_ignores_the_locale, 0, 3);
    tcase_add_loop_test(refuses, test_refuses_bad_syntax, 0, COUNT(unparsable));
    tcase_add_loop_test(refuses, test_refuses_duplicates, 0, COUNT(duplicates));
    tcase_add_loop_test(refuses, test_refuses_other_documents, 0, COUNT(no_objects));
    tcase_add_loop_test(refuses, test_reads_64_containers_and_no_more, 0, 2);
    tcase_add_loop_test(refuses, test_refuses_every_truncation, 0, COUNT(good));
    tcase_add_loop_test(refuses, test_refuses_truncations_before_duplicates, 0, COUNT(duplicates));
    tcase_add_loop_test(refuses, test_survives_truncations_of_bad_syntax, 0, COUNT(unparsable));
    tcase_add_test(refuses, test_errors_quote_no_values);
    suite_add_tcase(suite, reads);
    suite_add_tcase(suite, refuses);
    return suite;
}
