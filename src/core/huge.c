/* SPDX-License-Identifier: MIT
 *
 * See huge.h. Linux gives huge pages to ranges that it is told of, if it is set to `madvise`;
 * `always` needs no word and `never` hears none.
 */
#include "huge.h"

#include <stdint.h>
#include <stdlib.h>

#ifdef __linux__
#include <sys/mman.h>
#endif

#include "aligned.h"

static const size_t HUGE_PAGE = (size_t)2 << 20, LARGE = (size_t)4 << 20;

/* The whole huge pages of it: what is behind them takes no more memory than it needs. */
static void ask_for_huge_pages(void *memory, size_t size) {
#ifdef MADV_HUGEPAGE
  madvise(memory, size - size % HUGE_PAGE, MADV_HUGEPAGE);
#else
  (void)memory, (void)size;
#endif
}

double *kd_huge_numbers(size_t n) {
  void *numbers;
  if (n < LARGE / sizeof(double)) return kd_numbers(n);
  if (n > SIZE_MAX / 2 / sizeof(double)) return NULL;
  if (posix_memalign(&numbers, HUGE_PAGE, n * sizeof(double))) return NULL;
  ask_for_huge_pages(numbers, n * sizeof(double));
  return numbers;
}
