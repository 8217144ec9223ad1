#include "guide/journal.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/xdg.h"
#include "guide/journal_json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NOW "journal.jsonl"
#define FILE_BEFORE "journal.1.jsonl"

struct journal {
    char *path, *path_before;
    int fd;
    struct error trouble; /* empty where the last event was appended */
};

char *journal_directory(struct error *err)
{
    char *path = xdg_state_path("stella/doctor");

    if (!path)
        error_set(err, "no journal: neither XDG_STATE_HOME nor HOME names a directory");
    return path;
}

static void explain(struct error *err, const char *path, const char *what, int number)
{
    char *clean = text_sanitise(path, strlen(path), TEXT_ONE_LINE);

    error_set(err, "%s: the journal %s: %s", clean, what,
              number == EINVAL ? "not a regular file" : strerror(number));
    free(clean);
}

/* A descriptor of the regular file at path, opened without waiting and through no
 * link; else -1 with errno. */
static int open_regular(const char *path, int flags)
{
    struct stat st;
    int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);

    if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)))
        return fd;
    close(fd);
    errno = EINVAL;
    return -1;
}

/* Its end is read too: O_RDWR. */
static bool open_file(struct journal *journal)
{
    if (journal->fd >= 0)
        close(journal->fd);
    journal->fd = open_regular(journal->path, O_RDWR | O_APPEND | O_CREAT);
    if (journal->fd >= 0)
        (void)fchmod(journal->fd, 0600);
    return journal->fd >= 0;
}

static void journal_free(struct journal *journal)
{
    if (journal->fd >= 0)
        close(journal->fd);
    free(journal->path);
    free(journal->path_before);
    free(journal);
}

struct journal *journal_open(const char *directory, struct error *err)
{
    char *found = directory ? mem_strdup(directory) : journal_directory(err);
    struct journal *journal = mem_zalloc(sizeof *journal);

    journal->fd = -1;
    if (found) {
        journal->path = mem_printf("%s/" FILE_NOW, found);
        journal->path_before = mem_printf("%s/" FILE_BEFORE, found);
        bool made = file_make_directory(found, err);
        free(found);
        if (made && open_file(journal))
            return journal;
        if (made)
            explain(err, journal->path, "cannot be opened", errno);
    }
    journal_free(journal);
    return NULL;
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    journal_free(journal);
}

const char *journal_trouble(const struct journal *journal)
{
    return journal->trouble.text[0] ? journal->trouble.text : NULL;
}

char *journal_new_walk(void)
{
    uint64_t number = (uint64_t)clock_wall_ms();

    (void)!getrandom(&number, sizeof number, 0);
    return mem_printf("%016llx", (unsigned long long)number);
}

/* Whether the path still leads to the open file. */
static bool is_current(const struct journal *journal, struct stat *open)
{
    struct stat named;

    return fstat(journal->fd, open) == 0 && lstat(journal->path, &named) == 0 &&
           named.st_ino == open->st_ino && named.st_dev == open->st_dev;
}

/* Puts a full file aside. The lock is for this alone, and nobody waits for it: who does
 * not get it appends to the file that another one is putting aside, where it is read
 * as well. */
static void rotate(const struct journal *journal)
{
    struct stat st;

    if (flock(journal->fd, LOCK_EX | LOCK_NB) < 0)
        return;
    (void)fdatasync(journal->fd);
    if (is_current(journal, &st))
        (void)rename(journal->path, journal->path_before);
    (void)flock(journal->fd, LOCK_UN);
}

/* Has the file open that size more bytes may go into. */
static bool find_room(struct journal *journal, size_t size)
{
    struct stat st;

    if (is_current(journal, &st)) {
        if ((size_t)st.st_size + size <= JOURNAL_FILE_BYTES)
            return true;
        rotate(journal);
    }
    return is_current(journal, &st) || open_file(journal);
}

/* Whether the last line has its end. Another process may be writing it: then there is
 * an empty line, which means nothing. */
