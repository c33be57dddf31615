/* SPDX-License-Identifier: MIT
 *
 * Locks: who keeps out whom and says so, how they end, and that two holders never meet
 * while the file comes and goes.
 */
#include "store/lock.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "example.h"

static struct kd_lock *taken(const char *path, const char *who, size_t k, size_t n) {
  struct kd_err err;
  struct kd_lock *lock;
  if (kd_lock_take(path, who, k, n, &lock, &err)) fail_msg("%s", err.text);
  assert_non_null(lock);
  return lock;
}

/* Refused with a text that names the file and holds `text`, the pid and the host */
static void assert_taken(const char *path, const char *who, size_t k, size_t n,
                         const char *text, pid_t pid) {
  struct kd_err err = {""};
  struct kd_lock *lock;
  char host[128] = "", holder[256];
  gethostname(host, sizeof host - 1);
  snprintf(holder, sizeof holder, "x.lock: in use by %s, pid %ld on %s", text, (long)pid, host);
  assert_int_equal(kd_lock_take(path, who, k, n, &lock, &err), KD_SYSTEM);
  assert_null(lock);
  if (!strstr(err.text, holder)) fail_msg("'%s' does not hold '%s'", err.text, holder);
}

static bool is_there(const char *name) {
  char *path = path_of(name);
  bool there = access(path, F_OK) == 0;
  free(path);
  return there;
}

static void one_run_at_a_time(void **state) {
  (void)state;
  char *path = path_of("x.h5");
  struct kd_lock *lock = taken(path, "run", 0, 0);
  assert_true(is_there("x.lock"));
  assert_taken(path, "run", 0, 0, "run", getpid());
  assert_taken(path, "merge", 0, 0, "run", getpid());
  assert_taken(path, "run", 2, 3, "run", getpid());
  kd_lock_release(lock);
  assert_false(is_there("x.lock"));
  lock = taken(path, "merge", 0, 0);
  assert_taken(path, "run", 0, 0, "merge", getpid());
  kd_lock_release(lock);
  kd_lock_release(NULL);
  free(path);
}

/* All shards K of N up to 6 at once, each of them once */
static void shards_share(void **state) {
  (void)state;
  enum { N = 6 };
  char *path = path_of("x.h5"), text[32];
  struct kd_lock *lock[N * (N + 1) / 2];
  size_t held = 0;
  for (size_t n = 1; n <= N; n++)
    for (size_t k = 1; k <= n; k++) lock[held++] = taken(path, "run", k, n);
  for (size_t n = 1; n <= N; n++)
    for (size_t k = 1; k <= n; k++) {
      snprintf(text, sizeof text, "shard %zu/%zu", k, n);
      assert_taken(path, "run", k, n, text, getpid());
    }
  assert_taken(path, "run", 0, 0, "shard 6/6", getpid()); /* the last one that came */
  assert_taken(path, "merge", 0, 0, "shard 6/6", getpid());
  while (held-- > 0) {
    assert_true(is_there("x.lock")); /* the last one removes it */
    kd_lock_release(lock[held]);
  }
  assert_false(is_there("x.lock"));
  free(path);
}

/* Takes the lock in a child that then waits to be killed. */
static pid_t child_with(const char *path, size_t k, size_t n) {
  int ready[2];
  char byte;
  assert_int_equal(pipe(ready), 0);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    struct kd_err err;
    struct kd_lock *lock;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* also when the test fails */
    if (kd_lock_take(path, "run", k, n, &lock, &err) || write(ready[1], "x", 1) != 1) _exit(1);
    for (;;) pause();
  }
  close(ready[1]);
  assert_int_equal(read(ready[0], &byte, 1), 1);
  close(ready[0]);
  return child;
}

static void kill_child(pid_t child) {
  assert_int_equal(kill(child, SIGKILL), 0);
  assert_int_equal(waitpid(child, NULL, 0), child);
}

static void assert_one_line(const char *name) {
  size_t size;
  char *path = path_of(name);
  unsigned char *text = slurp(path, &size);
  assert_true(size > 0 && memchr(text, '\n', size) == text + size - 1);
  free(text);
  free(path);
}

