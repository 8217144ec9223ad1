/* Copying a text to where the user can paste it from, and saying no more than is
 * known: that a terminal takes it, none can tell. */
#ifndef GUIDE_CLIPBOARD_H
#define GUIDE_CLIPBOARD_H

#include "base/clock.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

/* What terminals take in one OSC 52: 100,000 bytes with base64 and framing. */
enum { CLIPBOARD_OSC52_BYTES = 74994, CLIPBOARD_LIMIT_US = 2 * CLOCK_SECOND };

enum clipboard_route {
    CLIPBOARD_TMUX,     /* tmux load-buffer -w */
    CLIPBOARD_TERMINAL, /* OSC 52 of xterm's ctlseqs */
    CLIPBOARD_FILE,
    CLIPBOARD_NOWHERE /* not even a file could be written */
};

/* Where we are. The strings are the environment's, NULL or "" where unset. */
struct clipboard_place {
    bool terminal;                   /* there is one, and the caller can write to it */
    const char *tmux, *screen, *term; /* TMUX, STY, TERM */
};

/* The place as our environment tells it. */
struct clipboard_place clipboard_place_here(bool terminal);

/* The way for a text of so many bytes; *why is a phrase for CLIPBOARD_FILE, else NULL. */
enum clipboard_route clipboard_route(const struct clipboard_place *place, size_t bytes,
                                     const char **why);

/* The bytes that ask a terminal to put text on its clipboard. The caller frees them. */
char *clipboard_osc52(const char *text);

/* Writes text to a file of that name which only the user can read, in $XDG_RUNTIME_DIR,
 * else in the state directory; neither may be writable for others. Replaces the one of
 * before. Returns its path, which the caller frees, or NULL with err. */
char *clipboard_write_file(const char *name, const char *text, struct error *err);

struct clipboard_result {
    enum clipboard_route route; /* that was taken in the end */
    const char *note;           /* one line for the user, clean */
    const char *sequence;       /* for CLIPBOARD_TERMINAL: the callee writes it to the terminal */
};

struct clipboard_options {
    struct clipboard_place place;
    clock_us limit_us; /* for tmux; 0: CLIPBOARD_LIMIT_US */
};

struct clipboard;

/* Once, on the loop, never from within clipboard_copy. The result lives until
 * clipboard_free, which may be called from within. */
typedef void (*clipboard_done)(void *context, const struct clipboard_result *result);

/* Copies text as it is. Where tmux fails, it becomes a file. */
struct clipboard *clipboard_copy(uv_loop_t *loop, const struct clipboard_options *options,
                                 const char *text, clipboard_done done, void *context);

/* Frees it; what is not done is given up. The loop must run on as for child_free. NULL
 * is allowed. */
void clipboard_free(struct clipboard *clipboard);

#endif
