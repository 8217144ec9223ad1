/* Sources of settings, each added as one layer on top of those before it. */
#ifndef SETTINGS_SOURCE_H
#define SETTINGS_SOURCE_H

#include "settings/settings.h"

/* The .NET major version whose rules for null a JSON file is read with where
 * nobody says otherwise. */
enum { SOURCE_DOTNET_DEFAULT = 10 };

/* Adds the source that the text KIND or KIND:PATH names:
 *
 *     json:FILE             appsettings (jsonfile.h)
 *     ini:FILE              .NET's INI dialect (base/inifile.h)
 *     env-file:FILE         Compose's .env (envfile.h)
 *     unit-env-file:FILE    systemd's EnvironmentFile
 *     docker-env-file:FILE  docker run --env-file
 *     environ               the environment of this process
 *     environ:FILE          a NUL-separated block, such as /proc/PID/environ
 *     cmdline:FILE          NUL-separated arguments, such as /proc/PID/cmdline
 *
 * An unknown kind, or a file that cannot be opened, gives false and err and adds
 * nothing. A file that opens but has a mistake gives true and a layer that failed
 * (settings_failure): the platform would not start with it, so nothing in any
 * layer may be reported as its answer. dotnet_major as in jsonfile.h. */
bool settings_add_source(struct settings *settings, const char *source, int dotnet_major,
                         struct error *err);

/* Adds an environment block ("NAME=VALUE" strings, NULL at the end) on top.
 * "__" in a name becomes ":"; entries without "=" or without a name are left
 * out; names that differ only in case or spelling are ambiguous unless their
 * values are equal. (EnvironmentVariablesConfigurationProvider.) */
void settings_add_environ(struct settings *settings, char *const *environ_block);

#endif
