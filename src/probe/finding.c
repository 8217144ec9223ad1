#include "probe/finding.h"

#include "base/mem.h"
#include "base/text.h"
#include "settings/mask.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum level { INFO, WARN };

static const struct {
    const char *name;
    enum level level;
    const char *meaning, *fix;
} table[] = {
    [FINDING_WRONG_PROTOCOL] = {
        "wrong-protocol", WARN,
        "Another protocol answers on this port than the one that should be there.",
        "Set host and port to the mail server's submission service (587, or 465 for TLS from the "
        "first byte); of a webhook, to the address that its service shows.",
    },
    [FINDING_TLS_ANSWERS] = {
        "tls-answers", WARN,
        "The port answers in TLS from the first byte, and no mail server was seen inside it.",
        "Find out which service has the port, and set host and port to the mail server's; if it is "
        "the mail server's, read its log for this moment.",
    },
    [FINDING_NO_GREETING] = {
        "no-greeting", WARN,
        "The connection was accepted, but not a single byte of a greeting came.",
        "See whether the mail server hangs or is overloaded; a port that speaks TLS from the first "
        "byte is silent too until the client begins.",
    },
    [FINDING_SLOW_GREETING] = {
        "slow-greeting", WARN,
        "The greeting came late, drop by drop, or not completely in the time there was.",
        "Exempt the platform's address from the server's greeting delay (postscreen, greet_pause), "
        "or mend the name lookups that the server makes first.",
    },
    [FINDING_CLOSED_EARLY] = {
        "closed-early", WARN,
        "The server closed the connection before the conversation was over.",
        "Read the server's log for this moment: access lists, connection limits and load balancers "
        "without a backend close like this.",
    },
    [FINDING_RESET_EARLY] = {
        "reset-early", WARN,
        "A reset ended the connection before the conversation was over.",
        "Read the server's log for this moment; if it knows nothing of the connection, look at the "
        "proxies and firewalls on the way.",
    },
    [FINDING_CONNECTION_LOST] = {
        "connection-lost", WARN,
        "The network reported an error on the open connection.",
        "Look at the route between the platform and the server: it was there when the connection "
        "was made.",
    },
    [FINDING_GREETING_REFUSED] = {
        "greeting-refused", WARN,
        "The server greets with a refusal: it serves no mail to this client.",
        "Do what its words say; usually an access list or a block list must let the platform's "
        "address through.",
    },
    [FINDING_GREETING_BUSY] = {
        "greeting-busy", WARN,
        "The server greets with 421, or answers so: it is not available now.",
        "Run the check again in a minute; if it stays so, raise the server's connection limit or "
        "see why it is shutting down.",
    },
    [FINDING_GARBAGE_GREETING] = {
        "garbage-greeting", WARN,
        "The first bytes are no SMTP greeting and no protocol that is known here.",
        "Find out which service listens on this port, and set host and port to the mail server's.",
    },
    [FINDING_NO_REPLY] = {
        "no-reply", WARN,
        "The server greeted, but a command got no complete answer in time.",
        "See whether the server hangs in a lookup or a filter; if only large answers are missing, "
        "suspect the path's MTU.",
    },
    [FINDING_GARBAGE_REPLY] = {
        "garbage-reply", WARN,
        "An answer is not SMTP, or its code does not belong to the command.",
        "Update the mail server, or take away the proxy in front of it that rewrites the "
        "conversation.",
    },
    [FINDING_REPLY_TOO_LONG] = {
        "reply-too-long", WARN,
        "The server sent a line over 512 bytes, a reply over 100 lines or over 64 KiB in all.",
        "Find out which service listens on this port: no mail server needs so much.",
    },
    [FINDING_EHLO_UNSUPPORTED] = {
        "ehlo-unsupported", WARN,
        "The server does not know EHLO, so it can offer neither STARTTLS nor AUTH.",
        "Update the mail server, or switch off the SMTP inspection of the firewall before it.",
    },
    [FINDING_EHLO_REFUSED] = {
        "ehlo-refused", WARN,
        "The server knows EHLO or HELO but refused it from this client.",
        "Do what its words say: it may want a name that resolves, or know this client's address "
        "only as a stranger's; the platform may introduce itself by another name.",
    },
    [FINDING_STARTTLS_ABSENT] = {
        "starttls-absent", WARN,
        "The server does not offer STARTTLS, so what is sent here can be read on the way.",
        "Switch STARTTLS on at the server or use its TLS port (465); a firewall's SMTP inspection "
        "can also hide the offer.",
    },
    [FINDING_STARTTLS_REFUSED] = {
        "starttls-refused", WARN,
        "The server offered STARTTLS but did not begin it (454: not now; it is supported).",
        "Read the server's log: usually it cannot load its certificate or key.",
    },
    [FINDING_STARTTLS_INJECTION] = {
        "starttls-injection", WARN,
        "Unencrypted bytes followed the answer to STARTTLS; a careless client would take them for "
        "encrypted ones.",
        "Update the mail server or the proxy before it; if both are up to date, suspect somebody "
        "on the way.",
    },
    [FINDING_AUTH_ABSENT] = {
        "auth-absent", WARN,
        "The server does not offer AUTH, so no user name and password can be used here.",
        "If the platform has credentials for this server, use its submission port (587 or 465) or "
        "switch AUTH on there.",
    },
    [FINDING_AUTH_IN_CLEAR] = {
        "auth-in-clear", WARN,
        "UseSsl is false, and the server offers AUTH with a password outside TLS: a login would "
        "send it so that it can be read on the way.",
        "Set UseSsl to true and, if the server offers no STARTTLS, switch it on there; where the "
        "platform has no credentials for this server, nothing is sent.",
    },
    [FINDING_TLS_MODE_MISMATCH] = {
        "tls-mode-mismatch", WARN,
        "The setting UseSsl, or what the port is for, does not fit what it speaks.",
        "Use 587 with STARTTLS or 465 with TLS from the first byte, and set UseSsl to true; on a "
        "port other than 465 true usually means STARTTLS alone.",
    },
    [FINDING_TLS_STALLED] = {
        "tls-stalled", WARN,
        "The TLS handshake began, but did not end in time.",
        "Suspect the path's MTU (tunnel, VPN, overlay network): lower it or clamp the MSS; else "
        "the server hangs.",
    },
    [FINDING_TLS_TOO_OLD] = {
        "tls-too-old", WARN,
        "The server speaks only versions of TLS that are no longer accepted.",
        "Switch on TLS 1.2 and 1.3 at the server.",
    },
    [FINDING_TLS_FAILED] = {
        "tls-failed", WARN,
        "The TLS handshake failed.",
        "Read the server's log for this moment, and compare the ciphers and versions that both "
        "sides accept.",
    },
    [FINDING_TLS_UNTESTED] = {
        "tls-untested", INFO,
        "TLS was not tested, because this machine has no OpenSSL 3.",
        "Install it (Debian: libssl3), or run the check where it is installed.",
    },
    [FINDING_TLS_TRIED] = {
        "tls-tried", INFO,
        "The server did not greet, so TLS from the first byte was tried on a second connection; "
        "that came to nothing either.",
        "The TLS mode alone is not it: see what the other findings say.",
    },
    [FINDING_TLS_HUNG_UP] = {
        "tls-hung-up", INFO,
        "The server did not greet, and hung up on a second connection as soon as TLS was tried, as a "
        "service does that waits for words of another protocol.",
        "Find out which service has the port, and set host and port to the mail server's.",
    },
    [FINDING_CERT_EXPIRED] = {
        "cert-expired", WARN,
        "A certificate of the server has expired.",
        "Renew it and make the server load the new one; if the date is not past, set this "
        "machine's clock.",
    },
    [FINDING_CERT_NOT_YET_VALID] = {
        "cert-not-yet-valid", WARN,
        "A certificate of the server is not valid yet.",
        "Check this machine's clock first, then the certificate's dates.",
    },
    [FINDING_CERT_EXPIRES_SOON] = {
        "cert-expires-soon", WARN,
        "The server's certificate expires in less than 14 days.",
        "Renew it, or see why its automatic renewal has not happened.",
    },
    [FINDING_CERT_SELF_SIGNED] = {
        "cert-self-signed", WARN,
        "The server's certificate is signed by itself, so nobody vouches for it.",
        "Install one from an authority that the platform trusts, or add this one to its trusted "
        "certificates.",
    },
    [FINDING_CERT_UNTRUSTED] = {
        "cert-untrusted", WARN,
        "The server's certificate comes from an authority that this machine does not trust.",
        "Add the authority to the trusted certificates of the platform's machine or image, or "
        "install a certificate of a known one.",
    },
    [FINDING_CERT_INCOMPLETE] = {
        "cert-incomplete", WARN,
        "The server does not send the certificate between its own and the authority's.",
        "Have the server send the whole chain (the file often called fullchain.pem).",
    },
    [FINDING_CERT_WRONG_NAME] = {
        "cert-wrong-name", WARN,
        "The server's certificate is for another name than the one configured.",
        "Set the host to a name in the certificate, or get a certificate for this name.",
    },
    [FINDING_DEAD_ADDRESS] = {
        "dead-address", WARN,
        "One of the host's addresses does not take connections while another does.",
        "Take the address out of DNS, or mend the server or the route behind it; programs that try "
        "it first wait or fail.",
    },
    [FINDING_DNS_SLOW] = {
        "dns-slow", WARN,
        "The lookup of the name used much of the time there is.",
        "Ask each nameserver of /etc/resolv.conf by itself; mend one that is slow, or, where there "
        "is a faster one, put that first.",
    },
    [FINDING_DNS_SERVER_DEAD] = {
        "dns-server-dead", WARN,
        "A nameserver that libc asks does not answer, or its line holds no address.",
        "Take its line out of /etc/resolv.conf (or out of what writes that file), or mend it.",
    },
    [FINDING_DNS_AAAA_SILENT] = {
        "dns-aaaa-silent", WARN,
        "A nameserver answers for IPv4 addresses but stays silent for IPv6 ones.",
        "Mend the nameserver or the firewall before it: each lookup waits for the missing answer.",
    },
    [FINDING_OTHER_PORT_OPEN] = {
        "other-port-open", INFO,
        "Another mail port of the same host takes connections.",
        "See whether the firewall on the way should let the configured port through, or use the "
        "open one.",
    },
    [FINDING_OTHER_HOST_OPEN] = {
        "other-host-open", INFO,
        "Another host or port that the settings name takes connections; the platform uses the "
        "first one named.",
        "Look at the first one and its network; where the port is the same, that port is not "
        "blocked on the way out.",
    },
    [FINDING_ACCEPTED_LATER] = {
        "accepted-later", INFO,
        "A connection was refused at first and accepted moments later.",
        "See in the server's log why it was restarting.",
    },
    [FINDING_PROXY_UNTESTED] = {
        "proxy-untested", INFO,
        "HTTPS_PROXY is set: the platform may go through the proxy, which was not tested.",
        "Test from the platform's own environment that the proxy lets it reach the host.",
    },
    [FINDING_USESSL_NOT_BOOLEAN] = {
        "usessl-not-boolean", WARN,
        "The setting UseSsl is neither true nor false, so .NET cannot read it as a Boolean.",
        "Write true or false; yes, no, on, off, 1 and 0 are none to .NET.",
    },
    [FINDING_WEBHOOK_PLAINTEXT] = {
        "webhook-plaintext", WARN,
        "The webhook's URL begins with http://: its token and all messages can be read on the way.",
        "Set the https:// URL that the service shows; for a relay of your own, give it TLS.",
    },
};
_Static_assert(sizeof table / sizeof *table == FINDINGS, "every finding is described");

