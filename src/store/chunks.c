/* SPDX-License-Identifier: MIT
 *
 * See chunks.h.
 */
#include "chunks.h"

#include "h5.h"

/* To tell a chunk's filters HDF5 walks over those before it: only so many are asked for. */
enum { ASKED_FOR = 1000 };

/* `size`: bytes of a value, by which it is shuffled. */
static bool is_ours(hid_t list, size_t size, size_t rank, const hsize_t *extent,
                    hsize_t *chunk) {
  if (H5Pget_layout(list) != H5D_CHUNKED || H5Pget_chunk(list, (int)rank, chunk) != (int)rank)
    return false;
  for (size_t k = 0; k < rank; k++)
    if (chunk[k] > extent[k]) return false;
  bool checked = false;
  int n = H5Pget_nfilters(list);
  for (unsigned i = 0; i < (unsigned)n; i++) {
    size_t n_values = 1;
    unsigned flags, config, value = 0;
    H5Z_filter_t id = H5Pget_filter2(list, i, &flags, &n_values, &value, 0, NULL, &config);
    if (id != H5Z_FILTER_SHUFFLE && id != H5Z_FILTER_DEFLATE && id != H5Z_FILTER_FLETCHER32)
      return false;
    if (id == H5Z_FILTER_SHUFFLE && value != size) return false;
    checked |= id == H5Z_FILTER_FLETCHER32;
  }
  return checked;
}

/* Whether reading finds the chunk that begins there, and it went through all filters. The
 * second way of asking does not find by the same keys. */
static bool is_there(hid_t dataset, const hsize_t *begin, bool ask) {
  unsigned mask = 0;
  haddr_t address = 0;
  hsize_t found = 0, size = 0;
  if (H5Dget_chunk_storage_size(dataset, begin, &found) < 0 || found == 0) return false;
  return !ask || (H5Dget_chunk_info_by_coord(dataset, begin, &mask, &address, &size) >= 0 &&
                  size == found && mask == 0);
}

/* Chunk number i of n[0] x n[1] x ..., the last axis fastest */
static bool has_chunk(hid_t dataset, size_t rank, const hsize_t *chunk, const hsize_t *n,
                      hsize_t i, bool ask) {
  hsize_t begin[KD_RANK_MAX];
  for (size_t k = rank; k-- > 0; i /= n[k]) begin[k] = i % n[k] * chunk[k];
  return is_there(dataset, begin, ask);
}

static int check_all(hid_t dataset, const char *name, size_t rank, const hsize_t *extent,
                     const hsize_t *chunk, struct kd_err *err) {
  hsize_t n[KD_RANK_MAX], all = 1, stored = 0;
  hid_t space = H5Dget_space(dataset);
  int code = KD_OK;
  for (size_t k = 0; k < rank; k++) all *= n[k] = (extent[k] + chunk[k] - 1) / chunk[k];
  if (space < 0 || H5Dget_num_chunks(dataset, space, &stored) < 0)
    code = kd_h5_fail(err, name);
  else if (stored != all)
    code = kd_fail(err, KD_SYSTEM, "%s: %llu of %llu chunks are there", name,
                   (unsigned long long)stored, (unsigned long long)all);
  for (hsize_t i = 0; i < all && !code; i++)
    if (!has_chunk(dataset, rank, chunk, n, i, all <= ASKED_FOR))
      code =
          kd_fail(err, KD_SYSTEM, "%s: chunk %llu is not there", name, (unsigned long long)i);
  return kd_h5_close(space, code, err);
}

int kd_chunks_check(hid_t dataset, const char *name, size_t rank,
                    const hsize_t extent[KD_RANK_MAX], struct kd_err *err) {
  hsize_t chunk[KD_RANK_MAX];
  hid_t type = H5Dget_type(dataset);
  size_t size = type >= 0 ? H5Tget_size(type) : 0;
  if (size == 0 || H5Tclose(type) < 0) return kd_h5_fail(err, name);
  hid_t list = H5Dget_create_plist(dataset);
  if (list < 0) return kd_h5_fail(err, name);
  int code = is_ours(list, size, rank, extent, chunk)
                 ? check_all(dataset, name, rank, extent, chunk, err)
                 : kd_fail(err, KD_SYSTEM, "%s: not stored as kdegrad does", name);
  return kd_h5_close(list, code, err);
}
