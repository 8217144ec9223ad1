/* What the articles that come with the program say. */
#include "article/article.h"
#include "base/buf.h"
#include "base/mem.h"
#include "bundled.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

/* What a reader sees of a section, in one line with single blanks. */
static char *seen_text(const char *markdown, enum article_section section, enum platform platform)
{
    struct article *article = article_parse(markdown, strlen(markdown));
    struct rows rows = {0};
    struct buf seen = {0};

    article_layout(article, section, platform, 80, &rows);
    for (size_t i = 0; i < rows.count; i++) {
        buf_putc(&seen, ' ');
        for (size_t k = 0; k < rows.rows[i].count; k++) {
            const struct span *span = &rows.spans[rows.rows[i].first + k];
            for (size_t at = span->start; at < span->start + span->len; at++)
                if (rows.text.data[at] != ' ' || seen.data[seen.len - 1] != ' ')
                    buf_putc(&seen, rows.text.data[at]);
        }
    }
    rows_clear(&rows);
    article_free(article);
    return buf_take(&seen);
}

static const struct {
    enum article_section section;
    enum platform platform;
    const char *text;
} facts[] = {
    {ARTICLE_WHAT, 0, "Smtp:Host, else Email:Smtp:Host, else Notify:Email:Host."},
    {ARTICLE_WHAT, 0, "the :Port key of the section that gave the host; 587 when it is absent"},
    {ARTICLE_WHAT, 0, "one raw TCP connection. Five seconds for everything, the name lookup"},
    {ARTICLE_WHAT, 0, "passes when the connection is made. It fails on a timeout, a refused"},
    {ARTICLE_WHAT, 0, "a failed DNS lookup or any other socket error"},
    {ARTICLE_WHAT, 0, "does not prove that mail is accepted"},
    {ARTICLE_WHY, 0, "Approval requests, security alerts, deployment summaries and audit reports"},
    {ARTICLE_WHY, 0, "also those who watch neither Slack nor the web UI"},
    {ARTICLE_WHY, 0, "lost silently"},
    {ARTICLE_WHY, 0, "Where compliance demands it, mail can be the mandated channel for audit"},
    {ARTICLE_CAUSES, 0, "(25, 465 or 587)"},
    {ARTICLE_FIX, PLATFORM_COMPOSE, "STARTTLS on port 587 (plain first, then upgraded) and TLS "
                                    "from the first byte on port 465. A mismatch looks like"},
    {ARTICLE_FIX, PLATFORM_COMPOSE, "docker compose exec gateway timeout 5 bash -c "
                                    "'</dev/tcp/$0/$1' \\ smtp.example.com 587 && echo OK"},
    {ARTICLE_FIX, PLATFORM_COMPOSE, "platform container too: that one sends the mail"},
    {ARTICLE_FIX, PLATFORM_COMPOSE, "A slim image may lack bash"},
    {ARTICLE_FIX, PLATFORM_COMPOSE, "Or copy this check in"},
    {ARTICLE_FIX, PLATFORM_COMPOSE, "against a silent firewall /dev/tcp alone hangs for minutes"},
    {ARTICLE_FIX, PLATFORM_COMPOSE, "reaches the container only if compose.yaml passes it on"},
    {ARTICLE_FIX, PLATFORM_COMPOSE, "Smtp__UseSsl: ${Smtp__UseSsl}"},
    {ARTICLE_FIX, PLATFORM_COMPOSE, "docker compose up -d platform"},
    {ARTICLE_FIX, PLATFORM_COMPOSE, "Do not use docker compose restart here"},
    {ARTICLE_FIX, PLATFORM_SYSTEMD, "/etc/stellaops/appsettings.Production.json"},
    {ARTICLE_FIX, PLATFORM_SYSTEMD, "comments and trailing commas in that file; jq rejects"},
    {ARTICLE_FIX, PLATFORM_SYSTEMD, "telnet smtp.example.com 587"},
    {ARTICLE_FIX, PLATFORM_SYSTEMD, "nslookup smtp.example.com"},
    {ARTICLE_FIX, PLATFORM_SYSTEMD, "\"Host\": \"smtp.example.com\", \"Port\": 587, \"UseSsl\""},
    {ARTICLE_FIX, PLATFORM_SYSTEMD, "sudo systemctl restart stellaops-platform"},
    {ARTICLE_FIX, PLATFORM_HELM, "smtp: host: smtp.example.com port: 587 useSsl: true "
                                 "existingSecret: stellaops-smtp-creds"},
    {ARTICLE_FIX, PLATFORM_HELM, "a Secret with the keys username and password"},
    {ARTICLE_FIX, PLATFORM_HELM, "helm upgrade stellaops ./chart -f values.yaml"},
    {ARTICLE_FIX, PLATFORM_HELM, "Test TCP from a pod of the release"},
    {ARTICLE_FIX, PLATFORM_HELM, "After a changed Secret: pods do not restart by themselves "
                                 "kubectl rollout restart deployment/stellaops-platform"},
    {ARTICLE_VERIFY, 0, "stella doctor run --check check.integration.smtp"},
    {ARTICLE_RELATED, 0, "check.integration.slack — Slack notifications, the alternative"},
    {ARTICLE_RELATED, 0, "check.integration.teams — Teams"},
};

