/* doctor.ini: options that need not be given each time. Which ones, and under which
 * names, is in the table of cli/grammar.h. */
#ifndef CLI_DEFAULTS_H
#define CLI_DEFAULTS_H

#include "cli/options.h"

#define DEFAULTS_SYSTEM_FILE "/etc/stellaops/doctor/doctor.ini"
#define DEFAULTS_USER_FILE "stella/doctor/doctor.ini" /* below $XDG_CONFIG_HOME */

/* Puts into the options what the system's file says, then what the user's says, as
 * far as the command line did not give it and it goes with the command. Sources are
 * default ones: --no-default-sources switches them off. A mistake is told by complain
 * ("FILE:LINE: what, and what to do") and skips its line alone; a file that is not
 * there is no mistake. */
void defaults_load(struct options *options, void (*complain)(void *context, const char *text),
                   void *context);

/* The same for the one file at path. */
void defaults_read(struct options *options, const char *path,
                   void (*complain)(void *context, const char *text), void *context);

#endif
