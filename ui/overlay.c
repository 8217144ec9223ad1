#include "ui/overlay.h"

#include "base/clock.h"
#include "base/mem.h"
#include "cli/version.h"
#include "settings/view.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_MS = 24 * 60 * 60 * 1000, KEYS_COLS = 22, FAR = INT_MAX / 4 };

const char *overlay_title(enum overlay overlay)
{
    static const char *const titles[] = {[OVERLAY_HELP] = "Keys",
                                         [OVERLAY_SETTINGS] = "Settings",
                                         [OVERLAY_INCIDENT] = "Incident note (c copies it)",
                                         [OVERLAY_PROBLEMS] = "Files that could not be loaded"};
    return titles[overlay];
}

static void put_keys(struct rows *rows, const struct action_row *row, int cols)
{
    rows_open(rows, cols, 0, KEYS_COLS);
    rows_printf(rows, STYLE_STRONG, "%-*s", KEYS_COLS - 1, row->keys_text);
    rows_printf(rows, STYLE_PLAIN, " %s", row->help);
    rows_close(rows);
}

static void layout_help(struct rows *rows, int cols)
{
    for (int action = ACTION_NONE + 1; action < ACTIONS; action++)
        put_keys(rows, action_row((enum action)action), cols);
}

static void layout_walk_help(struct rows *rows, int cols)
{
    for (int action = WALK_ACTION_NONE + 1; action < WALK_ACTIONS; action++)
        put_keys(rows, walk_action_row((enum walk_action)action), cols);
}

static void layout_problems(struct rows *rows, const struct catalog *catalog, int cols)
{
    size_t count = catalog_problem_count(catalog);

    for (size_t i = 0; i < count; i++) {
        rows_open(rows, cols, 0, 2);
        rows_printf(rows, STYLE_WARN, "! ");
        rows_printf(rows, STYLE_PLAIN, "%s", catalog_problem(catalog, i));
        rows_close(rows);
    }
    if (count == 0) {
        rows_open(rows, cols, 0, 0);
        rows_printf(rows, STYLE_PASS, "None: every check and article was loaded.");
        rows_close(rows);
    }
}

static void layout_settings(struct rows *rows, const struct session *session, int cols)
{
    const struct check *check = session_mail_check(session);
    struct target target;
    size_t count;

    if (!check)
        return;
    char **keys = settings_keys_beside(session->settings, (const char *const *)check->keys,
                                       check->nkeys, &count);
    check_target(check, session->settings, &target);
    settings_layout(session->settings, &target, keys, count, cols, rows);
    target_clear(&target);
    for (size_t i = 0; i < count; i++)
        free(keys[i]);
    free(keys);
}

char *overlay_incident(enum incident_format format)
{
    struct incident incident = {0};
    struct error err = {0};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return mem_strdup("out of memory");
    if (incident_read(&incident, NULL, clock_wall_ms() - DAY_MS, 0, &err))
        incident_print(&incident, format, STELLA_VERSION, out);
    else
        fprintf(out, "%s\n", err.text);
    incident_clear(&incident);
    fclose(out);
    return text;
}

static void layout_lines(struct rows *rows, const char *text, int cols)
{
    while (*text) {
        size_t n = strcspn(text, "\n"), indent = strspn(text, " ");
        rows_open(rows, cols, (int)indent, (int)indent + 2);
        rows_text(rows, *text == ' ' ? STYLE_PLAIN : STYLE_HEADING, text + indent, n - indent);
        rows_close(rows);
        if (n == 0)
            rows_blank(rows);
        text += n + (text[n] == '\n');
    }
}

void overlay_close(struct model *model)
{
    free(model->incident);
    model->incident = NULL;
    model->overlay = OVERLAY_NONE;
    rows_clear(&model->overlay_rows);
}

void overlay_toggle(struct model *model, enum overlay overlay)
{
    bool was_open = model->overlay == overlay;

    overlay_close(model);
    if (was_open)
        return;
    model->overlay = overlay;
    model->overlay_top = 0;
    if (overlay == OVERLAY_INCIDENT)
        model->incident = overlay_incident(INCIDENT_TEXT);
}

void overlay_settle(struct model *model)
{
    int cols = model->cols - 2, height = model->rows - 2;

    rows_clear(&model->overlay_rows);
    if (model->overlay == OVERLAY_HELP && model->walk)
        layout_walk_help(&model->overlay_rows, cols);
    else if (model->overlay == OVERLAY_HELP)
        layout_help(&model->overlay_rows, cols);
    else if (model->overlay == OVERLAY_SETTINGS)
        layout_settings(&model->overlay_rows, model->session, cols);
    else if (model->overlay == OVERLAY_INCIDENT)
        layout_lines(&model->overlay_rows, model->incident, cols);
    else if (model->overlay == OVERLAY_PROBLEMS)
        layout_problems(&model->overlay_rows, model->session->catalog, cols);
    int most = (int)model->overlay_rows.count - height;
    if (model->overlay_top > most)
        model->overlay_top = most;
    if (model->overlay_top < 0)
        model->overlay_top = 0;
}

void overlay_act(struct model *model, enum action action)
{
    int page = model->rows - 4;

    switch (action) {
    case ACTION_UP:
        model->overlay_top--;
        break;
    case ACTION_DOWN:
        model->overlay_top++;
        break;
    case ACTION_PAGE_UP:
        model->overlay_top -= page;
        break;
    case ACTION_PAGE_DOWN:
        model->overlay_top += page;
        break;
    case ACTION_TOP:
        model->overlay_top = 0;
        break;
    case ACTION_BOTTOM:
        model->overlay_top = FAR;
        break;
    case ACTION_OPEN:
        overlay_close(model);
        break;
    case ACTION_COPY:
        model->copies = model->overlay == OVERLAY_INCIDENT;
        break;
    default:
        break;
    }
}
