#include "article/build.h"
#include "article/code_lines.h"
#include "article/entity.h"
#include "article/table.h"
#include "base/mem.h"
#include "base/text.h"

#include <md4c.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* libmd4c 0.4.8 takes 0.2 s for the worst known text of this size, a paragraph
     * of links that lead nowhere, and 16 times as long for four times as much. */
    ARTICLE_MAX_BYTES = 128 * 1024,
    /* md4c makes a cell of each one that a row of a wide table lacks. */
    BLOCKS_MAX = 200000
};

struct parser {
    struct build build;
    struct table table; /* the one being read */
    struct code_lines lines; /* of the block of code being read */
    size_t blocks;      /* entered so far */
    unsigned spans[MD_SPAN_U + 1]; /* open ones of each type */
    char *href;                    /* of the open link */
    size_t link_start;             /* where its text starts */
    bool heading, cell, code;      /* inside one */
    bool comment;                  /* inside an HTML comment */
    struct buf said;               /* what that says so far */
    int comment_line;              /* where it began */
    const char *at, *end;          /* the text up to which lines are counted, and its end */
    bool titled;                   /* the title is past */
};

static enum style current_style(const struct parser *parser)
{
    const unsigned *spans = parser->spans;

    if (parser->heading)
        return STYLE_HEADING;
    if (spans[MD_SPAN_A] || spans[MD_SPAN_IMG])
        return STYLE_LINK;
    if (spans[MD_SPAN_CODE])
        return STYLE_CODE;
    if (spans[MD_SPAN_STRONG])
        return STYLE_STRONG;
    return spans[MD_SPAN_EM] ? STYLE_EMPHASIS : STYLE_PLAIN;
}

/* Counts the lines up to text, if that is a part of the article and not md4c's own. */
static bool follow(struct parser *parser, const char *text)
{
    if (text < parser->at || text >= parser->end)
        return false;
    while ((parser->at = memchr(parser->at, '\n', (size_t)(text - parser->at)))) {
        parser->build.line++;
        parser->at++;
    }
    parser->at = text;
    return true;
}

/* A tab is a blank, except in code. */
static void add_text(struct parser *parser, const char *text, size_t n)
{
    enum style style = current_style(parser);

    for (const char *tab; !parser->code && (tab = memchr(text, '\t', n));) {
        build_text(&parser->build, style, text, (size_t)(tab - text));
        build_text(&parser->build, style, " ", 1);
        n -= (size_t)(tab + 1 - text);
        text = tab + 1;
    }
    build_text(&parser->build, style, text, n);
}

static void add_code(struct parser *parser, const char *text, size_t n, bool in_source)
{
    struct buf code = {0};

    if (in_source)
        build_locate(&parser->build);
    code_lines_read(&parser->lines, text, n, in_source, &code);
    if (code.len > 0)
        add_text(parser, code.data, code.len);
    buf_clear(&code);
}

static void begin_comment(struct parser *parser)
{
    parser->comment = true;
    parser->comment_line = parser->build.line;
    buf_puts(&parser->said, "");
}

static void end_comment(struct parser *parser)
{
    if (parser->comment)
        build_comment(&parser->build, parser->said.data, parser->comment_line);
    parser->comment = false;
    buf_clear(&parser->said);
}

/* HTML is shown as it is written, its comments are not. A mark of a comment
 * never stands across two calls: md4c cuts only at the ends of lines. */
static void add_html(struct parser *parser, const char *text, size_t n)
{
    while (n > 0) {
        const char *mark = parser->comment ? "-->" : "<!--";
        const char *found = memmem(text, n, mark, strlen(mark));
        size_t before = found ? (size_t)(found - text) : n;
        if (parser->comment)
            buf_add(&parser->said, text, before);
        else
            add_text(parser, text, before);
        if (!found)
            return;
        if (parser->comment)
            end_comment(parser);
        else
            begin_comment(parser);
        text += before + strlen(mark);
        n -= before + strlen(mark);
    }
}

static void add_entity(struct parser *parser, const char *entity, size_t n)
{
    struct buf text = {0};
    entity_decode(entity, n, &text);
    add_text(parser, text.data, text.len);
    buf_clear(&text);
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE n, void *data)
{
    struct parser *parser = data;

    bool in_source = follow(parser, text);
    switch (type) {
    case MD_TEXT_CODE:
        if (parser->code)
            add_code(parser, text, n, in_source);
        else
            add_text(parser, text, n);
        break;
    case MD_TEXT_BR:
        if (parser->cell)
            add_text(parser, " ", 1);
        else
            build_close(&parser->build);
        break;
    case MD_TEXT_SOFTBR:
        add_text(parser, " ", 1);
        break;
    case MD_TEXT_ENTITY:
        add_entity(parser, text, n);
        break;
    case MD_TEXT_HTML:
        add_html(parser, text, n);
        break;
    default:
        add_text(parser, text, n);
        break;
    }
    return 0;
}

