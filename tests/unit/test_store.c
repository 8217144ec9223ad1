#include "base/mem.h"
#include "settings/jsonfile.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

static struct store store;

static void setup(void)
{
    store = (struct store){0};
}

static void teardown(void)
{
    store_clear(&store);
}

static void put(const char *key, const char *written, const char *value, enum store_rank rank)
{
    size_t len = strlen(key);

    store_put(&store, store_hash(STORE_HASH, key, len), key, len,
              &(struct store_item){.name = key, .written = written, .value = value, .rank = rank});
}

/* The values of key's items, one after the other, "-" for NULL. */
static void assert_finds(const char *key, const char *values)
{
    struct store_cursor cursor = {0};
    struct buf seen = {0};

    buf_puts(&seen, "");
    while (store_find(&store, key, &cursor))
        buf_puts(&seen, cursor.item.value ? cursor.item.value : "-");
    ck_assert_str_eq(seen.data, values);
    buf_clear(&seen);
}

START_TEST(test_empty)
{
    struct store_cursor cursor = {0};

    assert_finds("a", "");
    ck_assert(!store_each(&store, &cursor));
}
END_TEST

START_TEST(test_the_later_value_replaces)
{
    put("Smtp:Host", NULL, "a", STORE_LAYER);
    put("x", NULL, "", STORE_LAYER);
    put("SMTP:host", NULL, "b", STORE_LAYER);
    assert_finds("smtp:HOST", "b");
    put("Smtp:Host", NULL, NULL, STORE_LAYER);
    assert_finds("smtp:HOST", "-");
    assert_finds("x", "");
    assert_finds("Smtp", "");
    assert_finds("Smtp:Hos", "");
    assert_finds("Smtp:Host:", "");
    ck_assert_uint_eq(store.count, 2);
}
END_TEST

/* What is written in two ways, or ranks differently, stands side by side. */
START_TEST(test_several_items_of_a_key)
{
    put("a", "A", "1", STORE_LAYER);
    put("a", "a", "2", STORE_LAYER);
    put("a", "A", "3", STORE_DOTNET);
    assert_finds("a", "123");
    put("a", "A", "4", STORE_LAYER);
    put("a", "A", "5", STORE_DOTNET);
    struct store_cursor cursor = {0};
    ck_assert(store_find(&store, "A", &cursor));
    ck_assert_str_eq(cursor.item.value, "4");
    ck_assert_str_eq(cursor.item.written, "A");
    ck_assert_uint_eq(store.count, 3);
}
END_TEST

/* A key is the same whichever way it is cut into sections. */
START_TEST(test_sections)
{
    static const char key[] = "A:b:c:d";
    uint64_t hash = store_hash(STORE_HASH, key, strlen(key));
    size_t section = store_add_section(&store, 0, "A", 1);
    size_t below = store_add_section(&store, section, "b:cx", 3);
    struct buf whole = {0};

    store_add(&store, hash, &(struct store_item){below, "d", NULL, "1", 7, STORE_LAYER});
    assert_finds("a:B:c:D", "1");
    assert_finds("d", "");
    assert_finds("b:c:d", "");
    assert_finds("x:A:b:c:d", "");
    put("a:b:c:d", NULL, "2", STORE_LAYER);
    assert_finds("A:b:c:d", "2");
    store_put(&store, hash, key, strlen(key),
              &(struct store_item){section, "b:c:d", NULL, "3", 8, STORE_LAYER});
    assert_finds("A:b:c:d", "3");
    struct store_cursor cursor = {0};
    ck_assert(store_each(&store, &cursor));
    ck_assert_int_eq(cursor.item.line, 8);
    store_key(&store, &cursor.item, &whole);
    ck_assert_str_eq(whole.data, "A:b:c:d");
    ck_assert(!store_each(&store, &cursor));
    buf_clear(&whole);
}
END_TEST

START_TEST(test_grows)
{
    enum { ITEMS = 3000 };
    int wrong = 0, seen = 0;
    struct store_cursor all = {0};

    for (int i = 0; i < ITEMS; i++) {
        char *key = mem_printf("Key%d", i), *value = mem_printf("%d", i);
        put(key, NULL, value, STORE_LAYER);
        free(key);
        free(value);
    }
    for (int i = 0; i < ITEMS; i++) {
        struct store_cursor cursor = {0};
        char *key = mem_printf("kEY%d", i);
        wrong += !store_find(&store, key, &cursor) || atoi(cursor.item.value) != i ||
                 store_find(&store, key, &cursor);
        free(key);
    }
    while (store_each(&store, &all))
        wrong += atoi(all.item.value) != seen++;
    ck_assert_int_eq(wrong, 0);
    ck_assert_int_eq(seen, ITEMS);
}
END_TEST

