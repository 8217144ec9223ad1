#include "settings/mask.h"

#include "base/mem.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static const struct {
    const char *text, *masked;
} names[] = {
    {"Smtp__Password=hunter2", "Smtp__Password=***"},
    {"\"Password\": \"hunter2\"", "\"Password\": ***"},
    {"curl --password hunter2 x", "curl --password *** x"},
    {"auth:\n  pass: |-\n    hun\n\n    ter2\n  host: h\n", "auth:\n  pass: ***\n  host: h\n"},
    {"token: >\n  a\n b", "token: ***"},
    {"key: |", "key: ***"},
    {"key: |\n", "key: ***\n"},
    {"- secret: |2+\n   a\nb: c\n", "- secret: ***\nb: c\n"},
    {"key: | x\n  a\n", "key: ***\n  a\n"},
    {"Smtp__Host=mail.example", "Smtp__Host=mail.example"},
    {"Password = hunter2", "Password = ***"},
    {"the password is hunter2, and so on", "the password is *** and so on"},
    {"Your token IS\t'a b' now", "Your token IS\t*** now"},
    {"password is not1", "password is ***"},
    {"535 password is incorrect", "535 password is incorrect"},
    {"the password is Required.", "the password is Required."},
    {"the password isolates", "the password isolates"},
    {"https://hooks.slack.com/services/T0/B0/x", "https://hooks.slack.com/***"},
    /* What the evidence says of a webhook: the host, and where it is set. */
    {"Slack:WebhookUrl = https://hooks.slack.com:443/*** (smtp.ini:3)",
     "Slack:WebhookUrl = https://hooks.slack.com:443/*** (smtp.ini:3)"},
    {"Slack__WebhookUrl=\"https://hooks.slack.com/services/T/B/x\"",
     "Slack__WebhookUrl=\"https://hooks.slack.com/***\""},
    {"{\"WebhookUrl\": \"https://h.example/x\"}", "{\"WebhookUrl\": \"https://h.example/***\"}"},
    {"Slack__WebhookUrl=hooks", "Slack__WebhookUrl=***"},
    /* The name of a Secret, and where a value comes from. */
    {"smtp:\n  existingSecret: smtp-creds\n  password: x\n",
     "smtp:\n  existingSecret: smtp-creds\n  password: ***\n"},
    {"helm upgrade --set smtp.existingSecret=creds,smtp.password=x",
     "helm upgrade --set smtp.existingSecret=creds,smtp.password=***"},
    {"\"secretName\": \"creds\",\n\"secret\": \"x\"", "\"secretName\": \"creds\",\n\"secret\": ***"},
    {"secretKeyRef: {name: creds, key: a}", "secretKeyRef: {name: creds, key: ***"},
    {"SECRET_NAME=creds SECRET_NAMED=x", "SECRET_NAME=creds SECRET_NAMED=***"},
    {"x --from-file=password=/dev/stdin --dry-run", "x --from-file=password=/dev/stdin --dry-run"},
    {"x --from-file=password=/dev/stdinx y", "x --from-file=password=*** y"},
    {"x --from-file=password=/dev/std y", "x --from-file=password=*** y"},
    {"x --from-literal=password=\"$SMTP_PASSWORD\" y", "x --from-literal=password=\"$SMTP_PASSWORD\" y"},
    {"x 'password=$PASS' y", "x 'password=***' y"},
    {"password='$PASS'", "password=***"},
    {"x --password ${PASS} y", "x --password ${PASS} y"},
    {"x --password ${PASS:-hunter2} y", "x --password *** y"},
    {"x --password $PASSword y", "x --password *** y"},
    {"x --password $1abc y", "x --password *** y"},
    {"x --password $ y", "x --password *** y"},
    {"password: <your password>\nuser: x", "password: <your password>\nuser: x"},
    {"x password=<password> y token=z", "x password=<password> y token=***"},
    {"x password=<hunter2> y", "x password=*** y"},
    {"x password=< y", "x password=*** y"},
};

