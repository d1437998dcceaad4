#include <string.h>

#include "dispatch.h"

// Products of many samples with few weight vectors ("tries"), where a general product spends its
// time packing. Every sum has one order, whatever block it is computed in: a score runs over k in eight
// lanes, one piece of the width after another; a gradient runs over the rows one by one. Results
// therefore do not depend on how the rows are cut.
enum { piece = 512, lanes = 8 };

static void scores_portable(const float *samples, ptrdiff_t sample_stride, size_t row_count,
                            size_t width, const float *weights, ptrdiff_t weight_stride,
                            size_t try_count, float *scores, ptrdiff_t score_stride) {
  for (size_t r = 0; r < row_count; r++) {
    const float *x = samples + (ptrdiff_t)r * sample_stride;
    for (size_t t = 0; t < try_count; t++) {
      const float *w = weights + (ptrdiff_t)t * weight_stride;
      float total = 0;
      for (size_t first = 0; first < width; first += piece) {
        size_t end = width - first < piece ? width : first + piece;
        float sum[lanes] = {0};
        size_t k = first;
        for (; k + lanes <= end; k += lanes) {
          for (size_t lane = 0; lane < lanes; lane++) sum[lane] += x[k + lane] * w[k + lane];
        }
        for (size_t lane = 0; k < end; k++, lane++) sum[lane] += x[k] * w[k];
        total += ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
      }
      scores[(ptrdiff_t)r * score_stride + (ptrdiff_t)t] = total;
    }
  }
}

static void gradient_portable(const float *samples, ptrdiff_t sample_stride, size_t row_count,
                              size_t width, const float *residuals, ptrdiff_t residual_stride,
                              size_t try_count, float *gradient, ptrdiff_t gradient_stride) {
  for (size_t first = 0; first < width; first += piece) {
    size_t length = width - first < piece ? width - first : piece;
    for (size_t r = 0; r < row_count; r++) {
      const float *restrict x = samples + (ptrdiff_t)r * sample_stride + first;
      for (size_t t = 0; t < try_count; t++) {
        float *restrict g = gradient + (ptrdiff_t)t * gradient_stride + first;
        float z = residuals[(ptrdiff_t)r * residual_stride + (ptrdiff_t)t];
        for (size_t k = 0; k < length; k++) g[k] += z * x[k];
      }
    }
  }
}

#if defined(__x86_64__)

AVX2 INLINE __m256i mask_of(size_t count) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), lane);
}

// Asks for what comes next, the rows below or the columns ahead: rows in pieces are too short for
// the processor to see by itself that they go on. The address may lie outside the samples; nothing
// is read.
INLINE void prefetch(const float *x, ptrdiff_t offset) {
  _mm_prefetch((const char *)((uintptr_t)x + (uintptr_t)(offset * 4)), _MM_HINT_T0);
}

AVX2 INLINE float sum_of(__m256 v) {
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

// R rows by T tries of scores, over one piece of the width.
#define SCORES_BLOCK(R, T)                                                                    \
  AVX2 static void scores_##R##x##T(const float *x, ptrdiff_t xs, const float *w, ptrdiff_t ws, \
                                    size_t length, float *s, ptrdiff_t ss) {                  \
    __m256 sum[R][T];                                                                         \
    _Pragma("unroll") for (int r = 0; r < R; r++)                                             \
        _Pragma("unroll") for (int t = 0; t < T; t++) sum[r][t] = _mm256_setzero_ps();        \
    size_t k = 0;                                                                             \
    for (; k + lanes <= length; k += lanes) {                                                 \
      __m256 xv[R];                                                                           \
      _Pragma("unroll") for (int r = 0; r < R; r++) xv[r] = _mm256_loadu_ps(x + r * xs + k);  \
      _Pragma("unroll") for (int r = 0; r < R; r++) prefetch(x, (R + r) * xs + (ptrdiff_t)k); \
      _Pragma("unroll") for (int t = 0; t < T; t++) {                                         \
        __m256 wv = _mm256_loadu_ps(w + t * ws + k);                                          \
        _Pragma("unroll") for (int r = 0; r < R; r++) sum[r][t] =                             \
            _mm256_fmadd_ps(xv[r], wv, sum[r][t]);                                            \
      }                                                                                       \
    }                                                                                         \
    if (k < length) {                                                                         \
      __m256i mask = mask_of(length - k);                                                     \
      _Pragma("unroll") for (int t = 0; t < T; t++) {                                         \
        __m256 wv = _mm256_maskload_ps(w + t * ws + k, mask);                                 \
        _Pragma("unroll") for (int r = 0; r < R; r++) sum[r][t] =                             \
            _mm256_fmadd_ps(_mm256_maskload_ps(x + r * xs + k, mask), wv, sum[r][t]);         \
      }                                                                                       \
    }                                                                                         \
    _Pragma("unroll") for (int r = 0; r < R; r++)                                             \
        _Pragma("unroll") for (int t = 0; t < T; t++) s[r * ss + t] += sum_of(sum[r][t]);     \
  }

