#ifndef CARRAYKERNELS_H
#define CARRAYKERNELS_H

// Loops over elements that a compiler will not vectorise for the processor at hand by itself. Each
// has a portable form and, on x86-64, one for AVX2, FMA and F16C that is chosen when it runs; a few have
// one for AVX-512 too.
// `portable` asks for the portable form, so that tests can hold the two against each other.

#include <stddef.h>
#include <stdint.h>

/// The number of processors that this process may run on (its affinity mask, not the machine's).
int array_kernels_available_processors(void);

/// Whether the AVX2 forms run on this processor.
int array_kernels_have_avx2(void);

/// Whether those of the few kernels that have an AVX-512 form run on it.
int array_kernels_have_avx512(void);

/// Which form of a kernel that has three of them runs.
enum array_kernels_form {
  array_kernels_widest = 0,
  array_kernels_portable = 1,
  array_kernels_avx2 = 2,
};

/// What the bytes of an array hold.
enum array_element {
  array_element_bool = 0,
  array_element_int8 = 1,
  array_element_uint8 = 2,
  array_element_int16 = 3,
  array_element_uint16 = 4,
  array_element_int32 = 5,
  array_element_uint32 = 6,
  array_element_int64 = 7,
  array_element_uint64 = 8,
  array_element_float16 = 9,
  array_element_bfloat16 = 10,
  array_element_float32 = 11,
  array_element_float64 = 12,
};

/// Converts `count` elements, `stride` elements apart, from bytes at any alignment.
///
/// Returns the index of the first finite element that became infinite, or -1.
ptrdiff_t array_kernels_widen(int element, const void *source, ptrdiff_t stride, int byte_swapped,
                              size_t count, float *destination, int portable);

/// The same, to float64; nothing overflows.
void array_kernels_widen_double(int element, const void *source, ptrdiff_t stride,
                                int byte_swapped, size_t count, double *destination);

/// The index of the first NaN or infinity, or -1.
ptrdiff_t array_kernels_first_non_finite_float(const float *values, size_t count);
ptrdiff_t array_kernels_first_non_finite_double(const double *values, size_t count);

/// values[i] <- exp(values[i]) and values[i] <- 1 / (1 + exp(-values[i])).
void array_kernels_exponential(const float *source, float *destination, size_t count, int portable);
void array_kernels_sigmoid(const float *source, float *destination, size_t count, int portable);

/// scores[r, t] <- sum over k of samples[r, k] weights[t, k].
void array_kernels_skinny_scores(const float *samples, ptrdiff_t sample_stride, size_t row_count,
                                 size_t width, const float *weights, ptrdiff_t weight_stride,
                                 size_t try_count, float *scores, ptrdiff_t score_stride,
                                 int portable);

/// gradient[t, k] <- gradient[t, k] + sum over r of residuals[r, t] samples[r, k].
void array_kernels_skinny_gradient(const float *samples, ptrdiff_t sample_stride, size_t row_count,
                                   size_t width, const float *residuals,
                                   ptrdiff_t residual_stride, size_t try_count, float *gradient,
                                   ptrdiff_t gradient_stride, int portable);

/// The coefficients of a step of AdamW.
struct array_kernels_adaptive_step {
  float keep, size, mean_weight, variance_keep, variance_weight, variance_correction, epsilon;
};

/// Moves the running moments towards the gradient, and the parameters by their quotient:
///   mean      <- mean + (gradient - mean) mean_weight
///   variance  <- variance variance_keep + gradient^2 variance_weight
///   parameter <- parameter keep - size (mean / (sqrt(variance) / variance_correction + epsilon))
void array_kernels_adaptive_step(const struct array_kernels_adaptive_step *step, size_t count,
                                 const float *gradient, float *parameter, float *mean,
                                 float *variance, int portable);

/// sums[c] <- sums[c] + sum over rows of x[r, c], in float64.
///
/// `rows` names the rows, in order; null means 0, 1, 2, and so on.
void array_kernels_column_sums_float(const float *values, ptrdiff_t stride, const int64_t *rows,
                                     size_t row_count, size_t width, double *sums);
void array_kernels_column_sums_double(const double *values, ptrdiff_t stride, const int64_t *rows,
                                      size_t row_count, size_t width, double *sums);

/// sums[c] <- sums[c] + sum over rows of (x[r, c] - means[c])^2, in float64.
void array_kernels_column_squares_float(const float *values, ptrdiff_t stride, const int64_t *rows,
                                        size_t row_count, size_t width, const double *means,
                                        double *sums);
