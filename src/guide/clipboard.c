#include "guide/clipboard.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/output.h"
#include "base/text.h"
#include "base/xdg.h"
#include "guide/child.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "stella-step.sh"

/* The first one is told. */
enum { COMPLAINT_LINES = 8 };

struct clipboard {
    uv_timer_t timer; /* for what needs no waiting: it ends on the loop too */
    struct child *child;
    char *text, *why; /* why: for what reason it becomes a file */
    char *note, *sequence;
    struct clipboard_result result;
    clipboard_done done;
    void *context;
};

struct clipboard_place clipboard_place_here(bool terminal)
{
    return (struct clipboard_place){
        .terminal = terminal,
        .tmux = getenv("TMUX"),
        .screen = getenv("STY"),
        .term = getenv("TERM"),
    };
}

static bool is_set(const char *value)
{
    return value && *value;
}

static bool has_clipboard(const char *term)
{
    return is_set(term) && strcmp(term, "dumb") != 0 && strncmp(term, "linux", 5) != 0;
}

enum clipboard_route clipboard_route(const struct clipboard_place *place, size_t bytes,
                                     const char **why)
{
    *why = NULL;
    if (is_set(place->tmux))
        return CLIPBOARD_TMUX;
    if (!place->terminal)
        *why = "there is no terminal";
    else if (is_set(place->screen))
        *why = "screen does not pass on what is copied";
    else if (!has_clipboard(place->term))
        *why = "this terminal has no clipboard";
    else if (bytes > CLIPBOARD_OSC52_BYTES)
        *why = "too long for a terminal's clipboard";
    return *why ? CLIPBOARD_FILE : CLIPBOARD_TERMINAL;
}

/* RFC 4648, section 4. */
static void add_base64(struct buf *out, const unsigned char *bytes, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < n; i += 3) {
        size_t left = n - i;
        unsigned group = (unsigned)bytes[i] << 16;
        group |= left > 1 ? (unsigned)bytes[i + 1] << 8 : 0;
        group |= left > 2 ? bytes[i + 2] : 0;
        buf_putc(out, digits[group >> 18]);
        buf_putc(out, digits[group >> 12 & 63]);
        buf_putc(out, left > 1 ? digits[group >> 6 & 63] : '=');
        buf_putc(out, left > 2 ? digits[group & 63] : '=');
    }
}

char *clipboard_osc52(const char *text)
{
    struct buf out = {0};

    buf_puts(&out, "\033]52;c;");
    add_base64(&out, (const unsigned char *)text, strlen(text));
    buf_putc(&out, '\a');
    return buf_take(&out);
}

/* Others could have put a link there, to a file of ours. */
static bool is_safe(const char *directory, struct error *err)
{
    struct stat status;

    if (stat(directory, &status) != 0)
        error_set(err, "%s: %s", directory, strerror(errno));
    else if (!S_ISDIR(status.st_mode) || status.st_uid != geteuid() || (status.st_mode & 022))
        error_set(err, "%s: not a directory of yours alone", directory);
    else
        return true;
    return false;
}

static char *write_into(const char *directory, const char *name, const char *text,
                        struct error *err)
{
    if (!is_safe(directory, err))
        return NULL;
    char *path = mem_printf("%s/%s", directory, name);
    struct output *output = output_open(path, err);
    bool ok = false;

    if (output) {
        fchmod(fileno(output_stream(output)), 0600);
        fputs(text, output_stream(output));
        ok = output_commit(output, err);
    }
    if (ok)
        return path;
    free(path);
    return NULL;
}

static char *write_into_state(const char *name, const char *text, struct error *err)
{
    char *directory = xdg_state_path("stella/doctor"), *path = NULL;

    if (!directory)
        error_set(err, "HOME is not set");
    else if (file_make_directory(directory, err))
        path = write_into(directory, name, text, err);
    free(directory);
    return path;
}

char *clipboard_write_file(const char *name, const char *text, struct error *err)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    char *path = runtime && *runtime == '/' ? write_into(runtime, name, text, err) : NULL;

    return path ? path : write_into_state(name, text, err);
}

