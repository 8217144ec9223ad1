#include "run/waterfall.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>

enum { GAP = 2, NAME_COLS = 8, STATUS_COLS = 7, MS_COLS = 9 };
enum { BAR_LEAST = 10, BAR_MOST = 40, BAR_BESIDE_DETAIL = 20, DETAIL_LEAST = 12 };

/* How wide each column is; 0 for one that is left out. */
struct columns {
    int status, ms, bar, detail;
};

enum style waterfall_style(enum step_status status)
{
    switch (status) {
    case STEP_OK:
        return STYLE_PASS;
    case STEP_RUNNING:
        return STYLE_RUN;
    case STEP_CANCELLED:
        return STYLE_DIM;
    default:
        return STYLE_FAIL;
    }
}

/* While it runs its bar tells: digits in each frame are dear over a slow line. */
static char *ms_text(const struct phase *phase)
{
    if (phase->status == STEP_RUNNING)
        return mem_strdup("");
    return mem_printf("%.1f ms", (double)(phase->ended - phase->started) / CLOCK_MS);
}

static clock_us end_of(const struct phase *phase, clock_us now)
{
    return phase->status == STEP_RUNNING ? now : phase->ended;
}

static int wider(int cols, const char *text)
{
    int other = text_cols(text);
    return other > cols ? other : cols;
}

/* By the width alone, not by what the details are: they come while it runs, and the bars
 * must not move then; and those of two lists, one below the other, are as long. */
static void share_room(struct columns *columns, int room)
{
    columns->bar = room < BAR_MOST ? room : BAR_MOST;
    if (room < BAR_LEAST)
        columns->bar = 0;
    if (room < BAR_BESIDE_DETAIL + GAP + DETAIL_LEAST)
        return;
    if (columns->bar > room / 2)
        columns->bar = room / 2 > BAR_BESIDE_DETAIL ? room / 2 : BAR_BESIDE_DETAIL;
    columns->detail = room - columns->bar - GAP;
}

static struct columns measure(const struct evidence *evidence, int cols)
{
    struct columns columns = {.status = STATUS_COLS, .ms = MS_COLS};

    for (size_t i = 0; i < evidence->nphases; i++) {
        char *ms = ms_text(&evidence->phases[i]);
        columns.status = wider(columns.status, step_status_name(evidence->phases[i].status));
        columns.ms = wider(columns.ms, ms);
        free(ms);
    }
    share_room(&columns, cols - NAME_COLS - columns.status - columns.ms - 3 * GAP);
    return columns;
}

/* The cell of a bar that a moment falls in. */
static int cell_at(const struct evidence *evidence, clock_us when, int bar)
{
    clock_us budget = evidence->deadline - evidence->started, at = when - evidence->started;

    if (at < 0)
        return 0;
    return at < budget ? (int)(bar * at / budget) : bar;
}

static void put_bar(struct rows *rows, const struct evidence *evidence, const struct phase *phase,
                    clock_us now, int bar)
{
    clock_us end = end_of(phase, now);
    int from = cell_at(evidence, phase->started, bar), to = cell_at(evidence, end, bar);

    if (from == bar)
        from--;
    if (to == from && end > phase->started)
        to++;
    rows_bar(rows, waterfall_style(phase->status), from, to, bar);
    rows_printf(rows, STYLE_PLAIN, "%*s", GAP, "");
}

static void put_detail(struct rows *rows, const char *detail, int cols)
{
    char *text = rows->ascii ? text_ascii(detail) : mem_strdup(detail);
    const char *mark = text_cols(text) <= cols ? "" : rows->ascii ? "..." : "…";

    text[text_fit(text, cols - text_cols(mark), NULL)] = '\0';
    rows_printf(rows, STYLE_DIM, "%*s%s%s", GAP, "", text, mark);
    free(text);
}

static void put_phase(struct rows *rows, const struct evidence *evidence,
                      const struct phase *phase, clock_us now, const struct columns *columns)
{
    char *ms = ms_text(phase);

    rows_printf(rows, STYLE_PLAIN, "%-*s%*s", NAME_COLS, phase_name(phase->kind), GAP, "");
    rows_printf(rows, waterfall_style(phase->status), "%-*s%*s", columns->status,
                step_status_name(phase->status), GAP, "");
    if (columns->bar)
        put_bar(rows, evidence, phase, now, columns->bar);
    rows_printf(rows, STYLE_PLAIN, "%*s", columns->ms, ms);
    if (phase->detail && columns->detail)
        put_detail(rows, phase->detail, columns->detail);
    free(ms);
}

void waterfall_layout(const struct evidence *evidence, clock_us now, int cols, struct rows *rows)
{
    struct columns columns = measure(evidence, cols);
    char *longest = waterfall_longest(evidence);

    for (size_t i = 0; i < evidence->nphases; i++) {
        rows_open(rows, cols, 0, 0);
        put_phase(rows, evidence, &evidence->phases[i], now, &columns);
        rows_close(rows);
    }
    rows_open(rows, cols, 0, 0);
    if (longest)
        rows_printf(rows, STYLE_WARN, "%s", longest);
    rows_close(rows);
    free(longest);
}

/* "4.98 s of the 5.0 s", which can be no more than that: a timeout is noticed a little
 * late. Under a second hundredths say too little. */
static char *share_text(clock_us took, clock_us budget)
{
    if (took > budget)
        took = budget;
    if (budget < CLOCK_SECOND)
        return mem_printf("%.0f ms of the %.0f ms", (double)took / CLOCK_MS,
                          (double)budget / CLOCK_MS);
    return mem_printf("%.2f s of the %.1f s", (double)took / CLOCK_SECOND,
                      (double)budget / CLOCK_SECOND);
}

char *waterfall_longest(const struct evidence *evidence)
{
    clock_us took = 0, budget = evidence->deadline - evidence->started;
    enum phase_kind kind = PHASE_LOOKUP;
    bool ran_out = false;

    for (size_t i = 0; i < evidence->nphases; i++) {
        const struct phase *phase = &evidence->phases[i];
        ran_out |= phase->status == STEP_TIMEOUT;
        if (phase->ended - phase->started > took) {
            took = phase->ended - phase->started;
            kind = phase->kind;
        }
    }
    bool most = 2 * took >= budget;
    if (!evidence->ended || took == 0 || (!most && !ran_out))
        return NULL;
    char *share = share_text(took, budget);
    char *text =
        mem_printf("%s took %s%s", phase_name(kind), share, most ? "" : ", the longest phase");
    free(share);
    return text;
}
