/* SPDX-License-Identifier: MIT
 *
 * See circle.h. The mass: [0, pi] on both sides of the point is halved until a
 * panel is no wider than the kernel's smooth length and log K changes by at most 3
 * over it, or is negligible.
 */
#include "circle.h"

#include <math.h>

#include "num.h"
#include "rule.h"

enum { ORDER = 20 };
static const double STEEP = 3;       /* change of log K over a panel */
static const double NEGLIGIBLE = 50; /* below log K(0) or its like */

double kd_circle_reduced(double y) {
  return kd_turned(y, rint(y / (2 * KD_PI_HIGH)));
}

struct mass {
  const struct kd_kernel *kernel;
  double h, shape, side; /* side: sign of r */
  double top;            /* log K near the point */
  double node[ORDER], weight[ORDER];
  struct kd_sum sum;
};

static double log_k(const struct mass *m, double r) {
  return m->kernel->log_k(m->side * r, m->h, m->shape) - m->top;
}

static void add_panel(struct mass *m, double a, double b) {
  for (int k = 0; k < ORDER; k++) {
    double r = 0.5 * (a + b) + 0.5 * (b - a) * m->node[k];
    kd_sum_add(&m->sum, 0.5 * (b - a) * m->weight[k] * exp(log_k(m, r)));
  }
}

static void refine(struct mass *m, double a, double b, double narrow) {
  double from = log_k(m, a), to = log_k(m, b);
  bool negligible = from < -NEGLIGIBLE && to < -NEGLIGIBLE;
  bool smooth =
      b - a <= m->kernel->smooth_length(a, b, m->h, m->shape) && fabs(from - to) <= STEEP;
  if (negligible || smooth || b - a <= narrow) {
    add_panel(m, a, b);
  } else {
    refine(m, a, 0.5 * (a + b), narrow);
    refine(m, 0.5 * (a + b), b, narrow);
  }
}

double kd_circle_log_mass(const struct kd_kernel *kernel, double h, double shape) {
  struct mass m = {.kernel = kernel, .h = h, .shape = shape, .side = 1};
  double end = fmin(KD_PI_HIGH, kernel->support * h);
  m.top = kernel->log_k(0, h, shape);
  kd_gauss_legendre(ORDER, m.node, m.weight);
  refine(&m, 0, end, fmin(end, h) * 0x1p-52);
  if (kernel->lopsided) {
    m.side = -1;
    refine(&m, 0, end, fmin(end, h) * 0x1p-52);
    return m.top + log(kd_sum_value(&m.sum));
  }
  return m.top + log(2 * kd_sum_value(&m.sum));
}
