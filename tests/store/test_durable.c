/* SPDX-License-Identifier: MIT
 *
 * Writing where it cannot succeed: a message, the old file as it was, no
 * temporary left. As root a small tmpfs is mounted in a private namespace and
 * permissions are tried as another user; without root the limit on file sizes
 * stands for the full disk.
 */
#include "example.h"

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

static const char old[] = "the old file\n";

/* Writes a table of about 1 MB, which must fail with `text`. */
static bool refused(const char *path, const char *text) {
  struct kd_err err = {""};
  struct kd_table_head head = example_head();
  head.extent[KD_DIM_CELL] = 3000;
  struct kd_table *table = example_table(&head);
  int code = kd_file_write(path, table, false, &err);
  kd_table_free(table);
  if (code == KD_SYSTEM && strstr(err.text, path) && strstr(err.text, text)) return true;
  fprintf(stderr, "code %d, '%s' does not hold '%s'\n", code, err.text, text);
  return false;
}

static bool try_refused(const char *path, const char *text) {
  struct kd_err err = {""};
  int code = kd_file_check_writable(path, &err);
  if (code == KD_SYSTEM && strstr(err.text, path) && strstr(err.text, text)) return true;
  fprintf(stderr, "code %d, '%s' does not hold '%s'\n", code, err.text, text);
  return false;
}

static size_t n_entries(const char *directory) {
  size_t n = 0;
  DIR *d = opendir(directory);
  if (!d) return SIZE_MAX; /* no assertion: also called in a child */
  while (readdir(d)) n++;
  closedir(d);
  return n - 2; /* "." and ".." */
}

static bool is_old(const char *path) {
  size_t size;
  unsigned char *bytes = slurp(path, &size);
  bool same = size == strlen(old) && memcmp(bytes, old, size) == 0;
  free(bytes);
  return same;
}

/* Runs `body` in a child, whose limits, user and mounts end with it: 0 = good,
 * 77 = not possible here. */
static int in_child(int (*body)(const char *directory), const char *directory) {
  fflush(NULL);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) _exit(body(directory));
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77) skip();
  return WEXITSTATUS(status);
}

static char *in_directory(const char *directory, const char *name) {
  char *path;
  assert_true(asprintf(&path, "%s/%s", directory, name) > 0);
  return path;
}

static int on_limit(const char *directory) {
  char *path = in_directory(directory, "a.h5");
  spill(path, old, strlen(old));
  signal(SIGXFSZ, SIG_IGN);
  struct rlimit limit = {100000, 100000};
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 77;
  bool good = refused(path, strerror(EFBIG)) && is_old(path) && n_entries(directory) == 1;
  free(path);
  return good ? 0 : 1;
}

static int on_full_disk(const char *directory) {
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount("tmpfs", directory, "tmpfs", 0, "size=256k") != 0)
    return 77;
  char *path = in_directory(directory, "a.h5");
  spill(path, old, strlen(old));
  bool good = refused(path, strerror(ENOSPC)) && is_old(path) && n_entries(directory) == 1;
  if (good && mount("none", directory, "none", MS_REMOUNT | MS_RDONLY, NULL) == 0)
    good = refused(path, strerror(EROFS)) && try_refused(path, strerror(EROFS)) && is_old(path);
  umount(directory);
  free(path);
  return good ? 0 : 1;
}

static int on_read_only_directory(const char *directory) {
  if (chmod(directory, 0555) != 0) return 77;
  if (geteuid() == 0 && seteuid(65534) != 0) return 77;
  char *path = in_directory(directory, "a.h5");
  bool good = refused(path, strerror(EACCES)) && try_refused(path, strerror(EACCES)) &&
              n_entries(directory) == 0;
  free(path);
  return good ? 0 : 1;
}

static void child_in(const char *name, int (*body)(const char *directory)) {
  char *directory = path_of(name);
  assert_int_equal(mkdir(directory, 0755), 0);
  int code = in_child(body, directory);
  free(directory);
  assert_int_equal(code, 0);
}

static void size_limit(void **state) {
  (void)state;
  child_in("limit", on_limit);
}
static void full_disk(void **state) {
  (void)state;
  child_in("full", on_full_disk);
}
/* Not in `folder`, which other users may not be able to enter. */
static void read_only(void **state) {
  (void)state;
  char directory[] = "/tmp/kdegrad-locked-XXXXXX";
  assert_non_null(mkdtemp(directory));
  int code = in_child(on_read_only_directory, directory);
  assert_int_equal(rmdir(directory), 0);
  assert_int_equal(code, 0);
}

static void targets_that_are_no_files(void **state) {
  (void)state;
  char *directory = path_of("dir.h5"), *missing = path_of("no/such/a.h5");
  assert_int_equal(mkdir(directory, 0755), 0);
  assert_true(refused(directory, strerror(EISDIR)));
  assert_true(try_refused(directory, strerror(EISDIR)));
  assert_true(refused(missing, strerror(ENOENT)));
  assert_true(try_refused(missing, strerror(ENOENT)));
  assert_true(refused("/dev/full", "not a regular file"));
  assert_true(try_refused("/dev/null", "not a regular file"));
  assert_int_equal(n_entries(directory), 0);
  free(directory);
  free(missing);
}

static void a_file_is_replaced(void **state) {
  (void)state;
  struct kd_err err;
  struct kd_table *table;
  struct kd_table_head head = example_head();
  char *directory = path_of("good"), *path = path_of("good/a.h5"), *link = path_of("good/l.h5");
  assert_int_equal(mkdir(directory, 0755), 0);
  assert_int_equal(kd_file_check_writable(path, &err), KD_OK);
  assert_int_equal(n_entries(directory), 0);
  spill(path, old, strlen(old));
  write_example(path, &head, true);
  assert_int_equal(kd_file_check_writable(path, &err), KD_OK);
  assert_int_equal(n_entries(directory), 1);

  /* Somebody else's temporary of the same name is left alone. */
  char *taken;
  assert_true(asprintf(&taken, "%s.tmp-%ld-0", path, (long)getpid()) > 0);
  spill(taken, old, strlen(old));
  write_example(path, &head, true);
  assert_true(is_old(taken));
  assert_int_equal(unlink(taken), 0);
  free(taken);

  /* A symbolic link stays one, its target is the new file. */
  spill(path, old, strlen(old));
  assert_int_equal(symlink("a.h5", link), 0);
  write_example(link, &head, true);
  struct stat st;
  assert_true(lstat(link, &st) == 0 && S_ISLNK(st.st_mode));
  assert_int_equal(kd_file_read(path, &table, &err), KD_OK);
  assert_int_equal(n_entries(directory), 2);
  kd_table_free(table);

  /* Also by a name without a directory. */
  char *here = getcwd(NULL, 0);
  assert_true(here && chdir(directory) == 0);
  write_example("b.h5", &head, true);
  assert_int_equal(kd_file_read("b.h5", &table, &err), KD_OK);
  kd_table_free(table);
  assert_int_equal(chdir(here), 0);
  free(here);
  free(directory);
  free(path);
  free(link);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(size_limit),         cmocka_unit_test(full_disk),
      cmocka_unit_test(read_only),          cmocka_unit_test(targets_that_are_no_files),
      cmocka_unit_test(a_file_is_replaced),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
