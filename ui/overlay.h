/* What opens over the panes: the help, the settings and the list of problems. */
#ifndef UI_OVERLAY_H
#define UI_OVERLAY_H

#include "guide/incident.h"
#include "ui/model.h"

/* The incident note of the last 24 hours. The caller frees it. */
char *overlay_incident(enum incident_format format);

/* Opens an overlay, or closes it where it is open. */
void overlay_toggle(struct model *model, enum overlay overlay);
void overlay_close(struct model *model);

/* Lays the open overlay out for model's size and keeps its top within the rows. */
void overlay_settle(struct model *model);

/* An action while one is open: moving scrolls, Enter closes. */
void overlay_act(struct model *model, enum action action);

/* "Keys", "Settings", ...; overlay is not OVERLAY_NONE. */
const char *overlay_title(enum overlay overlay);

#endif
