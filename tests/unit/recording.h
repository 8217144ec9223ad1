/* Recorded conversations (tests/fuzz/conversation.h), replayed to probe/smtp.h on
 * a clock of their own. */
#ifndef TESTS_UNIT_RECORDING_H
#define TESTS_UNIT_RECORDING_H

#include "tests/fuzz/conversation.h"

struct item {
    enum conversation_kind kind;
    struct buf text;
};

/* Bytes of the server with nothing between them are one item. */
struct conversation {
    const char *name;
    struct item *items;
    size_t count;
    struct buf findings; /* as they must be, a line each */
};

/* Reads a file, whose path is kept; asserts that it has the form. */
struct conversation conversation_load(const char *path);
void conversation_unload(struct conversation *conversation);

/* Plays it to its end in pieces of at most piece bytes of the server, one of them
 * ending behind the first split bytes, and returns how many bytes were taken. If
 * findings, commands or an end are not as recorded, stderr and *wrong say so,
 * unless *wrong is set already: nothing is asserted, for it runs very often. */
size_t conversation_replay(const struct conversation *conversation, size_t split, size_t piece,
                           const char **wrong);

/* Plays it until the first cut bytes of the server, and lets it end there: how is
 * closed, reset or silent. It must end at once or by its deadlines; what was found before
 * stands, and the end adds just the finding that fits what was waited for. */
void conversation_replay_cut(const struct conversation *conversation, size_t cut, const char *how,
                             const char **wrong);

#endif
