#include "probe/resolve.h"

#include "base/mem.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

/* getaddrinfo(3) needs far less; the default of 8 MiB times the threads would
 * not fit under an address space limit. */
enum { THREAD_STACK_BYTES = 512 * 1024 };

enum lookup_state {
    LOOKUP_QUEUED,    /* waits for a thread */
    LOOKUP_RUNNING,   /* a thread is in getaddrinfo(3) with it */
    LOOKUP_ANSWERED,  /* waits for the loop */
    LOOKUP_ABANDONED, /* a thread is, but nobody waits: the thread frees it */
    LOOKUP_STATES
};

struct lookup {
    TAILQ_ENTRY(lookup) link;
    struct resolver *resolver;
    enum lookup_state state;
    lookup_done done;
    void *context;
    int error;
    struct addrinfo *list;
    char port[6];
    char host[];
};

TAILQ_HEAD(lookup_list, lookup);

/* Shared with the threads and freed by the last that uses it. */
struct resolver {
    uv_async_t wake;
    size_t pending;        /* lookups the loop waits for; only the loop looks here */
    pthread_mutex_t mutex; /* guards what follows, and the state of each lookup */
    struct lookup_list lists[LOOKUP_STATES];
    size_t threads, stuck; /* stuck: threads with an abandoned lookup */
    bool closed;
};

static void set_state(struct lookup *lookup, enum lookup_state state)
{
    struct resolver *resolver = lookup->resolver;

    TAILQ_REMOVE(&resolver->lists[lookup->state], lookup, link);
    lookup->state = state;
    TAILQ_INSERT_TAIL(&resolver->lists[state], lookup, link);
}

static void answer(struct lookup *lookup, int error)
{
    lookup->error = error;
    set_state(lookup, LOOKUP_ANSWERED);
    uv_async_send(&lookup->resolver->wake);
}

static void lookup_free(struct lookup *lookup)
{
    TAILQ_REMOVE(&lookup->resolver->lists[lookup->state], lookup, link);
    if (lookup->list)
        freeaddrinfo(lookup->list);
    free(lookup);
}

/* Lookups the loop waits for keep it alive, an idle resolver does not. */
static void set_pending(struct resolver *resolver, size_t pending)
{
    resolver->pending = pending;
    if (pending > 0)
        uv_ref((uv_handle_t *)&resolver->wake);
    else
        uv_unref((uv_handle_t *)&resolver->wake);
}

static void resolver_destroy(struct resolver *resolver)
{
    pthread_mutex_destroy(&resolver->mutex);
    free(resolver);
}

static int resolve(struct lookup *lookup, int flags)
{
    struct addrinfo hints = {
        .ai_flags = flags | AI_NUMERICSERV,
        .ai_family = AF_UNSPEC,
        .ai_socktype = SOCK_STREAM,
    };
    return getaddrinfo(lookup->host, lookup->port, &hints, &lookup->list);
}

/* Threads that serve the queue, or would if their lookup were not stuck past
 * the number that may be. */
static size_t busy_threads(const struct resolver *resolver)
{
    size_t excused = resolver->stuck < RESOLVER_THREADS ? resolver->stuck : RESOLVER_THREADS;
    return resolver->threads - excused;
}

/* Entered and left with the mutex held. */
static void serve(struct resolver *resolver, struct lookup *lookup)
{
    set_state(lookup, LOOKUP_RUNNING);
    pthread_mutex_unlock(&resolver->mutex);
    int error = resolve(lookup, 0);
    pthread_mutex_lock(&resolver->mutex);
    if (lookup->state == LOOKUP_ABANDONED) {
        resolver->stuck--;
        lookup_free(lookup);
    } else {
        answer(lookup, error);
    }
}

static void *worker(void *argument)
{
    struct resolver *resolver = argument;
    struct lookup *lookup;

    pthread_mutex_lock(&resolver->mutex);
    while (busy_threads(resolver) <= RESOLVER_THREADS &&
           (lookup = TAILQ_FIRST(&resolver->lists[LOOKUP_QUEUED])))
        serve(resolver, lookup);
    resolver->threads--;
    bool last = resolver->closed && resolver->threads == 0;
    pthread_mutex_unlock(&resolver->mutex);
    if (last)
        resolver_destroy(resolver);
    return NULL;
}

/* Signals are the loop's; but a fault comes to the thread that made it, and
 * the crash handler must see it. */
static void block_signals(pthread_attr_t *attributes)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    sigset_t blocked;

    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        sigdelset(&blocked, faults[i]);
    pthread_attr_setsigmask_np(attributes, &blocked);
}