static bool is_torn(int fd)
{
    off_t size = lseek(fd, 0, SEEK_END);
    char last = '\n';

    return size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

/* One write(2) with the line and its ends: O_APPEND keeps it together. */
static bool append(struct journal *journal, const char *line)
{
    if (!find_room(journal, strlen(line)))
        return false;
    char *text = mem_printf("%s%s\n", is_torn(journal->fd) ? "\n" : "", line);
    size_t size = strlen(text);
    ssize_t written = write(journal->fd, text, size);

    free(text);
    if (written >= 0 && (size_t)written < size)
        errno = ENOSPC;
    return written == (ssize_t)size;
}

/* A check is run again at no cost; what was done to a machine may end it. */
static bool finish(const struct journal *journal, enum journal_kind kind)
{
    return kind == JOURNAL_RUN || fdatasync(journal->fd) == 0;
}

void journal_add(struct journal *journal, const struct journal_event *event)
{
    struct journal_event whole = *event;

    if (!journal)
        return;
    whole.time_ms = clock_wall_ms();
    whole.pid = getpid();
    json_t *json = journal_event_json(&whole);
    char *line = json_dumps(json, JSON_COMPACT);
    if (append(journal, line) && finish(journal, event->kind))
        error_set(&journal->trouble, "%s", "");
    else
        explain(&journal->trouble, journal->path, "takes no more", errno);
    free(line);
    json_decref(json);
}

/* What journal_read is on. */
struct reading {
    void (*visit)(void *context, const struct journal_event *event);
    void *context;
    size_t skipped;
};

static void take_line(struct reading *reading, const char *line, size_t size)
{
    struct journal_entry entry;
    enum journal_reading is = JOURNAL_GOOD;

    if (size == 0)
        return;
    is = journal_entry_read(&entry, line, size);
    if (is == JOURNAL_GOOD)
        reading->visit(reading->context, &entry.event);
    else if (is == JOURNAL_BAD)
        reading->skipped++;
    journal_entry_clear(&entry);
}

/* A longer line than there can be is passed over without being kept. */
static void read_lines(struct reading *reading, FILE *file)
{
    char *line = mem_zalloc(JOURNAL_LINE_BYTES);
    size_t size = 0;
    int c;

    while ((c = getc_unlocked(file)) != EOF) {
        if (c == '\n' && size < JOURNAL_LINE_BYTES)
            take_line(reading, line, size);
        else if (c == '\n')
            reading->skipped++;
        else if (size < JOURNAL_LINE_BYTES)
            line[size++] = (char)c;
        if (c == '\n')
            size = 0;
    }
    reading->skipped += size > 0; /* torn */
    free(line);
}

/* The file, or NULL; false with err where it is there and cannot be read. */
static bool open_for_reading(const char *directory, const char *name, FILE **file,
                             struct error *err)
{
    char *path = mem_printf("%s/%s", directory, name);
    int fd = open_regular(path, O_RDONLY);
    bool ok = fd >= 0 || errno == ENOENT || errno == ENOTDIR;

    *file = fd >= 0 ? fdopen(fd, "r") : NULL;
    if (!ok)
        explain(err, path, "cannot be read", errno);
    free(path);
    return ok;
}

/* The newer file is opened first: one that is put aside meanwhile would be missed. */
static bool is_same(FILE *one, FILE *other)
{
    struct stat a, b;

    return fstat(fileno(one), &a) == 0 && fstat(fileno(other), &b) == 0 && a.st_ino == b.st_ino &&
           a.st_dev == b.st_dev;
}

bool journal_read(const char *directory,
                  void (*visit)(void *context, const struct journal_event *event), void *context,
                  size_t *skipped, struct error *err)
{
    struct reading reading = {visit, context, 0};
    FILE *now = NULL, *before = NULL;
    bool ok = open_for_reading(directory, FILE_NOW, &now, err) &&
              open_for_reading(directory, FILE_BEFORE, &before, err);

    if (ok && before && !(now && is_same(now, before)))
        read_lines(&reading, before);
    if (ok && now)
        read_lines(&reading, now);
    if (before)
        fclose(before);
    if (now)
        fclose(now);
    *skipped = reading.skipped;
    return ok;
}
