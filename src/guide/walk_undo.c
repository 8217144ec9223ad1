/* The copies that a walkthrough keeps of files, and how they are put back. */
#include "base/file.h"
#include "base/mem.h"
#include "guide/walk_model.h"
#include "guide/written_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static void drop_latest(struct walk *walk)
{
    undo_clear(&walk->copies[--walk->ncopies].undo);
}

void walk_clear_copies(struct walk *walk)
{
    while (walk->ncopies > 0)
        drop_latest(walk);
    free(walk->copies);
    walk->copies = NULL;
}

/* The step's files are named from where the step runs. */
static char *locate_file(const struct walk *walk, const char *file)
{
    const char *directory = walk->page.directory;

    return directory && *file != '/' ? mem_printf("%s/%s", directory, file) : mem_strdup(file);
}

/* The one that the article declares; where it declares none, or was edited, those that the
 * command seems to change. */
static void find_files(const struct walk *walk, struct written_files *files)
{
    const struct walk_page *page = &walk->page;

    *files = (struct written_files){0};
    if (!page->step->runnable)
        return;
    if (page->command->file)
        written_files_add(files, page->command->file);
    if (page->effect != EFFECT_READS && (page->edited || !page->command->file))
        written_files_find(files, page->text, page->directory);
}

/* The folder for copies, which is there then; NULL with err. The caller frees it. */
static char *make_folder(const struct walk *walk, struct error *err)
{
    char *folder = walk->directory ? mem_printf("%s/undo", walk->directory) : NULL;

    if (!folder)
        error_set(err, "there is no directory for it");
    if (!folder || file_make_directory(folder, err))
        return folder;
    free(folder);
    return NULL;
}

static bool keep(struct walk *walk, const char *file, struct undo *undo, struct error *err)
{
    char *folder = make_folder(walk, err), *path = locate_file(walk, file);
    bool kept = folder && undo_keep(undo, path, folder, err);

    free(path);
    free(folder);
    return kept;
}

/* With its record, which is short. */
static bool has_room(const char *folder, const char *path)
{
    enum { RECORD_BLOCKS = 2 };
    struct statvfs disk;
    struct stat st;

    if (stat(path, &st) != 0 || statvfs(folder, &disk) != 0 || disk.f_frsize == 0)
        return true;
    return disk.f_bavail > (uint64_t)st.st_size / disk.f_frsize + RECORD_BLOCKS;
}

static char *refuse_file(const struct walk *walk, const char *file)
{
    struct error err = {0};
    char *folder = make_folder(walk, &err), *path = locate_file(walk, file);

    if (folder && access(path, R_OK) != 0 && errno != ENOENT)
        error_set(&err, "%s", strerror(errno));
    else if (folder && !has_room(folder, path))
        error_set(&err, "%s", strerror(ENOSPC));
    free(path);
    free(folder);
    return err.text[0] ? mem_printf("no copy of %s can be kept: %s", file, err.text) : NULL;
}

/* A restart changes no file. */
static bool should_have_file(const struct walk *walk)
{
    return walk->page.step->runnable && (walk->page.effect == EFFECT_CHANGES_CONFIG ||
                                         walk->page.effect == EFFECT_LOSES_DATA);
}

char *walk_refuse_copy(const struct walk *walk)
{
    struct written_files files;
    char *refusal = NULL;

    find_files(walk, &files);
    if (files.count == 0 && should_have_file(walk))
        refusal = mem_strdup("no copy is kept: the command names no file that you may write");
    for (size_t i = 0; i < files.count && !refusal; i++)
        refusal = refuse_file(walk, files.names[i]);
    written_files_clear(&files);
    return refusal;
}

/* A reason without the path that it begins with. */
static const char *behind_path(const char *reason, const char *path)
{
    size_t n = strlen(path);

    return strncmp(reason, path, n) == 0 && strncmp(reason + n, ": ", 2) == 0 ? reason + n + 2
                                                                              : reason;
}

