#include "halves.h"

// Elements are taken a chunk at a time into an aligned buffer, which settles alignment, strides and
// byte order, and are converted there by plain loops that vectorise.
enum { chunk = 512 };

INLINE size_t element_size(int element) {
  switch (element) {
    case array_element_bool:
    case array_element_int8:
    case array_element_uint8:
      return 1;
    case array_element_int16:
    case array_element_uint16:
    case array_element_float16:
    case array_element_bfloat16:
      return 2;
    case array_element_int32:
    case array_element_uint32:
    case array_element_float32:
      return 4;
    default:
      return 8;
  }
}

union buffer {
  uint8_t bytes[chunk * 8];
  uint16_t u16[chunk];
  uint32_t u32[chunk];
  uint64_t u64[chunk];
  int8_t i8[chunk];
  int16_t i16[chunk];
  int32_t i32[chunk];
  int64_t i64[chunk];
  float f32[chunk];
  double f64[chunk];
};

INLINE void gather(union buffer *to, const uint8_t *from, size_t size, ptrdiff_t stride,
                   int byte_swapped, size_t count) {
  ptrdiff_t step = stride * (ptrdiff_t)size;
  if (stride == 1) {
    memcpy(to->bytes, from, count * size);
  } else if (size == 1) {
    for (size_t i = 0; i < count; i++) to->bytes[i] = from[(ptrdiff_t)i * step];
  } else if (size == 2) {
    for (size_t i = 0; i < count; i++) memcpy(&to->u16[i], from + (ptrdiff_t)i * step, 2);
  } else if (size == 4) {
    for (size_t i = 0; i < count; i++) memcpy(&to->u32[i], from + (ptrdiff_t)i * step, 4);
  } else {
    for (size_t i = 0; i < count; i++) memcpy(&to->u64[i], from + (ptrdiff_t)i * step, 8);
  }
  if (!byte_swapped) return;
  if (size == 2) {
    for (size_t i = 0; i < count; i++) to->u16[i] = __builtin_bswap16(to->u16[i]);
  } else if (size == 4) {
    for (size_t i = 0; i < count; i++) to->u32[i] = __builtin_bswap32(to->u32[i]);
  } else if (size == 8) {
    for (size_t i = 0; i < count; i++) to->u64[i] = __builtin_bswap64(to->u64[i]);
  }
}

#define CONVERT(expression) \
  for (size_t i = 0; i < count; i++) to[i] = (expression)

#define CONVERT_EACH_ELEMENT(type)                                    \
  switch (element) {                                                  \
    case array_element_bool: CONVERT(from->bytes[i] ? 1 : 0); break;  \
    case array_element_int8: CONVERT((type)from->i8[i]); break;       \
    case array_element_uint8: CONVERT((type)from->bytes[i]); break;   \
    case array_element_int16: CONVERT((type)from->i16[i]); break;     \
    case array_element_uint16: CONVERT((type)from->u16[i]); break;    \
    case array_element_int32: CONVERT((type)from->i32[i]); break;     \
    case array_element_uint32: CONVERT((type)from->u32[i]); break;    \
    case array_element_int64: CONVERT((type)from->i64[i]); break;     \
    case array_element_uint64: CONVERT((type)from->u64[i]); break;    \
    case array_element_float16: CONVERT((type)half_to_float(from->u16[i])); break;   \
    case array_element_bfloat16: CONVERT((type)brain_to_float(from->u16[i])); break; \
    case array_element_float32: CONVERT((type)from->f32[i]); break;   \
    default: CONVERT((type)from->f64[i]); break;                      \
  }

INLINE void convert_float(int element, const union buffer *from, size_t count, float *to) {
  CONVERT_EACH_ELEMENT(float)
}

INLINE void convert_double(int element, const union buffer *from, size_t count, double *to) {
  CONVERT_EACH_ELEMENT(double)
}

INLINE ptrdiff_t first_overflow(const union buffer *from, const float *to, size_t count) {
  int any = 0;
  for (size_t i = 0; i < count; i++) {
    any |= __builtin_isinf(to[i]) && !__builtin_isinf(from->f64[i]);
  }
  if (!any) return -1;
  for (size_t i = 0; i < count; i++) {
    if (__builtin_isinf(to[i]) && !__builtin_isinf(from->f64[i])) return (ptrdiff_t)i;
  }
  return -1;
}

