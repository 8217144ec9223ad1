/* What the tests of the dashboard start from: `stella doctor --demo`, the
 * program that STELLA names in the environment (tests/ui/run sets it). */
#ifndef TESTS_UI_DASHBOARD_H
#define TESTS_UI_DASHBOARD_H

#include "tests/ui/pty.h"
#include "tests/ui/tmux.h"

/* The path of the program. */
const char *dashboard_program(void);

/* Opens the demo at 80x24 with more arguments, and waits for its screen. */
struct tmux *dashboard_open(const char *arguments);

/* Opens `stella doctor` with arguments on any terminal, likewise. Unless env sets
 * XDG_CONFIG_HOME, no drop-in of the user is seen. */
struct tmux *dashboard_open_on(const struct tmux_options *options, const char *arguments);

/* Starts a shell that prints the modes of its terminal (stty -g), runs the
 * demo with arguments, and prints the modes again and its exit status, as
 * "status N"; waits for the demo's screen. */
struct tmux *dashboard_open_in_shell(const char *arguments);

/* Quits with q, which must give status 0, and ends the server. */
void dashboard_quit(struct tmux *tmux);

/* Opens the demo on a bare pseudo-terminal of 80x24 with one more argument,
 * which may be NULL, and records until its screen is complete and quiet. */
struct pty *dashboard_open_pty(const char *argument);

/* The number in a field, such as "VmHWM:", of a process's status in proc(5). */
long dashboard_status(pid_t pid, const char *field);

/* Types text and records until the answer is complete; returns its bytes. */
size_t dashboard_type_pty(struct pty *pty, const char *text);

#endif
