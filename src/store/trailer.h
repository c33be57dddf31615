/* SPDX-License-Identifier: MIT
 *
 * The 24 bytes behind HDF5's end of file (HDF5 readers ignore them): the magic
 * "KDEGRAD\n", then the XXH3-128 of all bytes before it, magic included, in
 * canonical (big-endian) form. So the last 16 bytes are the hash of the rest.
 */
#ifndef KD_TRAILER_H
#define KD_TRAILER_H

#include <stddef.h>

#include "core/err.h"

enum { KD_TRAILER_SIZE = 24 };

/* Writes the trailer into bytes[size .. size + KD_TRAILER_SIZE - 1]. */
void kd_trailer_seal(unsigned char *bytes, size_t size);

/* Checks `size` bytes, trailer included. KD_SYSTEM and a text that says what
 * is wrong: not one of ours, cut short, damaged. */
int kd_trailer_check(const unsigned char *bytes, size_t size, struct kd_err *err);

#endif
