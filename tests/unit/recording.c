#include "recording.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "probe/smtp.h"

#include <check.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>

enum { BUDGET_US = 5 * CLOCK_SECOND, START_US = 1000 * CLOCK_SECOND };

static void add_item(struct conversation *conversation, enum conversation_kind kind,
                     struct buf *text)
{
    struct item *last = conversation->items + conversation->count;

    if (kind == CONVERSATION_SERVER && conversation->count && last[-1].kind == kind) {
        buf_add(&last[-1].text, text->data, text->len);
        return;
    }
    conversation->items =
        mem_grow(conversation->items, conversation->count, sizeof *conversation->items);
    conversation->items[conversation->count++] = (struct item){kind, *text};
    buf_init(text);
}

struct conversation conversation_load(const char *path)
{
    struct conversation conversation = {.name = path};
    struct buf text = {0};
    struct error err = {0};
    char *data;
    size_t len;

    ck_assert_msg(file_read(path, &data, &len, &err), "%s", err.text);
    for (char *line = data, *end; line < data + len; line = end + 1) {
        end = strchr(line, '\n');
        ck_assert_ptr_nonnull(end);
        enum conversation_kind kind = conversation_read(line, (size_t)(end - line), &text);
        ck_assert_msg(kind != CONVERSATION_OTHER, "%s: %s", path, line);
        if (kind == CONVERSATION_FINDING)
            buf_printf(&conversation.findings, "%s\n", text.data);
        else if (kind != CONVERSATION_COMMENT)
            add_item(&conversation, kind, &text);
    }
    buf_clear(&text);
    free(data);
    ck_assert_msg(conversation.count > 0, "%s is empty", path);
    return conversation;
}

void conversation_unload(struct conversation *conversation)
{
    for (size_t i = 0; i < conversation->count; i++)
        buf_clear(&conversation->items[i].text);
    free(conversation->items);
    buf_clear(&conversation->findings);
}

/* A replay. What goes wrong is kept, not asserted: it runs once for each byte. */
struct replay {
    struct smtp *smtp;
    struct findings findings;
    clock_us now;
    size_t split; /* a piece ends before this byte of the server; 0: none does */
    size_t piece; /* at most so many bytes at once */
    size_t fed;
    struct buf sent;
    size_t sent_read; /* of it, by C: lines */
    const char *wrong;
};

static void expect(struct replay *replay, bool condition, const char *what)
{
    if (!condition && !replay->wrong)
        replay->wrong = what;
}

static void replay_start(struct replay *replay, const struct conversation *conversation)
{
    bool tls = conversation->count > 0 && conversation->items[0].kind == CONVERSATION_TLS;

    replay->now = START_US;
    replay->smtp = smtp_new("[192.0.2.1]", tls, START_US, START_US + BUDGET_US, &replay->findings);
}

static void replay_clear(struct replay *replay)
{
    smtp_free(replay->smtp);
    findings_clear(&replay->findings);
    buf_clear(&replay->sent);
}

static void take_output(struct replay *replay)
{
    size_t n;
    const char *output = smtp_output(replay->smtp, &n);

    buf_add(&replay->sent, output, n);
    smtp_sent(replay->smtp, n);
    expect(replay, smtp_deadline(replay->smtp) <= START_US + BUDGET_US, "a deadline is too late");
}

/* In a block of just their size, so that a read past the end is found. */
static void feed_piece(struct replay *replay, const char *bytes, size_t n)
{
    char *exact = mem_realloc(NULL, n);

    memcpy(exact, bytes, n);
    smtp_receive(replay->smtp, exact, n, replay->now);
    free(exact);
    replay->fed += n;
    take_output(replay);
}

static void feed(struct replay *replay, const char *bytes, size_t n)
{
    while (n > 0 && smtp_waits_for(replay->smtp) != SMTP_ENDED) {
        size_t piece = n < replay->piece ? n : replay->piece;
        if (replay->split > replay->fed && replay->split - replay->fed < piece)
            piece = replay->split - replay->fed;
        feed_piece(replay, bytes, piece);
        bytes += piece;
        n -= piece;
    }
}

static void expect_sent(struct replay *replay, const char *line)
{
    const char *sent = replay->sent.len ? replay->sent.data + replay->sent_read : "";
    size_t n = strlen(line);

    bool same = strncmp(sent, line, n) == 0 && strncmp(sent + n, "\r\n", 2) == 0;
    expect(replay, same, line);
    replay->sent_read += same ? n + 2 : 0;
}

static void end_silent(struct replay *replay)
{
    /* A step may end in another one, but only so often. */
    for (int i = 0; i < 3 && smtp_waits_for(replay->smtp) != SMTP_ENDED; i++) {
        replay->now = smtp_deadline(replay->smtp);
        smtp_expire(replay->smtp, replay->now);
        take_output(replay);
    }
}

static void end(struct replay *replay, const char *how)
{
    if (strcmp(how, "closed") == 0)
        smtp_closed(replay->smtp, 0, replay->now);
    else if (strcmp(how, "reset") == 0)
        smtp_closed(replay->smtp, ECONNRESET, replay->now);
    else if (strcmp(how, "lost") == 0)
        smtp_closed(replay->smtp, EHOSTUNREACH, replay->now);
    else
        end_silent(replay);
}

static void play(struct replay *replay, const struct item *item)
{
    if (item->kind == CONVERSATION_SERVER) {
        feed(replay, item->text.data, item->text.len);
    } else if (item->kind == CONVERSATION_CLIENT) {
        expect_sent(replay, item->text.data);
    } else if (item->kind == CONVERSATION_TIME) {
        replay->now = START_US + strtol(item->text.data, NULL, 10) * CLOCK_MS;
        smtp_expire(replay->smtp, replay->now);
    } else if (item->kind == CONVERSATION_END) {
        expect(replay, smtp_waits_for(replay->smtp) != SMTP_ENDED, "it ended too early");
        end(replay, item->text.data);
    } else if (replay->fed > 0) {
        expect(replay, smtp_waits_for(replay->smtp) == SMTP_WAIT_TLS, "it waits not for TLS");
        smtp_secured(replay->smtp, replay->now);
        take_output(replay);
    }
}

