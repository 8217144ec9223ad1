#include "guide/journal_log.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char HEAD[] = "{\"kind\":\"left-out\",";

bool journal_word_equals(struct journal_word one, struct journal_word other)
{
    return one.text && other.text && one.size == other.size &&
           memcmp(one.text, other.text, one.size) == 0;
}

/* What is left of a line. */
struct cursor {
    const char *at, *end;
};

static bool take(struct cursor *cursor, const char *text)
{
    size_t n = strlen(text);

    if ((size_t)(cursor->end - cursor->at) < n || memcmp(cursor->at, text, n) != 0)
        return false;
    cursor->at += n;
    return true;
}

/* A text and the quote behind it; none that is written with a backslash. */
static bool take_word(struct cursor *cursor, struct journal_word *word)
{
    const char *close = memchr(cursor->at, '"', (size_t)(cursor->end - cursor->at));

    if (!close || memchr(cursor->at, '\\', (size_t)(close - cursor->at)))
        return false;
    *word = (struct journal_word){cursor->at, (size_t)(close - cursor->at)};
    cursor->at = close + 1;
    return true;
}

static bool take_number(struct cursor *cursor, struct journal_word *word)
{
    const char *begin = cursor->at;

    while (cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9')
        cursor->at++;
    *word = (struct journal_word){begin, (size_t)(cursor->at - begin)};
    return cursor->at > begin;
}

static bool is_time(struct journal_word word)
{
    static const char form[] = "dddd-dd-ddTdd:dd:dd.dddZ";

    for (size_t i = 0; i < JOURNAL_TIME_BYTES && word.size == JOURNAL_TIME_BYTES; i++)
        if (form[i] == 'd' ? word.text[i] < '0' || word.text[i] > '9' : word.text[i] != form[i])
            return false;
    return word.size == JOURNAL_TIME_BYTES;
}

static bool find_kind(struct journal_word word, enum journal_kind *kind)
{
    for (int i = 0; i < JOURNAL_KINDS; i++) {
        const char *name = journal_kind_name((enum journal_kind)i);
        *kind = (enum journal_kind)i;
        if (strlen(name) == word.size && memcmp(name, word.text, word.size) == 0)
            return true;
    }
    return false;
}

bool journal_line_scan(struct journal_line *line, const char *text, size_t size)
{
    struct cursor cursor = {text, text + size};
    struct journal_word kind;

    *line = (struct journal_line){.text = text, .size = size};
    if (!take(&cursor, "{\"kind\":\"") || !take_word(&cursor, &kind) ||
        !find_kind(kind, &line->kind))
        return false;
    if (!take(&cursor, ",\"time\":\"") || !take_word(&cursor, &line->time) ||
        !is_time(line->time) || !take(&cursor, ",\"pid\":") || !take_number(&cursor, &line->pid))
        return false;
    if (take(&cursor, ",\"walk\":\"") && !take_word(&cursor, &line->walk))
        return false;
    if (!take(&cursor, ",\"check\":\"") || !take_word(&cursor, &line->check))
        return false;
    if (take(&cursor, ",\"same\":\"") && !take_word(&cursor, &line->same))
        return false;
    if (take(&cursor, ",\"deeper\":\"") && !take_word(&cursor, &line->deeper))
        return false;
    return cursor.at < cursor.end && text[size - 1] == '}';
}

bool journal_line_is_run(const struct journal_line *line)
{
    return line->kind == JOURNAL_RUN || line->kind == JOURNAL_RUN_AGAIN;
}

/* Who did not dig deeper says nothing against what that found; who did may have found
 * nothing that changes what the verdict said. */
bool journal_line_repeats(const struct journal_line *line, const struct journal_line *before)
{
    struct journal_word said = before->deeper.text ? before->deeper : before->same;

    return journal_word_equals(line->same, before->same) &&
           (!line->deeper.text || journal_word_equals(line->deeper, said));
}

/* Within a text the quote of the name would have a backslash before it. */
struct journal_word journal_line_member(const struct journal_line *line, const char *name)
{
    char *start = mem_printf(",\"%s\":", name);
    const char *found = memmem(line->text, line->size, start, strlen(start));
    struct cursor cursor = {found ? found + strlen(start) : line->text, line->text + line->size};
    struct journal_word word = {0};

    free(start);
    if (found && take(&cursor, "\"") && take_word(&cursor, &word))
        return word;
    return (struct journal_word){0};
}

int64_t journal_word_ms(struct journal_word time)
{
    char *text = mem_strndup(time.text ? time.text : "", time.size);
    int64_t ms = 0;

    bool ok = clock_parse_utc_ms(text, &ms);
    free(text);
    return ok ? ms : 0;
}

int64_t journal_line_count(const struct journal_line *line, struct journal_word *first)
{
    static const char name[] = ",\"count\":";
    const char *count = line->kind == JOURNAL_RUN_AGAIN
                            ? memmem(line->text, line->size, name, sizeof name - 1)
                            : NULL;

    *first = count ? journal_line_member(line, "first") : line->time;
    if (!first->text)
        *first = line->time;
    long long number = count ? strtoll(count + sizeof name - 1, NULL, 10) : 1;
    return number > 0 ? number : 1;
}

/* Makes a line of the event, whose text the log keeps. */
static bool write_anew(struct journal_log *log, const struct journal_event *event,
                       struct journal_line *line)
{
    json_t *json = journal_event_json(event, NULL);
    char *text = json_dumps(json, JSON_COMPACT);

    log->anew = mem_grow(log->anew, log->nanew, sizeof *log->anew);
    log->anew[log->nanew++] = text;
    json_decref(json);
    return journal_line_scan(line, text, strlen(text));
}

/* Written by others, or by hand: it is put into the form that can be scanned. */
static bool read_anew(struct journal_log *log, struct journal_line *line)
{
    struct journal_entry entry;
    enum journal_reading is = journal_entry_read(&entry, line->text, line->size);
    bool ok = is == JOURNAL_GOOD && write_anew(log, &entry.event, line);

    log->skipped += is == JOURNAL_BAD || (is == JOURNAL_GOOD && !ok);
    journal_entry_clear(&entry);
    return ok;
}

/* The run that dug deeper, which its process had begun last; NULL where it is not there. */
static struct journal_line *find_dug(struct journal_log *log, const struct journal_line *deeper)
{
    for (size_t i = log->count; i-- > 0;) {
        struct journal_line *line = &log->lines[i];
        if (journal_line_is_run(line) && journal_word_equals(line->pid, deeper->pid) &&
            journal_word_equals(line->check, deeper->check))
            return line->deeper.text ? NULL : line;
    }
    return NULL;
}

static void push_line(struct journal_log *log, const struct journal_line *line)
{
    log->lines = mem_grow(log->lines, log->count, sizeof *log->lines);
    log->lines[log->count++] = *line;
}

/* Puts what digging added in the place of its run: that has the run's time, and says of
 * the verdict what that said. One that stands for several stays, and so does this. */
static void take_deeper(struct journal_log *log, const struct journal_line *deeper)
{
    struct journal_line *run = find_dug(log, deeper), line;
    struct journal_word first;
    struct journal_entry entry;

    if (deeper->kind == JOURNAL_DEEPER_AGAIN) {
        if (run)
            run->deeper = deeper->deeper;
        return;
    }
    bool ok = journal_entry_read(&entry, deeper->text, deeper->size) == JOURNAL_GOOD;
    char *same = run && run->same.text ? mem_strndup(run->same.text, run->same.size) : NULL;
    entry.event.kind = JOURNAL_RUN;
    entry.event.same = same;
    if (run)
        entry.event.time_ms = journal_word_ms(run->time);
    ok = ok && write_anew(log, &entry.event, &line);
    if (ok && run && journal_line_count(run, &first) == 1)
        *run = line;
    else if (ok)
        push_line(log, &line);
    log->skipped += !ok;
    free(same);
    journal_entry_clear(&entry);
}

static void add_line(struct journal_log *log, const char *text, size_t size)
{
    struct journal_line line;

    if (size == 0)
        return;
    if (size >= JOURNAL_LINE_BYTES) {
        log->skipped++;
        return;
    }
    if (!journal_line_scan(&line, text, size) && !read_anew(log, &line))
        return;
    if (line.kind == JOURNAL_RUN_DEEPER || line.kind == JOURNAL_DEEPER_AGAIN)
        take_deeper(log, &line);
    else
        push_line(log, &line);
}

/* The last line is torn where it has no end. */
static void add_lines(struct journal_log *log, const struct buf *text, size_t from)
{
    if (text->len == 0)
        return;
    const char *at = text->data + from, *end = text->data + text->len, *feed;
    while ((feed = memchr(at, '\n', (size_t)(end - at)))) {
        add_line(log, at, (size_t)(feed - at));
        at = feed + 1;
    }
    log->skipped += at < end;
}

uint64_t journal_digest(const struct buf *text)
{
    const char *feed = text->len ? memchr(text->data, '\n', text->len) : NULL;

    return feed ? digest_of(text->data, (size_t)(feed - text->data)) : 0;
}

char *journal_head(const struct journal_left_out *left_out, uint64_t digest)
{
    return mem_printf("%s\"until_ms\":%" PRId64 ",\"runs\":%" PRId64 ",\"others\":%" PRId64
                      ",\"holds\":\"%016" PRIx64 "\"}",
                      HEAD, left_out->until_ms, left_out->runs, left_out->others, digest);
}

/* Bytes of the head with its line feed, 0 where there is none. */
static size_t read_head(const struct buf *text, struct journal_left_out *left_out,
                        uint64_t *digest)
{
    const char *feed = text->len ? memchr(text->data, '\n', text->len) : NULL;
    size_t n = feed ? (size_t)(feed - text->data) : 0;

    if (n < sizeof HEAD || memcmp(text->data, HEAD, sizeof HEAD - 1) != 0)
        return 0;
    json_t *head = json_loadb(text->data, n, 0, NULL);
    const char *holds = json_string_value(json_object_get(head, "holds"));
    left_out->until_ms = json_integer_value(json_object_get(head, "until_ms"));
    left_out->runs = json_integer_value(json_object_get(head, "runs"));
    left_out->others = json_integer_value(json_object_get(head, "others"));
    *digest = holds ? strtoull(holds, NULL, 16) : 0;
    json_decref(head);
    return n + 1;
}

static bool read_file(struct journal_log *log, const char *directory, enum journal_file file,
                      struct stat *st, struct error *err)
{
    bool absent;
    int fd = journal_file_open(directory, file, O_RDONLY, &absent, err);

    if (fd < 0)
        return absent;
    bool ok = fstat(fd, st) == 0 && journal_file_read(fd, 0, &log->files[file]);
    if (!ok) {
        char *path = journal_file_path(directory, file);
        journal_file_explain(err, "the journal cannot be read", strerror(errno), path);
        free(path);
    }
    close(fd);
    return ok;
}

/* The newer file is read first: what is put aside meanwhile would be missed. It may
 * then be there twice, and so may be what is just being kept. */
bool journal_log_read(struct journal_log *log, const char *directory, bool now,
                      struct error *err)
{
    struct stat stats[JOURNAL_FILES] = {0};
    uint64_t held = 0;

    *log = (struct journal_log){0};
    struct buf *files = log->files;
    for (int file = now ? JOURNAL_NOW : JOURNAL_BEFORE; file < JOURNAL_FILES; file++)
        if (!read_file(log, directory, (enum journal_file)file, &stats[file], err))
            return false;
    size_t head = read_head(&files[JOURNAL_KEPT], &log->left_out, &held);
    bool twice = now && stats[JOURNAL_NOW].st_ino == stats[JOURNAL_BEFORE].st_ino &&
                 stats[JOURNAL_NOW].st_dev == stats[JOURNAL_BEFORE].st_dev;
    add_lines(log, &files[JOURNAL_KEPT], head);
    if (!twice && (held == 0 || held != journal_digest(&files[JOURNAL_BEFORE])))
        add_lines(log, &files[JOURNAL_BEFORE], 0);
    if (now)
        add_lines(log, &files[JOURNAL_NOW], 0);
    return true;
}

void journal_log_clear(struct journal_log *log)
{
    for (int i = 0; i < JOURNAL_FILES; i++)
        buf_clear(&log->files[i]);
    for (size_t i = 0; i < log->nanew; i++)
        free(log->anew[i]);
    free(log->anew);
    free(log->lines);
    *log = (struct journal_log){0};
}
