#include "base/embed.h"

/* Both are in the generated build/embed.S. */
extern const struct embed_file embed_files[], embed_files_end[];

size_t embed_count(void)
{
    return (size_t)(embed_files_end - embed_files);
}

const struct embed_file *embed_at(size_t index)
{
    return &embed_files[index];
}
