#include "catalog/catalog.h"

#include "base/embed.h"
#include "base/file.h"
#include "base/inifile.h"
#include "base/mem.h"
#include "base/text.h"
#include "catalog/wiring.h"

#include <dirent.h>
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

/* Behind a pointer, since reading is put off until somebody asks. */
struct rule_book {
    struct rules rules;
    bool wants_builtin;
};

struct catalog {
    struct check **checks;
    size_t count;
    struct rule_book *book;
    void *by_id; /* tsearch(3) tree of the same checks */
    char **problems;
    size_t nproblems;
    unsigned set; /* counts the directories: within one no id may come twice */
};

struct catalog *catalog_new(void)
{
    struct catalog *catalog = mem_zalloc(sizeof *catalog);

    catalog->book = mem_zalloc(sizeof *catalog->book);
    return catalog;
}

static void check_free(struct check *check)
{
    wiring_reset(check);
    article_head_clear(&check->head);
    free(check->article_name);
    free(check->article_path);
    free(check->origin);
    free(check->id);
    free(check);
}

static void keep_node(void *node)
{
    (void)node;
}

void catalog_free(struct catalog *catalog)
{
    if (!catalog)
        return;
    tdestroy(catalog->by_id, keep_node);
    for (size_t i = 0; i < catalog->count; i++)
        check_free(catalog->checks[i]);
    for (size_t i = 0; i < catalog->nproblems; i++)
        free(catalog->problems[i]);
    rules_clear(&catalog->book->rules);
    free(catalog->book);
    free(catalog->checks);
    free(catalog->problems);
    free(catalog);
}

/* Takes the text over. */
static void add_text(struct catalog *catalog, char *text)
{
    catalog->problems = mem_grow(catalog->problems, catalog->nproblems, sizeof *catalog->problems);
    catalog->problems[catalog->nproblems++] = text;
}

/* "FILE:LINE: reason" where the reason begins with its line, else "FILE: reason". */
static void add_problem(struct catalog *catalog, const char *name, const char *reason)
{
    bool has_line = *reason >= '0' && *reason <= '9';
    char *raw = mem_printf("%s:%s%s", name, has_line ? "" : " ", reason);

    add_text(catalog, text_sanitise(raw, strlen(raw), TEXT_ONE_LINE));
    free(raw);
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(((const struct check *)a)->id, ((const struct check *)b)->id);
}

static struct check *find_check(const struct catalog *catalog, const char *id)
{
    const struct check wanted = {.id = (char *)id};
    struct check **node = tfind(&wanted, &catalog->by_id, compare_ids);
    return node ? *node : NULL;
}

static struct check *find_or_add(struct catalog *catalog, const char *id)
{
    struct check *check = find_check(catalog, id);

    if (check)
        return check;
    check = mem_zalloc(sizeof *check);
    check->id = mem_strdup(id);
    catalog->checks = mem_grow(catalog->checks, catalog->count, sizeof *catalog->checks);
    catalog->checks[catalog->count++] = check;
    tsearch(check, &catalog->by_id, compare_ids);
    return check;
}

/* One wiring file on its way in. Each section is gathered by itself, and only
 * a whole file without mistakes reaches the catalog. */
struct wiring_file {
    const char *name;
    struct check **checks;
    size_t count;
};

static bool is_id(const char *text)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return *text && text[strspn(text, allowed)] == '\0';
}

static bool add_entry(void *context, const char *section, const char *name, const char *value,
                      int line, struct error *err)
{
    struct wiring_file *file = context;
    struct check *last = file->count ? file->checks[file->count - 1] : NULL;

    if (!last || strcmp(last->id, section) != 0) {
        if (!is_id(section)) {
            error_set(err, "the section must be the id of a check, such as [check.example.name]");
            return false;
        }
        last = mem_zalloc(sizeof *last);
        wiring_reset(last);
        last->id = mem_strdup(section);
        last->origin = mem_printf("%s:%d", file->name, line);
        file->checks = mem_grow(file->checks, file->count, sizeof *file->checks);
        file->checks[file->count++] = last;
    }
    if (wiring_set(last, name, value, err))
        return true;
    error_prefix(err, "%s = %s", name, value);
    return false;
}

/* A check that another file wires well keeps that; else it must not look as if
 * it only had an article. */
static void mark_broken(struct check *check)
{
    check->miswired = true;
    if (check->probe == PROBE_NONE)
        check->probe = PROBE_BROKEN;
}

