#include "guide/walk_rows.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { INDENT = 2, LABEL_COLS = 8, PROSE_COLS = 80, TAB_COLS = 4 };

void walk_rows_line(struct rows *rows, int cols, enum style style, const char *label,
                    const char *text)
{
    int prose = cols < PROSE_COLS ? cols : PROSE_COLS;

    rows_open(rows, prose, 0, label ? LABEL_COLS : 0);
    if (label)
        rows_printf(rows, STYLE_DIM, "%-*s", LABEL_COLS, label);
    rows_text(rows, style, text, strlen(text));
    rows_close(rows);
}

static const char *state_word(const struct walk_page *page)
{
    static const char *const words[] = {[WALK_OPEN] = "open",       [WALK_COPIED] = "copied",
                                        [WALK_RUNNING] = "running", [WALK_RAN] = "ran",
                                        [WALK_SKIPPED] = "skipped",
                                        [WALK_INTERRUPTED] = "interrupted"};
    return words[page->state];
}

static enum style state_style(const struct walk_page *page)
{
    switch (page->state) {
    case WALK_RAN:
        return page->went_well ? STYLE_PASS : STYLE_FAIL;
    case WALK_RUNNING:
        return STYLE_RUN;
    case WALK_INTERRUPTED:
        return STYLE_WARN;
    default:
        return STYLE_DIM;
    }
}

static enum style effect_style(enum effect effect)
{
    static const enum style styles[] = {[EFFECT_READS] = STYLE_PASS,
                                        [EFFECT_CHANGES_CONFIG] = STYLE_WARN,
                                        [EFFECT_RESTARTS] = STYLE_FAIL,
                                        [EFFECT_LOSES_DATA] = STYLE_FAIL};
    return styles[effect];
}

/* What shells, and docker exec, mean by it (POSIX.1-2017, Shell Command Language, 2.8.2). */
static const char *describe_status(int status)
{
    return status == 127 ? " (command not found)" : status == 126 ? " (it cannot be run)" : "";
}

void walk_rows_marks(struct rows *rows, const struct walk_page *page, int cols)
{
    rows_open(rows, cols, 0, 0);
    rows_printf(rows, effect_style(page->effect), "%s", effect_name(page->effect));
    rows_printf(rows, STYLE_DIM, "   ");
    rows_printf(rows, state_style(page), "%s", state_word(page));
    if (page->status > 0)
        rows_printf(rows, STYLE_FAIL, ", exit status %d%s", page->status,
                    describe_status(page->status));
    if (page->step->ncommands > 1)
        rows_printf(rows, STYLE_DIM, "   way %zu of %zu (o)", page->choice + 1,
                    page->step->ncommands);
    if (page->terminal)
        rows_printf(rows, STYLE_DIM, "   takes the terminal");
    if (!page->step->runnable)
        rows_printf(rows, STYLE_DIM, "   a text for a file");
    if (page->edited)
        rows_printf(rows, STYLE_WARN, "   edited (o: as it was)");
    if (page->where)
        rows_printf(rows, STYLE_STRONG, "   %s", page->where);
    rows_close(rows);
}

static bool is_in_value(const struct walk_page *page, size_t at)
{
    for (size_t i = 0; i < page->nspans; i++)
        if (at >= page->spans[i].start && at < page->spans[i].start + page->spans[i].len)
            return true;
    return false;
}

/* Begins a row in which the line before goes on. Unmarked it would look like a line of its
 * own, which to a shell is something else. */
static void go_on(struct rows *rows, int cols, int *used)
{
    const char *mark = rows->ascii ? "+ " : "↳ ";

    rows_close_code(rows);
    rows_open(rows, cols, INDENT, 0);
    rows_text(rows, STYLE_DIM, mark, strlen(mark));
    *used = text_cols(mark);
}

/* Adds n bytes of one style, clean, and begins a new row wherever one is full: what will
 * run has to be seen whole. A tab is blanks up to its stop, on the screen alone. */
static void put_piece(struct rows *rows, int cols, int *used, enum style style, const char *text,
                      size_t n)
{
    char *clean = text_sanitise(text, n, TEXT_KEEP_TABS);
    size_t len = strlen(clean);

    for (size_t at = 0, step; at < len; at += step) {
        uint32_t c;
        step = text_decode(clean + at, len - at, &c);
        bool tab = c == '\t';
        int width = tab ? TAB_COLS - *used % TAB_COLS : text_char_cols(c);
        if (*used + width > cols)
            go_on(rows, cols + INDENT, used);
        rows_text(rows, style, tab ? "    " : clean + at, tab ? (size_t)width : step);
        *used += width;
    }
    free(clean);
}

static void put_code_line(struct rows *rows, const struct walk_page *page, size_t start,
                          size_t end, int cols)
{
    bool comment = page->step->runnable && page->text[start] == '#';
    int used = 0;

    rows_open(rows, cols, INDENT, 0);
    for (size_t from = start, to; from < end; from = to) {
        bool value = is_in_value(page, from);
        for (to = from + 1; to < end && is_in_value(page, to) == value; to++)
            continue;
        put_piece(rows, cols - INDENT, &used,
                  value ? STYLE_STRONG : comment ? STYLE_COMMENT : STYLE_CODE,
                  page->text + from, to - from);
    }
    rows_close_code(rows);
}

void walk_rows_command(struct rows *rows, const struct walk_page *page, int cols)
{
    size_t len = strlen(page->text);

    rows_blank(rows);
    for (size_t start = 0; start < len;) {
        const char *feed = memchr(page->text + start, '\n', len - start);
        size_t end = feed ? (size_t)(feed - page->text) : len;
        put_code_line(rows, page, start, end, cols);
        start = end + 1;
    }
    rows_blank(rows);
}

