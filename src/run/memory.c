/* SPDX-License-Identifier: MIT
 *
 * What a run needs in memory: of each cell where it stands and while it is looked up its
 * key; of values only what was just computed and one window of the file that is written.
 */
#include "crew.h"
#include "run.h"
#include "store/file.h"
#include "store/write.h"

/* Bytes of a cell: its place, state and place in the list of what is to do; its key, its
 * row in the table of keys (up to 3 entries of 4 bytes) and the next row of that key. */
static const double PLACE = 12 + 1 + 8, KEY = 16 + 12 + 4;

/* The program, HDF5 and its caches */
static const double BASE = 16e6;

double kd_run_memory(const struct kd_table_head *head, size_t n_threads) {
  double cells = (double)head->extent[KD_DIM_CELL], row = kd_file_row(head);
  double computed = KD_CREW_BYTES + row * (double)(n_threads + 1), window = KD_WINDOW_BYTES;
  double all = kd_file_payload(head);
  if (window < row) window = row;
  if (computed > 2 * all) computed = 2 * all;
  if (window > all) window = all;
  return BASE + cells * (PLACE + KEY) + computed + 2 * window;
}