START_TEST(test_tells_the_facts)
{
    char *text = bundled_read("smtp");
    char *seen = seen_text(text, facts[_i].section, facts[_i].platform);

    ck_assert_msg(strstr(seen, facts[_i].text) != NULL, "\"%s\" is not in \"%s\"", facts[_i].text,
                  seen);
    free(seen);
    free(text);
}
END_TEST

static const struct {
    const char *title, *tags[3];
    const char *causes[6];
} heads[] = {
    {"SMTP Email Connectivity",
     {"connectivity", "email", "smtp"},
     {"not-running", "firewall", "dns", "no-route", "wrong-target", "egress-blocked"}},
    {"Slack Webhook Connectivity",
     {"connectivity", "notifications", "slack"},
     {"dns", "egress-blocked", "tls-inspection", "wrong-target", "no-route", "service-incident"}},
    {"Microsoft Teams Webhook Connectivity",
     {"connectivity", "notifications", "teams"},
     {"dns", "egress-blocked", "tls-inspection", "wrong-target", "no-route", "service-incident"}},
};

START_TEST(test_has_the_fixed_head)
{
    char *text = bundled_read(bundled_names[_i]);
    char *id = mem_printf("check.integration.%s", bundled_names[_i]);
    struct article_head head;
    struct error err = {0};

    ck_assert_msg(article_read_head(text, strlen(text), &head, &err), "%s", err.text);
    ck_assert_str_eq(head.check_id, id);
    ck_assert_str_eq(head.plugin, "stellaops.doctor.integration");
    ck_assert_str_eq(head.title, heads[_i].title);
    ck_assert_int_eq(head.severity, SEVERITY_WARN);
    ck_assert_uint_eq(head.ntags, 3);
    for (size_t i = 0; i < head.ntags; i++)
        ck_assert_str_eq(head.tags[i], heads[_i].tags[i]);
    article_head_clear(&head);
    free(id);
    free(text);
}
END_TEST

START_TEST(test_has_every_section_and_platform)
{
    char *text = bundled_read(bundled_names[_i]);
    struct article *article = article_parse(text, strlen(text));

    for (int section = 0; section < ARTICLE_SECTIONS; section++)
        for (int platform = 0; platform < PLATFORMS; platform++)
            ck_assert(article_has(article, (enum article_section)section, (enum platform)platform));
    article_free(article);
    free(text);
}
END_TEST

/* The marks of the causes are in order in the file, and no reader sees them. */
START_TEST(test_marks_its_causes)
{
    char *text = bundled_read(bundled_names[_i]);
    const char *at = text;

    for (int i = 0; i < COUNT(heads[_i].causes); i++) {
        char *mark = mem_printf("<!-- cause: %s -->\n", heads[_i].causes[i]);
        at = strstr(at, "<!-- cause: ");
        ck_assert_ptr_nonnull(at);
        ck_assert_msg(strncmp(at, mark, strlen(mark)) == 0, "%s", mark);
        at++;
        free(mark);
    }
    ck_assert_ptr_null(strstr(at, "<!-- cause: "));
    char *seen = seen_text(text, ARTICLE_CAUSES, PLATFORMS);
    ck_assert_ptr_null(strstr(seen, "<!--"));
    free(seen);
    free(text);
}
END_TEST

/* A fence has a language; in bash a comment opens each block; lines are short. */
START_TEST(test_keeps_code_in_form)
{
    char *text = bundled_read(bundled_names[_i]);
    bool code = false;
    const char *before = "";

    for (char *rest = text, *line; (line = strsep(&rest, "\n")); before = line) {
        bool fence = strncmp(line, "```", 3) == 0;
        if (fence && !code)
            ck_assert_msg(strstr("bash yaml json", line + 3) && line[3], "%s", line);
        if (code && strcmp(before, "```bash") == 0)
            ck_assert_msg(strncmp(line, "# ", 2) == 0, "%s", line);
        ck_assert_msg(!code || strlen(line) <= 76, "%s", line);
        code ^= fence;
    }
    ck_assert(!code);
    free(text);
}
END_TEST

Suite *bundled_suite(void)
{
    Suite *suite = suite_create("bundled");
    TCase *words = tcase_create("words");

    tcase_add_loop_test(words, test_tells_the_facts, 0, COUNT(facts));
    tcase_add_loop_test(words, test_has_the_fixed_head, 0, BUNDLED);
    tcase_add_loop_test(words, test_has_every_section_and_platform, 0, BUNDLED);
    tcase_add_loop_test(words, test_marks_its_causes, 0, BUNDLED);
    tcase_add_loop_test(words, test_keeps_code_in_form, 0, BUNDLED);
    suite_add_tcase(suite, words);
    return suite;
}
