/* SPDX-License-Identifier: MIT
 *
 * Makes corners.tsv: the hard corners of every kernel, enclosed by the oracle to 25
 * digits. It takes some minutes:
 *
 *     make corners
 *
 * A row: a corner's name, then as in tests/core/reference.tsv, loss first; "inf" where
 * the target is not covered.
 */
#include <stdio.h>
#include <time.h>

#include "core/random.h"
#include "run/certify.h"
#include "tests/core/problems.h"

enum { DIGITS = 25 };

struct corner {
  const char *name;
  size_t n;
  double h;    /* of the span, which is 1 */
  double z;    /* logits in [-z, z] */
  double away; /* all points so many bandwidths further out */
  void (*place)(struct kd_problem *p, double *x, double *z);
};

/* Points at the edges, the centre, tied, and at a bandwidth from the edges */
static void special(struct kd_problem *p, double *x, double *z) {
  double h = p->h;
  const double at[] = {-0.5, -0.5, 0, 0.5, 0.5 + h, -0.5 - h, 0.25, 0.25};
  for (size_t j = 0; j < 8; j++) x[j] = at[j], z[j] = 0.5 * (double)j - 2;
}

/* Two tied pairs and one point of weight e^-1400 between them */
static void faint(struct kd_problem *p, double *x, double *z) {
  (void)p;
  const double at[] = {-0.75, -0.75, 0.125, 0.75, 0.75};
  const double logit[] = {700, 699, -700, 700, 698};
  for (size_t j = 0; j < 5; j++) x[j] = at[j], z[j] = logit[j];
}

static const struct corner corners[] = {
    {"narrow", 5, 1e-3, 2, 0, NULL},        {"narrow, many", 40, 0.01, 10, 0, NULL},
    {"wide", 6, 1e6, 3, 0, NULL},           {"many", 40, 0.1, 10, 0, NULL},
    {"uneven", 8, 0.25, 700, 0, NULL},      {"far", 6, 0.5, 2, 1e6, NULL},
    {"far, narrow", 6, 1e-3, 2, 2e4, NULL}, {"special", 8, 0.25, 0, 0, special},
    {"special, wide", 8, 2, 0, 0, special}, {"faint", 5, 0.25, 0, 0, faint},
    {"faint, wide", 5, 1, 0, 0, faint},
};
enum { N_CORNERS = sizeof corners / sizeof *corners };

static void fill(const struct corner *c, uint64_t seed, struct kd_problem *p, double *x,
                 double *z) {
  p->h = c->h, p->n = c->n, p->x = x, p->z = z;
  if (c->place) {
    c->place(p, x, z);
    return;
  }
  for (size_t j = 0; j < c->n; j++) {
    double u = kd_random_uniform(seed, KD_STREAM_POINTS, j);
    x[j] = 1.2 * (u - 0.5);
    if (c->away > 0) x[j] += (x[j] > 0 ? 1 : -1) * (0.5 + c->away * c->h);
    z[j] = c->z * (2 * kd_random_uniform(seed, KD_STREAM_LOGITS, j) - 1);
  }
}

static void row(const struct corner *c, const struct kd_problem *p) {
  struct kd_certificate answer;
  struct kd_err err;
  clock_t begin = clock();
  int code = kd_certify(p, DIGITS, false, &answer, &err);
  const char *space = p->space == KD_SPACE_CIRCLE ? "circle" : "line";
  fprintf(stderr, "%-14s %-6s %-18s %6.1f s %s\n", c->name, space, p->kernel->name,
          (double)(clock() - begin) / CLOCKS_PER_SEC, code ? err.text : "");
  if (code) return;
  printf("%s\t%s\t%s\t%.17g\t%.17g\t%.17g\t%.17g\t%s", c->name, space, p->kernel->name,
         p->shape, p->h, p->lower, p->upper, answer.loss.text);
  for (size_t j = 0; j < p->n; j++)
    printf("\t%.17g\t%.17g\t%s", p->x[j], p->z[j], answer.gradient[j].text);
  printf("\n");
  fflush(stdout);
  kd_certificate_clear(&answer);
}

int main(void) {
  static const double shapes[] = {0.5, 3.25};
  double x[MAX_POINTS], z[MAX_POINTS];
  for (size_t k = 0; k < kd_n_kernels; k++)
    for (int shape = 0; shape < (kd_kernels[k].shape_name ? 2 : 1); shape++)
      for (int i = 0; i < N_CORNERS; i++)
        for (int circle = kd_kernels[k].circle_only; circle < 2; circle++) {
          struct kd_problem p = layout_problem(kd_kernels[k].name, 0);
          if (kd_kernels[k].shape_name) p.shape = shapes[shape];
          if (circle && (corners[i].away > 0 || i % 2)) continue;
          p.space = circle ? KD_SPACE_CIRCLE : KD_SPACE_LINE;
          fill(&corners[i], 7 * k + (uint64_t)i, &p, x, z);
          row(&corners[i], &p);
        }
  kd_certify_cleanup();
  return 0;
}
