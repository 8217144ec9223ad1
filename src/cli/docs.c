#include "cli/docs.h"

#include "cli/commands.h"
#include "cli/lint.h"
#include "cli/manual.h"
#include "cli/pager.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void tell(void *context, const char *text)
{
    (void)context;
    puts(text);
}

static int lint(const struct catalog *catalog)
{
    size_t articles = catalog_count(catalog), problems = lint_articles(catalog, tell, NULL);

    printf("%zu article%s, %zu problem%s\n", articles, articles == 1 ? "" : "s", problems,
           problems == 1 ? "" : "s");
    return problems ? EXIT_STATUS_WARN : EXIT_STATUS_OK;
}

/* On a terminal people want to read it, and through anything else to have it. */
static bool print_source(const char *page, const struct manual_source *source, struct error *err)
{
    char *text = NULL;
    size_t len;

    if (!isatty(STDOUT_FILENO))
        return manual_print(page, source, stdout, err);
    FILE *out = open_memstream(&text, &len);
    if (!out) {
        error_set(err, "out of memory");
        return false;
    }
    bool ok = manual_print(page, source, out, err);
    fclose(out);
    if (ok && !pager_show_man(text, len))
        fwrite(text, 1, len, stdout);
    free(text);
    return ok;
}

static int print_page(const struct manual_source *source, const struct options *options)
{
    struct error err = {0};

    if (options->words.count < 2) {
        error_set(&err, "docs man takes the name of a page, such as %s", manual_page(0));
        return command_complain(options, err.text);
    }
    if (!print_source(options->words.items[1], source, &err))
        return command_complain(options, err.text);
    return EXIT_STATUS_OK;
}

int command_docs(struct session *session, const struct options *options,
                 const struct manual_key *dashboard, const struct manual_key *walkthrough)
{
    const struct manual_source source = {session->catalog, dashboard, walkthrough};
    const struct strings *words = &options->words;
    int status;

    if (strcmp(words->items[0], "lint") != 0)
        status = print_page(&source, options);
    else if (words->count > 1)
        status = command_complain(options, "docs lint takes no argument; see --help");
    else
        status = lint(session->catalog);
    return command_close_output(options, status);
}
