/* The front matter and first heading: article_read_head of article/article.h. */
#include "article/article.h"
#include "fuzz.h"

#include <assert.h>
#include <string.h>

static void check_id(const char *id)
{
    static const char chars[] = "0123456789._-"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    assert(*id && strspn(id, chars) == strlen(id));
}

static void check_head(const struct article_head *head)
{
    check_id(head->check_id);
    check_id(head->plugin);
    assert(*head->title);
    fuzz_check_clean(head->title);
    assert(head->ntags >= 1 && head->ntags <= 64);
    for (size_t i = 0; i < head->ntags; i++)
        fuzz_check_clean(head->tags[i]);
    assert(*severity_name(head->severity));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct article_head head;
    struct error err = {0};

    bool ok = article_read_head((const char *)data, size, &head, &err);
    fuzz_check_error(ok, &err, size);
    if (ok)
        check_head(&head);
    else
        assert(!head.check_id && !head.plugin && !head.title && !head.tags && !head.ntags);
    article_head_clear(&head);
    return 0;
}