/* The attribute as a heap string, its entities decoded. */
static char *attribute_text(const MD_ATTRIBUTE *attribute)
{
    struct buf text = {0};
    MD_OFFSET at = 0;

    for (size_t i = 0; at < attribute->size; i++) {
        MD_OFFSET end = attribute->substr_offsets[i + 1];
        if (attribute->substr_types[i] == MD_TEXT_ENTITY)
            entity_decode(attribute->text + at, end - at, &text);
        else
            buf_add(&text, attribute->text + at, end - at);
        at = end;
    }
    return buf_take(&text);
}

static int on_enter_span(MD_SPANTYPE type, void *detail, void *data)
{
    struct parser *parser = data;

    if (parser->spans[type]++ == 0 && type == MD_SPAN_A) {
        parser->href = attribute_text(&((const MD_SPAN_A_DETAIL *)detail)->href);
        parser->link_start = parser->build.article->text.len;
    }
    return 0;
}

/* A link is followed by its address, unless its text is that already. */
static void end_link(struct parser *parser)
{
    const struct build *build = &parser->build;
    size_t own = build_text_start(build);
    size_t start = own > parser->link_start ? own : parser->link_start;
    const char *text = build->article->text.data + start;
    const char *href = parser->href;

    if (strncmp(href, "mailto:", 7) == 0)
        href += 7;
    if (strcmp(text, href) != 0) {
        add_text(parser, " <", 2);
        add_text(parser, href, strlen(href));
        add_text(parser, ">", 1);
    }
    free(parser->href);
    parser->href = NULL;
}

static int on_leave_span(MD_SPANTYPE type, void *detail, void *data)
{
    struct parser *parser = data;
    (void)detail;

    if (type == MD_SPAN_A && parser->spans[type] == 1)
        end_link(parser);
    parser->spans[type]--;
    return 0;
}

/* Only in these languages # begins a comment. */
static enum block_kind code_kind(const char *language)
{
    static const char *const languages[] = {"bash", "sh", "shell", "yaml", "yml"};

    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        if (text_fold_equal(language, languages[i]))
            return BLOCK_SHELL;
    return BLOCK_CODE;
}

static void enter_code(struct parser *parser, const MD_BLOCK_CODE_DETAIL *code)
{
    char *language = code->fence_char ? attribute_text(&code->lang) : NULL;

    parser->code = true;
    parser->lines = (struct code_lines){.start = parser->lines.start, .end = parser->end};
    build_open_verbatim(&parser->build, language ? code_kind(language) : BLOCK_CODE, language);
}

static void enter_list(struct build *build, MD_BLOCKTYPE type, const void *detail)
{
    if (type == MD_BLOCK_UL) {
        build_push_list(build, ((const MD_BLOCK_UL_DETAIL *)detail)->is_tight);
    } else {
        const MD_BLOCK_OL_DETAIL *list = detail;
        build_push_ordered_list(build, list->is_tight, list->start);
    }
}

static void enter_table(struct parser *parser, const MD_BLOCK_TABLE_DETAIL *detail)
{
    build_place_marker(&parser->build);
    parser->table.cols = detail->col_count;
}

/* Blocks that hold text, not other blocks. */
static void enter_leaf(struct parser *parser, MD_BLOCKTYPE type, const void *detail)
{
    build_close(&parser->build);
    build_stand_off(&parser->build);
    parser->comment = false;
    buf_clear(&parser->said);
    if (type == MD_BLOCK_H)
        parser->heading = true;
    else if (type == MD_BLOCK_CODE)
        enter_code(parser, detail);
    else if (type == MD_BLOCK_HR)
        add_text(parser, "---", 3);
    else if (type == MD_BLOCK_TABLE)
        enter_table(parser, detail);
}

static int on_enter_block(MD_BLOCKTYPE type, void *detail, void *data)
{
    struct parser *parser = data;

    switch (type) {
    case MD_BLOCK_QUOTE:
        build_push_quote(&parser->build);
        break;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        enter_list(&parser->build, type, detail);
        break;
    case MD_BLOCK_LI:
        build_push_item(&parser->build);
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        parser->cell = true;
        break;
    case MD_BLOCK_P:
    case MD_BLOCK_H:
    case MD_BLOCK_CODE:
    case MD_BLOCK_HTML:
    case MD_BLOCK_HR:
    case MD_BLOCK_TABLE:
        enter_leaf(parser, type, detail);
        break;
    default:
        break;
    }
    return ++parser->blocks > BLOCKS_MAX;
}

