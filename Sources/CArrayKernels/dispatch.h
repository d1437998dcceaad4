#ifndef ARRAY_KERNELS_DISPATCH_H
#define ARRAY_KERNELS_DISPATCH_H

#include "CArrayKernels.h"

#define INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2,fma,f16c")))
INLINE int use_avx2(int portable) { return !portable && array_kernels_have_avx2(); }
#endif

#endif
