/* SPDX-License-Identifier: MIT
 *
 * The rows of the table of claims, each in the file of its subject.
 */
#ifndef KD_CLAIM_ROWS_H
#define KD_CLAIM_ROWS_H

#include "core/claim.h"

/* label.c: kernels that say yes or no */
extern const struct kd_claim kd_claim_one_match, kd_claim_matches, kd_claim_no_match;
/* scale.c: factors on K */
extern const struct kd_claim kd_claim_scale;
/* distance.c: points at equal distance */
extern const struct kd_claim kd_claim_equal_bin, kd_claim_equal_target;
/* shift.c: kernels of constant score, up to edge and centre */
extern const struct kd_claim kd_claim_at_centre, kd_claim_to_edge, kd_claim_to_centre,
    kd_claim_loss;
/* past_edge.c, midpoints.c, narrow.c: the same, once points pass bins */
extern const struct kd_claim kd_claim_past_edge, kd_claim_midpoints, kd_claim_narrow;
/* score.c: kernels whose score is constant on either side */
extern const struct kd_claim kd_claim_family, kd_claim_sided;
/* speed.c: the gradient's change with the shift */
extern const struct kd_claim kd_claim_speed;
/* far.c: far outside T */
extern const struct kd_claim kd_claim_far;
/* cover.c: supports that leave T */
extern const struct kd_claim kd_claim_cover;
/* norm.c: the norm of the gradient */
extern const struct kd_claim kd_claim_norm;
/* circle.c */
extern const struct kd_claim kd_claim_circle;
/* walk.c: descents */
extern const struct kd_claim kd_claim_walk;

#endif
