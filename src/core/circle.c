/* SPDX-License-Identifier: MIT
 *
 * See circle.h. The mass: [0, pi] on both sides of the point is halved until K grows by
 * at most e^2 in the complex neighbourhood of a panel (kd_slope, panel.c), or is
 * negligible. Gauss-Legendre of order 20 then errs by less than a rounding.
 */
#include "circle.h"

#include <math.h>

#include "core/vmath/vmath.h"
#include "num.h"
#include "panel.h"
#include "rule.h"

enum { ORDER = 20 };
static const double GROWTH_MAX = 2;
static const double NEGLIGIBLE = 50; /* below log K(0) or its like */

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
    kd_sum_add(&m->sum, 0.5 * (b - a) * m->weight[k] * kd_exp(log_k(m, r)));
  }
}

static void refine(struct mass *m, double a, double b, double narrow) {
  double middle = 0.5 * (a + b), t = 0.5 * KD_PANEL_MAJOR * (b - a);
  bool negligible = log_k(m, a) < -NEGLIGIBLE && log_k(m, b) < -NEGLIGIBLE;
  bool resolved = m->kernel->slope(m->side * middle, t, m->h, m->shape).growth <= GROWTH_MAX;
  if (negligible || resolved || b - a <= narrow) {
    add_panel(m, a, b);
  } else {
    refine(m, a, middle, narrow);
    refine(m, middle, b, narrow);
  }
}

/* Each value is off by the roundings of log K, of its position and of the sum; what is
 * negligible by less. */
double kd_circle_log_mass(const struct kd_kernel *kernel, double h, double shape,
                          double *error) {
  struct mass m = {.kernel = kernel, .h = h, .shape = shape, .side = 1};
  double end = fmin(KD_PI_HIGH, kernel->support * h), sides = kernel->lopsided ? 1 : 2;
  m.top = kernel->log_k(0, h, shape);
  kd_gauss_legendre(ORDER, m.node, m.weight);
  refine(&m, 0, end, fmin(end, h) * 0x1p-52);
  if (kernel->lopsided) {
    m.side = -1;
    refine(&m, 0, end, fmin(end, h) * 0x1p-52);
  }
  double log_mass = m.top + kd_log(sides * kd_sum_value(&m.sum));
  *error = KD_U * (64 + 2 * kernel->roundings +
                   4 * kernel->roundings_per_shape * (kernel->shape_name ? shape : 0) +
                   4 * fabs(m.top) + 4 * fabs(kd_log(h)));
  return log_mass;
}
