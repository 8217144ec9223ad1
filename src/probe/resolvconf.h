/* What resolv.conf(5) and a name must look like for libc to ask anybody. */
#ifndef PROBE_RESOLVCONF_H
#define PROBE_RESOLVCONF_H

enum resolvconf { RESOLVCONF_NAMES_NONE, RESOLVCONF_NO_ADDRESS, RESOLVCONF_NAMES };

/* Whether the text has a line of a nameserver that libc can use; none at all; or only such
 * as hold no address as libc reads it, for which a carriage return is part of the word. */
enum resolvconf resolvconf_read(const char *text);

/* Why DNS has no room for the name (RFC 1035, section 2.3.4): "an empty label", "a label
 * over 63 bytes", "more than 253 bytes"; NULL where it has. A dot at its end is none. */
const char *resolvconf_name_fault(const char *name);

#endif
