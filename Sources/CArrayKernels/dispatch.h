#ifndef ARRAY_KERNELS_DISPATCH_H
#define ARRAY_KERNELS_DISPATCH_H

#include "CArrayKernels.h"

#define INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2,fma,f16c")))
#define AVX512 __attribute__((target("avx512f,fma,f16c"), min_vector_width(512)))
INLINE int use_avx2(int portable) { return !portable && array_kernels_have_avx2(); }
#endif

#endif
