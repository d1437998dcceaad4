#include <math.h>

#include "dispatch.h"

// What distances of many pairs of rows need besides their product. Sums run in eight lanes, added in one
// order, without contraction, so that the forms agree bit for bit.
#pragma STDC FP_CONTRACT OFF
enum { lanes = 8 };

INLINE double total(const double *sum) {
  return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}

#define CENTRE_PARAMETERS(from, to)                                                     \
  const from *restrict source, const double *restrict centre, double scale, size_t count, \
      to *restrict target
#define CENTRE_STEP(to, k, lane)                                                        \
  {                                                                                     \
    to value = (to)(((double)source[k] - centre[k]) * scale);                           \
    target[k] = value;                                                                  \
    sum[lane] += (double)value * (double)value;                                         \
  }
#define CENTRE_BODY(to)                                                                 \
  double sum[lanes] = {0};                                                              \
  size_t k = 0;                                                                         \
  for (; k + lanes <= count; k += lanes) {                                              \
    for (size_t lane = 0; lane < lanes; lane++) CENTRE_STEP(to, k + lane, lane)         \
  }                                                                                     \
  for (size_t lane = 0; k < count; k++, lane++) CENTRE_STEP(to, k, lane)                \
  return total(sum);

#define DISTANCE_PARAMETERS(type)                                                       \
  const type *restrict left, const type *restrict right, double scale, size_t count
#define DISTANCE_STEP(k, lane)                                                          \
  {                                                                                     \
    double difference = ((double)left[k] - (double)right[k]) * scale;                   \
    sum[lane] += difference * difference;                                               \
  }
#define DISTANCE_BODY                                                                   \
  double sum[lanes] = {0};                                                              \
  size_t k = 0;                                                                         \
  for (; k + lanes <= count; k += lanes) {                                              \
    for (size_t lane = 0; lane < lanes; lane++) DISTANCE_STEP(k + lane, lane)           \
  }                                                                                     \
  for (size_t lane = 0; k < count; k++, lane++) DISTANCE_STEP(k, lane)                  \
  return total(sum);

#define BOUNDS_PARAMETERS(type)                                                         \
  const type *restrict products, const type *restrict low, const type *restrict high,   \
      size_t count, type *restrict bounds
#define BOUNDS_STEP(type, k, lane)                                                      \
  {                                                                                     \
    type lower = low[k] - 2 * products[k], upper = high[k] - 2 * products[k];           \
    least_low[lane] = lower < least_low[lane] ? lower : least_low[lane];                \
    least_high[lane] = upper < least_high[lane] ? upper : least_high[lane];             \
    most_low[lane] = lower > most_low[lane] ? lower : most_low[lane];                   \
    most_high[lane] = upper > most_high[lane] ? upper : most_high[lane];                \
  }
#define BOUNDS_BODY(type)                                                               \
  type least_low[lanes], least_high[lanes], most_low[lanes], most_high[lanes];          \
  for (size_t lane = 0; lane < lanes; lane++) {                                         \
    least_low[lane] = least_high[lane] = (type)INFINITY;                                \
    most_low[lane] = most_high[lane] = -(type)INFINITY;                                 \
  }                                                                                     \
  size_t k = 0;                                                                         \
  for (; k + lanes <= count; k += lanes) {                                              \
    for (size_t lane = 0; lane < lanes; lane++) BOUNDS_STEP(type, k + lane, lane)       \
  }                                                                                     \
  for (size_t lane = 0; k < count; k++, lane++) BOUNDS_STEP(type, k, lane)              \
  bounds[0] = least_low[0], bounds[1] = least_high[0];                                  \
  bounds[2] = most_low[0], bounds[3] = most_high[0];                                    \
  for (size_t lane = 1; lane < lanes; lane++) {                                         \
    bounds[0] = least_low[lane] < bounds[0] ? least_low[lane] : bounds[0];              \
    bounds[1] = least_high[lane] < bounds[1] ? least_high[lane] : bounds[1];            \
    bounds[2] = most_low[lane] > bounds[2] ? most_low[lane] : bounds[2];                \
    bounds[3] = most_high[lane] > bounds[3] ? most_high[lane] : bounds[3];              \
  }

#define SUM_PARAMETERS                                                                  \
  const double *restrict products, const double *restrict norms, double norm,           \
      double threshold, size_t count, double *restrict result
#define SUM_STEP(k, lane)                                                               \
  {                                                                                     \
    double norm_sum = norm + norms[k], square = norm_sum - 2 * products[k];             \
    has_close |= square <= threshold * norm_sum;                                         \
    sum[lane] += sqrt(square > 0 ? square : 0);                                         \
  }

