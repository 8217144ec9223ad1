#include "numeric.h"

#include <locale.h>

void use_decimal_points(void)
{
    setlocale(LC_NUMERIC, "C");
}
