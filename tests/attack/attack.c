/* SPDX-License-Identifier: MIT
 *
 * Tries to break each claim that holds, and to come as close as can be to each refuted one
 * that holds after all: random problems of every kind, the best of them changed step by
 * step, as long as the margin (residual over bound; above 1 refutes) gets better.
 *
 *   attack [DRAWS [MOVES]]    random problems in all, moves from each start (4000, 150)
 *
 * Prints a line a claim and, for the worst margin, the problem as a config. Exit 1 if a
 * claim that is to hold is refuted.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/claim.h"
#include "core/random.h"
#include "core/vmath/vmath.h"
#include "tests/core/reproduce.h"

enum { POINTS = 6, STARTS = 4 };

/* A problem with its own points */
struct trial {
  struct kd_problem p;
  double x[POINTS], z[POINTS], margin;
};

static uint64_t drawn;

static double uniform(double low, double high) {
  return low + (high - low) * kd_random_uniform(77, KD_STREAM_POINTS, drawn++);
}

static size_t below(size_t n) {
  return (size_t)uniform(0, (double)n);
}

static double rounded(double v, bool is_short) {
  return is_short ? rint(64 * v) / 64 : v;
}

static void draw(struct trial *t) {
  static const char *const rule[] = {"best", "midpoint", "midpoint", "exact", "adaptive"};
  static const double step[] = {1, 1, 0.5, 0.25, 1.5, -1, -8};
  const struct kd_kernel *kernel = &kd_kernels[below(kd_n_kernels)];
  bool is_short = below(2), circle = kernel->circle_only || below(4) == 0;
  if (below(3) == 0) kernel = kd_kernel_find("laplace");
  t->p = layout_problem(kernel->name, 0);
  t->p.n = 1 + below(POINTS), t->p.x = t->x, t->p.z = t->z;
  t->p.space = circle || kernel->circle_only ? KD_SPACE_CIRCLE : KD_SPACE_LINE;
  if (kernel->shape_name) t->p.shape = below(3) ? kernel->shape_default : uniform(0.5, 3);
  t->p.rule = kd_rule_find(rule[below(5)]);
  if (t->p.rule->closed == KD_CLOSED_ONLY &&
      !(circle ? kernel->exact_on_circle : kernel->exact))
    t->p.rule = kd_rule_find("best");
  t->p.bins = 1 + below(12);
  t->p.h = rounded(kd_exp(uniform(-1.5, 1.5)), is_short) + 1.0 / 64;
  double w = rounded(uniform(0.02, 1), is_short) + 1.0 / 64,
         c = rounded(uniform(-1, 1), is_short);
  t->p.lower = c - w, t->p.upper = c + w;
  for (size_t j = 0; j < t->p.n; j++) {
    double r = rounded(below(5) ? w + uniform(0, 3) : uniform(0, w), is_short);
    t->x[j] = c + (below(2) ? r : -r);
    t->z[j] = below(8) ? uniform(-2, 2) : uniform(-300, 0);
  }
  t->p.shift_unit = kd_shift_unit_find(below(2) ? "edge" : below(2) ? "centre" : "bandwidth");
  t->p.shift = step[below(7)];
  if (kernel->lopsided) {
    t->p.shift_mode = kd_shift_mode_find("sided");
    t->p.shift_left = 1, t->p.shift_right = t->p.shape * t->p.shape;
    t->p.shift_unit = kd_shift_unit_find("edge"), t->p.shift = 0.25;
  }
  if (below(6) == 0) t->p.log10_factor = uniform(-300, 300), t->p.log10_slope = uniform(-9, 9);
  t->p.descent = &kd_descents[1 + below(kd_n_descents - 1)];
  t->p.rate = 0.25, t->p.steps = is_short ? 30 : 0;
}

/* How well it serves: the margin against a claim that holds, its inverse for one that is
 * refuted; negative where the cell says nothing. */
static double worth(const struct kd_claim *claim, const struct kd_finding *f) {
  double margin = kd_finding_margin(f);
  if (isnan(margin) || !isfinite(f->bound) || !kd_claim_has_power(claim, f)) return -1;
  return claim->expected == KD_VERDICT_REFUTED ? 1 / (margin + 1e-300) : margin;
}

static void copy(struct trial *to, const struct trial *from) {
  *to = *from;
  to->p.x = to->x, to->p.z = to->z;
}

static void judge(struct trial *t, unsigned claims, struct kd_workspace *ws,
                  struct kd_finding finding[KD_N_CLAIMS]) {
  struct kd_err err;
  t->p.claims = claims;
  if (kd_claims_judge(&t->p, ws, finding, &err)) {
    fprintf(stderr, "attack: %s\n", err.text);
    exit(3);
  }
}

