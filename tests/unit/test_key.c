#include "ui/key.h"

#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS_MAX = 64 };

struct typed {
    struct key keys[KEYS_MAX];
    size_t count;
};

/* What a terminal of the tests binds beyond the standards: rxvt's Shift-Insert
 * ends in a byte that is no final one, vt52 has two-byte keys. */
static enum key_code lookup(const char *sequence)
{
    static const struct {
        const char *sequence;
        enum key_code code;
    } table[] = {
        {"\033[2$", INPUT_INSERT}, {"\033[25$", INPUT_OTHER}, {"\033P", INPUT_F1},
        {"\033A", INPUT_UP},       {"\033[E", INPUT_OTHER},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(sequence, table[i].sequence) == 0)
            return table[i].code;
    return INPUT_NONE;
}

static void take(struct key_decoder *decoder, struct typed *typed)
{
    struct key key;

    while (key_next(decoder, &key)) {
        ck_assert_uint_lt(typed->count, KEYS_MAX);
        typed->keys[typed->count++] = key;
    }
}

static void feed(struct key_decoder *decoder, const char *bytes, size_t n, struct typed *typed)
{
    key_feed(decoder, bytes, n);
    take(decoder, typed);
}

/* Spells keys as in "a Up ^c F1", to compare and to read. */
static void spell(const struct typed *typed, char *text, size_t size)
{
    static const char *const names[] = {
        [INPUT_ENTER] = "Enter",         [INPUT_TAB] = "Tab",
        [INPUT_BACKTAB] = "Backtab",     [INPUT_BACKSPACE] = "Backspace",
        [INPUT_ESCAPE] = "Escape",       [INPUT_UP] = "Up",
        [INPUT_DOWN] = "Down",           [INPUT_LEFT] = "Left",
        [INPUT_RIGHT] = "Right",         [INPUT_HOME] = "Home",
        [INPUT_END] = "End",             [INPUT_PAGE_UP] = "PgUp",
        [INPUT_PAGE_DOWN] = "PgDn",      [INPUT_INSERT] = "Insert",
        [INPUT_DELETE] = "Delete",       [INPUT_PASTE_BEGIN] = "<paste",
        [INPUT_PASTE_END] = "paste>",    [INPUT_OTHER] = "other",
    };
    size_t at = 0;

    text[0] = '\0';
    for (size_t i = 0; i < typed->count && at < size; i++) {
        const struct key *key = &typed->keys[i];
        const char *gap = i ? " " : "";
        if (key->code == INPUT_CHAR && key->character < 0x7F)
            at += (size_t)snprintf(text + at, size - at, "%s%c", gap, (char)key->character);
        else if (key->code == INPUT_CHAR)
            at += (size_t)snprintf(text + at, size - at, "%sU+%04X", gap, key->character);
        else if (key->code == INPUT_CTRL)
            at += (size_t)snprintf(text + at, size - at, "%s^%c", gap, (char)key->character);
        else if (key->code >= INPUT_F1 && key->code <= INPUT_F12)
            at += (size_t)snprintf(text + at, size - at, "%sF%d", gap, key->code - INPUT_F1 + 1);
        else
            at += (size_t)snprintf(text + at, size - at, "%s%s", gap, names[key->code]);
    }
}

/* Bytes, the keys they give in any split, and the keys after a flush. */
struct sample {
    const char *bytes;
    const char *keys;
    const char *flushed; /* NULL: nothing is pending at the end */
};