/* Goes to the section or platform that a heading opens. False where it is just
 * a heading; one as high as a section's or platform's ends the platform. */
static bool go_to(struct parser *parser, unsigned level, const char *title)
{
    struct build *build = &parser->build;

    if (level == 1 && !parser->titled) {
        parser->titled = true;
        return true;
    }
    if (level == 2 && article_find_section(title) < ARTICLE_SECTIONS) {
        build->section = article_find_section(title);
        build->platform = PLATFORMS;
        return true;
    }
    if (level > 3)
        return false;
    build->platform = PLATFORMS;
    if (level == 3 && build->section == ARTICLE_FIX)
        build->platform = article_find_platform(title);
    return build->platform != PLATFORMS;
}

/* The heading was kept aside as a block: it stays only if it opens nothing. */
static void end_heading(struct parser *parser, unsigned level)
{
    struct build *build = &parser->build;

    parser->heading = false;
    if (build->depth > 0) {
        build_close(build);
        return;
    }
    char *title = build_take(build);
    size_t n = strlen(title);
    while (n > 0 && title[n - 1] == ' ')
        title[--n] = '\0';
    if (!go_to(parser, level, title))
        build_text(build, STYLE_HEADING, title, n);
    build_close(build);
    free(title);
}

static void end_table(struct parser *parser)
{
    struct buf text = {0};

    table_write(&parser->table, &text);
    table_clear(&parser->table);
    build_open_verbatim(&parser->build, BLOCK_TABLE, NULL);
    build_text(&parser->build, STYLE_PLAIN, text.data, text.len);
    build_close(&parser->build);
    buf_clear(&text);
}

static int on_leave_block(MD_BLOCKTYPE type, void *detail, void *data)
{
    struct parser *parser = data;

    switch (type) {
    case MD_BLOCK_QUOTE:
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
    case MD_BLOCK_LI:
        build_pop(&parser->build);
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        parser->cell = false;
        table_add_cell(&parser->table, build_take(&parser->build));
        break;
    case MD_BLOCK_TABLE:
        end_table(parser);
        break;
    case MD_BLOCK_H:
        end_heading(parser, ((const MD_BLOCK_H_DETAIL *)detail)->level);
        break;
    default:
        parser->code = false;
        build_close(&parser->build);
        break;
    }
    return 0;
}

static void add_cut_note(struct build *build)
{
    static const char note[] = "The article is too long: the rest of it is not shown.";

    build_cut(build);
    build->depth = 0;
    build->gap = true;
    build_text(build, STYLE_DIM, note, sizeof note - 1);
}

static void parse_body(struct article *article, const char *text, size_t len, int line, bool cut)
{
    static const MD_PARSER callbacks = {
        .flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH,
        .enter_block = on_enter_block,
        .leave_block = on_leave_block,
        .enter_span = on_enter_span,
        .leave_span = on_leave_span,
        .text = on_text,
    };
    struct parser parser = {
        .build = {.article = article, .line = line, .platform = PLATFORMS},
        .lines.start = text,
        .at = text,
        .end = text + len,
    };

    if (md_parse(text, (MD_SIZE)len, &callbacks, &parser) != 0 || cut)
        add_cut_note(&parser.build);
    table_clear(&parser.table);
    buf_clear(&parser.said);
    free(parser.href);
}

struct article *article_parse(const char *text, size_t len)
{
    struct article *article = mem_zalloc(sizeof *article);
    struct article_parts parts;

    article_split(text, len, &parts, NULL);
    bool cut = parts.body_len > ARTICLE_MAX_BYTES;
    size_t n = cut ? ARTICLE_MAX_BYTES : parts.body_len;
    char *clean = text_sanitise(parts.body, n, TEXT_KEEP_TABS);
    n = strlen(clean);
    if (n > ARTICLE_MAX_BYTES) { /* what is spelled out grows */
        cut = true;
        for (n = ARTICLE_MAX_BYTES; ((unsigned char)clean[n] & 0xC0) == 0x80;)
            n--;
    }
    buf_puts(&article->text, "");
    parse_body(article, clean, n, parts.close_line + 1, cut);
    free(clean);
    return article;
}

void article_free(struct article *article)
{
    if (!article)
        return;
    for (size_t i = 0; i < article->nblocks; i++) {
        free(article->blocks[i].link);
        free(article->blocks[i].cause);
        free(article->blocks[i].language);
    }
    for (size_t i = 0; i < article->nmarks; i++)
        free(article->marks[i].text);
    free(article->blocks);
    free(article->marks);
    free(article->spans);
    buf_clear(&article->text);
    free(article);
}
