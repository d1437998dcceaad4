#ifndef ARRAY_KERNELS_HALVES_H
#define ARRAY_KERNELS_HALVES_H

#include <string.h>

#include "dispatch.h"

// As the F16C instruction does: exact, subnormals included, and signalling NaNs become quiet with
// their payload kept.
INLINE float half_to_float(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000u) << 16;
  uint32_t magnitude = half & 0x7fffu;
  // Placed in a float32's fields the exponent is 112 short; a product by 2^112 mends that, and
  // normalises what was subnormal.
  uint32_t bits = magnitude << 13;
  float value;
  memcpy(&value, &bits, 4);
  value *= 0x1p112f;
  uint32_t finite;
  memcpy(&finite, &value, 4);
  uint32_t special = bits | 0x7f800000u | (magnitude > 0x7c00u ? 0x00400000u : 0u);
  uint32_t result = (magnitude >= 0x7c00u ? special : finite) | sign;
  memcpy(&value, &result, 4);
  return value;
}

INLINE float brain_to_float(uint16_t bits) {
  uint32_t wide = (uint32_t)bits << 16;
  float value;
  memcpy(&value, &wide, 4);
  return value;
}

#endif
