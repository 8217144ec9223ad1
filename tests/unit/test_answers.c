#include "guide/answers.h"
#include "settings/settings.h"
#include "settings/source.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

static const struct variable_spec specs[] = {
    {"smtp.example.com", "host"},
    {"587", "port"},
    {"mail.example.com", "host"},
    {"https://hooks.example.com/services/T/B/X", "url"},
    {"true", "tls"},
};
static struct answers answers;

static void setup(void)
{
    struct error err = {0};

    ck_assert(answers_init(&answers, specs, COUNT(specs), &err));
}

static void teardown(void)
{
    answers_clear(&answers);
}

/* What is in force with an env file's text. A key that ends in Url is taken for one. */
static void take(const char *text, const char *key)
{
    struct settings *settings = settings_new();
    struct target target;

    settings_add_text(settings, "env-file", ".env", text, strlen(text), 10);
    if (strcmp(key + strlen(key) - 3, "Url") == 0)
        target_from_url(&target, settings, &key, 1, 0);
    else
        target_from_host(&target, settings, &key, 1, 587);
    answers_take_present(&answers, &target);
    target_clear(&target);
    settings_free(settings);
}

static void assert_value(const char *name, bool changes, const char *value, const char *from)
{
    char *seen_from;
    const char *seen = answers_value(&answers, name, changes, &seen_from);

    ck_assert_str_eq(seen ? seen : "(none)", value ? value : "(none)");
    ck_assert_str_eq(seen_from, from);
    free(seen_from);
}

START_TEST(test_init)
{
    ck_assert_uint_eq(answers.count, 4);
    ck_assert_str_eq(answers_find(&answers, "host")->placeholder, "smtp.example.com");
    ck_assert_ptr_null(answers_find(&answers, "user"));
    ck_assert(!answers_set(&answers, "url", "https://h.example/", NULL));
    assert_value("host", false, NULL, "settings not read yet");
    assert_value("host", true, NULL, "not answered yet");
    assert_value("user", true, NULL, "there is no variable user");
}
END_TEST

START_TEST(test_init_of_another_name)
{
    static const struct variable_spec other[] = {{"smtp.example.com", "host"}, {"x", "user"}};
    struct error err = {0};
    struct answers none;

    ck_assert(!answers_init(&none, other, COUNT(other), &err));
    ck_assert_str_eq(err.text, "user is no variable; there are host, port, url and tls");
    ck_assert_uint_eq(none.count, 0);
}
END_TEST

static const struct {
    const char *text, *key, *host, *host_from, *port, *port_from;
} presents[] = {
    {"A=b\nSmtp__Host=m\nSmtp__Port=25\n", "Smtp:Host", "m", "Smtp:Host, .env:2", "25",
     "Smtp:Port, .env:3"},
    {"Smtp__Host=[::1]\n", "Smtp:Host", "::1", "Smtp:Host, .env:1", "587", "Smtp:Port, default"},
    {"Smtp__Host=m\nSmtp__Port=0\n", "Smtp:Host", "m", "Smtp:Host, .env:1", NULL,
     "Smtp:Port = \"0\" (.env:2) is not a port from 1 to 65535"},
    {"Smtp__Host=m:25\n", "Smtp:Host", NULL,
     "Smtp:Host = \"m:25\" (.env:1) has a port or another ':' in it; the port has a key of its own",
     NULL,
     "Smtp:Host = \"m:25\" (.env:1) has a port or another ':' in it; the port has a key of its own"},
    {"", "Smtp:Host", NULL, "Not configured: looked for Smtp:Host", NULL,
     "Not configured: looked for Smtp:Host"},
    {"Slack__WebhookUrl=https://h.example/T/B\n", "Slack:WebhookUrl", "h.example",
     "Slack:WebhookUrl, .env:1", "443", "default"},
    {"Slack__WebhookUrl=https://h.example:8443/T/B\n", "Slack:WebhookUrl", "h.example",
     "Slack:WebhookUrl, .env:1", "8443", "Slack:WebhookUrl, .env:1"},
};

/* What is in force goes into steps that look, and into no others. */
START_TEST(test_present)
{
    take(presents[_i].text, presents[_i].key);
    assert_value("host", false, presents[_i].host, presents[_i].host_from);
    assert_value("port", false, presents[_i].port, presents[_i].port_from);
    assert_value("host", true, NULL, "not answered yet");
}
END_TEST

static const struct {
    const char *text, *tls, *from;
} tls_presents[] = {
    {"Smtp__Host=m\nSmtp__UseSsl= FALSE\n", "false", "Smtp:UseSsl"},
    {"Smtp__Host=m\nSmtp__UseSsl=True\n", "true", "Smtp:UseSsl"},
    {"Smtp__Host=m\nSmtp__UseSsl=1\n", "true", "the article's, since UseSsl is no Boolean"},
    {"Smtp__Host=m\n", "true", "the article's, since none is set"},
};

START_TEST(test_present_tls)
{
    take(tls_presents[_i].text, "Smtp:Host");
    assert_value("tls", false, tls_presents[_i].tls, tls_presents[_i].from);
    assert_value("tls", true, NULL, "not answered yet");
}
END_TEST

