/* Feeds every file that is named to a fuzz target, without libFuzzer, and says
 * so before, for the last one named is the one that brings the program down. */
#include "base/file.h"
#include "base/mem.h"
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool replay(const char *path)
{
    struct error err = {0};
    size_t len;
    char *text;

    if (!file_read(path, &text, &len, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return false;
    }
    /* Without the NUL, so that a byte read past the end is found. */
    uint8_t *input = mem_realloc(NULL, len ? len : 1);
    memcpy(input, text, len);
    free(text);
    LLVMFuzzerTestOneInput(input, len);
    free(input);
    return true;
}

int main(int argc, char **argv)
{
    bool ok = true;

    for (int i = 1; i < argc; i++) {
        puts(argv[i]);
        fflush(stdout);
        ok = replay(argv[i]) && ok;
    }
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
