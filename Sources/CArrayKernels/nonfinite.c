#include <string.h>

#include "dispatch.h"

// A block is tested whole, which vectorises, and searched only if it holds what is looked for.
enum { block = 2048 };

INLINE ptrdiff_t search_float(const float *values, size_t count) {
  for (size_t start = 0; start < count; start += block) {
    size_t end = start + block < count ? start + block : count;
    uint32_t any = 0;
    for (size_t i = start; i < end; i++) {
      uint32_t bits;
      memcpy(&bits, values + i, 4);
      any |= (bits & 0x7f800000u) == 0x7f800000u;
    }
    for (size_t i = start; any && i < end; i++) {
      if (!__builtin_isfinite(values[i])) return (ptrdiff_t)i;
    }
  }
  return -1;
}

INLINE ptrdiff_t search_double(const double *values, size_t count) {
  const uint64_t exponent = 0x7ff0000000000000u;
  for (size_t start = 0; start < count; start += block) {
    size_t end = start + block < count ? start + block : count;
    uint64_t any = 0;
    for (size_t i = start; i < end; i++) {
      uint64_t bits;
      memcpy(&bits, values + i, 8);
      any |= (bits & exponent) == exponent;
    }
    for (size_t i = start; any && i < end; i++) {
      if (!__builtin_isfinite(values[i])) return (ptrdiff_t)i;
    }
  }
  return -1;
}

#if defined(__x86_64__)
AVX2 static ptrdiff_t search_float_avx2(const float *values, size_t count) {
  return search_float(values, count);
}
AVX2 static ptrdiff_t search_double_avx2(const double *values, size_t count) {
  return search_double(values, count);
}
#endif

ptrdiff_t array_kernels_first_non_finite_float(const float *values, size_t count) {
#if defined(__x86_64__)
  if (use_avx2(0)) return search_float_avx2(values, count);
#endif
  return search_float(values, count);
}

ptrdiff_t array_kernels_first_non_finite_double(const double *values, size_t count) {
#if defined(__x86_64__)
  if (use_avx2(0)) return search_double_avx2(values, count);
#endif
  return search_double(values, count);
}
