/* The first document of a YAML file as a flat tree, checked as Helm's reader
 * (sigs.k8s.io/yaml over go-yaml v2) checks it. Aliases stay aliases. */
#ifndef SETTINGS_VALUES_TREE_H
#define SETTINGS_VALUES_TREE_H

#include "base/buf.h"
#include "settings/fault.h"
#include "settings/values_scalar.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VALUES_MAX_DEPTH = 100 };

enum values_node_kind { VALUES_SCALAR, VALUES_SEQUENCE, VALUES_MAPPING, VALUES_ALIAS };

/* A node is followed by those in it, a mapping's keys and values by turns. */
struct values_node {
    unsigned char kind;   /* enum values_node_kind */
    unsigned char scalar; /* enum values_scalar_kind */
    bool is_octal;
    int line;
    uint32_t end; /* the index behind its last descendant */
    uint32_t at;  /* a scalar's text, from the start of all; an alias's target */
};

struct values_tree {
    struct values_node *nodes; /* the root first */
    size_t count;              /* 0: there is no document */
    struct buf text;           /* of the scalars, each closed with a NUL */
    bool has_aliases;
};

/* Reads the len bytes of text, FILE_LIMIT_BYTES at most: UTF-8 or, behind a byte
 * order mark, UTF-16. False with *fault where Helm would refuse the document: bad
 * syntax, another YAML version than 1.1, an unknown alias or one in its own
 * anchor, one that stands for too much (Helm's own measure), a key that is null,
 * a list or a mapping, a "<<" without a mapping, .inf and .nan, a tag that its
 * value does not fit, a plain text with "?" inside brackets; and where it is
 * nested deeper than VALUES_MAX_DEPTH or begins with over 100 %TAG lines. The
 * root may be anything. Clear the tree in both cases. Takes 16 bytes a node. */
bool values_tree_load(struct values_tree *tree, const char *text, size_t len,
                      struct fault *fault);
void values_tree_clear(struct values_tree *tree);

/* Whether the key merges what its value has into the mapping: "<<". */
bool values_tree_is_merge(const struct values_tree *tree, uint32_t key);

/* The node that an alias stands for; any other stands for itself. */
uint32_t values_tree_target(const struct values_tree *tree, uint32_t node);

/* The text of a scalar as written, U+0000 in it as the overlong C0 80; NULL for
 * others. */
const char *values_tree_text(const struct values_tree *tree, uint32_t node);

#endif
