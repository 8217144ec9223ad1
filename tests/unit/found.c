#include "found.h"

#include "base/buf.h"
#include "base/mem.h"
#include "settings/discover.h"
#include "settings/warnings.h"
#include "temporary.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *root;
static struct settings *settings;

const char *found_root(void)
{
    return root;
}

struct settings *found_settings(void)
{
    return settings;
}

void found_setup(void)
{
    root = temporary_directory();
    settings = settings_new();
}

void found_teardown(void)
{
    settings_free(settings);
    temporary_remove();
}

void found_discover(void)
{
    const struct discovery discovery = {root, "/", 10};
    settings_discover(settings, &discovery);
}

/* "json:/etc/a absent, environ:/proc/7/environ ok": paths below the root. */
static char *sources(void)
{
    static const char *const words[] = {"ok", "absent", "error"};
    struct buf text = {0};

    buf_puts(&text, "");
    for (size_t i = 0; i < settings_source_count(settings); i++) {
        const struct source *source = settings_source(settings, i);
        buf_printf(&text, "%s%s:%s %s", i ? ", " : "", source->kind,
                   source->path ? source->path + strlen(root) : "", words[source->status]);
    }
    return buf_take(&text);
}

void found_assert_sources(const char *wanted)
{
    char *seen = sources();
    ck_assert_str_eq(seen, wanted);
    free(seen);
}

void found_assert_value(const char *key, const char *wanted)
{
    struct setting setting = settings_get(settings, key);
    ck_assert_str_eq(setting.shown, wanted);
    setting_clear(&setting);
}

bool found_has_note(const char *part)
{
    for (size_t i = 0; i < settings_note_count(settings); i++)
        if (strstr(settings_note(settings, i), part))
            return true;
    return false;
}

bool found_has_source_note(const char *part)
{
    for (size_t i = 0; i < settings_source_count(settings); i++) {
        const char *note = settings_source(settings, i)->note;
        if (note && strstr(note, part))
            return true;
    }
    return false;
}

bool found_has_warning(const char *code, const char *part)
{
    struct settings_warnings warnings = {0};
    bool found = false;

    settings_collect_warnings(settings, &warnings);
    for (size_t i = 0; i < warnings.count; i++)
        found |= strcmp(warnings.items[i].code, code) == 0 &&
                 strstr(warnings.items[i].message, part);
    settings_warnings_clear(&warnings);
    return found;
}

void found_put_bytes(const char *name, const char *bytes, size_t n)
{
    FILE *file = fopen(temporary_file(name, ""), "w");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, n, file), n);
    fclose(file);
}

void found_link(const char *target, const char *name)
{
    char *path = mem_printf("%s/%s", root, name);
    ck_assert_int_eq(symlink(target, path), 0);
    free(path);
}

void found_set_mode(const char *name, mode_t mode)
{
    char *path = mem_printf("%s/%s", root, name);
    ck_assert_int_eq(chmod(path, mode), 0);
    free(path);
}

void found_set_time(const char *name, time_t when)
{
    char *path = mem_printf("%s/%s", root, name);
    const struct timespec times[] = {{.tv_sec = when}, {.tv_sec = when}};
    ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
    free(path);
}

void found_make_process(void)
{
    FOUND_PUT("proc/7/cmdline", "/usr/bin/dotnet\0StellaOps.Web.dll\0--Smtp:Port=2525\0");
    FOUND_PUT("proc/7/environ", "Smtp__Host=env\0ASPNETCORE_ENVIRONMENT=Staging\0");
    temporary_file("proc/7/cgroup", "0::/system.slice/stellaops-platform.service\n");
    temporary_file("proc/7/status", "Name:\tdotnet\nUid:\t999\t999\t999\t999\n"
                                    "Gid:\t998\t998\t998\t998\nGroups:\t997 996\n");
    temporary_file("proc/7/stat", "7 (a b) c) S 1 1 1 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 100 0 0\n");
    temporary_file("proc/stat", "cpu 1\nbtime 1000000000\n");
    found_link("/opt/app", "proc/7/cwd");
}
