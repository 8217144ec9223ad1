#include "temporary.h"

#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[64];

const char *temporary_directory(void)
{
    strcpy(directory, "/tmp/stella-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    return directory;
}

const char *temporary_file(const char *name, const char *text)
{
    static char path[256];

    snprintf(path, sizeof path, "%s/%s", directory, name);
    for (char *p = path + strlen(directory) + 1; (p = strchr(p, '/')); p++) {
        *p = '\0';
        mkdir(path, 0755);
        *p = '/';
    }
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void temporary_remove(void)
{
    if (directory[0])
        nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    directory[0] = '\0';
}
