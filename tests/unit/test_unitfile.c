#include "base/buf.h"
#include "base/mem.h"
#include "settings/unitfile.h"
#include "settings/unitpath.h"
#include "suites.h"
#include "temporary.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

static const char *root;
static struct buf notes;

static void setup(void)
{
    root = temporary_directory();
    buf_puts(&notes, "");
}

static void teardown(void)
{
    buf_clear(&notes);
    temporary_remove();
}

static void add_note(void *context, const char *note)
{
    (void)context;
    buf_printf(&notes, "%s\n", note);
}

static bool read_unit(struct unit *unit)
{
    struct error err = {0};
    return unit_read(unit, root, "a-b.service", add_note, NULL, &err);
}

/* "A=1@2 A=3@4 -f g d=/x u=me g=us G=x y $program argument" */
static char *describe(const struct unit *unit)
{
    struct buf text = {0};

    buf_puts(&text, "");
    for (size_t i = 0; i < unit->nvariables; i++)
        buf_printf(&text, "%s=%s@%d ", unit->variables[i].name, unit->variables[i].value,
                   unit->variables[i].line);
    for (size_t i = 0; i < unit->nenv_files; i++)
        buf_printf(&text, "%s%s ", unit->env_files[i].is_optional ? "-" : "",
                   unit->env_files[i].path);
    if (unit->directory)
        buf_printf(&text, "d=%s ", unit->directory);
    if (unit->user)
        buf_printf(&text, "u=%s ", unit->user);
    if (unit->group)
        buf_printf(&text, "g=%s ", unit->group);
    if (unit->groups)
        buf_printf(&text, "G=%s ", unit->groups);
    for (size_t at = 0; at < unit->command.len; at += strlen(unit->command.data + at) + 1)
        buf_printf(&text, "$%s ", unit->command.data + at);
    return buf_take(&text);
}

/* The [Service] section, which begins in line 2, and what comes of it; a part of what
 * is noted, or NULL where nothing may be. */