static void ends_with_its_process(void **state) {
  (void)state;
  char *path = path_of("x.h5");
  pid_t child = child_with(path, 0, 0), other;
  assert_taken(path, "run", 0, 0, "run", child);
  kill_child(child);
  assert_true(is_there("x.lock")); /* what the dead leave holds nobody up */
  struct kd_lock *lock = taken(path, "merge", 0, 0);
  assert_taken(path, "run", 0, 0, "merge", getpid());
  assert_one_line("x.lock"); /* those of the dead are dropped */
  kd_lock_release(lock);
  assert_false(is_there("x.lock"));

  child = child_with(path, 1, 2);
  other = child_with(path, 2, 2);
  assert_taken(path, "run", 2, 2, "shard 2/2", other);
  kill_child(other);
  lock = taken(path, "run", 2, 2);
  assert_taken(path, "run", 1, 2, "shard 1/2", child);
  assert_taken(path, "run", 2, 2, "shard 2/2", getpid());
  kill_child(child);
  kd_lock_release(lock);
  assert_false(is_there("x.lock"));
  free(path);
}

/* Takes and leaves the lock again and again; a file made with O_EXCL shows whether
 * another one is inside. */
static int meet(const char *path, const char *inside) {
  int entered = 0;
  for (int i = 0; i < 3000; i++) {
    struct kd_err err;
    struct kd_lock *lock;
    if (kd_lock_take(path, "run", 0, 0, &lock, &err)) continue;
    int fd = open(inside, O_CREAT | O_EXCL | O_WRONLY, 0600);
    if (fd < 0) return 1;
    entered++;
    close(fd);
    unlink(inside);
    kd_lock_release(lock);
  }
  return entered ? 0 : 2;
}

static void holders_never_meet(void **state) {
  (void)state;
  enum { N = 4 };
  pid_t child[N];
  char *path = path_of("x.h5"), *inside = path_of("inside");
  for (int i = 0; i < N; i++) {
    child[i] = fork();
    assert_true(child[i] >= 0);
    if (child[i] == 0) _exit(meet(path, inside));
  }
  for (int i = 0; i < N; i++) {
    int status;
    assert_int_equal(waitpid(child[i], &status, 0), child[i]);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
  }
  assert_false(is_there("x.lock"));
  free(path);
  free(inside);
}

/* Waits for the other one at the same place of the same round. */
static void meet_at(atomic_int *arrived, int times) {
  atomic_fetch_add(arrived, 1);
  while (atomic_load(arrived) < times) sched_yield();
}

static bool is_signed(const char *path, const char *who) {
  size_t size;
  unsigned char *text = slurp(path, &size);
  bool found = memmem(text, size, who, strlen(who)) != NULL;
  free(text);
  return found;
}

/* 0: in each round the file names both */
static int sign_together(const char *path, const char *file, atomic_int *arrived, size_t k) {
  for (int round = 0; round < 2000; round++) {
    struct kd_err err;
    struct kd_lock *lock;
    meet_at(arrived, 6 * round + 2);
    if (kd_lock_take(path, "run", k, 2, &lock, &err)) return 1;
    meet_at(arrived, 6 * round + 4);
    if (!is_signed(file, "shard 1/2,") || !is_signed(file, "shard 2/2,")) return 2;
    meet_at(arrived, 6 * round + 6);
    kd_lock_release(lock);
  }
  return 0;
}

static void shards_that_sign_at_once(void **state) {
  (void)state;
  char *path = path_of("x.h5"), *file = path_of("x.lock");
  atomic_int *arrived =
      mmap(NULL, sizeof *arrived, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  assert_true(arrived != MAP_FAILED);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    _exit(sign_together(path, file, arrived, 2));
  }
  int status, code = sign_together(path, file, arrived, 1);
  if (code) kill(child, SIGKILL);
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(code, 0);
  assert_int_equal(status, 0);
  munmap(arrived, sizeof *arrived);
  free(path);
  free(file);
}

static void where_no_lock_can_be(void **state) {
  (void)state;
  struct kd_err err = {""};
  struct kd_lock *lock;
  char *path = path_of("no/such/x.h5"), *folder_path = path_of("dir.lock");
  assert_int_equal(kd_lock_take(path, "run", 0, 0, &lock, &err), KD_SYSTEM);
  assert_non_null(strstr(err.text, "no/such/x.lock: cannot be made: No such file"));
  free(path);
  assert_int_equal(mkdir(folder_path, 0700), 0);
  path = path_of("dir.h5");
  assert_int_equal(kd_lock_take(path, "run", 0, 0, &lock, &err), KD_SYSTEM);
  assert_non_null(strstr(err.text, "dir.lock: cannot be made: Is a directory"));
  free(path);
  free(folder_path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_run_at_a_time),        cmocka_unit_test(shards_share),
      cmocka_unit_test(ends_with_its_process),    cmocka_unit_test(holders_never_meet),
      cmocka_unit_test(shards_that_sign_at_once), cmocka_unit_test(where_no_lock_can_be),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
