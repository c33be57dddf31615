/* SPDX-License-Identifier: MIT
 *
 * See lock.h. A lock counts only if the path still leads to the file that was locked:
 * between opening and locking its last holder may have removed it.
 */
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "durable.h"

struct kd_lock {
  char *path; /* of the lock file */
  int fd;
};

/* 0 = locked */
static int set_lock(int fd, short type, size_t offset) {
  struct flock lock = {
      .l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)offset, .l_len = 1};
  return fcntl(fd, F_OFD_SETLK, &lock);
}

/* Byte 0 is everybody's; each pair K of N has one behind it. */
static size_t own_byte(size_t k, size_t n) {
  return n * (n - 1) / 2 + k;
}

static bool still_there(const struct kd_lock *lock) {
  struct stat here, there;
  return fstat(lock->fd, &here) == 0 && stat(lock->path, &there) == 0 &&
         here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

/* The last line of the file that begins with `who`, without its end; "" if none */
static void last_line(int fd, const char *who, char *line, size_t size) {
  char text[4096];
  struct stat st;
  off_t from = 0;
  *line = '\0';
  if (fstat(fd, &st) == 0 && st.st_size > (off_t)sizeof text - 1)
    from = st.st_size - (off_t)sizeof text + 1;
  ssize_t n = pread(fd, text, sizeof text - 1, from);
  if (n <= 0) return;
  text[n] = '\0';
  char *rest;
  for (char *p = strtok_r(text, "\n", &rest); p; p = strtok_r(NULL, "\n", &rest))
    if (strncmp(p, who, strlen(who)) == 0) snprintf(line, size, "%s", p);
}

/* Its holder writes its line just after it has the lock. */
static int taken(const struct kd_lock *lock, const char *who, struct kd_err *err) {
  char line[256];
  for (int i = 0; i < 50; i++) {
    last_line(lock->fd, who, line, sizeof line);
    if (*line) break;
    nanosleep(&(struct timespec){0, 10000000}, NULL);
  }
  return kd_fail(err, KD_SYSTEM, "in use by %s: wait until it ends, or stop it",
                 *line ? line : "another process");
}

static int refused(const struct kd_lock *lock, const char *who, struct kd_err *err) {
  if (errno == EAGAIN || errno == EACCES) return taken(lock, who, err);
  return kd_fail(err, KD_SYSTEM, "cannot be locked: %s; put the result on another disk with -o",
                 strerror(errno));
}

static int lock_bytes(struct kd_lock *lock, size_t k, size_t n, struct kd_err *err) {
  char who[64];
  if (set_lock(lock->fd, n ? F_RDLCK : F_WRLCK, 0)) return refused(lock, "", err);
  if (n == 0 || set_lock(lock->fd, F_WRLCK, own_byte(k, n)) == 0) return KD_OK;
  snprintf(who, sizeof who, "shard %zu/%zu,", k, n);
  return refused(lock, who, err);
}

/* Adds the holder's line behind those of others that sign at the same time; who is alone
 * drops those of the dead. */
static int sign(const struct kd_lock *lock, const char *who, size_t k, size_t n,
                struct kd_err *err) {
  char host[128] = "", shard[64], line[256];
  gethostname(host, sizeof host - 1);
  snprintf(shard, sizeof shard, "shard %zu/%zu", k, n);
  int size =
      snprintf(line, sizeof line, "%s, pid %ld on %s\n", n ? shard : who, (long)getpid(), host);
  if ((n == 0 && ftruncate(lock->fd, 0) != 0) || write(lock->fd, line, (size_t)size) != size)
    return kd_fail(err, KD_SYSTEM, "cannot be written: %s", strerror(errno));
  return KD_OK;
}

static int open_and_lock(struct kd_lock *lock, size_t k, size_t n, struct kd_err *err) {
  for (;;) {
    lock->fd = open(lock->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (lock->fd < 0) return kd_fail(err, KD_SYSTEM, "cannot be made: %s", strerror(errno));
    int code = lock_bytes(lock, k, n, err);
    if (code || still_there(lock)) return code;
    close(lock->fd);
  }
}

static void lock_free(struct kd_lock *lock) {
  if (lock->fd >= 0) close(lock->fd);
  free(lock->path);
  free(lock);
}

int kd_lock_take(const char *path, const char *who, size_t k, size_t n, struct kd_lock **out,
                 struct kd_err *err) {
  struct kd_lock *lock = calloc(1, sizeof *lock);
  *out = NULL;
  if (!lock) return kd_no_memory(err);
  lock->fd = -1;
  lock->path = kd_durable_beside(path, ".lock");
  int code = lock->path ? open_and_lock(lock, k, n, err) : kd_no_memory(err);
  if (!code) {
    *out = lock;
    code = sign(lock, who, k, n, err);
  }
  if (code) {
    kd_context(err, code, "%s", lock->path ? lock->path : path);
    *out ? kd_lock_release(lock) : lock_free(lock);
    *out = NULL;
  }
  return code;
}

void kd_lock_release(struct kd_lock *lock) {
  if (!lock) return;
  if (set_lock(lock->fd, F_WRLCK, 0) == 0) unlink(lock->path); /* nobody else is there */
  lock_free(lock);
}
