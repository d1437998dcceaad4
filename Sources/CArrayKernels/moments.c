#include "dispatch.h"

// Columns in pieces that stay in the first-level cache, a few rows at a time, in one fixed order.
enum { piece = 1024 };

INLINE size_t row_at(const int64_t *rows, size_t place) {
  return rows ? (size_t)rows[place] : place;
}

#define COLUMN_SUMS_BODY(type)                                                          \
  for (size_t first = 0; first < width; first += piece) {                               \
    size_t length = width - first < piece ? width - first : piece;                      \
    double *restrict sum = sums + first;                                                \
    size_t r = 0;                                                                       \
    for (; r + 4 <= row_count; r += 4) {                                                \
      const type *restrict a = values + (ptrdiff_t)row_at(rows, r) * stride + first;    \
      const type *restrict b = values + (ptrdiff_t)row_at(rows, r + 1) * stride + first; \
      const type *restrict c = values + (ptrdiff_t)row_at(rows, r + 2) * stride + first; \
      const type *restrict d = values + (ptrdiff_t)row_at(rows, r + 3) * stride + first; \
      for (size_t i = 0; i < length; i++) {                                             \
        sum[i] += ((double)a[i] + (double)b[i]) + ((double)c[i] + (double)d[i]);        \
      }                                                                                 \
    }                                                                                   \
    for (; r < row_count; r++) {                                                        \
      const type *restrict a = values + (ptrdiff_t)row_at(rows, r) * stride + first;    \
      for (size_t i = 0; i < length; i++) sum[i] += (double)a[i];                       \
    }                                                                                   \
  }

#define COLUMN_SQUARES_BODY(type)                                                       \
  for (size_t first = 0; first < width; first += piece) {                               \
    size_t length = width - first < piece ? width - first : piece;                      \
    double *restrict sum = sums + first;                                                \
    const double *restrict mean = means + first;                                        \
    size_t r = 0;                                                                       \
    for (; r + 2 <= row_count; r += 2) {                                                \
      const type *restrict a = values + (ptrdiff_t)row_at(rows, r) * stride + first;    \
      const type *restrict b = values + (ptrdiff_t)row_at(rows, r + 1) * stride + first; \
      for (size_t i = 0; i < length; i++) {                                             \
        double x = (double)a[i] - mean[i];                                              \
        double y = (double)b[i] - mean[i];                                              \
        sum[i] += x * x + y * y;                                                        \
      }                                                                                 \
    }                                                                                   \
    for (; r < row_count; r++) {                                                        \
      const type *restrict a = values + (ptrdiff_t)row_at(rows, r) * stride + first;    \
      for (size_t i = 0; i < length; i++) {                                             \
        double x = (double)a[i] - mean[i];                                              \
        sum[i] += x * x;                                                                \
      }                                                                                 \
    }                                                                                   \
  }

#define SUMS_PARAMETERS(type)                                                           \
  const type *values, ptrdiff_t stride, const int64_t *rows, size_t row_count,          \
      size_t width, double *sums
#define SQUARES_PARAMETERS(type)                                                        \
  const type *values, ptrdiff_t stride, const int64_t *rows, size_t row_count,          \
      size_t width, const double *means, double *sums

#if defined(__x86_64__)
#define DEFINE(type)                                                                    \
  AVX2 static void sums_avx2_##type(SUMS_PARAMETERS(type)) { COLUMN_SUMS_BODY(type) }   \
  AVX2 static void squares_avx2_##type(SQUARES_PARAMETERS(type)) {                      \
    COLUMN_SQUARES_BODY(type)                                                           \
  }                                                                                     \
  void array_kernels_column_sums_##type(SUMS_PARAMETERS(type)) {                        \
    if (use_avx2(0)) {                                                                  \
      sums_avx2_##type(values, stride, rows, row_count, width, sums);                   \
    } else {                                                                            \
      COLUMN_SUMS_BODY(type)                                                            \
    }                                                                                   \
  }                                                                                     \
  void array_kernels_column_squares_##type(SQUARES_PARAMETERS(type)) {                  \
    if (use_avx2(0)) {                                                                  \
      squares_avx2_##type(values, stride, rows, row_count, width, means, sums);         \
    } else {                                                                            \
      COLUMN_SQUARES_BODY(type)                                                         \
    }                                                                                   \
  }
#else
#define DEFINE(type)                                                                    \
  void array_kernels_column_sums_##type(SUMS_PARAMETERS(type)) { COLUMN_SUMS_BODY(type) } \
  void array_kernels_column_squares_##type(SQUARES_PARAMETERS(type)) {                  \
    COLUMN_SQUARES_BODY(type)                                                           \
  }
#endif

DEFINE(float)
DEFINE(double)
