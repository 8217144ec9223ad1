#include "base/file.h"
#include "cli/fix_choice.h"
#include "suites.h"
#include "ui/action.h"
#include "ui/walk_action.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every action has a key and a help text, and no key means two things. */
START_TEST(test_table)
{
    for (int i = ACTION_NONE + 1; i < ACTIONS; i++) {
        const struct action_row *row = action_row((enum action)i);
        ck_assert_ptr_nonnull(row->help);
        ck_assert_ptr_nonnull(row->keys_text);
        ck_assert_int_ne(row->keys[0].code, INPUT_NONE);
        for (int k = 0; k < ACTION_KEYS && row->keys[k].code != INPUT_NONE; k++)
            ck_assert_int_eq(action_of_key(&row->keys[k]), i);
        for (int k = 0; k < ACTION_KEYS; k++)
            if (row->keys[k].code == INPUT_CHAR && row->keys[k].character != ' ')
                ck_assert_ptr_nonnull(strchr(row->keys_text, (int)row->keys[k].character));
    }
}
END_TEST

/* Every one of a walkthrough likewise. */
START_TEST(test_walk_table)
{
    for (int i = WALK_ACTION_NONE + 1; i < WALK_ACTIONS; i++) {
        const struct action_row *row = walk_action_row((enum walk_action)i);
        ck_assert_ptr_nonnull(row->help);
        ck_assert_ptr_nonnull(row->keys_text);
        ck_assert_int_ne(row->keys[0].code, INPUT_NONE);
        for (int k = 0; k < ACTION_KEYS && row->keys[k].code != INPUT_NONE; k++)
            ck_assert_int_eq(walk_action_of_key(&row->keys[k]), i);
    }
}
END_TEST

/* On a plain terminal the same letter does the same, and says so. */
START_TEST(test_plain_table)
{
    static const enum walk_action actions[FIX_CHOICES] = {
        [FIX_CHOICE_RUN] = WALK_ACTION_RUN,       [FIX_CHOICE_COPY] = WALK_ACTION_COPY,
        [FIX_CHOICE_NEXT] = WALK_ACTION_NEXT,     [FIX_CHOICE_BACK] = WALK_ACTION_BACK,
        [FIX_CHOICE_VERIFY] = WALK_ACTION_VERIFY, [FIX_CHOICE_SKIP] = WALK_ACTION_SKIP,
        [FIX_CHOICE_EDIT] = WALK_ACTION_EDIT,     [FIX_CHOICE_VALUES] = WALK_ACTION_ANSWER,
        [FIX_CHOICE_OTHER] = WALK_ACTION_OTHER,   [FIX_CHOICE_UNDO] = WALK_ACTION_UNDO,
        [FIX_CHOICE_ANEW] = WALK_ACTION_ANEW};

    for (int i = 0; i < FIX_CHOICES; i++) {
        const struct fix_choice_row *row = fix_choice_row((enum fix_choice)i);
        const char letter[] = {row->letter, '\0'};
        char label[32];
        ck_assert_int_eq(fix_choice_find(letter), i);
        ck_assert_int_eq(fix_choice_find(row->word), i);
        if (actions[i] == WALK_ACTION_NONE)
            continue;
        snprintf(label, sizeof label, "%c %s", row->letter, row->word);
        ck_assert_str_eq(label, walk_action_row(actions[i])->label);
        ck_assert_str_eq(row->help, walk_action_row(actions[i])->help);
    }
    ck_assert_int_eq(fix_choice_find("X"), FIX_CHOICE_RUN);
    ck_assert_int_eq(fix_choice_find(""), FIX_CHOICES);
    ck_assert_int_eq(fix_choice_find("xy"), FIX_CHOICES);
}
END_TEST

static void assert_row(const char *text, const struct action_row *row)
{
    char line[256];

    snprintf(line, sizeof line, "| `%s` | %s |\n", row->keys_text, row->help);
    ck_assert_msg(strstr(text, line), "README.md lacks: %s", line);
}

/* The tables of keys in the README are these. */
START_TEST(test_readme)
{
    char *text = NULL;
    size_t len;

    ck_assert(file_read("README.md", &text, &len, NULL));
    for (int i = ACTION_NONE + 1; i < ACTIONS; i++)
        assert_row(text, action_row((enum action)i));
    for (int i = WALK_ACTION_NONE + 1; i < WALK_ACTIONS; i++)
        assert_row(text, walk_action_row((enum walk_action)i));
    free(text);
}
END_TEST

START_TEST(test_other_keys_do_nothing)
{
    const struct key unknown = {INPUT_CHAR, 'X'}, none = {INPUT_NONE, 0};

    ck_assert_int_eq(action_of_key(&unknown), ACTION_NONE);
    ck_assert_int_eq(action_of_key(&none), ACTION_NONE);
}
END_TEST

Suite *action_suite(void)
{
    Suite *suite = suite_create("action");
    TCase *tcase = tcase_create("table");

    tcase_add_test(tcase, test_table);
    tcase_add_test(tcase, test_walk_table);
    tcase_add_test(tcase, test_plain_table);
    tcase_add_test(tcase, test_readme);
    tcase_add_test(tcase, test_other_keys_do_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}
