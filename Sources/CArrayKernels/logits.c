#include <math.h>

#include "halves.h"

// One pass over a token's logits, a chunk at a time. Exponentials are taken relative to a reference that
// no logit exceeds by more than `slack`; a chunk that has a larger one is read again, from the first
// cache, once the sums so far have been rescaled. Sums are float32 within a chunk, where each lane takes
// so few terms that their rounding is that of a few additions, and float64 from chunk to chunk.
enum { lanes = 16, chunk = 4096, slack = 8 };

typedef float floats __attribute__((vector_size(4 * lanes), aligned(4)));
typedef int32_t ints __attribute__((vector_size(4 * lanes)));
typedef uint16_t shorts __attribute__((vector_size(2 * lanes)));
typedef _Float16 halves __attribute__((vector_size(2 * lanes)));
typedef double doubles __attribute__((vector_size(8 * lanes), aligned(8)));

// Of each lane the one or the other; a NaN is never chosen as `first`. C has no choice between vectors by
// a third one, but this becomes one instruction.
#define LARGER(first, second) CHOICE((first) > (second), first, second)
#define SMALLER(first, second) CHOICE((first) < (second), first, second)
#define CHOICE(mask, first, second) \
  (floats)(((mask) & (ints)(first)) | (~(mask) & (ints)(second)))

// The next `lanes` logits as float32. A macro, because a vector cannot be handed from a function for one
// processor to that for another.
#define VECTOR(element, has_halves, from)                                \
  ({                                                                     \
    floats value;                                                        \
    if (element == array_element_float32) {                              \
      memcpy(&value, from, sizeof(value));                               \
    } else if (element == array_element_bfloat16) {                      \
      shorts bits;                                                       \
      memcpy(&bits, from, sizeof(bits));                                 \
      value = (floats)(__builtin_convertvector(bits, ints) << 16);       \
    } else if (has_halves) {                                             \
      halves half;                                                       \
      memcpy(&half, from, sizeof(half));                                 \
      value = __builtin_convertvector(half, floats);                     \
    } else {                                                             \
      for (int lane = 0; lane < lanes; lane++) {                         \
        uint16_t half;                                                   \
        memcpy(&half, from + 2 * lane, 2);                               \
        value[lane] = half_to_float(half);                               \
      }                                                                  \
    }                                                                    \
    value;                                                               \
  })

INLINE size_t size_of(int element) { return element == array_element_float32 ? 4 : 2; }

// The sums so far of e = exp(z - reference), lane by lane.
struct running {
  doubles total, weighted, squares, cubes, fourths, finite;
  double reference, largest, second;
  size_t finite_count;
};

static void rebase(struct running *sums, double reference) {
  double step = sums->reference - reference, factor = exp(step);
  if (factor == 0) step = 0;
  sums->reference = reference;
  sums->weighted = (sums->weighted + step * sums->total) * factor;
  sums->total *= factor;
  sums->squares *= factor * factor;
  sums->cubes *= factor * factor * factor;
  sums->fourths *= factor * factor * factor * factor;
}

static void note(struct running *sums, double z) {
  if (z > sums->largest) {
    sums->second = sums->largest;
    sums->largest = z;
  } else if (z > sums->second) {
    sums->second = z;
  }
}

// Notes the two largest of whole vectors.
INLINE void note_vectors(struct running *sums, int element, int has_halves, const uint8_t *from,
                         size_t whole) {
  floats first = (floats){0} - INFINITY, second = first;
  for (size_t i = 0; i < whole; i += lanes) {
    floats value = VECTOR(element, has_halves, from + i * size_of(element));
    floats lower = SMALLER(value, first);
    second = LARGER(lower, second);
    first = LARGER(value, first);
  }
  for (int lane = 0; lane < lanes; lane++) {
    note(sums, first[lane]);
    note(sums, second[lane]);
  }
}

enum outcome { added, exceeds_reference, not_finite };

// Adds whole vectors, or nothing if they hold a NaN, an infinity or a logit beyond the reference.
INLINE enum outcome add_vectors(struct running *sums, int element, int has_halves,
                                const uint8_t *from, size_t whole, int powers, float *largest) {
  const float log2e = 1.44269504088896341f;
  const float magic = 12582912.0f;  // 1.5 * 2^23: adding it leaves the nearest integer
  const float reference = (float)sums->reference;
  const floats lowest = (floats){0} - 86.0f;
  floats highest = (floats){0} - INFINITY;
  floats total = {0}, weighted = {0}, squares = {0}, cubes = {0}, fourths = {0}, differences = {0};
  for (size_t i = 0; i < whole; i += lanes) {
    floats value = VECTOR(element, has_halves, from + i * size_of(element));
    highest = LARGER(value, highest);
    floats d = value - reference;
    differences += d;
    // exp(d) = 2^n 2^r with n the integer next to d / ln 2. The polynomial for 2^r, |r| <= 1/2, is the
    // one of its degree that has the smallest relative error, 9.2e-8, among those that are 1 at 0.
    floats clamped = LARGER(d, lowest);
    floats shifted = clamped * log2e + magic;
    floats n = shifted - magic;
    floats r = clamped * log2e - n;
    floats p = r * 1.326472036621648e-3f + 9.671513022325122e-3f;
    p = p * r + 5.550733777650828e-2f;
    p = p * r + 2.402224207698382e-1f;
    p = p * r + 6.931469775578207e-1f;
    p = p * r + 1.0f;
    floats e = (floats)((ints)p + ((ints)shifted << 23));
    total += e;
    weighted += e * d;
    if (powers) {
      floats square = e * e;
      squares += square;
      cubes += square * e;
      fourths += square * square;
    }
  }
  *largest = __builtin_reduce_max(highest);
  // A NaN or an infinity among the logits is one here, and not 0 when taken from itself.
  ints are_finite = differences - differences == 0;
  if (!__builtin_reduce_and(are_finite))
    return *largest < INFINITY && *largest > sums->reference + slack ? exceeds_reference : not_finite;
  if (*largest > sums->reference + slack) return exceeds_reference;
  sums->finite += __builtin_convertvector(differences, doubles)
                  + (double)(whole / lanes) * sums->reference;
  sums->finite_count += whole;
  sums->total += __builtin_convertvector(total, doubles);
  sums->weighted += __builtin_convertvector(weighted, doubles);
  if (powers) {
    sums->squares += __builtin_convertvector(squares, doubles);
    sums->cubes += __builtin_convertvector(cubes, doubles);
    sums->fourths += __builtin_convertvector(fourths, doubles);
  }
  return added;
}