static bool start_thread(struct resolver *resolver)
{
    pthread_attr_t attributes;
    pthread_t thread;

    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, THREAD_STACK_BYTES);
    block_signals(&attributes);
    bool started = pthread_create(&thread, &attributes, worker, resolver) == 0;
    pthread_attr_destroy(&attributes);
    if (started)
        resolver->threads++;
    return started;
}

/* Starts a thread for the queue if one may be. Where none can be and none will
 * come back to the queue, the queue is answered. With the mutex held. */
static void staff_queue(struct resolver *resolver)
{
    struct lookup_list *queue = &resolver->lists[LOOKUP_QUEUED];

    if (TAILQ_EMPTY(queue) || busy_threads(resolver) >= RESOLVER_THREADS)
        return;
    if (start_thread(resolver) || resolver->threads > resolver->stuck)
        return;
    while (!TAILQ_EMPTY(queue))
        answer(TAILQ_FIRST(queue), EAI_AGAIN);
}

static struct lookup *take_answer(struct resolver *resolver)
{
    struct lookup_list *answered = &resolver->lists[LOOKUP_ANSWERED];

    pthread_mutex_lock(&resolver->mutex);
    struct lookup *lookup = TAILQ_FIRST(answered);
    if (lookup)
        TAILQ_REMOVE(answered, lookup, link);
    pthread_mutex_unlock(&resolver->mutex);
    return lookup;
}

/* One at a time: a callee may abandon the next, or free the resolver. */
static void deliver(uv_async_t *wake)
{
    struct resolver *resolver = wake->data;
    struct lookup *lookup;

    while ((lookup = take_answer(resolver))) {
        set_pending(resolver, resolver->pending - 1);
        lookup->done(lookup->context, lookup->error, lookup->list);
        free(lookup);
    }
}

struct resolver *resolver_new(uv_loop_t *loop)
{
    struct resolver *resolver = mem_zalloc(sizeof *resolver);

    /* Cannot fail: it shares the descriptor that the loop opened for itself. */
    uv_async_init(loop, &resolver->wake, deliver);
    resolver->wake.data = resolver;
    set_pending(resolver, 0);
    pthread_mutex_init(&resolver->mutex, NULL);
    for (int state = 0; state < LOOKUP_STATES; state++)
        TAILQ_INIT(&resolver->lists[state]);
    return resolver;
}

/* With the mutex held. */
static void abandon(struct lookup *lookup)
{
    if (lookup->state == LOOKUP_RUNNING) {
        lookup->resolver->stuck++;
        set_state(lookup, LOOKUP_ABANDONED);
    } else {
        lookup_free(lookup);
    }
}

static void on_wake_closed(uv_handle_t *wake)
{
    struct resolver *resolver = wake->data;

    pthread_mutex_lock(&resolver->mutex);
    resolver->closed = true;
    bool last = resolver->threads == 0;
    pthread_mutex_unlock(&resolver->mutex);
    if (last)
        resolver_destroy(resolver);
}

void resolver_free(struct resolver *resolver)
{
    struct lookup *lookup;

    if (!resolver)
        return;
    pthread_mutex_lock(&resolver->mutex);
    for (int state = 0; state < LOOKUP_ABANDONED; state++)
        while ((lookup = TAILQ_FIRST(&resolver->lists[state])))
            abandon(lookup);
    pthread_mutex_unlock(&resolver->mutex);
    uv_close((uv_handle_t *)&resolver->wake, on_wake_closed);
}

struct lookup *resolver_lookup(struct resolver *resolver, const char *host, uint16_t port,
                               lookup_done done, void *context)
{
    size_t size = strlen(host) + 1;
    struct lookup *lookup = mem_zalloc(sizeof *lookup + size);

    lookup->resolver = resolver;
    lookup->done = done;
    lookup->context = context;
    snprintf(lookup->port, sizeof lookup->port, "%u", port);
    memcpy(lookup->host, host, size);
    bool literal = resolve(lookup, AI_NUMERICHOST) == 0;

    set_pending(resolver, resolver->pending + 1);
    pthread_mutex_lock(&resolver->mutex);
    TAILQ_INSERT_TAIL(&resolver->lists[LOOKUP_QUEUED], lookup, link);
    if (literal)
        answer(lookup, 0);
    else
        staff_queue(resolver);
    pthread_mutex_unlock(&resolver->mutex);
    return lookup;
}

void lookup_abandon(struct lookup *lookup)
{
    struct resolver *resolver = lookup->resolver;

    set_pending(resolver, resolver->pending - 1);
    pthread_mutex_lock(&resolver->mutex);
    abandon(lookup);
    staff_queue(resolver);
    pthread_mutex_unlock(&resolver->mutex);
}
