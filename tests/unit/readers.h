/* Readers of what values were filled into, written apart from those of the program: the
 * value of the host in each text. */
#ifndef TESTS_UNIT_READERS_H
#define TESTS_UNIT_READERS_H

#include <stddef.h>

/* Puts in place of each of the texts, which are on the heap, the value in it; NULL where
 * there is none. */
typedef void reader(char **texts, size_t count);

/* "Smtp__Host=..." as Docker's documentation of the .env file says. */
reader read_env;

/* {"Host": ...}, by jq. */
reader read_json;

/* The scalar behind "host", by libyaml. */
reader read_yaml;

/* host = ..., quoted or not. */
reader read_ini;

/* What stands between ":-" and "}". */
reader read_default;

#endif
