/* SPDX-License-Identifier: MIT
 *
 * Reading the head. Nothing is taken on trust: versions, types, counts and
 * lists are checked here, names by kd_table_create.
 */
#include "read_head.h"

#include <stdlib.h>
#include <string.h>

#include "column.h"
#include "dataset.h"
#include "file.h"
#include "h5.h"

enum { COLUMNS_MAX = 10000 };

struct kd_coordinate_texts {
  char *path, *units, *long_name, *meanings;
  const char **names; /* into meanings */
};

static int read_versions(hid_t file, struct kd_table_head *head, struct kd_err *err) {
  int64_t schema = 0, record = 0;
  int code = kd_h5_take_integer(file, "schema_version", &schema, err);
  if (code) return code;
  if (schema > KD_SCHEMA_VERSION)
    return kd_fail(err, KD_SYSTEM,
                   "made by a newer kdegrad (schema version %lld, this one reads up to %d)",
                   (long long)schema, KD_SCHEMA_VERSION);
  code = kd_h5_take_integer(file, "numerics_version", &head->numerics_version, err);
  if (!code) code = kd_h5_take_integer(file, "record", &record, err);
  if (code) return code;
  head->record = (unsigned)record;
  if (record != (int64_t)head->record)
    return kd_fail(err, KD_SYSTEM, "record %lld is out of range", (long long)record);
  return KD_OK;
}

static int read_texts(hid_t file, struct kd_read_head *read, struct kd_err *err) {
  const struct {
    const char *name;
    char **text;
    const char **shown;
  } texts[] = {
      {"experiment", &read->experiment, &read->head.experiment},
      {"about", &read->about, &read->head.about},
      {"source", &read->source, &read->head.program_version},
      {"config", &read->config, &read->head.config},
      {"overrides", &read->overrides, &read->head.overrides},
      {"files", &read->files, &read->head.files},
  };
  int code = KD_OK;
  for (size_t i = 0; i < sizeof texts / sizeof *texts && !code; i++) {
    code = kd_h5_take_text(file, texts[i].name, texts[i].text, err);
    *texts[i].shown = *texts[i].text;
  }
  return code;
}

/* Names of the claims that cells were judged by */
static int read_claims(hid_t file, struct kd_table_head *head, struct kd_err *err) {
  char *text = NULL, *rest;
  int code = kd_h5_take_text(file, "claims", &text, err);
  for (char *name = code ? NULL : strtok_r(text, " ", &rest); name && !code;
       name = strtok_r(NULL, " ", &rest)) {
    enum kd_claim_id id = kd_claim_find(name);
    if (id == KD_N_CLAIMS)
      code = kd_fail(err, KD_SYSTEM, "unknown claim '%s'", name);
    else
      head->claims |= 1u << id;
  }
  free(text);
  return code;
}

static int read_extent(hid_t file, enum kd_dim dim, struct kd_table_head *head,
                       struct kd_err *err) {
  const char *name = kd_dim_name(dim);
  htri_t there = H5Lexists(file, name, H5P_DEFAULT);
  if (there < 0) return kd_h5_fail(err, name);
  if (!there) return KD_OK;
  hid_t dataset;
  hsize_t extent[KD_RANK_MAX];
  int code = kd_dataset_open(file, name, 1, &dataset, extent, err);
  if (!code && extent[0] > PTRDIFF_MAX)
    code = kd_fail(err, KD_SYSTEM, "%s: an extent beyond all bounds", name);
  if (!code) head->extent[dim] = (size_t)extent[0];
  return kd_h5_close(dataset, code, err);
}

/* Splits `text` at its spaces, in place. */
static int split(char *text, const char ***words, size_t *n, struct kd_err *err) {
  char *rest;
  *n = 0;
  *words = calloc(strlen(text) / 2 + 1, sizeof **words);
  if (!*words) return kd_no_memory(err);
  for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
    (*words)[(*n)++] = word;
  return KD_OK;
}

static int coordinate_type(hid_t dataset, struct kd_coordinate *c, struct kd_err *err) {
  int code = KD_OK;
  hid_t stored = H5Dget_type(dataset);
  if (stored < 0) return kd_h5_fail(err, c->path);
  if (H5Tequal(stored, H5T_STD_I64LE) > 0)
    c->type = c->n_names ? KD_TYPE_CODE : KD_TYPE_INTEGER;
  else if (H5Tequal(stored, H5T_IEEE_F64LE) > 0 && !c->n_names)
    c->type = KD_TYPE_REAL;
  else
    code = kd_fail(err, KD_SYSTEM, "%s: not of the type of a coordinate", c->path);
  return kd_h5_close(stored, code, err);
}

