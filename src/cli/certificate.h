/* SPDX-License-Identifier: MIT
 *
 * Certificates of cells on stdout, as text to read or as JSON.
 */
#ifndef KD_CLI_CERTIFICATE_H
#define KD_CLI_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>

#include "config/plan.h"
#include "run/certify.h"

struct kd_certificate_writer {
  const struct kd_plan *plan;
  int digits;
  bool json;
  size_t n; /* cells written */
};

void kd_certificate_begin(const struct kd_certificate_writer *out);
/* NULL: that cell could not be enclosed */
void kd_certificate_cell(struct kd_certificate_writer *out, const struct kd_cell *cell,
                         size_t index, const struct kd_certificate *certificate);
/* The same of its breaking shift */
void kd_certificate_breaking(struct kd_certificate_writer *out, const struct kd_cell *cell,
                             size_t index, const struct kd_breaking_ball *breaking);
void kd_certificate_end(const struct kd_certificate_writer *out);

/* "kernel.family = laplace, shift.by = 1.25" of all that is swept and set */
void kd_certificate_values(const struct kd_plan *plan, const struct kd_cell *cell, char *text,
                           size_t size);

#endif
