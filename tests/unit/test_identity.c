#include "settings/identity.h"
#include "base/mem.h"
#include "suites.h"
#include "temporary.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

static const char *root;

static void setup(void)
{
    root = temporary_directory();
    temporary_file("etc/passwd", "root:x:0:0::/root:/bin/sh\nbad:x\n"
                                 "me:x:70001:70002:,,,:/home/me:/bin/sh\nodd:x:y:z::/:\n");
    temporary_file("etc/group", "root:x:0:\nmine:x:70002:\nmail:x:70003:you,me\n"
                                "also:x:70004:meme\n");
    temporary_file("d/file", "");
}

/* "me 70001 70002 70003", "!" where the status tells nothing */
static char *describe(const struct identity *identity, bool ok)
{
    char *text = ok ? mem_printf("%s %u%s", identity->name, (unsigned)identity->uid,
                                 identity->is_exempt ? " exempt" : "")
                    : mem_strdup("!");

    for (size_t i = 0; ok && i < identity->ngids; i++) {
        char *longer = mem_printf("%s %u", text, (unsigned)identity->gids[i]);
        free(text);
        text = longer;
    }
    return text;
}

static const struct {
    const char *status, *wanted;
} statuses[] = {
    {"Name:\tx\nUid:\t1\t2\t3\t70001\nGid:\t5\t5\t5\t70002\nGroups:\t70003 7 \n",
     "me 70001 5 5 5 70002 70003 7"},
    {"Uid:\t9\t9\t9\t9\nGid:\t8\t8\t8\t8\nCapEff:\t0000000000000002\n", "uid 9 9 exempt 8 8 8 8"},
    {"Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nCapEff:\t0000000000000400\n", "root 0 0 0 0 0"},
    {"Name:\tUid:\nGid:\t1\t1\t1\t1\n", "!"},
    {"Uid:\n", "!"},
    {"", "!"},
};

START_TEST(test_status)
{
    struct identity identity = {0};
    bool ok = identity_of_status(&identity, root, statuses[_i].status);
    char *text = describe(&identity, ok);

    ck_assert_str_eq(text, statuses[_i].wanted);
    free(text);
    identity_clear(&identity);
}
END_TEST

static const struct {
    const char *user, *group, *groups, *wanted;
} accounts[] = {
    {"me", NULL, NULL, "me 70001 70002 70003"},
    {"70001", NULL, NULL, "70001 70001 70002 70003"},
    {"me", "mail", NULL, "me 70001 70003 70003"},
    {"me", "9", " also 7", "me 70001 9 70003 70004 7"},
    {"root", NULL, NULL, "root 0 exempt 0"},
    {"nobody", NULL, NULL, "!"},
    {"bad", NULL, NULL, "!"},
    {"odd", NULL, NULL, "!"},
    {"me", "none", NULL, "!"},
    {"me", NULL, "none", "!"},
};

START_TEST(test_account)
{
    struct identity identity = {0};
    bool ok = identity_of_account(&identity, root, accounts[_i].user, accounts[_i].group,
                                  accounts[_i].groups);
    char *text = describe(&identity, ok);

    ck_assert_str_eq(text, accounts[_i].wanted);
    ck_assert(!ok || *identity.home == '/');
    free(text);
    identity_clear(&identity);
}
END_TEST

/* Who owns the file is whoever runs the test; the identity is made to fit. */
enum { OWNER = 1, MEMBER = 2, EXEMPT = 4 };
static const struct {
    int who;
    mode_t directory, file;
    const char *obstacle; /* or NULL */
} modes[] = {
    {OWNER, 0700, 0400, NULL},      {OWNER, 0755, 0044, "/d/file"}, {OWNER, 0655, 0400, "/d"},
    {MEMBER, 0710, 0040, NULL},     {MEMBER, 0755, 0404, "/d/file"}, {MEMBER, 0705, 0444, "/d"},
    {0, 0701, 0004, NULL},          {0, 0755, 0440, "/d/file"},      {0, 0770, 0444, "/d"},
    {EXEMPT, 0, 0, NULL},           {OWNER | MEMBER, 0755, 0040, "/d/file"},
};

START_TEST(test_obstacle)
{
    char *directory = mem_printf("%s/d", root), *file = mem_printf("%s/d/file", root);
    gid_t gid = modes[_i].who & MEMBER ? getegid() : 70002;
    struct identity identity = {.uid = modes[_i].who & OWNER ? geteuid() : 70001,
                                .gids = &gid,
                                .ngids = 1,
                                .is_exempt = modes[_i].who & EXEMPT};

    ck_assert_int_eq(chmod(root, 0755), 0);
    ck_assert_int_eq(chmod(file, modes[_i].file), 0);
    ck_assert_int_eq(chmod(directory, modes[_i].directory), 0);
    char *obstacle = identity_find_obstacle(&identity, root, "/d/file");
    ck_assert_int_eq(chmod(directory, 0755), 0);
    if (modes[_i].obstacle)
        ck_assert_str_eq(obstacle, modes[_i].obstacle);
    else
        ck_assert_ptr_null(obstacle);
    free(obstacle);
    free(file);
    free(directory);
}
END_TEST

Suite *identity_suite(void)
{
    Suite *suite = suite_create("identity");
    TCase *tcase = tcase_create("identity");

    tcase_add_checked_fixture(tcase, setup, temporary_remove);
    tcase_add_loop_test(tcase, test_status, 0, COUNT(statuses));
    tcase_add_loop_test(tcase, test_account, 0, COUNT(accounts));
    tcase_add_loop_test(tcase, test_obstacle, 0, COUNT(modes));
    suite_add_tcase(suite, tcase);
    return suite;
}
