/* Articles: YAML front matter and Markdown (CommonMark with GitHub tables) with
 * fixed section titles, one article a check. The text comes from files that
 * others write: it is sanitised here, and nothing in it is ever executed here. */
#ifndef ARTICLE_ARTICLE_H
#define ARTICLE_ARTICLE_H

#include "base/error.h"
#include "base/rows.h"

#include <stdbool.h>
#include <stddef.h>

enum severity { SEVERITY_INFO, SEVERITY_WARN, SEVERITY_FAIL };

/* "info", "warn", "fail". */
const char *severity_name(enum severity severity);

/* What the front matter says, and the first heading. */
struct article_head {
    char *check_id;
    char *plugin;
    char *title;
    char **tags;
    size_t ntags;
    enum severity severity;
};

/* The ## sections, in the order every article has them. */
enum article_section {
    ARTICLE_WHAT,    /* What It Checks */
    ARTICLE_WHY,     /* Why It Matters */
    ARTICLE_CAUSES,  /* Common Causes */
    ARTICLE_FIX,     /* How to Fix */
    ARTICLE_VERIFY,  /* Verification */
    ARTICLE_RELATED, /* Related Checks */
    ARTICLE_SECTIONS
};

/* "What It Checks", ...; section below ARTICLE_SECTIONS. */
const char *article_section_title(enum article_section section);

/* The section that a ## title opens, in any letter case, or ARTICLE_SECTIONS. */
enum article_section article_find_section(const char *title);

/* The ### headings of How to Fix. */
enum platform { PLATFORM_COMPOSE, PLATFORM_SYSTEMD, PLATFORM_HELM, PLATFORMS };

/* "Docker Compose", "Bare Metal / systemd", "Kubernetes / Helm". */
const char *platform_title(enum platform platform);

/* The platform that a ### title opens: one word of it is enough ("Docker", "Helm").
 * PLATFORMS where there is none. */
enum platform article_find_platform(const char *title);

/* Reads front matter and first heading only (the start of the program reads no
 * Markdown). The front matter is YAML 1.1 between two lines of ---, at most
 * 64 KiB and 100 levels deep; aliases are not followed. Required: checkId,
 * plugin, severity, tags (1 to 64), a # title. Unknown keys are allowed. A byte
 * order mark and CRLF are tolerated. On failure false, err is "LINE: reason and
 * what to do", and head is empty. Clear with article_head_clear. */
bool article_read_head(const char *text, size_t len, struct article_head *head, struct error *err);
void article_head_clear(struct article_head *head);

struct article;

/* Parses the Markdown of a whole article. Never fails: unknown sections and
 * text that fits no section are kept under the section before, and a platform is
 * known by one word of its heading too ("Docker", "Helm"). HTML comments vanish,
 * other HTML is plain text. Past 128 KiB the article is cut, with a note that
 * says so. Free takes NULL. */
struct article *article_parse(const char *text, size_t len);
void article_free(struct article *article);

/* Whether the section has any content; of ARTICLE_FIX: whether the platform has
 * content of its own, or with PLATFORMS any. */
bool article_has(const struct article *article, enum article_section section,
                 enum platform platform);

/* Calls visit for each item of the lists of Common Causes, in order: the id of its
 * invisible mark (an HTML comment "cause: ID" in the item), or NULL, and its text in
 * one line. The strings live for the call. */
void article_each_cause(const struct article *article,
                        void (*visit)(void *context, const char *id, const char *text),
                        void *context);

/* Appends the content of a section, without its heading, as rows: prose wrapped
 * to min(cols, 80), code blocks as unwrapped code rows. For ARTICLE_FIX the
 * text before the first platform comes first, then the platform's own, then what
 * follows under headings that name no platform; PLATFORMS gives only the text of
 * no platform.
 * A list item of ARTICLE_RELATED that begins with a check id is a link to it;
 * the rows point into the article, which must outlive them. */
void article_layout(const struct article *article, enum article_section section,
                    enum platform platform, int cols, struct rows *rows);

/* Appends what of ARTICLE_FIX is the platform's own, without what all platforms
 * share; otherwise like article_layout. */
void article_layout_platform(const struct article *article, enum platform platform, int cols,
                             struct rows *rows);

#endif
