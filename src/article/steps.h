/* The steps of an article's fix for one platform, cut from its fenced blocks. The
 * article is the only source; nothing is run, filled in or quoted here.
 *
 * Shell blocks (bash, sh, shell, zsh, console; of no language where the text looks like
 * it): a comment line opens a step and is its title, the lines up to the next comment
 * are its command. A comment inside a here-document, quotes, a group or a continued
 * line opens nothing. "# Or ..." opens another command for the step before. Where lines
 * begin with the prompt "$ ", only those are commands, the rest is what they print.
 * Blocks of yaml, json, ini, env and the like are texts for a file, and a step each.
 *
 * An HTML comment before a block may mark its commands, in their order:
 *   <!-- steps: reads; reads terminal; changes-config file=.env text=env -->
 * The words of an entry are an effect, terminal, file=NAME and text=plain|env|json|yaml|ini
 * (also for TOML). */
#ifndef ARTICLE_STEPS_H
#define ARTICLE_STEPS_H

#include "article/article.h"

#include <stdbool.h>
#include <stddef.h>

/* From the harmless to the grave. */
enum effect { EFFECT_READS, EFFECT_CHANGES_CONFIG, EFFECT_RESTARTS, EFFECT_LOSES_DATA };

/* "reads", "changes-config", "restarts", "loses-data". */
const char *effect_name(enum effect effect);

/* What text the values in a command become part of, inside the shell's words. */
enum step_text { STEP_TEXT_PLAIN, STEP_TEXT_ENV, STEP_TEXT_JSON, STEP_TEXT_YAML, STEP_TEXT_INI };

/* The strings are clean (text_sanitise), but text may hold tabs and line feeds. */
struct step_command {
    char *title;            /* the comment's words, else the first line; "Edit values.yaml" */
    char *text;             /* as it stands in the article, without a line feed at the end */
    int line;               /* of the file, where it begins */
    enum effect effect;     /* changes-config where it is not marked */
    bool marked;            /* false also where the mark has another number of entries */
    bool terminal;          /* marked so, or shell_needs_terminal */
    char *file;             /* the file that it changes, by its mark, or NULL */
    enum step_text embeds;  /* by its mark; of a file step by its language */
};

struct step {
    bool runnable;  /* false: a text for a file, to be shown and copied */
    char *language; /* of the block: "bash", "yaml"; "sh" where it names none */
    char *note;     /* the paragraph before the block, for its first step, or NULL */
    struct step_command *commands; /* the first one, then its alternatives */
    size_t ncommands;
};

struct step_problem {
    int line; /* of the file */
    char *text;
};

/* Zeroed is empty. */
struct steps {
    struct step *items;
    size_t count;
    struct step_problem *problems; /* of the marks */
    size_t nproblems;
};

/* Fills steps, which must be empty, with those of the platform; where the article has
 * nothing under any platform's heading, with those that all share. Never fails: what a
 * mark does not say counts as changes-config, and a mark with another number of entries
 * than the block has commands gives each the worst effect that it names. Clear with
 * steps_clear. */
void article_steps(const struct article *article, enum platform platform, struct steps *steps);
void steps_clear(struct steps *steps);

#endif
