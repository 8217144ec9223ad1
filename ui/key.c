#include "ui/key.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { BEL = 0x07, BS = 0x08, ESC = 0x1B, DEL = 0x7F };

void key_init(struct key_decoder *decoder, key_lookup *lookup)
{
    *decoder = (struct key_decoder){.lookup = lookup};
}

void key_feed(struct key_decoder *decoder, const char *bytes, size_t n)
{
    decoder->bytes = bytes;
    decoder->left = n;
}

bool key_pending(const struct key_decoder *decoder)
{
    return decoder->state != KEY_STATE_GROUND;
}

static void enter(struct key_decoder *decoder, enum key_state state)
{
    decoder->state = state;
    if (state == KEY_STATE_GROUND)
        decoder->len = 0;
}

void key_flush(struct key_decoder *decoder)
{
    if (decoder->state == KEY_STATE_ESCAPE)
        decoder->escape = true;
    enter(decoder, KEY_STATE_GROUND);
}

static void append(struct key_decoder *decoder, unsigned char byte)
{
    if (decoder->len < sizeof decoder->sequence - 1)
        decoder->sequence[decoder->len++] = (char)byte;
    decoder->sequence[decoder->len] = '\0';
}

static struct key named(enum key_code code)
{
    return (struct key){.code = code};
}

/* Ends what was being read with a key, or with INPUT_NONE for nothing. */
static struct key finish(struct key_decoder *decoder, enum key_code code)
{
    enter(decoder, KEY_STATE_GROUND);
    return named(code == INPUT_OTHER ? INPUT_NONE : code);
}

static struct key control_key(unsigned char byte)
{
    switch (byte) {
    case '\r':
    case '\n':
        return named(INPUT_ENTER);
    case '\t':
        return named(INPUT_TAB);
    case BS:
    case DEL:
        return named(INPUT_BACKSPACE);
    default:
        return (struct key){INPUT_CTRL, (unsigned char)text_fold((char)(byte | 0x40))};
    }
}

static struct key on_ground(struct key_decoder *decoder, unsigned char byte)
{
    if (byte == ESC) {
        append(decoder, byte);
        enter(decoder, KEY_STATE_ESCAPE);
    } else if (byte < 0x20 || byte == DEL) {
        return control_key(byte);
    } else if (byte < 0x80) {
        return (struct key){INPUT_CHAR, byte};
    } else if (byte >= 0xC2 && byte <= 0xF4) {
        append(decoder, byte);
        enter(decoder, KEY_STATE_CHARACTER);
    }
    return named(INPUT_NONE);
}

/* A character after ESC is an Alt chord: read to its end like any other. */
static struct key on_character(struct key_decoder *decoder, unsigned char byte)
{
    enum { CHARACTER_MAX = 4, C1_END = 0xA0 };
    size_t start = decoder->sequence[0] == ESC;
    struct key key = {INPUT_CHAR, 0};

    append(decoder, byte);
    size_t n = decoder->len - start;
    if (text_decode(decoder->sequence + start, n, &key.character) != n)
        return n < CHARACTER_MAX ? named(INPUT_NONE) : finish(decoder, INPUT_NONE);
    enter(decoder, KEY_STATE_GROUND);
    return start || key.character < C1_END ? named(INPUT_NONE) : key;
}

/* The state that the byte after ESC leads to; the ground is an Alt chord. */
static enum key_state introduced(unsigned char byte)
{
    if (byte == '[' || byte == 'O')
        return KEY_STATE_CONTROL;
    if (strchr("]PX^_", byte))
        return KEY_STATE_STRING;
    return byte >= 0xC2 && byte <= 0xF4 ? KEY_STATE_CHARACTER : KEY_STATE_GROUND;
}

/* ESC O and a letter, or the same with ESC [. */
static enum key_code letter_key(char letter)
{
    static const struct {
        char letter;
        enum key_code code;
    } keys[] = {
        {'A', INPUT_UP},   {'B', INPUT_DOWN}, {'C', INPUT_RIGHT}, {'D', INPUT_LEFT},
        {'F', INPUT_END},  {'H', INPUT_HOME}, {'M', INPUT_ENTER}, {'P', INPUT_F1},
        {'Q', INPUT_F2},   {'R', INPUT_F3},   {'S', INPUT_F4},    {'Z', INPUT_BACKTAB},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].letter == letter)
            return keys[i].code;
    return INPUT_NONE;
}

