/* Values in a text that no shell reads: a .env, JSON, YAML, or plain words. */
#ifndef GUIDE_DOCUMENT_H
#define GUIDE_DOCUMENT_H

#include "guide/patch.h"

/* Sets patches, which is empty before, to one for each placeholder in text, whose
 * syntax is not FILL_SHELL. What is filled in is read again where the syntax has a reader: Compose's
 * .env (settings/envfile.h) and YAML (libyaml); a text that its reader refuses takes
 * harmless values only. False with err where a value cannot stand, with the patches of
 * no use. */
bool document_fill(struct patches *patches, const char *text, enum fill_syntax syntax,
                   const struct fill_values *values, struct error *err);

#endif
