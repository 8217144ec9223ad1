#include "base/mem.h"
#include "run/facts.h"
#include "run/result.h"
#include "sight.h"
#include "suites.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

static struct catalog *catalog;

static void setup(void)
{
    catalog = catalog_new();
    catalog_add_builtin(catalog);
    catalog_finish(catalog);
    ck_assert_uint_eq(catalog_problem_count(catalog), 0);
}

static void teardown(void)
{
    catalog_free(catalog);
}

static struct result *make_result(const struct sight *sight)
{
    return sight_result(catalog, sight);
}

#define CONNECT(kind, to, number) \
    {.failure = (kind), .phase = PHASE_CONNECT, .address = (to), .error = (number)
#define SILENT(address) CONNECT(FAILURE_TIMEOUT, address, 0), .ms = 5000
#define OUTSIDE "198.51.100.7"
#define ROUTER(t, c) .icmp = {true, false, (t), (c), "192.0.2.1"}
#define HERE(t, c) .icmp = {true, true, (t), (c), "192.0.2.9"}
#define SERVER(t, c) .icmp = {true, false, (t), (c), OUTSIDE}
#define LOOKUP(kind, milliseconds) {.failure = (kind), .phase = PHASE_LOOKUP, .ms = (milliseconds)
#define FOUND(id) CONNECT(FAILURE_NONE, OUTSIDE, 0), .found = true, .finding = FINDING_##id
#define WEB .check = "slack", .host = "hooks.example", .port = 443

/* first: the ids of rank 1, in the article's order; because: a part of the first
 * one's sentence; out: the ids that are ruled out; separate: a part of the step, or NULL. */
static const struct {
    struct sight sight;
    const char *first, *because, *out, *separate;
} cases[] = {
    {CONNECT(FAILURE_REFUSED, OUTSIDE, ECONNREFUSED), .ms = 3},
     "not-running firewall wrong-target", "port 587 of 198.51.100.7 was refused after 3 ms",
     "dns no-route", "On the machine that has 198.51.100.7: ss -ltn."},
    {CONNECT(FAILURE_REFUSED, OUTSIDE, ECONNREFUSED), .also = "2001:db8::7", .host = OUTSIDE},
     "not-running firewall wrong-target", "port 587 of 2001:db8::7 was refused", "dns no-route",
     "On the machine that has 2001:db8::7"},
    {CONNECT(FAILURE_REFUSED, OUTSIDE, ECONNREFUSED), WEB}, "wrong-target egress-blocked",
     "a firewall, as one that lets nothing out", "dns no-route tls-inspection", "From a host on another network"},
    {CONNECT(FAILURE_RESET_AFTER_ACCEPT, OUTSIDE, ECONNRESET)}, "not-running firewall",
     "reset the connection at once", "dns no-route", "In the server's log"},
    {CONNECT(FAILURE_REJECTED, OUTSIDE, ECONNREFUSED), ROUTER(3, 3)}, "firewall",
     "192.0.2.1 answered port unreachable (ICMP 3/3)", "dns", NULL},
    {CONNECT(FAILURE_REJECTED, OUTSIDE, ECONNREFUSED), ROUTER(3, 3), WEB}, "egress-blocked",
     "192.0.2.1 answered port unreachable (ICMP 3/3): it lets no direct", "dns tls-inspection", NULL},
    {CONNECT(FAILURE_PROHIBITED, OUTSIDE, EHOSTUNREACH), ROUTER(3, 13)}, "firewall",
     "192.0.2.1 answered administratively prohibited (ICMP 3/13)", "dns", NULL},
    {CONNECT(FAILURE_PROHIBITED_HERE, OUTSIDE, EPERM)}, "firewall",
     "this host refused to send (EPERM)", "not-running dns egress-blocked", NULL},
    {CONNECT(FAILURE_PROHIBITED_HERE, OUTSIDE, EHOSTUNREACH), HERE(3, 1), .ms = 2}, "firewall",
     "this host itself answered host unreachable (ICMP 3/1) after 2 ms",
     "not-running dns egress-blocked", NULL},
    {CONNECT(FAILURE_PROHIBITED_HERE, OUTSIDE, EPERM), WEB}, "egress-blocked",
     "this host refused to send (EPERM)", "dns tls-inspection", NULL},
    {CONNECT(FAILURE_NO_ROUTE, OUTSIDE, ENETUNREACH)}, "no-route",
     "no usable route to 198.51.100.7", "not-running dns egress-blocked", NULL},
    {CONNECT(FAILURE_NO_ROUTE, "fe80::1", EINVAL), .route = ROUTE_ON_LINK}, "wrong-target",
     "fe80::1 is a link-local address, which every interface may have: it needs its zone",
     "not-running dns no-route egress-blocked", NULL},
    {CONNECT(FAILURE_GATEWAY_SILENT, OUTSIDE, EHOSTUNREACH), HERE(3, 1), .ms = 3060,
      .route = ROUTE_GATEWAY},
     "no-route", "by the gateway 192.0.2.254, which did not answer",
     "not-running dns egress-blocked", NULL},
    {CONNECT(FAILURE_NETWORK_UNREACHABLE, OUTSIDE, ENETUNREACH), ROUTER(3, 0)},
     "firewall no-route", "a rule of 192.0.2.1 that rejects", "dns",
     "On 192.0.2.1: ip route get 198.51.100.7"},
    {CONNECT(FAILURE_HOST_UNREACHABLE, OUTSIDE, EHOSTUNREACH), ROUTER(3, 1), .ms = 3},
     "firewall no-route", "sooner than a router usually gives a host up", "dns",
     "On 192.0.2.1: ip route get 198.51.100.7"},
    {CONNECT(FAILURE_HOST_UNREACHABLE, OUTSIDE, EHOSTUNREACH), ROUTER(3, 1), .ms = 3100},
     "not-running no-route wrong-target", "host unreachable after 3100 ms", "dns",
     "is it up, and does ip addr show 198.51.100.7?"},
    {CONNECT(FAILURE_HOST_UNREACHABLE, OUTSIDE, EHOSTUNREACH), ROUTER(11, 0)}, "no-route",
     "the packets to 198.51.100.7 go round in circles", "dns", NULL},
    {CONNECT(FAILURE_HOST_UNREACHABLE, OUTSIDE, EHOSTUNREACH), SERVER(3, 1), .ms = 3},
     "firewall", "a rule of its own rejects port 587", "dns no-route", NULL},
    {CONNECT(FAILURE_HOST_UNREACHABLE, OUTSIDE, EHOSTUNREACH), SERVER(3, 1), .ms = 3100},
     "not-running", "it may pass port 587 on to a host that is down", "dns no-route", NULL},
    {CONNECT(FAILURE_NO_NEIGHBOUR, "10.0.0.7", EHOSTUNREACH), HERE(3, 1), .ms = 3060,
      .route = ROUTE_ON_LINK},
     "not-running no-route wrong-target", "nobody answered for 10.0.0.7 on the local network",
     "dns egress-blocked", "is it up, and does ip addr show 10.0.0.7?"},
    {CONNECT(FAILURE_NO_NEIGHBOUR, OUTSIDE, EHOSTUNREACH), HERE(3, 1), .ms = 3060},
     "not-running no-route wrong-target", "for 198.51.100.7, or for the gateway to it", "dns egress-blocked",
     "is it up"},
    {CONNECT(FAILURE_LOCAL_RESOURCE, OUTSIDE, EMFILE)}, "", "",
     "not-running firewall dns no-route wrong-target egress-blocked", NULL},

    {LOOKUP(FAILURE_NAME_UNKNOWN, 5)}, "dns", "there is no name mail.example", "not-running firewall no-route egress-blocked", NULL},
    {LOOKUP(FAILURE_NAME_WITHOUT_ADDRESS, 5)}, "dns", "has no address", "not-running firewall no-route egress-blocked", NULL},
    {LOOKUP(FAILURE_RESOLVER, 7)}, "dns", "no usable answer for mail.example after 7", "not-running egress-blocked", NULL},
    {LOOKUP(FAILURE_NAME_UNKNOWN, 5), .host = "a..b"}, "dns",
     "the name a..b cannot be asked for: DNS has no room for an empty label",
     "not-running firewall no-route egress-blocked", NULL},
    {LOOKUP(FAILURE_NAME_UNKNOWN, 5), .asked = "ns"}, "dns",
     "no name mail.example: 192.0.2.53: no-such-name after 3 ms; "
     "192.0.2.54: no answer yet after 20 ms", "not-running firewall no-route egress-blocked", NULL},
    {LOOKUP(FAILURE_NAME_WITHOUT_ADDRESS, 5), .asked = "w"}, "dns",
     "has no address: 192.0.2.53: no-address after 3 ms", "not-running firewall no-route egress-blocked", NULL},
    {LOOKUP(FAILURE_NAME_UNKNOWN, 5), .asked = "na"}, "dns",
     "the nameservers disagree about mail.example, and the resolver took the answer without an "
     "address: 192.0.2.53: no-such-name after 3 ms; 192.0.2.54: addresses after 3 ms", "not-running firewall no-route egress-blocked", NULL},
    {LOOKUP(FAILURE_NAME_UNKNOWN, 5), .asked = "ns", .again = "na"}, "dns",
     "the nameservers disagree about mail.example", "not-running firewall no-route egress-blocked", NULL},
    {LOOKUP(FAILURE_NAME_UNKNOWN, 5), .asked = "ns", .again = "ns"}, "dns",
     "asked again by itself: 192.0.2.53: no-such-name", "not-running firewall no-route egress-blocked", NULL},
    {LOOKUP(FAILURE_NAME_UNKNOWN, 5), .asked = "n", .again = "a"}, "dns",
     "after the verdict, a nameserver has an address for mail.example: 192.0.2.53: addresses", "not-running firewall no-route egress-blocked",
     NULL},
    {LOOKUP(FAILURE_NAME_UNKNOWN, 5), .asked = "a", .again = "a"}, "dns",
     "libc found no address for mail.example, and a nameserver has one: 192.0.2.53: addresses",
     "not-running firewall no-route egress-blocked", NULL},
    {LOOKUP(FAILURE_RESOLVER, 7), .asked = "p"}, "dns", "192.0.2.53: port-closed after 3 ms", "not-running egress-blocked",
     NULL},
    {LOOKUP(FAILURE_RESOLVER, 7), .asked = "c", .again = "c"}, "dns",
     "nobody but this host itself to ask for mail.example: 192.0.2.53 (resolv.conf names none): "
     "port-closed", "not-running egress-blocked", NULL},
    {LOOKUP(FAILURE_RESOLVER, 7), .asked = "u", .again = "u"}, "no-route",
     "cannot reach its nameservers: 192.0.2.53: unreachable", "not-running egress-blocked", NULL},
    {LOOKUP(FAILURE_RESOLVER, 7), .asked = "x", .again = "x"}, "firewall",
     "a firewall forbids the way to the nameservers: 192.0.2.53: prohibited", "not-running egress-blocked", NULL},
    {LOOKUP(FAILURE_RESOLVER_SERVFAIL, 7), .asked = "f"}, "dns",
     "(SERVFAIL): 192.0.2.53: servfail", "not-running egress-blocked", NULL},
    {LOOKUP(FAILURE_RESOLVER_SERVFAIL, 7), .asked = "f", .again = "a"}, "dns",
     "the lookup of mail.example failed, and each nameserver was asked again by itself: "
     "192.0.2.53: addresses", "not-running egress-blocked", NULL},
    {LOOKUP(FAILURE_RESOLVER_REFUSED, 7), .asked = "r"}, "dns",
     "(REFUSED): 192.0.2.53: refused", "not-running egress-blocked", NULL},
    {LOOKUP(FAILURE_RESOLVER_SILENT, 7), .asked = "s"}, "dns",
     "no nameserver answered: 192.0.2.53: no answer yet after 20 ms", "not-running egress-blocked", NULL},
    {LOOKUP(FAILURE_TIMEOUT, 5000)}, "dns", "had not ended after 5000 ms", "not-running egress-blocked", NULL},
    {LOOKUP(FAILURE_TIMEOUT, 5000), .asked = "s"}, "dns",
     "had not ended after 5000 ms: 192.0.2.53: no answer yet after 20 ms", "not-running egress-blocked", NULL},
    {LOOKUP(FAILURE_TIMEOUT, 5000), .asked = "x"}, "dns",
     "had not ended after 5000 ms: 192.0.2.53: prohibited after 3 ms", "not-running egress-blocked", NULL},
    {LOOKUP(FAILURE_TIMEOUT, 5000), .asked = "s", .again = "a"}, "dns",
     "asked again by itself: 192.0.2.53: addresses after 3 ms", "not-running egress-blocked", NULL},
    {LOOKUP(FAILURE_TIMEOUT, 5000), .asked = "6", .again = "6"}, "dns",
     "waits for an answer for IPv6 too, and had not ended after 5000 ms: 192.0.2.53: addresses "
     "after 3 ms, no IPv6 answer in 20 ms", "not-running egress-blocked", NULL},

    {SILENT(OUTSIDE), .others = "r25 s465 r2525 r443"}, "not-running firewall",
     "refused on 25, 2525, 443; silent on 465", "dns no-route", "shows a full queue"},
    {SILENT(OUTSIDE), .others = "s25 s465 s2525 o443"}, "not-running firewall egress-blocked",
     "open on 443; silent on 25, 465, 2525", "dns no-route", "try port 587 of another mail server"},
    {SILENT(OUTSIDE), .others = "s25 s465 s443"}, "firewall no-route egress-blocked",
     "no answer from 198.51.100.7 port 587 within 5000 ms", "dns", "From here: nc -vz to port 587"},
    {SILENT("10.0.0.7"), .others = "s25 s465 s443"}, "firewall no-route wrong-target",
     "no answer from 10.0.0.7", "dns egress-blocked", "if ip addr does not show 10.0.0.7"},
    {SILENT("100.64.1.1"), .others = "s25 s465 s443"}, "firewall no-route wrong-target",
     "no answer from 100.64.1.1", "dns", "if ip addr does not show 100.64.1.1"},
    {SILENT(OUTSIDE), .others = "s25", .route = ROUTE_ON_LINK}, "firewall no-route wrong-target",
     "no answer from 198.51.100.7", "dns egress-blocked", "if ip addr does not show 198.51.100.7"},
    {SILENT("10.0.0.7"), .others = "s25", .route = ROUTE_ON_LINK,
      .neighbour = NEIGHBOUR_UNCONFIRMED},
     "firewall no-route wrong-target", "no answer from 10.0.0.7", "dns egress-blocked",
     "if ip addr does not show 10.0.0.7"},
    {SILENT("10.0.0.7"), .others = "s25", .route = ROUTE_ON_LINK,
      .neighbour = NEIGHBOUR_ANSWERED},
     "firewall", "10.0.0.7 answered on the local network within the last minute, and its port 587",
     "dns no-route egress-blocked", NULL},
    {SILENT("10.0.0.7"), WEB, .others = "s25", .route = ROUTE_ON_LINK,
      .neighbour = NEIGHBOUR_ANSWERED},
     "egress-blocked", "10.0.0.7 answered on the local network", "dns no-route tls-inspection",
     NULL},
    {SILENT(OUTSIDE), .others = "s25", .route = ROUTE_OWN}, "firewall wrong-target",
     "no answer from 198.51.100.7", "dns no-route egress-blocked",
     "Here: ss -ltn 'sport = :587'. If something listens"},
    {SILENT("10.0.0.7"), .dropped_here = true}, "firewall",
     "this host itself drops its packets to 10.0.0.7 port 587", "not-running dns egress-blocked",
     NULL},
    {SILENT("2001:db8::7"), .also = OUTSIDE, .others = "s25 s443", .also_others = "r25 r443"},
     "not-running firewall wrong-target", "198.51.100.7: refused, 2001:db8::7: timeout", "dns",
     "on which of its addresses"},
    {SILENT("2001:db8::7"), .also = OUTSIDE, .also_icmp = {true, false, 3, 3, OUTSIDE},
      .others = "r25"},
     "firewall", "no: 198.51.100.7 answered port unreachable (ICMP 3/3) for 198.51.100.7",
     "dns no-route", NULL},
    {SILENT("2001:db8::7"), .also = OUTSIDE, .also_icmp = {true, false, 3, 3, OUTSIDE}, WEB},
     "egress-blocked", "no: 198.51.100.7 answered port unreachable (ICMP 3/3) for 198.51.100.7",
     "dns tls-inspection", NULL},
    {SILENT(OUTSIDE), .route = ROUTE_GATEWAY, .elsewhere = 's', .others = "r25 o443"},
     "firewall egress-blocked", "drops port 587 to 198.51.100.7 and 198.51.100.8", "dns no-route",
     "On the outer side of this network's own firewall"},
    {SILENT(OUTSIDE), .route = ROUTE_GATEWAY, .elsewhere = 't', .others = "r25 o443"},
     "not-running firewall", "the host seems up", "dns no-route", "shows a full queue"},
    {SILENT(OUTSIDE), .route = ROUTE_GATEWAY, .elsewhere = 'o', .others = "s25 s443"},
     "not-running firewall no-route", "another configured host answers on port 587 (198.51.100.8)",
     "dns egress-blocked", "if it is down, that is it"},
    {SILENT("10.0.0.7"), .elsewhere = 'o', .others = "s25 s443"}, "firewall no-route wrong-target",
     "no answer from 10.0.0.7", "dns egress-blocked", "if ip addr does not show 10.0.0.7"},
    {SILENT(OUTSIDE), WEB, .others = "s80"}, "no-route egress-blocked",
     "nothing came back from 198.51.100.7", "dns tls-inspection", "try another site from here"},
    {SILENT(OUTSIDE), WEB, .others = "r80"}, "egress-blocked",
     "stayed silent for 5000 ms while other ports answered: refused on 80", "dns no-route tls-inspection", NULL},
    {SILENT("10.0.0.7"), WEB, .others = "s80"}, "no-route wrong-target egress-blocked",
     "no answer from 10.0.0.7 port 443", "dns tls-inspection", "if ip addr does not show 10.0.0.7"},
    {SILENT(OUTSIDE), .check = "slack", .others = "s80", .elsewhere = 'o', .route = ROUTE_GATEWAY},
     "no-route egress-blocked", "no answer from 198.51.100.7 port 587 within", "dns tls-inspection",
     "try another site from here"},
    {SILENT("10.0.0.7"), WEB, .dropped_here = true}, "egress-blocked",
     "this host itself drops its packets to 10.0.0.7 port 443", "dns tls-inspection", NULL},
    {CONNECT(FAILURE_PROHIBITED, OUTSIDE, EHOSTUNREACH), SERVER(3, 13), WEB,
      .route = ROUTE_ON_LINK},
     "egress-blocked", "198.51.100.7 itself answered administratively prohibited (ICMP 3/13)",
     "dns no-route tls-inspection", NULL},
    {CONNECT(FAILURE_REFUSED, "10.0.0.7", ECONNREFUSED), WEB, .route = ROUTE_ON_LINK},
     "wrong-target egress-blocked", "a firewall, as one that lets nothing out",
     "dns no-route tls-inspection", "On the machine that has 10.0.0.7: ss -ltn."},
    {CONNECT(FAILURE_HOST_UNREACHABLE, OUTSIDE, EHOSTUNREACH), SERVER(3, 1), .ms = 3, WEB},
     "egress-blocked", "a firewall there rejects port", "dns no-route tls-inspection", NULL},
    {CONNECT(FAILURE_NETWORK_UNREACHABLE, OUTSIDE, ENETUNREACH), ROUTER(3, 0), .ms = 3, WEB},
     "no-route egress-blocked", "that lets no direct connection through", "dns tls-inspection",
     "On 192.0.2.1: ip route get 198.51.100.7"},
    {CONNECT(FAILURE_PROHIBITED, OUTSIDE, EHOSTUNREACH), SERVER(3, 13)}, "firewall",
     "198.51.100.7 answered administratively prohibited", "dns no-route", NULL},
    {LOOKUP(FAILURE_NAME_UNKNOWN, 5), WEB}, "dns", "there is no name hooks.example",
     "no-route tls-inspection", NULL},

    {LOOKUP(FAILURE_CONFIGURATION, 0)}, "wrong-target", "(a.json:3) is not a port",
     "not-running firewall dns no-route egress-blocked", NULL},
    {LOOKUP(FAILURE_CONFIGURATION, 0), WEB}, "wrong-target", "(a.json:3) is not a port",
     "dns no-route egress-blocked tls-inspection service-incident", NULL},
    {CONNECT(FAILURE_REFUSED, OUTSIDE, ECONNREFUSED), .found = true,
      .finding = FINDING_ACCEPTED_LATER},
     "not-running", "took a connection moments later", "dns no-route", NULL},
    {FOUND(WRONG_PROTOCOL)}, "wrong-target", "another protocol than SMTP answers on port 587",
     "not-running firewall dns no-route egress-blocked", NULL},
    {FOUND(TLS_MODE_MISMATCH)}, "wrong-target", "a mail server answers on port 587",
     "not-running firewall dns no-route egress-blocked", NULL},
    {FOUND(TLS_ANSWERS), .second_finding = FINDING_NO_GREETING},
     "not-running wrong-target", "nothing was said", "firewall dns no-route egress-blocked",
     "curl -vk https://mail.example:587/"},
    {FOUND(TLS_ANSWERS), .second_finding = FINDING_CLOSED_EARLY},
     "not-running firewall wrong-target", "ended before the conversation was over",
     "dns no-route egress-blocked", "curl -vk https://mail.example:587/"},
    {FOUND(TLS_ANSWERS), .second_finding = FINDING_TLS_FAILED}, "wrong-target",
     "port 587 of mail.example answers in TLS, where a greeting in the clear was expected",
     "not-running firewall dns no-route egress-blocked", NULL},
    {FOUND(NO_GREETING), .second_finding = FINDING_TLS_UNTESTED},
     "not-running firewall wrong-target", "nothing was said", "dns no-route egress-blocked",
     "From a machine with OpenSSL"},
    {FOUND(NO_GREETING), .second_finding = FINDING_TLS_HUNG_UP}, "wrong-target",
     "hangs up on one that begins with TLS", "dns no-route egress-blocked", NULL},
    {FOUND(CERT_WRONG_NAME), .greeted = true, .second_finding = FINDING_TLS_FAILED},
     "wrong-target", "for another name", "not-running firewall dns no-route egress-blocked", NULL},
    {FOUND(TLS_FAILED)}, "firewall wrong-target", "a firewall on the way that inspects TLS",
     "not-running dns no-route egress-blocked", "if it is, its log tells why"},
    {FOUND(NO_GREETING), .host = OUTSIDE}, "not-running firewall wrong-target",
     "nothing was said", "dns no-route egress-blocked", "ss -tnp 'sport = :587'"},
    {FOUND(RESET_EARLY)}, "not-running firewall", "ended before the conversation was over",
     "dns no-route egress-blocked", "In the server's log"},
    {CONNECT(FAILURE_REFUSED, "127.0.0.1", ECONNREFUSED), .route = ROUTE_OWN},
     "not-running firewall wrong-target", "port 587 of 127.0.0.1 was refused",
     "dns no-route egress-blocked", "Here: ss -ltn. If something"},
    {CONNECT(FAILURE_REFUSED, "0.0.0.0", ECONNREFUSED), .route = ROUTE_OWN}, "dns",
     "mail.example was resolved to 0.0.0.0, which is the address of nobody",
     "no-route egress-blocked", NULL},
    {FOUND(GREETING_BUSY)}, "not-running", "not available now",
     "firewall dns no-route egress-blocked", NULL},
    {FOUND(GREETING_REFUSED)}, "wrong-target", "answers on port 587 of mail.example and refuses",
     "not-running firewall dns no-route egress-blocked", NULL},
    {FOUND(GREETING_REFUSED), .refusal = "554 no"}, "wrong-target", "and refuses this client",
     "not-running firewall dns no-route egress-blocked", NULL},
    {FOUND(GREETING_REFUSED), .refusal = "451 try later"}, "not-running", "refuses for now",
     "firewall dns no-route egress-blocked", NULL},
    {FOUND(CERT_WRONG_NAME)}, "wrong-target", "for another name than mail.example",
     "not-running firewall dns no-route egress-blocked", NULL},
    {FOUND(CERT_UNTRUSTED), WEB}, "tls-inspection", "is not one that this host trusts",
     "dns no-route egress-blocked", NULL},
    {FOUND(GARBAGE_GREETING)}, "wrong-target",
     "the first bytes from port 587 of mail.example are no greeting of SMTP",
     "not-running firewall dns no-route egress-blocked", NULL},
    {FOUND(REPLY_TOO_LONG)}, "wrong-target", "sends more than a mail server has to say",
     "not-running firewall dns no-route egress-blocked", NULL},
    {FOUND(TLS_STALLED)}, "not-running firewall", "the service may hang",
     "dns no-route egress-blocked", "openssl s_client -connect localhost:587"},
    {FOUND(WRONG_PROTOCOL), WEB}, "wrong-target",
     "port 443 of hooks.example should speak TLS, and another protocol answers",
     "dns no-route egress-blocked", NULL},
    {FOUND(TLS_FAILED), WEB}, "wrong-target tls-inspection", "a proxy on the way may break it",
     "dns no-route egress-blocked", "From another network: openssl s_client"},
    {FOUND(TLS_STALLED), WEB}, "egress-blocked service-incident", "all but the first, may be dropped on the way",
     "dns no-route", "packets are lost on the way from here"},
};

