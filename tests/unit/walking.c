#include "walking.h"

#include "base/mem.h"
#include "numeric.h"
#include "temporary.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct session session;
static struct journal *journal;
static struct walk *walk;
static char *source, *directory;
static const char *sources[1];

void walking_setup(void)
{
    struct error err = {0};

    use_decimal_points();
    const char *folder = temporary_directory();
    ck_assert_int_eq(chdir(folder), 0);
    source = mem_printf("env-file:%s", temporary_file(".env", "Smtp__Host=old.example\n"));
    sources[0] = source;
    directory = mem_printf("%s/state", folder);
    temporary_file("compose.yaml", "services:\n");
    ck_assert_msg(session_open(&session, &(struct session_options){.sources = sources,
                                                                   .nsources = 1}, &err),
                  "%s", err.text);
    session.options.sources = sources;
    journal = journal_open(directory, &err);
    ck_assert_msg(journal != NULL, "%s", err.text);
}

void walking_teardown(void)
{
    walking_close();
    journal_close(journal);
    session_close(&session);
    free(source);
    free(directory);
    ck_assert_int_eq(chdir("/"), 0);
    temporary_remove();
}

void walking_close(void)
{
    walk_close(walk);
    walk = NULL;
}

struct walk *walking_open(enum platform platform, const struct result *result)
{
    struct error err = {0};

    walking_close();
    walk = walk_open(&(struct walk_options){
        .session = &session, .journal = journal, .directory = directory,
        .check = catalog_find(session.catalog, "check.integration.smtp"), .result = result,
        .platform = platform}, &err);
    ck_assert_msg(walk != NULL, "%s", err.text);
    return walk;
}

struct session *walking_session(void)
{
    return &session;
}

struct journal *walking_journal(void)
{
    return journal;
}

const char *walking_directory(void)
{
    return directory;
}

void walking_turn_to(struct walk *on, const char *title)
{
    while (walk_turn(on, -1))
        continue;
    while (strncmp(walk_page(on)->command->title, title, strlen(title)) != 0)
        ck_assert_msg(walk_turn(on, 1), "no step %s", title);
}

void walking_run(struct walk *on, const char *dotenv)
{
    walk_run_begins(on);
    if (dotenv)
        temporary_file(".env", dotenv);
    walk_run_ended(on, &(struct child_end){0}, NULL);
}

struct result *walking_result(enum outcome outcome, const char *const *causes)
{
    struct result *result = mem_zalloc(sizeof *result);
    struct diagnosis *diagnosis = &result->diagnosis;

    result->check = catalog_find(session.catalog, "check.integration.smtp");
    result->outcome = outcome;
    result->summary = mem_strdup(outcome == OUTCOME_PASS   ? "It passed"
                                 : outcome == OUTCOME_SKIP ? "It was skipped"
                                                           : "It failed");
    for (; causes && causes[diagnosis->ncauses]; diagnosis->ncauses++) {
        const char *id = causes[diagnosis->ncauses];
        diagnosis->causes =
            mem_grow(diagnosis->causes, diagnosis->ncauses, sizeof *diagnosis->causes);
        diagnosis->causes[diagnosis->ncauses] =
            (struct cause){.id = mem_strdup(id), .text = mem_printf("Cause %s.", id)};
    }
    return result;
}

void walking_assert_has(const char *text, const char *part)
{
    ck_assert_msg(text && strstr(text, part), "\"%s\" is not in \"%s\"", part, text ? text : "");
}

enum walk_verdict walking_verify(struct walk *on, const char *rounds, const char *const *causes)
{
    enum walk_verdict verdict = WALK_VERIFYING;

    walk_verify(on);
    for (; *rounds; rounds++) {
        ck_assert_int_eq(verdict, WALK_VERIFYING);
        struct result *result = walking_result(*rounds == 'p'   ? OUTCOME_PASS
                                               : *rounds == 's' ? OUTCOME_SKIP
                                                                : OUTCOME_FAIL, causes);
        verdict = walk_verify_take(on, result);
        result_free(result);
    }
    return verdict;
}