static const struct sample samples[] = {
    {"abC9/?", "a b C 9 / ?", NULL},
    {"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", "U+00E9 U+20AC U+1F600", NULL},
    {"\003\014\032\001\034\037", "^c ^l ^z ^a ^\\ ^_", NULL},
    {"\r\n\t\b\177", "Enter Enter Tab Backspace Backspace", NULL},
    /* Arrows and Home/End in both modes, with and without modifiers. */
    {"\033[A\033[B\033[C\033[D", "Up Down Right Left", NULL},
    {"\033OA\033OB\033OC\033OD", "Up Down Right Left", NULL},
    {"\033[H\033[F\033OH\033OF", "Home End Home End", NULL},
    {"\033[1;5A\033[1;2H\033O5D", "Up Home Left", NULL},
    {"\033[1~\033[4~\033[7~\033[8~", "Home End Home End", NULL},
    {"\033[2~\033[3~\033[5~\033[6~", "Insert Delete PgUp PgDn", NULL},
    {"\033[3;5~\033[5;2~", "Delete PgUp", NULL},
    {"\033[Z\033OM", "Backtab Enter", NULL},
    /* Function keys: xterm, rxvt, vt220, the Linux console. */
    {"\033OP\033OQ\033OR\033OS", "F1 F2 F3 F4", NULL},
    {"\033[11~\033[12~\033[13~\033[14~\033[15~", "F1 F2 F3 F4 F5", NULL},
    {"\033[17~\033[18~\033[19~\033[20~\033[21~", "F6 F7 F8 F9 F10", NULL},
    {"\033[23~\033[24~\033[24;2~\033[1;2P", "F11 F12 F12 F1", NULL},
    {"\033[[A\033[[B\033[[C\033[[D\033[[E", "F1 F2 F3 F4 F5", NULL},
    {"\033[[Fq", "q", NULL},
    /* A paste. */
    {"\033[200~q\r\033[201~x", "<paste q Enter paste> x", NULL},
    /* Answers of the terminal and reports nobody asked for. */
    {"\033[?1;2cq", "q", NULL},
    {"\033[?A\033[>0;1A\033[1 Aq", "q", NULL},
    {"\033[24;80Rq", "q", NULL},
    {"\033[1;2Rq", "q", NULL},
    {"\033[?2026;2$yq", "q", NULL},
    {"\033[I\033[Oq", "q", NULL},
    {"\033[<0;10;20Mq\033[<0;10;20mr", "q r", NULL},
    {"\033[M qRx", "x", NULL},
    {"\033]11;rgb:0000/0000/0000\aq", "q", NULL},
    {"\033]11;rgb:0000/0000/0000\033\\q", "q", NULL},
    {"\033_Gi=1;OK\033\\\033^quit\033\\\033Xquit\033\\q", "q", NULL},
    {"\033[97;5uq\033[27;5;106~r", "q r", NULL},
    {"\033[0000000000000000000000000000000000000000000001~q", "q", NULL},
    {"\033[9999999999999999999999~\033[0~\033[16~\033[202~q", "q", NULL},
    {"\033O~q", "q", NULL},
    /* Alt and a character that came together are one, and nothing. */
    {"\033q\033\177\033\xC3\xA9x", "x", NULL},
    {"\033\033[A", "Escape Up", NULL},
    /* Controls end a sequence and are themselves. */
    {"\033\003", "Escape ^c", NULL},
    {"\033[1;\003", "^c", NULL},
    {"\033O\003\033[[\003\033[Mx\003", "^c ^c ^c", NULL},
    /* Invalid UTF-8 and C1 controls. */
    {"\x80\xFF\xC0\xAF\xF5q", "q", NULL},
    {"\xE2\x82q\xC3\033[A", "q Up", NULL},
    {"\xED\xA0\x80q\xC2\x9Bq", "q q", NULL},
    {"\xF4\x90\x80\x80q", "q", NULL},
    {"\033[1\xC3\xA9", "U+00E9", NULL},
    /* The terminal's own table. */
    {"\033[2$\033[25$q\033[E\033A\033Pq", "Insert q Up F1 q", NULL},
    /* What waits for more. */
    {"\033", "", "Escape"},
    {"\033\033", "Escape", "Escape"},
    {"x\033[1;", "x", ""},
    {"\033O", "", ""},
    {"\033[[", "", ""},
    {"\033[Mab", "", ""},
    {"\xE2\x82", "", ""},
    {"\033]0;never closed", "", ""},
};

enum { SAMPLES = sizeof samples / sizeof *samples };

static void check_keys(const struct typed *typed, const struct sample *sample, size_t split)
{
    char text[1024];

    spell(typed, text, sizeof text);
    ck_assert_msg(strcmp(text, sample->keys) == 0, "sample %d split at %zu: \"%s\", not \"%s\"",
                  (int)(sample - samples), split, text, sample->keys);
}

START_TEST(every_split_gives_the_same_keys)
{
    const struct sample *sample = &samples[_i];
    size_t n = strlen(sample->bytes);

    for (size_t split = 0; split <= n; split++) {
        struct key_decoder decoder;
        struct typed typed = {.count = 0};
        key_init(&decoder, lookup);
        feed(&decoder, sample->bytes, split, &typed);
        feed(&decoder, sample->bytes + split, n - split, &typed);
        check_keys(&typed, sample, split);
        ck_assert_int_eq(key_pending(&decoder), sample->flushed != NULL);
    }
}
END_TEST

