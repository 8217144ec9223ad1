/* What a scalar of YAML means to Helm: go-yaml v2's reading of YAML 1.1
 * (gopkg.in/yaml.v2 2.4.0, resolve.go), passed on through JSON
 * (sigs.k8s.io/yaml) and printed by a template's `quote`, Go's %v. */
#ifndef SETTINGS_VALUES_SCALAR_H
#define SETTINGS_VALUES_SCALAR_H

#include <stdbool.h>

enum values_scalar_kind {
    VALUES_TEXT,
    VALUES_NULL,
    VALUES_TRUE,
    VALUES_FALSE,
    VALUES_NUMBER,
    VALUES_NOT_FINITE, /* .inf and .nan, which JSON cannot pass on: Helm refuses the file */
    VALUES_MERGE,      /* "<<": as a key it merges, as a value it is text */
    VALUES_BAD_TAG     /* not what its tag says (!!int abc), or !!binary, which Helm's
                          reader does not support: as good as refused */
};

struct values_scalar {
    enum values_scalar_kind kind;
    bool is_integer, is_octal; /* of a number */
    double number;             /* JSON knows no other numbers */
};

/* Reads a scalar. tag is its tag in full ("tag:yaml.org,2002:str"), or NULL;
 * is_plain: it stands without quotes (libyaml's plain_implicit). Base 60 is
 * text, as are dates. */
struct values_scalar values_scalar_read(const char *text, const char *tag, bool is_plain);

/* The number as Go's %v prints a float64: the fewest digits that tell it from
 * others, with an exponent below 1e-04 and from 1e+06. The caller frees it. */
char *values_scalar_print_number(double number);

#endif