const char *finding_name(enum finding_id id)
{
    return table[id].name;
}

const char *finding_meaning(enum finding_id id)
{
    return table[id].meaning;
}

const char *finding_fix(enum finding_id id)
{
    return table[id].fix;
}

bool finding_is_warning(enum finding_id id)
{
    return table[id].level == WARN;
}

/* A clean text of its own, cut to at most limit bytes. */
static char *cut(char *text, size_t limit)
{
    static const char more[] = "...";
    size_t most = limit - (sizeof more - 1), end = 0, len = strlen(text);

    if (len <= limit)
        return text;
    for (size_t step = 0; end + step <= most;) {
        uint32_t c;
        end += step;
        step = text_decode(text + end, len - end, &c);
    }
    memcpy(text + end, more, sizeof more);
    return text;
}

/* Masked before it is cut: half of a secret would no longer be known for one. */
char *finding_excerpt(const char *bytes, size_t n)
{
    size_t most = n < FINDING_READ_BYTES ? n : FINDING_READ_BYTES;
    char *clean = text_sanitise(bytes, most, TEXT_ONE_LINE);
    char *masked = mask_text(clean);

    free(clean);
    return cut(masked, FINDING_EXCERPT_BYTES);
}

void findings_add(struct findings *findings, enum finding_id id, const char *format, ...)
{
    /* A character that vsnprintf cuts is past the limit. */
    char text[FINDING_TEXT_BYTES + 8];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    findings->items = mem_grow(findings->items, findings->count, sizeof *findings->items);
    findings->items[findings->count++] = (struct finding){
        .id = id,
        .text = cut(text_sanitise(text, strlen(text), TEXT_ONE_LINE), FINDING_TEXT_BYTES),
    };
}

const struct finding *findings_first_warning(const struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        if (finding_is_warning(findings->items[i].id))
            return &findings->items[i];
    return NULL;
}

bool findings_warn(const struct findings *findings)
{
    return findings_first_warning(findings) != NULL;
}

void findings_cut(struct findings *findings, size_t count)
{
    while (findings->count > count)
        free(findings->items[--findings->count].text);
}

void findings_move(struct findings *to, struct findings *from)
{
    for (size_t i = 0; i < from->count; i++) {
        to->items = mem_grow(to->items, to->count, sizeof *to->items);
        to->items[to->count++] = from->items[i];
    }
    from->count = 0;
    findings_clear(from);
}

void findings_clear(struct findings *findings)
{
    findings_cut(findings, 0);
    free(findings->items);
    *findings = (struct findings){0};
}
