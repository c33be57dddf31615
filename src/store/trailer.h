/* SPDX-License-Identifier: MIT
 *
 * The 24 bytes behind HDF5's end of file (HDF5 readers ignore them): the magic
 * "KDEGRAD\n", then the XXH3-128 of all bytes before it, magic included, in
 * canonical (big-endian) form. So the last 16 bytes are the hash of the rest.
 * Files are hashed in pieces: their size does not matter.
 */
#ifndef KD_TRAILER_H
#define KD_TRAILER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"

enum { KD_TRAILER_SIZE = 24 };

/* Appends the trailer to the file, of which HDF5 has written all. */
int kd_trailer_seal(int fd, struct kd_err *err);

/* Checks a file of `size` bytes, trailer included: an error only where the system cannot
 * read it. If *good is false, the text says what is wrong: not one of ours, cut short,
 * damaged. */
int kd_trailer_check(int fd, size_t size, bool *good, struct kd_err *err);

#endif
