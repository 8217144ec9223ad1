/* Values in a shell's text, and in the code, formats and documents within its words. */
#ifndef GUIDE_COMMAND_H
#define GUIDE_COMMAND_H

#include "guide/patch.h"

/* Sets patches, which is empty before, to one for each placeholder in text. embeds as
 * in guide/fill.h. False with err where a value cannot stand, with the patches of no use. */
bool command_fill(struct patches *patches, const char *text, enum fill_syntax embeds,
                  const struct fill_values *values, struct error *err);

#endif
