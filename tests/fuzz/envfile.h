/* The three targets that read an env file. */
#ifndef TESTS_FUZZ_ENVFILE_H
#define TESTS_FUZZ_ENVFILE_H

#include "settings/envfile.h"

#include <stdint.h>

/* Reads data in the dialect, with a few variables set in the shell, and checks
 * what the header promises of every dialect; is_name tells the names that this
 * one can give. Returns 0. */
int fuzz_envfile(enum envfile_dialect dialect, bool (*is_name)(const char *name),
                 const uint8_t *data, size_t size);

#endif
