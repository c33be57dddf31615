/* SPDX-License-Identifier: MIT
 *
 * Layouts (positions of the data points) and starting logits, one row each.
 */
#ifndef KD_LAYOUT_H
#define KD_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Parameters that a row reads; bits of kd_layout.uses and kd_logits.uses. */
enum kd_layout_use {
  KD_USES_AT = 1u << 0,
  KD_USES_COUNT = 1u << 1,
  KD_USES_SPAN = 1u << 2,
  KD_USES_CENTRE = 1u << 3,
  KD_USES_SCALE = 1u << 4,
  KD_USES_DISTANCE = 1u << 5,
  KD_USES_SEED = 1u << 6,
  KD_USES_CLUSTERS = 1u << 7, /* and the spread */
  KD_USES_FILE = 1u << 8,     /* and the column, whose numbers the caller gives as `at` */
};

struct kd_layout_args {
  const double *at;     /* explicit positions or logits, count values */
  size_t count;         /* points, >= 1 */
  double lower, upper;  /* span, lower < upper */
  double centre, scale; /* of the normal layout; scale of normal logits */
  size_t clusters;      /* number of clusters, >= 1 */
  double spread;        /* deviation within a cluster */
  double distance;      /* of the equidistant layout */
  double target_centre; /* c */
  uint64_t seed;
};

struct kd_layout {
  const char *name, *doc;
  unsigned uses;
  /* Fills out[0 .. args->count-1]. */
  void (*fill)(const struct kd_layout_args *args, double *out);
  bool circle_only;
};

extern const struct kd_layout kd_layouts[]; /* positions */
extern const size_t kd_n_layouts;
extern const struct kd_layout kd_logits[]; /* starting logits */
extern const size_t kd_n_logits;

const struct kd_layout *kd_layout_find(const char *name);
const struct kd_layout *kd_logits_find(const char *name);

#endif
