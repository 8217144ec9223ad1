#include "article/build.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_INDENT_COLS = 2 };

static struct block *last_block(const struct build *build)
{
    return &build->article->blocks[build->article->nblocks - 1];
}

static size_t stored_depth(const struct build *build)
{
    return build->depth < BUILD_DEPTH_MAX ? build->depth : BUILD_DEPTH_MAX;
}

static bool in_tight_list(const struct build *build)
{
    for (size_t i = stored_depth(build); i-- > 0;)
        if (build->containers[i].list)
            return build->containers[i].tight;
    return false;
}

void build_stand_off(struct build *build)
{
    if (!in_tight_list(build))
        build->gap = true;
}

static void push(struct build *build, struct container container)
{
    build_close(build);
    if (build->depth < BUILD_DEPTH_MAX)
        build->containers[build->depth] = container;
    build->depth++;
}

void build_push_quote(struct build *build)
{
    push(build, (struct container){.marker = "> "});
}

static void push_list(struct build *build, struct container list)
{
    list.list = true;
    build_stand_off(build);
    push(build, list);
}

void build_push_list(struct build *build, bool tight)
{
    push_list(build, (struct container){.tight = tight});
}

void build_push_ordered_list(struct build *build, bool tight, unsigned start)
{
    push_list(build, (struct container){.tight = tight, .ordered = true, .number = start});
}

void build_push_item(struct build *build)
{
    struct container item = {.marker = "\u2022 "};

    if (build->depth <= BUILD_DEPTH_MAX) {
        struct container *list = &build->containers[build->depth - 1];
        if (list->ordered)
            snprintf(item.marker, sizeof item.marker, "%u. ", list->number++);
    }
    push(build, item);
    build->marker = true;
}

void build_pop(struct build *build)
{
    build_close(build);
    build->depth--;
    build->marker = false;
}

/* A span goes on while the style stays. */
static void add_span(struct build *build, enum style style, const char *text, size_t n)
{
    struct article *article = build->article;
    struct block *block = last_block(build);
    struct span *last = block->count > 0 ? &article->spans[article->nspans - 1] : NULL;

    if (last && last->style == style) {
        last->len += n;
    } else {
        article->spans = mem_grow(article->spans, article->nspans, sizeof *article->spans);
        article->spans[article->nspans++] = (struct span){article->text.len, n, style};
        block->count++;
    }
    buf_add(&article->text, text, n);
}

static void add_block(struct build *build, enum block_kind kind)
{
    struct article *article = build->article;

    article->blocks = mem_grow(article->blocks, article->nblocks, sizeof *article->blocks);
    article->blocks[article->nblocks++] = (struct block){
        .section = build->section,
        .platform = build->platform,
        .kind = kind,
        .gap = build->gap,
        .first = article->nspans,
        .text = article->text.len,
        .item = build->marker,
    };
    build->open = true;
    build->gap = false;
    build->marker = false;
}

/* The markers of the open lists and quotes; an item's stands only once. */
static char *take_markers(struct build *build)
{
    struct buf markers = {0};

    for (size_t i = 0; i < stored_depth(build); i++) {
        char *marker = build->containers[i].marker;
        buf_puts(&markers, marker);
        if (marker[0] != '>')
            snprintf(marker, sizeof build->containers[i].marker, "%*s", text_cols(marker), "");
    }
    return buf_take(&markers);
}

/* Leading blanks of the markers are indent, since a paragraph drops them. */
static void open_prose(struct build *build)
{
    char *markers = take_markers(build);
    size_t blanks = strspn(markers, " ");

    add_block(build, BLOCK_PROSE);
    last_block(build)->hang = text_cols(markers);
    last_block(build)->indent = (int)blanks;
    if (markers[blanks])
        add_span(build, STYLE_PLAIN, markers + blanks, strlen(markers + blanks));
    last_block(build)->text = build->article->text.len;
    free(markers);
}

void build_place_marker(struct build *build)
{
    if (build->marker)
        open_prose(build);
    build_close(build);
}

void build_open_verbatim(struct build *build, enum block_kind kind, char *language)
{
    build_place_marker(build);
    char *markers = take_markers(build);
    add_block(build, kind);
    last_block(build)->indent = text_cols(markers) + CODE_INDENT_COLS;
    last_block(build)->language = language;
    free(markers);
}

void build_locate(struct build *build)
{
    const char *text = build->article->text.data + last_block(build)->text;
    int line = build->line;

    if (last_block(build)->line > 0)
        return;
    while ((text = strchr(text, '\n'))) {
        line--;
        text++;
    }
    last_block(build)->line = line;
}

void build_text(struct build *build, enum style style, const char *text, size_t n)
{
    size_t blanks = 0;
    while (blanks < n && (text[blanks] == ' ' || text[blanks] == '\n'))
        blanks++;
    if (!build->open && blanks == n)
        return;
    if (!build->open)
        open_prose(build);
    add_span(build, style, text, n);
}

size_t build_text_start(const struct build *build)
{
    return build->open ? last_block(build)->text : build->article->text.len;
}

static void name_cause(struct build *build, const char *id)
{
    size_t n = article_id_length(id);

    if (build->open && build->section == ARTICLE_CAUSES && n > 0 && !last_block(build)->cause)
        last_block(build)->cause = mem_strndup(id, n);
}

static void add_mark(struct build *build, const char *text, int line)
{
    struct article *article = build->article;

    article->marks = mem_grow(article->marks, article->nmarks, sizeof *article->marks);
    article->marks[article->nmarks++] = (struct mark){
        .text = mem_strdup(text),
        .line = line,
        .section = build->section,
        .platform = build->platform,
        .block = article->nblocks,
    };
}

void build_comment(struct build *build, const char *text, int line)
{
    static const char blanks[] = " \t\n", cause[] = "cause:", steps[] = "steps:";

    text += strspn(text, blanks);
    if (strncmp(text, cause, sizeof cause - 1) == 0)
        name_cause(build, text + sizeof cause - 1 + strspn(text + sizeof cause - 1, blanks));
    else if (strncmp(text, steps, sizeof steps - 1) == 0)
        add_mark(build, text + sizeof steps - 1, line);
}

/* The check id that the open block's text begins with, on the heap, or NULL. */
static char *leading_id(const struct build *build)
{
    const char *text = build->article->text.data + build_text_start(build);
    size_t n = article_id_length(text);

    if (text[n] && text[n] != ' ')
        return NULL;
    return memchr(text, '.', n) ? mem_strndup(text, n) : NULL;
}

void build_close(struct build *build)
{
    if (build->open && last_block(build)->item && build->section == ARTICLE_RELATED)
        last_block(build)->link = leading_id(build);
    build->open = false;
}

void build_cut(struct build *build)
{
    build_close(build);
    if (build->article->nblocks == 0)
        return;
    free(last_block(build)->language);
    last_block(build)->language = NULL;
}

char *build_take(struct build *build)
{
    struct article *article = build->article;

    if (!build->open)
        return mem_strdup("");
    const struct block *block = last_block(build);
    char *text = mem_strdup(article->text.data + block->text);
    article->text.len = article->spans[block->first].start;
    article->nspans = block->first;
    article->nblocks--;
    for (size_t i = article->nmarks; i > 0 && article->marks[i - 1].block > article->nblocks; i--)
        article->marks[i - 1].block = article->nblocks;
    free(block->cause);
    build->gap = block->gap;
    build->open = false;
    return text;
}
