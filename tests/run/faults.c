/* SPDX-License-Identifier: MIT
 *
 * To be preloaded: makes the FAULT_AT-th call of FAULT_CALL fail, for good (a full disk
 * stays full) or, with FAULT_ONCE, once. Standard streams do not count. Touches the file
 * FAULT_SEEN when it does.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_int n_calls;

static int due(const char *call) {
  const char *wanted = getenv("FAULT_CALL"), *at = getenv("FAULT_AT"),
             *seen = getenv("FAULT_SEEN");
  if (!wanted || !at || !seen || strcmp(wanted, call) != 0) return 0;
  int n = atomic_fetch_add(&n_calls, 1) + 1;
  if (getenv("FAULT_ONCE") ? n != atoi(at) : n < atoi(at)) return 0;
  close(open(seen, O_CREAT | O_WRONLY, 0666));
  return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t size) {
  if (fd <= 2 || !due("write")) return REAL(write)(fd, bytes, size);
  if (size > 1) REAL(write)(fd, bytes, size / 2); /* half of it went out */
  errno = ENOSPC;
  return -1;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
  if (!due("pwrite")) return REAL(pwrite)(fd, bytes, size, at);
  errno = ENOSPC;
  return -1;
}

int fsync(int fd) {
  if (!due("fsync")) return REAL(fsync)(fd);
  errno = EIO;
  return -1;
}

int rename(const char *from, const char *to) {
  if (!due("rename")) return REAL(rename)(from, to);
  errno = EIO;
  return -1;
}

int mkdir(const char *path, mode_t mode) {
  if (!due("mkdir")) return REAL(mkdir)(path, mode);
  errno = ENOSPC;
  return -1;
}

int unlink(const char *path) {
  if (strstr(path, ".tmp-") || !due("unlink")) return REAL(unlink)(path);
  errno = EIO;
  return -1;
}
