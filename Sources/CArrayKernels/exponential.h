#ifndef ARRAY_KERNELS_EXPONENTIAL_H
#define ARRAY_KERNELS_EXPONENTIAL_H

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

#endif
