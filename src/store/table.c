/* SPDX-License-Identifier: MIT
 *
 * A table's columns: made from the head and the table of variables, looked up
 * by index or name. A column is one block, cell after cell. All memory hangs
 * on one list, so that freeing is one walk.
 */
#include "table_private.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

struct kd_block {
  struct kd_block *next;
  alignas(max_align_t) unsigned char memory[];
};

/* n zeroed items of this size, freed with the table; NULL when short. */
static void *hold(struct kd_table *table, size_t n, size_t size) {
  if (n > (PTRDIFF_MAX - sizeof(struct kd_block)) / size) return NULL;
  struct kd_block *block = calloc(1, sizeof *block + n * size);
  if (!block) return NULL;
  block->next = table->blocks;
  table->blocks = block;
  return block->memory;
}

static const char *hold_text(struct kd_table *table, const char *text) {
  if (!text) text = "";
  size_t size = strlen(text) + 1;
  char *copy = hold(table, size, 1);
  return copy ? memcpy(copy, text, size) : NULL;
}

static bool hold_names(struct kd_table *table, struct kd_coordinate *c) {
  const char **copy = hold(table, c->n_names, sizeof *copy);
  if (!copy) return false;
  for (size_t i = 0; i < c->n_names; i++)
    if (!(copy[i] = hold_text(table, c->names[i]))) return false;
  c->names = copy;
  return true;
}

static bool hold_head(struct kd_table *table, const struct kd_table_head *head) {
  struct kd_table_head *own = &table->head;
  *own = *head;
  struct kd_coordinate *copy = hold(table, head->n_coordinates, sizeof *copy);
  if (!copy || !(own->experiment = hold_text(table, head->experiment)) ||
      !(own->about = hold_text(table, head->about)) ||
      !(own->config = hold_text(table, head->config)) ||
      !(own->overrides = hold_text(table, head->overrides)) ||
      !(own->files = hold_text(table, head->files)) ||
      !(own->program_version = hold_text(table, head->program_version)))
    return false;
  for (size_t i = 0; i < head->n_coordinates; i++) {
    copy[i] = head->coordinate[i];
    if (!(copy[i].path = hold_text(table, copy[i].path)) ||
        !(copy[i].units = hold_text(table, copy[i].units)) ||
        !(copy[i].long_name = hold_text(table, copy[i].long_name)) ||
        !hold_names(table, &copy[i]))
      return false;
  }
  own->coordinate = copy;
  return true;
}

/* Names end up in lists parted by spaces, in tab-parted lines and as HDF5
 * links. */
static bool is_name(const char *name) {
  for (const char *p = name; *p; p++)
    if (isspace((unsigned char)*p) || iscntrl((unsigned char)*p) || *p == '/') return false;
  return *name && strcmp(name, ".") != 0;
}

size_t kd_slot_value_bytes(const struct kd_slot *slot) {
  bool of_variable = slot->variable != NULL;
  return slot->column.type == KD_TYPE_CODE && of_variable ? sizeof(uint8_t) : sizeof(double);
}

size_t kd_column_count(const struct kd_table_head *head, const struct kd_column *column) {
  size_t n = 1;
  for (size_t k = 0; k < column->n_dims; k++) n *= head->extent[column->dim[k]];
  return n;
}

size_t kd_slot_row_bytes(const struct kd_table *table, const struct kd_slot *slot) {
  size_t bytes = kd_slot_value_bytes(slot);
  for (size_t k = 1; k < slot->column.n_dims; k++) {
    size_t extent = table->head.extent[slot->column.dim[k]];
    if (extent > 0 && bytes > SIZE_MAX / extent) return SIZE_MAX;
    bytes *= extent;
  }
  return bytes;
}

void kd_slot_clear(struct kd_slot *slot, size_t from, size_t to) {
  switch (slot->column.type) {
  case KD_TYPE_REAL:
    for (size_t i = from; i < to; i++) ((double *)slot->data)[i] = NAN;
    return;
  case KD_TYPE_UNSIGNED:
    for (size_t i = from; i < to; i++) ((uint64_t *)slot->data)[i] = 0;
    return;
  case KD_TYPE_CODE:
    if (slot->variable) {
      for (size_t i = from; i < to; i++) ((uint8_t *)slot->data)[i] = KD_STATUS_FAILED;
      return;
    } /* a coordinate's codes are integers */
    __attribute__((fallthrough));
  case KD_TYPE_INTEGER:
    for (size_t i = from; i < to; i++) ((int64_t *)slot->data)[i] = KD_NO_INTEGER;
  }
}

void kd_slot_use(struct kd_slot *slot, void *data) {
  struct kd_column *own = &slot->column;
  slot->data = data;
  switch (own->type) {
  case KD_TYPE_REAL:
    own->real = data;
    break;
  case KD_TYPE_INTEGER:
    own->integer = data;
    break;
  case KD_TYPE_UNSIGNED:
    own->unsigned_ = data;
    break;
  case KD_TYPE_CODE:
    if (slot->variable)
      own->code = data;
    else
      own->integer = data;
  }
}

