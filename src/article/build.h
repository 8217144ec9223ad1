/* Builds an article's blocks: what is open (lists, quotes, a block, a section)
 * and the text that goes there. The Markdown events are turned into these calls. */
#ifndef ARTICLE_BUILD_H
#define ARTICLE_BUILD_H

#include "article/model.h"

enum { BUILD_DEPTH_MAX = 16 }; /* deeper lists and quotes are shown at this depth */

/* A quote, a list or an item of one. */
struct container {
    char marker[16]; /* before the next text: "> ", a bullet, a number or blanks */
    unsigned number; /* of the next item of a list */
    bool list, ordered, tight;
};

/* Zeroed but for the article (whose text is not NULL), the line and the platform. */
struct build {
    struct article *article;
    int line; /* of the file, where the text is read */
    enum article_section section;
    enum platform platform;
    struct container containers[BUILD_DEPTH_MAX];
    size_t depth;      /* past BUILD_DEPTH_MAX it only counts */
    bool open;         /* the last block takes text */
    bool gap;          /* the next block stands off from the one before */
    bool marker;       /* an item waits for its first block */
};

void build_push_quote(struct build *build);
void build_push_list(struct build *build, bool tight);
void build_push_ordered_list(struct build *build, bool tight, unsigned start);
void build_push_item(struct build *build);

/* Closes the block and the innermost quote, list or item. */
void build_pop(struct build *build);

/* Makes the next block stand off, unless a tight list holds it. */
void build_stand_off(struct build *build);

/* Adds text to the open block. Where none is open, blanks are dropped and other
 * text opens a block of prose behind the markers of its lists and quotes. */
void build_text(struct build *build, enum style style, const char *text, size_t n);

/* What an HTML comment that began in line says: "cause: ID" names the open block of
 * the causes, "steps: ..." marks the next block. */
void build_comment(struct build *build, const char *text, int line);

/* Where the open block's own text starts in the article's. */
size_t build_text_start(const struct build *build);

/* Gives an item that begins with something else than prose a row for its marker. */
void build_place_marker(struct build *build);

/* Opens a block whose lines are kept as they are. Takes over the language, which is
 * NULL for a block that is not fenced. */
void build_open_verbatim(struct build *build, enum block_kind kind, char *language);

/* Notes that the open block of code reaches the current line, if none is noted yet. */
void build_locate(struct build *build);

/* Closes the open block, whose end or that of the last one is missing: half a command
 * must not become a step. */
void build_cut(struct build *build);

/* Closes the open block, if there is one. */
void build_close(struct build *build);

/* Takes the open block out of the article again and returns its own text, ""
 * where none is open. The caller frees it. */
char *build_take(struct build *build);

#endif
