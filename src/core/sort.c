/* SPDX-License-Identifier: MIT
 *
 * See sort.h. Doubles >= 0 are in the order of their bits. The 32 leading ones of |y|, less
 * the least of all, are sorted digit by digit from the last on (Knuth, Sorting and
 * Searching 5.2.5), each beside its place in the input; those that have them in common, few
 * unless points tie, by comparisons.
 */
#include "sort.h"

#include <math.h>
#include <stdlib.h>

#include "core/vmath/bits.h"

enum { FROM = 512, DIGIT = 11, DIGITS = 3, VALUES = 1 << DIGIT, SHORT_RUN = 16 };

static int rising(double a, double b) {
  return (a > b) - (a < b);
}

static int compare(const struct kd_sort *a, const struct kd_sort *b) {
  int order = rising(fabs(a->y), fabs(b->y));
  if (!order) order = rising(a->z, b->z);
  if (!order) order = rising(a->y, b->y);
  return order ? order : (a->index > b->index) - (a->index < b->index);
}

static int by_distance(const void *left, const void *right) {
  return compare(left, right);
}

static void by_insertion(struct kd_sort *a, size_t n) {
  for (size_t k = 1; k < n; k++) {
    struct kd_sort x = a[k];
    size_t to = k;
    for (; to > 0 && compare(&a[to - 1], &x) > 0; to--) a[to] = a[to - 1];
    a[to] = x;
  }
}

/* Leading bits above, place in the input below */
static void fill_keys(size_t n, const double *y, uint64_t *keys) {
  uint64_t least = UINT64_MAX, most = 0;
  int shift = 0;
  for (size_t i = 0; i < n; i++) {
    uint64_t bits = kd_bits(fabs(y[i]));
    least = bits < least ? bits : least;
    most = bits > most ? bits : most;
  }
  while ((most - least) >> shift > UINT32_MAX) shift++;
  for (size_t i = 0; i < n; i++) keys[i] = (kd_bits(fabs(y[i])) - least) >> shift << 32 | i;
}

static size_t digit(uint64_t key, int d) {
  return key >> (32 + d * DIGIT) & (VALUES - 1);
}

/* Returns which of the two has them in order. */
static const uint64_t *by_digits(size_t n, uint64_t *keys, uint64_t *spare) {
  size_t count[DIGITS][VALUES] = {{0}};
  for (size_t i = 0; i < n; i++)
    for (int d = 0; d < DIGITS; d++) count[d][digit(keys[i], d)]++;
  for (int d = 0; d < DIGITS; d++) {
    if (count[d][digit(keys[0], d)] == n) continue;
    for (size_t v = 0, sum = 0; v < VALUES; v++) {
      size_t here = count[d][v];
      count[d][v] = sum, sum += here;
    }
    for (size_t i = 0; i < n; i++) spare[count[d][digit(keys[i], d)]++] = keys[i];
    uint64_t *sorted = spare;
    spare = keys, keys = sorted;
  }
  return keys;
}

static void sort_runs(size_t n, const uint64_t *keys, struct kd_sort *a) {
  for (size_t begin = 0, end; begin < n; begin = end) {
    for (end = begin + 1; end < n && keys[end] >> 32 == keys[begin] >> 32;) end++;
    if (end - begin > SHORT_RUN)
      qsort(a + begin, end - begin, sizeof *a, by_distance);
    else
      by_insertion(a + begin, end - begin);
  }
}

void kd_sort_points(size_t n, const double *y, const double *dy, const double *z,
                    uint64_t *keys, uint64_t *spare, struct kd_sort *out) {
  int many = n >= FROM && n <= UINT32_MAX;
  const uint64_t *order = keys;
  if (many) {
    fill_keys(n, y, keys);
    order = by_digits(n, keys, spare);
  }
  for (size_t k = 0; k < n; k++) {
    size_t i = many ? order[k] & UINT32_MAX : k;
    out[k] = (struct kd_sort){y[i], dy ? dy[i] : 0, z[i], i};
  }
  if (many)
    sort_runs(n, order, out);
  else
    qsort(out, n, sizeof *out, by_distance);
}
