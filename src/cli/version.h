/* The version of the program, which the Makefile knows. */
#ifndef CLI_VERSION_H
#define CLI_VERSION_H

#ifndef STELLA_VERSION
#define STELLA_VERSION "unknown"
#endif

#endif
