/* Files of NAME=VALUE lines. Compose (.env, env_file), systemd
 * (EnvironmentFile=) and `docker run --env-file` read the same line in three
 * ways; each is read here as its program does: compose-go 2.13, systemd 252
 * (systemd.exec(5)), docker 28 (docker container run, --env-file). */
#ifndef SETTINGS_ENVFILE_H
#define SETTINGS_ENVFILE_H

#include "settings/fault.h"

#include <stdbool.h>
#include <stddef.h>

enum envfile_dialect { ENVFILE_COMPOSE, ENVFILE_SYSTEMD, ENVFILE_DOCKER };

/* The value of a variable of the shell that starts the containers, or NULL
 * where it is not set. The text must last until the next call. */
typedef const char *(*envfile_lookup)(void *context, const char *name);

/* Called for each variable, in order; one that is set twice comes twice, and
 * the last one counts. The name is as written ("Smtp__Host"), line that of the
 * name, from 1. The strings live for the call. */
typedef void (*envfile_entry)(void *context, const char *name, const char *value, int line);

/* Reads the len bytes of text. What the program drops without an error gives
 * no entry. False where the program would refuse the file, with a fault that
 * quotes nothing of the file; the caller then throws away whatever entry was
 * given. lookup (NULL: nothing is set) serves Compose's $NAME and a name without
 * "=", which Compose and Docker inherit; systemd has no use for it. Values that
 * interpolation makes larger than FILE_LIMIT_BYTES in all are refused. */
bool envfile_read(enum envfile_dialect dialect, const char *text, size_t len, envfile_lookup lookup,
                  void *lookup_context, envfile_entry entry, void *context, struct fault *fault);

#endif
