/* SPDX-License-Identifier: MIT
 *
 * Files that must not be read: damaged, foreign, or with a right checksum but
 * a content that no kdegrad has written.
 */
#include "example.h"

#include <fcntl.h>
#include <hdf5.h>

#include "store/trailer.h"

static void cut_short(void **state) {
  (void)state;
  size_t size;
  struct kd_table_head head = example_head();
  char *path = path_of("cut.h5");
  write_example(path, &head, true);
  unsigned char *bytes = slurp(path, &size);
  for (size_t n = 97; n < size; n += 97) {
    spill(path, bytes, n);
    assert_refused(path, n < KD_TRAILER_SIZE ? "not a result file" : "cut short");
  }
  spill(path, bytes, size - 1);
  assert_refused(path, "cut short");
  spill(path, bytes, 10);
  assert_refused(path, "cut short");
  spill(path, bytes, 7);
  assert_refused(path, "not a result file");
  spill(path, bytes, 0);
  assert_refused(path, "the file is empty");
  free(bytes);
  free(path);
}

static void a_bit_flipped(void **state) {
  (void)state;
  size_t size;
  struct kd_table_head head = example_head();
  char *path = path_of("flip.h5");
  write_example(path, &head, true);
  unsigned char *bytes = slurp(path, &size);
  for (size_t i = 0; i < size; i += i + 200 < size ? 101 : 1) {
    unsigned char flip = (unsigned char)(1u << (i % 8));
    bytes[i] ^= flip;
    spill(path, bytes, size);
    bool in_magic = i >= size - KD_TRAILER_SIZE && i < size - 16;
    assert_refused(path, in_magic ? "no checksum" : "damaged");
    bytes[i] ^= flip;
  }
  free(bytes);
  free(path);
}

static void seal(const char *path) {
  struct kd_err err;
  int fd = open(path, O_RDWR);
  assert_true(fd >= 0);
  if (kd_trailer_seal(fd, &err)) fail_msg("%s", err.text);
  close(fd);
}

static void not_ours(void **state) {
  (void)state;
  char *path = path_of("foreign"), *link = path_of("link");
  static const char text[] = "experiment: laplace-shift\nabout: a config is no result file\n";
  spill(path, text, strlen(text));
  assert_refused(path, "not a result file of kdegrad");
  assert_refused(folder, "is a directory");
  assert_refused("/dev/zero", "not a regular file");
  assert_int_equal(unlink(path), 0);
  assert_refused(path, "No such file or directory");
  assert_int_equal(symlink(path, link), 0);
  assert_refused(link, "No such file or directory");
  assert_int_equal(mkfifo(path, 0600), 0);
  assert_refused(link, "not a regular file"); /* and does not wait */

  /* A sealed file that is no HDF5. */
  unsigned char bytes[100] = {0};
  assert_int_equal(unlink(path), 0);
  spill(path, bytes, sizeof bytes);
  seal(path);
  assert_refused(path, "cannot be opened");
  free(path);
  free(link);
}

/* --- a right checksum over a wrong content -------------------------------- */

static void set_integer(hid_t file, const char *name, int64_t value) {
  hid_t attribute = H5Aopen(file, name, H5P_DEFAULT);
  assert_true(attribute >= 0 && H5Awrite(attribute, H5T_NATIVE_INT64, &value) >= 0);
  H5Aclose(attribute);
}

