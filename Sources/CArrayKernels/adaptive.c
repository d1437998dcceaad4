#include <math.h>

#include "dispatch.h"

// One step of an optimiser with running moments. Every operation rounds by itself, in the order
// written, so that both forms give the same bytes and those of an elementwise implementation.
#pragma STDC FP_CONTRACT OFF

INLINE void step_elements(const struct array_kernels_adaptive_step *step, size_t first, size_t end,
                          const float *gradient, float *parameter, float *mean, float *variance) {
  for (size_t i = first; i < end; i++) {
    float slope = gradient[i];
    float new_mean = mean[i] + (slope - mean[i]) * step->mean_weight;
    float new_variance = variance[i] * step->variance_keep + slope * slope * step->variance_weight;
    mean[i] = new_mean;
    variance[i] = new_variance;
    float denominator = sqrtf(new_variance) / step->variance_correction + step->epsilon;
    parameter[i] = parameter[i] * step->keep - step->size * (new_mean / denominator);
  }
}

#if defined(__x86_64__)
AVX2 static void step_avx2(const struct array_kernels_adaptive_step *step, size_t count,
                           const float *gradient, float *parameter, float *mean, float *variance) {
  enum { lanes = 8 };
  const __m256 keep = _mm256_set1_ps(step->keep), size = _mm256_set1_ps(step->size);
  const __m256 mean_weight = _mm256_set1_ps(step->mean_weight);
  const __m256 variance_keep = _mm256_set1_ps(step->variance_keep);
  const __m256 variance_weight = _mm256_set1_ps(step->variance_weight);
  const __m256 correction = _mm256_set1_ps(step->variance_correction);
  const __m256 epsilon = _mm256_set1_ps(step->epsilon);
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    __m256 slope = _mm256_loadu_ps(gradient + i);
    __m256 m = _mm256_loadu_ps(mean + i);
    m = _mm256_add_ps(m, _mm256_mul_ps(_mm256_sub_ps(slope, m), mean_weight));
    __m256 v = _mm256_mul_ps(_mm256_loadu_ps(variance + i), variance_keep);
    v = _mm256_add_ps(v, _mm256_mul_ps(_mm256_mul_ps(slope, slope), variance_weight));
    _mm256_storeu_ps(mean + i, m);
    _mm256_storeu_ps(variance + i, v);
    __m256 denominator = _mm256_add_ps(_mm256_div_ps(_mm256_sqrt_ps(v), correction), epsilon);
    __m256 change = _mm256_mul_ps(size, _mm256_div_ps(m, denominator));
    __m256 kept = _mm256_mul_ps(_mm256_loadu_ps(parameter + i), keep);
    _mm256_storeu_ps(parameter + i, _mm256_sub_ps(kept, change));
  }
  step_elements(step, i, count, gradient, parameter, mean, variance);
}
#endif

void array_kernels_adaptive_step(const struct array_kernels_adaptive_step *step, size_t count,
                                 const float *gradient, float *parameter, float *mean,
                                 float *variance, int portable) {
#if defined(__x86_64__)
  if (use_avx2(portable)) {
    step_avx2(step, count, gradient, parameter, mean, variance);
    return;
  }
#endif
  step_elements(step, 0, count, gradient, parameter, mean, variance);
}
