#include "base/embed.h"

/* Both are in the generated build/embed.S. */
extern const struct embed_file embed_files[];
extern const size_t embed_files_count;

size_t embed_count(void)
{
    return embed_files_count;
}

const struct embed_file *embed_at(size_t index)
{
    return &embed_files[index];
}
