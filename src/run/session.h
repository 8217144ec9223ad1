/* What both front ends need before anything runs: a loop, the settings and the
 * catalog, put together from the same options. */
#ifndef RUN_SESSION_H
#define RUN_SESSION_H

#include "catalog/catalog.h"
#include "run/demo.h"

#include <uv.h>

struct session_options {
    const char *data_dir;       /* replaces the built-in checks and articles; or NULL */
    const char *const *sources; /* KIND[:PATH] (settings/source.h), lowest precedence first */
    size_t nsources;
    size_t dotnet_major;     /* for json sources; 0: SOURCE_DOTNET_DEFAULT */
    const char *const *sets; /* "KEY=VALUE", on top of all sources */
    size_t nsets;
    bool default_sources; /* without sources: discovery, then the environment of this process */
    bool unreadable_sources; /* a source that cannot be opened is no error, but a state to be told */
    bool demo;            /* the demo's servers and settings, and no other source */
};

struct session {
    struct session_options options; /* whose strings must outlive the session */
    uv_loop_t *loop;
    struct settings *settings;
    struct catalog *catalog;
    struct demo *demo;
    char *vantage; /* "host web-1" */
};

/* Opens everything. Checks that are broken are problems of the catalog; false
 * with err only where an option cannot be followed: a file or directory that is
 * not there, a malformed assignment. Clear with session_close in either case. */
bool session_open(struct session *session, const struct session_options *options,
                  struct error *err);

/* Reads the settings anew from the same sources, since their files may have changed;
 * session->settings stays where it is. The demo's are its own and stay. False with err,
 * and the old ones, where a source cannot be opened any more. */
bool session_reload(struct session *session, struct error *err);

/* The check that the platform's mail settings are for: check.integration.smtp, or
 * the first one that has keys for a host; NULL where there is none. */
const struct check *session_mail_check(const struct session *session);

/* Frees everything; nothing may run any more. */
void session_close(struct session *session);

#endif