static void list(const struct diagnosis *diagnosis, bool ruled_out, char *text)
{
    static const char *const order[] = {"not-running",    "firewall",      "dns",
                                        "no-route",       "wrong-target",  "egress-blocked",
                                        "tls-inspection", "service-incident"};

    for (int id = 0; id < COUNT(order); id++)
        for (size_t i = 0; i < diagnosis->ncauses; i++) {
            const struct cause *cause = &diagnosis->causes[i];
            if (strcmp(cause->id, order[id]) != 0 ||
                (ruled_out ? !cause->ruled_out : cause->rank != 1))
                continue;
            strcat(text, *text ? " " : "");
            strcat(text, cause->id);
        }
}

START_TEST(test_causes)
{
    struct result *result = make_result(&cases[_i].sight);
    const struct diagnosis *diagnosis = &result->diagnosis;
    char first[200] = "", out[200] = "";

    ck_assert_uint_eq(diagnosis->ncauses, 6);
    list(diagnosis, false, first);
    list(diagnosis, true, out);
    ck_assert_str_eq(first, cases[_i].first);
    ck_assert_str_eq(out, cases[_i].out);
    if (*first)
        ck_assert_msg(strstr(diagnosis->causes[0].because, cases[_i].because), "%s",
                      diagnosis->causes[0].because);
    for (size_t i = 0; i < diagnosis->ncauses; i++) {
        const struct cause *cause = &diagnosis->causes[i];
        ck_assert((cause->rank == 0) == (cause->ruled_out != NULL));
        ck_assert(i == 0 || !cause->rank || cause->rank >= diagnosis->causes[i - 1].rank);
        ck_assert(cause->rank != 1 || cause->because);
    }
    /* A shared first rank always has a step that tells its causes apart. */
    ck_assert_int_eq(diagnosis->causes[1].rank == 1, cases[_i].separate != NULL);
    ck_assert_int_eq(diagnosis->separate != NULL, cases[_i].separate != NULL);
    if (cases[_i].separate)
        ck_assert_msg(strstr(diagnosis->separate, cases[_i].separate), "%s", diagnosis->separate);
    ck_assert_uint_ge(diagnosis->nnot_proven, 2);
    result_free(result);
}
END_TEST