/* Moves one number a little, or a lot. */
static void move(struct trial *t) {
  double size = pow(10, uniform(-6, 0)) * uniform(-1, 1);
  size_t j = below(t->p.n);
  switch (below(6)) {
  case 0:
  case 1:
    t->x[j] += size;
    return;
  case 2:
    t->z[j] += 4 * size;
    return;
  case 3:
    t->p.h *= 1 + 0.5 * size;
    return;
  case 4:
    t->p.lower -= 0.4 * size * (t->p.upper - t->p.lower);
    return;
  default:
    t->p.shift *= 1 + 0.5 * size;
  }
}

struct search {
  size_t tries, apply, tell; /* judged; applicable; with power */
  struct trial start[STARTS], best;
};

static void note_start(struct search *s, const struct trial *t) {
  size_t least = 0;
  for (size_t k = 1; k < STARTS; k++)
    if (s->start[k].margin < s->start[least].margin) least = k;
  if (t->margin > s->start[least].margin) copy(&s->start[least], t);
}

static void count(struct search *s, const struct kd_claim *claim, const struct kd_finding *f) {
  s->tries++;
  s->apply += isnan(f->residual) ? 0 : 1;
  s->tell += worth(claim, f) >= 0 ? 1 : 0;
}

static void climb(struct search *s, enum kd_claim_id id, size_t moves,
                  struct kd_workspace *ws) {
  struct kd_finding finding[KD_N_CLAIMS];
  for (size_t k = 0; k < STARTS; k++) {
    struct trial here;
    copy(&here, &s->start[k]);
    for (size_t m = 0; here.margin >= 0 && m < moves; m++) {
      struct trial next;
      copy(&next, &here);
      move(&next);
      if (!(next.p.lower < next.p.upper)) continue;
      judge(&next, 1u << id, ws, finding);
      count(s, kd_claims[id], &finding[id]);
      next.margin = worth(kd_claims[id], &finding[id]);
      if (next.margin > here.margin) copy(&here, &next);
    }
    if (here.margin > s->best.margin) copy(&s->best, &here);
  }
}

/* Its verdict on the attack; true if it is as expected. */
static bool report(enum kd_claim_id id, const struct search *s) {
  const struct kd_claim *claim = kd_claims[id];
  bool refuted = claim->expected == KD_VERDICT_REFUTED, stands;
  if (s->best.margin < 0) {
    printf("%-4s %7zu tries, %6zu applicable, none with power\n", claim->name, s->tries,
           s->apply);
    return true;
  }
  double margin = refuted ? 1 / s->best.margin : s->best.margin;
  stands = refuted || margin <= 1;
  printf("%-4s %7zu tries, %6zu applicable, %6zu with power: %s margin %.3g%s\n", claim->name,
         s->tries, s->apply, s->tell, refuted ? "least" : "worst", margin,
         stands ? "" : "  BROKEN");
  fflush(stdout);
  if (!stands || getenv("VERBOSE")) print_config(&s->best.p);
  return stands;
}

int main(int argc, char **argv) {
  size_t draws = argc > 1 ? strtoul(argv[1], NULL, 10) : 4000;
  size_t moves = argc > 2 ? strtoul(argv[2], NULL, 10) : 150;
  static struct search search[KD_N_CLAIMS];
  struct kd_finding finding[KD_N_CLAIMS];
  struct kd_workspace *ws = kd_workspace_create();
  bool all = ws != NULL, broken = false;
  for (size_t id = 0; id < KD_N_CLAIMS; id++) {
    search[id].best.margin = -1;
    for (size_t k = 0; k < STARTS; k++) search[id].start[k].margin = -1;
  }
  for (size_t i = 0; all && i < draws; i++) {
    struct trial t;
    draw(&t);
    judge(&t, (1u << KD_N_CLAIMS) - 1, ws, finding);
    for (size_t id = 0; id < KD_N_CLAIMS; id++) {
      count(&search[id], kd_claims[id], &finding[id]);
      t.margin = worth(kd_claims[id], &finding[id]);
      if (t.margin >= 0) note_start(&search[id], &t);
    }
  }
  for (size_t id = 0; all && id < KD_N_CLAIMS; id++) {
    climb(&search[id], (enum kd_claim_id)id, moves, ws);
    broken |= !report((enum kd_claim_id)id, &search[id]);
  }
  kd_workspace_free(ws);
  return !all ? 3 : broken ? 1 : 0;
}
