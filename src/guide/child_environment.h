/* The environment of a command whose output is captured. */
#ifndef GUIDE_CHILD_ENVIRONMENT_H
#define GUIDE_CHILD_ENVIRONMENT_H

/* Of the environment from, closed by NULL: who and where the user is, language and
 * time zone, and what docker, kubectl, helm, proxies and the SSH agent go by. Nothing
 * that a shell would run or load (BASH_ENV, LD_*). Added is what keeps programs from
 * paging, colouring and asking (TERM=dumb, PAGER=cat, NO_COLOR=1, ...). The strings
 * are from's; the caller frees the array. */
char **child_environment(char *const *from);

#endif
