/* SPDX-License-Identifier: MIT
 *
 * A config as it was written: values set outside the sweep, the axes of the
 * sweep with the series of their paths, the filters. Read from the tree of the file,
 * then changed by each --set; checked by check.h; asked by plan.h.
 */
#ifndef KD_SPEC_H
#define KD_SPEC_H

#include <stdint.h>

#include "files.h"
#include "filter.h"
#include "series.h"

enum { KD_FILTERS_MAX = 64 };

struct kd_spec_axis {
  char *name; /* owned: its path, or the group's name */
  struct kd_mark mark;
  bool group;
  size_t n;
};

struct kd_spec {
  char *experiment, *about;         /* owned, or NULL */
  bool named;                       /* the experiment is, well or not */
  struct kd_value unset[KD_N_KEYS]; /* defaults */
  struct kd_value value[KD_N_KEYS]; /* set outside the sweep, else the default,
                                       whose list belongs to `unset` */
  size_t n_axes;
  struct kd_spec_axis axis[KD_N_KEYS];
  size_t n_swept; /* by rising axis */
  struct kd_series swept[KD_N_KEYS];
  size_t n_filters;
  struct kd_filter filter[KD_FILTERS_MAX];
  struct kd_mark where; /* of the list of filters */
  bool where_broken;
  struct kd_files *files; /* owned */
  const char *config;     /* borrowed: its name */
  uint64_t broken;        /* bit k: an error may hide what key k was meant to be */
};

bool kd_spec_init(struct kd_spec *spec, struct kd_diag *diag);
void kd_spec_clear(struct kd_spec *spec);

/* Reads the whole tree of a config. */
void kd_spec_read(struct kd_spec *spec, const struct kd_node *root, struct kd_diag *diag);

/* Applies one --set; `text` is its number `set` (from 1), PATH=VALUE. */
void kd_spec_set(struct kd_spec *spec, const char *text, size_t set, struct kd_diag *diag);

/* Gives the key the node's value outside the sweep; `~` takes it away. */
void kd_spec_assign(struct kd_spec *spec, const struct kd_key *key, const struct kd_node *node,
                    struct kd_diag *diag);
void kd_spec_unassign(struct kd_spec *spec, const struct kd_key *key);

/* What stands at the top of a config besides keys and sections. */
struct kd_spec_entry {
  const char *name, *doc;
};
extern const struct kd_spec_entry kd_spec_entries[];
extern const size_t kd_n_spec_entries;
bool kd_spec_is_entry(const char *name);

/* `experiment` or `about`: true if the node is one of them. */
bool kd_spec_title(struct kd_spec *spec, const char *name, const struct kd_node *node,
                   struct kd_diag *diag);

/* where.c: reads the list of filters in place of the present one. */
void kd_spec_where(struct kd_spec *spec, const struct kd_node *node, struct kd_diag *diag);
void kd_spec_clear_where(struct kd_spec *spec);

/* Numbers the files that the values name, for kd_check to read; once all is set. */
void kd_spec_open_files(struct kd_spec *spec, const char *config, struct kd_diag *diag);

/* Reports a name that is no path, and marks as broken what it may have meant. */
void kd_spec_unknown(struct kd_spec *spec, const char *name, struct kd_mark mark,
                     struct kd_diag *diag);

/* axes.c: the sweep. Value i of an axis for those of its keys that are in the
 * set, into KD_N_KEYS values; lists belong to the spec. Series of a key, or NULL; adding an
 * axis of one path; dropping a key from its axis, and the axis with its last key. */
void kd_spec_load(const struct kd_spec *spec, size_t axis, size_t i, uint64_t keys,
                  struct kd_value *values);
struct kd_series *kd_spec_swept(struct kd_spec *spec, const struct kd_key *key);
void kd_spec_sweep(struct kd_spec *spec, const struct kd_node *sweep, struct kd_diag *diag);
void kd_spec_add_axis(struct kd_spec *spec, const struct kd_key *key, struct kd_series *series,
                      struct kd_diag *diag);
void kd_spec_unsweep(struct kd_spec *spec, const struct kd_key *key);

#endif
