/* SPDX-License-Identifier: MIT
 *
 * Progress on stderr: a bar with rate and time left on a terminal, else a line
 * every 30 seconds.
 */
#ifndef KD_PROGRESS_H
#define KD_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct kd_progress {
  const char *name; /* of the experiment */
  bool terminal;
  double last_line; /* when the last line was printed, seconds from the start */
  bool drawn;       /* a bar stands on the terminal's current line */
};

struct kd_progress kd_progress_start(const char *name);

/* For kd_run_options.progress; context is a struct kd_progress. */
void kd_progress_show(void *context, size_t done, size_t total, double seconds);

/* Wipes the bar. */
void kd_progress_end(struct kd_progress *progress);

#endif
