#include "exponential.h"

// Sums over tokens of what a softmax and its divergences need, for logits that are computed on the way.
//
// Sixteen running sums keep the vector units busy. They are float32 over a block of so few terms that
// their rounding is that of one addition, and float64 from block to block.
enum { lanes = 16, block = 128 };

// 1 - 2 / (1 + exp(2 x)), which is right at both ends, where exp overflows and where it vanishes.
INLINE float hyperbolic_tangent(float x) { return 1.0f - 2.0f / (1.0f + exponential(2.0f * x)); }

INLINE float logits(const struct array_kernels_softmax *softmax, size_t count, float *target) {
  float largest[lanes];
  for (int lane = 0; lane < lanes; lane++) largest[lane] = -__builtin_inff();
  const float *base = softmax->base, *slope = softmax->slope, *offset = softmax->offset;
  const float scale = softmax->scale, coefficient = softmax->coefficient, cap = softmax->cap;
  size_t whole = count - count % lanes;
  for (size_t i = 0; i < whole; i += lanes) {
    float z[lanes];
    for (int lane = 0; lane < lanes; lane++)
      z[lane] = scale * (base[i + lane] + coefficient * slope[i + lane]);
    if (offset)
      for (int lane = 0; lane < lanes; lane++) z[lane] += offset[i + lane];
    if (cap > 0)
      for (int lane = 0; lane < lanes; lane++) z[lane] = cap * hyperbolic_tangent(z[lane] / cap);
    for (int lane = 0; lane < lanes; lane++) {
      target[i + lane] = z[lane];
      largest[lane] = z[lane] > largest[lane] ? z[lane] : largest[lane];
    }
  }
  for (size_t i = whole; i < count; i++) {
    float z = scale * (base[i] + coefficient * slope[i]) + (offset ? offset[i] : 0.0f);
    if (cap > 0) z = cap * hyperbolic_tangent(z / cap);
    target[i] = z;
    largest[0] = z > largest[0] ? z : largest[0];
  }
  for (int lane = 1; lane < lanes; lane++)
    largest[0] = largest[lane] > largest[0] ? largest[lane] : largest[0];
  return largest[0];
}

INLINE void softmax_loop(const struct array_kernels_softmax *softmax, size_t count, float *scratch,
                         struct array_kernels_softmax_sums *sums) {
  const float *reference = softmax->reference, *weights = softmax->weights;
  float largest = logits(softmax, count, scratch);
  double total = 0, gain = 0, loss = 0;
  for (size_t first = 0; first < count; first += block) {
    size_t end = first + block < count ? first + block : count;
    size_t whole = first + (end - first) / lanes * lanes;
    float e_sum[lanes] = {0}, gain_sum[lanes] = {0}, loss_sum[lanes] = {0};
    for (size_t i = first; i < whole; i += lanes) {
      for (int lane = 0; lane < lanes; lane++) {
        float z = scratch[i + lane];
        float e = exponential(z - largest);
        float change = z - reference[i + lane];
        e_sum[lane] += e;
        gain_sum[lane] += e * change;
        loss_sum[lane] += weights[i + lane] * change;
      }
    }
    for (size_t i = whole; i < end; i++) {
      float e = exponential(scratch[i] - largest), change = scratch[i] - reference[i];
      e_sum[i - whole] += e;
      gain_sum[i - whole] += e * change;
      loss_sum[i - whole] += weights[i] * change;
    }
    for (int lane = 0; lane < lanes; lane++) {
      total += e_sum[lane];
      gain += gain_sum[lane];
      loss += loss_sum[lane];
    }
  }
  sums->largest = largest;
  sums->total = total;
  sums->gain = gain;
  sums->loss = loss;
}

#if defined(__x86_64__)
AVX2 static void softmax_avx2(const struct array_kernels_softmax *softmax, size_t count,
                              float *scratch, struct array_kernels_softmax_sums *sums) {
  softmax_loop(softmax, count, scratch, sums);
}
#endif

void array_kernels_softmax_sums(const struct array_kernels_softmax *softmax, size_t count,
                                float *scratch, struct array_kernels_softmax_sums *sums,
                                int portable) {
#if defined(__x86_64__)
  if (use_avx2(portable)) {
    softmax_avx2(softmax, count, scratch, sums);
    return;
  }
#endif
  softmax_loop(softmax, count, scratch, sums);
}
