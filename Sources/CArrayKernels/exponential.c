#include "exponential.h"

// From exp(-|x|), which cannot overflow: exact to a few ulp on both sides, down to the subnormals.
INLINE float sigmoid(float x) {
  float e = exponential(-__builtin_fabsf(x));
  float numerator = x < 0 ? e : 1.0f;
  return numerator / (1.0f + e);
}

INLINE void exponential_loop(const float *source, float *destination, size_t count) {
  for (size_t i = 0; i < count; i++) destination[i] = exponential(source[i]);
}

INLINE void sigmoid_loop(const float *source, float *destination, size_t count) {
  for (size_t i = 0; i < count; i++) destination[i] = sigmoid(source[i]);
}

#if defined(__x86_64__)
AVX2 static void exponential_avx2(const float *source, float *destination, size_t count) {
  exponential_loop(source, destination, count);
}
AVX2 static void sigmoid_avx2(const float *source, float *destination, size_t count) {
  sigmoid_loop(source, destination, count);
}
#endif

void array_kernels_exponential(const float *source, float *destination, size_t count,
                               int portable) {
#if defined(__x86_64__)
  if (use_avx2(portable)) {
    exponential_avx2(source, destination, count);
    return;
  }
#endif
  exponential_loop(source, destination, count);
}

void array_kernels_sigmoid(const float *source, float *destination, size_t count, int portable) {
#if defined(__x86_64__)
  if (use_avx2(portable)) {
    sigmoid_avx2(source, destination, count);
    return;
  }
#endif
  sigmoid_loop(source, destination, count);
}