static void add_wiring(struct catalog *catalog, const char *name, const char *text, size_t len)
{
    struct wiring_file file = {.name = name};
    struct error err = {0};
    bool ok = inifile_read(text, len, add_entry, &file, &err);

    if (!ok)
        add_problem(catalog, name, err.text);
    for (size_t i = 0; i < file.count; i++) {
        struct check *check = file.checks[i];
        if (ok && wiring_is_complete(check, &err)) {
            wiring_move(find_or_add(catalog, check->id), check);
        } else {
            if (ok)
                add_problem(catalog, check->origin, err.text);
            mark_broken(find_or_add(catalog, check->id));
        }
        check_free(check);
    }
    free(file.checks);
}

/* path is NULL for text that is built in and stays where it is. */
static void add_article(struct catalog *catalog, const char *name, const char *path,
                        const char *text, size_t len)
{
    struct article_head head = {0};
    struct error err = {0};

    if (!article_read_head(text, len, &head, &err)) {
        add_problem(catalog, name, err.text);
        return;
    }
    struct check *check = find_or_add(catalog, head.check_id);
    if (check->article_name && check->article_set == catalog->set) {
        char *reason = mem_printf("%s has checkId: %s too, and is not used; give one of them "
                                  "another id", check->article_name, check->id);
        add_problem(catalog, name, reason);
        free(reason);
    }
    article_head_clear(&check->head);
    free(check->article_name);
    free(check->article_path);
    check->head = head;
    check->article_set = catalog->set;
    check->article_name = mem_strdup(name);
    check->article_path = mem_strdup(path);
    check->article_text = path ? NULL : text;
    check->article_len = path ? 0 : len;
}

const struct rules *catalog_rules(const struct catalog *catalog)
{
    struct rule_book *book = catalog->book;

    if (book->wants_builtin)
        rules_read_builtin(&book->rules);
    book->wants_builtin = false;
    return &book->rules;
}

/* Of two rules that say the same the earlier one counts: the built-in come first. */
static void add_rules(struct catalog *catalog, const char *name, const char *text, size_t len)
{
    struct error err = {0};

    catalog_rules(catalog);
    if (!rules_read(&catalog->book->rules, name, text, len, &err))
        add_problem(catalog, name, err.text);
}

void catalog_add_builtin(struct catalog *catalog)
{
    /* Wiring first: its order is the order of the checks. */
    for (size_t i = 0; i < embed_count(); i++) {
        const struct embed_file *file = embed_at(i);
        if (strncmp(file->path, "checks/", 7) == 0)
            add_wiring(catalog, file->path, file->data, file->len);
    }
    for (size_t i = 0; i < embed_count(); i++) {
        const struct embed_file *file = embed_at(i);
        if (strncmp(file->path, "articles/", 9) == 0)
            add_article(catalog, file->path, NULL, file->data, file->len);
    }
    catalog->book->wants_builtin = true;
}

static bool has_ending(const char *name, const char *ending)
{
    size_t n = strlen(name), m = strlen(ending);
    return n > m && name[0] != '.' && strcmp(name + n - m, ending) == 0;
}

static int is_ini(const struct dirent *entry)
{
    return has_ending(entry->d_name, ".ini");
}

