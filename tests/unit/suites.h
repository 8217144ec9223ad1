/* Every unit suite. A new one is a line here and a test_<name>.c that defines
 * `Suite *<name>_suite(void)`. */
#ifndef TESTS_UNIT_SUITES_H
#define TESTS_UNIT_SUITES_H

#include <check.h>

/* clang-format off */
#define SUITES(X) \
    X(locale) \
    X(text) \
    X(buf) \
    X(rows) \
    X(clock) \
    X(error) \
    X(mem) \
    X(file) \
    X(output) \
    X(embed) \
    X(article) \
    X(article_head) \
    X(bundled) \
    X(bundled_commands) \
    X(bundled_steps) \
    X(bundled_tcp) \
    X(dial) \
    X(proxy) \
    X(resolve) \
    X(nameserver) \
    X(nameserver_reply) \
    X(tcp) \
    X(deep) \
    X(deep_judge) \
    X(evidence) \
    X(route) \
    X(smtp) \
    X(banner) \
    X(finding) \
    X(certificate) \
    X(tls) \
    X(inifile) \
    X(store) \
    X(source) \
    X(session) \
    X(steps) \
    X(settings) \
    X(secrets) \
    X(fill) \
    X(round_trips) \
    X(journal) \
    X(journal_deeper) \
    X(mask) \
    X(journal_keep) \
    X(incident) \
    X(incident_story) \
    X(walk) \
    X(walk_resume) \
    X(walk_files) \
    X(written_files) \
    X(walk_proof) \
    X(walk_same) \
    X(withheld) \
    X(undo) \
    X(values) \
    X(warnings) \
    X(unitfile) \
    X(discover) \
    X(rootpath) \
    X(identity) \
    X(adopt) \
    X(jsonfile) \
    X(target) \
    X(envfile) \
    X(nulblock) \
    X(catalog) \
    X(result) \
    X(waterfall) \
    X(diagnosis) \
    X(asked) \
    X(limits) \
    X(runner) \
    X(place) \
    X(answers) \
    X(deep_run) \
    X(deep_talk) \
    X(capture) \
    X(child_environment) \
    X(child_spawn) \
    X(child) \
    X(child_leaving) \
    X(foreground) \
    X(perform) \
    X(clipboard) \
    X(layout) \
    X(head) \
    X(model) \
    X(ask) \
    X(action) \
    X(options) \
    X(lint_links) \
    X(writers) \
    X(schema) \
    X(writers_deep) \
    X(key)
/* clang-format on */

#define SUITE_DECLARE(name) Suite *name##_suite(void);
SUITES(SUITE_DECLARE)
#undef SUITE_DECLARE

#endif
