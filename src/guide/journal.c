#include "guide/journal.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/xdg.h"
#include "guide/journal_file.h"
#include "guide/journal_keep.h"
#include "guide/journal_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the last run of a check is looked for: as far as one goes that is made every
 * minute, of some hundred checks. */
enum { TAIL_BYTES = 128 * 1024 };

struct journal {
    char *directory, *path;
    int fd;
    struct settings *settings; /* whose secrets are masked, or NULL */
    bool unsaved;              /* something was appended that may not be on the disk */
    struct error trouble;      /* empty where the last event was appended */
};

char *journal_directory(struct error *err)
{
    char *path = xdg_state_path("stella/doctor");

    if (!path)
        error_set(err, "no journal: neither XDG_STATE_HOME nor HOME names a directory");
    return path;
}

static void explain(struct journal *journal, const char *reason)
{
    journal_file_explain(&journal->trouble, "the journal takes no more", reason, journal->path);
}

/* Private, whatever it was; a new one is to outlive a crash of the machine, as its lines do. */
static void settle_file(const struct journal *journal)
{
    struct stat st;

    if (fstat(journal->fd, &st) < 0)
        return;
    if ((st.st_mode & 0777) != 0600)
        (void)fchmod(journal->fd, 0600);
    if (st.st_size == 0)
        file_sync_directory(journal->directory);
}

/* Its end is read too: O_RDWR. */
static bool open_file(struct journal *journal, struct error *err)
{
    bool absent;

    if (journal->fd >= 0)
        close(journal->fd);
    journal->fd = journal_file_open(journal->directory, JOURNAL_NOW, O_RDWR | O_APPEND | O_CREAT,
                                    &absent, err);
    if (journal->fd < 0 && absent)
        journal_file_explain(err, "no journal", strerror(ENOENT), journal->path);
    if (journal->fd >= 0)
        settle_file(journal);
    return journal->fd >= 0;
}

static void journal_free(struct journal *journal)
{
    if (journal->fd >= 0)
        close(journal->fd);
    free(journal->directory);
    free(journal->path);
    free(journal);
}

static bool open_in(struct journal *journal, struct error *err)
{
    if (file_make_directory(journal->directory, NULL))
        return open_file(journal, err);
    journal_file_explain(err, "no journal", strerror(errno), journal->directory);
    return false;
}

struct journal *journal_open(const char *directory, struct error *err)
{
    char *found = directory ? mem_strdup(directory) : journal_directory(err);
    struct journal *journal = mem_zalloc(sizeof *journal);

    journal->fd = -1;
    journal->directory = found;
    if (found) {
        journal->path = journal_file_path(found, JOURNAL_NOW);
        if (open_in(journal, err))
            return journal;
    }
    journal_free(journal);
    return NULL;
}

void journal_hide_secrets(struct journal *journal, struct settings *settings)
{
    if (journal)
        journal->settings = settings;
}

void journal_save(struct journal *journal)
{
    if (!journal || !journal->unsaved)
        return;
    if (fdatasync(journal->fd) < 0)
        explain(journal, strerror(errno));
    journal->unsaved = false;
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    journal_save(journal);
    journal_free(journal);
}

