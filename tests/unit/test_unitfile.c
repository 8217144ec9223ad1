#include "base/buf.h"
#include "base/mem.h"
#include "settings/unitfile.h"
#include "suites.h"
#include "temporary.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

static const char *root;

static void setup(void)
{
    root = temporary_directory();
}

/* "A=1@2 A=3@4 -f g d=/x u=me" */
static char *describe(const struct unit *unit)
{
    struct buf text = {0};

    buf_puts(&text, "");
    for (size_t i = 0; i < unit->nvariables; i++)
        buf_printf(&text, "%s=%s@%d ", unit->variables[i].name, unit->variables[i].value,
                   unit->variables[i].line);
    for (size_t i = 0; i < unit->nenvfiles; i++)
        buf_printf(&text, "%s%s ", unit->envfiles[i].is_optional ? "-" : "",
                   unit->envfiles[i].path);
    if (unit->directory)
        buf_printf(&text, "d=%s ", unit->directory);
    if (unit->user)
        buf_printf(&text, "u=%s ", unit->user);
    return buf_take(&text);
}

static const struct {
    const char *text, *wanted;
    bool has_specifiers;
} units[] = {
    {"[Service]\nEnvironment=A=1\n", "A=1@2 ", false},
    {"[Service]\nEnvironment=A=1 B=2\n", "A=1@2 B=2@2 ", false},
    {"[Service]\nEnvironment=\"A=1 2\" 'B=3 4' C=\"5 6\"\n", "A=1 2@2 B=3 4@2 C=5 6@2 ", false},
    {"[Service]\nEnvironment=A=a\\x41\\101\\sb\n", "A=aAA b@2 ", false},
    {"[Service]\nEnvironment=A=1\nEnvironment=\nEnvironment=B=2\n", "B=2@4 ", false},
    {"[Service]\nEnvironment=A=100%% B=%h\n", "A=100%@2 B=%h@2 ", true},
    {"[Service]\nEnvironment=A B=2 =3\n", "B=2@2 ", false},
    {"[Service]\nEnvironment=A=1 \\\n  B=2\n", "A=1@2 B=2@2 ", false},
    {"[Service]\nEnvironment=A=1 \\\n# a comment\n  B=2\nUser=me\n", "A=1@2 B=2@2 u=me ", false},
    {"[Service]\n# Environment=A=1\n;Environment=B=1\n", "", false},
    {"[Unit]\nEnvironment=A=1\n[Service]\nUser=me\n[Install]\nEnvironment=B=1\n", "u=me ", false},
    {"[Service]\nEnvironmentFile=/etc/a\nEnvironmentFile=-/etc/b*.env\n", "/etc/a -/etc/b*.env ",
     false},
    {"[Service]\nEnvironmentFile=/etc/a\nEnvironmentFile=\nEnvironmentFile=/etc/c\n", "/etc/c ",
     false},
    {"[Service]\nEnvironmentFile=relative\n", "", false},
    {"[Service]\nWorkingDirectory=/opt/a\nWorkingDirectory=-/opt/b\n", "d=/opt/b ", false},
    {"[Service]\n  Environment = A=1  \r\n", "A=1@2 ", false},
    {"[Service]\nEnvironment=A=\"un closed\n", "A=un closed@2 ", false},
    {"", "", false},
};

START_TEST(test_unit)
{
    struct unit unit;

    temporary_file("etc/systemd/system/a.service", units[_i].text);
    ck_assert(unit_read(root, "a.service", &unit));
    char *text = describe(&unit);
    ck_assert_str_eq(text, units[_i].wanted);
    ck_assert(unit.has_specifiers == units[_i].has_specifiers);
    ck_assert_str_eq(unit.path, "/etc/systemd/system/a.service");
    free(text);
    unit_clear(&unit);
}
END_TEST

START_TEST(test_no_unit)
{
    struct unit unit;

    temporary_file("etc/systemd/system/b.service", "[Service]\n");
    temporary_file("etc/systemd/system/a.service.d/x.conf", "[Service]\nUser=me\n");
    ck_assert(!unit_read(root, "a.service", &unit));
    ck_assert_ptr_null(unit.path);
}
END_TEST

/* The first folder's file hides the others', drop-ins of the same name too; all
 * drop-ins come after the unit, in the order of their names. */
START_TEST(test_folders)
{
    struct unit unit;

    temporary_file("usr/lib/systemd/system/a.service", "[Service]\nEnvironment=A=lib\n");
    temporary_file("run/systemd/system/a.service", "[Service]\nEnvironment=A=run\n");
    temporary_file("usr/lib/systemd/system/a.service.d/20.conf", "[Service]\nEnvironment=B=lib\n");
    temporary_file("etc/systemd/system/a.service.d/20.conf", "[Service]\nEnvironment=B=etc\n");
    temporary_file("usr/lib/systemd/system/a.service.d/10.conf", "[Service]\nEnvironment=C=1\n");
    temporary_file("etc/systemd/system/a.service.d/30.txt", "[Service]\nEnvironment=D=1\n");
    ck_assert(unit_read(root, "a.service", &unit));
    char *text = describe(&unit);
    ck_assert_str_eq(text, "A=run@2 C=1@2 B=etc@2 ");
    ck_assert_str_eq(unit.variables[2].path, "/etc/systemd/system/a.service.d/20.conf");
    free(text);
    unit_clear(&unit);
}
END_TEST

Suite *unitfile_suite(void)
{
    Suite *suite = suite_create("unitfile");
    TCase *tcase = tcase_create("read");

    tcase_add_checked_fixture(tcase, setup, temporary_remove);
    tcase_add_loop_test(tcase, test_unit, 0, COUNT(units));
    tcase_add_test(tcase, test_no_unit);
    tcase_add_test(tcase, test_folders);
    suite_add_tcase(suite, tcase);
    return suite;
}