static void tell(struct clipboard *clipboard, enum clipboard_route route, char *note)
{
    clipboard->note = text_sanitise(note, strlen(note), TEXT_ONE_LINE);
    free(note);
    clipboard->result =
        (struct clipboard_result){route, clipboard->note, clipboard->sequence};
    clipboard->done(clipboard->context, &clipboard->result);
}

static void become_file(struct clipboard *clipboard)
{
    struct error err = {0};
    char *path = clipboard_write_file(FILE_NAME, clipboard->text, &err);

    if (path)
        tell(clipboard, CLIPBOARD_FILE, mem_printf("file %s: %s", path, clipboard->why));
    else
        tell(clipboard, CLIPBOARD_NOWHERE,
             mem_printf("not copied: %s; nor can a file be written: %s", clipboard->why, err.text));
    free(path);
}

static void on_timer(uv_timer_t *timer)
{
    struct clipboard *clipboard = timer->data;

    if (clipboard->why) {
        become_file(clipboard);
        return;
    }
    clipboard->sequence = clipboard_osc52(clipboard->text);
    tell(clipboard, CLIPBOARD_TERMINAL,
         mem_strdup("OSC 52: sent to the terminal's clipboard; it may refuse, so paste to see"));
}

/* What went wrong with tmux, or NULL. */
static char *complaint(const struct child *child, const struct child_end *end)
{
    if (end->timed_out)
        return mem_strdup("tmux did not answer in time");
    if (end->status == 0)
        return NULL;
    if (end->signal)
        return mem_printf("tmux was ended by signal %d", end->signal);
    char *said = capture_text(child_output(child), COMPLAINT_LINES);
    said[strcspn(said, "\n")] = '\0';
    char *why = *said ? mem_printf("tmux failed: %s", said)
                      : mem_printf("tmux failed with exit status %d", end->status);
    free(said);
    return why;
}

static void on_tmux_ended(void *context, const struct child_end *end)
{
    struct clipboard *clipboard = context;

    clipboard->why = complaint(clipboard->child, end);
    if (clipboard->why)
        become_file(clipboard);
    else
        tell(clipboard, CLIPBOARD_TMUX,
             mem_strdup("tmux's buffer: prefix ] pastes it; the clipboard too, where that is "
                        "allowed"));
}

static bool start_tmux(struct clipboard *clipboard, uv_loop_t *loop, clock_us limit_us)
{
    const struct child_options options = {
        .text = "exec tmux load-buffer -w -",
        .input = clipboard->text,
        .environment = environ,
        .limit_us = limit_us ? limit_us : CLIPBOARD_LIMIT_US,
    };
    const struct child_observer observer = {NULL, on_tmux_ended, clipboard};
    struct error err = {0};

    clipboard->child = child_start(loop, &options, &observer, &err);
    if (!clipboard->child)
        clipboard->why = mem_strdup(err.text);
    return clipboard->child != NULL;
}

struct clipboard *clipboard_copy(uv_loop_t *loop, const struct clipboard_options *options,
                                 const char *text, clipboard_done done, void *context)
{
    struct clipboard *clipboard = mem_zalloc(sizeof *clipboard);
    const char *why;
    enum clipboard_route route = clipboard_route(&options->place, strlen(text), &why);

    clipboard->text = mem_strdup(text);
    clipboard->why = mem_strdup(why);
    clipboard->done = done;
    clipboard->context = context;
    uv_timer_init(loop, &clipboard->timer);
    clipboard->timer.data = clipboard;
    if (route != CLIPBOARD_TMUX || !start_tmux(clipboard, loop, options->limit_us))
        uv_timer_start(&clipboard->timer, on_timer, 0, 0);
    return clipboard;
}

static void on_closed(uv_handle_t *handle)
{
    struct clipboard *clipboard = handle->data;

    free(clipboard->text);
    free(clipboard->why);
    free(clipboard->note);
    free(clipboard->sequence);
    free(clipboard);
}

void clipboard_free(struct clipboard *clipboard)
{
    if (!clipboard)
        return;
    child_free(clipboard->child);
    uv_close((uv_handle_t *)&clipboard->timer, on_closed);
}
