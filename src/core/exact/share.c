/* SPDX-License-Identifier: MIT
 *
 * See share.h.
 */
#include "share.h"
#include "core/vmath/vmath.h"

#include <math.h>

struct kd_scaled kd_weight(const struct kd_estimate *e, size_t j) {
  if (e->S[j] >= 0x1p-512) return (struct kd_scaled){e->S[j], 0};
  if (e->S[j] >= 0x1p-1000) return (struct kd_scaled){e->S[j] * 0x1p512, -KD_LIMB};
  if (!isfinite(e->log_S[j])) return (struct kd_scaled){0};
  double limbs = floor(-e->log_S[j] / KD_LIMB_LOG);
  double rest = (e->log_S[j] + limbs * KD_LIMB_HIGH) + limbs * KD_LIMB_LOW;
  return (struct kd_scaled){kd_exp(fmax(-356, fmin(1, rest))), -KD_LIMB * limbs};
}

double kd_weight_error(struct kd_scaled S) {
  return S.e < 0 ? 260 : 0; /* rest is in [-355, 0], rounded to half an ulp */
}

void kd_front_move(struct kd_front *front, double u) {
  if (!(front->sum.high > 0)) return;
  kd_running_decay(&front->sum, u);
  front->error += kd_decay_error(u);
}

void kd_front_fall(struct kd_front *front, double u, double fall) {
  if (!(front->sum.high > 0)) return;
  kd_running_add(&front->sum, fall * front->sum.high);
  kd_running_lift(&front->sum);
  front->error += kd_decay_error(u);
}

struct kd_share kd_front_take_in(struct kd_front *front, struct kd_scaled S, double error) {
  struct kd_scaled before = kd_running_value(&front->sum);
  kd_running_add_scaled(&front->sum, S);
  struct kd_scaled sum = kd_running_value(&front->sum);
  struct kd_share share = {kd_scaled_ratio(S, sum), kd_scaled_ratio(before, sum),
                           front->error + error, sum};
  front->error = share.before * front->error + share.own * error;
  return share;
}

void kd_flow_add(struct kd_flow *flow, double part, double error) {
  kd_running_add(&flow->mean, part);
  flow->error += error;
}

void kd_flow_collect(const struct kd_flow *flow, const struct kd_share *share, double *rho,
                     double *error) {
  double r = flow->mean.high;
  *rho += share->own * r;
  *error += share->own * (flow->error + r * (share->before * share->error + 7));
}

void kd_flow_gain(const struct kd_flow *flow, const struct kd_share *share,
                  struct kd_scaled *m) {
  struct kd_scaled part = {flow->mean.high / share->sum.m, -share->sum.e};
  if (!(flow->mean.high > 0)) return;
  if (!(m->m > 0) || part.e - m->e > 4 * KD_LIMB)
    *m = part;
  else if (part.e > m->e)
    *m = (struct kd_scaled){part.m + ldexp(m->m, (int)(m->e - part.e)), part.e};
  else if (m->e - part.e <= 4 * KD_LIMB)
    m->m += ldexp(part.m, (int)(part.e - m->e));
}

void kd_flow_pass(struct kd_flow *flow, const struct kd_share *share) {
  double off = share->own * (share->error + 10) * flow->mean.high;
  flow->error = share->before * (flow->error + off);
  if (share->own <= 0.5)
    kd_running_add(&flow->mean, -share->own * flow->mean.high);
  else
    kd_running_multiply(&flow->mean, share->before);
}
