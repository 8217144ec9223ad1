#include "cli/completion.h"

#include "base/buf.h"
#include "cli/commands.h"
#include "cli/grammar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the catalog has of a kind: each word once, in the order of its checks. */
typedef const char *lister(const struct check *check, size_t index);

static const char *list_id(const struct check *check, size_t index)
{
    return index == 0 ? check->id : NULL;
}

static const char *list_plugin(const struct check *check, size_t index)
{
    return index == 0 ? check->head.plugin : NULL;
}

static const char *list_tag(const struct check *check, size_t index)
{
    return index < check->head.ntags ? check->head.tags[index] : NULL;
}

static bool has_word(const struct strings *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->items[i], word) == 0)
            return true;
    return false;
}

static void print_words(const struct catalog *catalog, lister *list)
{
    struct strings words = {0};

    for (size_t i = 0; i < catalog_count(catalog); i++) {
        const char *word;
        for (size_t j = 0; (word = list(catalog_at(catalog, i), j)); j++)
            if (!has_word(&words, word)) {
                strings_add(&words, word);
                puts(word);
            }
    }
    free(words.items);
}

/* The word that asks the program for what completes a value. */
static const char *dynamic_words(enum grammar_completion completion)
{
    switch (completion) {
    case GRAMMAR_IDS:
        return "ids";
    case GRAMMAR_TAGS:
        return "tags";
    case GRAMMAR_PLUGINS:
        return "plugins";
    default:
        return NULL;
    }
}

static void print_choices(const struct grammar_choice *choices, enum command command)
{
    struct buf list = {0};

    grammar_list_choices(choices, command, " ", &list);
    fputs(list.data, stdout);
    buf_clear(&list);
}

/* Not every command has all of an option's choices. */
static void print_bash_choices(const struct grammar_option *option)
{
    printf("case $command in\n");
    for (int i = 0; i < COMMANDS; i++) {
        if (!grammar_goes_with(option, (enum command)i))
            continue;
        printf("        %s) words='", grammar_command((enum command)i)->name);
        print_choices(option->choices, (enum command)i);
        printf("' ;;\n");
    }
    printf("        esac\n        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))");
}

static void print_bash_value(const struct grammar_option *option)
{
    const char *words = dynamic_words(option->completion);

    if (!option->argument)
        return;
    if (option->letter)
        printf("    -%c | ", option->letter);
    else
        printf("    ");
    printf("--%s)\n        ", option->name);
    if (option->choices) {
        print_bash_choices(option);
    } else if (words) {
        printf("COMPREPLY=($(compgen -W \"$(\"${doctor[@]}\" completion %s 2>/dev/null)\" -- "
               "\"$cur\"))",
               words);
    } else if (option->completion == GRAMMAR_FOLDERS) {
        printf("COMPREPLY=($(compgen -d -- \"$cur\"))");
    } else if (option->completion == GRAMMAR_FILES) {
        printf("COMPREPLY=($(compgen -f -- \"${cur#*:}\"))");
    } else {
        printf("COMPREPLY=()");
    }
    printf("\n        return\n        ;;\n");
}

static void print_options_of(enum command command, const char *separator)
{
    for (size_t i = 0; i < grammar_option_count(); i++)
        if (grammar_goes_with(grammar_option_at(i), command))
            printf("%s--%s", separator, grammar_option_at(i)->name);
}

static void print_bash_command(enum command command)
{
    const struct grammar_command *row = grammar_command(command);
    const char *words = dynamic_words(row->completion);

    printf("    %s) words='", command == COMMAND_DASHBOARD ? "''" : row->name);
    if (row->words)
        print_choices(row->words, command);
    for (int i = COMMAND_RUN; command == COMMAND_DASHBOARD && i < COMMANDS; i++)
        printf(" %s", grammar_command((enum command)i)->name);
    print_options_of(command, " ");
    printf("'");
    if (words)
        printf("\" $(\"${doctor[@]}\" completion %s 2>/dev/null)\"", words);
    printf(" ;;\n");
}

