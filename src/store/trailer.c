/* SPDX-License-Identifier: MIT
 *
 * The checksum behind a result file.
 */
#include "trailer.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "durable.h"

static const unsigned char magic[8] = {'K', 'D', 'E', 'G', 'R', 'A', 'D', '\n'};
static const unsigned char hdf5_signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

enum { PIECE = 1 << 16 };

/* Bytes at .. at+size-1, which the file has */
static int read_at(int fd, size_t at, void *bytes, size_t size, struct kd_err *err) {
  char *to = bytes;
  while (size > 0) {
    ssize_t n = pread(fd, to, size, (off_t)at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return kd_fail(err, KD_SYSTEM, "cannot be read: %s", strerror(errno));
    if (n == 0) return kd_fail(err, KD_SYSTEM, "becomes shorter while it is read");
    to += n;
    at += (size_t)n;
    size -= (size_t)n;
  }
  return KD_OK;
}

static int hash(int fd, size_t size, XXH128_canonical_t *out, struct kd_err *err) {
  unsigned char piece[PIECE];
  XXH3_state_t *state = XXH3_createState();
  if (!state) return kd_no_memory(err);
  XXH3_128bits_reset(state);
  int code = KD_OK;
  for (size_t at = 0; at < size && !code;) {
    size_t n = size - at < PIECE ? size - at : PIECE;
    code = read_at(fd, at, piece, n, err);
    if (!code) XXH3_128bits_update(state, piece, n);
    at += n;
  }
  XXH128_canonicalFromHash(out, XXH3_128bits_digest(state));
  XXH3_freeState(state);
  return code;
}

int kd_trailer_seal(int fd, struct kd_err *err) {
  XXH128_canonical_t sum;
  off_t end = lseek(fd, 0, SEEK_END);
  if (end < 0) return kd_fail(err, KD_SYSTEM, "cannot be written: %s", strerror(errno));
  int code = kd_durable_append(fd, magic, sizeof magic, err);
  if (!code) code = hash(fd, (size_t)end + sizeof magic, &sum, err);
  return code ? code : kd_durable_append(fd, sum.digest, sizeof sum.digest, err);
}

static int no_trailer(int fd, size_t size, struct kd_err *err) {
  unsigned char begin[sizeof hdf5_signature] = {0};
  int code = size < sizeof begin ? KD_OK : read_at(fd, 0, begin, sizeof begin, err);
  if (code) return code;
  kd_fail(err, KD_SYSTEM, "%s",
          memcmp(begin, hdf5_signature, sizeof begin) != 0
              ? "not a result file of kdegrad"
              : "no checksum at its end: cut short, or changed or made by another program");
  return KD_OK;
}

int kd_trailer_check(int fd, size_t size, bool *good, struct kd_err *err) {
  unsigned char trailer[KD_TRAILER_SIZE];
  XXH128_canonical_t sum;
  *good = false;
  if (size == 0) {
    kd_fail(err, KD_SYSTEM, "the file is empty");
    return KD_OK;
  }
  if (size < sizeof trailer) return no_trailer(fd, size, err);
  int code = read_at(fd, size - sizeof trailer, trailer, sizeof trailer, err);
  if (code) return code;
  if (memcmp(trailer, magic, sizeof magic) != 0) return no_trailer(fd, size, err);
  if ((code = hash(fd, size - sizeof sum.digest, &sum, err))) return code;
  *good = memcmp(sum.digest, trailer + sizeof magic, sizeof sum.digest) == 0;
  if (!*good) kd_fail(err, KD_SYSTEM, "damaged: the checksum does not match");
  return KD_OK;
}