static int is_article(const struct dirent *entry)
{
    return has_ending(entry->d_name, ".md");
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* By bytes: alphasort(3) follows the locale. */
static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

typedef void visit(struct catalog *catalog, const char *path);

/* Visits the entries that pass the filter; a directory that is not there has none. */
static void visit_directory(struct catalog *catalog, const char *path,
                            int (*filter)(const struct dirent *), visit *visit_entry)
{
    struct dirent **names;
    int n = scandir(path, &names, filter, compare_names);

    if (n < 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            add_problem(catalog, path, strerror(errno));
        return;
    }
    for (int i = 0; i < n; i++) {
        char *entry = mem_printf("%s/%s", path, names[i]->d_name);
        visit_entry(catalog, entry);
        free(entry);
        free(names[i]);
    }
    free(names);
}

typedef void adder(struct catalog *catalog, const char *path, const char *text, size_t len);

static void visit_file(struct catalog *catalog, const char *path, adder *add)
{
    struct error err = {0};
    char *text;
    size_t len;

    if (file_read(path, &text, &len, &err))
        add(catalog, path, text, len);
    else
        add_text(catalog, mem_strdup(err.text));
    free(text);
}

static void visit_wiring(struct catalog *catalog, const char *path)
{
    visit_file(catalog, path, add_wiring);
}

static void visit_rules(struct catalog *catalog, const char *path)
{
    visit_file(catalog, path, add_rules);
}

static void add_article_file(struct catalog *catalog, const char *path, const char *text,
                             size_t len)
{
    add_article(catalog, path, path, text, len);
}

static void visit_article(struct catalog *catalog, const char *path)
{
    visit_file(catalog, path, add_article_file);
}

static void visit_plugin(struct catalog *catalog, const char *path)
{
    visit_directory(catalog, path, is_article, visit_article);
}

bool catalog_add_directory(struct catalog *catalog, const char *path, struct error *err)
{
    DIR *dir = opendir(path);

    if (!dir) {
        int saved = errno;
        error_set(err, "%s: %s", path, strerror(saved));
        errno = saved;
        return false;
    }
    closedir(dir);
    catalog->set++;
    char *checks = mem_printf("%s/checks", path), *articles = mem_printf("%s/articles", path);
    char *rules = mem_printf("%s/diagnosis", path);
    visit_directory(catalog, checks, is_ini, visit_wiring);
    visit_directory(catalog, articles, is_visible, visit_plugin);
    visit_directory(catalog, rules, is_ini, visit_rules);
    free(checks);
    free(articles);
    free(rules);
    return true;
}

void catalog_add_optional_directory(struct catalog *catalog, const char *path)
{
    struct error err = {0};

    if (!catalog_add_directory(catalog, path, &err) && errno != ENOENT && errno != ENOTDIR)
        add_text(catalog, text_sanitise(err.text, strlen(err.text), TEXT_ONE_LINE));
}

static void drop(struct catalog *catalog, struct check *check)
{
    tdelete(check, &catalog->by_id, compare_ids);
    check_free(check);
}

/* Stable: wired checks first, those with an article alone behind them. */
void catalog_finish(struct catalog *catalog)
{
    struct check **kept = mem_realloc(NULL, (catalog->count + 1) * sizeof *kept);
    size_t count = 0;

    for (int wired = 1; wired >= 0; wired--)
        for (size_t i = 0; i < catalog->count; i++) {
            struct check *check = catalog->checks[i];
            if ((check->origin != NULL) == wired && check->head.check_id)
                kept[count++] = check;
        }
    for (size_t i = 0; i < catalog->count; i++) {
        struct check *check = catalog->checks[i];
        if (check->head.check_id)
            continue;
        if (check->probe == PROBE_BROKEN) {
            drop(catalog, check);
            continue;
        }
        char *reason = mem_printf("no article has checkId: %s; add one under articles/", check->id);
        add_problem(catalog, check->origin, reason);
        free(reason);
        drop(catalog, check);
    }
    free(catalog->checks);
    catalog->checks = kept;
    catalog->count = count;
    for (size_t i = 0; i < count; i++)
        kept[i]->catalog = catalog;
}

size_t catalog_count(const struct catalog *catalog)
{
    return catalog->count;
}

const struct check *catalog_at(const struct catalog *catalog, size_t index)
{
    return catalog->checks[index];
}

const struct check *catalog_find(const struct catalog *catalog, const char *id)
{
    return find_check(catalog, id);
}

size_t catalog_problem_count(const struct catalog *catalog)
{
    return catalog->nproblems;
}

const char *catalog_problem(const struct catalog *catalog, size_t index)
{
    return catalog->problems[index];
}

bool check_is_wired(const struct check *check)
{
    return check->probe == PROBE_TCP_HOST || check->probe == PROBE_TCP_URL;
}

void check_target(const struct check *check, const struct settings *settings,
                  struct target *target)
{
    const char *const *keys = (const char *const *)check->keys;

    if (check->probe == PROBE_TCP_URL)
        target_from_url(target, settings, keys, check->nkeys, check->default_port);
    else
        target_from_host(target, settings, keys, check->nkeys, check->default_port);
}

char *check_read_article(const struct check *check, size_t *len, struct error *err)
{
    char *text;

    if (!check->article_path && !check->article_text) {
        error_set(err, "%s has no article", check->id);
        return NULL;
    }
    if (!check->article_path) {
        *len = check->article_len;
        return mem_strndup(check->article_text, check->article_len);
    }
    return file_read(check->article_path, &text, len, err) ? text : NULL;
}

struct article *check_open_article(const struct check *check, struct error *err)
{
    size_t len;
    char *text = check_read_article(check, &len, err);
    struct article *article = text ? article_parse(text, len) : NULL;

    free(text);
    return article;
}

bool check_has_tag(const struct check *check, const char *tag)
{
    for (size_t i = 0; i < check->head.ntags; i++)
        if (strcmp(check->head.tags[i], tag) == 0)
            return true;
    return false;
}
