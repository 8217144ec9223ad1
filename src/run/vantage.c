#include "run/vantage.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SERVICE_ACCOUNT "/var/run/secrets/kubernetes.io/serviceaccount"

char *vantage_host_name(void)
{
    char name[HOST_NAME_MAX + 1] = "";

    gethostname(name, sizeof name - 1);
    return text_sanitise(name, strlen(name), TEXT_ONE_LINE);
}

/* The first line of a small file, clean; NULL where it cannot be read. */
static char *read_line(const char *path)
{
    char *data;
    size_t len;

    if (!file_read(path, &data, &len, NULL))
        return NULL;
    char *line = text_sanitise(data, strcspn(data, "\r\n"), TEXT_ONE_LINE);
    free(data);
    return line;
}

static bool in_container(void)
{
    return access("/.dockerenv", F_OK) == 0 || access("/run/.containerenv", F_OK) == 0 ||
           access("/run/systemd/container", F_OK) == 0;
}

char *vantage_describe(void)
{
    char *host = vantage_host_name(), *text;

    if (getenv("KUBERNETES_SERVICE_HOST")) {
        char *space = read_line(SERVICE_ACCOUNT "/namespace");
        text = space ? mem_printf("pod %s in namespace %s", host, space) : mem_printf("pod %s", host);
        free(space);
    } else {
        text = mem_printf(in_container() ? "container %s" : "host %s", host);
    }
    free(host);
    return text;
}
