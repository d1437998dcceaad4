#include <string.h>

#include "dispatch.h"

// Squares of differences from centres, in float64. Every operation rounds by itself and in an order
// that is written here, so that both forms give the same bytes.
#pragma STDC FP_CONTRACT OFF

// Columns in pieces whose centre and sums stay in the first-level cache.
enum { piece = 1024, lanes = 4 };

typedef float float_lanes __attribute__((vector_size(lanes * sizeof(float))));
typedef double double_lanes __attribute__((vector_size(lanes * sizeof(double))));

// Vectors go by address: by value they would need AVX's calling convention.
INLINE void load_float(const float *from, double_lanes *to) {
  float_lanes values;
  memcpy(&values, from, sizeof(values));
  *to = __builtin_convertvector(values, double_lanes);
}

INLINE void load_double(const double *from, double_lanes *to) { memcpy(to, from, sizeof(*to)); }

INLINE double total(const double_lanes *v) { return ((*v)[0] + (*v)[1]) + ((*v)[2] + (*v)[3]); }

// The moments of `rows` rows, 4 or 1, over one piece of columns.
#define MOMENTS_OF_ROWS(type, rows)                                                     \
  {                                                                                     \
    const type *restrict row = values + (ptrdiff_t)r * stride + first;                  \
    size_t i = 0;                                                                       \
    for (; i + lanes <= length; i += lanes) {                                           \
      double_lanes mean, sum, difference;                                               \
      load_double(centre + first + i, &mean);                                           \
      load_double(sums + first + i, &sum);                                              \
      for (size_t k = 0; k < rows; k++) {                                               \
        load_##type(row + (ptrdiff_t)k * stride + i, &difference);                      \
        difference -= mean;                                                             \
        sum += difference;                                                              \
        squares[k] += difference * difference;                                          \
      }                                                                                 \
      memcpy(sums + first + i, &sum, sizeof(sum));                                      \
    }                                                                                   \
    for (; i < length; i++) {                                                           \
      for (size_t k = 0; k < rows; k++) {                                               \
        double difference = (double)row[(ptrdiff_t)k * stride + i] - centre[first + i]; \
        sums[first + i] += difference;                                                  \
        squares[k][0] += difference * difference;                                       \
      }                                                                                 \
    }                                                                                   \
  }

#define CENTERED_MOMENTS_BODY(type)                                                     \
  double_lanes squares[4] = {{0}};                                                      \
  for (size_t first = 0; first < width; first += piece) {                               \
    size_t length = width - first < piece ? width - first : piece;                      \
    size_t r = 0;                                                                       \
    for (; r + 4 <= row_count; r += 4) MOMENTS_OF_ROWS(type, 4)                         \
    for (; r < row_count; r++) MOMENTS_OF_ROWS(type, 1)                                 \
  }                                                                                     \
  squares[0] = (squares[0] + squares[1]) + (squares[2] + squares[3]);                   \
  return total(&squares[0]);

// The squared distances of `rows` rows, 4 or 1, to one centre. The order of additions is the same for
// both, so that a row's distance does not depend on its neighbours.
#define DISTANCES_OF_ROWS(type, rows)                                                   \
  {                                                                                     \
    const type *restrict row = values + (ptrdiff_t)r * stride;                          \
    double_lanes squares[rows][2] = {{{0}}};                                            \
    size_t i = 0;                                                                       \
    for (; i + 2 * lanes <= width; i += 2 * lanes) {                                    \
      for (size_t half = 0; half < 2; half++) {                                         \
        double_lanes mean, difference;                                                  \
        load_double(centre + i + half * lanes, &mean);                                  \
        for (size_t k = 0; k < rows; k++) {                                             \
          load_##type(row + (ptrdiff_t)k * stride + i + half * lanes, &difference);     \
          difference -= mean;                                                           \
          squares[k][half] += difference * difference;                                  \
        }                                                                               \
      }                                                                                 \
    }                                                                                   \
    for (; i < width; i++) {                                                            \
      for (size_t k = 0; k < rows; k++) {                                               \
        double difference = (double)row[(ptrdiff_t)k * stride + i] - centre[i];         \
        squares[k][0][0] += difference * difference;                                    \
      }                                                                                 \
    }                                                                                   \
    for (size_t k = 0; k < rows; k++) {                                                 \
      squares[k][0] += squares[k][1];                                                   \
      distances[(r + k) * centre_count + c] = total(&squares[k][0]);                    \
    }                                                                                   \
  }

#define SQUARED_DISTANCES_BODY(type)                                                    \
  size_t r = 0;                                                                         \
  for (; r + 4 <= row_count; r += 4) {                                                  \
    for (size_t c = 0; c < centre_count; c++) {                                         \
      const double *restrict centre = centres + (ptrdiff_t)c * centre_stride;           \
      DISTANCES_OF_ROWS(type, 4)                                                        \
    }                                                                                   \
  }                                                                                     \
  for (; r < row_count; r++) {                                                          \
    for (size_t c = 0; c < centre_count; c++) {                                         \
      const double *restrict centre = centres + (ptrdiff_t)c * centre_stride;           \
      DISTANCES_OF_ROWS(type, 1)                                                        \
    }                                                                                   \
  }

#define MOMENTS_PARAMETERS(type)                                                        \
  const type *values, ptrdiff_t stride, size_t row_count, size_t width,                 \
      const double *centre, double *sums
#define DISTANCES_PARAMETERS(type)                                                      \
  const type *values, ptrdiff_t stride, size_t row_count, size_t width,                 \
      const double *centres, ptrdiff_t centre_stride, size_t centre_count, double *distances

#if defined(__x86_64__)
#define DEFINE_AVX2(type)                                                               \
  AVX2 static double moments_avx2_##type(MOMENTS_PARAMETERS(type)) {                    \
    CENTERED_MOMENTS_BODY(type)                                                         \
  }                                                                                     \
  AVX2 static void distances_avx2_##type(DISTANCES_PARAMETERS(type)) {                  \
    SQUARED_DISTANCES_BODY(type)                                                        \
  }
#define IF_AVX2(call) \
  if (use_avx2(portable)) return call;
#else
#define DEFINE_AVX2(type)
#define IF_AVX2(call) (void)portable;
#endif

#define DEFINE(type)                                                                    \
  DEFINE_AVX2(type)                                                                     \
  double array_kernels_centered_moments_##type(MOMENTS_PARAMETERS(type), int portable) { \
    IF_AVX2(moments_avx2_##type(values, stride, row_count, width, centre, sums))        \
    CENTERED_MOMENTS_BODY(type)                                                         \
  }                                                                                     \
  void array_kernels_squared_distances_##type(DISTANCES_PARAMETERS(type), int portable) { \
    IF_AVX2(distances_avx2_##type(values, stride, row_count, width, centres,            \
                                  centre_stride, centre_count, distances))              \
    SQUARED_DISTANCES_BODY(type)                                                        \
  }

DEFINE(float)
DEFINE(double)
