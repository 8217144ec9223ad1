/* The page of a walkthrough as rows, part by part: what the dashboard and a plain terminal
 * show alike. Everything is wrapped to cols columns, prose to 80 at most. */
#ifndef GUIDE_WALK_ROWS_H
#define GUIDE_WALK_ROWS_H

#include "base/rows.h"
#include "guide/walk.h"

/* A paragraph of one style behind a label of at most seven columns, which may be NULL. */
void walk_rows_line(struct rows *rows, int cols, enum style style, const char *label,
                    const char *text);

/* "reads   ran, exit status 127 (command not found)   way 1 of 2 (o)": words first, so that
 * colour adds nothing. */
void walk_rows_marks(struct rows *rows, const struct walk_page *page, int cols);

/* The command, or the text for a file, whole, between two blank rows. A line that is wider
 * than cols goes on in rows that begin with a mark. */
void walk_rows_command(struct rows *rows, const struct walk_page *page, int cols);

/* What a command wrote, clean lines, wrapped likewise. */
void walk_rows_output(struct rows *rows, const char *text, int cols);

/* Each value and where it came from; why the step is blocked. */
void walk_rows_values(struct rows *rows, const struct walk_page *page, int cols);

/* What became of the step; nothing where nothing has. */
void walk_rows_result(struct rows *rows, const struct walk_page *page, int cols);

/* What the proof that has ended said: before and after, and where it did not help what
 * can be put back and the next cause. */
void walk_rows_verdict(struct rows *rows, const struct walk *walk, int cols);

#endif
