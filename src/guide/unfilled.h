/* Placeholders that nothing stands for: "<tenant-id>" in a command, as articles write what
 * people are to put in. */
#ifndef GUIDE_UNFILLED_H
#define GUIDE_UNFILLED_H

#include "guide/patch.h"

/* Finds the first one in a shell's text that is no placeholder of values. It goes by the
 * form: a "<", a name without a blank, and a ">". So "cmd <in >out", "<<END", "<(cmd)" and
 * "<in>>out" are none, nor is what a comment holds, a group of a regular expression,
 * "(?<name>", and markup, whose "</name>" is in the text too. A "cmd <in>out" is taken for
 * one: an error that costs an edit, where the other runs a wrong command. NULL where there is
 * none, else where it begins; *len is its bytes. */
const char *unfilled_find(const char *text, const struct fill_values *values, size_t *len);

#endif
