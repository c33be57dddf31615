/* SPDX-License-Identifier: MIT
 *
 * What a run needs in memory: of each cell where it stands and, while it is looked up, its
 * key; of values only what was just computed and a window of the file that is written.
 */
#include <math.h>
#include <unistd.h>

#include "crew.h"
#include "run.h"
#include "store/file.h"
#include "store/write.h"

/* Bytes of a cell: place, state and place in the list of what is to do; its key, up to
 * three entries in the table of keys and the next row of that key; the key of a stored
 * cell that is no longer wanted, its row and its place. */
static const double PLACE = 12 + 1 + 8, KEY = 16 + 3 * 4 + 4, SPARE = 1.5 * (16 + 4) + 12;

/* The program, HDF5 and its caches; a thread and what it fills (measured) */
static const double BASE = 20e6, THREAD = 2e6;

double kd_run_memory(const struct kd_plan *plan, const struct kd_table_head *head,
                     size_t n_threads) {
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  double threads = n_threads ? (double)n_threads : processors > 0 ? (double)processors : 1;
  double cells = (double)head->extent[KD_DIM_CELL], row = kd_file_row(head);
  threads = fmin(threads, cells);
  double all = cells * row;
  /* handed in, and what each thread and the store hold, half as much again lost between the
   * tables; a window and what it is pressed to, and a row on its way */
  double computed = 1.5 * fmin(KD_CREW_BYTES + row * (threads + 1), all);
  double window = fmin(2 * KD_WINDOW_BYTES + 3 * row, 3 * all);
  return BASE + threads * (THREAD + plan->cell_bytes) + cells * (PLACE + fmax(KEY, SPARE)) +
         computed + window;
}
