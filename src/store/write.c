/* SPDX-License-Identifier: MIT
 *
 * Writing a file: under a temporary name, the head as attributes of the root, the
 * columns as datasets in windows of at most WINDOW_BYTES, the checksum behind; then it
 * takes its name. Which windows there are depends on the head alone, and so do the bytes.
 */
#include <stdlib.h>

#include "column.h"
#include "dataset.h"
#include "disk.h"
#include "durable.h"
#include "file.h"
#include "h5.h"
#include "trailer.h"
#include "write.h"

/* Half the chunks in a node of HDF5's chunk index, 32 unless told: each of our
 * many small columns takes a whole node, which made half of a small file. */
enum { CHUNK_NODE_HALF = 4 };

/* Creation order is tracked so that readers show the columns in ours. Long
 * attributes fit because strings of variable length stand in a heap. */
static int create_file(struct kd_disk *disk, int fd, hid_t *file, struct kd_err *err) {
  int code = KD_OK;
  unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  hid_t creation = H5Pcreate(H5P_FILE_CREATE);
  if (creation < 0 || H5Pset_link_creation_order(creation, order) < 0 ||
      H5Pset_obj_track_times(creation, false) < 0 ||
      H5Pset_istore_k(creation, CHUNK_NODE_HALF) < 0)
    code = kd_h5_fail(err, "HDF5 takes no options");
  if (!code) code = kd_disk_create(disk, fd, creation, file, err);
  return kd_h5_close(creation, code, err);
}

/* Names of the claims with a space between each */
static void name_claims(unsigned claims, char *text, size_t size) {
  size_t used = 0;
  *text = '\0';
  for (size_t k = 0; k < KD_N_CLAIMS && used < size; k++)
    if (claims & 1u << k)
      used += (size_t)snprintf(text + used, size - used, "%s%s", used ? " " : "",
                               kd_claims[k]->name);
}

static int write_head(hid_t file, const struct kd_table_head *head, struct kd_err *err) {
  char claims[KD_N_CLAIMS * KD_CLAIM_NAME_SIZE];
  name_claims(head->claims, claims, sizeof claims);
  const struct {
    const char *name, *text;
  } texts[] = {
      {"title", *head->about ? head->about : head->experiment},
      {"experiment", head->experiment},
      {"about", head->about},
      {"source", head->program_version},
      {"config", head->config},
      {"overrides", head->overrides},
      {"files", head->files},
      {"claims", claims},
  };
  const struct {
    const char *name;
    int64_t value;
  } integers[] = {
      {"schema_version", KD_SCHEMA_VERSION},
      {"numerics_version", head->numerics_version},
      {"record", head->record},
  };
  int code = KD_OK;
  for (size_t i = 0; i < sizeof texts / sizeof *texts && !code; i++)
    code = kd_h5_put_text(file, texts[i].name, texts[i].text, err);
  for (size_t i = 0; i < sizeof integers / sizeof *integers && !code; i++)
    code = kd_h5_put_integer(file, integers[i].name, integers[i].value, err);
  return code;
}

/* A file that is being written */
struct writing {
  struct kd_disk disk;
  hid_t file;
  struct kd_table *shape;
  const struct kd_gather *gather;
  size_t pressing; /* threads that compress, 0 = nothing is compressed */
  char *coordinates;
  unsigned char *room; /* of the window */
};

/* Columns first .. end-1 in windows of `step` of their `rows` rows */
struct group {
  size_t first, end, rows, step;
};

static bool is_dimension(const struct writing *w, size_t s) {
  return s < w->shape->first_coordinate;
}

static size_t rows_of(const struct writing *w, size_t s) {
  return w->shape->head.extent[w->shape->slot[s].column.dim[0]];
}

static double column_bytes(const struct writing *w, size_t s) {
  return (double)rows_of(w, s) * (double)kd_slot_row_bytes(w->shape, &w->shape->slot[s]);
}

/* As many columns as fit into the window; or one, and as many of its rows as do: whole
 * chunks, so that each is compressed once. */
static struct group next_group(const struct writing *w, size_t first) {
  struct group g = {.first = first, .end = first + 1, .rows = rows_of(w, first)};
  double bytes = column_bytes(w, first);
  g.step = g.rows;
  if (bytes > KD_WINDOW_BYTES) {
    const struct kd_slot *slot = &w->shape->slot[first];
    size_t chunk = kd_dataset_chunk_rows(w->shape, slot);
    size_t row = kd_slot_row_bytes(w->shape, slot), most = KD_WINDOW_BYTES / row / chunk;
    g.step = most ? most * chunk : chunk;
    return g;
  }
  while (!is_dimension(w, first) && g.end < w->shape->n_slots &&
         (bytes += column_bytes(w, g.end)) <= KD_WINDOW_BYTES)
    g.end++;
  return g;
}

/* The columns of a group lie in the room one behind the other. */
static int make_room(struct writing *w, const struct group *g, struct kd_err *err) {
  size_t size = 0;
  for (size_t s = g->first; s < g->end; s++) {
    size_t row = kd_slot_row_bytes(w->shape, &w->shape->slot[s]);
    if (row > (PTRDIFF_MAX - size) / g->step) return kd_no_memory(err);
    size += (row * g->step + 7) / 8 * 8;
  }
  free(w->room);
  if (!(w->room = malloc(size))) return kd_no_memory(err);
  unsigned char *at = w->room;
  for (size_t s = g->first; s < g->end; s++) {
    kd_slot_use(&w->shape->slot[s], at);
    at += (kd_slot_row_bytes(w->shape, &w->shape->slot[s]) * g->step + 7) / 8 * 8;
  }
  return KD_OK;
}