START_TEST(byte_by_byte_gives_the_same_keys)
{
    const struct sample *sample = &samples[_i];
    struct key_decoder decoder;
    struct typed typed = {.count = 0};

    key_init(&decoder, lookup);
    for (size_t i = 0; sample->bytes[i]; i++)
        feed(&decoder, sample->bytes + i, 1, &typed);
    check_keys(&typed, sample, SIZE_MAX);
}
END_TEST

START_TEST(flush_ends_what_waits)
{
    const struct sample *sample = &samples[_i];
    struct key_decoder decoder;
    struct typed before = {.count = 0}, after = {.count = 0};
    char text[64];

    key_init(&decoder, lookup);
    feed(&decoder, sample->bytes, strlen(sample->bytes), &before);
    key_flush(&decoder);
    ck_assert(!key_pending(&decoder));
    take(&decoder, &after);
    spell(&after, text, sizeof text);
    ck_assert_str_eq(text, sample->flushed ? sample->flushed : "");
    feed(&decoder, "[", 1, &after);
    ck_assert_int_eq(after.keys[after.count - 1].code, INPUT_CHAR);
    ck_assert_uint_eq(after.keys[after.count - 1].character, '[');
}
END_TEST

START_TEST(a_byte_after_the_flush_is_a_key_of_its_own)
{
    struct key_decoder decoder;
    struct typed typed = {.count = 0};
    char text[64];

    key_init(&decoder, NULL);
    feed(&decoder, "\033", 1, &typed);
    ck_assert(key_pending(&decoder));
    ck_assert_uint_eq(typed.count, 0);
    key_flush(&decoder);
    feed(&decoder, "q", 1, &typed);
    spell(&typed, text, sizeof text);
    ck_assert_str_eq(text, "Escape q");
}
END_TEST

START_TEST(without_a_table_the_standards_hold)
{
    struct key_decoder decoder;
    struct typed typed = {.count = 0};
    char text[64];

    key_init(&decoder, NULL);
    static const char bytes[] = "\033[A\033A\033OP\033P1$r0m\033\\q";
    feed(&decoder, bytes, sizeof bytes - 1, &typed);
    spell(&typed, text, sizeof text);
    ck_assert_str_eq(text, "Up F1 q");
}
END_TEST

/* Random bytes, with many of those that introduce sequences. */
static char hostile_byte(uint64_t *seed)
{
    static const char introducers[] = "\033\033[O]PM0;~\a\xE2\xC3";

    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    unsigned value = (unsigned)(*seed >> 33);
    if (value & 0x100)
        return introducers[(value >> 9) % (sizeof introducers - 1)];
    return (char)(value & 0xFF);
}

START_TEST(a_megabyte_of_noise_is_safe)
{
    enum { SIZE = 1 << 20, CHUNK = 997 };
    char *noise = malloc(SIZE);
    uint64_t seed = 42;
    struct key_decoder decoder;
    struct key key;
    size_t keys = 0, bad = 0;

    for (size_t i = 0; i < SIZE; i++)
        noise[i] = hostile_byte(&seed);
    key_init(&decoder, lookup);
    for (size_t at = 0; at < SIZE; at += CHUNK) {
        key_feed(&decoder, noise + at, SIZE - at < CHUNK ? SIZE - at : CHUNK);
        for (; key_next(&decoder, &key); keys++)
            bad += key.code <= INPUT_NONE || key.code >= INPUT_OTHER ||
                   (key.code == INPUT_CHAR && (key.character < 0x20 || key.character == 0x7F));
        key_flush(&decoder);
    }
    ck_assert_uint_eq(bad, 0);
    ck_assert_uint_gt(keys, SIZE / 20);
    ck_assert_uint_lt(keys, SIZE);
    free(noise);
}
END_TEST

Suite *key_suite(void)
{
    Suite *suite = suite_create("key");
    TCase *tcase = tcase_create("key");

    tcase_add_loop_test(tcase, every_split_gives_the_same_keys, 0, SAMPLES);
    tcase_add_loop_test(tcase, byte_by_byte_gives_the_same_keys, 0, SAMPLES);
    tcase_add_loop_test(tcase, flush_ends_what_waits, 0, SAMPLES);
    tcase_add_test(tcase, a_byte_after_the_flush_is_a_key_of_its_own);
    tcase_add_test(tcase, without_a_table_the_standards_hold);
    tcase_add_test(tcase, a_megabyte_of_noise_is_safe);
    suite_add_tcase(suite, tcase);
    return suite;
}