static void keep_file(struct walk *walk, const char *file)
{
    struct walk_copy copy = {
        .platform = walk->platform, .step = walk->at, .way = walk->page.choice};
    struct error err = {0};

    if (!keep(walk, file, &copy.undo, &err)) {
        walk_say(walk, mem_printf("no copy of %s is kept: %s", file, behind_path(err.text, file)));
        return;
    }
    walk->copies = mem_grow(walk->copies, walk->ncopies, sizeof *walk->copies);
    walk->copies[walk->ncopies++] = copy;
}

size_t walk_keep_copies(struct walk *walk)
{
    struct written_files files;
    size_t before = walk->ncopies;

    find_files(walk, &files);
    for (size_t i = 0; i < files.count; i++)
        keep_file(walk, files.names[i]);
    written_files_clear(&files);
    return walk->ncopies - before;
}

static bool is_shown(const struct walk *walk, const struct walk_copy *copy)
{
    return copy->platform == walk->platform && copy->step == walk->at &&
           copy->way == walk->page.choice;
}

/* What did not change needs no copy, and would displace those of what did. */
static void discard(struct walk *walk, size_t i)
{
    undo_discard(&walk->copies[i].undo);
    walk->ncopies--;
    memmove(&walk->copies[i], &walk->copies[i + 1], (walk->ncopies - i) * sizeof *walk->copies);
}

void walk_end_copies(struct walk *walk)
{
    for (size_t i = walk->ncopies; i-- > 0;) {
        struct walk_copy *copy = &walk->copies[i];
        struct error err = {0};
        if (copy->undo.ended || !is_shown(walk, copy))
            return;
        if (!undo_end(&copy->undo, &err))
            walk_say(walk, mem_printf("the copy of %s: %s", copy->undo.path, err.text));
        else if (undo_look(&copy->undo) == UNDO_SAME)
            discard(walk, i);
    }
}

/* The latest that there is something to be put back of. */
static struct walk_copy *find_latest(const struct walk *walk)
{
    for (size_t i = walk->ncopies; i-- > 0;)
        if (undo_look(&walk->copies[i].undo) != UNDO_SAME)
            return &walk->copies[i];
    return NULL;
}

const char *walk_undoable(const struct walk *walk)
{
    const struct walk_copy *copy = find_latest(walk);

    return copy ? copy->undo.path : NULL;
}

bool walk_undo_is_stale(const struct walk *walk)
{
    const struct walk_copy *copy = find_latest(walk);

    return copy && undo_look(&copy->undo) == UNDO_EDITED;
}

static void journal_undone(struct walk *walk, const struct walk_copy *copy, const char *replaced)
{
    struct journal_event event = walk_event(walk, JOURNAL_UNDONE);

    event.platform = walk_platform_name(copy->platform);
    event.file = copy->undo.path;
    event.copy = copy->undo.folder;
    event.replaced = replaced;
    event.step = (int64_t)copy->step + 1;
    event.title = walk->steps[copy->platform].items[copy->step].commands[copy->way].title;
    journal_add(walk->journal, &event);
}

/* The command is to be run again, if anything. */
static void reopen(struct walk *walk, const struct walk_copy *copy, const char *replaced)
{
    struct walk_way *way = &walk->progress[copy->platform][copy->step].ways[copy->way];

    way->state = WALK_OPEN;
    way->went_well = false;
    free(way->outcome);
    way->outcome = replaced ? mem_printf("undone: %s is as it was; what was there is kept as %s",
                                         copy->undo.path, replaced)
                            : mem_printf("undone: %s is as it was", copy->undo.path);
}

bool walk_undo(struct walk *walk, bool forced, struct undo_told *told, struct error *err)
{
    struct walk_copy *copy = find_latest(walk);

    walk_say(walk, NULL);
    *told = (struct undo_told){0};
    if (!copy) {
        error_set(err, "no step has changed a file of which a copy was kept");
        return false;
    }
    if (!undo_restore(&copy->undo, forced, told, err))
        return false;
    journal_undone(walk, copy, told->replaced);
    reopen(walk, copy, told->replaced);
    while (walk->copies + walk->ncopies > copy)
        drop_latest(walk);
    walk->acted = walk->proof.dated = true;
    walk_reload(walk);
    walk_refresh(walk);
    return true;
}
