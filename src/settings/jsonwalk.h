/* A walk over the leaves of a JSON document, each with its key as .NET's
 * configuration flattens it. */
#ifndef SETTINGS_JSONWALK_H
#define SETTINGS_JSONWALK_H

#include "settings/fault.h"
#include "settings/jsontoken.h"

#include <stdint.h>

/* .NET's limit, and ours, which keeps the time of what goes through all keys in
 * bounds. */
enum { JSONWALK_MAX_DEPTH = 64, JSONWALK_MAX_KEY = 4096 };

/* A container that is open. */
struct jsonwalk_level {
    enum json_token close;
    size_t count;    /* of its items so far */
    size_t path_len; /* of the container's own key, and its hash */
    uint64_t hash;
    int line;
    size_t section; /* for whoever walks: what it has made of the container, or 0 */
};

/* A walk over the leaves of a document: scalars and empty containers. It needs
 * no memory but for the key, so the document is walked several times: to see
 * that it is good, to look for duplicates, and to hand it out. */
struct jsonwalk {
    struct json_scanner scanner;
    struct jsonwalk_level levels[JSONWALK_MAX_DEPTH];
    int depth;
    bool is_started, root_is_object;
    int root_line;
    enum json_token leaf; /* the scalar's token, which the scanner stands on, or the
                             closing bracket of an empty container */
    struct buf path;      /* the leaf's key, closed with a NUL */
    uint64_t hash;        /* of the key (store_hash) */
    int line;             /* of its name, or of the element of an array */
    const char *problem;  /* why the walk ended early, on scanner.line; a static string */
    enum fault_class fault;
};

/* Starts before the root of text, which must outlive the walk. */
void jsonwalk_start(struct jsonwalk *walk, struct span text);

/* On to the next leaf below the root; false at the root's end or at a problem. A
 * root that is a scalar has no leaf. */
bool jsonwalk_next(struct jsonwalk *walk);

/* Walks the whole document, from the start, and counts its leaves. False, with
 * the problem in the walk, where it is not good JSON with an object as its root. */
bool jsonwalk_check(struct jsonwalk *walk, size_t *count);

/* Whether the keys of two leaves are the same but for the case of A-Z. */
bool jsonwalk_same_key(const struct jsonwalk *a, const struct jsonwalk *b);

/* Frees what the walk holds. */
void jsonwalk_clear(struct jsonwalk *walk);

#endif
