/* SPDX-License-Identifier: MIT
 *
 * Writing that survives a crash: write a temporary, fsync it, rename it over
 * the old name, fsync the directory that holds the name. Pillai et al., "All
 * file systems are not created equal", OSDI 2014, for why each is needed.
 */
#include "durable.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static int fail(struct kd_err *err, const char *what) {
  return kd_fail(err, KD_SYSTEM, "%s: %s", what, strerror(errno));
}

/* `path` with a link at its end followed, so that renaming replaces the link's
 * target; freed by the caller. Refuses what is there and no regular file. */
int kd_durable_target(const char *path, char **target, struct kd_err *err) {
  struct stat st;
  *target = NULL;
  if (stat(path, &st) == 0) {
    if (S_ISDIR(st.st_mode))
      errno = EISDIR;
    else if (!S_ISREG(st.st_mode))
      return kd_fail(err, KD_SYSTEM, "not a regular file");
    else if (lstat(path, &st) != 0 || S_ISLNK(st.st_mode))
      *target = realpath(path, NULL);
    else if (!(*target = strdup(path)))
      return kd_no_memory(err);
    return *target ? KD_OK : fail(err, "cannot be written");
  }
  if (errno != ENOENT) return fail(err, "cannot be written");
  *target = strdup(path);
  return *target ? KD_OK : kd_no_memory(err);
}

/* A new empty file beside `target`; its name is freed by the caller. */
static int open_temporary(const char *target, char **name, int *fd, struct kd_err *err) {
  for (int k = 0; k < 100; k++) {
    if (asprintf(name, "%s.tmp-%ld-%d", target, (long)getpid(), k) < 0) {
      *name = NULL;
      return kd_no_memory(err);
    }
    *fd = open(*name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (*fd >= 0) return KD_OK;
    int reason = errno;
    free(*name);
    *name = NULL;
    errno = reason;
    if (reason != EEXIST) break;
  }
  return fail(err, "cannot make a temporary file beside it");
}

int kd_durable_append(int fd, const void *bytes, size_t size, struct kd_err *err) {
  const char *from = bytes;
  while (size > 0) {
    ssize_t n = write(fd, from, size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(err, "cannot be written");
    from += n;
    size -= (size_t)n;
  }
  return KD_OK;
}

/* Makes a rename durable. Some file systems cannot sync a directory: EINVAL. */
static int sync_directory(const char *target, struct kd_err *err) {
  const char *slash = strrchr(target, '/');
  char *directory = slash ? strndup(target, (size_t)(slash - target) + 1) : strdup(".");
  if (!directory) return kd_no_memory(err);
  int code = KD_OK, fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  free(directory);
  if (fd < 0) return fail(err, "cannot open its directory");
  if (fsync(fd) != 0 && errno != EINVAL) code = fail(err, "cannot sync its directory");
  close(fd);
  return code;
}

int kd_durable_begin(struct kd_durable *file, const char *path, struct kd_err *err) {
  *file = (struct kd_durable){.fd = -1};
  int code = kd_durable_target(path, &file->target, err);
  if (!code) code = open_temporary(file->target, &file->temporary, &file->fd, err);
  if (code) kd_durable_abandon(file);
  return code;
}

int kd_durable_commit(struct kd_durable *file, struct kd_err *err) {
  int code = KD_OK;
  if (fsync(file->fd) != 0) code = fail(err, "cannot be written");
  if (!code) {
    int closed = close(file->fd);
    file->fd = -1;
    if (closed != 0 || rename(file->temporary, file->target) != 0)
      code = fail(err, "cannot be written");
  }
  if (!code) {
    free(file->temporary); /* renamed: there is nothing left to remove */
    file->temporary = NULL;
    code = sync_directory(file->target, err);
  }
  kd_durable_abandon(file);
  return code;
}

void kd_durable_abandon(struct kd_durable *file) {
  if (file->fd >= 0) close(file->fd);
  if (file->temporary) unlink(file->temporary);
  free(file->temporary);
  free(file->target);
  *file = (struct kd_durable){.fd = -1};
}

int kd_durable_write(const char *path, const void *bytes, size_t size, struct kd_err *err) {
  struct kd_durable file;
  int code = kd_durable_begin(&file, path, err);
  if (code) return code;
  code = kd_durable_append(file.fd, bytes, size, err);
  if (!code) return kd_durable_commit(&file, err);
  kd_durable_abandon(&file);
  return code;
}

int kd_durable_try(const char *path, struct kd_err *err) {
  struct kd_durable file;
  int code = kd_durable_begin(&file, path, err);
  kd_durable_abandon(&file);
  return code;
}

/* Whether `name` is `base`.tmp-PID-K */
static bool is_temporary(const char *name, const char *base) {
  size_t n = strlen(base);
  if (strncmp(name, base, n) != 0 || strncmp(name + n, ".tmp-", 5) != 0) return false;
  const char *rest = name + n + 5;
  size_t pid = strspn(rest, "0123456789");
  if (pid == 0 || rest[pid] != '-') return false;
  size_t k = strspn(rest + pid + 1, "0123456789");
  return k > 0 && rest[pid + 1 + k] == '\0';
}

void kd_durable_tidy(const char *path) {
  const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
  char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
  DIR *directory = folder ? opendir(folder) : NULL;
  for (struct dirent *entry; directory && (entry = readdir(directory));)
    if (is_temporary(entry->d_name, base)) unlinkat(dirfd(directory), entry->d_name, 0);
  if (directory) closedir(directory);
  free(folder);
}

int kd_durable_folder(const char *path, struct kd_err *err) {
  if (mkdir(path, 0777) == 0) return sync_directory(path, err);
  struct stat st;
  int reason = errno;
  if (reason == EEXIST && stat(path, &st) == 0 && !S_ISDIR(st.st_mode)) reason = ENOTDIR;
  if (reason == EEXIST) return KD_OK;
  return kd_fail(err, KD_SYSTEM, "cannot be made: %s", strerror(reason));
}

char *kd_durable_beside(const char *path, const char *suffix) {
  size_t n = strlen(path);
  char *text;
  if (n > 3 && strcmp(path + n - 3, ".h5") == 0) n -= 3;
  return asprintf(&text, "%.*s%s", (int)n, path, suffix) < 0 ? NULL : text;
}

int kd_durable_open(const char *path, int *fd, size_t *size, struct kd_err *err) {
  struct stat st;
  int code = KD_OK;
  /* O_NONBLOCK: opening a FIFO would wait for its writer. */
  *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (*fd < 0 || fstat(*fd, &st) != 0)
    code = fail(err, "cannot be read");
  else if (!S_ISREG(st.st_mode))
    code =
        kd_fail(err, KD_SYSTEM, S_ISDIR(st.st_mode) ? "is a directory" : "not a regular file");
  else
    *size = (size_t)st.st_size;
  if (code && *fd >= 0) close(*fd), *fd = -1;
  return code;
}

double kd_durable_room(const char *path) {
  const char *slash = strrchr(path, '/');
  char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
  struct statvfs disk;
  bool known = folder && statvfs(folder, &disk) == 0;
  free(folder);
  return known ? (double)disk.f_bavail * (double)disk.f_frsize : INFINITY;
}
