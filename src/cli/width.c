#include "cli/width.h"

#include <stdlib.h>
#include <sys/ioctl.h>

enum { DEFAULT_COLS = 80, COLS_MAX = 10000 };

int width_of(int fd)
{
    const char *columns = getenv("COLUMNS");
    long asked = columns ? strtol(columns, NULL, 10) : 0;
    struct winsize size;

    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
        return size.ws_col;
    return asked > 1 && asked <= COLS_MAX ? (int)asked : DEFAULT_COLS;
}
