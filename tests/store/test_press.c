/* SPDX-License-Identifier: MIT
 *
 * Chunks pressed by any number of threads are the same bytes, in order, and HDF5, whose
 * filters they leave out, reads the values back, their checksum included. Errors end it.
 */
#include <hdf5.h>

#include "example.h"
#include "store/press.h"

enum { VALUES = 12345, CHUNK = 1000, CHUNKS = 13 };

static double value[VALUES];

/* Some that deflate well, some that hardly do, some of odd length when they have */
static void make_values(void) {
  for (size_t i = 0; i < VALUES; i++)
    value[i] = i < 3 * CHUNK ? 1 : i < 7 * CHUNK ? sin((double)i) : floor((double)i / 7);
}

struct taken {
  size_t n, fail_at, size[CHUNKS];
  unsigned char *data[CHUNKS];
};

static int take(void *context, size_t chunk, const void *data, size_t size,
                struct kd_err *err) {
  struct taken *t = context;
  assert_int_equal(chunk, t->n); /* in order */
  assert_true(chunk < CHUNKS);
  if (chunk == t->fail_at) return kd_fail(err, KD_SYSTEM, "full");
  t->size[chunk] = size;
  t->data[chunk] = malloc(size);
  memcpy(t->data[chunk], data, size);
  t->n++;
  return KD_OK;
}

static void drop(struct taken *t) {
  for (size_t k = 0; k < t->n; k++) free(t->data[k]);
}

static struct kd_press press_of(struct taken *t, size_t n_threads) {
  static const double missing = NAN;
  return (struct kd_press){.values = value,
                           .size = sizeof value,
                           .chunk_size = CHUNK * sizeof *value,
                           .value_size = sizeof *value,
                           .missing = &missing,
                           .n_threads = n_threads,
                           .take = take,
                           .context = t};
}

static struct taken pressed_by(size_t n_threads) {
  struct taken t = {.fail_at = SIZE_MAX};
  struct kd_press press = press_of(&t, n_threads);
  struct kd_err err;
  assert_int_equal(kd_press(&press, &err), KD_OK);
  assert_int_equal(t.n, CHUNKS);
  return t;
}

static void any_number_of_threads(void **state) {
  (void)state;
  struct taken one = pressed_by(1);
  for (size_t n_threads = 2; n_threads < 40; n_threads += 3) {
    struct taken more = pressed_by(n_threads);
    for (size_t k = 0; k < CHUNKS; k++) {
      assert_int_equal(more.size[k], one.size[k]);
      assert_memory_equal(more.data[k], one.data[k], one.size[k]);
    }
    drop(&more);
  }
  drop(&one);
}

static hid_t make_dataset(hid_t file, hsize_t n) {
  hsize_t chunk = CHUNK;
  hid_t list = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(1, &n, NULL);
  assert_true(H5Pset_chunk(list, 1, &chunk) >= 0 && H5Pset_shuffle(list) >= 0 &&
              H5Pset_deflate(list, KD_DEFLATE_LEVEL) >= 0 && H5Pset_fletcher32(list) >= 0);
  hid_t dataset = H5Dcreate2(file, "x", H5T_IEEE_F64LE, space, H5P_DEFAULT, list, H5P_DEFAULT);
  assert_true(dataset >= 0 && H5Pclose(list) >= 0 && H5Sclose(space) >= 0);
  return dataset;
}

/* All chunks whole, so that what the last is filled up with is seen, too */
static void hdf5_reads_them(void **state) {
  (void)state;
  static double back[CHUNKS * CHUNK];
  struct taken t = pressed_by(3);
  char *path = path_of("pressed.h5");
  hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  hid_t dataset = make_dataset(file, CHUNKS * CHUNK);
  for (hsize_t k = 0; k < CHUNKS; k++) {
    hsize_t at = k * CHUNK;
    assert_true(H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, &at, t.size[k], t.data[k]) >= 0);
  }
  assert_true(H5Dclose(dataset) >= 0 && H5Fclose(file) >= 0);
  file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
  dataset = H5Dopen2(file, "x", H5P_DEFAULT);
  assert_true(H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, back) >= 0);
  assert_true(H5Dclose(dataset) >= 0 && H5Fclose(file) >= 0);
  assert_memory_equal(back, value, sizeof value);
  for (size_t i = VALUES; i < CHUNKS * CHUNK; i++) assert_true(isnan(back[i]));
  free(path);
  drop(&t);
}

static void an_error_ends_it(void **state) {
  (void)state;
  for (size_t fail_at = 0; fail_at < CHUNKS; fail_at++) {
    struct taken t = {.fail_at = fail_at};
    struct kd_press press = press_of(&t, 4);
    struct kd_err err;
    assert_int_equal(kd_press(&press, &err), KD_SYSTEM);
    assert_string_equal(err.text, "full");
    assert_int_equal(t.n, fail_at);
    drop(&t);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_number_of_threads),
      cmocka_unit_test(hdf5_reads_them),
      cmocka_unit_test(an_error_ends_it),
  };
  make_values();
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
