/* SPDX-License-Identifier: MIT
 *
 * Whether a Gauss-Legendre panel resolves log f and all responsibilities, as a proof:
 * see panel.c.
 */
#ifndef KD_PANEL_H
#define KD_PANEL_H

#include <stdbool.h>
#include <stddef.h>

struct kd_estimate;

/* A panel's proof needs a function in the disc of this many half-widths (panel.c). */
#define KD_PANEL_MAJOR 1.4925

/* What no rho and, straight lines taken off, no log f exceeds there */
#define KD_PANEL_RHO_MAX   2.5
#define KD_PANEL_LOG_F_MAX 4

/* What bounds the integrands in the complex neighbourhood of a resolved panel */
struct kd_panel_size {
  double rho, log_f; /* log f but for a polynomial that Gauss integrates exactly */
};

/* Whether [a, b], inside which every K_j is analytic, is narrow enough; then fills
 * *size. An uncovered panel is: it holds nothing. */
bool kd_panel_resolved(const struct kd_estimate *estimate, double a, double b,
                       struct kd_panel_size *size);

/* The largest error of a Gauss rule of `order` nodes, in exact arithmetic, in the mean
 * over a resolved panel of a function of size 1 in that neighbourhood */
double kd_panel_error(size_t order);

/* The least order, up to KD_ORDER_MAX, by which rho has at most this error. */
size_t kd_panel_order(double error);

#endif
