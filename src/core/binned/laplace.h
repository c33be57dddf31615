/* SPDX-License-Identifier: MIT
 *
 * Room for kd_binned_laplace (binned.h), kept between calls.
 */
#ifndef KD_BINNED_LAPLACE_H
#define KD_BINNED_LAPLACE_H

#include "chain.h"
#include "gaps.h"

/* Start from {0}. */
struct kd_laplace_bins {
  struct kd_gaps gaps;
  struct kd_link *link;
  size_t links_room;
};

void kd_laplace_bins_clear(struct kd_laplace_bins *bins);

#endif
