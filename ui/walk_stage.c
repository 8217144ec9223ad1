#include "ui/walk_stage.h"

#include "base/mem.h"
#include "guide/clipboard.h"
#include "guide/editor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

struct walk_stage {
    struct walk_stage_options options;
    struct walk_stage_observer observer;
    struct walk *walk; /* NULL: none is open */
    struct perform *perform;
    struct walk_view view;
    struct clipboard *clipboard; /* while it copies, or NULL */
    int tty;                     /* while the terminal is lent, else -1 */
    uv_poll_t *enter;            /* while it waits for the key that ends that, or NULL */
    uv_timer_t *quiet;           /* from that key on, or NULL */
    bool ending;                 /* the program is: nobody is waited for */
    struct editor *editor;       /* while it runs, or NULL */
    clock_us cancelled;          /* when Ctrl-C last ended something */
};

static void tell_changed(void *context)
{
    const struct walk_stage *stage = context;

    stage->observer.changed(stage->observer.context);
}

static void take_back(struct walk_stage *stage)
{
    if (stage->ending)
        return;
    term_resume(stage->options.term);
    /* Raw from here on: what waits in pieces of lines would be keys. */
    tcflush(stage->tty, TCIFLUSH);
    close(stage->tty);
    stage->tty = -1;
    stage->observer.away(stage->observer.context, false);
}

/* The descriptor is the command's own: that of the screen is nonblocking. */
static bool lend(struct walk_stage *stage)
{
    stage->tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (stage->tty < 0) {
        walk_view_say(&stage->view,
                      mem_printf("the terminal cannot be lent: %s", errno_name(errno)), true);
        return false;
    }
    stage->observer.away(stage->observer.context, true);
    term_suspend(stage->options.term);
    return true;
}

static void free_handle(uv_handle_t *handle)
{
    free(handle);
}

static void stop_waiting(struct walk_stage *stage)
{
    if (stage->enter)
        uv_close((uv_handle_t *)stage->enter, free_handle);
    if (stage->quiet)
        uv_close((uv_handle_t *)stage->quiet, free_handle);
    stage->enter = NULL;
    stage->quiet = NULL;
}

static void on_quiet(uv_timer_t *timer)
{
    struct walk_stage *stage = timer->data;

    stop_waiting(stage);
    take_back(stage);
}

static void on_enter(uv_poll_t *poll, int status, int events)
{
    struct walk_stage *stage = poll->data;
    char line[4096];

    (void)events;
    /* A terminal that is gone hangs us up. */
    if (status != 0 || read(stage->tty, line, sizeof line) <= 0)
        uv_poll_stop(poll);
    uv_timer_start(stage->quiet, on_quiet, WALK_STAGE_QUIET_US / CLOCK_MS, 0);
}

/* What the command left on the screen stays there until it has been read. The terminal
 * gives whole lines by now: a byte to be read means that Enter was pressed. */
static void on_gave_back(void *context)
{
    struct walk_stage *stage = context;

    if (stage->ending)
        return;
    dprintf(stage->tty, "\n[stella doctor] %s. Press Enter to go back.\n",
            walk_page(stage->walk)->outcome);
    stage->enter = mem_zalloc(sizeof *stage->enter);
    stage->quiet = mem_zalloc(sizeof *stage->quiet);
    stage->enter->data = stage->quiet->data = stage;
    uv_timer_init(stage->options.session->loop, stage->quiet);
    uv_poll_init(stage->options.session->loop, stage->enter, stage->tty);
    uv_poll_start(stage->enter, UV_READABLE, on_enter);
}

static void on_verified(void *context, struct result *result)
{
    const struct walk_stage *stage = context;

    stage->observer.finished(stage->observer.context, result);
}

struct walk_stage *walk_stage_new(const struct walk_stage_options *options,
                                  const struct walk_stage_observer *observer)
{
    struct walk_stage *stage = mem_zalloc(sizeof *stage);

    stage->options = *options;
    stage->observer = *observer;
    stage->tty = -1;
    return stage;
}

static void close_walk(struct walk_stage *stage)
{
    clipboard_free(stage->clipboard);
    editor_free(stage->editor);
    perform_free(stage->perform);
    stop_waiting(stage);
    if (stage->tty >= 0)
        close(stage->tty);
    walk_view_close(&stage->view);
    walk_close(stage->walk);
    *stage = (struct walk_stage){.options = stage->options, .observer = stage->observer,
                                 .tty = -1};
}

void walk_stage_free(struct walk_stage *stage)
{
    if (stage && stage->walk)
        close_walk(stage);
    else if (stage)
        clipboard_free(stage->clipboard);
    free(stage);
}

struct walk_view *walk_stage_open(struct walk_stage *stage, const struct check *check,
                                  enum platform platform, const struct result *result,
                                  struct error *err)
{
    char *directory = journal_directory(NULL);
    const struct walk_options options = {.session = stage->options.session,
                                         .journal = stage->options.journal,
                                         .directory = directory, .check = check,
                                         .result = result, .platform = platform,
                                         .rounds = stage->options.rounds};
    /* What goes on is seen by the frames: a flood must not paint as often as it writes. */
    const struct perform_observer observer = {NULL, on_gave_back, on_verified, tell_changed,
                                              stage};

