#include "article/steps.h"
#include "base/buf.h"
#include "base/mem.h"
#include "bundled.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))
#define FIX "# T\n\n## How to Fix\n\n### Docker Compose\n\n"

static struct steps steps;
static struct article *article;

static void read_steps(const char *markdown, enum platform platform)
{
    article = article_parse(markdown, strlen(markdown));
    article_steps(article, platform, &steps);
}

static void clear(void)
{
    steps_clear(&steps);
    article_free(article);
    article = NULL;
}

/* "TITLE{TEXT}" of each command, "|" before an alternative, ";" between steps. */
static char *summary(void)
{
    struct buf text = {0};

    buf_puts(&text, "");
    for (size_t i = 0; i < steps.count; i++)
        for (size_t j = 0; j < steps.items[i].ncommands; j++) {
            const struct step_command *command = &steps.items[i].commands[j];
            buf_printf(&text, "%s%s{%s}", j ? "|" : i ? ";" : "", command->title, command->text);
        }
    return buf_take(&text);
}

static const struct {
    const char *block, *steps;
} cuts[] = {
    {"# One\na\n\n# Two\nb\nc\n", "One{a};Two{b\nc}"},
    {"a\nb\n", "a{a\nb}"},
    {"# One\n# more\na\n", "One more{a}"},
    {"# One\na \\\n  # no comment\nb\n", "One{a \\\n  # no comment\nb}"},
    {"# One\ncat <<END\n# inside\nEND\n# Two\nb\n", "One{cat <<END\n# inside\nEND};Two{b}"},
    {"# One\ncat <<'E O'\n# inside\nE O\nb\n", "One{cat <<'E O'\n# inside\nE O\nb}"},
    {"# One\ncat <<A <<B\n# a\nA\n# b\nB\n# Two\nc\n", "One{cat <<A <<B\n# a\nA\n# b\nB};Two{c}"},
    {"# One\ncat <<-END\n\t# inside\n\tEND\nb\n# Two\nc\n",
     "One{cat <<-END\n\t# inside\n\tEND\nb};Two{c}"},
    {"# One\ncat <<-END\n \t\t# a\n\t\n  \t \n\tEND\n# Two\nc\n",
     "One{cat <<-END\n \t\t# a\n\t\n  \t \n\tEND};Two{c}"},
    {"# One\necho 'a\n# inside\n'\n# Two\nb\n", "One{echo 'a\n# inside\n'};Two{b}"},
    {"# One\necho \"a\n# inside\n\"\n", "One{echo \"a\n# inside\n\"}"},
    {"# One\n{ a\n# inside\nb\n}\n# Two\nc\n", "One{{ a\n# inside\nb\n}};Two{c}"},
    {"# One\nif a; then\n# inside\nb\nfi\n", "One{if a; then\n# inside\nb\nfi}"},
    {"# One\na\n# Or without b: c\nc\n# Two\nd\n", "One{a}|Or without b: c{c};Two{d}"},
    {"# One\na\n# or: b\nb\n", "One{a}|or: b{b}"},
    {"# One\na\n# Order matters\nb\n", "One{a};Order matters{b}"},
    {"# One\r\na\r\n# Two\r\nb\r\n", "One{a};Two{b}"},
    {"$ a b\nwhat it prints\n$ c\n", "a b{a b\nc}"},
    {"\ta\tb \\\n c\n", "a b{\ta\tb \\\n c}"},
    {"# Nothing follows\n", ""},
    {"", ""},
    {"# One\necho 'never closed\n# Two\nb\n", "One{echo 'never closed\n# Two\nb}"},
};

START_TEST(test_cuts)
{
    char *markdown = mem_printf(FIX "```bash\n%s```\n", cuts[_i].block);

    read_steps(markdown, PLATFORM_COMPOSE);
    char *found = summary();
    ck_assert_str_eq(found, cuts[_i].steps);
    free(found);
    free(markdown);
}
END_TEST

/* What lists, quotes and the fence put before a line is none of it; a tab that they cut is
 * blanks, as in CommonMark. */
