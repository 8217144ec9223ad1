#include "probe/netstat.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

/* Two lines begin with TcpExt: the first has the names, the second the values. */
static uint64_t value_of(char *names, char *values, const char *wanted)
{
    char *name_state, *value_state;
    char *name = strtok_r(names, " ", &name_state);
    char *value = strtok_r(values, " ", &value_state);

    while (name && value && strcmp(name, wanted) != 0) {
        name = strtok_r(NULL, " ", &name_state);
        value = strtok_r(NULL, " ", &value_state);
    }
    return name && value ? strtoull(value, NULL, 10) : 0;
}

uint64_t netstat_retransmit_failures(void)
{
    char *text, *names = NULL, *state;
    size_t len;
    uint64_t count = 0;

    if (!file_read("/proc/self/net/netstat", &text, &len, NULL))
        return 0;
    for (char *line = strtok_r(text, "\n", &state); line; line = strtok_r(NULL, "\n", &state)) {
        if (strncmp(line, "TcpExt:", 7) != 0)
            continue;
        if (names)
            count = value_of(names, line, "TCPRetransFail");
        names = line;
    }
    free(text);
    return count;
}
