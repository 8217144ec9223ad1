#include "run/session.h"

#include "base/mem.h"
#include "base/xdg.h"
#include "run/vantage.h"
#include "settings/discover.h"
#include "settings/secrets.h"
#include "settings/source.h"

#include <stdlib.h>
#include <unistd.h>

#define SYSTEM_DIR "/etc/stellaops/doctor"

static void discover(struct settings *settings, int dotnet)
{
    char *directory = getcwd(NULL, 0);
    const struct discovery discovery = {"/", directory ? directory : "/", dotnet};

    settings_discover(settings, &discovery);
    settings_add_environ(settings, environ);
    free(directory);
}

/* A named source that cannot be opened was a slip of the command line: nothing
 * may be judged by what remains. */
static bool check_readable(const struct settings *settings, struct error *err)
{
    const struct source *source = settings_unreadable(settings);

    if (source)
        error_set(err, "--source %s:%s: %s", source->kind, source->path,
                  source->fault.reason.text);
    return !source;
}

static bool read_settings(struct settings *settings, const struct session_options *options,
                          struct error *err)
{
    int dotnet = options->dotnet_major ? (int)options->dotnet_major : SOURCE_DOTNET_DEFAULT;

    if (options->nsources == 0 && options->default_sources && !options->demo)
        discover(settings, dotnet);
    for (size_t i = 0; i < options->nsources; i++)
        if (!settings_add_source(settings, options->sources[i], dotnet, err)) {
            error_prefix(err, "--source");
            return false;
        }
    return options->unreadable_sources || check_readable(settings, err);
}

static bool add_sets(struct settings *settings, const struct session_options *options,
                     struct error *err)
{
    for (size_t i = 0; i < options->nsets; i++)
        if (!settings_add_set(settings, options->sets[i], err))
            return false;
    return true;
}

static bool open_settings(struct session *session, struct error *err)
{
    const struct session_options *options = &session->options;

    if (!read_settings(session->settings, options, err))
        return false;
    if (options->demo && !(session->demo = demo_start(session->loop, session->settings, err)))
        return false;
    return add_sets(session->settings, options, err);
}

bool session_reload(struct session *session, struct error *err)
{
    const struct session_options *options = &session->options;
    struct settings *fresh = options->demo ? NULL : settings_new();
    bool ok = !fresh || (read_settings(fresh, options, err) && add_sets(fresh, options, err));

    if (fresh && ok) {
        settings_keep_secrets(fresh, session->settings);
        settings_swap(session->settings, fresh);
    }
    settings_free(fresh);
    return ok;
}

static void add_user_directory(struct catalog *catalog)
{
    char *path = xdg_config_path("stella/doctor");

    if (path)
        catalog_add_optional_directory(catalog, path);
    free(path);
}

static bool open_catalog(struct session *session, const char *data_dir, struct error *err)
{
    struct catalog *catalog = session->catalog;
    bool ok = true;

    if (data_dir)
        ok = catalog_add_directory(catalog, data_dir, err);
    else
        catalog_add_builtin(catalog);
    catalog_add_optional_directory(catalog, SYSTEM_DIR);
    add_user_directory(catalog);
    catalog_finish(catalog);
    return ok;
}

bool session_open(struct session *session, const struct session_options *options,
                  struct error *err)
{
    *session = (struct session){.options = *options,
                                .loop = mem_zalloc(sizeof(uv_loop_t)),
                                .settings = settings_new(),
                                .catalog = catalog_new(),
                                .vantage = vantage_describe()};
    int status = uv_loop_init(session->loop);
    if (status != 0) {
        error_set(err, "cannot start: %s", uv_strerror(status));
        free(session->loop);
        session->loop = NULL;
        return false;
    }
    return open_settings(session, err) && open_catalog(session, options->data_dir, err);
}

const struct check *session_mail_check(const struct session *session)
{
    const struct check *check = catalog_find(session->catalog, "check.integration.smtp");

    for (size_t i = 0; i < catalog_count(session->catalog) && !check; i++)
        if (catalog_at(session->catalog, i)->probe == PROBE_TCP_HOST)
            check = catalog_at(session->catalog, i);
    return check && check->probe == PROBE_TCP_HOST ? check : NULL;
}

void session_close(struct session *session)
{
    demo_stop(session->demo);
    if (session->loop) {
        uv_run(session->loop, UV_RUN_DEFAULT);
        uv_loop_close(session->loop);
        free(session->loop);
    }
    catalog_free(session->catalog);
    settings_free(session->settings);
    free(session->vantage);
    *session = (struct session){0};
}