static void put_output_line(struct rows *rows, const char *line, size_t len, int cols)
{
    int used = 0;

    rows_open(rows, cols, INDENT, 0);
    for (size_t at = 0, n; at < len; at += n) {
        uint32_t c;
        n = text_fit(line + at, cols - INDENT - used, NULL);
        if (n == 0)
            n = text_decode(line + at, len - at, &c);
        if (n > len - at)
            n = len - at;
        rows_text(rows, STYLE_PLAIN, line + at, n);
        if (at + n < len)
            go_on(rows, cols, &used);
    }
    rows_close_code(rows);
}

void walk_rows_output(struct rows *rows, const char *text, int cols)
{
    while (*text) {
        size_t n = strcspn(text, "\n");
        put_output_line(rows, text, n, cols);
        text += n + (text[n] == '\n');
    }
}

void walk_rows_values(struct rows *rows, const struct walk_page *page, int cols)
{
    for (size_t i = 0; i < page->nvalues; i++) {
        const struct walk_value *value = &page->values[i];
        rows_open(rows, cols, 0, LABEL_COLS);
        rows_printf(rows, STYLE_DIM, "%-*s", LABEL_COLS, value->name);
        if (value->value)
            rows_printf(rows, STYLE_STRONG, "%s  ", value->value);
        rows_printf(rows, value->value ? STYLE_DIM : STYLE_WARN, "%s", value->from);
        if (page->asks && strcmp(page->asks, value->name) == 0)
            rows_printf(rows, STYLE_WARN, "  (a chooses it)");
        rows_close(rows);
    }
    if (page->blocked && !page->asks)
        walk_rows_line(rows, cols, STYLE_WARN, "Blocked", page->blocked);
    else if (page->withheld)
        walk_rows_line(rows, cols, STYLE_WARN, "Not run", page->withheld);
}

void walk_rows_result(struct rows *rows, const struct walk_page *page, int cols)
{
    if (page->outcome)
        walk_rows_line(rows, cols, page->state == WALK_RAN ? state_style(page) : STYLE_PLAIN,
                       "Result", page->outcome);
}

/* Why it is not called fixed, or that nobody here has fixed it. */
static const char *describe_pass(const struct walk_proof *proof)
{
    if (proof->verdict == WALK_FIXED)
        return proof->changed ? "" : "; no step here has changed anything";
    if (proof->verdict == WALK_PASSING)
        return proof->changed ? "; no failure was seen before"
                              : "; no failure was seen before, and nothing was changed here";
    return "";
}

static const char *describe_age(const struct walk_proof *proof)
{
    if (proof->dated)
        return "; more was done since: v verifies again";
    return proof->earlier ? "; that was before it was left: v verifies again" : "";
}

static void put_verdict(struct rows *rows, const struct walk_proof *proof, int cols)
{
    static const struct {
        const char *word;
        enum style style;
    } looks[WALK_VERDICTS] = {
        [WALK_FIXED] = {"FIXED", STYLE_PASS},          [WALK_PASSING] = {"PASSING", STYLE_PASS},
        [WALK_FLAKY] = {"FLAKY", STYLE_FAIL},          [WALK_FAILING] = {"STILL FAILING", STYLE_FAIL},
        [WALK_UNJUDGED] = {"NOT JUDGED", STYLE_WARN},
    };
    bool is_old = proof->dated || proof->earlier;
    enum style style = looks[proof->verdict].style;
    const char *word = proof->verdict == WALK_FAILING && !proof->failed ? "FAILING"
                                                                         : looks[proof->verdict].word;
    char *text = mem_printf("%s: %d of %d runs passed%s%s", word, proof->passes, proof->rounds,
                            describe_pass(proof), describe_age(proof));

    walk_rows_line(rows, cols, is_old && style == STYLE_PASS ? STYLE_WARN : style, "Verify", text);
    free(text);
}

static void put_left_open(struct rows *rows, const struct walk *walk, int cols)
{
    char *text = walk_left_open(walk);

    if (text)
        walk_rows_line(rows, cols, STYLE_WARN, "Open", text);
    free(text);
}

/* What was seen once something had been changed is no "before". */
static void put_before(struct rows *rows, const struct walk_proof *proof, int cols)
{
    if (proof->before)
        walk_rows_line(rows, cols, STYLE_PLAIN, "Before", proof->before);
    else if (proof->verdict != WALK_PASSING)
        walk_rows_line(rows, cols, STYLE_DIM, "Before",
                       proof->changed ? "not seen before the first change" : "not seen before");
}

void walk_rows_verdict(struct rows *rows, const struct walk *walk, int cols)
{
    const struct walk_proof *proof = walk_proof(walk);
    bool passed = proof->verdict == WALK_FIXED || proof->verdict == WALK_PASSING;

    put_verdict(rows, proof, cols);
    put_left_open(rows, walk, cols);
    put_before(rows, proof, cols);
    if (proof->after)
        walk_rows_line(rows, cols, STYLE_PLAIN, "After", proof->after);
    if (passed)
        return;
    if (walk_undoable(walk)) {
        char *text = mem_printf("%s was changed; u puts it back as it was", walk_undoable(walk));
        walk_rows_line(rows, cols, STYLE_WARN, "Undo", text);
        free(text);
    }
    if (proof->next)
        walk_rows_line(rows, cols, STYLE_WARN, "Next", proof->next);
}