/* Adds a column without values. */
static int add(struct kd_table *table, const struct kd_column *column,
               const struct kd_variable *variable, struct kd_err *err) {
  if (kd_slot_find(table, column->name))
    return kd_fail(err, KD_SYSTEM, "two columns named '%s'", column->name);
  table->slot[table->n_slots++] = (struct kd_slot){.column = *column, .variable = variable};
  return KD_OK;
}

static int add_dimension(struct kd_table *table, enum kd_dim dim, struct kd_err *err) {
  static const char *const long_name[KD_N_DIMS] = {
      "number of the cell", "number of the point in its cell", "number of the recorded step",
      "number of the bin in its cell"};
  struct kd_column column = {.name = kd_dim_name(dim),
                             .units = "1",
                             .long_name = long_name[dim],
                             .type = KD_TYPE_INTEGER,
                             .n_dims = 1,
                             .dim = {dim}};
  return add(table, &column, NULL, err);
}

static int add_coordinate(struct kd_table *table, const struct kd_coordinate *c,
                          struct kd_err *err) {
  if (!is_name(c->path)) return kd_fail(err, KD_SYSTEM, "'%s' cannot name a column", c->path);
  if (c->type == KD_TYPE_UNSIGNED || (c->type == KD_TYPE_CODE && c->n_names == 0))
    return kd_fail(err, KD_SYSTEM, "'%s' has no type of a coordinate", c->path);
  for (size_t i = 0; i < c->n_names; i++)
    if (!is_name(c->names[i]))
      return kd_fail(err, KD_SYSTEM, "%s: '%s' cannot name a code", c->path, c->names[i]);
  struct kd_column column = {.name = c->path,
                             .units = c->units,
                             .long_name = c->long_name,
                             .type = c->type,
                             .n_dims = 1,
                             .dim = {KD_DIM_CELL},
                             .n_names = c->type == KD_TYPE_CODE ? c->n_names : 0,
                             .names = c->names};
  return add(table, &column, NULL, err);
}

bool kd_head_has(const struct kd_table_head *head, const struct kd_variable *v) {
  for (size_t k = 1; k < v->n_dims; k++)
    if (head->extent[v->dim[k]] == 0) return false;
  bool always = v->recorded == 0 && v->claims == 0;
  bool any = (v->recorded & head->record) != 0 || (v->claims & head->claims) != 0;
  return (always || any) && (v->needed & ~head->record) == 0;
}

static int add_variable(struct kd_table *table, const struct kd_variable *v,
                        const char *const *status_names, struct kd_err *err) {
  if (!kd_head_has(&table->head, v)) return KD_OK;
  struct kd_column column = {.name = v->name,
                             .units = v->units,
                             .long_name = v->long_name,
                             .type = v->type,
                             .n_dims = v->n_dims,
                             .dim = {v->dim[0], v->dim[1], v->dim[2]}};
  if (v->type == KD_TYPE_CODE) {
    column.n_names = KD_N_STATUS;
    column.names = status_names;
  }
  return add(table, &column, v, err);
}

static int add_all(struct kd_table *table, struct kd_err *err) {
  const struct kd_table_head *head = &table->head;
  const char **status = hold(table, KD_N_STATUS, sizeof *status);
  size_t most = KD_N_DIMS + kd_n_variables + head->n_coordinates;
  table->slot = hold(table, most, sizeof *table->slot);
  if (!status || !table->slot) return kd_no_memory(err);
  for (int i = 0; i < KD_N_STATUS; i++) status[i] = kd_status_name((enum kd_status)i);

  int code = KD_OK;
  for (int d = 0; d < KD_N_DIMS && !code; d++)
    if (head->extent[d] > 0) code = add_dimension(table, (enum kd_dim)d, err);
  table->first_coordinate = table->n_slots;
  for (size_t i = 0; i < head->n_coordinates && !code; i++)
    code = add_coordinate(table, &head->coordinate[i], err);
  table->first_variable = table->n_slots;
  for (size_t i = 0; i < kd_n_variables && !code; i++)
    code = add_variable(table, &kd_variables[i], status, err);
  return code;
}

int kd_table_shape(const struct kd_table_head *head, struct kd_table **out,
                   struct kd_err *err) {
  *out = NULL;
  if (head->extent[KD_DIM_CELL] == 0) return kd_fail(err, KD_SYSTEM, "a table without cells");
  struct kd_table *table = calloc(1, sizeof *table);
  if (!table) return kd_no_memory(err);
  int code = hold_head(table, head) ? add_all(table, err) : kd_no_memory(err);
  if (code)
    kd_table_free(table);
  else
    *out = table;
  return code;
}

