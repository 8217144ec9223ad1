#include "run/hide.h"

#include "probe/certificate.h"
#include "settings/secrets.h"

#include <stdlib.h>

static void hide(char **text, struct settings *settings)
{
    if (!*text)
        return;
    char *masked = settings_mask(settings, *text);
    free(*text);
    *text = masked;
}

static void hide_in_certificate(struct certificate *certificate, struct settings *settings)
{
    hide(&certificate->subject, settings);
    hide(&certificate->issuer, settings);
    hide(&certificate->matched, settings);
    for (size_t i = 0; i < CERTIFICATE_NAMES; i++)
        hide(&certificate->names[i], settings);
    for (size_t i = 0; i < CERTIFICATE_CHAIN; i++)
        hide(&certificate->chain[i], settings);
}

/* Of a connection's phase the detail is the target, which the settings name. */
static void hide_in_evidence(struct evidence *evidence, struct settings *settings)
{
    for (size_t i = 0; i < evidence->nphases; i++)
        if (evidence->phases[i].kind >= PHASE_GREETING)
            hide(&evidence->phases[i].detail, settings);
    if (evidence->certificate)
        hide_in_certificate(evidence->certificate, settings);
}

void result_hide(struct result *result, struct settings *settings)
{
    hide_in_evidence(&result->evidence, settings);
    hide_in_evidence(&result->deeper, settings);
    for (size_t i = 0; i < result->findings.count; i++)
        hide(&result->findings.items[i].text, settings);
}
