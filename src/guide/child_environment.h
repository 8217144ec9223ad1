/* The environment of a step's command: nothing of ours that could be a secret. */
#ifndef GUIDE_CHILD_ENVIRONMENT_H
#define GUIDE_CHILD_ENVIRONMENT_H

/* Of the environment from, closed by NULL: who and where the user is, language and
 * time zone, and what docker, kubectl, helm, proxies and the SSH agent go by. Nothing
 * that a shell would run or load (BASH_ENV, LD_*). Added is what keeps programs from
 * paging, colouring and asking (TERM=dumb, PAGER=cat, NO_COLOR=1, ...). The strings
 * are from's; the caller frees the array. */
char **child_environment(char *const *from);

/* The same of a command that has the terminal: nothing is added, but also kept is what
 * the terminal is (TERM, COLORTERM, TERMINFO*), who has it (TMUX, STY, SSH_TTY, GPG_TTY,
 * DISPLAY, ...), and which programs the engineer reads and edits with. */
char **child_environment_on_terminal(char *const *from);

#endif
