#include "tests/bench/malloc_count.h"

int64_t malloc_count(void)
{
    return -1;
}
