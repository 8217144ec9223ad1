#include "probe/evidence.h"
#include "suites.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

/* The schema's lists of names are those of the program. */
static void assert_listed(const json_t *list, const char *name)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
        if (strcmp(json_string_value(item), name) == 0)
            return;
    ck_abort_msg("%s is not in data/schemas/run.schema.json", name);
}

static json_t *schema;

static void setup(void)
{
    json_error_t where;

    schema = json_load_file("data/schemas/run.schema.json", 0, &where);
    ck_assert_msg(schema != NULL, "%s", where.text);
}

static void teardown(void)
{
    json_decref(schema);
}

/* The enum of a member of a definition; borrowed from the schema. */
static const json_t *names_of(const char *definition, const char *member)
{
    const json_t *names = json_object_get(schema, "definitions");
    const char *const path[] = {definition, "properties", member, "enum"};

    for (size_t i = 0; i < sizeof path / sizeof *path; i++)
        names = json_object_get(names, path[i]);
    ck_assert_msg(json_is_array(names), "%s has no enum for %s", definition, member);
    return names;
}

START_TEST(test_failures)
{
    const json_t *kinds = names_of("failure", "kind");
    for (int i = FAILURE_NONE + 1; i <= FAILURE_CANCELLED; i++)
        assert_listed(kinds, failure_name((enum failure_kind)i));
    ck_assert_uint_eq(json_array_size(kinds), FAILURE_CANCELLED);
}
END_TEST

START_TEST(test_phases)
{
    const json_t *phases = names_of("phase", "name");
    const json_t *deeper = names_of("deeper_phase", "name");
    for (int i = 0; i < PHASES; i++)
        assert_listed(i <= PHASE_CONNECT ? phases : deeper, phase_name((enum phase_kind)i));
    ck_assert_uint_eq(json_array_size(phases) + json_array_size(deeper), PHASES);
    ck_assert(json_equal(names_of("failure", "phase"), phases));
}
END_TEST

/* In the order of contrast_answer. */
START_TEST(test_answers)
{
    static const struct attempt attempts[] = {
        {.address = "192.0.2.7", .status = STEP_OK},
        {.address = "192.0.2.7", .status = STEP_FAILED, .error = ECONNREFUSED},
        {.address = "192.0.2.7", .status = STEP_FAILED, .error = ECONNREFUSED,
         .icmp = {true, false, 3, 3, "192.0.2.7"}},
        {.address = "192.0.2.7", .status = STEP_FAILED, .error = ECONNREFUSED,
         .icmp = {true, false, 3, 3, "192.0.2.1"}},
        {.address = "192.0.2.7", .status = STEP_TIMEOUT}};
    const json_t *answers = names_of("contrast", "answer");

    ck_assert_uint_eq(json_array_size(answers), sizeof attempts / sizeof *attempts);
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++)
        ck_assert_str_eq(contrast_answer(&attempts[i]),
                         json_string_value(json_array_get(answers, i)));
}
END_TEST

START_TEST(test_nameservers)
{
    const json_t *statuses = names_of("nameserver", "status");

    for (int i = 0; i <= NAMESERVER_ADDRESSES; i++)
        assert_listed(statuses, nameserver_status_name((enum nameserver_status)i));
    ck_assert_uint_eq(json_array_size(statuses), NAMESERVER_ADDRESSES + 1);
}
END_TEST

Suite *schema_suite(void)
{
    Suite *suite = suite_create("schema");
    TCase *tcase = tcase_create("names");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, test_failures);
    tcase_add_test(tcase, test_phases);
    tcase_add_test(tcase, test_answers);
    tcase_add_test(tcase, test_nameservers);
    suite_add_tcase(suite, tcase);
    return suite;
}
