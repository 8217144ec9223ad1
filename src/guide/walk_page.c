#include "article/terminal.h"
#include "base/mem.h"
#include "base/text.h"
#include "guide/patch.h"
#include "guide/quote.h"
#include "guide/walk_model.h"
#include "settings/boolean.h"

#include <stdlib.h>
#include <string.h>

void walk_page_clear(struct walk_page *page)
{
    for (size_t i = 0; i < page->nvalues; i++)
        free(page->values[i].from);
    free(page->values);
    free(page->spans);
    free(page->text);
    free(page->where);
    free(page->blocked);
    free(page->withheld);
    *page = (struct walk_page){0};
}

static enum fill_syntax syntax_of(const struct step *step, const struct step_command *command)
{
    static const enum fill_syntax texts[] = {[STEP_TEXT_PLAIN] = FILL_PLAIN,
                                             [STEP_TEXT_ENV] = FILL_ENV,
                                             [STEP_TEXT_JSON] = FILL_JSON,
                                             [STEP_TEXT_YAML] = FILL_YAML,
                                             [STEP_TEXT_INI] = FILL_INI};
    return step->runnable ? FILL_SHELL : texts[command->embeds];
}

static enum fill_syntax embeds_of(const struct step *step, const struct step_command *command)
{
    const struct step text = {.runnable = false};

    return step->runnable ? syntax_of(&text, command) : FILL_PLAIN;
}

/* One value a placeholder of the check; several may be of one variable. */
static struct fill_value *new_values(const struct check *check)
{
    struct fill_value *values = mem_zalloc((check->nplaceholders + 1) * sizeof *values);

    for (size_t i = 0; i < check->nplaceholders; i++)
        values[i].placeholder = check->placeholders[i].text;
    return values;
}

static bool fill(const struct walk *walk, const struct fill_value *values, struct filled *filled,
                 struct error *err)
{
    const struct walk_page *page = &walk->page;

    return fill_text(page->command->text, syntax_of(page->step, page->command),
                     embeds_of(page->step, page->command), values, walk->check->nplaceholders,
                     filled, err);
}

static size_t find_value(const struct walk_page *page, const char *name)
{
    size_t i = 0;

    while (i < page->nvalues && strcmp(page->values[i].name, name) != 0)
        i++;
    return i;
}

static void add_value(struct walk *walk, const char *name)
{
    struct walk_page *page = &walk->page;
    bool changes = page->effect != EFFECT_READS;
    const struct answer *answer = answers_find(&walk->answers, name);

    if (find_value(page, name) < page->nvalues)
        return;
    page->values = mem_grow(page->values, page->nvalues, sizeof *page->values);
    struct walk_value *value = &page->values[page->nvalues++];
    value->name = name;
    value->value = answers_value(&walk->answers, name, changes, &value->from);
    if (changes && answer && !answer->secret && !answer->wanted && !page->asks)
        page->asks = name;
}

/* Those that the text seems to hold: what it is, a value that is wanted tells. */
static void guess_values(struct walk *walk, const struct fill_value *values)
{
    const struct check *check = walk->check;
    struct patches patches = {0};

    patches_find(&patches, walk->page.command->text,
                 &(struct fill_values){values, check->nplaceholders});
    for (size_t i = 0; i < patches.count; i++)
        add_value(walk, check->placeholders[patches.items[i].value].variable);
    patches_clear(&patches);
}

/* The variables that stand in the step: those whose placeholders, filled in for
 * themselves, are found. */
static void find_values(struct walk *walk)
{
    const struct check *check = walk->check;
    struct fill_value *values = new_values(check);
    struct filled filled = {0};

    for (size_t i = 0; i < check->nplaceholders; i++)
        values[i].value = values[i].placeholder;
    if (fill(walk, values, &filled, NULL))
        for (size_t i = 0; i < filled.nspans; i++)
            add_value(walk, check->placeholders[filled.spans[i].value].variable);
    else
        guess_values(walk, values);
    filled_clear(&filled);
    free(values);
}

/* Spans tell which placeholder stands there: from here on, which value. */
static void take_filled(struct walk *walk, struct filled *filled)
{
    struct walk_page *page = &walk->page;

    page->text = filled->text;
    page->spans = filled->spans;
    page->nspans = filled->nspans;
    for (size_t i = 0; i < page->nspans; i++)
        page->spans[i].value =
            find_value(page, walk->check->placeholders[page->spans[i].value].variable);
    *filled = (struct filled){0};
}

static const char *find_missing(const struct walk_page *page)
{
    for (size_t i = 0; i < page->nvalues; i++)
        if (!page->values[i].value)
            return page->values[i].from;
    return NULL;
}

