/* Going on with a walkthrough that was left, or whose program was killed. */
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "guide/resume.h"
#include "guide/walk_model.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Which of the step's commands has the title; their number where none has, as after the
 * article was changed. */
static size_t find_way(const struct step *step, const char *title)
{
    size_t way = 0;

    while (title && way < step->ncommands && strcmp(step->commands[way].title, title) != 0)
        way++;
    return title ? way : step->ncommands;
}

/* False where the steps are no more those that the journal tells of. */
static bool find_command(const struct walk *walk, const char *name, int64_t number,
                         const char *title, struct walk_copy *place)
{
    enum platform platform = walk_find_platform(name);

    if (platform == PLATFORMS || number < 1 || (uint64_t)number > walk->steps[platform].count)
        return false;
    const struct step *step = &walk->steps[platform].items[number - 1];
    *place = (struct walk_copy){
        .platform = platform, .step = (size_t)number - 1, .way = find_way(step, title)};
    return place->way < step->ncommands;
}

static char *describe(const struct resume_step *was)
{
    if (was->state == RESUME_INTERRUPTED)
        return mem_strdup("it began, and nobody saw it end: it may have gone on, or run still; look "
                          "before you repeat it");
    if (was->altered)
        return mem_strdup("its edited command was not kept, since it may hold a secret: this is "
                          "the article's");
    if (was->state == RESUME_SKIPPED)
        return mem_strdup("skipped");
    if (was->end && strcmp(was->end, "not-started") == 0)
        return mem_strdup("not started, earlier");
    if (was->end && strcmp(was->end, "exit") == 0)
        return mem_printf("exit status %lld, earlier", (long long)was->status);
    return was->end ? mem_printf("%s %lld, earlier", was->end, (long long)was->status) : NULL;
}

static void take_step(struct walk *walk, const struct resume_step *was)
{
    static const enum walk_state states[] = {
        [RESUME_OPEN] = WALK_OPEN,       [RESUME_COPIED] = WALK_COPIED,
        [RESUME_RAN] = WALK_RAN,         [RESUME_SKIPPED] = WALK_SKIPPED,
        [RESUME_INTERRUPTED] = WALK_INTERRUPTED};
    struct walk_copy place;

    if (!find_command(walk, was->platform, was->step, was->title, &place))
        return;
    struct walk_progress *progress = &walk->progress[place.platform][place.step];
    struct walk_way *way = &progress->ways[place.way];
    progress->choice = place.way;
    way->state = states[was->state];
    way->edited = mem_strdup(was->command);
    way->went_well = was->end && strcmp(was->end, "exit") == 0 && was->status == 0;
    way->status = was->end && strcmp(was->end, "exit") == 0 ? (int)was->status : 0;
    way->outcome = describe(was);
    way->output = mem_strdup(was->output);
    walk->acted |= was->state == RESUME_RAN || was->state == RESUME_COPIED;
}

static void take_copy(struct walk *walk, const struct resume_copy *was)
{
    struct walk_copy copy;

    if (!find_command(walk, was->platform, was->step, was->title, &copy) ||
        !undo_open(&copy.undo, was->folder, NULL))
        return;
    walk->copies = mem_grow(walk->copies, walk->ncopies, sizeof *walk->copies);
    walk->copies[walk->ncopies++] = copy;
}

/* Left with this step shown; else the one after the last that something was done with. */
static size_t find_place(struct walk *walk, const struct resume *was)
{
    struct walk_copy place;

    if (!find_command(walk, was->platform, was->at, was->at_title, &place))
        return 0;
    bool goes_on = !was->left && !walk_is_open(walk, place.platform, place.step) &&
                   place.step + 1 < walk->steps[place.platform].count;
    if (was->left)
        walk->progress[place.platform][place.step].choice = place.way;
    return place.step + goes_on;
}