/* Marks the rules that hold in a case; none may quote a fact that is not there. */
static void mark_rules(const struct sight *sight, const struct rules *rules, bool *fired)
{
    struct result *result = make_result(sight);
    struct facts facts = {0};

    facts_gather(&facts, result);
    for (size_t i = 0; i < rules->count; i++) {
        if (!facts_meet(&facts, &rules->items[i]))
            continue;
        char *text = facts_fill(&facts, rules->items[i].text);
        ck_assert_msg((strchr(text, '?') != NULL) == (strchr(rules->items[i].text, '?') != NULL),
                      "%s: %s", rules->items[i].name, text);
        free(text);
        fired[i] = true;
    }
    facts_clear(&facts);
    result_free(result);
}

START_TEST(test_every_rule_holds_somewhere)
{
    const struct rules *rules = catalog_rules(catalog);
    bool *fired = mem_zalloc(rules->count * sizeof *fired);

    for (int i = 0; i < COUNT(cases); i++)
        mark_rules(&cases[i].sight, rules, fired);
    for (size_t i = 0; i < rules->count; i++)
        ck_assert_msg(fired[i], "no case for [%s]", rules->items[i].name);
    free(fired);
}
END_TEST

/* A failure's six causes are none of a pass. */
START_TEST(test_pass)
{
    const struct sight sight = {FAILURE_NONE, PHASE_CONNECT, .address = "192.0.2.7"};
    struct result *result = make_result(&sight);

    ck_assert_uint_eq(result->diagnosis.ncauses, 0);
    ck_assert_uint_ge(result->diagnosis.nnot_proven, 2);
    result_free(result);
}
END_TEST

