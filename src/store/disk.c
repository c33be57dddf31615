/* SPDX-License-Identifier: MIT
 *
 * See disk.h. The driver is HDF5's virtual file layer (H5FDpublic.h) in its plainest form.
 */
#include "disk.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "h5.h"

struct driver {
  H5FD_t public; /* HDF5's own, first */
  struct kd_disk *disk;
};

static struct kd_disk *disk_of(const H5FD_t *file) {
  return ((const struct driver *)file)->disk;
}

static H5FD_t *open_disk(const char *name, unsigned flags, hid_t access, haddr_t most) {
  (void)name, (void)flags, (void)most;
  struct kd_disk *const *disk = H5Pget_driver_info(access);
  struct driver *driver = calloc(1, sizeof *driver);
  if (!driver || !disk) {
    free(driver);
    return NULL;
  }
  driver->disk = *disk;
  return &driver->public;
}

static herr_t close_disk(H5FD_t *file) {
  free(file);
  return 0;
}

/* As for HDF5's own driver of plain files */
static herr_t query(const H5FD_t *file, unsigned long *flags) {
  (void)file;
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
           H5FD_FEAT_AGGREGATE_SMALLDATA;
  return 0;
}

static haddr_t get_allocated(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return disk_of(file)->allocated;
}

static herr_t set_allocated(H5FD_t *file, H5FD_mem_t type, haddr_t end) {
  (void)type;
  disk_of(file)->allocated = end;
  return 0;
}

static haddr_t get_end(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return disk_of(file)->end;
}

/* What was allocated and never written reads as zeros. After a failed write the file does
 * not hold what HDF5 believes, so nothing is read any more. */
static herr_t read_disk(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t at, size_t size,
                        void *bytes) {
  (void)type, (void)transfer;
  const struct kd_disk *disk = disk_of(file);
  if (disk->reason) return -1;
  for (char *to = bytes; size > 0;) {
    size_t there = at >= disk->end ? 0 : disk->end - at < size ? disk->end - at : size;
    ssize_t n = there ? pread(disk->fd, to, there, (off_t)at) : 0;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -1;
    if (n == 0) {
      memset(to, 0, size);
      return 0;
    }
    to += n;
    at += (haddr_t)n;
    size -= (size_t)n;
  }
  return 0;
}

static herr_t write_disk(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t at, size_t size,
                         const void *bytes) {
  (void)type, (void)transfer;
  struct kd_disk *disk = disk_of(file);
  for (const char *from = bytes; size > 0 && !disk->reason;) {
    ssize_t n = pwrite(disk->fd, from, size, (off_t)at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      disk->reason = errno;
      break;
    }
    from += n;
    at += (haddr_t)n;
    size -= (size_t)n;
    if (at > disk->end) disk->end = at;
  }
  return 0;
}

static herr_t truncate_disk(H5FD_t *file, hid_t transfer, hbool_t closing) {
  (void)transfer, (void)closing;
  struct kd_disk *disk = disk_of(file);
  if (disk->reason || disk->end == disk->allocated) return 0;
  if (ftruncate(disk->fd, (off_t)disk->allocated) != 0)
    disk->reason = errno;
  else
    disk->end = disk->allocated;
  return 0;
}

static const H5FD_class_t driver_class = {
#ifdef H5FD_CLASS_VERSION
    .version = H5FD_CLASS_VERSION,
    .value = 600,
#endif
    .name = "kdegrad",
    .maxaddr = INT64_MAX,
    .fc_degree = H5F_CLOSE_WEAK,
    .fapl_size = sizeof(struct kd_disk *),
    .open = open_disk,
    .close = close_disk,
    .query = query,
    .get_eoa = get_allocated,
    .set_eoa = set_allocated,
    .get_eof = get_end,
    .read = read_disk,
    .write = write_disk,
    .truncate = truncate_disk,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

/* How to get at the file. HDF5 uses a driver after it has let it go, so it is held. */
static int access_list(struct kd_disk *disk, hid_t *access, struct kd_err *err) {
  disk->driver = H5FDregister(&driver_class);
  *access = H5Pcreate(H5P_FILE_ACCESS);
  if (disk->driver < 0 || *access < 0 || H5Pset_driver(*access, disk->driver, &disk) < 0 ||
      H5Pset_libver_bounds(*access, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST) < 0)
    return kd_h5_fail(err, "HDF5 takes no driver");
  return KD_OK;
}

void kd_disk_clear(struct kd_disk *disk) {
  if (disk->driver >= 0) H5FDunregister(disk->driver);
  *disk = KD_NO_DISK;
}

int kd_disk_create(struct kd_disk *disk, int fd, hid_t creation, hid_t *file,
                   struct kd_err *err) {
  hid_t access;
  *disk = (struct kd_disk){.fd = fd};
  int code = access_list(disk, &access, err);
  if (!code && (*file = H5Fcreate("kdegrad", H5F_ACC_TRUNC, creation, access)) < 0)
    code = kd_h5_fail(err, "cannot be made");
  return kd_h5_close(access, code, err);
}

int kd_disk_open(struct kd_disk *disk, int fd, size_t size, hid_t *file, struct kd_err *err) {
  hid_t access;
  *disk = (struct kd_disk){.fd = fd, .end = size};
  int code = access_list(disk, &access, err);
  if (!code && (*file = H5Fopen("kdegrad", H5F_ACC_RDONLY, access)) < 0)
    code = kd_h5_fail(err, "cannot be opened");
  return kd_h5_close(access, code, err);
}

int kd_disk_check(const struct kd_disk *disk, struct kd_err *err) {
  if (!disk->reason) return KD_OK;
  return kd_fail(err, KD_SYSTEM, "cannot be written: %s", strerror(disk->reason));
}