/* The marker stands where the secret is, and nowhere else is anything taken. */
static const struct {
    const char *text, *masked;
} shapes[] = {
    /* As a server may greet. */
    {"220 mail.example ESMTP password=hunter2 ready", "220 mail.example ESMTP password=*** ready"},
    {"220 mail.example token: abc def", "220 mail.example token: ***"},
    {"220 Authorization: Bearer abc.def", "220 Authorization: ***"},
    {"AUTH PLAIN AGpvZQBodW50ZXIy", "AUTH PLAIN ***"},
    {"> AUTH LOGIN am9lQGg=", "> AUTH LOGIN ***"},
    {"AUTH XOAUTH2 dXNlcj1q", "AUTH XOAUTH2 ***"},
    {"250-AUTH PLAIN LOGIN CRAM-MD5", "250-AUTH PLAIN LOGIN CRAM-MD5"},
    {"curl -H 'X: Bearer abc.def-ghi' x", "curl -H 'X: Bearer ***' x"},
    {"Basic am9lOmh1bnRlcjI= y", "Basic *** y"},
    {"Basic authentication", "Basic authentication"},
    {"curl -u joe:hunter2 smtp://h", "curl -u *** smtp://h"},
    {"curl -ujoe:hunter2 x", "curl -u*** x"},
    {"curl -u 'joe:hunt er2' x", "curl -u *** x"},
    {"bash -c 'curl -u joe:hunter2'; ls", "bash -c 'curl -u ***'; ls"},
    {"curl --user=joe:hunter2 x", "curl --user=*** x"},
    {"curl --proxy-user joe:hunter2 x", "curl --proxy-user *** x"},
    {"sort -u names", "sort -u names"},
    {"swaks -ap hunter2 -s h", "swaks -ap *** -s h"},
    {"swaks --auth-password hunter2", "swaks --auth-password ***"},
    {"sshpass -p hunter2 ssh h", "sshpass -p *** ssh h"},
    {"sshpass -phunter2 ssh -p 22 h", "sshpass -p*** ssh -p *** h"},
    {"mkdir -p a/b", "mkdir -p a/b"},
    {"openssl rsa -passin pass:hunter2 -in x", "openssl rsa -passin *** -in x"},
    {"x pass:hunter2 y", "x pass:*** y"},
    {"//joe:hunter2@h", "//***@h"},
    {"relay joe:hunter2@h:25", "relay ***@h:25"},
    {"Smtp__Relay=joe:hunter2@h", "Smtp__Relay=***@h"},
    {"Smtp:Relay=joe:hunter2@h", "Smtp:Relay=***@h"},
    {"from ops@example.com", "from ops@example.com"},
    {"ssh git@host:path", "ssh git@host:path"},
    {"hooks.slack.com/services/T/B/x", "hooks.slack.com/***"},
    {"hooks.slack.com:443/services/T/B/x now", "hooks.slack.com:443/*** now"},
    {"a.webhook.office.com/webhookb2/x", "a.webhook.office.com/***"},
    {"see docs.slack.com/services", "see docs.slack.com/services"},
    {"<Password>hunter2</Password>", "<Password>***</Password>"},
    {"<smtp:ApiKey>a\nb</smtp:ApiKey> c", "<smtp:ApiKey>***</smtp:ApiKey> c"},
    {"<Host>h</Host>", "<Host>h</Host>"},
    {"a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\nq+/=\n-----END RSA PRIVATE KEY-----\nb",
     "a\n-----BEGIN RSA PRIVATE KEY-----\n***\n-----END RSA PRIVATE KEY-----\nb"},
    {"-----BEGIN PRIVATE KEY-----\nMIIE\n", "-----BEGIN PRIVATE KEY-----\n***"},
    {"q+/=\n-----END PRIVATE KEY-----\nb", "***\n-----END PRIVATE KEY-----\nb"},
    {"-----BEGIN CERTIFICATE-----\nMIIE\n", "-----BEGIN CERTIFICATE-----\nMIIE\n"},
};

static void assert_masked(const char *text, const char *wanted)
{
    char *masked = mask_text(text), *again = mask_text(masked);

    ck_assert_str_eq(masked, wanted);
    ck_assert_str_eq(again, wanted);
    free(masked);
    free(again);
}

START_TEST(masks_by_name)
{
    assert_masked(names[_i].text, names[_i].masked);
}
END_TEST

START_TEST(masks_by_form)
{
    assert_masked(shapes[_i].text, shapes[_i].masked);
}
END_TEST

/* Long texts without blanks take no longer than others, nor do those that begin with dashes,
 * which may stand before a name. */
START_TEST(takes_long_texts)
{
    enum { BYTES = 1 << 20 };
    static const char *const parts[] = {"a+", "a:", "-u", "<a", "a:b@", "-----END "};
    const char *part = parts[_i / 2];
    /* strstr(3) takes all of the text each time where a sanitiser looks on. */
    size_t bytes = *part == '-' && part[1] == '-' ? BYTES / 8 : BYTES;
    char *text = mem_zalloc(BYTES + 1);

    for (size_t i = 0, n = strlen(part); i < bytes; i++)
        text[i] = i < bytes / 2 && _i % 2 ? '-' : part[i % n];
    free(mask_text(text));
    free(text);
}
END_TEST

Suite *mask_suite(void)
{
    Suite *suite = suite_create("mask");
    TCase *tcase = tcase_create("mask");

    tcase_add_loop_test(tcase, masks_by_name, 0, COUNT(names));
    tcase_add_loop_test(tcase, masks_by_form, 0, COUNT(shapes));
    tcase_add_loop_test(tcase, takes_long_texts, 0, 12);
    suite_add_tcase(suite, tcase);
    return suite;
}