    stage->walk = walk_open(&options, err);
    free(directory);
    if (!stage->walk)
        return NULL;
    stage->perform = perform_new(stage->options.session, stage->walk, &observer);
    walk_view_open(&stage->view, stage->walk, stage->perform, stage->options.read_only,
                   term_is_ascii(stage->options.term));
    return &stage->view;
}

static void end_copy(struct walk_stage *stage, const struct clipboard_result *result)
{
    if (result->sequence)
        term_send(stage->options.term, result->sequence);
    clipboard_free(stage->clipboard);
    stage->clipboard = NULL;
    tell_changed(stage);
}

static void on_step_copied(void *context, const struct clipboard_result *result)
{
    struct walk_stage *stage = context;

    if (result->route != CLIPBOARD_NOWHERE)
        walk_copied(stage->walk, result->note);
    walk_view_say(&stage->view, mem_strdup(result->note), result->route == CLIPBOARD_NOWHERE);
    end_copy(stage, result);
}

static void on_text_copied(void *context, const struct clipboard_result *result)
{
    struct walk_stage *stage = context;

    stage->observer.said(stage->observer.context, result->note);
    end_copy(stage, result);
}

static void copy(struct walk_stage *stage, const char *text, clipboard_done done)
{
    const struct clipboard_options options = {.place = clipboard_place_here(true)};

    if (!stage->clipboard)
        stage->clipboard =
            clipboard_copy(stage->options.session->loop, &options, text, done, stage);
}

void walk_stage_copy(struct walk_stage *stage, const char *text)
{
    copy(stage, text, on_text_copied);
}

static void on_edited(void *context, char *text, const char *flaw)
{
    struct walk_stage *stage = context;

    editor_free(stage->editor);
    stage->editor = NULL;
    if (text)
        walk_edit(stage->walk, text);
    else
        walk_view_say(&stage->view, mem_printf("%s: the command stays as it was", flaw), true);
    free(text);
    take_back(stage);
}

static void edit(struct walk_stage *stage)
{
    struct error err = {0};

    if (!lend(stage))
        return;
    stage->editor = editor_start(stage->options.session->loop, stage->tty,
                                 walk_page(stage->walk)->text, on_edited, stage, &err);
    if (stage->editor)
        return;
    take_back(stage);
    walk_view_say(&stage->view, mem_strdup(err.text), true);
}

static void run(struct walk_stage *stage)
{
    bool lent = walk_page(stage->walk)->terminal;

    if (lent && !lend(stage))
        return;
    if (!perform_run(stage->perform, stage->tty) && lent)
        take_back(stage);
}

/* Who presses it twice does not mean to leave where the first has ended the command. False
 * where nothing was to be ended. */
static bool cancel(struct walk_stage *stage)
{
    clock_us now = clock_now_us();

    if (perform_cancel(stage->perform))
        stage->cancelled = now;
    else if (!stage->cancelled || now - stage->cancelled >= WALK_STAGE_TWICE_US)
        return false;
    else
        walk_view_say(&stage->view, mem_strdup("nothing runs any more; q leaves"), false);
    return true;
}

enum walk_stage_end walk_stage_serve(struct walk_stage *stage)
{
    enum walk_request request = stage->walk ? stage->view.request : WALK_REQUEST_NONE;

    stage->view.request = WALK_REQUEST_NONE;
    switch (request) {
    case WALK_REQUEST_RUN:
        run(stage);
        break;
    case WALK_REQUEST_COPY:
        copy(stage, walk_page(stage->walk)->text, on_step_copied);
        break;
    case WALK_REQUEST_EDIT:
        edit(stage);
        break;
    case WALK_REQUEST_VERIFY:
        perform_verify(stage->perform);
        break;
    case WALK_REQUEST_CANCEL:
        if (cancel(stage))
            break;
        close_walk(stage);
        return WALK_STAGE_LEFT;
    case WALK_REQUEST_LEAVE:
        close_walk(stage);
        return WALK_STAGE_LEFT;
    case WALK_REQUEST_CLOSE:
        close_walk(stage);
        break;
    case WALK_REQUEST_NONE:
        break;
    }
    return stage->walk ? WALK_STAGE_OPEN : WALK_STAGE_CLOSED;
}

bool walk_stage_is_ending(const struct walk_stage *stage)
{
    return stage->walk && (stage->editor || perform_is_running(stage->perform));
}

bool walk_stage_terminate(struct walk_stage *stage)
{
    if (!stage->walk)
        return false;
    stage->ending = true;
    perform_terminate(stage->perform);
    if (stage->editor)
        editor_terminate(stage->editor);
    return walk_stage_is_ending(stage);
}

bool walk_stage_is_busy(const struct walk_stage *stage)
{
    return stage->walk && (perform_is_busy(stage->perform) || walk_view_is_arming(&stage->view));
}
