/* SPDX-License-Identifier: MIT
 *
 * HDF5's errors as one line, and checked closing.
 */
#include "h5.h"

#include <stdio.h>
#include <unistd.h>

void kd_h5_quiet(void) {
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

struct walk {
  char outermost[160], innermost[160];
};

static herr_t visit(unsigned n, const H5E_error2_t *e, void *data) {
  struct walk *walk = data;
  const char *text = e->desc ? e->desc : "";
  if (n == 0)
    snprintf(walk->outermost, sizeof walk->outermost, "%s", text);
  else
    snprintf(walk->innermost, sizeof walk->innermost, "%s", text);
  return 0;
}

int kd_h5_fail(struct kd_err *err, const char *what) {
  struct walk walk = {"", ""};
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, visit, &walk);
  H5Eclear2(H5E_DEFAULT);
  return kd_fail(err, KD_SYSTEM, "%s%s%s%s%s", what, *walk.outermost ? ": HDF5: " : "",
                 walk.outermost, *walk.innermost ? ": " : "", walk.innermost);
}

int kd_h5_close(hid_t id, int code, struct kd_err *err) {
  if (id >= 0 && H5Idec_ref(id) < 0 && code == KD_OK)
    return kd_h5_fail(err, "cannot close a part of the file");
  return code;
}

void kd_h5_close_file(hid_t file, const char *temporary) {
  if (file < 0 || H5Fclose(file) >= 0) return;
  char text[512];
  int n = snprintf(text, sizeof text,
                   "kdegrad: error: %.400s: HDF5 failed to close a file; stopped here\n",
                   temporary ? temporary : "reading");
  ssize_t written = write(STDERR_FILENO, text, (size_t)n);
  (void)written;
  if (temporary) unlink(temporary);
  _exit(KD_SYSTEM);
}
