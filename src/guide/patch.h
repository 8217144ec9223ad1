/* Placeholders found in a text, and what is put in their place. */
#ifndef GUIDE_PATCH_H
#define GUIDE_PATCH_H

#include "guide/fill.h"

struct patch {
    size_t start, len; /* of the placeholder */
    size_t value;      /* index of the value that stands there */
    char *text;        /* what replaces it; NULL as long as that is open */
};

/* In the order of the text, none within another. Zeroed is empty. */
struct patches {
    struct patch *items;
    size_t count;
};

/* The values that a text is filled with. */
struct fill_values {
    const struct fill_value *items;
    size_t count;
};

/* Finds every placeholder in text, as a whole token; patches is empty before. */
void patches_find(struct patches *patches, const char *text, const struct fill_values *values);

/* A placeholder that is no such token, but may be meant as one: glued to an option (-h) or
 * to a dot before it, or in other letter case. False where there is none; else stray says
 * where it stands, with no text. */
bool patches_find_stray(struct patch *stray, const char *text, const struct fill_values *values);

/* Appends one, which takes text over. */
void patches_add(struct patches *patches, size_t start, size_t len, size_t value, char *text);

/* The text with the patches put in, of which none may be open; spans, where not NULL,
 * has room for each patch. The caller frees the text. */
char *patches_apply(const struct patches *patches, const char *text, struct fill_span *spans);

/* What the reader of a text must get: the placeholders in text, which is what it got
 * before, replaced by the bare values. The caller frees it. */
char *patches_expect(const char *text, const struct fill_values *values);

/* err says that the value of this patch cannot stand where it is, and why. Returns false. */
bool patch_refuse(const struct patch *patch, const struct fill_values *values, struct error *err,
                  const char *reason);

/* The same where the filled text does not read as it should: of the first value that
 * is not harmless. There must be a patch. */
bool patches_refuse(const struct patches *patches, const struct fill_values *values,
                    struct error *err);

void patches_clear(struct patches *patches);

#endif
