#include "suites.h"

#include "guide/child_environment.h"

#include <stdbool.h>
#include <stdlib.h>

static const struct {
    const char *entry;
    bool kept;
} variables[] = {
    {"PATH=/bin", true},
    {"HOME=/root", true},
    {"LC_TIME=de_DE", true},
    {"LOCPATH=/l", true},
    {"TZ=UTC", true},
    {"DOCKER_HOST=tcp://x", true},
    {"COMPOSE_FILE=a.yaml", true},
    {"KUBECONFIG=/k", true},
    {"KUBERNETES_SERVICE_HOST=x", true},
    {"HELM_NAMESPACE=x", true},
    {"XDG_RUNTIME_DIR=/run/user/0", true},
    {"HTTPS_PROXY=http://p", true},
    {"no_proxy=localhost", true},
    {"SSH_AUTH_SOCK=/s", true},
    {"PATHS=/bin", false},
    {"SSH_ASKPASS=/s", false},
    {"LD_PRELOAD=/x.so", false},
    {"BASH_ENV=/x", false},
    {"BASH_FUNC_ls%%=() { :; }", false},
    {"ENV=HTTPS_PROXY=1", false},
    {"MAIL_PASSWORD=x", false},
    {"TERM=xterm", false},
    {"PAGER=less", false},
    {"", false},
};

START_TEST(keeps_what_is_harmless)
{
    char *const from[] = {(char *)variables[_i].entry, NULL};
    char **made = child_environment(from);

    ck_assert_int_eq(made[0] == from[0], variables[_i].kept);
    ck_assert_str_eq(made[variables[_i].kept], "TERM=dumb");
    free(made);
}
END_TEST

static const struct {
    const char *entry;
    bool kept;
} terminal_variables[] = {
    {"PATH=/bin", true},         {"HTTPS_PROXY=http://p", true}, {"TERM=xterm", true},
    {"COLORTERM=truecolor", true}, {"EDITOR=nano", true},        {"TMUX=/tmp/t", true},
    {"SECRET_TOKEN=x", false},   {"Smtp__Password=x", false},    {"LD_PRELOAD=/x.so", false},
    {"BASH_ENV=/x", false},      {"TERMS=x", false},             {"LESSOPEN=|x", false},
};

START_TEST(keeps_what_belongs_to_the_terminal)
{
    char *const from[] = {(char *)terminal_variables[_i].entry, NULL};
    char **made = child_environment_on_terminal(from);

    ck_assert_int_eq(made[0] == from[0], terminal_variables[_i].kept);
    ck_assert_ptr_null(made[terminal_variables[_i].kept]);
    free(made);
}
END_TEST

START_TEST(keeps_the_order)
{
    static char *const from[] = {"USER=a", "ENV=b", "HOME=c", NULL};
    char **made = child_environment(from);
    int count = 0;

    ck_assert_str_eq(made[0], "USER=a");
    ck_assert_str_eq(made[1], "HOME=c");
    while (made[count])
        count++;
    ck_assert_str_eq(made[count - 1], "DEBIAN_FRONTEND=noninteractive");
    free(made);
}
END_TEST

Suite *child_environment_suite(void)
{
    Suite *suite = suite_create("child_environment");
    TCase *tcase = tcase_create("child_environment");
    tcase_add_loop_test(tcase, keeps_what_is_harmless, 0,
                        (int)(sizeof variables / sizeof *variables));
    tcase_add_loop_test(tcase, keeps_what_belongs_to_the_terminal, 0,
                        (int)(sizeof terminal_variables / sizeof *terminal_variables));
    tcase_add_test(tcase, keeps_the_order);
    suite_add_tcase(suite, tcase);
    return suite;
}