static const struct {
    const char *text, *wanted, *note;
} units[] = {
    /* Words, as systemd's own extract_first_word() splits them. */
    {"Environment=A=1", "A=1@2 ", NULL},
    {"Environment=A=1 B=2", "A=1@2 B=2@2 ", NULL},
    {"Environment=\"A=1 2\" 'B=3 4' C=\"5 6\"", "A=1 2@2 B=3 4@2 C=5 6@2 ", NULL},
    {"Environment=A=b\"c d\"e \"B\"=x'y z'", "A=bc de@2 B=xy z@2 ", NULL},
    {"Environment=A=a\\x41\\101\\sb\\u00e9", "A=aAA b\xC3\xA9@2 ", NULL},
    {"Environment='A=it\\'s' \"B=\\\"q\\\"\" C=\\\\", "A=it's@2 B=\"q\"@2 C=\\@2 ", NULL},
    {"Environment=A= B=''", "A=@2 B=@2 ", NULL},
    {"Environment=A=1 B=DOM\\user C=2", "A=1@2 ", "ignores the rest of Environment="},
    {"Environment=A=1 B=\"open C=2", "A=1@2 ", "ignores the rest of Environment="},
    {"Environment=A=\\x00", "", "ignores the rest"},
    {"Environment=A=\\400", "", "ignores the rest"},
    {"Environment=A=1\\", "A=1@2 ", NULL},
    {"Environment=A=\\xff B=1", "B=1@2 ", "drops a word"},
    /* Names. */
    {"Environment=Smtp:Host=x B=1", "B=1@2 ", "write Smtp__Host for Smtp:Host"},
    {"Environment=A-B=x 1A=x =x word", "", "drops a word"},
    {"Environment=Smtp__Host=a=b", "Smtp__Host=a=b@2 ", NULL},
    /* Specifiers. */
    {"Environment=A=100%% B=%n C=%N D=%p E=%j F=%i. G=%S H=%u I=%k J=%",
     "A=100%@2 B=a-b.service@2 C=a-b@2 D=a-b@2 E=b@2 F=.@2 G=/var/lib@2 H=root@2 I=%k@2 J=%@2 ",
     NULL},
    {"Environment=A=%H", "A=%H@2 ", ":2: %H in Environment= is not put in here"},
    {"WorkingDirectory=%S/x", "d=/var/lib/x ", NULL},
    /* Empty resets. */
    {"Environment=A=1\nEnvironment=\nEnvironment=B=2", "B=2@4 ", NULL},
    {"EnvironmentFile=/a\nEnvironmentFile=\nEnvironmentFile=/c", "/c ", NULL},
    {"WorkingDirectory=/a\nWorkingDirectory=\nUser=x\nUser=", "", NULL},
    {"SupplementaryGroups=x\nSupplementaryGroups=y z", "G= x y z ", NULL},
    {"SupplementaryGroups=x\nSupplementaryGroups=\nSupplementaryGroups=y", "G= y ", NULL},
    /* Lines. */
    {"Environment=A=1 \\\n  B=2", "A=1@2 B=2@3 ", NULL},
    {"Environment=A=1 \\\n# a comment\n; too\n  B=2\nUser=me", "A=1@2 B=2@5 u=me ", NULL},
    {"Environment=\"A=1\\\n2\"", "A=1 2@2 ", NULL},
    {"# Environment=A=1 \\\nEnvironment=B=1", "B=1@3 ", NULL},
    {"Environment=A=1\\\\\nUser=me", "A=1\\@2 u=me ", NULL},
    {"\\\nUser=me", "u=me ", NULL},
    {"User=me\\", "u=me ", NULL},
    {"  Environment = A=1  \r\nUser=me\rGroup=us", "A=1@2 u=me g=us ", NULL},
    {"environment=A=1\nEnvironment\n=x", "", NULL},
    {"User=\xFF\nGroup=us", "g=us ", ":2: systemd ignores the line: it is not UTF-8"},
    {"[Install]\nEnvironment=A=1\n[Service]\nUser=me", "u=me ", NULL},
    {"User=me\n[Unit\nGroup=us", "u=me ", ":3: systemd refuses the file"},
    /* Paths. */
    {"EnvironmentFile=/etc/a b\nEnvironmentFile=-/etc/b*.env", "/etc/a b -/etc/b*.env ", NULL},
    {"EnvironmentFile=relative", "", "its path must begin with"},
    {"EnvironmentFile=\"/etc/a\"", "", "without quotes"},
    {"WorkingDirectory=/a\nWorkingDirectory=-/b", "d=/b ", NULL},
    {"WorkingDirectory=~", "d=~ ", NULL},
    {"WorkingDirectory=a", "", "ignores WorkingDirectory="},
    /* Commands. */
    {"ExecStart=/a --k \"v w\" \\d", "$/a $--k $v w $\\d ", NULL},
    {"ExecStart=-@/a name --k", "$/a $--k ", NULL},
    {"ExecStart=/a\nExecStart=\nExecStart=!/b c ; /d", "$/b $c ", NULL},
    {"ExecStart=/a --x=${X}", "$/a $--x=${X} ", "variables in ExecStart="},
    {"UnsetEnvironment=A", "", "UnsetEnvironment= is not taken into account"},
};

START_TEST(test_unit)
{
    struct unit unit;
    char *text = mem_printf("[Service]\n%s\n", units[_i].text);

    temporary_file("etc/systemd/system/a-b.service", text);
    ck_assert(read_unit(&unit));
    char *seen = describe(&unit);
    ck_assert_str_eq(seen, units[_i].wanted);
    if (units[_i].note)
        ck_assert_msg(strstr(notes.data, units[_i].note) != NULL, "%s", notes.data);
    else
        ck_assert_str_eq(notes.data, "");
    free(text);
    free(seen);
    unit_clear(&unit);
}
END_TEST

static void assert_unit(const char *wanted)
{
    struct unit unit;

    ck_assert(read_unit(&unit));
    char *seen = describe(&unit);
    ck_assert_str_eq(seen, wanted);
    free(seen);
    unit_clear(&unit);
}

START_TEST(test_no_unit)
{
    struct unit unit;
    struct error err = {"x"};

    temporary_file("etc/systemd/system/b.service", "[Service]\n");
    temporary_file("etc/systemd/system/a-b.service.d/x.conf", "[Service]\nUser=me\n");
    ck_assert(!unit_read(&unit, root, "a-b.service", add_note, NULL, &err));
    ck_assert_str_eq(err.text, "");
    temporary_file("run/systemd/system/a-b.service/x", "");
    ck_assert(!unit_read(&unit, root, "a-b.service", add_note, NULL, &err));
    ck_assert_str_eq(err.text, "/run/systemd/system/a-b.service: Is a directory");
}
END_TEST

START_TEST(test_mark)
{
    temporary_file("etc/systemd/system/a-b.service", "\xEF\xBB\xBF[Service]\nUser=me\n");
    assert_unit("u=me ");
}
END_TEST