static const struct {
    const char *text, *error; /* error NULL: it is read */
} files[] = {
    {"[a]\nwhen = x=1 y!=2|3 ms<100\ncause = c\nweight = 5\nbecause = b\n", NULL},
    {"[a]\nwhen = x=1\nexclude = c\nbecause = b\n", NULL},
    {"[a]\nwhen = x=1\nseparate = do {x}\n", NULL},
    {"[a]\nwhen = x\ncause = c\nweight = 5\nbecause = b\n", "2: when: a condition is"},
    {"[a]\nwhen = x=\n", "2: when: a condition is"},
    {"[a]\nwhen = x!2\n", "2: when: a condition is"},
    {"[a]\nwhen = x=1\ncause = c\nbecause = b\n", "2: the rule [a] has no weight"},
    {"[a]\nwhen = x=1\ncause = c\nweight = 5\n", "2: the rule [a] has no because"},
    {"[a]\ncause = c\nweight = 5\nbecause = b\n", "2: the rule [a] has no when"},
    {"[a]\nwhen = x=1\nbecause = b\n", "2: the rule [a] has no cause"},
    {"[a]\nweight = 101\n", "2: weight: weight must be a number from 1 to 100"},
    {"[a]\nwhy = x\n", "2: why: unknown name"},
};

