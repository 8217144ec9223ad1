/* What others said, without the secrets that the settings hold: a server may repeat them. */
#ifndef RUN_HIDE_H
#define RUN_HIDE_H

#include "run/result.h"
#include "settings/settings.h"

/* Puts *** in place of each secret value of the settings (settings_mask) in what the
 * result has of foreign text: findings, the details of phases, the certificate. What
 * was hidden before is passed over soon, so that it can be called at every change. */
void result_hide(struct result *result, struct settings *settings);

#endif