static void put_dropin(const char *path, const char *variable)
{
    char *name = mem_printf("%s.conf", path);
    char *text = mem_printf("[Service]\nEnvironment=%s\n", variable);
    temporary_file(name, text);
    free(text);
    free(name);
}

/* The first directory's file hides the others'; so do drop-ins of one name. They are
 * read by name, wherever they are (unit_file_find_dropin_paths()). */
START_TEST(test_directories)
{
    temporary_file("usr/lib/systemd/system/a-b.service", "[Service]\nEnvironment=A=lib\n");
    temporary_file("run/systemd/system/a-b.service", "[Service]\nEnvironment=A=run\n");
    put_dropin("usr/lib/systemd/system/a-b.service.d/20", "B=lib");
    put_dropin("etc/systemd/system/a-b.service.d/20", "B=etc");
    put_dropin("usr/lib/systemd/system/a-b.service.d/10", "C=1");
    put_dropin("etc/systemd/system/a-.service.d/30", "D=part");
    put_dropin("usr/lib/systemd/system/a-b.service.d/30", "D=lib");
    put_dropin("etc/systemd/system/service.d/15", "E=type");
    put_dropin("etc/systemd/system/service.d/10", "C=type");
    put_dropin("etc/systemd/system/a.service.d/40", "F=other");
    put_dropin("usr/lib/systemd/system/a-b.service.d/50", "G=masked");
    temporary_file("etc/systemd/system/a-b.service.d/50.conf", "");
    temporary_file("etc/systemd/system/a-b.service.d/60.txt", "[Service]\nUser=me\n");
    temporary_file("etc/systemd/system/a-b.service.d/.70.conf", "[Service]\nUser=me\n");
    assert_unit("A=run@2 C=1@2 E=type@2 B=etc@2 D=part@2 ");
}
END_TEST

/* What is no file is told and passed over; nothing waits. */
START_TEST(test_broken_dropins)
{
    char *directory = mem_printf("%s/etc/systemd/system/a-b.service.d", root);
    char *fifo = mem_printf("%s/1.conf", directory), *loop = mem_printf("%s/2.conf", directory);

    temporary_file("etc/systemd/system/a-b.service", "[Service]\nUser=me\n");
    temporary_file("etc/systemd/system/a-b.service.d/3.conf/x", "");
    temporary_file("etc/systemd/system/a-b.service.d/4.conf", "[Service]\nGroup=us\n");
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    ck_assert_int_eq(symlink("2.conf", loop), 0);
    assert_unit("u=me g=us ");
    ck_assert_ptr_nonnull(strstr(notes.data, "/1.conf: not a regular file\n"));
    ck_assert_ptr_nonnull(strstr(notes.data, "/2.conf: Too many levels of symbolic links\n"));
    ck_assert_ptr_nonnull(strstr(notes.data, "/3.conf: Is a directory\n"));
    free(loop);
    free(fifo);
    free(directory);
}
END_TEST

START_TEST(test_env_files)
{
    static const struct {
        const char *pattern, *wanted;
    } patterns[] = {{"/e/1.env", "/e/1.env "},   {"/e/none", "/e/none "},
                    {"/e/none*", ""},            {"/e/*.env", "/e/1.env /e/2.env "},
                    {"/e/[2].env", "/e/2.env "}, {"/e/?", "/e/d "}};

    temporary_file("e/2.env", "");
    temporary_file("e/1.env", "");
    temporary_file("e/d/x", "");
    for (int i = 0; i < COUNT(patterns); i++) {
        struct unit_paths paths = unit_find_env_files(root, patterns[i].pattern);
        struct buf seen = {0};
        buf_puts(&seen, "");
        for (size_t j = 0; j < paths.count; j++)
            buf_printf(&seen, "%s ", paths.items[j]);
        ck_assert_str_eq(seen.data, patterns[i].wanted);
        buf_clear(&seen);
        unit_paths_clear(&paths);
    }
}
END_TEST

Suite *unitfile_suite(void)
{
    Suite *suite = suite_create("unitfile");
    TCase *tcase = tcase_create("read");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, test_unit, 0, COUNT(units));
    tcase_add_test(tcase, test_no_unit);
    tcase_add_test(tcase, test_mark);
    tcase_add_test(tcase, test_directories);
    tcase_add_test(tcase, test_broken_dropins);
    tcase_add_test(tcase, test_env_files);
    suite_add_tcase(suite, tcase);
    return suite;
}
