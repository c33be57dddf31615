/* SPDX-License-Identifier: MIT
 *
 * What kernels of finite support leave of T, from the positions alone.
 */
#ifndef KD_CLAIM_COVER_H
#define KD_CLAIM_COVER_H

#include "court.h"

/* Share of T that no point as placed is within `reach` of, sorted point `without` (or n)
 * left out; *off: what errors of positions do to it. Uses court->G[1]. */
double kd_claim_gap(const struct kd_court *court, double reach, size_t without, double *off);

#endif
