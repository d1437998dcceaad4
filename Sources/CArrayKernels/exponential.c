#include <string.h>

#include "dispatch.h"

// exp(x) = 2^n exp(r) with n the integer next to x / ln 2 and |r| <= ln(2) / 2, where a polynomial
// is within 1 ulp (coefficients of Cephes' expf, S. Moshier). ln 2 comes in two parts so that
// x - n ln 2 loses nothing. 2^n is applied in two factors: results go to infinity, to subnormals
// and to zero as they should.
INLINE float exponential(float x) {
  x = x > 89.0f ? 89.0f : x;
  x = x < -104.0f ? -104.0f : x;
  const float magic = 12582912.0f;  // 1.5 * 2^23: adding it leaves the nearest integer
  float shifted = x * 1.44269504088896341f + magic;
  float n = shifted - magic;
  float r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r;
  p = p + 1.0f;
  int32_t shifted_bits, magic_bits;
  memcpy(&shifted_bits, &shifted, 4);
  memcpy(&magic_bits, &magic, 4);
  int32_t exponent = shifted_bits - magic_bits;
  int32_t half = exponent >> 1;
  uint32_t first_bits = (uint32_t)(half + 127) << 23;
  uint32_t second_bits = (uint32_t)(exponent - half + 127) << 23;
  float first, second;
  memcpy(&first, &first_bits, 4);
  memcpy(&second, &second_bits, 4);
  return p * first * second;
}

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
