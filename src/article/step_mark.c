#include "article/step_mark.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static const char *const effects[] = {"reads", "changes-config", "restarts", "loses-data"};
static const char *const texts[] = {"plain", "env", "json", "yaml", "ini"};

const char *effect_name(enum effect effect)
{
    return effects[effect];
}

/* The index of the word among names, or their count. */
static size_t find(const char *const *names, size_t count, const char *word)
{
    size_t i = 0;

    while (i < count && strcmp(names[i], word) != 0)
        i++;
    return i;
}

static bool read_effect(struct step_mark *mark, const char *word)
{
    size_t count = sizeof effects / sizeof *effects, i = find(effects, count, word);

    if (i == count || mark->has_effect)
        return false;
    mark->has_effect = true;
    mark->effect = (enum effect)i;
    return true;
}

static bool read_embeds(struct step_mark *mark, const char *word)
{
    size_t count = sizeof texts / sizeof *texts, i = find(texts, count, word);

    if (i == count)
        return false;
    mark->has_embeds = true;
    mark->embeds = (enum step_text)i;
    return true;
}

static bool read_word(struct step_mark *mark, const char *word)
{
    if (strcmp(word, "terminal") == 0)
        return mark->terminal = true;
    if (strncmp(word, "text=", 5) == 0)
        return read_embeds(mark, word + 5);
    if (strncmp(word, "file=", 5) != 0)
        return read_effect(mark, word);
    if (!word[5] || mark->file)
        return false;
    mark->file = mem_strdup(word + 5);
    return true;
}

bool step_mark_next(const char **text, struct step_mark *mark)
{
    const char *at = *text, *end = at + strcspn(at, ";");

    *mark = (struct step_mark){.effect = EFFECT_CHANGES_CONFIG};
    if (!*at)
        return false;
    while ((at += strspn(at, " \t\n")) < end) {
        size_t n = strcspn(at, " \t\n;");
        char *word = mem_strndup(at, n);
        if (!read_word(mark, word) && !mark->problem)
            mark->problem = mem_printf("the mark's word %s is unknown, or one too many", word);
        free(word);
        at += n;
    }
    if (!mark->has_effect && !mark->problem)
        mark->problem = mem_strdup("an entry of the mark names no effect: reads, changes-config, "
                                   "restarts or loses-data");
    *text = end + (*end == ';');
    return true;
}

void step_mark_clear(struct step_mark *mark)
{
    free(mark->file);
    free(mark->problem);
}
