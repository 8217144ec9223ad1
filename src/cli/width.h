/* How wide a terminal is. */
#ifndef CLI_WIDTH_H
#define CLI_WIDTH_H

/* Columns of the terminal behind fd; where it does not say, as on a serial line, COLUMNS of
 * the environment, else 80. */
int width_of(int fd);

#endif