static int fill(struct writing *w, const struct group *g, size_t from, size_t n,
                struct kd_err *err) {
  if (!is_dimension(w, g->first))
    return kd_gather_rows(w->gather, w->shape, g->first, g->end, from, n, err);
  int64_t *index = w->shape->slot[g->first].data;
  for (size_t i = 0; i < n; i++) index[i] = (int64_t)(from + i);
  return KD_OK;
}

static bool some_missing(const struct writing *w, const struct kd_slot *slot, size_t rows) {
  const int64_t *value = slot->column.integer;
  size_t n = value ? rows * kd_slot_row_bytes(w->shape, slot) / sizeof *value : 0;
  for (size_t i = 0; i < n; i++)
    if (value[i] == KD_NO_INTEGER) return true;
  return false;
}

/* One column of a group whose rows from .. from+n-1 are in the room. A long column stays
 * open from window to window. */
static int write_column(struct writing *w, const struct group *g, size_t s, size_t from,
                        size_t n, hid_t *dataset, bool *missing, struct kd_err *err) {
  const struct kd_slot *slot = &w->shape->slot[s];
  int code = KD_OK;
  if (from == 0) {
    *missing = false;
    code = kd_dataset_create(w->file, w->shape, slot, w->pressing > 0, dataset, err);
  }
  if (!code && w->pressing)
    code = kd_dataset_write_pressed(*dataset, w->shape, slot, from, n, slot->data, w->pressing,
                                    err);
  else if (!code)
    code = kd_dataset_write(*dataset, w->shape, slot, from, n, slot->data, err);
  if (!code) code = kd_disk_check(&w->disk, err);
  *missing = *missing || some_missing(w, slot, n);
  if (!code && from + n < g->rows) return KD_OK;
  if (!code)
    code =
        kd_dataset_describe(w->file, w->shape, slot, *dataset, w->coordinates, *missing, err);
  code = kd_h5_close(*dataset, code, err);
  *dataset = H5I_INVALID_HID;
  return code;
}

static int write_group(struct writing *w, const struct group *g, struct kd_err *err) {
  hid_t dataset = H5I_INVALID_HID;
  bool missing = false;
  int code = make_room(w, g, err);
  for (size_t from = 0; from < g->rows && !code; from += g->step) {
    size_t n = g->rows - from < g->step ? g->rows - from : g->step;
    code = fill(w, g, from, n, err);
    for (size_t s = g->first; s < g->end && !code; s++)
      code = write_column(w, g, s, from, n, &dataset, &missing, err);
  }
  return kd_h5_close(dataset, code, err);
}

static int write_columns(struct writing *w, struct kd_err *err) {
  int code = KD_OK;
  for (size_t s = 0; s < w->shape->n_slots && !code;) {
    struct group group = next_group(w, s);
    code = write_group(w, &group, err);
    s = group.end;
  }
  return code;
}

static int write_all(const struct kd_table_head *head, const struct kd_gather *gather,
                     size_t pressing, const struct kd_durable *to, struct kd_err *err) {
  struct writing w = {
      .disk = KD_NO_DISK, .file = H5I_INVALID_HID, .gather = gather, .pressing = pressing};
  w.coordinates = kd_column_coordinates(head);
  kd_h5_quiet();
  int code = w.coordinates ? KD_OK : kd_no_memory(err);
  if (!code) code = kd_table_shape(head, &w.shape, err);
  if (!code) code = create_file(&w.disk, to->fd, &w.file, err);
  if (!code) code = write_head(w.file, &w.shape->head, err);
  if (!code) code = write_columns(&w, err);
  kd_h5_close_file(w.file, to->temporary);
  if (!code) code = kd_disk_check(&w.disk, err);
  kd_disk_clear(&w.disk);
  kd_table_free(w.shape);
  free(w.coordinates);
  free(w.room);
  return code;
}

int kd_write_gathered(const char *path, const struct kd_table_head *head,
                      const struct kd_gather *gather, size_t pressing, struct kd_err *err) {
  struct kd_durable file;
  int code = kd_durable_begin(&file, path, err);
  if (!code) code = write_all(head, gather, pressing, &file, err);
  if (!code) code = kd_trailer_seal(file.fd, err);
  if (!code) code = kd_durable_commit(&file, err);
  kd_durable_abandon(&file);
  return code ? kd_context(err, code, "%s", path) : KD_OK;
}

int kd_file_write(const char *path, const struct kd_table *table, bool compress,
                  struct kd_err *err) {
  size_t n = table->head.extent[KD_DIM_CELL];
  struct kd_place *place = calloc(n, sizeof *place);
  struct kd_source source = {.table = (struct kd_table *)table};
  if (!place) return kd_no_memory(err);
  for (size_t i = 0; i < n; i++) place[i] = (struct kd_place){0, (uint32_t)i, (uint32_t)i};
  struct kd_gather gather = {.source = &source, .place = place, .n = n};
  int code = kd_write_gathered(path, &table->head, &gather, compress, err); /* by one thread */
  free(place);
  return code;
}
