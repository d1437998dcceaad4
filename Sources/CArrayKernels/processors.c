#define _GNU_SOURCE
#include "CArrayKernels.h"

#include <unistd.h>
#if defined(__linux__)
#include <sched.h>
#endif

int array_kernels_available_processors(void) {
#if defined(__linux__)
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof(mask), &mask) == 0) {
    int count = CPU_COUNT(&mask);
    if (count > 0) return count;
  }
#endif
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int)online : 1;
}