static void add_dataset(hid_t file, const char *name, hid_t type, int rank, hsize_t extent) {
  hsize_t extents[3] = {extent, 1, 1};
  hid_t space = H5Screate_simple(rank, extents, NULL), list = H5Pcreate(H5P_DATASET_CREATE);
  hsize_t chunk[3] = {extent < 1 << 24 ? extent : 1 << 24, 1, 1};
  H5Pset_chunk(list, rank, chunk);
  H5Pset_fletcher32(list);
  hid_t dataset = H5Dcreate2(file, name, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
  assert_true(dataset >= 0);
  H5Dclose(dataset);
  H5Pclose(list);
  H5Sclose(space);
}

static void replace(hid_t file, const char *name, hid_t type, int rank, hsize_t extent) {
  assert_true(H5Ldelete(file, name, H5P_DEFAULT) >= 0);
  add_dataset(file, name, type, rank, extent);
}

static void newer(hid_t file) {
  set_integer(file, "schema_version", 2);
}
static void odd_record(hid_t file) {
  set_integer(file, "record", -1);
}
static void other_record(hid_t file) {
  set_integer(file, "record", KD_RECORD_LOSS);
}
static void no_version(hid_t file) {
  H5Adelete(file, "numerics_version");
}
static void no_loss(hid_t file) {
  H5Ldelete(file, "loss", H5P_DEFAULT);
}
static void no_cell(hid_t file) {
  H5Ldelete(file, "cell", H5P_DEFAULT);
}
static void float_loss(hid_t file) {
  replace(file, "loss", H5T_IEEE_F32LE, 1, CELLS);
}
static void big_endian_loss(hid_t file) {
  replace(file, "loss", H5T_IEEE_F64BE, 1, CELLS);
}
static void flat_gradient(hid_t file) {
  replace(file, "gradient", H5T_IEEE_F64LE, 1, CELLS);
}
static void flat_bins(hid_t file) {
  replace(file, "bin_gradient", H5T_IEEE_F64LE, 2, CELLS);
}
static void deep_gradient(hid_t file) {
  replace(file, "gradient", H5T_IEEE_F64LE, 3, CELLS);
}
static void short_bins(hid_t file) {
  replace(file, "bin_gradient", H5T_IEEE_F64LE, 3, CELLS);
}
static void no_bin(hid_t file) {
  H5Ldelete(file, "bin", H5P_DEFAULT);
}
static void many_bins(hid_t file) {
  replace(file, "bin", H5T_STD_I64LE, 1, 1ull << 40);
}
static void long_loss(hid_t file) {
  replace(file, "loss", H5T_IEEE_F64LE, 1, CELLS + 1);
}
static void many_cells(hid_t file) {
  replace(file, "cell", H5T_STD_I64LE, 1, 1ull << 40);
}
static void absurd_cells(hid_t file) {
  replace(file, "cell", H5T_STD_I64LE, 1, 1ull << 59);
}
static void extra(hid_t file) {
  add_dataset(file, "extra", H5T_IEEE_F64LE, 1, CELLS);
}
static void linked(hid_t file) {
  H5Lcreate_soft("/loss", file, "soft", H5P_DEFAULT, H5P_DEFAULT);
}
static void group(hid_t file) {
  H5Gclose(H5Gcreate2(file, "group", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}
static void odd_name(hid_t file) {
  H5Lmove(file, "shift.by", file, "shift by", 0, 0);
}

static void external_link(hid_t file) {
  H5Ldelete(file, "loss", H5P_DEFAULT);
  H5Lcreate_external("/etc/other.h5", "/loss", file, "loss", H5P_DEFAULT, H5P_DEFAULT);
}

/* A dataset in place of `loss`, by a writer that has its own ways */
static void odd_loss(hid_t file, hid_t list) {
  hsize_t extent = CELLS;
  double values[CELLS] = {0};
  hid_t space = H5Screate_simple(1, &extent, NULL);
  assert_true(H5Ldelete(file, "loss", H5P_DEFAULT) >= 0);
  hid_t dataset =
      H5Dcreate2(file, "loss", H5T_IEEE_F64LE, space, H5P_DEFAULT, list, H5P_DEFAULT);
  assert_true(dataset >= 0);
  if (H5Pget_layout(list) != H5D_VIRTUAL && H5Pget_external_count(list) == 0)
    assert_true(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >=
                0);
  H5Dclose(dataset);
  H5Pclose(list);
  H5Sclose(space);
}
static void contiguous(hid_t file) {
  odd_loss(file, H5Pcreate(H5P_DATASET_CREATE));
}
static void external_data(hid_t file) {
  hid_t list = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_external(list, "/etc/passwd", 0, H5F_UNLIMITED);
  odd_loss(file, list);
}
static void virtual_data(hid_t file) {
  hsize_t extent = CELLS;
  hid_t list = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(1, &extent, NULL);
  H5Pset_virtual(list, space, "/etc/other.h5", "loss", space);
  odd_loss(file, list);
  H5Sclose(space);
}
static void other_filter(hid_t file) {
  hsize_t chunk = CELLS;
  hid_t list = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(list, 1, &chunk);
  H5Pset_scaleoffset(list, H5Z_SO_FLOAT_DSCALE, 2);
  odd_loss(file, list);
}
static void unwritten(hid_t file) {
  replace(file, "loss", H5T_IEEE_F64LE, 1, CELLS);
}
static void turned_cells(hid_t file) {
  int64_t cell[CELLS] = {1, 0, 2, 3, 4, 5, 6};
  hid_t dataset = H5Dopen2(file, "cell", H5P_DEFAULT);
  assert_true(H5Dwrite(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, cell) >= 0);
  H5Dclose(dataset);
}
static void a_type(hid_t file) {
  hid_t type = H5Tcopy(H5T_IEEE_F64LE);
  H5Ldelete(file, "loss", H5P_DEFAULT);
  assert_true(H5Tcommit2(file, "loss", type, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT) >= 0);
  H5Tclose(type);
}
static void no_attributes(hid_t file) {
  H5Adelete(file, "schema_version");
}

static void unnamed_code(hid_t file) {
  uint8_t status[CELLS] = {0, 0, 0, 0, 0, 0, 77};
  hid_t dataset = H5Dopen2(file, "status", H5P_DEFAULT);
  assert_true(H5Dwrite(dataset, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, status) >= 0);
  H5Dclose(dataset);
}

static void unnamed_family(hid_t file) {
  int64_t family[CELLS] = {0, 1, 2, 3};
  hid_t dataset = H5Dopen2(file, "kernel.family", H5P_DEFAULT);
  assert_true(H5Dwrite(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, family) >= 0);
  H5Dclose(dataset);
}

static void no_families(hid_t file) {
  hid_t dataset = H5Dopen2(file, "kernel.family", H5P_DEFAULT);
  assert_true(H5Adelete(dataset, "flag_meanings") >= 0);
  H5Dclose(dataset);
}

static const struct {
  void (*change)(hid_t file);
  const char *message;
} changes[] = {
    {newer, "made by a newer kdegrad"},
    {odd_record, "record -1 is out of range"},
    {other_record, "its head promises"},
    {no_version, "numerics_version"},
    {no_loss, "loss"},
    {no_cell, "without cells"},
    {float_loss, "loss: not of the expected type"},
    {big_endian_loss, "loss: not of the expected type"},
    {flat_gradient, "gradient: has not 2 axes"},
    {flat_bins, "bin_gradient: has not 3 axes"},
    {deep_gradient, "gradient: has not 2 axes"},
    {short_bins, "bin_gradient: 1 values along 'bin', which has 3"},
    {no_bin, "its head promises"},
    {many_bins, "too large for its size"},
    {long_loss, "loss: 8 values along 'cell', which has 7"},
    {many_cells, "too large for its size"},
    {absurd_cells, "too large for its size"},
    {extra, "coordinates: has"},
    {linked, "soft: a link instead of a column"},
    {group, "group: HDF5"},
    {odd_name, "coordinates: has"},
    {external_link, "loss: a link instead of a column"},
    {contiguous, "loss: not stored as kdegrad does"},
    {external_data, "loss: not stored as kdegrad does"},
    {virtual_data, "loss: not stored as kdegrad does"},
    {other_filter, "loss: not stored as kdegrad does"},
    {unwritten, "loss: 0 of 1 chunks are there"},
    {turned_cells, "cell: number 1 stands in place 0"},
    {a_type, "loss"},
    {no_attributes, "schema_version"},
    {unnamed_code, "status: code 77 has no name"},
    {unnamed_family, "kernel.family: code 3 has no name"},
    {no_families, "kernel.family: 0 names for 3 values"},
};

/* Changes the file by HDF5 and seals it again. */
static void change(const char *path, void (*with)(hid_t file)) {
  size_t size;
  unsigned char *bytes = slurp(path, &size);
  spill(path, bytes, size - KD_TRAILER_SIZE);
  free(bytes);
  hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  assert_true(file >= 0);
  with(file);
  assert_true(H5Fclose(file) >= 0);
  seal(path);
}

static void wrong_content(void **state) {
  (void)state;
  struct kd_table_head head = example_head();
  char *path = path_of("wrong.h5");
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    write_example(path, &head, true);
    change(path, changes[i].change);
    assert_refused(path, changes[i].message);
  }
  free(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cut_short),
      cmocka_unit_test(a_bit_flipped),
      cmocka_unit_test(not_ours),
      cmocka_unit_test(wrong_content),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
