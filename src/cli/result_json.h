/* Results in JSON, as in data/schemas/run.schema.json. Absent members are left
 * out; the caller owns the references. */
#ifndef CLI_RESULT_JSON_H
#define CLI_RESULT_JSON_H

#include "run/result.h"

#include <jansson.h>

/* One result. program is what the show command is called by ("stella doctor"). */
json_t *result_json(const struct result *result, const char *program);

/* The members of one phase and of one attempt; "ms" only once it has ended. */
json_t *phase_json(const struct phase *phase);
json_t *attempt_json(const struct attempt *attempt);

#endif
