/* SPDX-License-Identifier: MIT
 * Four points, moved towards the target up to its edge: the gradient stays, the loss falls.
 * cc gradient.c $(pkg-config --cflags --libs kdegrad) */
#include <kdegrad.h>
#include <stdio.h>

int main(void) {
  const double target[] = {-0.5, 0.5};
  const double x[] = {-2.5, 1.75, 3.25, -4}, z[] = {0.3, -0.2, 0.9, 0};
  struct kd_model *m = kd_model_create();
  int i, bad = !m || kd_model_choose(m, "kernel.family", "laplace") ||
               kd_model_set(m, "kernel.bandwidth", 1) ||
               kd_model_list(m, "target.bounds", 2, target) ||
               kd_model_list(m, "points.at", 4, x) || kd_model_list(m, "logits.at", 4, z);
  for (i = 0; !bad && i < 2; i++) {
    size_t j, n;
    const double *G;
    bad = kd_model_set(m, "shift.by", 1.25 * i) || kd_model_evaluate(m);
    if (bad) break;
    printf("%.17g %.17g", 1.25 * i, kd_model_number(m, "loss"));
    G = kd_model_numbers(m, "gradient", &n);
    for (j = 0; j < n; j++) printf(" %.17g", G[j]);
    printf(" within %.1e\n", kd_model_number(m, "gradient_bound"));
  }
  if (bad) fprintf(stderr, "%s\n", m ? kd_model_error(m) : "out of memory");
  kd_model_free(m);
  return bad != 0;
}
