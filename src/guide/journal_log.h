/* Inside the guide room: all lines of the journal, oldest first, of which only the
 * beginnings are read: when, what, and of which check. Eight megabytes are there in a few
 * milliseconds; who needs more of a line has it read by journal_entry_read. */
#ifndef GUIDE_JOURNAL_LOG_H
#define GUIDE_JOURNAL_LOG_H

#include "base/error.h"
#include "guide/journal_file.h"
#include "guide/journal_json.h"

enum { JOURNAL_TIME_BYTES = 24 };

/* Bytes of a line, which have no NUL behind them; text NULL: there are none. */
struct journal_word {
    const char *text;
    size_t size;
};

struct journal_line {
    const char *text;
    size_t size;
    enum journal_kind kind;
    struct journal_word time; /* JOURNAL_TIME_BYTES, which sort as the moments do */
    struct journal_word pid, walk, check, same;
    struct journal_word deeper; /* of a run that dug deeper: with what that added */
};

/* What was left out of the journal to keep it small. */
struct journal_left_out {
    int64_t until_ms; /* the time of the newest; 0: nothing was */
    int64_t runs, others; /* events */
};

struct journal_log {
    struct journal_line *lines;
    size_t count;
    size_t skipped; /* lines that are no events */
    struct journal_left_out left_out;
    /* What the lines point into. */
    struct buf files[JOURNAL_FILES];
    char **anew;
    size_t nanew;
};

bool journal_word_equals(struct journal_word one, struct journal_word other);

/* Reads the beginning of a line, size bytes at text. False where it is not as this
 * program writes it: it may be an event all the same. */
bool journal_line_scan(struct journal_line *line, const char *text, size_t size);

/* The text that the line has behind ,"name":" as it is written: right for words and times,
 * which have no backslash. Empty where there is none. */
struct journal_word journal_line_member(const struct journal_line *line, const char *name);

/* Since 1970; 0 for no time. */
int64_t journal_word_ms(struct journal_word time);

/* How many runs a run-again stands for, and when the first was; of another line 1 and its
 * own time. */
int64_t journal_line_count(const struct journal_line *line, struct journal_word *first);

/* Whether a line is one of a run: JOURNAL_RUN or JOURNAL_RUN_AGAIN. */
bool journal_line_is_run(const struct journal_line *line);

/* Whether a run says what the one before of its check said. */
bool journal_line_repeats(const struct journal_line *line, const struct journal_line *before);

/* Reads the journal in directory, JOURNAL_NOW only where it is wanted. A run that dug
 * deeper is one line, with what that added: JOURNAL_RUN_DEEPER and JOURNAL_DEEPER_AGAIN are
 * never among the lines. No journal is an empty one. False with err where there is one that cannot be read. Clear it in either case. */
bool journal_log_read(struct journal_log *log, const char *directory, bool now,
                      struct error *err);
void journal_log_clear(struct journal_log *log);

/* The line that JOURNAL_KEPT begins with: what was left out, and that the lines of the
 * file whose first line has the digest are in it; the caller frees it, without a line
 * feed. */
char *journal_head(const struct journal_left_out *left_out, uint64_t digest);

/* Of the first line of the text; 0 where there is none. */
uint64_t journal_digest(const struct buf *text);

#endif
