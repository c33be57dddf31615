/* SPDX-License-Identifier: MIT
 *
 * How a column is stored, looked at before it is read.
 */
#ifndef KD_CHUNKS_H
#define KD_CHUNKS_H

#include <hdf5.h>

#include "table.h"

/* KD_SYSTEM unless the dataset, of that rank and extent, is stored as we do it: in chunks no
 * larger than itself, by our filters only, all of them there. So nothing is read out of
 * another file (external storage, virtual datasets), no plugin is loaded, and nothing that was
 * lost is read as a missing value. */
int kd_chunks_check(hid_t dataset, const char *name, size_t rank,
                    const hsize_t extent[KD_RANK_MAX], struct kd_err *err);

#endif
