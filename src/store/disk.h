/* SPDX-License-Identifier: MIT
 *
 * HDF5's way to a file that we have opened ourselves: a driver over a file descriptor.
 * So a file is created under an O_EXCL name, read from where its checksum was verified,
 * and locked by nobody but us. HDF5 is never told that a write failed: an error at
 * closing would leave it unusable. What failed is remembered, nothing more is written,
 * and kd_disk_check, to be asked before the file counts for anything, says it.
 */
#ifndef KD_DISK_H
#define KD_DISK_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"

struct kd_disk {
  int fd; /* stays the caller's */
  haddr_t end, allocated;
  int reason; /* errno of the first write that failed */
  hid_t driver;
};

#define KD_NO_DISK ((struct kd_disk){.fd = -1, .driver = H5I_INVALID_HID})

/* Makes an HDF5 file in the empty file fd, or opens the first `size` bytes of it for
 * reading. The disk is to be cleared also on error, but after the file was closed. */
int kd_disk_create(struct kd_disk *disk, int fd, hid_t creation, hid_t *file,
                   struct kd_err *err);
int kd_disk_open(struct kd_disk *disk, int fd, size_t size, hid_t *file, struct kd_err *err);
void kd_disk_clear(struct kd_disk *disk);

/* KD_SYSTEM if something could not be written. */
int kd_disk_check(const struct kd_disk *disk, struct kd_err *err);

#endif
