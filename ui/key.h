/* From the bytes a terminal sends to keys, without curses: a getch would hold
 * the program up after every Esc. Feed the bytes, take the keys; while
 * key_pending is true start a timer of KEY_ESCAPE_MS, and call key_flush when
 * it runs out before more bytes came:
 *
 *     key_feed(&keys, bytes, n);
 *     while (key_next(&keys, &key))
 *         ...
 *
 * Sequences (ECMA-48, xterm's ctlseqs, the Linux console, the table of the
 * terminal) are keys or are swallowed whole, so that a late answer of the
 * terminal never types a command. However the bytes are split, the keys are
 * the same. */
#ifndef UI_KEY_H
#define UI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KEY_ESCAPE_MS = 50, KEY_SEQUENCE_SIZE = 32 };

/* The prefix keeps away from the KEY_ macros of curses. F1 to F12 are in row. */
enum key_code {
    INPUT_NONE,
    INPUT_CHAR, /* a printable character: character is its code point */
    INPUT_CTRL, /* a control that has no name below: 'c' for Ctrl-C, '@', '[', ... '_' */
    INPUT_ENTER,
    INPUT_TAB,
    INPUT_BACKTAB,
    INPUT_BACKSPACE,
    INPUT_ESCAPE,
    INPUT_UP,
    INPUT_DOWN,
    INPUT_LEFT,
    INPUT_RIGHT,
    INPUT_HOME,
    INPUT_END,
    INPUT_PAGE_UP,
    INPUT_PAGE_DOWN,
    INPUT_INSERT,
    INPUT_DELETE,
    INPUT_F1,
    INPUT_F2,
    INPUT_F3,
    INPUT_F4,
    INPUT_F5,
    INPUT_F6,
    INPUT_F7,
    INPUT_F8,
    INPUT_F9,
    INPUT_F10,
    INPUT_F11,
    INPUT_F12,
    INPUT_PASTE_BEGIN, /* what follows up to INPUT_PASTE_END was pasted, not typed */
    INPUT_PASTE_END,
    INPUT_OTHER /* known to the terminal, without a name here; key_next never gives it */
};

struct key {
    enum key_code code;
    uint32_t character; /* with INPUT_CHAR and INPUT_CTRL, else 0 */
};

/* What the terminal's own table says of a sequence that starts with ESC:
 * INPUT_NONE when it is not (yet) a key. */
typedef enum key_code key_lookup(const char *sequence);

enum key_state {
    KEY_STATE_GROUND,
    KEY_STATE_CHARACTER, /* inside a UTF-8 sequence */
    KEY_STATE_ESCAPE,    /* after ESC */
    KEY_STATE_CONTROL,   /* after ESC [ or ESC O, up to a final byte */
    KEY_STATE_LINUX,     /* after ESC [ [ */
    KEY_STATE_MOUSE,     /* after ESC [ M: three bytes */
    KEY_STATE_STRING     /* OSC, DCS, SOS, PM or APC, up to BEL or ESC \ */
};

/* Embedded; holds no memory. */
struct key_decoder {
    key_lookup *lookup;
    const char *bytes; /* fed, not yet decoded */
    size_t left;
    enum key_state state;
    char sequence[KEY_SEQUENCE_SIZE]; /* since ESC or a lead byte; closed with a NUL */
    size_t len;                       /* stops at KEY_SEQUENCE_SIZE - 1: then no key */
    bool escape;                      /* key_flush made an Escape of a lone ESC */
};

/* Starts empty. lookup may be NULL. */
void key_init(struct key_decoder *decoder, key_lookup *lookup);

/* Hands over n bytes, which stay the caller's and must not change until
 * key_next has returned false. */
void key_feed(struct key_decoder *decoder, const char *bytes, size_t n);

/* The next complete key in *out; false when there is none. Controls end a
 * sequence and are keys of their own; ESC and a character that came with it
 * (Alt) are nothing; invalid UTF-8 and C1 controls are nothing. */
bool key_next(struct key_decoder *decoder, struct key *out);

/* True while a lone ESC or a part of a sequence waits for more bytes. */
bool key_pending(const struct key_decoder *decoder);

/* No more bytes came in time: a lone ESC is the key Escape (take it with
 * key_next), a torn sequence is dropped. */
void key_flush(struct key_decoder *decoder);

#endif
