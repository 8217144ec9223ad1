/* The journal: what was run and done, as it happens. JSON lines in journal.jsonl in a
 * directory of the user's (0700, the file 0600), only ever appended to, one write(2)
 * an event. A check that says what it said the last time takes a short line. Past
 * JOURNAL_FILE_BYTES it becomes journal.1.jsonl, and a new one begins; what of the one
 * before matters goes to journal.kept.jsonl (guide/journal_keep.h). All three are read.
 * Several processes may append at once. It is this user's alone: files of others, files
 * with a second name and a directory that others may write into are not used.
 *
 * It never stands in the way: where there is no journal, or it takes no more, there is
 * a text that says why, the reason before the path, and everything goes on. */
#ifndef GUIDE_JOURNAL_H
#define GUIDE_JOURNAL_H

#include "base/error.h"
#include "guide/journal_event.h"
#include "run/result.h"
#include "settings/settings.h"

enum { JOURNAL_FILE_BYTES = 2 * 1024 * 1024 };

struct journal;

/* $XDG_STATE_HOME/stella/doctor, or below ~/.local/state; NULL with err where there is
 * no home. The caller frees it. */
char *journal_directory(struct error *err);

/* Opens the journal in directory, making what of it is not there; NULL stands for
 * journal_directory. NULL with err, one line for people, where it cannot be. */
struct journal *journal_open(const char *directory, struct error *err);

/* Masks the secret values of the settings in all that is appended from now on; they
 * must outlive the journal. A journal of NULL has none to mask. */
void journal_hide_secrets(struct journal *journal, struct settings *settings);

/* Has on the disk what was appended, runs too (fdatasync(2)); journal_trouble says where
 * that could not be. NULL is allowed. */
void journal_save(struct journal *journal);

/* Saves, closes and frees; NULL is allowed. */
void journal_close(struct journal *journal);

/* Appends the event, with the time and the process. It is on the disk when this returns
 * (fdatasync(2)), and so is all before it; but for a run, which is not worth the wait:
 * the next event of a walkthrough or journal_save takes it along. A run whose same is
 * that of the check's last run becomes a JOURNAL_RUN_AGAIN, and what digging added to it
 * likewise a JOURNAL_DEEPER_AGAIN. A journal of NULL takes
 * nothing. */
void journal_add(struct journal *journal, const struct journal_event *event);

/* Appends a run with its verdict, vantage being where it was seen from; of one that has dug
 * deeper what is known of it then, beside its verdict, which was appended before. */
void journal_add_result(struct journal *journal, const struct result *result,
                        const char *vantage);

/* Why the last event could not be appended: one line for people; NULL where it was, and
 * for no journal. */
const char *journal_trouble(const struct journal *journal);

/* A name for a new walkthrough, unlike any other; the caller frees it. */
char *journal_new_walk(void);

/* Calls visit for each event of the check's walkthrough that began or went on last, and
 * for the last run of the check that was not as the one before (what came after it said
 * the same), the oldest first, one at a time; it lives for the call. Lines of the journal that are no
 * event, a torn last one among them, are passed over and counted in *skipped, lines of an
 * unknown kind without that. No journal is an empty one. False with err where there is one
 * that cannot be read. */
bool journal_read_walk(const char *directory, const char *check,
                       void (*visit)(void *context, const struct journal_event *event),
                       void *context, size_t *skipped, struct error *err);

#endif
