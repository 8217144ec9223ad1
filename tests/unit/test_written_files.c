#include "suites.h"

#include "base/buf.h"
#include "guide/written_files.h"
#include "temporary.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *folder;

static void setup(void)
{
    folder = temporary_directory();
    temporary_file(".env", "A=1\n");
    temporary_file("a b.conf", "");
    temporary_file("sub/in.conf", "");
    temporary_file("two", "");
    temporary_file("three", "");
    temporary_file("four", "");
    ck_assert_int_eq(chmod(temporary_file("secret", ""), 0), 0);
    setenv("HOME", folder, 1);
}

static const struct {
    const char *text, *names; /* each closed by a ";" */
} commands[] = {
    {"sed -i 's/A=1/A=2/' .env", ".env;"},
    {"sudo sed -i 's/A=1/A=2/' ./.env && docker compose up -d", "./.env;"},
    {"sed -i s/x/y/ 'a b.conf' .env .env", "a b.conf;.env;"},
    {"cat > other.conf <<'EOF'\ntwo\nEOF", "other.conf;"},
    {"printf x >>\"new one\" 2>&1 </dev/null", "new one;"},
    {"echo A=2 >| 'new' 2>/dev/null", "new;"},
    {"cat < two > three", "two;three;"},
    {"cat < missing", ""},
    {"echo x >&missing", ""},
    {"cp missing new", ""},
    {"cd sub && sed -i s/x/y/ in.conf; echo > new", "sub/in.conf;sub/new;"},
    {"cd \"$D\"; cat > new", "new;"},
    {"touch sub missing", ""},
    {"cat > \"$F\"; cat > $(echo f); sed -i s/x/y/ *.conf", ""},
    {"sed -i s/x/y/ two three four .env 'a b.conf'", "two;three;four;.env;"},
    {"echo two '> three'", "two;"},
    {"# two > three", ""},
    {"", ""},
};

START_TEST(are_named_by_the_command)
{
    struct written_files files = {0};
    struct buf names = {0};

    written_files_find(&files, commands[_i].text, folder);
    for (size_t i = 0; i < files.count; i++)
        buf_printf(&names, "%s;", files.names[i]);
    char *text = buf_take(&names);
    ck_assert_msg(strcmp(text, commands[_i].names) == 0, "%s: %s", commands[_i].text, text);
    free(text);
    written_files_clear(&files);
}
END_TEST

START_TEST(are_in_the_home_directory)
{
    struct written_files files = {0};

    written_files_find(&files, "sed -i s/x/y/ ~/.env '~/two'", "/");
    ck_assert_uint_eq(files.count, 1);
    ck_assert_int_eq(files.names[0][0], '/');
    ck_assert_int_eq(access(files.names[0], F_OK), 0);
    written_files_clear(&files);
}
END_TEST

/* Root may write all. */
START_TEST(can_be_written)
{
    struct written_files files = {0};

    written_files_find(&files, "sed -i s/x/y/ secret", folder);
    ck_assert_uint_eq(files.count, geteuid() == 0);
    written_files_clear(&files);
}
END_TEST

Suite *written_files_suite(void)
{
    Suite *suite = suite_create("written_files");
    TCase *tcase = tcase_create("written_files");
    tcase_add_checked_fixture(tcase, setup, temporary_remove);
    tcase_add_loop_test(tcase, are_named_by_the_command, 0,
                        (int)(sizeof commands / sizeof *commands));
    tcase_add_test(tcase, are_in_the_home_directory);
    tcase_add_test(tcase, can_be_written);
    suite_add_tcase(suite, tcase);
    return suite;
}