SCORES_BLOCK(1, 1)
SCORES_BLOCK(1, 2)
SCORES_BLOCK(1, 3)
SCORES_BLOCK(1, 4)
SCORES_BLOCK(1, 5)
SCORES_BLOCK(2, 1)
SCORES_BLOCK(2, 2)
SCORES_BLOCK(2, 3)
SCORES_BLOCK(2, 4)
SCORES_BLOCK(2, 5)

typedef void (*scores_block)(const float *, ptrdiff_t, const float *, ptrdiff_t, size_t, float *,
                             ptrdiff_t);
static const scores_block scores_blocks[2][5] = {
    {scores_1x1, scores_1x2, scores_1x3, scores_1x4, scores_1x5},
    {scores_2x1, scores_2x2, scores_2x3, scores_2x4, scores_2x5},
};

static void scores_avx2(const float *samples, ptrdiff_t sample_stride, size_t row_count,
                        size_t width, const float *weights, ptrdiff_t weight_stride,
                        size_t try_count, float *scores, ptrdiff_t score_stride) {
  for (size_t r = 0; r < row_count; r++) {
    memset(scores + (ptrdiff_t)r * score_stride, 0, try_count * sizeof(float));
  }
  enum { row_block = 32 };
  for (size_t row = 0; row < row_count; row += row_block) {
    size_t row_end = row_count - row < row_block ? row_count : row + row_block;
    for (size_t first = 0; first < width; first += piece) {
      size_t length = width - first < piece ? width - first : piece;
      for (size_t r = row; r < row_end; r += 2) {
        size_t rows = row_end - r < 2 ? 1 : 2;
        const float *x = samples + (ptrdiff_t)r * sample_stride + first;
        float *s = scores + (ptrdiff_t)r * score_stride;
        for (size_t t = 0; t < try_count; t += 5) {
          size_t tries = try_count - t < 5 ? try_count - t : 5;
          scores_blocks[rows - 1][tries - 1](x, sample_stride,
                                             weights + (ptrdiff_t)t * weight_stride + first,
                                             weight_stride, length, s + t, score_stride);
        }
      }
    }
  }
}

// T tries by two vectors of the gradient, over some rows, one by one.
#define GRADIENT_BLOCK(T)                                                                     \
  AVX2 static void gradient_##T(const float *x, ptrdiff_t xs, size_t row_count, size_t length, \
                                const float *z, ptrdiff_t zs, float *g, ptrdiff_t gs) {       \
    size_t k = 0;                                                                             \
    for (; k + 2 * lanes <= length; k += 2 * lanes) {                                         \
      __m256 low[T], high[T];                                                                 \
      _Pragma("unroll") for (int t = 0; t < T; t++) {                                         \
        low[t] = _mm256_loadu_ps(g + t * gs + k);                                             \
        high[t] = _mm256_loadu_ps(g + t * gs + k + lanes);                                    \
      }                                                                                       \
      for (size_t r = 0; r < row_count; r++) {                                                \
        __m256 first = _mm256_loadu_ps(x + (ptrdiff_t)r * xs + k);                            \
        __m256 second = _mm256_loadu_ps(x + (ptrdiff_t)r * xs + k + lanes);                   \
        prefetch(x, (ptrdiff_t)r * xs + (ptrdiff_t)k + 128);                                  \
        _Pragma("unroll") for (int t = 0; t < T; t++) {                                       \
          __m256 factor = _mm256_broadcast_ss(z + (ptrdiff_t)r * zs + t);                     \
          low[t] = _mm256_fmadd_ps(factor, first, low[t]);                                    \
          high[t] = _mm256_fmadd_ps(factor, second, high[t]);                                 \
        }                                                                                     \
      }                                                                                       \
      _Pragma("unroll") for (int t = 0; t < T; t++) {                                         \
        _mm256_storeu_ps(g + t * gs + k, low[t]);                                             \
        _mm256_storeu_ps(g + t * gs + k + lanes, high[t]);                                    \
      }                                                                                       \
    }                                                                                         \
    for (; k < length; k += lanes) {                                                          \
      __m256i mask = mask_of(length - k < lanes ? length - k : lanes);                        \
      __m256 sum[T];                                                                          \
      _Pragma("unroll") for (int t = 0; t < T; t++) sum[t] =                                  \
          _mm256_maskload_ps(g + t * gs + k, mask);                                           \
      for (size_t r = 0; r < row_count; r++) {                                                \
        __m256 xv = _mm256_maskload_ps(x + (ptrdiff_t)r * xs + k, mask);                      \
        _Pragma("unroll") for (int t = 0; t < T; t++) sum[t] =                                \
            _mm256_fmadd_ps(_mm256_broadcast_ss(z + (ptrdiff_t)r * zs + t), xv, sum[t]);      \
      }                                                                                       \
      _Pragma("unroll") for (int t = 0; t < T; t++)                                           \
          _mm256_maskstore_ps(g + t * gs + k, mask, sum[t]);                                  \
    }                                                                                         \
  }

