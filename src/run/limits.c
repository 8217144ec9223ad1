#include "run/limits.h"

#include "base/mem.h"
#include "probe/resolvconf.h"

#include <stdarg.h>

#define AGAIN "r or stella doctor run --until-pass 3 runs it again"
#define DEEPER "d or stella doctor run --deep"

static void add(struct result *result, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(struct result *result, const char *format, ...)
{
    struct diagnosis *diagnosis = &result->diagnosis;
    va_list args;

    va_start(args, format);
    char *text = mem_vprintf(format, args);
    va_end(args);
    diagnosis->not_proven =
        mem_grow(diagnosis->not_proven, diagnosis->nnot_proven, sizeof *diagnosis->not_proven);
    diagnosis->not_proven[diagnosis->nnot_proven++] = text;
}

/* How far digging deeper went. */
enum dig { NOT_DUG, DIGGING, CUT_OFF, DUG };

static enum dig dig_of(const struct evidence *deeper)
{
    if (!deeper->started)
        return NOT_DUG;
    if (!deeper->ended)
        return DIGGING;
    return deeper->failure == FAILURE_CANCELLED ? CUT_OFF : DUG;
}

/* What it saw of a step of the dialogue. */
enum sight { UNSEEN, BEING_SEEN, CUT_SHORT, NOT_REACHED, AMISS, REFUSES, WELL };

static enum sight sight_unended(enum dig dig, bool waited)
{
    static const enum sight sights[] = {[NOT_DUG] = UNSEEN, [DIGGING] = BEING_SEEN,
                                        [CUT_OFF] = CUT_SHORT};

    if (dig != DUG)
        return sights[dig];
    return waited ? AMISS : NOT_REACHED;
}

/* Only the findings tell a mail server's refusal from other greetings that failed. */
static bool is_refused(const struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].id == FINDING_GREETING_REFUSED ||
            findings->items[i].id == FINDING_GREETING_BUSY)
            return true;
    return false;
}

/* Of a step that was made twice the later one tells. A greeting that was waited for until
 * the dialogue went another way is amiss; a handshake that was left in its middle, for want
 * of OpenSSL, was not made. */
static enum sight sight_of(const struct result *result, enum phase_kind kind)
{
    const struct evidence *deeper = &result->deeper;
    enum dig dig = dig_of(deeper);
    bool begun = false;

    for (size_t i = deeper->nphases; i-- > 0;) {
        const struct phase *phase = &deeper->phases[i];
        if (phase->kind != kind)
            continue;
        begun = true;
        if (phase->status == STEP_OK)
            return WELL;
        if (kind == PHASE_GREETING && phase->status == STEP_FAILED &&
            is_refused(&result->findings))
            return REFUSES;
        if (phase->status == STEP_FAILED || phase->status == STEP_TIMEOUT)
            return AMISS;
    }
    return sight_unended(dig, begun && kind == PHASE_GREETING);
}

#define CUT_SHORT_BY "digging deeper was cancelled before that was seen; " DEEPER " begins anew"

/* Of both the first one is told that was not seen to be well. */
static void add_mail_limits(struct result *result)
{
    static const char *const greeting[] = {
        [UNSEEN] = "that a mail server answers there, nor its TLS: " DEEPER " asks it",
        [BEING_SEEN] = "that a mail server answers there, nor its TLS: digging deeper asks it now",
        [CUT_SHORT] = "that a mail server answers there: " CUT_SHORT_BY,
        [NOT_REACHED] = "that a mail server answers there: no greeting was waited for, and the "
                        "findings say why; " DEEPER " looks again",
        [AMISS] = "that a mail server answers there: the findings say what was seen instead, "
                  "and " DEEPER " looks again",
        [REFUSES] = "that the server takes mail from here: its greeting refuses it, and " DEEPER
                    " looks again"};
    static const char *const tls[] = {
        [BEING_SEEN] = "its TLS and certificate: digging deeper looks at them now",
        [CUT_SHORT] = "its TLS and certificate: " CUT_SHORT_BY,
        [NOT_REACHED] = "its TLS and certificate: there was no handshake, and the findings say "
                        "why; once that is mended, " DEEPER " looks again",
        [AMISS] = "that its TLS works: the findings say what was seen instead, and " DEEPER
                  " looks again"};
    enum sight greeted = sight_of(result, PHASE_GREETING);
    enum sight secured = sight_of(result, PHASE_TLS);

    if (greeted == NOT_REACHED && secured == AMISS)
        add(result, "that a mail server answers inside TLS: no handshake came to its end, and "
                    DEEPER " looks again");
    else if (greeted != WELL)
        add(result, "%s", greeting[greeted]);
    else if (secured != WELL)
        add(result, "%s", tls[secured]);
    add(result, "login, sender and delivery, which were not tried: let the platform send one real "
                "notification");
}

static void add_webhook_tls_limits(struct result *result)
{
    static const char *const tls[] = {
        [UNSEEN] = "TLS and certificate of the address: " DEEPER " looks at them",
        [BEING_SEEN] = "TLS and certificate of the address: digging deeper looks at them now",
        [CUT_SHORT] = "TLS and certificate of the address: " CUT_SHORT_BY,
        [NOT_REACHED] = "TLS and certificate of the address: there was no handshake, and the "
                        "findings say why; " DEEPER " looks again",
        [AMISS] = "that TLS works there: the findings say what was seen instead, and " DEEPER
                  " looks again"};
    enum sight secured = sight_of(result, PHASE_TLS);

    if (result->target.tls == TARGET_TLS_FALSE)
        add(result, "that nobody reads along: the URL begins with http://, so there is no TLS to "
                    "look at; s or stella doctor settings shows where it is set");
    else if (secured != WELL)
        add(result, "%s", tls[secured]);
}

