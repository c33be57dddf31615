/* SPDX-License-Identifier: MIT
 *
 * See gather.h.
 */
#include "gather.h"

#include <math.h>
#include <stdlib.h>

#include "h5.h"
#include "reader.h"

void kd_source_clear(struct kd_source *source) {
  free(source->path);
  kd_table_free(source->table);
  *source = (struct kd_source){0};
}

static int compare(const struct kd_place *p, const struct kd_place *q) {
  if (p->source != q->source) return p->source < q->source ? -1 : 1;
  return p->row < q->row ? -1 : p->row > q->row;
}

static int by_source(const void *a, const void *b) {
  const struct kd_place *p = a, *q = b;
  int order = compare(p, q);
  return order ? order : p->to < q->to ? -1 : p->to > q->to;
}

void kd_places_sort(struct kd_place *place, size_t n) {
  for (size_t i = 1; i < n; i++)
    if (compare(&place[i - 1], &place[i]) > 0) {
      qsort(place, n, sizeof *place, by_source);
      return;
    }
}

/* Some columns and rows of the new file */
struct window {
  const struct kd_gather *gather;
  struct kd_table *shape;
  size_t first, end, from, n;
};

static bool shows(const struct window *w, const struct kd_place *place) {
  return place->to >= w->from && place->to - w->from < w->n;
}

static int place_coordinates(const struct window *w, struct kd_err *err) {
  size_t first = w->shape->first_coordinate, end = w->shape->first_variable;
  if (!w->gather->coordinates || w->first >= end) return KD_OK;
  double *value = calloc(end - first + 1, sizeof *value);
  if (!value) return kd_no_memory(err);
  for (size_t row = 0; row < w->n; row++) {
    w->gather->coordinates(w->gather->context, w->from + row, value);
    for (size_t s = w->first; s < w->end && s < end; s++)
      kd_slot_place(&w->shape->slot[s], row, value[s - first]);
  }
  free(value);
  return KD_OK;
}

static bool comes_from_sources(const struct window *w, size_t s) {
  return s >= w->shape->first_variable || !w->gather->coordinates;
}

static void copy_from_table(const struct window *w, const struct kd_table *table,
                            const struct kd_place *place, size_t n) {
  for (size_t s = w->first; s < w->end; s++) {
    struct kd_slot *slot = &w->shape->slot[s];
    const struct kd_slot *from = kd_slot_find(table, slot->column.name);
    if (!comes_from_sources(w, s)) continue;
    for (size_t i = 0; i < n; i++)
      if (shows(w, &place[i]))
        kd_slot_copy(w->shape, slot, place[i].to - w->from, &table->head, from->data,
                     place[i].row);
  }
}

/* The column's rows that are wanted, in steps of whole chunks; `values` is room for a step. */
static int copy_steps(const struct window *w, struct kd_slot *slot, hid_t dataset,
                      const struct kd_table *shape, const struct kd_slot *from, size_t step,
                      void *values, const struct kd_place *place, size_t n,
                      struct kd_err *err) {
  size_t rows = shape->head.extent[KD_DIM_CELL], begin = 0, end = 0;
  int code = KD_OK;
  for (size_t i = 0; i < n && !code; i++) {
    if (!shows(w, &place[i])) continue;
    if (place[i].row >= end) {
      begin = place[i].row / step * step;
      end = rows - begin < step ? rows : begin + step;
      code = kd_dataset_read(dataset, shape, from, begin, end - begin, values, err);
    }
    if (!code)
      kd_slot_copy(w->shape, slot, place[i].to - w->from, &shape->head, values,
                   place[i].row - begin);
  }
  return code;
}

static int copy_column(const struct window *w, struct kd_slot *slot,
                       const struct kd_reader *reader, const struct kd_place *place, size_t n,
                       struct kd_err *err) {
  hid_t dataset = H5I_INVALID_HID;
  size_t step = 0;
  const struct kd_table *shape = reader->shape;
  const struct kd_slot *from = kd_slot_find(shape, slot->column.name);
  if (!from) return kd_fail(err, KD_SYSTEM, "has no column '%s'", slot->column.name);
  int code = kd_dataset_open_slot(reader->file, shape, from, &dataset, err);
  if (!code) code = kd_dataset_step(dataset, shape, from, &step, err);
  if (step > shape->head.extent[KD_DIM_CELL]) step = shape->head.extent[KD_DIM_CELL];
  void *values = code ? NULL : calloc(step, kd_slot_row_bytes(shape, from));
  if (!code && !values) code = kd_no_memory(err);
  if (!code) code = copy_steps(w, slot, dataset, shape, from, step, values, place, n, err);
  free(values);
  return kd_h5_close(dataset, code, err);
}

static int copy_from_file(const struct window *w, const char *path,
                          const struct kd_place *place, size_t n, struct kd_err *err) {
  struct kd_reader reader;
  int code = kd_reader_open_again(&reader, path, err);
  if (!code) {
    for (size_t s = w->first; s < w->end && !code; s++)
      if (comes_from_sources(w, s))
        code = copy_column(w, &w->shape->slot[s], &reader, place, n, err);
    if (code) kd_context(err, code, "%s", path);
  }
  kd_reader_close(&reader);
  return code;
}

static bool wants_any(const struct window *w, const struct kd_place *place, size_t n) {
  if (!comes_from_sources(w, w->end - 1)) return false;
  for (size_t i = 0; i < n; i++)
    if (shows(w, &place[i])) return true;
  return false;
}

int kd_gather_rows(const struct kd_gather *gather, struct kd_table *shape, size_t first,
                   size_t end, size_t from, size_t n, struct kd_err *err) {
  struct window w = {gather, shape, first, end, from, n};
  int code = place_coordinates(&w, err);
  for (size_t i = 0, next; i < gather->n && !code; i = next) {
    const struct kd_place *place = &gather->place[i];
    const struct kd_source *source = &gather->source[place->source];
    for (next = i + 1; next < gather->n; next++)
      if (gather->place[next].source != place->source) break;
    if (!wants_any(&w, place, next - i)) continue;
    if (source->table)
      copy_from_table(&w, source->table, place, next - i);
    else
      code = copy_from_file(&w, source->path, place, next - i, err);
  }
  return code;
}
