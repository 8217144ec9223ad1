#include "ui/walk_stage.h"

#include "base/file.h"
#include "base/mem.h"
#include "guide/clipboard.h"
#include "guide/foreground.h"
#include "guide/quote.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
    struct foreground *editor;   /* while it runs, or NULL */
    char *edited;                /* the file that it edits */
};

static void tell_changed(void *context)
{
    const struct walk_stage *stage = context;

    stage->observer.changed(stage->observer.context);
}

static void take_back(struct walk_stage *stage)
{
    close(stage->tty);
    stage->tty = -1;
    term_resume(stage->options.term);
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
    stage->enter = NULL;
}

static void on_enter(uv_poll_t *poll, int status, int events)
{
    struct walk_stage *stage = poll->data;
    char line[256];

    (void)events;
    if (status == 0)
        (void)!read(stage->tty, line, sizeof line);
    stop_waiting(stage);
    take_back(stage);
}

/* What the command left on the screen stays there until it has been read. The terminal
 * gives whole lines by now: a byte to be read means that Enter was pressed. */
static void on_gave_back(void *context)
{
    struct walk_stage *stage = context;

    dprintf(stage->tty, "\n[stella doctor] %s. Press Enter to go back.\n",
            walk_page(stage->walk)->outcome);
    stage->enter = mem_zalloc(sizeof *stage->enter);
    stage->enter->data = stage;
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

static void drop_edited(struct walk_stage *stage)
{
    unlink(stage->edited);
    free(stage->edited);
    stage->edited = NULL;
}

static void close_walk(struct walk_stage *stage)
{
    clipboard_free(stage->clipboard);
    foreground_free(stage->editor);
    perform_free(stage->perform);
    stop_waiting(stage);
    if (stage->tty >= 0)
        close(stage->tty);
    if (stage->edited)
        drop_edited(stage);
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
                                         .result = result, .platform = platform};
    const struct perform_observer observer = {tell_changed, on_gave_back, on_verified,
                                              tell_changed, stage};

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

/* NULL with a phrase where there is nothing to be used. */
static char *read_edited(const struct walk_stage *stage, const struct child_end *end,
                         const char **flaw)
{
    char *text = NULL;
    size_t len = 0;

    if (end->status != 0)
        *flaw = "the editor failed";
    else if (!file_read(stage->edited, &text, &len, NULL))
        *flaw = "what the editor left cannot be read";
    while (text && len > 0 && text[len - 1] == '\n')
        text[--len] = '\0';
    if (text && (len == 0 || strlen(text) != len)) {
        *flaw = "the editor left no command";
        free(text);
        text = NULL;
    }
    return text;
}

static void on_edited(void *context, const struct child_end *end)
{
    struct walk_stage *stage = context;
    const char *flaw = NULL;
    char *text = read_edited(stage, end, &flaw);

    foreground_free(stage->editor);
    stage->editor = NULL;
    drop_edited(stage);
    if (text)
        walk_edit(stage->walk, text);
    else
        walk_view_say(&stage->view, mem_printf("%s: the command stays as it was", flaw), true);
    free(text);
    take_back(stage);
}

/* The file is the user's alone: values that are typed into a command may be secrets. */
static bool start_editor(struct walk_stage *stage, struct error *err)
{
    char *quoted = quote_shell(stage->edited);
    char *command = mem_printf("${VISUAL:-${EDITOR:-vi}} %s", quoted);

    stage->editor = foreground_start(stage->options.session->loop, stage->tty, command, on_edited,
                                     stage, err);
    free(command);
    free(quoted);
    return stage->editor != NULL;
}

static void edit(struct walk_stage *stage)
{
    struct error err = {0};

    stage->edited = clipboard_write_file(walk_page(stage->walk)->text, &err);
    if (!stage->edited) {
        walk_view_say(&stage->view, mem_strdup(err.text), true);
        return;
    }
    bool lent = lend(stage);
    if (lent && start_editor(stage, &err))
        return;
    drop_edited(stage);
    if (lent) {
        take_back(stage);
        walk_view_say(&stage->view, mem_strdup(err.text), true);
    }
}

static void run(struct walk_stage *stage)
{
    bool lent = walk_page(stage->walk)->command->terminal;

    if (lent && !lend(stage))
        return;
    if (!perform_run(stage->perform, stage->tty) && lent)
        take_back(stage);
}

bool walk_stage_serve(struct walk_stage *stage)
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
        if (!perform_cancel(stage->perform))
            close_walk(stage);
        break;
    case WALK_REQUEST_LEAVE:
        close_walk(stage);
        break;
    case WALK_REQUEST_NONE:
        break;
    }
    return stage->walk != NULL;
}

bool walk_stage_is_busy(const struct walk_stage *stage)
{
    return stage->walk && (perform_is_busy(stage->perform) || walk_view_is_arming(&stage->view));
}
