#include "guide/editor.h"

#include "base/file.h"
#include "base/mem.h"
#include "guide/clipboard.h"
#include "guide/foreground.h"
#include "guide/quote.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct editor {
    struct foreground *foreground;
    char *path; /* of the file that it edits */
    editor_ended ended;
    void *context;
};

/* NULL with a phrase where there is nothing to be used. */
static char *read_text(const struct editor *editor, const struct child_end *end,
                       const char **flaw)
{
    char *text = NULL;
    size_t len = 0;

    if (end->status != 0)
        *flaw = "the editor failed";
    else if (!file_read(editor->path, &text, &len, NULL))
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

static void on_ended(void *context, const struct child_end *end)
{
    struct editor *editor = context;
    const char *flaw = NULL;
    char *text = read_text(editor, end, &flaw);

    editor->ended(editor->context, text, flaw);
}

void editor_terminate(struct editor *editor)
{
    foreground_terminate(editor->foreground);
}

void editor_free(struct editor *editor)
{
    if (!editor)
        return;
    foreground_free(editor->foreground);
    unlink(editor->path);
    free(editor->path);
    free(editor);
}

struct editor *editor_start(uv_loop_t *loop, int terminal, const char *text, editor_ended ended,
                            void *context, struct error *err)
{
    /* Of its own name: what was copied into a file stays there. */
    char *name = mem_printf("stella-edit-%d.sh", (int)getpid());
    char *path = clipboard_write_file(name, text, err);

    free(name);
    if (!path)
        return NULL;
    struct editor *editor = mem_zalloc(sizeof *editor);
    char *quoted = quote_shell(path), *command = mem_printf("${VISUAL:-${EDITOR:-vi}} %s", quoted);
    *editor = (struct editor){.path = path, .ended = ended, .context = context};
    editor->foreground = foreground_start(loop, terminal, command, NULL, on_ended, editor, err);
    free(command);
    free(quoted);
    if (editor->foreground)
        return editor;
    editor_free(editor);
    return NULL;
}
