#include "guide/walk_offer.h"

#include "base/buf.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

char *walk_refuse_use(const struct walk *walk, bool to_edit)
{
    const char *blocked = walk_page(walk)->blocked;

    return blocked && !to_edit ? mem_printf("not possible: %s", blocked) : NULL;
}

const char *walk_refuse_run(const struct walk *walk, bool read_only)
{
    if (read_only)
        return "read-only: nothing is run; c copies it";
    if (!walk_page(walk)->step->runnable)
        return "a text for a file: c copies it";
    return walk_page(walk)->withheld;
}

const char *walk_next_value(const struct walk *walk, const char *name)
{
    const struct walk_page *page = walk_page(walk);
    size_t i = 0;

    while (name && i < page->nvalues && strcmp(page->values[i].name, name) != 0)
        i++;
    for (i += name != NULL; i < page->nvalues; i++)
        if (walk_can_answer(walk, page->values[i].name))
            return page->values[i].name;
    return NULL;
}

const char *walk_refuse_answers(const struct walk *walk)
{
    if (!walk_next_value(walk, NULL))
        return "no value of this step can be chosen";
    return walk_page(walk)->effect == EFFECT_READS
               ? "this step only looks: it takes the values in force" : NULL;
}

void walk_other_way(struct walk *walk)
{
    if (walk_page(walk)->edited)
        walk_edit(walk, NULL);
    else
        walk_choose(walk);
}

char *walk_undo_question(const struct walk *walk)
{
    return mem_printf(walk_undo_is_stale(walk)
                          ? "it changed since, which is kept beside it; y puts %s back as it was"
                          : "y puts %s back as it was",
                      walk_undoable(walk));
}

char *walk_anew_question(void)
{
    return mem_strdup("y forgets what was done here and begins anew");
}

static char *describe_put_back(const char *path, const struct undo_told *told)
{
    struct buf text = {0};

    buf_printf(&text, "%s is as it was", path);
    if (told->lost)
        buf_printf(&text, ", but %s", told->lost);
    if (told->replaced)
        buf_printf(&text, "; what was there is kept as %s", told->replaced);
    if (!told->lost)
        buf_puts(&text, "; v verifies");
    return buf_take(&text);
}

char *walk_put_back(struct walk *walk, bool *whole)
{
    const char *file = walk_undoable(walk); /* none: somebody else put it back just now */
    char *path = mem_strdup(file ? file : "the file"), *text;
    struct undo_told told;
    struct error err = {0};
    bool done = walk_undo(walk, true, &told, &err);

    *whole = done && !told.lost;
    text = done ? describe_put_back(path, &told) : mem_printf("not undone: %s", err.text);
    free(path);
    free(told.lost);
    free(told.replaced);
    return text;
}