// Adds logits one by one; returns the place of the first that is NaN or +infinity, or -1.
static ptrdiff_t add_singly(struct running *sums, int element, const uint8_t *from, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float value;
    array_kernels_widen(element, from + i * size_of(element), 1, 0, 1, &value, 1);
    double z = value;
    if (!(z < INFINITY)) return (ptrdiff_t)i;
    if (z == -INFINITY) continue;
    if (z > sums->reference) rebase(sums, z);
    double d = z - sums->reference, e = exp(d);
    note(sums, z);
    sums->total[0] += e;
    sums->weighted[0] += e * d;
    sums->squares[0] += e * e;
    sums->cubes[0] += e * e * e;
    sums->fourths[0] += e * e * (e * e);
    sums->finite[0] += z;
    sums->finite_count++;
  }
  return -1;
}

// Adds whole vectors; returns as above.
INLINE ptrdiff_t add_chunk(struct running *sums, int element, int has_halves, const uint8_t *from,
                           size_t whole, int powers) {
  float largest;
  enum outcome outcome =
      add_vectors(sums, element, has_halves, from, whole, powers, &largest);
  if (outcome == exceeds_reference) {
    rebase(sums, largest);
    outcome = add_vectors(sums, element, has_halves, from, whole, powers, &largest);
  }
  if (outcome == not_finite) return add_singly(sums, element, from, whole);
  if (largest > sums->second) note_vectors(sums, element, has_halves, from, whole);
  return -1;
}

#define ADD_CHUNK(element, has_halves)                                       \
  (powers ? add_chunk(sums, element, has_halves, from, whole, 1)             \
          : add_chunk(sums, element, has_halves, from, whole, 0))

#define DEFINE(form, has_halves, ATTRIBUTES)                                                  \
  ATTRIBUTES static ptrdiff_t form(struct running *sums, int element, const uint8_t *from,    \
                                   size_t whole, int powers) {                                \
    if (element == array_element_float32) return ADD_CHUNK(array_element_float32, has_halves); \
    return element == array_element_float16 ? ADD_CHUNK(array_element_float16, has_halves)    \
                                            : ADD_CHUNK(array_element_bfloat16, has_halves);  \
  }

DEFINE(portable, 0, )
#if defined(__x86_64__)
DEFINE(avx2, 1, AVX2)
DEFINE(avx512, 1, AVX512)
#endif

typedef ptrdiff_t adder(struct running *sums, int element, const uint8_t *from, size_t whole,
                        int powers);

static adder *adder_of(int form) {
#if defined(__x86_64__)
  if (form == array_kernels_widest && array_kernels_have_avx512()) return avx512;
  if (form != array_kernels_portable && array_kernels_have_avx2()) return avx2;
#endif
  return portable;
}

static double sum(const doubles *values) {
  double sum = 0;
  for (int lane = 0; lane < lanes; lane++) sum += (*values)[lane];
  return sum;
}

ptrdiff_t array_kernels_logit_sums(int element, const void *logits, size_t count, int powers,
                                   struct array_kernels_logit_sums *sums, int form) {
  adder *add = adder_of(form);
  const uint8_t *from = (const uint8_t *)logits;
  struct running running = {.reference = -INFINITY, .largest = -INFINITY, .second = -INFINITY};
  for (size_t start = 0; start < count; start += chunk) {
    size_t length = count - start < chunk ? count - start : chunk, whole = length - length % lanes;
    const uint8_t *here = from + start * size_of(element), *rest = here + whole * size_of(element);
    ptrdiff_t place = whole > 0 ? add(&running, element, here, whole, powers) : -1;
    if (place >= 0) return (ptrdiff_t)start + place;
    place = add_singly(&running, element, rest, length - whole);
    if (place >= 0) return (ptrdiff_t)(start + whole) + place;
  }
  if (running.finite_count > 0) rebase(&running, running.largest);
  sums->largest = running.largest;
  sums->second = running.second;
  sums->total = sum(&running.total);
  sums->weighted = sum(&running.weighted);
  sums->squares = sum(&running.squares);
  sums->cubes = sum(&running.cubes);
  sums->fourths = sum(&running.fourths);
  sums->finite_sum = sum(&running.finite);
  sums->finite_count = running.finite_count;
  return -1;
}
