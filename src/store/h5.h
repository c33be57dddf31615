/* SPDX-License-Identifier: MIT
 *
 * What reading and writing HDF5 share: errors, closing, attributes. Texts are
 * variable-length UTF-8 strings, numbers little-endian int64 in the file.
 */
#ifndef KD_H5_H
#define KD_H5_H

#include <hdf5.h>
#include <stdint.h>

#include "core/err.h"

/* Silences HDF5's own printing in this thread; before any other call. */
void kd_h5_quiet(void);

/* "what: " and the outermost and innermost line of HDF5's error stack;
 * returns KD_SYSTEM. */
int kd_h5_fail(struct kd_err *err, const char *what);

/* Closes any object but a file (id < 0: none) and returns code, or KD_SYSTEM
 * if code is 0 and closing failed. */
int kd_h5_close(hid_t id, int code, struct kd_err *err);

/* Closes a file. HDF5 may be called no more once that has failed, not even by
 * exit(): prints one line to stderr, removes `temporary` (NULL = none), the name the
 * file was to be written under, and ends the process with _exit(3). The result file
 * itself has not been touched by then. */
void kd_h5_close_file(hid_t file, const char *temporary);

hid_t kd_h5_text_type(void); /* to be closed */

/* Nothing is written for an empty text: HDF5 cannot tell it from none. */
int kd_h5_put_text(hid_t where, const char *name, const char *text, struct kd_err *err);
int kd_h5_put_integer(hid_t where, const char *name, int64_t value, struct kd_err *err);
/* n values of memory type `type`, stored as `stored`; n = 0: one, a scalar. */
int kd_h5_put_numbers(hid_t where, const char *name, hid_t stored, hid_t type, size_t n,
                      const void *values, struct kd_err *err);

/* *text: "" if there is no such attribute; the caller frees it. */
int kd_h5_take_text(hid_t where, const char *name, char **text, struct kd_err *err);
/* How many values an attribute has, 0 if there is no such. */
int kd_h5_count_values(hid_t where, const char *name, size_t *n, struct kd_err *err);
int kd_h5_take_integer(hid_t where, const char *name, int64_t *value, struct kd_err *err);

#endif