GRADIENT_BLOCK(1)
GRADIENT_BLOCK(2)
GRADIENT_BLOCK(3)
GRADIENT_BLOCK(4)
GRADIENT_BLOCK(5)

typedef void (*gradient_block)(const float *, ptrdiff_t, size_t, size_t, const float *, ptrdiff_t,
                               float *, ptrdiff_t);
static const gradient_block gradient_blocks[5] = {gradient_1, gradient_2, gradient_3, gradient_4,
                                                  gradient_5};

static void gradient_avx2(const float *samples, ptrdiff_t sample_stride, size_t row_count,
                          size_t width, const float *residuals, ptrdiff_t residual_stride,
                          size_t try_count, float *gradient, ptrdiff_t gradient_stride) {
  enum { row_block = 64, row_group = 8 };
  for (size_t row = 0; row < row_count; row += row_block) {
    size_t row_end = row_count - row < row_block ? row_count : row + row_block;
    for (size_t first = 0; first < width; first += piece) {
      size_t length = width - first < piece ? width - first : piece;
      for (size_t r = row; r < row_end; r += row_group) {
        size_t rows = row_end - r < row_group ? row_end - r : row_group;
        for (size_t t = 0; t < try_count; t += 5) {
          size_t tries = try_count - t < 5 ? try_count - t : 5;
          gradient_blocks[tries - 1](
              samples + (ptrdiff_t)r * sample_stride + first, sample_stride, rows, length,
              residuals + (ptrdiff_t)r * residual_stride + (ptrdiff_t)t, residual_stride,
              gradient + (ptrdiff_t)t * gradient_stride + first, gradient_stride);
        }
      }
    }
  }
}
#endif

void array_kernels_skinny_scores(const float *samples, ptrdiff_t sample_stride, size_t row_count,
                                 size_t width, const float *weights, ptrdiff_t weight_stride,
                                 size_t try_count, float *scores, ptrdiff_t score_stride,
                                 int portable) {
#if defined(__x86_64__)
  if (use_avx2(portable)) {
    scores_avx2(samples, sample_stride, row_count, width, weights, weight_stride, try_count,
                scores, score_stride);
    return;
  }
#endif
  scores_portable(samples, sample_stride, row_count, width, weights, weight_stride, try_count,
                  scores, score_stride);
}

void array_kernels_skinny_gradient(const float *samples, ptrdiff_t sample_stride, size_t row_count,
                                   size_t width, const float *residuals,
                                   ptrdiff_t residual_stride, size_t try_count, float *gradient,
                                   ptrdiff_t gradient_stride, int portable) {
#if defined(__x86_64__)
  if (use_avx2(portable)) {
    gradient_avx2(samples, sample_stride, row_count, width, residuals, residual_stride, try_count,
                  gradient, gradient_stride);
    return;
  }
#endif
  gradient_portable(samples, sample_stride, row_count, width, residuals, residual_stride,
                    try_count, gradient, gradient_stride);
}
