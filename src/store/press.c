/* SPDX-License-Identifier: MIT
 *
 * See press.h. What the filters do is in the HDF5 File Format Specification, version 3.0,
 * IV.A.2.l: shuffle puts the first bytes of all values before their second ones and so on;
 * deflate makes a stream as in RFC 1950; the checksum, of what comes then, stands behind it
 * in four bytes.
 */
#include "press.h"

#include <libdeflate.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CHECKSUM_SIZE = 4, THREADS_MAX = 64 };

struct pressed {
  unsigned char *data; /* owned */
  size_t size;
  bool done; /* data NULL then: memory was short */
};

struct work {
  const struct kd_press *press;
  size_t n;
  atomic_size_t next;
  struct pressed *chunk;
  pthread_mutex_t lock; /* guards the chunks */
  pthread_cond_t news;
};

/* Of 16-bit words, most significant byte first; sums modulo 65535, where 0 may stand as
 * 65535, as HDF5 has it. */
static uint32_t fletcher32(const unsigned char *data, size_t size) {
  enum { WORDS_UNFOLDED = 360 }; /* so many sums of sums stay below 2^32 */
  uint32_t sum = 0, sums = 0;
  for (size_t i = 0, words = 0; i < size; i += 2) {
    sum += (uint32_t)data[i] << 8 | (i + 1 < size ? data[i + 1] : 0);
    sums += sum;
    if (++words % WORDS_UNFOLDED && i + 2 < size) continue;
    sum = (sum & 0xffff) + (sum >> 16);
    sums = (sums & 0xffff) + (sums >> 16);
  }
  sum = (sum & 0xffff) + (sum >> 16);
  sums = (sums & 0xffff) + (sums >> 16);
  return sums << 16 | sum;
}

static void put_checksum(unsigned char *to, uint32_t checksum) {
  for (size_t b = 0; b < CHECKSUM_SIZE; b++) to[b] = (unsigned char)(checksum >> 8 * b);
}

static void shuffle(const unsigned char *values, size_t n, size_t value_size,
                    unsigned char *to) {
  for (size_t b = 0; b < value_size; b++)
    for (size_t i = 0; i < n; i++) *to++ = values[i * value_size + b];
}

/* The values of a chunk, filled up in `room` if they are not all there */
static const unsigned char *values_of(const struct kd_press *p, size_t chunk,
                                      unsigned char *room) {
  size_t from = chunk * p->chunk_size, left = p->size - from;
  const unsigned char *values = (const unsigned char *)p->values + from;
  if (left >= p->chunk_size) return values;
  memcpy(room, values, left);
  memset(room + left, 0, p->chunk_size - left);
  for (; p->missing && left < p->chunk_size; left += p->value_size)
    memcpy(room + left, p->missing, p->value_size);
  return room;
}

/* `room`: two chunks */
static struct pressed press_one(const struct kd_press *p, size_t chunk, unsigned char *room,
                                struct libdeflate_compressor *compressor) {
  unsigned char *shuffled = room + p->chunk_size;
  size_t most = libdeflate_zlib_compress_bound(compressor, p->chunk_size);
  struct pressed out = {malloc(most + CHECKSUM_SIZE), 0, true};
  if (!out.data) return out;
  shuffle(values_of(p, chunk, room), p->chunk_size / p->value_size, p->value_size, shuffled);
  out.size = libdeflate_zlib_compress(compressor, shuffled, p->chunk_size, out.data, most);
  put_checksum(out.data + out.size, fletcher32(out.data, out.size));
  out.size += CHECKSUM_SIZE;
  return out;
}

/* A thread's tools; NULL in either when memory was short */
struct tools {
  unsigned char *room;
  struct libdeflate_compressor *compressor;
};

static struct tools take_tools(const struct kd_press *p) {
  return (struct tools){malloc(2 * p->chunk_size),
                        libdeflate_alloc_compressor(KD_DEFLATE_LEVEL)};
}

static void drop_tools(struct tools t) {
  free(t.room);
  libdeflate_free_compressor(t.compressor);
}

/* Presses the next chunk, if there is one. */
static bool press_next(struct work *w, struct tools t) {
  size_t k = atomic_fetch_add(&w->next, 1);
  if (k >= w->n) return false;
  struct pressed out = {NULL, 0, true};
  if (t.room && t.compressor) out = press_one(w->press, k, t.room, t.compressor);
  pthread_mutex_lock(&w->lock);
  w->chunk[k] = out;
  pthread_cond_signal(&w->news);
  pthread_mutex_unlock(&w->lock);
  return true;
}

static void *help(void *context) {
  struct work *w = context;
  struct tools t = take_tools(w->press);
  while (press_next(w, t)) continue;
  drop_tools(t);
  return NULL;
}

static bool is_done(struct work *w, size_t k) {
  pthread_mutex_lock(&w->lock);
  bool done = w->chunk[k].done;
  pthread_mutex_unlock(&w->lock);
  return done;
}

static void wait_for(struct work *w, size_t k) {
  pthread_mutex_lock(&w->lock);
  while (!w->chunk[k].done) pthread_cond_wait(&w->news, &w->lock);
  pthread_mutex_unlock(&w->lock);
}

/* The calling thread presses, too, while the next chunk to be taken is not there. */
static int take_all(struct work *w, struct kd_err *err) {
  const struct kd_press *p = w->press;
  struct tools t = take_tools(p);
  int code = KD_OK;
  for (size_t k = 0; k < w->n && !code; k++) {
    while (!is_done(w, k) && press_next(w, t)) continue;
    wait_for(w, k);
    struct pressed *chunk = &w->chunk[k];
    code =
        chunk->data ? p->take(p->context, k, chunk->data, chunk->size, err) : kd_no_memory(err);
    free(chunk->data);
    chunk->data = NULL;
  }
  drop_tools(t);
  return code;
}

int kd_press(const struct kd_press *press, struct kd_err *err) {
  pthread_t thread[THREADS_MAX];
  size_t n = (press->size + press->chunk_size - 1) / press->chunk_size, started = 0;
  struct work w = {.press = press, .n = n, .chunk = calloc(n + 1, sizeof *w.chunk)};
  if (!w.chunk) return kd_no_memory(err);
  pthread_mutex_init(&w.lock, NULL);
  pthread_cond_init(&w.news, NULL);
  while (started < THREADS_MAX && started + 1 < press->n_threads && started + 1 < n &&
         pthread_create(&thread[started], NULL, help, &w) == 0)
    started++;
  int code = take_all(&w, err);
  atomic_store(&w.next, n);
  for (size_t t = 0; t < started; t++) pthread_join(thread[t], NULL);
  for (size_t k = 0; k < n; k++) free(w.chunk[k].data);
  pthread_cond_destroy(&w.news);
  pthread_mutex_destroy(&w.lock);
  free(w.chunk);
  return code;
}
