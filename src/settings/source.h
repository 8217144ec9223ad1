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
 *     values:FILE           Helm's values.yaml (values.h); consecutive ones merge
 *     environ               the environment of this process
 *     environ:FILE          a NUL-separated block, such as /proc/PID/environ
 *     cmdline:FILE          NUL-separated arguments, without the program's name
 *
 * False with err, and nothing added, for an unknown kind and where the file's
 * name is missing. All else gives true and one source, whose status and fault
 * tell whether it could be opened and loaded: a platform would not start with
 * one that failed, so nothing in any layer may be reported as its answer.
 * dotnet_major as in jsonfile.h. */
bool settings_add_source(struct settings *settings, const char *source, int dotnet_major,
                         struct error *err);

/* Adds the file at path as a source of a kind of the list above ("json"), and
 * returns the source's index. is_optional: one that is not there is SOURCE_ABSENT
 * without a fault, as .NET takes an optional file. */
size_t settings_add_file(struct settings *settings, const char *kind, const char *path,
                         bool is_optional, int dotnet_major);

/* The same for len bytes that the caller has read from path (NULL: from none). */
size_t settings_add_text(struct settings *settings, const char *kind, const char *path,
                         const char *text, size_t len, int dotnet_major);

/* The same for a file that the caller could not read: number is errno's value. */
size_t settings_add_unread(struct settings *settings, const char *kind, const char *path,
                           bool is_optional, int number);

/* Adds an environment block ("NAME=VALUE" strings, NULL at the end) on top, as
 * --source environ does. */
void settings_add_environ(struct settings *settings, char *const *environ_block);

/* Puts a variable of the platform's environment, which stands on a line (0:
 * none), as .NET takes it (EnvironmentVariablesConfigurationProvider): "__" in a
 * name is ":"; the part of a name behind DOTNET_ or ASPNETCORE_ is a key of its
 * own below all layers; what is behind SQLCONNSTR_ and its like goes to
 * ConnectionStrings. The same name again replaces its value; names that differ
 * only in case or spelling are ambiguous unless their values are equal. */
void layer_put_variable(struct layer *layer, const char *name, const char *value, int line);

/* Sets what is to be said of a source, printf-like; made one clean line. */
void settings_set_note(struct settings *settings, size_t index, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a warning for settings_collect_warnings to tell. code is one of its list
 * (a static string); key, which may be "", and the message are made clean. */
void settings_add_warning(struct settings *settings, const char *code, const char *key, int layer,
                          int line, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* The lowest source that was named and could not be opened, or NULL. */
const struct source *settings_unreadable(const struct settings *settings);

#endif
