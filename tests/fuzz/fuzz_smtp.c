/* The dialogue with a mail server: probe/smtp.h. An input is a recorded
 * conversation (conversation.h); lines that are none of its kinds are bytes of the
 * server as they stand. It is played whole and in pieces, whose sizes are the
 * input's own bytes: both must find the same. */
#include "conversation.h"
#include "fuzz.h"
#include "probe/smtp.h"

#include <assert.h>
#include <errno.h>

enum { BUDGET_US = 5 * CLOCK_SECOND };

struct play {
    struct smtp *smtp;
    struct findings findings;
    clock_us now;
    const uint8_t *sizes; /* of the pieces, in turn; NULL: no pieces */
    size_t nsizes, next;
    struct buf sent;
};

/* The commands there are, for a client named "x". */
static bool is_command(const char *line, size_t n)
{
    static const char *const commands[] = {"EHLO x", "HELO x", "STARTTLS", "QUIT"};

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strlen(commands[i]) == n && memcmp(commands[i], line, n) == 0)
            return true;
    return false;
}

static void take_output(struct play *play)
{
    size_t n;
    const char *output = smtp_output(play->smtp, &n);

    buf_add(&play->sent, output, n);
    smtp_sent(play->smtp, n);
    assert(smtp_deadline(play->smtp) <= BUDGET_US);
}

static size_t piece_size(struct play *play, size_t left)
{
    if (!play->sizes)
        return left;
    size_t size = 1 + play->sizes[play->next++ % play->nsizes] % 32U;
    return size < left ? size : left;
}

static void feed(struct play *play, const char *bytes, size_t n)
{
    while (n > 0 && smtp_waits_for(play->smtp) != SMTP_ENDED) {
        size_t size = piece_size(play, n);
        char *piece = malloc(size);
        assert(piece);
        memcpy(piece, bytes, size);
        smtp_receive(play->smtp, piece, size, play->now);
        free(piece);
        take_output(play);
        bytes += size;
        n -= size;
    }
}

/* Time never goes back, and does not pass a deadline unnoticed. */
static void move_clock(struct play *play, const char *ms)
{
    clock_us now = strtol(ms, NULL, 10) % 10000 * CLOCK_MS;

    while (now > play->now) {
        clock_us deadline = smtp_deadline(play->smtp);
        bool ended = smtp_waits_for(play->smtp) == SMTP_ENDED;
        play->now = deadline < now && !ended ? deadline : now;
        smtp_expire(play->smtp, play->now);
        take_output(play);
    }
}

static void play_item(struct play *play, enum conversation_kind kind, const struct buf *text)
{
    const char *words = text->len ? text->data : "";

    if (kind == CONVERSATION_SERVER)
        feed(play, words, text->len);
    else if (kind == CONVERSATION_TLS && smtp_waits_for(play->smtp) == SMTP_WAIT_TLS)
        smtp_secured(play->smtp, play->now);
    else if (kind == CONVERSATION_TIME)
        move_clock(play, words);
    else if (kind == CONVERSATION_END && *words == 'c')
        smtp_closed(play->smtp, 0, play->now);
    else if (kind == CONVERSATION_END && *words == 'r')
        smtp_closed(play->smtp, ECONNRESET, play->now);
}

static void play_lines(struct play *play, const char *text, size_t size)
{
    struct buf bytes = {0};

    while (size > 0) {
        const char *end = memchr(text, '\n', size);
        size_t n = end ? (size_t)(end - text) : size, whole = n + (end != NULL);
        enum conversation_kind kind = conversation_read(text, n, &bytes);
        if (kind == CONVERSATION_OTHER)
            feed(play, text, whole);
        else
            play_item(play, kind, &bytes);
        text += whole;
        size -= whole;
    }
    buf_clear(&bytes);
}

static void check_sent(const struct buf *sent)
{
    const char *at = sent->data, *end = at + sent->len;

    while (at < end) {
        const char *stop = strstr(at, "\r\n");
        assert(stop && is_command(at, (size_t)(stop - at)));
        at = stop + 2;
    }
}

static void play_all(struct play *play, const char *text, size_t size)
{
    play->smtp = smtp_new("x", size > 0 && text[0] == 'T', 0, BUDGET_US, &play->findings);
    play_lines(play, text, size);
    for (int i = 0; i < 2 && smtp_waits_for(play->smtp) != SMTP_ENDED; i++) {
        smtp_expire(play->smtp, smtp_deadline(play->smtp));
        take_output(play);
    }
    assert(smtp_waits_for(play->smtp) == SMTP_ENDED);
    const struct smtp_facts *facts = smtp_facts(play->smtp);
    fuzz_check_clean(facts->greeting ? facts->greeting : "");
    fuzz_check_clean(facts->auth ? facts->auth : "");
    smtp_free(play->smtp);
    if (play->sent.len > 0)
        check_sent(&play->sent);
    buf_clear(&play->sent);
}

static void check_same(const struct findings *a, const struct findings *b)
{
    assert(a->count == b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert(a->items[i].id == b->items[i].id);
        assert(strcmp(a->items[i].text, b->items[i].text) == 0);
        assert(strlen(a->items[i].text) <= FINDING_TEXT_BYTES);
        fuzz_check_clean(a->items[i].text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct play whole = {0}, pieces = {.sizes = data, .nsizes = size};

    play_all(&whole, (const char *)data, size);
    play_all(&pieces, (const char *)data, size);
    check_same(&whole.findings, &pieces.findings);
    findings_clear(&whole.findings);
    findings_clear(&pieces.findings);
    return 0;
}
