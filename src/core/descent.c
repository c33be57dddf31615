/* SPDX-License-Identifier: MIT
 *
 * The optimisers; see descent.h. Their constants are the usual ones, in the form that
 * PyTorch gives them.
 */
#include "descent.h"

#include <math.h>
#include <string.h>

#include "core/vmath/vmath.h"

static const double MOMENTUM = 0.9;
static const double RMSPROP_DECAY = 0.99;
static const double ADAM_DECAY = 0.9, ADAM_DECAY_OF_SQUARE = 0.999;
static const double EPSILON = 1e-8;

static void step_gd(const struct kd_step *s) {
  for (size_t i = 0; i < s->n; i++) s->z[i] -= s->rate * s->G[i];
}

static void step_momentum(const struct kd_step *s) {
  for (size_t i = 0; i < s->n; i++) {
    s->u[i] = MOMENTUM * s->u[i] + s->G[i];
    s->z[i] -= s->rate * s->u[i];
  }
}

/* The gradient is taken where the logits are, the look ahead is in the step. */
static void step_nesterov(const struct kd_step *s) {
  for (size_t i = 0; i < s->n; i++) {
    s->u[i] = MOMENTUM * s->u[i] + s->G[i];
    s->z[i] -= s->rate * (s->G[i] + MOMENTUM * s->u[i]);
  }
}

static void step_rmsprop(const struct kd_step *s) {
  for (size_t i = 0; i < s->n; i++) {
    s->v[i] = RMSPROP_DECAY * s->v[i] + (1 - RMSPROP_DECAY) * s->G[i] * s->G[i];
    s->z[i] -= s->rate * s->G[i] / (sqrt(s->v[i]) + EPSILON);
  }
}

/* 1 - decay^t */
static double weight_so_far(double decay, size_t t) {
  return -kd_expm1((double)t * kd_log(decay));
}

static void step_adam(const struct kd_step *s) {
  double first = weight_so_far(ADAM_DECAY, s->number);
  double second = weight_so_far(ADAM_DECAY_OF_SQUARE, s->number);
  for (size_t i = 0; i < s->n; i++) {
    double G = s->G[i];
    s->u[i] = ADAM_DECAY * s->u[i] + (1 - ADAM_DECAY) * G;
    s->v[i] = ADAM_DECAY_OF_SQUARE * s->v[i] + (1 - ADAM_DECAY_OF_SQUARE) * G * G;
    s->z[i] -= s->rate * (s->u[i] / first) / (sqrt(s->v[i] / second) + EPSILON);
  }
}

/* S_j <- S_j m_j = mean_T rho_j */
static void step_em(const struct kd_step *s) {
  for (size_t i = 0; i < s->n; i++) s->z[i] += s->log_m[i];
}

const struct kd_descent kd_descents[] = {
    {"none", "no descent", "", false, NULL},
    {"gd", "plain gradient descent, z <- z - rate G", "Cauchy 1847", true, step_gd},
    {"momentum", "heavy ball: u <- 0.9 u + G, z <- z - rate u", "Polyak 1964", true,
     step_momentum},
    {"nesterov", "u <- 0.9 u + G, z <- z - rate (G + 0.9 u)",
     "Nesterov 1983; in this form Sutskever et al. 2013", true, step_nesterov},
    {"rmsprop", "v <- 0.99 v + 0.01 G^2, z <- z - rate G/(sqrt(v) + 1e-8)",
     "Tieleman & Hinton 2012", true, step_rmsprop},
    {"adam",
     "u <- 0.9 u + 0.1 G, v <- 0.999 v + 0.001 G^2, z <- z - rate u'/(sqrt(v') + 1e-8), u' and "
     "v' corrected for their start at 0",
     "Kingma & Ba 2015", true, step_adam},
    {"em", "expectation maximisation: S_j <- mean_T rho_j, no rate",
     "Dempster, Laird & Rubin 1977; for mixing proportions Cover 1984", false, step_em},
};
const size_t kd_n_descents = sizeof kd_descents / sizeof *kd_descents;

const struct kd_descent *kd_descent_find(const char *name) {
  for (size_t i = 0; i < kd_n_descents; i++)
    if (strcmp(kd_descents[i].name, name) == 0) return &kd_descents[i];
  return NULL;
}