static void print_bash(void)
{
    printf("# bash completion for stella doctor\n"
           "_stella_doctor()\n{\n"
           "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
           "    local -a doctor=(\"${COMP_WORDS[0]}\")\n"
           "    local first=1 command='' words='' i\n"
           "    if [ \"${COMP_WORDS[0]##*/}\" = stella ]; then\n"
           "        if [ \"$COMP_CWORD\" = 1 ]; then\n"
           "            COMPREPLY=($(compgen -W doctor -- \"$cur\"))\n"
           "            return\n"
           "        fi\n"
           "        doctor+=(doctor)\n"
           "        first=2\n"
           "    fi\n"
           "    [ \"$prev\" != = ] || prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
           "    [ \"$cur\" != = ] || cur=''\n"
           "    for ((i = first; i < COMP_CWORD; i++)); do\n"
           "        case ${COMP_WORDS[i]} in\n        ");
    for (int i = COMMAND_RUN; i < COMMANDS; i++)
        printf("%s%s", i > COMMAND_RUN ? " | " : "", grammar_command((enum command)i)->name);
    printf(") command=${COMP_WORDS[i]}; break ;;\n"
           "        esac\n"
           "    done\n"
           "    case $prev in\n");
    for (size_t i = 0; i < grammar_option_count(); i++)
        print_bash_value(grammar_option_at(i));
    printf("    esac\n    case $command in\n");
    for (int i = 0; i < COMMANDS; i++)
        print_bash_command((enum command)i);
    printf("    esac\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
           "}\n"
           "complete -F _stella_doctor stella stella-doctor\n");
}

/* The first line of a help text, without what the shells' quotes would end. */
static void print_help_line(const char *help)
{
    for (; *help && *help != '\n'; help++)
        if (!strchr("'[]\\$\"`", *help))
            putchar(*help == ':' ? ' ' : *help);
}

static void print_zsh_value(const struct grammar_option *option, enum command command)
{
    const char *words = dynamic_words(option->completion);

    if (!option->argument)
        return;
    printf(":%s:", option->argument[0] == 'K' ? "VALUE" : option->argument);
    if (option->choices) {
        printf("(");
        print_choices(option->choices, command);
        printf(")");
    } else if (words) {
        printf("($(${doctor} completion %s 2>/dev/null))", words);
    } else if (option->completion == GRAMMAR_FOLDERS) {
        printf("_files -/");
    } else if (option->completion == GRAMMAR_FILES) {
        printf("{compset -P '*\\:'; _files}");
    }
}

/* "*" for those that may come again; the others rule their second name out. */
static void print_zsh_option(const struct grammar_option *option, enum command command)
{
    const char *again = option->value == GRAMMAR_TEXTS ? "\"*\"" : "";
    const char *name = option->name, *joined = option->argument ? "=" : "";

    printf(" \\\n            ");
    if (!option->letter)
        printf("%s\"--%s%s[", again, name, joined);
    else if (*again)
        printf("%s{-%c%s,--%s%s}\"[", again, option->letter, option->argument ? "+" : "", name,
               joined);
    else
        printf("\"(-%c --%s)\"{-%c%s,--%s%s}\"[", option->letter, name, option->letter,
               option->argument ? "+" : "", name, joined);
    print_help_line(option->help);
    printf("]");
    print_zsh_value(option, command);
    printf("\"");
}

static void print_zsh_command(enum command command)
{
    const struct grammar_command *row = grammar_command(command);
    const char *words = dynamic_words(row->completion);

    printf("    %s)\n        _arguments -s", row->name);
    for (size_t i = 0; i < grammar_option_count(); i++)
        if (grammar_goes_with(grammar_option_at(i), command))
            print_zsh_option(grammar_option_at(i), command);
    if (words)
        printf(" \\\n            \"*:word:($(${doctor} completion %s 2>/dev/null))\"", words);
    if (row->words) {
        printf(" \\\n            \"*:word:(");
        print_choices(row->words, command);
        printf(")\"");
    }
    printf("\n        ;;\n");
}

static void print_zsh(void)
{
    printf("#compdef stella stella-doctor\n"
           "_stella_doctor()\n{\n"
           "    local command='' word\n"
           "    local -a doctor=($words[1])\n"
           "    if [[ ${words[1]:t} = stella ]]; then\n"
           "        if (( CURRENT == 2 )); then\n"
           "            compadd doctor\n"
           "            return\n"
           "        fi\n"
           "        doctor+=(doctor)\n"
           "        shift words\n"
           "        (( CURRENT-- ))\n"
           "    fi\n"
           "    for word in ${words[2,CURRENT-1]}; do\n"
           "        case $word in\n        ");
    for (int i = COMMAND_RUN; i < COMMANDS; i++)
        printf("%s%s", i > COMMAND_RUN ? " | " : "", grammar_command((enum command)i)->name);
    printf(") command=$word; shift words; (( CURRENT-- )); break ;;\n"
           "        esac\n    done\n"
           "    case $command in\n");
    for (int i = COMMAND_RUN; i < COMMANDS; i++)
        print_zsh_command((enum command)i);
    printf("    *)\n        compadd");
    for (int i = COMMAND_RUN; i < COMMANDS; i++)
        printf(" %s", grammar_command((enum command)i)->name);
    print_options_of(COMMAND_DASHBOARD, " ");
    printf("\n        ;;\n    esac\n}\n"
           "if (( ${+compstate} )); then\n"
           "    _stella_doctor \"$@\"\n"
           "else\n"
           "    compdef _stella_doctor stella stella-doctor\n"
           "fi\n");
}