START_TEST(test_refuses_what_is_too_much)
{
    enum { MIB = 1024 * 1024 };
    char *value = mem_zalloc(MIB);
    int refused = -1;

    memset(value, 'v', MIB - 1);
    for (int i = 0; i <= STORE_MAX_BYTES / MIB + 1; i++) {
        char *key = mem_printf("%d", i);
        size_t len = strlen(key);
        store_put(&store, store_hash(STORE_HASH, key, len), key, len,
                  &(struct store_item){.name = key, .value = value, .line = i});
        if (store.is_full && refused < 0)
            refused = i;
        free(key);
    }
    ck_assert(store.is_full);
    ck_assert_int_eq(refused, STORE_MAX_BYTES / MIB);
    ck_assert_int_eq(store.full_line, refused);
    ck_assert_int_eq((int)store.count, refused);
    free(value);
}
END_TEST

START_TEST(test_a_value_in_parts)
{
    store_add(&store, store_hash(STORE_HASH, "a", 1),
              &(struct store_item){.name = "a", .value = "x"});
    buf_puts(store_open_value(&store), "yz");
    store_close_value(&store);
    put("b", NULL, "1", STORE_LAYER);
    assert_finds("a", "xyz");
    assert_finds("b", "1");
}
END_TEST

/* Many keys of a JSON file, and again with the last as a duplicate of the first. */
START_TEST(test_many_keys)
{
    enum { KEYS = 100 * 1000 };
    struct buf text = {0};
    struct fault fault = {0};

    buf_putc(&text, '{');
    for (int i = 0; i < KEYS; i++)
        buf_printf(&text, "\"Key%d\":%d,\n", i, i);
    size_t len = text.len;
    buf_putc(&text, '}');
    ck_assert(jsonfile_read(text.data, text.len, 10, &store, NULL));
    ck_assert_uint_eq(store.count, KEYS);
    assert_finds("kEY77777", "77777");
    store_clear(&store);
    text.len = len;
    buf_puts(&text, "\"kEY0\":0}");
    ck_assert(!jsonfile_read(text.data, text.len, 10, &store, &fault));
    ck_assert_int_eq(fault.kind, FAULT_DUPLICATE_KEY);
    ck_assert_int_eq(fault.line, KEYS + 1);
    ck_assert_uint_eq(store.count, 0);
    buf_clear(&text);
}
END_TEST

/* A beginning that keys share is kept once, and the longest ones are refused. */
START_TEST(test_long_keys)
{
    enum { ELEMENTS = 5000, LONGEST = 4096 - 5 };
    struct buf text = {0};
    struct fault fault = {0};

    for (int n = LONGEST; n <= LONGEST + 1; n++) {
        text.len = 0;
        buf_printf(&text, "{\"%0*d\":[0", n, 0);
        for (int i = 1; i < ELEMENTS; i++)
            buf_puts(&text, ",0");
        buf_puts(&text, "]}");
        ck_assert(jsonfile_read(text.data, text.len, 10, &store, &fault) == (n == LONGEST));
        ck_assert_uint_eq(store.count, n == LONGEST ? ELEMENTS : 0);
        ck_assert_uint_lt(store.records.len, 10 * text.len);
        store_clear(&store);
    }
    ck_assert_int_eq(fault.kind, FAULT_TOO_LARGE);
    ck_assert_str_eq(fault.reason.text, "a key longer than 4096 bytes; shorten its names");
    buf_clear(&text);
}
END_TEST

START_TEST(test_too_many_values)
{
    enum { VALUES = STORE_MAX_ITEMS + 1 };
    struct buf text = {0};
    struct fault fault = {0};

    buf_puts(&text, "{\"a\":[0");
    for (int i = 1; i < VALUES; i++)
        buf_add(&text, ",0", 2);
    buf_puts(&text, "]}");
    ck_assert(!jsonfile_read(text.data, text.len, 10, &store, &fault));
    ck_assert_int_eq(fault.kind, FAULT_TOO_LARGE);
    ck_assert_str_eq(fault.reason.text,
                     "it has 2000001 values, and more than 2000000 are not read; split the file");
    buf_clear(&text);
}
END_TEST

Suite *store_suite(void)
{
    Suite *suite = suite_create("store");
    TCase *tcase = tcase_create("items"), *large = tcase_create("large");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, test_empty);
    tcase_add_test(tcase, test_the_later_value_replaces);
    tcase_add_test(tcase, test_several_items_of_a_key);
    tcase_add_test(tcase, test_sections);
    tcase_add_test(tcase, test_grows);
    tcase_add_test(tcase, test_refuses_what_is_too_much);
    tcase_add_test(tcase, test_a_value_in_parts);
    tcase_add_checked_fixture(large, setup, teardown);
    tcase_set_timeout(large, 20);
    tcase_add_test(large, test_many_keys);
    tcase_add_test(large, test_long_keys);
    tcase_add_test(large, test_too_many_values);
    suite_add_tcase(suite, tcase);
    suite_add_tcase(suite, large);
    return suite;
}
