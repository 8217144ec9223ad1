#include "article/model.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { PROSE_MAX_COLS = 80 };

static void layout_prose(const struct article *article, const struct block *block, int cols,
                         struct rows *rows)
{
    rows_open(rows, cols, block->indent, block->hang);
    rows_link(rows, block->link);
    for (size_t i = 0; i < block->count; i++) {
        const struct span *span = &article->spans[block->first + i];
        rows_text(rows, span->style, article->text.data + span->start, span->len);
    }
    rows_close(rows);
}

static enum style line_style(enum block_kind kind, const char *line, size_t n, bool first)
{
    size_t blanks = strspn(line, " ");

    if (kind == BLOCK_SHELL && blanks < n && line[blanks] == '#')
        return STYLE_COMMENT;
    if (kind == BLOCK_TABLE)
        return first ? STYLE_STRONG : STYLE_PLAIN;
    return STYLE_CODE;
}

/* Code keeps its tabs, which the sanitiser makes blanks. */
static void layout_lines(const struct article *article, const struct block *block,
                         struct rows *rows)
{
    if (block->count == 0)
        return;
    const struct span *span = &article->spans[block->first];
    char *text = text_sanitise(article->text.data + span->start, span->len, TEXT_KEEP_LINES);

    for (const char *line = text; *line;) {
        size_t n = strcspn(line, "\n");
        enum style style = line_style(block->kind, line, n, line == text);
        rows_code(rows, style, n > 0 ? block->indent : 0, line, n);
        line += n + (line[n] != '\0');
    }
    free(text);
}

bool article_has(const struct article *article, enum article_section section,
                 enum platform platform)
{
    bool any = section != ARTICLE_FIX || platform == PLATFORMS;

    for (size_t i = 0; i < article->nblocks; i++) {
        const struct block *block = &article->blocks[i];
        if (block->section == section && (any || block->platform == platform))
            return true;
    }
    return false;
}

static void layout_block(const struct article *article, const struct block *block, int cols,
                         bool first, struct rows *rows)
{
    if (block->gap && !first)
        rows_blank(rows);
    if (block->kind == BLOCK_PROSE)
        layout_prose(article, block, cols < PROSE_MAX_COLS ? cols : PROSE_MAX_COLS, rows);
    else
        layout_lines(article, block, rows);
}

void article_layout(const struct article *article, enum article_section section,
                    enum platform platform, int cols, struct rows *rows)
{
    bool first = true;

    for (size_t i = 0; i < article->nblocks; i++) {
        const struct block *block = &article->blocks[i];
        if (block->section != section ||
            (block->platform != PLATFORMS && block->platform != platform))
            continue;
        layout_block(article, block, cols, first, rows);
        first = false;
    }
}

void article_layout_platform(const struct article *article, enum platform platform, int cols,
                             struct rows *rows)
{
    bool first = true;

    for (size_t i = 0; i < article->nblocks; i++) {
        const struct block *block = &article->blocks[i];
        if (block->section != ARTICLE_FIX || block->platform != platform)
            continue;
        layout_block(article, block, cols, first, rows);
        first = false;
    }
}

char *block_text(const struct article *article, const struct block *block)
{
    if (block->count == 0)
        return mem_strdup("");
    const struct span *last = &article->spans[block->first + block->count - 1];
    size_t end = last->start + last->len;
    while (end > block->text && article->text.data[end - 1] == ' ')
        end--;
    return mem_strndup(article->text.data + block->text, end - block->text);
}

void article_each_cause(const struct article *article,
                        void (*visit)(void *context, const char *id, const char *text),
                        void *context)
{
    for (size_t i = 0; i < article->nblocks; i++) {
        const struct block *block = &article->blocks[i];
        if (block->section != ARTICLE_CAUSES || !block->item || block->indent > 0)
            continue;
        char *text = block_text(article, block);
        visit(context, block->cause, text);
        free(text);
    }
}
