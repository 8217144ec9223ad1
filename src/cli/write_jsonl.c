/* One JSON object a line, each sent when it happens: data/schemas/events.schema.json. */
#include "base/mem.h"
#include "cli/result_json.h"
#include "cli/sheet_json.h"

#include <stdlib.h>

/* The statuses that were told last, in the order of what they are of. */
struct list {
    enum step_status *statuses;
    size_t count;
};

/* Of one run. */
struct told {
    struct list phases, attempts, deeper;
};

static json_t *event_json(const char *event)
{
    json_t *object = json_object();

    json_object_set_new(object, "event", json_string(event));
    return object;
}

static void print(struct sheet *sheet, json_t *object)
{
    json_print_line(object, sheet->out);
    fflush(sheet->out);
}

static void forget(struct sheet *sheet)
{
    struct told *told = sheet->state;

    for (size_t i = 0; i < sheet->count; i++) {
        free(told[i].phases.statuses);
        free(told[i].attempts.statuses);
        free(told[i].deeper.statuses);
        told[i] = (struct told){0};
    }
}

static void write_begin(struct sheet *sheet)
{
    json_t *start = event_json("start");

    sheet->state = mem_zalloc((sheet->count + 1) * sizeof(struct told));
    sheet_put_head(start, sheet);
    print(sheet, start);
}

static void write_round(struct sheet *sheet)
{
    json_t *object = event_json("round");

    forget(sheet);
    json_object_set_new(object, "round", json_integer((json_int_t)sheet->rounds + 1));
    print(sheet, object);
}

/* Whether item index has another status than was told; then it is now. */
static bool is_news(struct list *told, size_t index, enum step_status status)
{
    if (index < told->count && told->statuses[index] == status)
        return false;
    if (index == told->count)
        told->statuses = mem_grow(told->statuses, told->count++, sizeof *told->statuses);
    told->statuses[index] = status;
    return true;
}

/* Takes step over. */
static void print_step(struct sheet *sheet, const char *event, const struct result *live,
                       json_t *step)
{
    json_t *object = event_json(event);

    json_object_set_new(object, "id", json_string(live->check->id));
    json_object_update(object, step);
    json_decref(step);
    print(sheet, object);
}

static void print_phases(struct sheet *sheet, struct list *told, const struct result *live,
                         const struct phase *phases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_news(told, i, phases[i].status))
            print_step(sheet, "phase", live, phase_json(&phases[i]));
}

/* A phase begins before its attempts and ends after them. */
static void write_event(struct sheet *sheet, size_t index, const struct result *live)
{
    struct told *told = (struct told *)sheet->state + index;
    const struct evidence *evidence = &live->evidence;
    size_t count = evidence->nphases;
    bool ended = count > 0 && evidence->phases[count - 1].status != STEP_RUNNING;

    print_phases(sheet, &told->phases, live, evidence->phases, ended ? count - 1 : count);
    for (size_t i = 0; i < evidence->nattempts; i++)
        if (is_news(&told->attempts, i, evidence->attempts[i].status))
            print_step(sheet, "attempt", live, attempt_json(&evidence->attempts[i]));
    print_phases(sheet, &told->phases, live, evidence->phases, count);
    print_phases(sheet, &told->deeper, live, live->deeper.phases, live->deeper.nphases);
}

static void write_result(struct sheet *sheet, const struct result *result)
{
    json_t *object = event_json("result");
    json_t *members = result_json(result, sheet->options->program);

    json_object_update(object, members);
    json_decref(members);
    print(sheet, object);
}

static void write_end(struct sheet *sheet)
{
    json_t *end = event_json("end");

    sheet_put_end(end, sheet);
    print(sheet, end);
    forget(sheet);
    free(sheet->state);
}

const struct writer write_jsonl = {.begin = write_begin,
                                   .round = write_round,
                                   .event = write_event,
                                   .result = write_result,
                                   .end = write_end};
