/* Inside the article room: where the parts of a file are, and what the parser
 * hands to the layout. */
#ifndef ARTICLE_MODEL_H
#define ARTICLE_MODEL_H

#include "article/article.h"
#include "base/buf.h"

/* A file, split into front matter and Markdown. Lines count from 1. */
struct article_parts {
    const char *yaml; /* between the two --- lines */
    size_t yaml_len;
    const char *body; /* after the front matter */
    size_t body_len;
    int yaml_line;  /* of the first byte of yaml */
    int close_line; /* of the closing --- */
};

/* Splits text; a byte order mark and CRLF are tolerated. Without a front matter
 * that is closed within 64 KiB: false, the body is the whole text and err tells. */
bool article_split(const char *text, size_t len, struct article_parts *parts, struct error *err);

/* Bytes at the start of text that an id of a check or plugin may consist of. */
size_t article_id_length(const char *text);

enum block_kind {
    BLOCK_PROSE, /* wrapped */
    BLOCK_CODE,  /* one span, one row a line, as are the next two */
    BLOCK_SHELL, /* code in which # begins a comment */
    BLOCK_TABLE  /* aligned already; the first line is the header */
};

struct block {
    enum article_section section;
    enum platform platform; /* PLATFORMS: shown with every platform */
    enum block_kind kind;
    bool gap;            /* an empty row comes before */
    int indent, hang;    /* columns before the first and the other rows */
    size_t first, count; /* spans */
    size_t text;         /* where its own text starts, after its markers */
    bool item;           /* the first of a list's item */
    char *link;          /* owned; the check id that it leads to, or NULL */
    char *cause;         /* owned; what an invisible "cause: ID" in it says, or NULL */
    char *language;      /* owned; of a whole fenced block, "" where it names none; else NULL */
    int line;            /* of the file, where the text of a fenced block begins */
};

/* What an invisible "steps: ..." says. */
struct mark {
    char *text; /* owned; behind the colon */
    int line;   /* of the file */
    enum article_section section;
    enum platform platform;
    size_t block; /* the next one; nblocks after the last */
};

struct article {
    struct buf text;
    struct span *spans; /* into text */
    size_t nspans;
    struct block *blocks;
    size_t nblocks;
    struct mark *marks; /* in the order of their blocks */
    size_t nmarks;
};

/* The block's own text without the blanks at its end. The caller frees it. */
char *block_text(const struct article *article, const struct block *block);

#endif
