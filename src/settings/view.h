/* The settings for people: what decides, where it comes from, what it hides, and
 * what looks set but is not. */
#ifndef SETTINGS_VIEW_H
#define SETTINGS_VIEW_H

#include "base/rows.h"
#include "settings/settings.h"
#include "settings/target.h"

/* The keys that tell about a target: its host keys and the port beside each, in
 * order, then every other key that some layer has in the same sections. The
 * caller frees the strings and the array of *count. */
char **settings_keys_beside(const struct settings *settings, const char *const *host_keys,
                            size_t nhost_keys, size_t *count);

/* Appends the view, wrapped to cols columns: the target's host and port with
 * provenance, or why there is none; the sources with their state and discovery's
 * notes; the keys with what they hide; the warnings, each with what to change.
 * Where a source failed, the keys are labelled as what the other sources say. */
void settings_layout(const struct settings *settings, const struct target *target,
                     char *const *keys, size_t nkeys, int cols, struct rows *rows);

#endif