START_TEST(test_rules)
{
    struct rules rules = {0};
    struct error err = {0};

    bool ok = rules_read(&rules, "a.ini", files[_i].text, strlen(files[_i].text), &err);
    ck_assert(ok == !files[_i].error);
    ck_assert_uint_eq(rules.count, ok ? 1 : 0);
    ck_assert_msg(ok || strncmp(err.text, files[_i].error, strlen(files[_i].error)) == 0, "%s",
                  err.text);
    rules_clear(&rules);
}
END_TEST

START_TEST(test_facts)
{
    const struct sight sight = {FAILURE_TIMEOUT, PHASE_CONNECT, "192.0.2.7", .ms = 1500,
                                .others = "o25 r443"};
    struct result *result = make_result(&sight);
    struct facts facts = {0};

    facts_gather(&facts, result);
    ck_assert(facts_has(&facts, "answered", "465|443"));
    ck_assert(!facts_has(&facts, "answered", "4|44|4433"));
    ck_assert(!facts_has(&facts, "unheard", "25"));
    ck_assert_double_eq(facts_number(&facts, "ms"), 1500);
    ck_assert_double_eq(facts_number(&facts, "unheard"), -1);
    char *text = facts_fill(&facts, "{host}: {others} {unheard} {");
    ck_assert_str_eq(text, "mail.example: open on 25; refused on 443 ? ?");
    free(text);
    facts_clear(&facts);
    result_free(result);
}
END_TEST

Suite *diagnosis_suite(void)
{
    Suite *suite = suite_create("diagnosis");
    TCase *tcase = tcase_create("causes");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, test_causes, 0, COUNT(cases));
    tcase_add_test(tcase, test_pass);
    tcase_add_test(tcase, test_every_rule_holds_somewhere);
    tcase_add_loop_test(tcase, test_rules, 0, COUNT(files));
    tcase_add_test(tcase, test_facts);
    suite_add_tcase(suite, tcase);
    return suite;
}
