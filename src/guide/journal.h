/* The journal: what was run and done, as it happens. JSON lines in journal.jsonl in a
 * directory of the user's (0700, the file 0600), only ever appended to, one write(2)
 * an event. Past JOURNAL_FILE_BYTES it becomes journal.1.jsonl, and a new one begins;
 * both are read. Several processes may append at once.
 *
 * It never stands in the way: where there is no journal, or it takes no more, there is
 * a text that says why, and everything goes on. */
#ifndef GUIDE_JOURNAL_H
#define GUIDE_JOURNAL_H

#include "base/error.h"
#include "guide/journal_event.h"
#include "run/result.h"

enum { JOURNAL_FILE_BYTES = 4 * 1024 * 1024 };

struct journal;

/* $XDG_STATE_HOME/stella/doctor, or below ~/.local/state; NULL with err where there is
 * no home. The caller frees it. */
char *journal_directory(struct error *err);

/* Opens the journal in directory, making what of it is not there; NULL stands for
 * journal_directory. NULL with err, one line for people, where it cannot be. */
struct journal *journal_open(const char *directory, struct error *err);

/* Closes and frees; NULL is allowed. */
void journal_close(struct journal *journal);

/* Appends the event, with the time and the process. It is on the disk when this returns
 * (fdatasync(2)), and so is all before it; but for a run, which only the next event of a
 * walkthrough takes along: it outlives this process, and is not worth the wait. A journal
 * of NULL takes nothing. */
void journal_add(struct journal *journal, const struct journal_event *event);

/* Appends a finished run, vantage being where it was seen from. */
void journal_add_result(struct journal *journal, const struct result *result,
                        const char *vantage);

/* Why the last event could not be appended: one line for people; NULL where it was. */
const char *journal_trouble(const struct journal *journal);

/* A name for a new walkthrough, unlike any other; the caller frees it. */
char *journal_new_walk(void);

/* Calls visit for each event, oldest first, one at a time; it lives for the call.
 * Lines that are no event, a torn last one among them, are passed over and counted in
 * *skipped, lines of an unknown kind without that. No journal is an empty one. False
 * with err where there is one that cannot be read. */
bool journal_read(const char *directory,
                  void (*visit)(void *context, const struct journal_event *event), void *context,
                  size_t *skipped, struct error *err);

#endif