static void print_fish_option(const struct grammar_option *option, enum command command)
{
    const char *words = dynamic_words(option->completion);

    printf("complete -c $program -n '__stella_doctor_in \"%s\"' -l %s",
           grammar_command(command)->name, option->name);
    if (option->letter)
        printf(" -s %c", option->letter);
    if (option->argument)
        printf(option->completion == GRAMMAR_FILES || option->completion == GRAMMAR_FOLDERS
                   ? " -r"
                   : " -x");
    if (option->choices) {
        printf(" -a '");
        print_choices(option->choices, command);
        printf("'");
    } else if (words) {
        printf(" -a '(__stella_doctor completion %s)'", words);
    }
    printf(" -d '");
    print_help_line(option->help);
    printf("'\n");
}

static void print_fish_command(enum command command)
{
    const struct grammar_command *row = grammar_command(command);
    const char *words = dynamic_words(row->completion);

    if (command != COMMAND_DASHBOARD) {
        printf("complete -c $program -f -n '__stella_doctor_in \"\"' -a %s -d '", row->name);
        print_help_line(row->help);
        printf("'\n");
    }
    for (size_t i = 0; i < grammar_option_count(); i++)
        if (grammar_goes_with(grammar_option_at(i), command))
            print_fish_option(grammar_option_at(i), command);
    if (words)
        printf("complete -c $program -f -n '__stella_doctor_in \"%s\"' -a '(__stella_doctor "
               "completion %s)'\n",
               row->name, words);
    if (row->words) {
        printf("complete -c $program -f -n '__stella_doctor_in \"%s\"' -a '", row->name);
        print_choices(row->words, command);
        printf("'\n");
    }
}

static void print_fish(void)
{
    printf("# fish completion for stella doctor\n"
           "function __stella_doctor\n"
           "    set -l words (commandline -opc)\n"
           "    if string match -qr '(^|/)stella$' -- $words[1]\n"
           "        $words[1] doctor $argv 2>/dev/null\n"
           "    else\n"
           "        $words[1] $argv 2>/dev/null\n"
           "    end\n"
           "end\n"
           "function __stella_doctor_in\n"
           "    set -l words (commandline -opc)\n"
           "    if string match -qr '(^|/)stella$' -- $words[1]\n"
           "        test \"$words[2]\" = doctor; or return 1\n"
           "        set -e words[1]\n"
           "    end\n"
           "    set -l command ''\n"
           "    for word in $words[2..-1]\n"
           "        if contains -- $word");
    for (int i = COMMAND_RUN; i < COMMANDS; i++)
        printf(" %s", grammar_command((enum command)i)->name);
    printf("\n            set command $word\n"
           "            break\n"
           "        end\n"
           "    end\n"
           "    test \"$command\" = \"$argv[1]\"\n"
           "end\n"
           "complete -c stella -f -n 'test (count (commandline -opc)) = 1' -a doctor\n"
           "for program in stella stella-doctor\n");
    for (int i = 0; i < COMMANDS; i++)
        print_fish_command((enum command)i);
    printf("end\n");
}

int command_completion(struct session *session, const struct options *options)
{
    const char *word = options->words.items[0];

    if (strcmp(word, "bash") == 0)
        print_bash();
    else if (strcmp(word, "zsh") == 0)
        print_zsh();
    else if (strcmp(word, "fish") == 0)
        print_fish();
    else if (strcmp(word, "ids") == 0)
        print_words(session->catalog, list_id);
    else if (strcmp(word, "tags") == 0)
        print_words(session->catalog, list_tag);
    else
        print_words(session->catalog, list_plugin);
    return command_close_output(options, EXIT_STATUS_OK);
}
