/* The checks: wiring from checks/<name>.ini, everything else from the article with
 * the same id in articles/<plugin>/<name>.md, and rules of diagnosis for all of them
 * from diagnosis/<name>.ini. The built-in set comes first, each
 * directory adds to it, and of two with the same id the later one wins. A file
 * with a mistake is a problem that is reported; all others still load. */
#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H

#include "article/article.h"
#include "base/clock.h"
#include "catalog/rules.h"
#include "settings/target.h"

#include <stdbool.h>
#include <stddef.h>

enum probe_kind {
    PROBE_NONE,   /* an article without wiring: to be read, not run */
    PROBE_BROKEN, /* its wiring could not be loaded: to be read, and no verdict */
    PROBE_TCP_HOST,
    PROBE_TCP_URL
};

struct catalog;

/* A text of the article that stands for a variable of the walkthrough. */
struct placeholder {
    char *text;     /* "smtp.example.com" */
    char *variable; /* "host", "port" or "url" (guide/answers.h) */
};

struct check {
    char *id;
    enum probe_kind probe;
    char **keys; /* of the target, in order */
    size_t nkeys;
    uint16_t default_port; /* 0 with PROBE_TCP_URL: by scheme */
    clock_us timeout_us;
    uint16_t *contrast_ports; /* that tell more about the same host, where its own is silent */
    size_t ncontrast_ports;
    struct placeholder *placeholders;
    size_t nplaceholders;
    bool smtp; /* the target speaks SMTP: digging deeper talks to it */
    bool miswired; /* a file that wires it could not be loaded: placeholders may be others */
    const struct catalog *catalog; /* that it is in, once that is finished */
    struct article_head head;
    unsigned article_set; /* the catalog's number of the directory that it is from */
    char *article_name; /* for people: its path, or that below data/ where it is built in */
    /* Where the article is: a file, or text that is built in. */
    char *article_path;
    const char *article_text;
    size_t article_len;
    char *origin; /* "checks/integration.ini:11", or NULL without wiring */
};

/* Empty; free takes NULL and frees the checks. */
struct catalog *catalog_new(void);
void catalog_free(struct catalog *catalog);

/* Adds the set that is built into the program. */
void catalog_add_builtin(struct catalog *catalog);

/* Adds checks/ and articles/ of a directory, each file in the order of its
 * name's bytes. False with err if the directory itself cannot be read; errno is
 * ENOENT where it is not there. */
bool catalog_add_directory(struct catalog *catalog, const char *path, struct error *err);

/* The same for a directory that need not be there; one that cannot be read is a
 * problem that is reported. */
void catalog_add_optional_directory(struct catalog *catalog, const char *path);

/* Joins wiring and articles; call it once, after the last add. A check whose
 * article is missing is reported as a problem and left out. */
void catalog_finish(struct catalog *catalog);

/* The checks, in the order of wiring; articles without wiring come last. */
size_t catalog_count(const struct catalog *catalog);
const struct check *catalog_at(const struct catalog *catalog, size_t index);

/* The rules of diagnosis. The built-in ones are read when they are first asked for,
 * here or by a directory with rules of its own: a run that passes needs none. */
const struct rules *catalog_rules(const struct catalog *catalog);

const struct check *catalog_find(const struct catalog *catalog, const char *id);

/* What could not be loaded: "FILE:LINE: reason and what to do", one a line. */
size_t catalog_problem_count(const struct catalog *catalog);
const char *catalog_problem(const struct catalog *catalog, size_t index);

/* Whether there is something to probe. */
bool check_is_wired(const struct check *check);

/* The host and port that a wired check connects to, and where they come from. */
void check_target(const struct check *check, const struct settings *settings,
                  struct target *target);

/* The text of the check's article, len bytes closed with a NUL; NULL with err if its
 * file has gone. The caller frees it. */
char *check_read_article(const struct check *check, size_t *len, struct error *err);

/* Reads and parses the check's article; NULL with err if its file has gone. */
struct article *check_open_article(const struct check *check, struct error *err);

bool check_has_tag(const struct check *check, const char *tag);

#endif
