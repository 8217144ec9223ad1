#include "cli/lint_steps.h"

#include "article/steps.h"
#include "base/mem.h"

#include <stdlib.h>

static bool has_marks(const struct steps *steps)
{
    for (size_t i = 0; i < steps->count; i++)
        for (size_t j = 0; j < steps->items[i].ncommands; j++)
            if (steps->items[i].commands[j].marked)
                return true;
    return false;
}

static void look_at_step(const struct step *step,
                         void (*tell)(void *context, int line, const char *text), void *context)
{
    for (size_t i = 0; i < step->ncommands; i++) {
        const struct step_command *command = &step->commands[i];
        char *text = mem_printf("the step \"%s\" is not marked with its effect", command->title);
        if (!command->marked)
            tell(context, command->line, text);
        free(text);
    }
}

/* An article without platforms gives each the same steps. */
static int count_platforms(const struct article *article)
{
    for (int i = 0; i < PLATFORMS; i++)
        if (article_has(article, ARTICLE_FIX, (enum platform)i))
            return PLATFORMS;
    return 1;
}

void lint_steps(const char *text, size_t len, bool wanted,
                void (*tell)(void *context, int line, const char *text), void *context)
{
    struct article *article = article_parse(text, len);
    struct steps steps[PLATFORMS] = {0};
    int count = count_platforms(article);

    for (int i = 0; i < count; i++) {
        article_steps(article, (enum platform)i, &steps[i]);
        wanted |= has_marks(&steps[i]);
    }
    for (int i = 0; i < count; i++) {
        for (size_t j = 0; j < steps[i].nproblems; j++)
            tell(context, steps[i].problems[j].line, steps[i].problems[j].text);
        for (size_t j = 0; wanted && j < steps[i].count; j++)
            look_at_step(&steps[i].items[j], tell, context);
        steps_clear(&steps[i]);
    }
    article_free(article);
}
