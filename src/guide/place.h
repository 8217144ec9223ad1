/* Where the platform runs, as far as it can be seen from here, for the choice of the
 * article's fix. Only looks: small files are read, nothing is run or asked, since that
 * could hang. So a Helm release itself, which only the cluster can show, counts by what it
 * leaves here: its values, its pod, its chart. */
#ifndef GUIDE_PLACE_H
#define GUIDE_PLACE_H

#include "article/article.h"
#include "settings/target.h"

struct place {
    enum platform platform; /* PLATFORM_COMPOSE where nothing tells */
    bool certain;           /* a good sign, and none as good for another platform */
    char *because; /* "Compose: compose.yaml in this directory; also seen: values.yaml in this
                    * directory (Helm)", "No sign of a platform": one clean line */
    char *directories[PLATFORMS]; /* for each platform the project's directory, absolute, as the
                                   * signs name it: where the commands of its steps belong;
                                   * NULL: the working directory */
};

struct place_options {
    const char *root;               /* "/"; another directory for tests: all paths are below it */
    const char *directory;          /* absolute: the working directory */
    char *const *environment;       /* of this process: "NAME=VALUE", NULL at the end */
    const struct settings *settings; /* in force */
    const struct target *target;     /* of the check, from these settings; NULL: it has none */
};

/* Chooses by the first of these signs that is there; what speaks for another platform is
 * named as "also seen":
 *
 * 1. the file that the target's host or URL is set in, else the topmost source that was
 *    read: Helm's values, Compose's env file, systemd's unit or EnvironmentFile;
 * 2. the control group of the platform's process: a pod, a container, the unit;
 * 3. KUBERNETES_SERVICE_HOST in the environment: this is a pod;
 * 4. the unit of the platform, be it that it starts docker or podman;
 * 5. an appsettings file that host or URL is set in, but not in a container;
 * 6. a Compose file in the working directory or, as Compose looks for it, above it;
 * 7. a chart or values.yaml in the working directory;
 * 8. appsettings files in /etc/stellaops, but not in a container;
 * 9. KUBECONFIG or HELM_... in the environment;
 * 10. /.dockerenv or /run/.containerenv: this is a container, the platform's or the
 *     engineer's.
 *
 * The first three are better signs than the next four; the last three are never certain.
 * A project's directory is that of .env or values.yaml of sign 1 (of another env file where
 * a Compose file stands beside it), the unit's where a Compose file is in it, or that of
 * signs 6 and 7.
 * Clear with place_clear. */
void place_choose(struct place *place, const struct place_options *options);
void place_clear(struct place *place);

#endif