static int sum_portable(SUM_PARAMETERS) {
  double sum[lanes] = {0};
  int has_close = 0;
  size_t k = 0;
  for (; k + lanes <= count; k += lanes) {
    for (size_t lane = 0; lane < lanes; lane++) SUM_STEP(k + lane, lane)
  }
  for (size_t lane = 0; k < count; k++, lane++) SUM_STEP(k, lane)
  *result = total(sum);
  return has_close;
}

#if defined(__x86_64__)

// The compiler does not vectorise a square root that may set errno.
AVX2 static int sum_avx2(SUM_PARAMETERS) {
  __m256d own = _mm256_set1_pd(norm), share = _mm256_set1_pd(threshold);
  __m256d sums[2] = {_mm256_setzero_pd(), _mm256_setzero_pd()}, close = _mm256_setzero_pd();
  size_t k = 0;
  for (; k + lanes <= count; k += lanes) {
    _Pragma("unroll") for (size_t half = 0; half < 2; half++) {
      __m256d product = _mm256_loadu_pd(products + k + 4 * half);
      __m256d norm_sum = _mm256_add_pd(own, _mm256_loadu_pd(norms + k + 4 * half));
      __m256d square = _mm256_sub_pd(norm_sum, _mm256_add_pd(product, product));
      __m256d limit = _mm256_mul_pd(share, norm_sum);
      close = _mm256_or_pd(close, _mm256_cmp_pd(square, limit, _CMP_LE_OQ));
      square = _mm256_max_pd(square, _mm256_setzero_pd());
      sums[half] = _mm256_add_pd(sums[half], _mm256_sqrt_pd(square));
    }
  }
  double sum[lanes];
  _mm256_storeu_pd(sum, sums[0]);
  _mm256_storeu_pd(sum + 4, sums[1]);
  int has_close = _mm256_movemask_pd(close) != 0;
  for (size_t lane = 0; k < count; k++, lane++) SUM_STEP(k, lane)
  *result = total(sum);
  return has_close;
}

#define DEFINE_CENTRE(from, to)                                                         \
  AVX2 static double centre_avx2_##from##_##to(CENTRE_PARAMETERS(from, to)) {           \
    CENTRE_BODY(to)                                                                     \
  }                                                                                     \
  double array_kernels_center_##from##_##to(CENTRE_PARAMETERS(from, to)) {              \
    if (use_avx2(0)) return centre_avx2_##from##_##to(source, centre, scale, count, target); \
    CENTRE_BODY(to)                                                                     \
  }
#define DEFINE(type)                                                                    \
  AVX2 static double distance_avx2_##type(DISTANCE_PARAMETERS(type)) { DISTANCE_BODY }  \
  double array_kernels_squared_distance_##type(DISTANCE_PARAMETERS(type)) {             \
    if (use_avx2(0)) return distance_avx2_##type(left, right, scale, count);            \
    DISTANCE_BODY                                                                       \
  }                                                                                     \
  AVX2 static void bounds_avx2_##type(BOUNDS_PARAMETERS(type)) { BOUNDS_BODY(type) }    \
  void array_kernels_product_bounds_##type(BOUNDS_PARAMETERS(type)) {                   \
    if (use_avx2(0)) {                                                                  \
      bounds_avx2_##type(products, low, high, count, bounds);                           \
    } else {                                                                            \
      BOUNDS_BODY(type)                                                                 \
    }                                                                                   \
  }
int array_kernels_sum_distances(SUM_PARAMETERS) {
  if (use_avx2(0)) return sum_avx2(products, norms, norm, threshold, count, result);
  return sum_portable(products, norms, norm, threshold, count, result);
}
#else
#define DEFINE_CENTRE(from, to)                                                         \
  double array_kernels_center_##from##_##to(CENTRE_PARAMETERS(from, to)) { CENTRE_BODY(to) }
#define DEFINE(type)                                                                    \
  double array_kernels_squared_distance_##type(DISTANCE_PARAMETERS(type)) { DISTANCE_BODY } \
  void array_kernels_product_bounds_##type(BOUNDS_PARAMETERS(type)) { BOUNDS_BODY(type) }
int array_kernels_sum_distances(SUM_PARAMETERS) {
  return sum_portable(products, norms, norm, threshold, count, result);
}
#endif

DEFINE_CENTRE(float, float)
DEFINE_CENTRE(float, double)
DEFINE_CENTRE(double, float)
DEFINE_CENTRE(double, double)
DEFINE(float)
DEFINE(double)
