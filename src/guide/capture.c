#include "guide/capture.h"

#include "base/buf.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static size_t least(uint64_t a, size_t b)
{
    return a < b ? (size_t)a : b;
}

void capture_add(struct capture *capture, const char *bytes, size_t n)
{
    if (capture->total < CAPTURE_HEAD_BYTES) {
        size_t part = least(n, CAPTURE_HEAD_BYTES - (size_t)capture->total);
        memcpy(capture->head + capture->total, bytes, part);
        capture->total += part;
        bytes += part;
        n -= part;
    }
    while (n > 0) {
        size_t at = (size_t)((capture->total - CAPTURE_HEAD_BYTES) % CAPTURE_TAIL_BYTES);
        size_t part = least(n, CAPTURE_TAIL_BYTES - at);
        memcpy(capture->tail + at, bytes, part);
        capture->total += part;
        bytes += part;
        n -= part;
    }
}

bool capture_ends_line(const struct capture *capture)
{
    if (capture->total == 0)
        return true;
    if (capture->total <= CAPTURE_HEAD_BYTES)
        return capture->head[capture->total - 1] == '\n';
    return capture->tail[(capture->total - CAPTURE_HEAD_BYTES - 1) % CAPTURE_TAIL_BYTES] == '\n';
}

/* What was kept in one piece; *missing bytes are not there behind the head. */
static struct buf join(const struct capture *capture, uint64_t *missing)
{
    struct buf all = {0};

    *missing = 0;
    buf_add(&all, capture->head, least(capture->total, CAPTURE_HEAD_BYTES));
    if (capture->total <= CAPTURE_HEAD_BYTES)
        return all;
    uint64_t behind = capture->total - CAPTURE_HEAD_BYTES;
    if (behind <= CAPTURE_TAIL_BYTES) {
        buf_add(&all, capture->tail, (size_t)behind);
        return all;
    }
    size_t start = (size_t)(behind % CAPTURE_TAIL_BYTES);
    *missing = behind - CAPTURE_TAIL_BYTES;
    buf_add(&all, capture->tail + start, CAPTURE_TAIL_BYTES - start);
    buf_add(&all, capture->tail, start);
    return all;
}

/* The end of the line that begins at bytes, its line feed included. */
static const char *line_end(const char *bytes, const char *end)
{
    const char *feed = memchr(bytes, '\n', (size_t)(end - bytes));
    return feed ? feed + 1 : end;
}

static size_t count_lines(const char *bytes, const char *end)
{
    size_t count = 0;

    for (; bytes < end; bytes = line_end(bytes, end))
        count++;
    return count;
}

static const char *skip_lines(const char *bytes, const char *end, size_t count)
{
    while (count-- > 0 && bytes < end)
        bytes = line_end(bytes, end);
    return bytes;
}

/* Adds what of a text shows beyond the columns that were written over. */
static void add_beyond(struct buf *line, int *cols, const char *bytes, size_t n)
{
    char *clean = text_sanitise(bytes, n, TEXT_KEEP_LINES);
    int used, all = text_cols(clean);
    const char *rest = clean + text_fit(clean, *cols, &used);

    /* A wide character that lost its left half is gone. */
    if (*rest && used < *cols) {
        uint32_t c;
        rest += text_decode(rest, strlen(rest), &c);
        buf_putc(line, ' ');
    }
    buf_puts(line, rest);
    if (all > *cols)
        *cols = all;
    free(clean);
}

/* The line as a terminal would leave it, put together from its last part back: each
 * byte is looked at once, however many carriage returns there are. */
static char *settle_line(const char *bytes, size_t n)
{
    struct buf line = {0};
    int cols = 0;

    for (;;) {
        const char *back = memrchr(bytes, '\r', n);
        const char *part = back ? back + 1 : bytes;
        add_beyond(&line, &cols, part, n - (size_t)(part - bytes));
        if (!back)
            return buf_take(&line);
        n = (size_t)(back - bytes);
    }
}

static void add_lines(struct buf *text, const char *bytes, const char *end)
{
    while (bytes < end) {
        const char *next = line_end(bytes, end);
        char *line = settle_line(bytes, (size_t)(next - bytes) - (next[-1] == '\n'));
        buf_printf(text, "%s\n", line);
        free(line);
        bytes = next;
    }
}

char *capture_text(const struct capture *capture, size_t max_lines)
{
    struct buf text = {0};
    uint64_t missing;
    struct buf all = join(capture, &missing);
    const char *start = all.data, *end = start + all.len;
    const char *cut = missing ? start + CAPTURE_HEAD_BYTES : end, *from = cut, *to = cut;

    if (count_lines(start, cut) + (missing > 0) + count_lines(cut, end) > max_lines) {
        size_t first = max_lines / 4, last = max_lines - first - 1;
        from = skip_lines(start, cut, first);
        to = missing ? cut : from;
        size_t lines = count_lines(to, end);
        to = skip_lines(to, end, lines - least(lines, last));
    }
    missing += (uint64_t)(to - from);
    add_lines(&text, start, from);
    if (missing)
        buf_printf(&text, "... %" PRIu64 " bytes left out ...\n", missing);
    add_lines(&text, to, end);
    buf_clear(&all);
    return buf_take(&text);
}
