/* SPDX-License-Identifier: MIT
 *
 * See exact.h.
 */
#include "exact.h"

#include "laplace_step.h"

void kd_room_clear(struct kd_room *room) {
  kd_laplace_clear(&room->laplace);
  kd_lanes_clear(&room->lanes);
  kd_zones_clear(&room->zones);
  kd_laplace_circle_clear(&room->laplace_circle);
  kd_compact_clear(&room->compact);
  kd_laplace_bins_clear(&room->laplace_bins);
}

void kd_room_points_moved(struct kd_room *room) {
  room->laplace_bins.gaps.placed = false;
  room->lanes.placed = false;
  room->zones.placed = false;
}

int kd_exact_laplace(const struct kd_estimate *e, struct kd_room *room,
                     struct kd_objective *out, double *G, double *log_m, struct kd_err *err) {
  return kd_laplace_exact(e, &room->laplace, out, G, log_m, err);
}

int kd_exact_laplace_step(const struct kd_estimate *e, const double *z, struct kd_room *room,
                          bool *done, double *G, double *log_m, double *loss,
                          struct kd_err *err) {
  return kd_laplace_step(e, z, &room->lanes, done, G, log_m, loss, err);
}

int kd_exact_laplace_circle(const struct kd_estimate *e, struct kd_room *room,
                            struct kd_objective *out, double *G, double *log_m,
                            struct kd_err *err) {
  return kd_laplace_circle_exact(e, &room->laplace_circle, out, G, log_m, err);
}
