/* Character references of Markdown, as &amp; and &#8212; */
#ifndef ARTICLE_ENTITY_H
#define ARTICLE_ENTITY_H

#include "base/buf.h"

/* Appends the character that the n bytes at entity ("&...;") name, sanitised:
 * &#27; does not become an escape. A name that is not known stays as it is. */
void entity_decode(const char *entity, size_t n, struct buf *out);

#endif
