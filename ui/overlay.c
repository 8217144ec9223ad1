#include "ui/overlay.h"

#include "settings/view.h"

#include <limits.h>
#include <stdlib.h>

enum { KEYS_COLS = 22, FAR = INT_MAX / 4 };

const char *overlay_title(enum overlay overlay)
{
    static const char *const titles[] = {[OVERLAY_HELP] = "Keys",
                                         [OVERLAY_SETTINGS] = "Settings",
                                         [OVERLAY_PROBLEMS] = "Files that could not be loaded"};
    return titles[overlay];
}

static void layout_help(struct rows *rows, int cols)
{
    for (int action = ACTION_NONE + 1; action < ACTIONS; action++) {
        const struct action_row *row = action_row((enum action)action);
        rows_open(rows, cols, 0, KEYS_COLS);
        rows_printf(rows, STYLE_STRONG, "%-*s", KEYS_COLS - 1, row->keys_text);
        rows_printf(rows, STYLE_PLAIN, " %s", row->help);
        rows_close(rows);
    }
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

void overlay_close(struct model *model)
{
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
}

void overlay_settle(struct model *model)
{
    int cols = model->cols - 2, height = model->rows - 2;

    rows_clear(&model->overlay_rows);
    if (model->overlay == OVERLAY_HELP)
        layout_help(&model->overlay_rows, cols);
    else if (model->overlay == OVERLAY_SETTINGS)
        layout_settings(&model->overlay_rows, model->session, cols);
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
    default:
        break;
    }
}
