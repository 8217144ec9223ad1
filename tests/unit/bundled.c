#include "bundled.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

const char *const bundled_names[BUNDLED] = {"smtp", "slack", "teams"};

char *bundled_read(const char *name)
{
    char *path = mem_printf("data/articles/stellaops.doctor.integration/%s.md", name);
    struct error err = {0};
    char *text;
    size_t len;

    ck_assert_msg(file_read(path, &text, &len, &err), "%s", err.text);
    free(path);
    return text;
}

static void visit_steps(const char *name, enum platform platform, const struct steps *steps,
                        void (*visit)(const char *article, enum platform platform,
                                      const struct step_command *command))
{
    for (size_t i = 0; i < steps->count; i++)
        for (size_t j = 0; steps->items[i].runnable && j < steps->items[i].ncommands; j++)
            visit(name, platform, &steps->items[i].commands[j]);
}

void bundled_visit(void (*visit)(const char *article, enum platform platform,
                                 const struct step_command *command))
{
    for (int i = 0; i < BUNDLED; i++) {
        char *text = bundled_read(bundled_names[i]);
        struct article *article = article_parse(text, strlen(text));
        for (enum platform platform = 0; platform < PLATFORMS; platform++) {
            struct steps steps = {0};
            article_steps(article, platform, &steps);
            visit_steps(bundled_names[i], platform, &steps, visit);
            steps_clear(&steps);
        }
        article_free(article);
        free(text);
    }
}

char *bundled_replace(char *text, const char *from, const char *to)
{
    struct buf out = {0};
    const char *at = text;

    for (const char *found; (found = strstr(at, from)); at = found + strlen(from)) {
        buf_add(&out, at, (size_t)(found - at));
        buf_puts(&out, to);
    }
    buf_puts(&out, at);
    free(text);
    return buf_take(&out);
}
