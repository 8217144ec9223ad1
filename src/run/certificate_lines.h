/* The certificate that a server showed, as lines for people, in the dashboard and in
 * printed reports. */
#ifndef RUN_CERTIFICATE_LINES_H
#define RUN_CERTIFICATE_LINES_H

#include "probe/certificate.h"

enum certificate_line {
    CERTIFICATE_LINE_NAME,  /* whose it is, for which name, by whom issued */
    CERTIFICATE_LINE_DATES, /* "valid from 2026-11-01 to 2027-01-30, 60 days left" */
    CERTIFICATE_LINE_CHAIN  /* up to the root, and whether that is trusted here */
};
enum { CERTIFICATE_LINES = CERTIFICATE_LINE_CHAIN + 1 };

/* One clean line of a certificate that was judged (certificate_judge); its days are those
 * at that time. The caller frees it. */
char *certificate_line(const struct certificate *certificate, enum certificate_line line);

#endif