void array_kernels_column_squares_double(const double *values, ptrdiff_t stride,
                                         const int64_t *rows, size_t row_count, size_t width,
                                         const double *means, double *sums);

/// target[k] <- (source[k] - centre[k]) scale, subtracted in float64; returns the sum of their squares.
double array_kernels_center_float_float(const float *source, const double *centre, double scale,
                                        size_t count, float *target);
double array_kernels_center_float_double(const float *source, const double *centre, double scale,
                                         size_t count, double *target);
double array_kernels_center_double_float(const double *source, const double *centre, double scale,
                                         size_t count, float *target);
double array_kernels_center_double_double(const double *source, const double *centre, double scale,
                                          size_t count, double *target);

/// The sum over k of ((left[k] - right[k]) scale)^2 in float64, in one order.
double array_kernels_squared_distance_float(const float *left, const float *right, double scale,
                                            size_t count);
double array_kernels_squared_distance_double(const double *left, const double *right, double scale,
                                             size_t count);

/// bounds <- min low[k] - 2 products[k], min high[k] - 2 products[k], and the two maxima.
void array_kernels_product_bounds_float(const float *products, const float *low, const float *high,
                                        size_t count, float *bounds);
void array_kernels_product_bounds_double(const double *products, const double *low,
                                         const double *high, size_t count, double *bounds);

/// result <- the sum over k of sqrt(max(0, square)), square = norm + norms[k] - 2 products[k]; returns
/// whether any square is at most threshold (norm + norms[k]).
int array_kernels_sum_distances(const double *products, const double *norms, double norm,
                                double threshold, size_t count, double *result);

/// sums[c] <- sums[c] + sum over rows of x[r, c] - centre[c], in float64.
///
/// Returns the sum of (x[r, c] - centre[c])^2 over rows and columns.
double array_kernels_centered_moments_float(const float *values, ptrdiff_t stride,
                                            size_t row_count, size_t width, const double *centre,
                                            double *sums, int portable);
double array_kernels_centered_moments_double(const double *values, ptrdiff_t stride,
                                             size_t row_count, size_t width,
                                             const double *centre, double *sums, int portable);

/// distances[r, k] <- sum over columns of (x[r, c] - centres[k, c])^2, in float64.
void array_kernels_squared_distances_float(const float *values, ptrdiff_t stride,
                                           size_t row_count, size_t width, const double *centres,
                                           ptrdiff_t centre_stride, size_t centre_count,
                                           double *distances, int portable);
void array_kernels_squared_distances_double(const double *values, ptrdiff_t stride,
                                            size_t row_count, size_t width,
                                            const double *centres, ptrdiff_t centre_stride,
                                            size_t centre_count, double *distances, int portable);

/// Logits z[t] = scale (base[t] + coefficient slope[t]) + offset[t], then cap tanh(z[t] / cap), beside
/// reference logits and their weights; offset may be null, and a cap of 0 is none.
struct array_kernels_softmax {
  const float *base, *slope, *offset, *reference, *weights;
  float coefficient, scale, cap;
};

/// With m the largest z: m, and the sums over tokens of e = exp(z - m), of e (z - reference) and of
/// weights (z - reference).
struct array_kernels_softmax_sums {
  float largest;
  double total, gain, loss;
};

/// scratch holds count elements, which are overwritten with z.
void array_kernels_softmax_sums(const struct array_kernels_softmax *softmax, size_t count,
                                float *scratch, struct array_kernels_softmax_sums *sums,
                                int portable);

/// What the softmax of one token's logits is judged by. With m the largest logit and e = exp(z - m):
struct array_kernels_logit_sums {
  /// m, and the largest logit but one; -infinity where there is none.
  double largest, second;
  /// The sums of e and of e (z - m).
  double total, weighted;
  /// The sums of e^2, e^3 and e^4, if they were asked for.
  double squares, cubes, fourths;
  /// The sum of the finite logits, and how many those are; the others are -infinity.
  double finite_sum;
  size_t finite_count;
};

/// Adds up one token's logits, which lie side by side at any alignment: float16, bfloat16 or float32.
///
/// Returns the place of the first NaN or positive infinity, or -1.
ptrdiff_t array_kernels_logit_sums(int element, const void *logits, size_t count, int powers,
                                   struct array_kernels_logit_sums *sums, int form);

#endif
