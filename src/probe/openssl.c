#include "probe/openssl.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* It brings libcrypto along, and dlsym(3) finds what is in either. */
#define LIBRARY "libssl.so.3"

static const struct {
    const char *name;
    size_t offset; /* in struct openssl */
} symbols[] = {
#define SYMBOL(name) {#name, offsetof(struct openssl, name)},
    OPENSSL_FUNCTIONS(SYMBOL)
#undef SYMBOL
};

static bool find_symbols(void *library, struct openssl *functions, struct error *err)
{
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        void *symbol = dlsym(library, symbols[i].name);
        if (!symbol) {
            error_set(err, LIBRARY " has no %s: TLS was not looked at", symbols[i].name);
            return false;
        }
        memcpy((char *)functions + symbols[i].offset, &symbol, sizeof symbol);
    }
    return true;
}

const struct openssl *openssl_load(struct error *err)
{
    static struct openssl functions;
    static bool loaded;

    if (loaded)
        return &functions;
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        error_set(err, LIBRARY " is not here (package libssl3): TLS was not looked at");
        return NULL;
    }
    if (!find_symbols(library, &functions, err))
        return NULL;
    if (!functions.OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL)) {
        error_set(err, LIBRARY " cannot be initialised: TLS was not looked at");
        return NULL;
    }
    loaded = true;
    return &functions;
}