/* Whether the process that wrote the last event is a doctor that runs still. */
static bool is_at_it(const struct resume *was)
{
    char *path = mem_printf("/proc/%lld/comm", (long long)was->pid), *theirs = NULL, *ours = NULL;
    size_t len;
    bool is = !was->left && was->pid != getpid() && file_read(path, &theirs, &len, NULL) &&
              file_read("/proc/self/comm", &ours, &len, NULL) && strcmp(theirs, ours) == 0;

    free(theirs);
    free(ours);
    free(path);
    return is;
}

static void put_age(struct buf *text, int64_t ms)
{
    static const struct {
        int64_t ms;
        const char *name;
    } units[] = {{86400000, "day"}, {3600000, "hour"}, {60000, "minute"}};
    size_t i = 0;

    while (i < sizeof units / sizeof *units && ms < units[i].ms)
        i++;
    if (i == sizeof units / sizeof *units)
        return;
    long long n = ms / units[i].ms;
    buf_printf(text, " %lld %s%s ago", n, units[i].name, n == 1 ? "" : "s");
}

static void put_broken(struct buf *text, size_t count)
{
    if (count > 0)
        buf_printf(text, "%s%zu broken line%s of the journal %s passed over",
                   text->len ? "; " : "", count, count == 1 ? "" : "s",
                   count == 1 ? "was" : "were");
}

static void take_proof(struct walk *walk, const struct resume *was)
{
    struct walk_proof *proof = &walk->proof;

    walk->changed = was->changed;
    walk->failed = was->failed;
    walk->seen = mem_strdup(was->before);
    if (!was->verdict)
        return;
    proof->verdict = walk_find_verdict(was->verdict);
    proof->passes = (int)was->passes;
    proof->rounds = (int)was->rounds;
    if (proof->verdict == WALK_FAILING || proof->verdict == WALK_FLAKY)
        proof->failures = proof->rounds - proof->passes;
    proof->changed = was->changed;
    proof->failed = was->failed || was->before;
    proof->dated = was->dated;
    proof->earlier = true;
    proof->before = mem_strdup(was->verified_before);
    proof->after = mem_strdup(was->after);
}

static void take(struct walk *walk, const struct resume *was, enum platform *platform, size_t *at)
{
    walk->id = mem_strdup(was->walk);
    for (size_t i = 0; i < was->nsteps; i++)
        take_step(walk, &was->steps[i]);
    for (size_t i = 0; i < was->nvalues; i++)
        answers_recall(&walk->answers, was->values[i].variable, was->values[i].value,
                       was->values[i].source);
    for (size_t i = 0; i < was->ncopies; i++)
        take_copy(walk, &was->copies[i]);
    take_proof(walk, was);
    enum platform last = walk_find_platform(was->platform);
    if (*platform == PLATFORMS)
        *platform = last;
    if (*platform == last)
        *at = find_place(walk, was);
}

/* What there is to say of it, or NULL. */
static char *describe_resume(const struct resume *was, bool found, bool taken, size_t broken,
                             const struct error *err)
{
    struct buf text = {0};

    if (taken) {
        buf_puts(&text, "going on where this walkthrough was left");
        put_age(&text, clock_wall_ms() - was->last_ms);
        if (was->verdict && walk_find_verdict(was->verdict) == WALK_FIXED)
            buf_puts(&text, "; 0 begins anew");
    } else if (found) {
        buf_printf(&text, "a new walkthrough: process %lld is at the last one still",
                   (long long)was->pid);
    } else if (err->text[0]) {
        buf_printf(&text, "the journal cannot be read: %s", err->text);
    }
    put_broken(&text, broken);
    return text.len ? buf_take(&text) : NULL;
}

bool walk_resume(struct walk *walk, enum platform *platform, size_t *at)
{
    struct resume was = {0};
    struct error err = {0};
    size_t broken = 0;

    if (!walk->directory)
        return false;
    bool found = resume_find(&was, walk->directory, walk->check->id, &broken, &err);
    bool taken = found && !is_at_it(&was);
    if (taken)
        take(walk, &was, platform, at);
    if (!walk->changed && !walk->seen)
        walk->seen = mem_strdup(was.failing);
    char *said = describe_resume(&was, found, taken, broken, &err);
    if (said)
        walk_say(walk, said);
    resume_clear(&was);
    return taken;
}