static const struct {
    const char *markdown, *steps;
} indented[] = {
    {"1. x\n\n   ```bash\n   cat <<-E\n   \t# a\n   \tE\n   # Two\n   b\n   ```\n",
     "cat <<-E{cat <<-E\n\t# a\n\tE};Two{b}"},
    {"1. x\n\n   ```bash\n   a\n\tb\n   ```\n", "a{a\n b}"},
    {"> ```bash\n> cat <<-E\n> \tE\n> # Two\n> b\n> ```\n", "cat <<-E{cat <<-E\n\tE};Two{b}"},
    {"  ```bash\n  cat <<-E\n  \tE\n  # Two\n \tb\n  ```\n", "cat <<-E{cat <<-E\n\tE};Two{  b}"},
    {"```bash\n\t\n\t\ta\n```\n", "a{\t\ta}"},
};

START_TEST(test_indented)
{
    char *markdown = mem_printf(FIX "%s", indented[_i].markdown);

    read_steps(markdown, PLATFORM_COMPOSE);
    char *found = summary();
    ck_assert_str_eq(found, indented[_i].steps);
    free(found);
    free(markdown);
}
END_TEST

static const struct {
    const char *mark, *effects; /* "reads+terminal", "changes-config(.env)", "?" unmarked */
    const char *problem;
} marks[] = {
    {"<!-- steps: reads; restarts -->", "reads restarts", NULL},
    {"<!-- steps: reads terminal; changes-config file=.env text=env -->",
     "reads+terminal changes-config(.env)", NULL},
    {"<!-- steps: loses-data;\n     reads -->", "loses-data reads", NULL},
    {"", "?changes-config ?changes-config", NULL},
    {"<!-- steps: reads -->", "?changes-config ?changes-config",
     "the mark has 1 entry, but the block has 2 commands"},
    {"<!-- steps: reads; restarts; reads -->", "?restarts ?restarts",
     "the mark has 3 entries, but the block has 2 commands"},
    {"<!-- steps: reads; harmless -->", "reads ?changes-config", "harmless"},
    {"<!-- anything else -->", "?changes-config ?changes-config", NULL},
};

START_TEST(test_marks)
{
    char *markdown = mem_printf(FIX "%s\n```bash\n# One\na\n# Two\nb\n```\n", marks[_i].mark);
    struct buf found = {0};

    read_steps(markdown, PLATFORM_COMPOSE);
    for (size_t i = 0; i < steps.count; i++) {
        const struct step_command *command = &steps.items[i].commands[0];
        buf_printf(&found, "%s%s%s%s", i ? " " : "", command->marked ? "" : "?",
                   effect_name(command->effect), command->terminal ? "+terminal" : "");
        if (command->file)
            buf_printf(&found, "(%s)", command->file);
    }
    ck_assert_str_eq(found.data, marks[_i].effects);
    ck_assert_uint_eq(steps.nproblems, marks[_i].problem != NULL);
    if (marks[_i].problem) {
        ck_assert_ptr_nonnull(strstr(steps.problems[0].text, marks[_i].problem));
        ck_assert_int_eq(steps.problems[0].line, 7);
    }
    buf_clear(&found);
    free(markdown);
}
END_TEST

START_TEST(test_files)
{
    read_steps(FIX "In `values.yaml`:\n\n```yaml\na: 1\n```\n\n```json\n{}\n```\n\n"
                   "<!-- steps: changes-config file=x.env text=env -->\n```env\nA=1\n```\n"
                   "```python\nprint()\n```\n```toml\na = 1\n```\n"
                   "<!-- steps: reads text=ini -->\n```bash\nb\n```\n",
               PLATFORM_COMPOSE);
    ck_assert_uint_eq(steps.count, 5);
    ck_assert(!steps.items[0].runnable && !steps.items[1].runnable && !steps.items[2].runnable);
    ck_assert_str_eq(steps.items[0].commands[0].title, "Edit values.yaml");
    ck_assert_str_eq(steps.items[0].note, "In values.yaml:");
    ck_assert_int_eq(steps.items[0].commands[0].embeds, STEP_TEXT_YAML);
    ck_assert_int_eq(steps.items[1].commands[0].embeds, STEP_TEXT_JSON);
    ck_assert_ptr_null(steps.items[1].note);
    ck_assert_str_eq(steps.items[2].commands[0].title, "Edit x.env");
    ck_assert_int_eq(steps.items[2].commands[0].embeds, STEP_TEXT_ENV);
    ck_assert_int_eq(steps.items[3].commands[0].embeds, STEP_TEXT_INI);
    ck_assert_int_eq(steps.items[4].commands[0].embeds, STEP_TEXT_INI);
}
END_TEST