static void add_webhook_limits(struct result *result)
{
    add_webhook_tls_limits(result);
    add(result, "that the address is a webhook and takes messages, since none was sent: let the "
                "platform send one");
}

static void add_pass_limits(struct result *result)
{
    if (result->check->smtp)
        add_mail_limits(result);
    else if (result->check->probe == PROBE_TCP_URL)
        add_webhook_limits(result);
    else
        add(result, "that it is the right service, since nothing was said to it: let the platform "
                    "use it");
}

/* Those that libc did not ask, or not to the end: once each was asked, what it said stands
 * in the result. */
static void add_other_nameservers(struct result *result)
{
    static const char *const ways[] = {
        [NOT_DUG] = DEEPER " waits for the answer of each",
        [DIGGING] = "digging deeper waits for the answer of each",
        [CUT_OFF] = "digging deeper was cancelled before each had answered; " DEEPER
                    " begins anew"};
    enum dig dig = dig_of(&result->deeper);

    if (dig != DUG)
        add(result, "that no nameserver has the address, since the first answer counts: %s",
            ways[dig]);
}

/* resolv.conf(5): libc asks one nameserver after the other until one answers. */
static void add_lookup_limits(struct result *result)
{
    enum failure_kind failure = result->evidence.failure;
    bool is_url = result->check->probe == PROBE_TCP_URL;

    if (failure == FAILURE_NAME_UNKNOWN && resolvconf_name_fault(result->target.host))
        add(result, "which name is meant, since this one cannot be asked for: s or stella doctor "
                    "settings shows where it is set");
    else if (failure != FAILURE_NAME_UNKNOWN && failure != FAILURE_NAME_WITHOUT_ADDRESS)
        add(result, "that the name is wrong, since the lookup came to no answer: " AGAIN);
    else
        add_other_nameservers(result);
    add(result,
        "anything about the server, since nothing was connected to: stella doctor run --set "
        "%s=%sADDRESS leaves the name out",
        result->target.host_key, is_url ? "https://" : "");
}

#define KEPT_BACK                                                                                  \
    "anything about the server, since this host kept the packets back: once it sends them, r or " \
    "stella doctor run"

static void add_silence_limit(struct result *result)
{
    if (result->evidence.nattempts > 0 && evidence_decisive(&result->evidence)->dropped_here)
        add(result, KEPT_BACK);
    else
        add(result, "that it lasts: a host that restarts is silent like this; " AGAIN);
}

/* What else looks like this for a moment, or what stood before the service. */
static void add_connect_limits(struct result *result)
{
    switch (result->evidence.failure) {
    case FAILURE_REFUSED:
        add(result, "that it lasts: a service that restarts refuses like this; " AGAIN);
        break;
    case FAILURE_RESET_AFTER_ACCEPT:
        add(result, "that it lasts: a service with too much to do resets like this; " AGAIN);
        break;
    case FAILURE_REJECTED:
        add(result, "that it lasts: a Kubernetes Service without a ready pod is rejected like "
                    "this; " AGAIN);
        break;
    case FAILURE_TIMEOUT:
        add_silence_limit(result);
        break;
    case FAILURE_HOST_UNREACHABLE:
    case FAILURE_NO_NEIGHBOUR:
        add(result, "that it lasts: a host that restarts is not found like this; " AGAIN);
        break;
    case FAILURE_GATEWAY_SILENT:
        add(result, "anything about the server, since nothing got past the gateway: once it "
                    "answers, r or stella doctor run");
        break;
    case FAILURE_NETWORK_UNREACHABLE:
        add(result, "that it lasts: a route that changes is missing like this; " AGAIN);
        break;
    case FAILURE_PROHIBITED:
        add(result, "anything about the service, since a firewall answered in its place: stella "
                    "doctor run on the server's own network");
        break;
    case FAILURE_NO_ROUTE:
    case FAILURE_PROHIBITED_HERE:
        add(result, KEPT_BACK);
        break;
    case FAILURE_LOCAL_RESOURCE:
        add(result, "anything about the server, since this host could not even try (%s): " AGAIN,
            errno_name(result->evidence.error));
        break;
    default:
        add(result, "on which side it failed, which %s does not tell: " AGAIN,
            errno_name(result->evidence.error));
    }
}

static void add_unprobed_limits(struct result *result)
{
    if (result->check->probe == PROBE_BROKEN)
        add(result, "anything, since nothing was run: ! in the dashboard shows the file and its "
                    "mistake");
    else if (result->evidence.failure == FAILURE_CANCELLED)
        add(result, "anything, since it was cancelled: r or stella doctor run runs it again");
    else if (result->check->probe == PROBE_NONE)
        add(result, "anything, since nothing was run: stella doctor show %s tells how to look",
            result->check->id);
    else
        add(result, "anything about the service, since nothing was connected to: s or stella "
                    "doctor settings shows what is configured");
}

void limits_add(struct result *result)
{
    const struct evidence *evidence = &result->evidence;

    if (result->outcome == OUTCOME_PASS)
        add_pass_limits(result);
    else if (result->outcome != OUTCOME_FAIL || evidence->failure == FAILURE_CONFIGURATION)
        add_unprobed_limits(result);
    else if (evidence->failed_phase == PHASE_LOOKUP)
        add_lookup_limits(result);
    else
        add_connect_limits(result);
    if (result->proxy)
        add(result, "the way that the platform may take: through a proxy, %s: let the platform "
                    "send one message",
            result->proxy);
    add(result, "anything about another network than the one it was run in: run it where the "
                "platform runs");
}
