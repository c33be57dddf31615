/* SPDX-License-Identifier: MIT
 *
 * The checksum behind a result file.
 */
#include "trailer.h"

#include <string.h>
#include <xxhash.h>

static const unsigned char magic[8] = {'K', 'D', 'E', 'G', 'R', 'A', 'D', '\n'};
static const unsigned char hdf5_signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

static void hash(const unsigned char *bytes, size_t size, XXH128_canonical_t *out) {
  XXH128_canonicalFromHash(out, XXH3_128bits(bytes, size));
}

void kd_trailer_seal(unsigned char *bytes, size_t size) {
  XXH128_canonical_t sum;
  memcpy(bytes + size, magic, sizeof magic);
  hash(bytes, size + sizeof magic, &sum);
  memcpy(bytes + size + sizeof magic, sum.digest, sizeof sum.digest);
}

int kd_trailer_check(const unsigned char *bytes, size_t size, struct kd_err *err) {
  if (size == 0) return kd_fail(err, KD_SYSTEM, "the file is empty");
  const unsigned char *trailer = size < KD_TRAILER_SIZE ? NULL : bytes + size - KD_TRAILER_SIZE;
  if (!trailer || memcmp(trailer, magic, sizeof magic) != 0) {
    if (size < sizeof hdf5_signature ||
        memcmp(bytes, hdf5_signature, sizeof hdf5_signature) != 0)
      return kd_fail(err, KD_SYSTEM, "not a result file of kdegrad");
    return kd_fail(err, KD_SYSTEM,
                   "no checksum at its end: cut short, or changed or made "
                   "by another program");
  }
  XXH128_canonical_t sum;
  hash(bytes, size - sizeof sum.digest, &sum);
  if (memcmp(sum.digest, trailer + sizeof magic, sizeof sum.digest) != 0)
    return kd_fail(err, KD_SYSTEM, "damaged: the checksum does not match");
  return KD_OK;
}
