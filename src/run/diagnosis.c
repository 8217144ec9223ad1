#include "run/diagnosis.h"

#include <stdlib.h>

void diagnosis_clear(struct diagnosis *diagnosis)
{
    for (size_t i = 0; i < diagnosis->ncauses; i++) {
        struct cause *cause = &diagnosis->causes[i];
        free(cause->id);
        free(cause->text);
        free(cause->because);
        free(cause->ruled_out);
    }
    for (size_t i = 0; i < diagnosis->nnot_proven; i++)
        free(diagnosis->not_proven[i]);
    free(diagnosis->causes);
    free(diagnosis->separate);
    free(diagnosis->not_proven);
    *diagnosis = (struct diagnosis){0};
}
