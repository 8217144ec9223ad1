/* Helm's values.yaml, the values that the platform's chart knows, as `helm -f`
 * reads them (Helm 3: sigs.k8s.io/yaml, go-yaml v2) and a template's `quote`
 * prints them. The chart's names are fixed and told apart by case: .smtp.host is
 * Smtp:Host, .notify.email.useSsl is Notify:Email:UseSsl; a literal "smtp.host:"
 * is no path, and {{ }} is no template. */
#ifndef SETTINGS_VALUES_H
#define SETTINGS_VALUES_H

#include "settings/fault.h"

#include <stdbool.h>
#include <stddef.h>

/* What a file says, in no certain order and each key once. line is that of the
 * key, from 1. All strings live for the call. */
struct values_sink {
    /* A value; U+0000 in it is the overlong C0 80. A list or a mapping where the
     * chart has a text is "[]" or "map[]", with "..." inside where it is not empty. */
    void (*set)(void *context, const char *key, const char *value, int line);
    /* The key and all below it (Smtp and Smtp:Host) have no value, neither of this
     * file nor of values files before it: null, or no mapping where there are keys below. */
    void (*remove)(void *context, const char *key, int line);
    /* A thing to change. code is yaml-octal or yaml-bool-host, of a key as above, or
     * yaml-duplicate-key or yaml-case, of the file's own ("smtp.host"), once a key; the
     * message quotes no value. */
    void (*warn)(void *context, const char *code, const char *key, int line, const char *message);
    void *context;
};

/* Reads the first document of text, len bytes and FILE_LIMIT_BYTES at most. One
 * that is empty sets nothing. False with *fault (parse, depth, top-level or
 * encoding) where Helm would refuse the file, or where it is nested deeper than
 * 100 levels; nothing of the sink is called then. */
bool values_read(const char *text, size_t len, const struct values_sink *sink,
                 struct fault *fault);

#endif
