/* SPDX-License-Identifier: MIT
 *
 * Result files: a table as one netCDF-4 shaped HDF5 file with a checksum
 * behind it.
 */
#ifndef KD_FILE_H
#define KD_FILE_H

#include <stdbool.h>

#include "table.h"

enum { KD_SCHEMA_VERSION = 1 };

/* Writes `table` durably: temporary name beside `path` (O_EXCL), fsync, rename,
 * fsync of the directory. On error KD_SYSTEM, the old
 * file (if any) is untouched and the temporary name is gone. `compress`: shuffle
 * + deflate (final files; parts do without). Writing beyond RLIMIT_FSIZE is an
 * error only in a process that ignores SIGXFSZ. A symbolic link stays, its
 * target is replaced; a device or FIFO is refused. */
int kd_file_write(const char *path, const struct kd_table *table, bool compress,
                  struct kd_err *err);

/* Whether `path` can be written later: makes and removes a temporary name
 * beside it. To be asked before a long sweep. */
int kd_file_check_writable(const char *path, struct kd_err *err);

/* Reads a whole file; the checksum is checked before HDF5 sees a byte. */
int kd_file_read(const char *path, struct kd_table **table, struct kd_err *err);

/* How a file was found: not there; whole; there but no whole result of kdegrad (its
 * checksum is wrong); whole and yet not to be read by this program. */
enum kd_file_state { KD_FILE_NONE, KD_FILE_GOOD, KD_FILE_DAMAGED, KD_FILE_STRANGE };

/* Bytes of the values of a table with this head, and of one cell of it, uncompressed.
 * What a file takes is not known beforehand. */
double kd_file_payload(const struct kd_table_head *head);
double kd_file_row(const struct kd_table_head *head);

#endif