START_TEST(test_wanted)
{
    struct error err = {0};

    take("Smtp__Host=old\n", "Smtp:Host");
    ck_assert(answers_set(&answers, "host", "new", &err));
    ck_assert(answers_set(&answers, "port", "587", &err));
    assert_value("host", true, "new", "typed");
    assert_value("port", true, "587", "kept: Smtp:Port, default");
    assert_value("host", false, "old", "Smtp:Host, .env:1");
    /* After the step the settings are read anew. */
    take("Smtp__Host=new\n", "Smtp:Host");
    assert_value("host", true, "new", "typed, and now in force: Smtp:Host, .env:1");
    assert_value("host", false, "new", "Smtp:Host, .env:1");
    ck_assert(!answers_set(&answers, "user", "x", &err));
    ck_assert_str_eq(err.text, "There is no variable user");
}
END_TEST

/* What is typed, and what a step gets; else the error. */
static const struct {
    const char *name, *text, *wanted, *error;
} typed[] = {
    {"host", "smtp.example.com", "smtp.example.com", NULL},
    {"host", "[fe80::1%eth0]", "fe80::1%eth0", NULL},
    {"host", "münchen.example", "münchen.example", NULL},
    {"host", "", NULL, "host \"\" is empty"},
    {"host", "a b", NULL, "host \"a b\" contains a blank"},
    {"host", "$(id)", NULL, "host \"$(id)\" contains a shell's $(...)"},
    {"host", "a\nb", NULL, "host \"a\\nb\" contains a control character"},
    {"host", "\033[2J", NULL, "host \"\\x1b[2J\" contains a control character"},
    {"host", "m:25", NULL,
     "host \"m:25\" has a port or another ':' in it; the port has a key of its own"},
    {"port", "1", "1", NULL},
    {"port", "65535", "65535", NULL},
    {"port", " +0587 ", "587", NULL},
    {"port", "0", NULL, "port \"0\" is not a number from 1 to 65535"},
    {"port", "65536", NULL, "port \"65536\" is not a number from 1 to 65535"},
    {"port", "0x24B", NULL, "port \"0x24B\" is not a number from 1 to 65535"},
    {"port", "5,87", NULL, "port \"5,87\" is not a number from 1 to 65535"},
    {"port", "", NULL, "port \"\" is not a number from 1 to 65535"},
    {"tls", "true", "true", NULL},
    {"tls", " False ", "false", NULL},
    {"tls", "no", NULL, "tls \"no\" is neither true nor false"},
    {"tls", "", NULL, "tls \"\" is neither true nor false"},
    {"url", "https://portal.example/x?y=1", "https://portal.example/x?y=1", NULL},
    {"url", "http://portal.example/", NULL,
     "The URL is not usable: it does not begin with https://"},
    {"url", "https://portal example/", NULL,
     "The URL is not usable: it contains a blank, a quote or a control character"},
    {"url", "https://:80/", NULL, "The URL is not usable: it has no usable host name"},
};

/* An answer that is refused leaves the one before. */
START_TEST(test_typed)
{
    const struct answer *answer = answers_find(&answers, typed[_i].name);
    struct error err = {0};
    const char *old = strcmp(typed[_i].name, "port") == 0   ? "25"
                      : strcmp(typed[_i].name, "tls") == 0 ? "true"
                      : strcmp(typed[_i].name, "url") == 0 ? "https://old.example/"
                                                             : "old";

    take("Portal__Url=https://portal.example/\n", "Portal:Url");
    ck_assert(answers_set(&answers, typed[_i].name, old, &err));
    ck_assert_int_eq(answers_set(&answers, typed[_i].name, typed[_i].text, &err),
                     typed[_i].wanted != NULL);
    ck_assert_str_eq(err.text, typed[_i].error ? typed[_i].error : "");
    ck_assert_str_eq(answer->wanted, typed[_i].wanted ? typed[_i].wanted : old);
}
END_TEST

static const struct {
    const char *text, *key;
    bool secret;
} urls[] = {
    {"Slack__WebhookUrl=https://h.example/T/B/SECRET\n", "Slack:WebhookUrl", true},
    {"", "Slack:WebhookUrl", true},
    {"Portal__Url=https://portal.example/SECRET\n", "Portal:Url", false},
};

START_TEST(test_secret)
{
    struct error err = {0};

    take(urls[_i].text, urls[_i].key);
    ck_assert_int_eq(answers_find(&answers, "url")->secret, urls[_i].secret);
    ck_assert_ptr_null(answers_find(&answers, "url")->present);
    if (!urls[_i].secret) {
        assert_value("url", false, NULL, "only its host and port are known here");
        return;
    }
    ck_assert(!answers_set(&answers, "url", "https://h.example/other", &err));
    ck_assert_str_eq(err.text, "url is a secret: put it in yourself");
    assert_value("url", false, specs[3].placeholder, "secret: put it in yourself");
    assert_value("url", true, specs[3].placeholder, "secret: put it in yourself");
}
END_TEST

Suite *answers_suite(void)
{
    Suite *suite = suite_create("answers");
    TCase *tcase = tcase_create("answers");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, test_init);
    tcase_add_test(tcase, test_init_of_another_name);
    tcase_add_loop_test(tcase, test_present, 0, COUNT(presents));
    tcase_add_loop_test(tcase, test_present_tls, 0, COUNT(tls_presents));
    tcase_add_test(tcase, test_wanted);
    tcase_add_loop_test(tcase, test_typed, 0, COUNT(typed));
    tcase_add_loop_test(tcase, test_secret, 0, COUNT(urls));
    suite_add_tcase(suite, tcase);
    return suite;
}