static const struct {
    const char *command;
    bool terminal;
} terminals[] = {
    {"ls", false},          {"sudo ls", true},          {"a | sudo tee b", true},
    {"echo sudo", false},   {"vi .env", true},          {"\"${EDITOR:-vi}\" .env", true},
    {"telnet a 25", true},  {"ssh host ls", true},      {"docker exec -it a sh", true},
    {"docker exec a ls", false}, {"read -rsp 'Password: ' p", true}, {"less x", true},
    {"echo 'sudo ls'", false}, {"FOO=1 sudo ls", true}, {"timeout 5 telnet a 25", true},
};

START_TEST(test_terminals)
{
    char *markdown = mem_printf(FIX "```bash\n%s\n```\n", terminals[_i].command);

    read_steps(markdown, PLATFORM_COMPOSE);
    ck_assert_uint_eq(steps.count, 1);
    ck_assert_int_eq(steps.items[0].commands[0].terminal, terminals[_i].terminal);
    free(markdown);
}
END_TEST

/* Each platform has its own; without platforms all have all. */
START_TEST(test_platforms)
{
    read_steps(FIX "```bash\na\n```\n\n### Kubernetes / Helm\n\n```bash\nb\n```\n", PLATFORM_HELM);
    char *found = summary();
    ck_assert_str_eq(found, "b{b}");
    free(found);
    clear();
    read_steps("# T\n\n## How to Fix\n\n```bash\na\n```\n", PLATFORM_SYSTEMD);
    found = summary();
    ck_assert_str_eq(found, "a{a}");
    free(found);
    clear();
    read_steps("# T\n\nNo fix.\n", PLATFORM_SYSTEMD);
    ck_assert_uint_eq(steps.count, 0);
}
END_TEST

/* Every command of ours is marked, as lint demands, and bears the line it stands on. */
START_TEST(test_bundled)
{
    char *text = bundled_read(bundled_names[_i]);

    for (int platform = 0; platform < PLATFORMS; platform++) {
        read_steps(text, (enum platform)platform);
        ck_assert_uint_ge(steps.count, 4);
        ck_assert_uint_eq(steps.nproblems, 0);
        for (size_t i = 0; i < steps.count; i++)
            for (size_t j = 0; j < steps.items[i].ncommands; j++) {
                const struct step_command *command = &steps.items[i].commands[j];
                const char *at = text;
                for (int line = 1; line < command->line; line++)
                    at = strchr(at, '\n') + 1;
                ck_assert_msg(command->marked, "%s", command->title);
                ck_assert_msg(strncmp(at, command->text, strcspn(command->text, "\n")) == 0,
                              "%s: line %d", command->title, command->line);
            }
        clear();
    }
    free(text);
}
END_TEST

/* Time grows as the text does: the file is read to its limit. */
START_TEST(test_huge)
{
    struct buf markdown = {0};

    buf_puts(&markdown, FIX "```bash\n");
    for (int i = 0; i < 5000; i++)
        buf_printf(&markdown, "# Step %d\ncat '%d\n", i, i);
    buf_puts(&markdown, "```\n");
    read_steps(markdown.data, PLATFORM_COMPOSE);
    ck_assert_uint_ge(steps.count, 1);
    buf_clear(&markdown);
}
END_TEST

Suite *steps_suite(void)
{
    Suite *suite = suite_create("steps");
    TCase *tcase = tcase_create("article");

    tcase_add_checked_fixture(tcase, NULL, clear);
    tcase_add_loop_test(tcase, test_cuts, 0, COUNT(cuts));
    tcase_add_loop_test(tcase, test_indented, 0, COUNT(indented));
    tcase_add_loop_test(tcase, test_marks, 0, COUNT(marks));
    tcase_add_test(tcase, test_files);
    tcase_add_loop_test(tcase, test_terminals, 0, COUNT(terminals));
    tcase_add_test(tcase, test_platforms);
    tcase_add_loop_test(tcase, test_bundled, 0, BUNDLED);
    tcase_add_test(tcase, test_huge);
    suite_add_tcase(suite, tcase);
    return suite;
}
