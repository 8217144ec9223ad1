#include "article/article.h"
#include "base/text.h"

const char *platform_title(enum platform platform)
{
    static const char *const titles[] = {"Docker Compose", "Bare Metal / systemd",
                                         "Kubernetes / Helm"};
    return titles[platform];
}

const char *article_section_title(enum article_section section)
{
    static const char *const titles[ARTICLE_SECTIONS] = {
        "What It Checks", "Why It Matters", "Common Causes",
        "How to Fix",     "Verification",   "Related Checks",
    };
    return titles[section];
}

enum article_section article_find_section(const char *title)
{
    enum article_section section = ARTICLE_WHAT;
    while (section < ARTICLE_SECTIONS && !text_fold_equal(title, article_section_title(section)))
        section++;
    return section;
}

/* Others write "Docker" or "Helm" alone: one of the words is enough. */
enum platform article_find_platform(const char *title)
{
    static const struct {
        const char *word;
        enum platform platform;
    } words[] = {
        {"compose", PLATFORM_COMPOSE}, {"docker", PLATFORM_COMPOSE},
        {"systemd", PLATFORM_SYSTEMD}, {"bare metal", PLATFORM_SYSTEMD},
        {"kubernetes", PLATFORM_HELM}, {"helm", PLATFORM_HELM},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_fold_contains(title, words[i].word))
            return words[i].platform;
    return PLATFORMS;
}