const char *journal_trouble(const struct journal *journal)
{
    return journal && journal->trouble.text[0] ? journal->trouble.text : NULL;
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

/* Puts a full file aside, in the place of the one before, of which what matters is kept
 * first. The lock is for this alone, and nobody waits for it: who does not get it appends
 * to the file that another one is putting aside, where it is read as well. False with err
 * where nothing could be kept: rather takes the journal no more than loses what it has. */
static bool rotate(const struct journal *journal, struct error *err)
{
    struct stat st;
    bool ok = true;

    if (flock(journal->fd, LOCK_EX | LOCK_NB) < 0)
        return true;
    (void)fdatasync(journal->fd);
    if (is_current(journal, &st) && (ok = journal_keep(journal->directory, clock_wall_ms(), err))) {
        char *before = journal_file_path(journal->directory, JOURNAL_BEFORE);
        (void)rename(journal->path, before);
        free(before);
    }
    if (!ok)
        error_prefix(err, "the journal is full, and cannot be put aside");
    (void)flock(journal->fd, LOCK_UN);
    return ok;
}

/* Has the file open that size more bytes may go into. */
static bool find_room(struct journal *journal, size_t size, struct error *err)
{
    struct stat st;

    if (is_current(journal, &st)) {
        if ((size_t)st.st_size + size <= JOURNAL_FILE_BYTES)
            return true;
        if (!rotate(journal, err))
            return false;
    }
    return is_current(journal, &st) || open_file(journal, err);
}

/* Whether the last line has its end. Another process may be writing it: then there is
 * an empty line, which means nothing. */
static bool is_torn(int fd)
{
    off_t size = lseek(fd, 0, SEEK_END);
    char last = '\n';

    return size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

/* One write(2), which O_APPEND keeps together; where it is cut short another one, which
 * says why. False with errno. */
static bool write_all(int fd, const char *text, size_t size)
{
    ssize_t written = write(fd, text, size);

    if (written >= 0 && (size_t)written < size) {
        size -= (size_t)written;
        written = write(fd, text + written, size);
        errno = written < 0 ? errno : ENOSPC;
    }
    return written == (ssize_t)size;
}

static bool append(struct journal *journal, const char *line)
{
    struct error err = {0};

    if (!find_room(journal, strlen(line) + 2, &err)) {
        journal->trouble = err;
        return false;
    }
    char *text = mem_printf("%s%s\n", is_torn(journal->fd) ? "\n" : "", line);
    bool ok = write_all(journal->fd, text, strlen(text));

    if (!ok)
        explain(journal, strerror(errno));
    free(text);
    return ok;
}

static bool is_of_run(enum journal_kind kind)
{
    return kind == JOURNAL_RUN || kind == JOURNAL_RUN_AGAIN || kind == JOURNAL_RUN_DEEPER ||
           kind == JOURNAL_DEEPER_AGAIN;
}

/* A check is run again at no cost; what was done to a machine may end it. */
static bool finish(struct journal *journal, enum journal_kind kind)
{
    journal->unsaved = is_of_run(kind);
    if (journal->unsaved || fdatasync(journal->fd) == 0)
        return true;
    explain(journal, strerror(errno));
    return false;
}

/* The line that ends before the end bytes of text, without its feed; moves the end. */
static struct journal_word last_line(const char *text, size_t *end)
{
    const char *feed = *end > 0 ? memrchr(text, '\n', *end) : NULL;
    size_t begin = feed ? (size_t)(feed - text) + 1 : 0;
    struct journal_word line = {text + begin, *end - begin};

    *end = feed ? begin - 1 : 0;
    return line;
}

/* Whether the line decides if the event says the same: *same has what it says. Digging is
 * held against digging, but not past a run that stands whole: what went before that said
 * something else. */
static bool decides(const struct journal_line *line, enum journal_kind kind,
                    struct journal_word *same)
{
    bool of_run = journal_line_is_run(line);

    *same = of_run ? line->same : line->deeper;
    if (kind == JOURNAL_RUN)
        return of_run;
    if (line->kind == JOURNAL_RUN)
        *same = (struct journal_word){0};
    return is_of_run(line->kind) && line->kind != JOURNAL_RUN_AGAIN;
}

/* Whether the last run of the check, among the last lines, said the same. */
static bool find_same(const struct buf *text, const struct journal_event *run, const char *says)
{
    const struct journal_word check = {run->check, strlen(run->check)};
    const struct journal_word mine = {says, strlen(says)};
    struct journal_line line;
    struct journal_word same;
    size_t end = text->len;

    while (end > 0) {
        struct journal_word word = last_line(text->data, &end);
        if (journal_line_scan(&line, word.text, word.size) &&
            journal_word_equals(line.check, check) && decides(&line, run->kind, &same))
            return journal_word_equals(same, mine);
    }
    return false;
}

static bool is_repeated(const struct journal *journal, const struct journal_event *event)
{
    const char *says = event->kind == JOURNAL_RUN          ? event->same
                       : event->kind == JOURNAL_RUN_DEEPER ? event->deeper
                                                           : NULL;
    struct buf text = {0};
    struct stat st;

    if (!says || fstat(journal->fd, &st) < 0)
        return false;
    size_t size = (size_t)st.st_size, from = size > TAIL_BYTES ? size - TAIL_BYTES : 0;
    bool repeated = journal_file_read(journal->fd, from, &text) && find_same(&text, event, says);
    buf_clear(&text);
    return repeated;
}

void journal_add(struct journal *journal, const struct journal_event *event)
{
    struct journal_event whole = *event;

    if (!journal)
        return;
    if (is_repeated(journal, event))
        whole.kind = event->kind == JOURNAL_RUN ? JOURNAL_RUN_AGAIN : JOURNAL_DEEPER_AGAIN;
    whole.time_ms = clock_wall_ms();
    whole.pid = getpid();
    json_t *json = journal_event_json(&whole, journal->settings);
    char *line = json_dumps(json, JSON_COMPACT);
    if (append(journal, line) && finish(journal, whole.kind))
        error_set(&journal->trouble, "%s", "");
    free(line);
    json_decref(json);
}

/* The last line of the kind that is of the check; NULL where there is none. */
static const struct journal_line *find_last(const struct journal_log *log, enum journal_kind kind,
                                            struct journal_word check)
{
    for (size_t i = log->count; i-- > 0;)
        if (log->lines[i].kind == kind && journal_word_equals(log->lines[i].check, check))
            return &log->lines[i];
    return NULL;
}

bool journal_read_walk(const char *directory, const char *check,
                       void (*visit)(void *context, const struct journal_event *event),
                       void *context, size_t *skipped, struct error *err)
{
    const struct journal_word id = {check, strlen(check)};
    struct journal_log log;
    struct journal_entry entry;
    bool ok = journal_log_read(&log, directory, true, err);
    const struct journal_line *began = find_last(&log, JOURNAL_WALK_BEGAN, id);
    const struct journal_line *run = find_last(&log, JOURNAL_RUN, id);

    for (size_t i = 0; ok && i < log.count; i++) {
        const struct journal_line *line = &log.lines[i];
        if (line != run && (!began || !journal_word_equals(line->walk, began->walk)))
            continue;
        bool good = journal_entry_read(&entry, line->text, line->size) == JOURNAL_GOOD;
        if (good)
            visit(context, &entry.event);
        log.skipped += !good;
        journal_entry_clear(&entry);
    }
    *skipped = log.skipped;
    journal_log_clear(&log);
    return ok;
}
