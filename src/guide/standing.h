/* Where in a document each byte stands. */
#ifndef GUIDE_STANDING_H
#define GUIDE_STANDING_H

#include "guide/patch.h"

enum standing {
    STANDING_OUTSIDE, /* of the values: names, punctuation */
    STANDING_COMMENT,
    STANDING_BARE,
    STANDING_SINGLE, /* in '...' */
    STANDING_DOUBLE, /* in "..." */
    STANDING_BLOCK   /* of YAML, behind | or > */
};
enum { STANDINGS = STANDING_BLOCK + 1 };

/* Each sets the place of every byte of text in places, all STANDING_OUTSIDE before. False
 * where the reader below does not take the text; JSON has none, so that what stands in
 * an article may be a part of it. */
bool standing_env(unsigned char *places, const char *text);
bool standing_json(unsigned char *places, const char *text);
bool standing_yaml(unsigned char *places, const char *text);

/* The same of INI, TOML and the like, for which there is no one reader either: a line of
 * NAME = VALUE, whatever is quoted in it, and what a "#" or ";" begins. Always true. */
bool standing_ini(unsigned char *places, const char *text);

/* Whether the reader (settings/envfile.h as Compose, libyaml) finds in filled what it
 * finds in text, with the values in place of the placeholders. */
bool standing_env_agrees(const char *text, const char *filled, const struct fill_values *values);
bool standing_yaml_agrees(const char *text, const char *filled, const struct fill_values *values);

#endif
