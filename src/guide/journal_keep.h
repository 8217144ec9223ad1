/* Inside the guide room: what is kept of a full journal. */
#ifndef GUIDE_JOURNAL_KEEP_H
#define GUIDE_JOURNAL_KEEP_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum { JOURNAL_KEPT_BYTES = 4 * 1024 * 1024, JOURNAL_KEPT_DAYS = 30 };

/* Puts the events of JOURNAL_BEFORE to those of JOURNAL_KEPT, which is replaced as a
 * whole, so that JOURNAL_BEFORE may go. Runs that said the same become one with the
 * number of them. Where that is more than JOURNAL_KEPT_BYTES, what is left out is, the
 * oldest first: runs; then what was done more than JOURNAL_KEPT_DAYS before now_ms in
 * walkthroughs that have ended; then the rest. The file says how much was left out.
 * False with err, and all as it was, where it cannot be written. */
bool journal_keep(const char *directory, int64_t now_ms, struct error *err);

#endif
