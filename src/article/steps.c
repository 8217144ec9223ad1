#include "article/steps.h"

#include "article/model.h"
#include "article/step_cut.h"
#include "article/step_mark.h"
#include "article/terminal.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct reader {
    const struct article *article;
    enum platform platform; /* PLATFORMS: what all share */
    struct steps *steps;
    size_t next_mark;
    struct buf note; /* the paragraph right before */
    char *file;      /* that it names last; owned, or NULL */
};

/* What the text of a block is, by the language that its fence names. */
static const struct language {
    const char *name;
    bool shell;
    enum step_text text;
} languages[] = {
    {"bash", true, STEP_TEXT_PLAIN},  {"sh", true, STEP_TEXT_PLAIN},
    {"shell", true, STEP_TEXT_PLAIN}, {"zsh", true, STEP_TEXT_PLAIN},
    {"yaml", false, STEP_TEXT_YAML},  {"yml", false, STEP_TEXT_YAML},
    {"json", false, STEP_TEXT_JSON},  {"jsonc", false, STEP_TEXT_JSON},
    {"env", false, STEP_TEXT_ENV},    {"dotenv", false, STEP_TEXT_ENV},
    {"ini", false, STEP_TEXT_INI},    {"conf", false, STEP_TEXT_INI},
    {"toml", false, STEP_TEXT_INI},
};

/* NULL for what is no step: prose, what a command prints, other languages. */
static const struct language *language_of(const char *name, const char *code)
{
    if (text_fold_equal(name, "console") || !*name)
        return cut_is_shell(code) ? &languages[1] : NULL;
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        if (text_fold_equal(languages[i].name, name))
            return &languages[i];
    return NULL;
}

static void add_problem(struct steps *steps, int line, char *text)
{
    steps->problems = mem_grow(steps->problems, steps->nproblems, sizeof *steps->problems);
    steps->problems[steps->nproblems++] = (struct step_problem){line, text};
}

static void add_stray(const struct reader *reader, const struct mark *mark)
{
    if (mark->section == ARTICLE_FIX && mark->platform == reader->platform)
        add_problem(reader->steps, mark->line,
                    mem_strdup("the mark of steps stands before no block of steps"));
}

/* The mark of the next block, or NULL. The marks are in the order of the blocks. */
static const struct mark *take_mark(struct reader *reader, size_t block)
{
    const struct article *article = reader->article;
    const struct mark *found = NULL;

    while (reader->next_mark < article->nmarks &&
           article->marks[reader->next_mark].block <= block) {
        if (found)
            add_stray(reader, found);
        found = &article->marks[reader->next_mark++];
    }
    return found;
}

static void apply_entry(struct step_command *command, struct step_mark *entry)
{
    command->marked = entry->has_effect;
    command->effect = entry->effect;
    command->terminal |= entry->terminal;
    if (entry->has_embeds)
        command->embeds = entry->embeds;
    command->file = entry->file;
    entry->file = NULL;
}

/* Nobody knows which entry is whose: each counts as the worst of them. */
static void distrust_mark(struct step_command *commands, size_t count, enum effect worst)
{
    for (size_t i = 0; i < count; i++) {
        commands[i].marked = false;
        commands[i].effect = worst;
    }
}

static void apply_mark(const struct mark *mark, struct step_command *commands, size_t count,
                       struct steps *steps)
{
    const char *rest = mark->text;
    struct step_mark entry;
    enum effect worst = EFFECT_CHANGES_CONFIG;
    size_t entries = 0;

    for (; step_mark_next(&rest, &entry); entries++) {
        if (entry.effect > worst)
            worst = entry.effect;
        if (entry.problem)
            add_problem(steps, mark->line, mem_strdup(entry.problem));
        if (entries < count)
            apply_entry(&commands[entries], &entry);
        step_mark_clear(&entry);
    }
    if (entries == count)
        return;
    distrust_mark(commands, count, worst);
    add_problem(steps, mark->line,
                mem_printf("the mark has %zu %s, but the block has %zu %s", entries,
                           entries == 1 ? "entry" : "entries", count,
                           count == 1 ? "command" : "commands"));
}

static struct step *add_step(struct reader *reader, const struct block *block, bool runnable)
{
    struct steps *steps = reader->steps;

    steps->items = mem_grow(steps->items, steps->count, sizeof *steps->items);
    struct step *step = &steps->items[steps->count++];
    *step = (struct step){.runnable = runnable,
                          .language = mem_strdup(*block->language ? block->language : "sh")};
    return step;
}

static void add_command(struct step *step, const struct step_command *command)
{
    step->commands = mem_grow(step->commands, step->ncommands, sizeof *step->commands);
    step->commands[step->ncommands++] = *command;
}

/* An alternative may have a block, and so a paragraph, of its own. */
static void add_note(struct step *step, struct buf *note)
{
    if (note->len == 0)
        return;
    char *whole = step->note ? mem_printf("%s %s", step->note, note->data) : buf_take(note);
    free(step->note);
    step->note = whole;
    buf_clear(note);
}

/* The commands of a shell block, marked; the strings move out of cut. */
static struct step_command *make_commands(const struct block *block, struct cut *cut)
{
    struct step_command *commands = mem_zalloc((cut->count + 1) * sizeof *commands);

