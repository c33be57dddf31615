/* SPDX-License-Identifier: MIT
 *
 * See half_circle.h.
 */
#include "half_circle.h"

/* --- places --- */

/* A place that rounding has put beyond pi counts as pi. */
static struct kd_place place_of(double y, bool far) {
  if (fabs(y) > KD_PI_HIGH) return far ? KD_START : KD_END;
  if (!far) return (struct kd_place){fabs(y), 0};
  struct kd_dd d = kd_two_sum(KD_PI_HIGH, -fabs(y));
  d = kd_two_sum(d.high, d.low + KD_PI_LOW);
  return (struct kd_place){d.high, d.low};
}

/* --- events --- */

static bool is_far(const struct kd_half_circle *s, size_t j) {
  return s->sign * s->e->y[j] < 0;
}

static void add_point(struct kd_half_circle *s, size_t j, struct kd_place at) {
  struct kd_event *last = s->n ? &s->at[s->n - 1] : NULL;
  bool far = is_far(s, j), same;
  same = last && last->far == far && last->at.high == at.high && last->at.low == at.low;
  if (!same) s->at[s->n++] = (struct kd_event){.at = at, .far = far};
  s->event_of[j] = s->n - 1;
  kd_running_add_scaled(&s->at[s->n - 1].S, kd_weight(s->e, j));
}

/* The estimate has its points by rising |y|: near ones from its start, far ones from
 * its end. */
static void merge(struct kd_half_circle *s) {
  size_t near = 0, far = s->e->n;
  for (;;) {
    while (near < s->e->n && is_far(s, near)) near++;
    while (far > 0 && !is_far(s, far - 1)) far--;
    bool has_near = near < s->e->n;
    bool has_far = far > 0;
    if (!has_near && !has_far) return;
    struct kd_place next = has_near ? place_of(s->e->y[near], false) : KD_END;
    struct kd_place next_far = has_far ? place_of(s->e->y[far - 1], true) : KD_END;
    if (!has_near || (has_far && kd_before(next_far, next)))
      add_point(s, --far, next_far);
    else
      add_point(s, near++, next);
  }
}

/* The first near and the first far event of each side's sums, and how far apart */
static void set_sides(struct kd_half_circle *s) {
  struct kd_place near[2] = {KD_END, KD_START}, far[2] = {KD_START, KD_END};
  for (size_t k = s->n; k-- > 0;)
    if (s->at[k].far)
      far[KD_RIGHT] = s->at[k].at;
    else
      near[KD_LEFT] = s->at[k].at;
  for (size_t k = 0; k < s->n; k++)
    if (s->at[k].far)
      far[KD_LEFT] = s->at[k].at;
    else
      near[KD_RIGHT] = s->at[k].at;
  double within[2] = {kd_arc_between(KD_START, near[KD_LEFT]),
                      kd_arc_between(near[KD_RIGHT], KD_END)};
  double beyond[2] = {kd_arc_between(far[KD_LEFT], KD_END),
                      kd_arc_between(KD_START, far[KD_RIGHT])};
  for (int k = KD_LEFT; k <= KD_RIGHT; k++) {
    struct kd_front one = {{1, 0, 0}, 0};
    kd_front_move(&one, (within[k] + beyond[k]) / s->e->h);
    s->side[k] = (struct kd_side){near[k], far[k], beyond[k] / s->e->h,
                                  kd_running_value(&one.sum), one.error + 1};
  }
}

/* --- sums --- */

static struct kd_sum_there sum_of(const struct kd_front *front) {
  return (struct kd_sum_there){kd_running_value(&front->sum), front->error + 1};
}

struct kd_sums kd_sums_of(const struct kd_fronts *f) {
  return (struct kd_sums){sum_of(&f->near), sum_of(&f->grown), sum_of(&f->far)};
}

/* What becomes of an event's weight from there to another place; `grows`: on its way
 * back */
static struct kd_front moved(const struct kd_half_circle *s, const struct kd_event *event,
                             struct kd_place to, bool grows) {
  struct kd_scaled S = kd_running_value(&event->S);
  struct kd_front front = {{S.m, 0, S.e}, kd_weight_error(S)};
  double u = fmax(kd_arc_between(event->at, to), kd_arc_between(to, event->at)) / s->e->h;
  kd_front_move(&front, grows ? -u : u);
  return front;
}

void kd_half_circle_take_in(const struct kd_half_circle *s, struct kd_fronts *f, int near_side,
                            struct kd_event *event) {
  struct kd_scaled S = kd_running_value(&event->S);
  if (event->far) {
    struct kd_front far = moved(s, event, s->side[!near_side].first_far, false);
    event->share = kd_front_take_in(&f->far, kd_running_value(&far.sum), far.error);
  } else {
    struct kd_front grown = moved(s, event, s->side[near_side].first_near, true);
    kd_front_take_in(&f->grown, kd_running_value(&grown.sum), grown.error);
    event->share = kd_front_take_in(&f->near, S, kd_weight_error(S));
  }
}

static void sum_from_start(struct kd_half_circle *s) {
  struct kd_fronts f = {0};
  struct kd_place last = KD_START;
  for (size_t k = 0; k < s->n; k++) {
    struct kd_event *event = &s->at[k];
    kd_front_move(&f.near, kd_arc_between(last, event->at) / s->e->h);
    kd_half_circle_take_in(s, &f, KD_LEFT, event);
    event->sums = kd_sums_of(&f);
    last = event->at;
  }
}

struct kd_window kd_window(const struct kd_side *side, const struct kd_sums *near,
                           const struct kd_sums *far, double reach) {
  struct kd_scaled N = near->grown.value, F = far->far.value;
  if (F.m * side->across.m < 0x1p-512) F.m *= 0x1p512, F.e -= KD_LIMB;
  F.m *= side->across.m, F.e += side->across.e;
  struct kd_running both = {N.m, 0, N.e};
  kd_running_add_scaled(&both, F);
  struct kd_window w = {.near = kd_scaled_ratio(N, kd_running_value(&both)),
                        .far = kd_scaled_ratio(F, kd_running_value(&both)),
                        .error = near->grown.error + far->far.error + side->across_error + 1};
  if (w.near >= 0.5) {
    w.sum = near->near;
    w.sum.value.m /= w.near;
    w.sum.error += w.far * w.error + 4;
  } else {
    struct kd_scaled D = far->far.value;
    struct kd_front here = {{D.m, 0, D.e}, far->far.error};
    kd_front_move(&here, reach + side->beyond);
    w.sum = sum_of(&here);
    w.sum.value.m /= w.far;
    w.sum.error += w.near * w.error + 4;
  }
  return w;
}

struct kd_half_circle kd_half_circle(const struct kd_estimate *e, double sign,
                                     struct kd_event *at, size_t *event_of) {
  struct kd_half_circle s = {.e = e, .sign = sign, .event_of = event_of, .at = at};
  merge(&s);
  set_sides(&s);
  sum_from_start(&s);
  return s;
}