/* Makes room for a column: a dimension counts, in all others every value is missing. */
static int hold_values(struct kd_table *table, struct kd_slot *slot, struct kd_err *err) {
  size_t rows = table->head.extent[slot->column.dim[0]];
  void *data = hold(table, rows, kd_slot_row_bytes(table, slot));
  if (!data) return kd_no_memory(err);
  kd_slot_use(slot, data);
  if (slot >= table->slot + table->first_coordinate)
    kd_slot_clear(slot, 0, kd_column_count(&table->head, &slot->column));
  else
    for (size_t i = 0; i < rows; i++) ((int64_t *)data)[i] = (int64_t)i;
  return KD_OK;
}

int kd_table_create(const struct kd_table_head *head, struct kd_table **out,
                    struct kd_err *err) {
  int code = kd_table_shape(head, out, err);
  for (size_t s = 0; !code && s < (*out)->n_slots; s++)
    code = hold_values(*out, &(*out)->slot[s], err);
  if (code) {
    kd_table_free(*out);
    *out = NULL;
  }
  return code;
}

void kd_table_cut(struct kd_table *table, size_t n_rows) {
  assert(n_rows > 0 && n_rows <= table->head.extent[KD_DIM_CELL]);
  table->head.extent[KD_DIM_CELL] = n_rows;
}

void kd_table_free(struct kd_table *table) {
  if (!table) return;
  for (struct kd_block *block = table->blocks, *next; block; block = next) {
    next = block->next;
    free(block);
  }
  free(table);
}

const struct kd_table_head *kd_table_head(const struct kd_table *table) {
  return &table->head;
}

size_t kd_table_n_columns(const struct kd_table *table) {
  return table->n_slots;
}

void kd_table_column(const struct kd_table *table, size_t i, struct kd_column *column) {
  *column = table->slot[i].column;
}

struct kd_slot *kd_slot_find(const struct kd_table *table, const char *name) {
  for (size_t i = 0; i < table->n_slots; i++)
    if (strcmp(table->slot[i].column.name, name) == 0) return &table->slot[i];
  return NULL;
}

bool kd_table_find(const struct kd_table *table, const char *name, struct kd_column *column) {
  const struct kd_slot *slot = kd_slot_find(table, name);
  if (slot) *column = slot->column;
  return slot;
}

static bool same_texts(size_t n, const char *const *a, const char *const *b) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(a[i], b[i]) != 0) return false;
  return true;
}

static bool same_heads(const struct kd_table_head *a, const struct kd_table_head *b) {
  const char *const p[] = {a->experiment, a->about, a->config,
                           a->overrides,  a->files, a->program_version};
  const char *const q[] = {b->experiment, b->about, b->config,
                           b->overrides,  b->files, b->program_version};
  return same_texts(sizeof p / sizeof *p, p, q) && a->numerics_version == b->numerics_version &&
         a->record == b->record && a->claims == b->claims &&
         memcmp(a->extent, b->extent, sizeof a->extent) == 0;
}

static bool same_columns(const struct kd_column *a, const struct kd_column *b) {
  const char *const p[] = {a->name, a->units, a->long_name};
  const char *const q[] = {b->name, b->units, b->long_name};
  return same_texts(sizeof p / sizeof *p, p, q) && a->type == b->type &&
         a->n_names == b->n_names && same_texts(a->n_names, a->names, b->names);
}

bool kd_table_same_shape(const struct kd_table *a, const struct kd_table *b) {
  if (!same_heads(&a->head, &b->head) || a->n_slots != b->n_slots) return false;
  for (size_t s = 0; s < a->n_slots; s++)
    if (!same_columns(&a->slot[s].column, &b->slot[s].column)) return false;
  return true;
}

bool kd_head_same_variables(const struct kd_table_head *a, const struct kd_table_head *b) {
  for (size_t i = 0; i < kd_n_variables; i++)
    if (kd_head_has(a, &kd_variables[i]) != kd_head_has(b, &kd_variables[i])) return false;
  return true;
}

/* The column of a number that every cell has */
static const struct kd_column *number(const struct kd_table *table, size_t offset) {
  size_t s = table->n_slots;
  while (--s > table->first_variable && table->slot[s].variable->offset != offset) continue;
  return &table->slot[s].column;
}

enum kd_status kd_table_status(const struct kd_table *table, size_t row) {
  size_t offset = offsetof(struct kd_cell_record, result.status);
  return (enum kd_status)number(table, offset)->code[row];
}

void kd_table_key(const struct kd_table *table, size_t row, uint64_t *high, uint64_t *low) {
  *high = number(table, offsetof(struct kd_cell_record, key_high))->unsigned_[row];
  *low = number(table, offsetof(struct kd_cell_record, key_low))->unsigned_[row];
}