/* Texts lie apart from what they belong to; the values of codes do not, and tell how many
 * names there have to be. */
static int check_names(hid_t dataset, const struct kd_coordinate *c, struct kd_err *err) {
  size_t n;
  int code = kd_h5_count_values(dataset, "flag_values", &n, err);
  if (code || n == c->n_names) return code;
  return kd_fail(err, KD_SYSTEM, "%s: %zu names for %zu values", c->path, c->n_names, n);
}

static int read_coordinate(hid_t file, struct kd_coordinate *c, struct kd_coordinate_texts *t,
                           struct kd_err *err) {
  hid_t dataset;
  hsize_t extent[KD_RANK_MAX];
  int code = kd_dataset_open(file, t->path, 1, &dataset, extent, err);
  if (!code) code = kd_h5_take_text(dataset, "units", &t->units, err);
  if (!code) code = kd_h5_take_text(dataset, "long_name", &t->long_name, err);
  if (!code) code = kd_h5_take_text(dataset, "flag_meanings", &t->meanings, err);
  if (!code) code = split(t->meanings, &t->names, &c->n_names, err);
  c->path = t->path;
  c->units = t->units;
  c->long_name = t->long_name;
  c->names = t->names;
  if (!code) code = check_names(dataset, c, err);
  if (!code) code = coordinate_type(dataset, c, err);
  return kd_h5_close(dataset, code, err);
}

static bool is_known(const char *name) {
  for (int d = 0; d < KD_N_DIMS; d++)
    if (strcmp(name, kd_dim_name((enum kd_dim)d)) == 0) return true;
  return kd_variable_is(name);
}

/* Name of the i-th dataset in order of creation; freed by the caller. */
static int link_name(hid_t file, hsize_t i, char **name, struct kd_err *err) {
  ssize_t n =
      H5Lget_name_by_idx(file, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, NULL, 0, H5P_DEFAULT);
  if (n < 0) return kd_h5_fail(err, "cannot list its columns");
  if (!(*name = malloc((size_t)n + 1))) return kd_no_memory(err);
  if (H5Lget_name_by_idx(file, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, *name, (size_t)n + 1,
                         H5P_DEFAULT) != n)
    return kd_h5_fail(err, "cannot list its columns");
  return KD_OK;
}

static int read_coordinates(hid_t file, struct kd_read_head *read, struct kd_err *err) {
  H5G_info_t info;
  if (H5Gget_info(file, &info) < 0) return kd_h5_fail(err, "cannot list its columns");
  if (info.nlinks > COLUMNS_MAX)
    return kd_fail(err, KD_SYSTEM, "%llu columns are too many",
                   (unsigned long long)info.nlinks);
  read->coordinate = calloc((size_t)info.nlinks + 1, sizeof *read->coordinate);
  read->texts = calloc((size_t)info.nlinks + 1, sizeof *read->texts);
  if (!read->coordinate || !read->texts) return kd_no_memory(err);
  read->head.coordinate = read->coordinate;

  int code = KD_OK;
  for (hsize_t i = 0; i < info.nlinks && !code; i++) {
    char *name = NULL;
    code = link_name(file, i, &name, err);
    if (code || is_known(name)) {
      free(name);
      continue;
    }
    size_t k = read->head.n_coordinates++;
    read->texts[k].path = name;
    code = read_coordinate(file, &read->coordinate[k], &read->texts[k], err);
  }
  return code;
}

int kd_read_head(hid_t file, struct kd_read_head *read, struct kd_err *err) {
  int code = read_versions(file, &read->head, err);
  if (!code) code = read_texts(file, read, err);
  if (!code) code = read_claims(file, &read->head, err);
  for (int d = 0; d < KD_N_DIMS && !code; d++)
    code = read_extent(file, (enum kd_dim)d, &read->head, err);
  return code ? code : read_coordinates(file, read, err);
}

void kd_read_head_clear(struct kd_read_head *read) {
  for (size_t i = 0; i < read->head.n_coordinates; i++) {
    struct kd_coordinate_texts *t = &read->texts[i];
    free(t->path);
    free(t->units);
    free(t->long_name);
    free(t->meanings);
    free(t->names);
  }
  free(read->texts);
  free(read->coordinate);
  free(read->experiment);
  free(read->about);
  free(read->source);
  free(read->config);
  free(read->overrides);
  free(read->files);
  *read = (struct kd_read_head){0};
}
