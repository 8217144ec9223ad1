#include "run/certificate_lines.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>

enum { DATE_CHARS = 10 }; /* of what clock_format_utc gives */

static char *name_line(const struct certificate *certificate)
{
    char *names = certificate_names(certificate);
    char *line = certificate->matched
                     ? mem_printf("%s, for %s, issued by %s", certificate->subject,
                                  certificate->matched, certificate->issuer)
                     : mem_printf("%s, for %s and not for this host, issued by %s",
                                  certificate->subject, names, certificate->issuer);

    free(names);
    return line;
}

static char *dates_line(const struct certificate *certificate)
{
    char from[21], to[21], validity[CERTIFICATE_VALIDITY_BYTES];

    if (!certificate->dated)
        return mem_strdup("its dates cannot be read");
    clock_format_utc(certificate->not_before, from);
    clock_format_utc(certificate->not_after, to);
    certificate_validity(certificate, certificate->judged, validity);
    return mem_printf("valid from %.*s to %.*s, %s", DATE_CHARS, from, DATE_CHARS, to, validity);
}

static char *chain_line(const struct certificate *certificate)
{
    struct buf line = {0};

    buf_puts(&line, "chain ");
    for (size_t i = 0; i < certificate->nchain && i < CERTIFICATE_CHAIN; i++)
        buf_printf(&line, "%s%s", i ? " < " : "", certificate->chain[i]);
    if (certificate->nchain > CERTIFICATE_CHAIN)
        buf_printf(&line, " and %zu more", certificate->nchain - CERTIFICATE_CHAIN);
    if (certificate->distrust)
        buf_printf(&line, ": not verified, %s", certificate->distrust);
    else
        buf_puts(&line, ": verified, its root is trusted here");
    return buf_take(&line);
}

char *certificate_line(const struct certificate *certificate, enum certificate_line line)
{
    static char *(*const lines[CERTIFICATE_LINES])(const struct certificate *) = {
        [CERTIFICATE_LINE_NAME] = name_line,
        [CERTIFICATE_LINE_DATES] = dates_line,
        [CERTIFICATE_LINE_CHAIN] = chain_line,
    };
    return lines[line](certificate);
}