    for (size_t i = 0; i < cut->count; i++) {
        struct cut_command *from = &cut->items[i];
        commands[i] = (struct step_command){
            .title = from->title,
            .text = from->text,
            .line = block->line + from->line,
            .effect = EFFECT_CHANGES_CONFIG,
            .terminal = shell_needs_terminal(from->text),
        };
        from->title = from->text = NULL;
    }
    return commands;
}

static void read_shell(struct reader *reader, const struct block *block, const char *code,
                       const struct mark *mark)
{
    struct steps *steps = reader->steps;
    struct cut cut = {0};

    cut_commands(code, &cut);
    struct step_command *commands = make_commands(block, &cut);
    if (mark)
        apply_mark(mark, commands, cut.count, steps);
    for (size_t i = 0; i < cut.count; i++) {
        struct step *step = steps->count > 0 ? &steps->items[steps->count - 1] : NULL;
        if (!cut.items[i].alternative || !step || !step->runnable)
            step = add_step(reader, block, true);
        add_command(step, &commands[i]);
        add_note(step, &reader->note);
    }
    free(commands);
    cut_clear(&cut);
}

static char *title_of_file(const char *marked, const char *named)
{
    if (!marked && !named)
        return mem_strdup("Put this into the configuration");
    return mem_printf("Edit %s", marked ? marked : named);
}

static void read_file_text(struct reader *reader, const struct block *block, const char *code,
                           enum step_text text, const struct mark *mark)
{
    struct step_command command = {
        .line = block->line, .effect = EFFECT_CHANGES_CONFIG, .embeds = text};
    size_t n = strlen(code);

    while (n > 0 && code[n - 1] == '\n')
        n--;
    if (mark)
        apply_mark(mark, &command, n > 0, reader->steps);
    if (n == 0)
        return;
    command.text = mem_strndup(code, n);
    command.title = title_of_file(command.file, reader->file);
    struct step *step = add_step(reader, block, false);
    add_command(step, &command);
    add_note(step, &reader->note);
}

/* False where the block is none of steps. */
static bool read_code(struct reader *reader, const struct block *block, const struct mark *mark)
{
    if (!block->language)
        return false;
    char *code = block_text(reader->article, block);
    const struct language *language = language_of(block->language, code);

    if (language && language->shell)
        read_shell(reader, block, code, mark);
    else if (language)
        read_file_text(reader, block, code, language->text, mark);
    free(code);
    return language != NULL;
}

static void forget_note(struct reader *reader)
{
    buf_clear(&reader->note);
    free(reader->file);
    reader->file = NULL;
}

static bool names_file(const char *word, size_t n)
{
    static const char *const endings[] = {".yaml", ".yml",  ".json", ".env",
                                          ".ini",  ".conf", ".toml"};

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t length = strlen(endings[i]);
        if (n >= length && memcmp(word + n - length, endings[i], length) == 0)
            return memchr(word, ' ', n) == NULL;
    }
    return false;
}

static void find_file(struct reader *reader, const struct block *block)
{
    for (size_t i = block->first; i < block->first + block->count; i++) {
        const struct span *span = &reader->article->spans[i];
        const char *word = reader->article->text.data + span->start;
        if (span->style != STYLE_CODE || !names_file(word, span->len))
            continue;
        free(reader->file);
        reader->file = mem_strndup(word, span->len);
    }
}

/* Items of a list follow each other without a gap: they are one paragraph. */
static void read_prose(struct reader *reader, const struct block *block)
{
    if (block->gap)
        forget_note(reader);
    if (block->count > 0 && reader->article->spans[block->first].style == STYLE_HEADING)
        return;
    char *text = block_text(reader->article, block);
    if (reader->note.len > 0 && *text)
        buf_putc(&reader->note, ' ');
    if (*text)
        buf_puts(&reader->note, text);
    free(text);
    find_file(reader, block);
}

static void read_block(struct reader *reader, const struct block *block, const struct mark *mark)
{
    bool taken = false;

    if (block->section == ARTICLE_FIX && block->platform == reader->platform) {
        if (block->kind == BLOCK_PROSE) {
            read_prose(reader, block);
        } else {
            taken = read_code(reader, block, mark);
            forget_note(reader);
        }
    }
    if (mark && !taken)
        add_stray(reader, mark);
}

static bool has_platforms(const struct article *article)
{
    bool any = false;

    for (int i = 0; i < PLATFORMS; i++)
        any |= article_has(article, ARTICLE_FIX, (enum platform)i);
    return any;
}

void article_steps(const struct article *article, enum platform platform, struct steps *steps)
{
    struct reader reader = {
        .article = article,
        .platform = has_platforms(article) ? platform : PLATFORMS,
        .steps = steps,
    };
    const struct mark *mark;

    for (size_t i = 0; i < article->nblocks; i++)
        read_block(&reader, &article->blocks[i], take_mark(&reader, i));
    if ((mark = take_mark(&reader, article->nblocks)))
        add_stray(&reader, mark);
    forget_note(&reader);
}

static void clear_step(struct step *step)
{
    for (size_t i = 0; i < step->ncommands; i++) {
        free(step->commands[i].title);
        free(step->commands[i].text);
        free(step->commands[i].file);
    }
    free(step->commands);
    free(step->language);
    free(step->note);
}

void steps_clear(struct steps *steps)
{
    for (size_t i = 0; i < steps->count; i++)
        clear_step(&steps->items[i]);
    for (size_t i = 0; i < steps->nproblems; i++)
        free(steps->problems[i].text);
    free(steps->items);
    free(steps->problems);
    *steps = (struct steps){0};
}