#define WIDEN_BODY(convert, destination_type, overflow_check)                            \
  size_t size = element_size(element);                                                   \
  const uint8_t *from = (const uint8_t *)source;                                         \
  union buffer buffer;                                                                   \
  ptrdiff_t overflow = -1;                                                               \
  for (size_t start = 0; start < count; start += chunk) {                                \
    size_t length = count - start < chunk ? count - start : chunk;                       \
    gather(&buffer, from + (ptrdiff_t)start * stride * (ptrdiff_t)size, size, stride,    \
           byte_swapped, length);                                                        \
    destination_type *to = destination + start;                                          \
    convert(element, &buffer, length, to);                                               \
    overflow_check                                                                       \
  }                                                                                      \
  return overflow;

#define CHECK_OVERFLOW                                                \
  if (element == array_element_float64 && overflow < 0) {             \
    ptrdiff_t place = first_overflow(&buffer, to, length);            \
    if (place >= 0) overflow = (ptrdiff_t)start + place;              \
  }

INLINE ptrdiff_t widen_float(int element, const void *source, ptrdiff_t stride, int byte_swapped,
                             size_t count, float *destination) {
  WIDEN_BODY(convert_float, float, CHECK_OVERFLOW)
}

INLINE ptrdiff_t widen_double(int element, const void *source, ptrdiff_t stride, int byte_swapped,
                              size_t count, double *destination) {
  WIDEN_BODY(convert_double, double, )
}

#if defined(__x86_64__)
AVX2 static void half_contiguous_avx2(const uint8_t *from, size_t count, float *to) {
  size_t i = 0;
  for (; i + 32 <= count; i += 32) {
    const __m128i *halves = (const __m128i *)(const void *)(from + 2 * i);
    _mm256_storeu_ps(to + i, _mm256_cvtph_ps(_mm_loadu_si128(halves)));
    _mm256_storeu_ps(to + i + 8, _mm256_cvtph_ps(_mm_loadu_si128(halves + 1)));
    _mm256_storeu_ps(to + i + 16, _mm256_cvtph_ps(_mm_loadu_si128(halves + 2)));
    _mm256_storeu_ps(to + i + 24, _mm256_cvtph_ps(_mm_loadu_si128(halves + 3)));
  }
  uint16_t halves[8];
  float values[8];
  for (; i < count; i += 8) {
    size_t length = count - i < 8 ? count - i : 8;
    memset(halves, 0, sizeof(halves));
    memcpy(halves, from + 2 * i, 2 * length);
    _mm256_storeu_ps(values, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(void *)halves)));
    memcpy(to + i, values, 4 * length);
  }
}

AVX2 static void half_avx2(const void *source, ptrdiff_t stride, int byte_swapped, size_t count,
                           float *destination) {
  const uint8_t *from = (const uint8_t *)source;
  if (stride == 1 && !byte_swapped) {
    half_contiguous_avx2(from, count, destination);
    return;
  }
  union buffer buffer;
  for (size_t start = 0; start < count; start += chunk) {
    size_t length = count - start < chunk ? count - start : chunk;
    gather(&buffer, from + (ptrdiff_t)start * stride * 2, 2, stride, byte_swapped, length);
    half_contiguous_avx2(buffer.bytes, length, destination + start);
  }
}

AVX2 static ptrdiff_t widen_float_avx2(int element, const void *source, ptrdiff_t stride,
                                       int byte_swapped, size_t count, float *destination) {
  return widen_float(element, source, stride, byte_swapped, count, destination);
}
#endif

ptrdiff_t array_kernels_widen(int element, const void *source, ptrdiff_t stride, int byte_swapped,
                              size_t count, float *destination, int portable) {
  if (element == array_element_float32 && stride == 1 && !byte_swapped) {
    memcpy(destination, source, count * sizeof(float));
    return -1;
  }
#if defined(__x86_64__)
  if (use_avx2(portable)) {
    if (element == array_element_float16) {
      half_avx2(source, stride, byte_swapped, count, destination);
      return -1;
    }
    return widen_float_avx2(element, source, stride, byte_swapped, count, destination);
  }
#endif
  return widen_float(element, source, stride, byte_swapped, count, destination);
}

void array_kernels_widen_double(int element, const void *source, ptrdiff_t stride,
                                int byte_swapped, size_t count, double *destination) {
  widen_double(element, source, stride, byte_swapped, count, destination);
}
