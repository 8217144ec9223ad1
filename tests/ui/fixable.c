#include "tests/ui/fixable.h"

#include "base/mem.h"
#include "tests/unit/temporary.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *folder;
static char *env[3];
static unsigned port;

static unsigned find_free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, length), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    close(fd);
    return ntohs(address.sin_port);
}

const char *fixable_folder(void)
{
    return folder;
}

unsigned fixable_port(void)
{
    return port;
}

const char *const *fixable_env(void)
{
    return (const char *const *)env;
}

void fixable_stand_in(const char *name, const char *script)
{
    char *path = mem_printf("bin/%s", name);

    ck_assert_int_eq(chmod(temporary_file(path, script), 0700), 0);
    free(path);
}

/* "serve" is the server; it writes down which process it is, and is back when its port takes
 * connections. */
void fixable_setup(void)
{
    folder = temporary_directory();
    port = find_free_port();
    char *serve = mem_printf("#!/bin/sh\nnc -lk 127.0.0.1 %u </dev/null >/dev/null 2>&1 &\n"
                             "echo $! >'%s/server'\n"
                             "until nc -z 127.0.0.1 %u; do :; done\n", port, folder, port);
    char *dotenv = mem_printf("Smtp__Host=127.0.0.1\nSmtp__Port=%u\n", port == 1 ? 2 : 1);
    fixable_stand_in("serve", serve);
    fixable_stand_in("docker", "#!/bin/sh\n[ \"$2\" != up ] || serve\n");
    fixable_stand_in("helm", "#!/bin/sh\n[ \"$1\" != upgrade ] || serve\n");
    fixable_stand_in("sudo", "#!/bin/sh\nexec \"$@\"\n");
    fixable_stand_in("systemctl", "#!/bin/sh\n[ \"$1\" != restart ] || serve\necho restarted\n");
    temporary_file(".env", dotenv);
    temporary_file("compose.yaml", "services:\n");
    env[0] = mem_printf("XDG_STATE_HOME=%s/state", folder);
    env[1] = mem_strdup("XDG_CONFIG_HOME=/nonexistent");
    free(serve);
    free(dotenv);
}

void fixable_teardown(void)
{
    char *path = mem_printf("%s/server", folder);
    FILE *file = fopen(path, "r");
    int pid;

    if (file && fscanf(file, "%d", &pid) == 1)
        kill(pid, SIGKILL);
    if (file)
        fclose(file);
    for (int i = 0; i < 2; i++)
        free(env[i]);
    free(path);
    temporary_remove();
}

void fixable_assert_untouched(void)
{
    char *command = mem_printf("grep -q '^Smtp__Port=[12]$' '%s/.env'", folder);

    ck_assert_int_eq(system(command), 0);
    free(command);
}
