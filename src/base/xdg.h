/* Where a user's files are (XDG Base Directory Specification 0.8). */
#ifndef BASE_XDG_H
#define BASE_XDG_H

/* The path of a file of the user's configuration, name being relative:
 * $XDG_CONFIG_HOME/NAME, or ~/.config/NAME where that is unset or relative. NULL
 * where there is no absolute HOME either. The caller frees it. */
char *xdg_config_path(const char *name);

/* The same of what a program keeps for later runs: $XDG_STATE_HOME/NAME, or
 * ~/.local/state/NAME. */
char *xdg_state_path(const char *name);

#endif
