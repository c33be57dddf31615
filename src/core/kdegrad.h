/* SPDX-License-Identifier: MIT
 *
 * libkdegrad: the cross-entropy between a uniform target on T = [a, b] and a kernel density
 * estimate, with its gradient and proved bounds on both.
 *
 *   S = softmax(z)                        weights of the n points x_j
 *   f(x) = sum_j S_j K(x - x_j)           density estimate, K of bandwidth h
 *   L = -1/(b-a) int_a^b log f dx         loss, in nats
 *   G_i = dL/dz_i                         gradient, in nats a logit
 *
 * A model holds one such problem. It is told by the names of a config (`kdegrad list keys`),
 * and asked by those of a result file (`kdegrad list variables`); what is not told has the
 * default of a config, but target.bounds and the points, which have none. All lengths (x,
 * a, b, h, shift) share one unit. The same model gives the same bits on every x86-64.
 *
 * Nothing here prints, exits or is global: threads may work side by side, each on models of
 * its own. Texts and arrays that a model gives belong to it, and stay until it is evaluated
 * or freed. What is given to a model is copied.
 *
 * This header is all there is: C99 and C++, strings and doubles, no struct to fill.
 */
#ifndef KDEGRAD_H
#define KDEGRAD_H

#include <stddef.h>

#ifdef __GNUC__
#define KD_API __attribute__((visibility("default")))
#else
#define KD_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct kd_model;

KD_API struct kd_model *kd_model_create(void);     /* NULL when memory is short */
KD_API void kd_model_free(struct kd_model *model); /* NULL is fine */

/* These four return 0, or 2 for a name or value that cannot be, 3 when memory is short, 4 for
 * a problem without a number. kd_model_error then says what is wrong. */

/* One name out of a table: "kernel.family", "cauchy". "record" adds to what is computed
 * beside loss and gradient: "defect", "sensitivity", "bins", "trajectory", ... */
KD_API int kd_model_choose(struct kd_model *model, const char *path, const char *name);
/* One number: "kernel.bandwidth", 0.5 */
KD_API int kd_model_set(struct kd_model *model, const char *path, double number);
/* n numbers: "target.bounds" (2), "points.at", "logits.at", "points.span" (2). Giving
 * points.at chooses the layout `explicit`, giving logits.at that start of the logits. */
KD_API int kd_model_list(struct kd_model *model, const char *path, size_t n,
                         const double *numbers);
KD_API int kd_model_evaluate(struct kd_model *model);

/* "ok"; "uncovered": f = 0 on a part of T, the loss is +inf; "diverged": the descent;
 * "not-applicable": no such shift of this layout; "failed", also before any evaluation. */
KD_API const char *kd_model_status(const struct kd_model *model);

/* "loss", "loss_bound", "gradient_bound", "defect", ...: NaN if it was not computed, does
 * not exist or there is no such name. A bound says how far the number (for gradient_bound:
 * any G_i) may be from the truth in exact arithmetic. */
KD_API double kd_model_number(const struct kd_model *model, const char *name);

/* "gradient", "x" (after the shift), "logits", ... and how many: NULL and 0 if not there.
 * bin_gradient and trajectory_logits have a row of n points for each bin or step. */
KD_API const double *kd_model_numbers(const struct kd_model *model, const char *name,
                                      size_t *n);

KD_API const char *kd_model_error(const struct kd_model *model); /* "" if all is well */

/* Name i that may be chosen for a path, from 0: kernels by "kernel.family", rules by
 * "integral.rule", layouts by "points.layout", ...; NULL past the end. */
KD_API const char *kd_model_choice(const char *path, size_t i);

KD_API const char *kd_model_version(void); /* of the library: "0.1.0" */

#ifdef __cplusplus
}
#endif

#endif