/* ESC [ number ~, the numbers of DEC, rxvt and xterm. */
static enum key_code number_key(const char *parameters)
{
    static const unsigned char keys[] = {
        [1] = INPUT_HOME,     [2] = INPUT_INSERT,    [3] = INPUT_DELETE, [4] = INPUT_END,
        [5] = INPUT_PAGE_UP,  [6] = INPUT_PAGE_DOWN, [7] = INPUT_HOME,   [8] = INPUT_END,
        [11] = INPUT_F1,      [12] = INPUT_F2,       [13] = INPUT_F3,    [14] = INPUT_F4,
        [15] = INPUT_F5,      [17] = INPUT_F6,       [18] = INPUT_F7,    [19] = INPUT_F8,
        [20] = INPUT_F9,      [21] = INPUT_F10,      [23] = INPUT_F11,   [24] = INPUT_F12,
        [200] = INPUT_PASTE_BEGIN, [201] = INPUT_PASTE_END,
    };
    unsigned long number = strtoul(parameters, NULL, 10);
    return number < sizeof keys ? (enum key_code)keys[number] : INPUT_NONE;
}

/* The key of a complete sequence of ESC [ or ESC O. Modifiers (the second
 * parameter) change nothing. */
static enum key_code sequence_key(const struct key_decoder *decoder)
{
    const char *parameters = decoder->sequence + 2;
    char final = decoder->sequence[decoder->len - 1];
    size_t plain = strspn(parameters, "0123456789;");
    bool single = decoder->sequence[1] == 'O';

    if (2 + plain + 1 != decoder->len)
        return INPUT_NONE;
    if (final == '~')
        return single ? INPUT_NONE : number_key(parameters);
    /* ESC [ 1 ; 2 R is where the cursor stands, not only a modified F3. */
    if (!single && (final == 'R' || final == 'M'))
        return INPUT_NONE;
    return letter_key(final);
}

static bool is_final(unsigned char byte)
{
    return byte >= 0x40 && byte < DEL;
}

static struct key on_control(struct key_decoder *decoder, unsigned char byte)
{
    if (decoder->len == 3 && decoder->sequence[1] == '[' && (byte == '[' || byte == 'M'))
        enter(decoder, byte == '[' ? KEY_STATE_LINUX : KEY_STATE_MOUSE);
    else if (is_final(byte))
        return finish(decoder, sequence_key(decoder));
    return named(INPUT_NONE);
}

/* The last byte of ESC [ [ A to ESC [ [ E. */
static enum key_code linux_key(unsigned char byte)
{
    return byte >= 'A' && byte <= 'E' ? (enum key_code)(INPUT_F1 + (byte - 'A')) : INPUT_NONE;
}

/* One more byte of a sequence that began with ESC. */
static struct key on_sequence(struct key_decoder *decoder, unsigned char byte)
{
    enum { MOUSE_SIZE = 6 };

    append(decoder, byte);
    enum key_code code = decoder->lookup ? decoder->lookup(decoder->sequence) : INPUT_NONE;
    if (code != INPUT_NONE)
        return finish(decoder, code);
    switch (decoder->state) {
    case KEY_STATE_ESCAPE:
        enter(decoder, introduced(byte));
        return named(INPUT_NONE);
    case KEY_STATE_CONTROL:
        return on_control(decoder, byte);
    case KEY_STATE_LINUX:
        return finish(decoder, linux_key(byte));
    default:
        return decoder->len < MOUSE_SIZE ? named(INPUT_NONE) : finish(decoder, INPUT_NONE);
    }
}

static struct key on_string(struct key_decoder *decoder, unsigned char byte)
{
    if (byte == BEL)
        return finish(decoder, INPUT_NONE);
    if (byte == ESC) {
        enter(decoder, KEY_STATE_GROUND);
        return on_ground(decoder, byte);
    }
    return named(INPUT_NONE);
}

/* A byte that cannot continue what is being read: it ends it, and is looked
 * at again. Without this a torn sequence would eat the Ctrl-C after it. */
static bool is_break(const struct key_decoder *decoder, unsigned char byte)
{
    switch (decoder->state) {
    case KEY_STATE_GROUND:
    case KEY_STATE_STRING:
        return false;
    case KEY_STATE_CHARACTER:
        return (byte & 0xC0) != 0x80;
    case KEY_STATE_MOUSE:
    case KEY_STATE_ESCAPE:
        return byte < 0x20;
    default:
        return byte < 0x20 || byte >= DEL;
    }
}

static struct key step(struct key_decoder *decoder, unsigned char byte)
{
    switch (decoder->state) {
    case KEY_STATE_GROUND:
        return on_ground(decoder, byte);
    case KEY_STATE_CHARACTER:
        return on_character(decoder, byte);
    case KEY_STATE_STRING:
        return on_string(decoder, byte);
    default:
        return on_sequence(decoder, byte);
    }
}

bool key_next(struct key_decoder *decoder, struct key *out)
{
    for (;;) {
        if (decoder->escape) {
            decoder->escape = false;
            *out = named(INPUT_ESCAPE);
            return true;
        }
        if (decoder->left == 0)
            return false;
        unsigned char byte = (unsigned char)*decoder->bytes;
        if (is_break(decoder, byte))
            key_flush(decoder);
        else {
            decoder->bytes++;
            decoder->left--;
            *out = step(decoder, byte);
            if (out->code != INPUT_NONE)
                return true;
        }
    }
}
