#include "cli/fix.h"

#include "base/buf.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "guide/walk.h"

#include <stdlib.h>
#include <string.h>

const struct check *fix_check(const struct session *session, const struct options *options)
{
    const char *id = options->words.items[0];
    const struct check *check = catalog_find(session->catalog, id);
    struct error err = {0};

    if (check)
        return check;
    error_set(&err, "there is no check %s; stella doctor list has them all", id);
    command_complain(options, err.text);
    return NULL;
}

/* What has to be chosen has a proposal: the value in force. */
static void accept_proposals(struct walk *walk)
{
    for (const char *name; (name = walk_page(walk)->asks);) {
        const char *proposal = walk_proposal(walk, name);
        if (!proposal || !walk_answer(walk, name, proposal, NULL))
            return;
    }
}

static void print_lines(const struct report *report, const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\n");
        report_print(report, STYLE_CODE, "    %.*s\n", (int)n, text);
        text += n + (text[n] == '\n');
    }
}

static void print_page(const struct report *report, struct walk *walk)
{
    accept_proposals(walk);
    const struct walk_page *page = walk_page(walk);

    report_print(report, STYLE_STRONG, "\n%zu/%zu  %s\n", page->number, page->total,
                 page->command->title);
    report_print(report, STYLE_PLAIN, "  %s%s%s%s%s\n", effect_name(page->effect),
                 page->command->terminal ? ", takes the terminal" : "",
                 page->step->runnable ? "" : ", a text for a file", page->where ? ", " : "",
                 page->where ? page->where : "");
    print_lines(report, page->text);
    for (size_t i = 0; i < page->nvalues; i++)
        report_print(report, STYLE_DIM, "  %s: %s%s%s\n", page->values[i].name,
                     page->values[i].value ? page->values[i].value : "",
                     page->values[i].value ? ", " : "", page->values[i].from);
    if (page->blocked)
        report_print(report, STYLE_WARN, "  blocked: %s\n", page->blocked);
    else if (page->withheld)
        report_print(report, STYLE_WARN, "  not run: %s\n", page->withheld);
}

static void print_alternatives(const struct report *report, struct walk *walk)
{
    for (size_t i = 0; i < walk_page(walk)->step->ncommands; i++) {
        print_page(report, walk);
        walk_choose(walk);
    }
}

/* Whoever asked for a platform gets its steps, or none: a script may run what it is given. */
static int refuse(const struct options *options, struct walk *walk)
{
    struct buf there = {0};

    for (enum platform p = 0; p < PLATFORMS; p++) {
        walk_set_platform(walk, p);
        if (walk_platform(walk) == p)
            buf_printf(&there, "%s%s", there.len ? " and " : "", platform_title(p));
    }
    char *text = mem_printf("the article of %s has no steps for %s; it has them for %s",
                            walk_check(walk)->id, platform_title(options->platform),
                            there.data);
    int status = command_complain(options, text);
    free(text);
    buf_clear(&there);
    return status;
}

static int print_steps(const struct options *options, struct walk *walk)
{
    struct report report = command_open_report(options);

    report_print(&report, STYLE_STRONG, "%s\n", platform_title(walk_platform(walk)));
    report_print(&report, STYLE_PLAIN, "%s\n", walk_why(walk));
    do
        print_alternatives(&report, walk);
    while (walk_turn(walk, 1));
    return command_close_output(options, EXIT_STATUS_OK);
}

int fix_print_steps(struct session *session, const struct check *check,
                    const struct options *options)
{
    struct error err = {0};
    struct walk *walk = walk_open(&(struct walk_options){.session = session, .check = check,
                                                         .platform = options->platform}, &err);

    if (!walk)
        return command_complain(options, err.text);
    bool chosen = options->platform < PLATFORMS;
    int status = chosen && walk_platform(walk) != options->platform ? refuse(options, walk)
                                                                     : print_steps(options, walk);
    walk_close(walk);
    return status;
}