static void fill_page(struct walk *walk)
{
    struct walk_page *page = &walk->page;
    struct fill_value *values = new_values(walk->check);
    struct filled filled = {0};
    struct error err = {0};

    for (size_t i = 0; i < walk->check->nplaceholders; i++) {
        size_t at = find_value(page, walk->check->placeholders[i].variable);
        values[i].value = at < page->nvalues ? page->values[at].value : NULL;
    }
    const char *missing = find_missing(page);
    if (!missing && fill(walk, values, &filled, &err)) {
        take_filled(walk, &filled);
    } else {
        page->blocked = mem_strdup(missing ? missing : err.text);
        page->text = mem_strdup(page->command->text);
    }
    free(values);
}

/* A text that goes on as an address does is somebody's own, below the placeholder. */
static bool holds(const char *text, const char *placeholder, bool secret)
{
    const struct fill_value value = {placeholder, NULL};
    struct patches patches = {0};
    bool found = false;

    patches_find(&patches, text, &(struct fill_values){&value, 1});
    for (size_t i = 0; i < patches.count && !found; i++) {
        char next = text[patches.items[i].start + patches.items[i].len];
        found = !(secret && next && strchr("/?", next));
    }
    patches_clear(&patches);
    return found;
}

static bool is_in_force(const struct answer *answer, const char *placeholder)
{
    return (answer->wanted && strcmp(answer->wanted, placeholder) == 0) ||
           (answer->present && strcmp(answer->present, placeholder) == 0);
}

static bool is_common(const char *text)
{
    bool wanted;

    return quote_is_number(text) || boolean_read(text, &wanted);
}

/* What was edited may hold an example still. Numbers and "true" are too common to tell. */
static void withhold_example(struct walk *walk)
{
    struct walk_page *page = &walk->page;

    for (size_t i = 0; i < walk->check->nplaceholders && !page->withheld; i++) {
        const struct placeholder *placeholder = &walk->check->placeholders[i];
        const struct answer *answer = answers_find(&walk->answers, placeholder->variable);
        bool counts = answer->secret || (!is_common(placeholder->text) &&
                                         !is_in_force(answer, placeholder->text));
        if (counts && holds(page->text, placeholder->text, answer->secret))
            page->withheld = mem_printf("it still holds the article's \"%s\": edit it (e), and "
                                        "put your own in its place", placeholder->text);
    }
}

/* A secret is never filled in: the command would write the article's example. */
static void withhold_secret(struct walk *walk)
{
    struct walk_page *page = &walk->page;

    for (size_t i = 0; i < page->nvalues && !page->withheld; i++)
        if (answers_find(&walk->answers, page->values[i].name)->secret)
            page->withheld = mem_strdup("it holds a secret: edit it (e), or copy it, and put the "
                                        "secret in yourself");
}

/* Nobody knows the article's placeholders, which would be copied and run for values. */
static void block_miswired(struct walk_page *page)
{
    page->blocked = mem_strdup("the check's wiring could not be loaded, so that no value can be put "
                               "in: mend its file, or edit the command (e)");
    page->text = mem_strdup(page->command->text);
}

/* "in /srv/stella": a name may be others' bytes. */
static char *describe_directory(const char *directory)
{
    char *text = directory ? mem_printf("in %s", directory) : NULL;
    char *clean = text ? text_sanitise(text, strlen(text), TEXT_ONE_LINE) : NULL;

    free(text);
    return clean;
}

/* Nobody has marked what was edited: it asks for as much as what it was, and no less than
 * an unmarked step. */
static enum effect effect_of(const struct walk_way *way, const struct step_command *command)
{
    return way->edited && command->effect < EFFECT_CHANGES_CONFIG ? EFFECT_CHANGES_CONFIG
                                                                  : command->effect;
}

void walk_refresh(struct walk *walk)
{
    const struct steps *steps = &walk->steps[walk->platform];
    const struct walk_progress *progress = &walk->progress[walk->platform][walk->at];
    const struct walk_way *way = &progress->ways[progress->choice];
    const struct step *step = &steps->items[walk->at];

    walk_page_clear(&walk->page);
    walk->page = (struct walk_page){.number = walk->at + 1, .total = steps->count, .step = step,
                                    .choice = progress->choice,
                                    .command = &step->commands[progress->choice],
                                    .directory = walk->place.directories[walk->platform],
                                    .edited = way->edited != NULL,
                                    .state = way->state, .outcome = way->outcome,
                                    .went_well = way->went_well,
                                    .status = way->state == WALK_RAN ? way->status : 0,
                                    .output = way->output};
    walk->page.where = describe_directory(walk->page.directory);
    walk->page.effect = effect_of(way, walk->page.command);
    walk->page.terminal = walk->page.command->terminal;
    bool withholds = step->runnable && walk->page.effect != EFFECT_READS;
    if (way->edited) {
        walk->page.text = mem_strdup(way->edited);
        walk->page.terminal |= shell_needs_terminal(way->edited);
        if (withholds)
            withhold_example(walk);
        return;
    }
    if (walk->check->miswired) {
        block_miswired(&walk->page);
        return;
    }
    find_values(walk);
    fill_page(walk);
    if (withholds)
        withhold_secret(walk);
}
