/* What the fuzz targets share. A target is a fuzz_<name>.c with the function
 * below; `make fuzz` links it with libFuzzer, `make check` with replay.c. Its
 * inputs are in corpus/<name>/, the words that libFuzzer may use in <name>.dict. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "base/error.h"
#include "settings/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Feeds the size bytes at data, in a heap block of just that size, to the code
 * under test and aborts where it breaks its promises. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Asserts that text may reach a terminal: UTF-8 without control characters. */
void fuzz_check_clean(const char *text);

/* Asserts that the text of an error is clean and begins "LINE: " with a line
 * that a file of size bytes can have; where ok, that there is no error. */
void fuzz_check_error(bool ok, const struct error *err, size_t size);

/* The same of a fault, whose line is beside its reason. */
void fuzz_check_fault(bool ok, const struct fault *fault, size_t size);

#endif
