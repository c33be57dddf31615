/* SPDX-License-Identifier: MIT
 *
 * Errors. A function that can fail returns int, 0 when all is well, else one
 * of enum kd_code, and writes one line of text into the struct kd_err that it
 * takes last. Outer rooms put their context in front, so that the user reads
 * one chain: "results/a.h5: cannot be written: No space left on device".
 */
#ifndef KD_ERR_H
#define KD_ERR_H

/* The program's exit codes; a library user reads them as reasons. */
enum kd_code {
  KD_OK = 0,
  KD_UNEXPECTED = 1,   /* a comparison did not come out as it should */
  KD_USAGE = 2,        /* command line or config */
  KD_SYSTEM = 3,       /* input, output, memory */
  KD_CELLS_FAILED = 4, /* the sweep ran, some cells failed */
};

struct kd_err {
  char text[1024];
};

/* Writes the text and returns code: `return kd_fail(err, KD_SYSTEM, ...)`. */
int kd_fail(struct kd_err *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "context: " before the text; returns code. */
int kd_context(struct kd_err *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

int kd_no_memory(struct kd_err *err); /* KD_SYSTEM */

#endif