static bool is_plain_ascii(const char *text)
{
    while (*text >= ' ' && *text <= '~')
        text++;
    return !*text;
}

static bool is_clean(const char *text)
{
    if (!text || (is_plain_ascii(text) && strlen(text) <= FINDING_TEXT_BYTES))
        return true;
    char *clean = text_sanitise(text, strlen(text), TEXT_ONE_LINE);
    bool same = strcmp(clean, text) == 0 && strlen(text) <= FINDING_TEXT_BYTES;
    free(clean);
    return same;
}

/* The findings as lines. */
static char *said(struct replay *replay)
{
    struct buf lines = {0};

    for (size_t i = 0; i < replay->findings.count; i++) {
        const struct finding *finding = &replay->findings.items[i];
        expect(replay, is_clean(finding->text), "a finding is not clean");
        buf_printf(&lines, "%s: %s\n", finding_name(finding->id), finding->text);
    }
    return buf_take(&lines);
}

/* The same, and what must hold after any end. */
static char *conclude(struct replay *replay)
{
    const struct smtp_facts *facts = smtp_facts(replay->smtp);

    expect(replay, smtp_waits_for(replay->smtp) == SMTP_ENDED, "it has not ended");
    expect(replay, is_clean(facts->greeting) && is_clean(facts->auth), "a fact is not clean");
    return said(replay);
}

static void report(struct replay *replay, const struct conversation *conversation,
                   const char **wrong)
{
    if (!replay->wrong || *wrong)
        return;
    fprintf(stderr, "%s, after %zu bytes: %s\n", conversation->name, replay->fed, replay->wrong);
    *wrong = replay->wrong;
}

size_t conversation_replay(const struct conversation *conversation, size_t split, size_t piece,
                           const char **wrong)
{
    struct replay replay = {.split = split, .piece = piece};
    const char *findings = conversation->findings.len ? conversation->findings.data : "";

    replay_start(&replay, conversation);
    for (size_t i = 0; i < conversation->count; i++)
        play(&replay, &conversation->items[i]);
    char *found = conclude(&replay);
    if (strcmp(found, findings) != 0) {
        expect(&replay, false, "other findings");
        fprintf(stderr, "found:\n%s", found);
    }
    expect(&replay, replay.sent_read == replay.sent.len, "it said more");
    report(&replay, conversation, wrong);
    free(found);
    replay_clear(&replay);
    return replay.fed;
}

/* The conversation until so many bytes of the server. */
static void play_cut(struct replay *replay, const struct conversation *conversation, size_t cut)
{
    for (size_t i = 0; i < conversation->count && replay->fed < cut; i++) {
        struct item item = conversation->items[i];
        if (item.kind == CONVERSATION_SERVER && item.text.len > cut - replay->fed)
            item.text.len = cut - replay->fed;
        play(replay, &item);
    }
}

/* What is found when it ends so while it waits for that, or -1: nothing. */
static int found_by_end(const struct replay *replay, const char *how)
{
    enum smtp_wait wait = smtp_waits_for(replay->smtp);
    bool silent = strcmp(how, "silent") == 0;

    if (wait == SMTP_ENDED || wait == SMTP_WAIT_QUIT || (wait == SMTP_WAIT_TLS && silent))
        return -1;
    if (wait == SMTP_WAIT_INJECTED)
        return FINDING_STARTTLS_INJECTION;
    if (wait == SMTP_WAIT_BANNER)
        return smtp_facts(replay->smtp)->banner == BANNER_OTHER ? FINDING_GARBAGE_GREETING
                                                                : FINDING_WRONG_PROTOCOL;
    if (!silent)
        return strcmp(how, "reset") == 0 ? FINDING_RESET_EARLY : FINDING_CLOSED_EARLY;
    if (wait != SMTP_WAIT_GREETING)
        return FINDING_NO_REPLY;
    return replay->fed == 0 ? FINDING_NO_GREETING : FINDING_SLOW_GREETING;
}

/* What was found by the cut is what the whole conversation begins with; but that EHLO is
 * unknown counts for nothing once HELO is unknown too. */
static void expect_beginning(struct replay *replay, const struct conversation *conversation)
{
    const char *whole = conversation->findings.len ? conversation->findings.data : "";
    bool tentative = smtp_waits_for(replay->smtp) == SMTP_WAIT_HELO &&
                     !strstr(whole, finding_name(FINDING_EHLO_UNSUPPORTED));
    char *lines = said(replay);

    expect(replay, tentative || strncmp(whole, lines, strlen(lines)) == 0,
           "the cut changed what was found before it");
    free(lines);
}

void conversation_replay_cut(const struct conversation *conversation, size_t cut, const char *how,
                             const char **wrong)
{
    struct replay replay = {.piece = SIZE_MAX};

    replay_start(&replay, conversation);
    play_cut(&replay, conversation, cut);
    expect_beginning(&replay, conversation);
    size_t before = replay.findings.count;
    int id = found_by_end(&replay, how);
    end(&replay, how);
    free(conclude(&replay));
    expect(&replay, replay.findings.count == before + (id >= 0), "the end made other findings");
    expect(&replay, id < 0 || (int)replay.findings.items[before].id == id,
           "the end made another finding");
    report(&replay, conversation, wrong);
    replay_clear(&replay);
}
