#include "process.h"

#include <check.h>
#include <dirent.h>
#include <sched.h>

static int count_entries(const char *path)
{
    DIR *dir = opendir(path);
    int count = 0;

    ck_assert_ptr_nonnull(dir);
    for (const struct dirent *entry; (entry = readdir(dir));)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

int process_descriptors(void)
{
    return count_entries("/proc/self/fd");
}

int process_threads(void)
{
    return count_entries("/proc/self/task");
}

void process_await_threads(int count)
{
    while (process_threads() > count)
        sched_yield();
}
