#include "fake_getaddrinfo.h"

#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

typedef int resolve_function(const char *, const char *, const struct addrinfo *,
                             struct addrinfo **);

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int lookups, stuck, most_stuck;
static bool released;

static int resolve(const char *host, const char *service, const struct addrinfo *hints,
                   struct addrinfo **list)
{
    resolve_function *libc = (resolve_function *)dlsym(RTLD_NEXT, "getaddrinfo");
    return libc(host, service, hints, list);
}

static int resolve_both(const char *service, const struct addrinfo *hints, struct addrinfo **list)
{
    int error = resolve("127.0.0.2", service, hints, list);
    return error ? error : resolve("127.0.0.1", service, hints, &(*list)->ai_next);
}

static void stay_stuck(void)
{
    pthread_mutex_lock(&mutex);
    stuck++;
    if (stuck > most_stuck)
        most_stuck = stuck;
    pthread_cond_broadcast(&changed);
    while (!released)
        pthread_cond_wait(&changed, &mutex);
    stuck--;
    pthread_mutex_unlock(&mutex);
}

int getaddrinfo(const char *restrict host, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict list)
{
    if (hints && hints->ai_flags & AI_NUMERICHOST)
        return resolve(host, service, hints, list);
    pthread_mutex_lock(&mutex);
    lookups++;
    pthread_mutex_unlock(&mutex);
    if (!strstr(host, ".fake"))
        return resolve(host, service, hints, list);
    if (strcmp(host, "unknown.fake") == 0)
        return EAI_NONAME;
    if (strcmp(host, "both.fake") == 0)
        return resolve_both(service, hints, list);
    if (strcmp(host, "stuck.fake") == 0)
        stay_stuck();
    return resolve("127.0.0.1", service, hints, list);
}

void fake_await_stuck(int count)
{
    pthread_mutex_lock(&mutex);
    while (stuck < count)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
}

void fake_release(void)
{
    pthread_mutex_lock(&mutex);
    released = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

static int locked(const int *value)
{
    pthread_mutex_lock(&mutex);
    int copy = *value;
    pthread_mutex_unlock(&mutex);
    return copy;
}

int fake_lookups(void)
{
    return locked(&lookups);
}

int fake_most_stuck(void)
{
    return locked(&most_stuck);
}
