#define _GNU_SOURCE
#include <unistd.h>

#include "CArrayKernels.h"
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

int array_kernels_have_avx2(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("f16c");
#else
  return 0;
#endif
}

int array_kernels_have_avx512(void) {
#if defined(__x86_64__)
  return array_kernels_have_avx2() && __builtin_cpu_supports("avx512f");
#else
  return 0;
#endif
}
