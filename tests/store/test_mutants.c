/* SPDX-License-Identifier: MIT
 *
 * Files changed at random. As they are, the checksum finds every one. Sealed anew, so that
 * HDF5 and our checks see them, each is read in a process of its own: if it dies or does not
 * end, then inside libhdf5 1.10, which does not promise to survive such files; and what is
 * read in spite of a change must be what was written, every number of it. A letter of an
 * attribute may be another one: a file that was sealed with it is a whole file of that text.
 * KDEGRAD_TRIES says how many.
 *
 *   test_mutants FILE    seals a file, after other tests have changed it
 */
#include "example.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <link.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <xxhash.h>

#include "core/random.h"
#include "store/digest.h"

enum { TRAILER = 24, SECONDS = 1, GIGABYTES = 4 };

/* How the child that reads a mutant ends, if not by a signal */
enum {
  SAME = 40,
  REFUSED,
  OTHER_NUMBERS,
  OTHER_TEXTS,
  NO_MESSAGE,
  OURS_CRASHED,
  LIBRARY_CRASHED
};

static size_t tries(void) {
  const char *text = getenv("KDEGRAD_TRIES");
  size_t n = text ? (size_t)strtoul(text, NULL, 10) : 0;
  return n ? n : 500;
}

/* --- the file and its changes --- */

struct bytes {
  unsigned char *at;
  size_t n;
};

/* Written here once more, so that the format does not rest on one piece of code. */
static void seal(struct bytes *file) {
  static const char magic[8] = "KDEGRAD\n";
  XXH128_canonical_t sum;
  file->at = realloc(file->at, file->n + TRAILER);
  assert_non_null(file->at);
  memcpy(file->at + file->n, magic, sizeof magic);
  XXH128_canonicalFromHash(&sum, XXH3_128bits(file->at, file->n + sizeof magic));
  memcpy(file->at + file->n + sizeof magic, sum.digest, sizeof sum.digest);
  file->n += TRAILER;
}

struct dice {
  uint32_t counter[4];
};

static size_t below(struct dice *dice, size_t n) {
  static const uint32_t key[2] = {20240117, 9};
  uint32_t out[4];
  dice->counter[0]++;
  kd_random_block(dice->counter, key, out);
  return (size_t)((uint64_t)out[0] << 32 | out[1]) % (n ? n : 1);
}

static void cut_out(struct bytes *b, size_t at, size_t n) {
  memmove(b->at + at, b->at + at + n, b->n - at - n);
  b->n -= n;
}

static void put_in(struct dice *dice, struct bytes *b, size_t at, size_t n) {
  b->at = realloc(b->at, b->n + n);
  assert_non_null(b->at);
  memmove(b->at + at + n, b->at + at, b->n - at);
  for (size_t i = 0; i < n; i++) b->at[at + i] = (unsigned char)below(dice, 256);
  b->n += n;
}

/* One change; `from`: no byte before it is touched. */
static void change(struct dice *dice, struct bytes *b, size_t from) {
  size_t at = from + below(dice, b->n - from), left = b->n - at;
  size_t n = 1 + below(dice, left < 64 ? left : 64),
         other = from + below(dice, b->n - from - n + 1);
  switch (below(dice, 9)) {
  case 0:
  case 1:
    b->at[at] ^= (unsigned char)(1u << below(dice, 8));
    return;
  case 2:
    for (size_t i = 0; i < n; i++) b->at[at + i] = (unsigned char)below(dice, 256);
    return;
  case 3:
    memset(b->at + at, below(dice, 2) ? 0xff : 0, n);
    return;
  case 4:
    memmove(b->at + at, b->at + other, n);
    return;
  case 5:
    cut_out(b, at, n);
    return;
  case 6:
    put_in(dice, b, at, n);
    return;
  case 7:
    b->n = at; /* cut short */
    return;
  default: /* a size, a count or an address */
    for (size_t i = 0; i < 8 && i < left; i++)
      b->at[at + i] = (unsigned char)below(dice, i < 2 ? 256 : 2);
  }
}

static struct bytes mutant(struct dice *dice, const struct bytes *of) {
  struct bytes b = {malloc(of->n), of->n};
  assert_non_null(b.at);
  memcpy(b.at, of->at, of->n);
  do {
    for (size_t k = 1 + below(dice, 3); k > 0 && b.n > 1; k--) change(dice, &b, 0);
  } while (b.n == of->n && memcmp(b.at, of->at, b.n) == 0);
  return b;
}

static struct bytes example_bytes(const char *path) {
  struct bytes b;
  struct kd_table_head head = example_head();
  write_example(path, &head, true);
  b.at = slurp(path, &b.n);
  return b;
}

/* --- as they are --- */

static void the_checksum_finds_all(void **state) {
  (void)state;
  struct dice dice = {{0}};
  char *path = path_of("mutant.h5");
  struct bytes example = example_bytes(path);
  for (size_t i = 0; i < tries(); i++) {
    struct bytes b = mutant(&dice, &example);
    spill(path, b.at, b.n);
    assert_refused(path, "");
    free(b.at);
  }
  free(example.at);
  free(path);
}

/* --- sealed anew --- */

/* What a frame belongs to */
enum owner { OURS, LIBRARY, PASSED };

static enum owner owner_by_name(const char *name) {
  static const char *const passed[] = {"libc.so", "libz.so", "libpthread", "vdso",
                                       "libsz",   "libaec",  "libasan",    "libubsan"};
  if (strstr(name, "libhdf5")) return LIBRARY;
  for (size_t k = 0; k < sizeof passed / sizeof *passed; k++)
    if (strstr(name, passed[k])) return PASSED;
  return OURS;
}

#ifdef __SANITIZE_ADDRESS__
void __asan_set_death_callback(void (*callback)(void));

static enum owner owner_of(void *frame) {
  Dl_info info;
  if (!dladdr(frame, &info) || !info.dli_fname) return PASSED;
  return owner_by_name(info.dli_fname);
}

/* Whether the innermost frame that belongs neither to the C library nor to a compressor is
 * libhdf5's. Before it stand the frames of this handler and of what called it. */
static void on_death(void) {
  void *frame[64];
  int n = backtrace(frame, 64), i = 0;
  while (i < n && owner_of(frame[i]) == PASSED) i++; /* a sanitizer's backtrace */
  while (i < n && owner_of(frame[i]) == OURS) i++;   /* the handler */
  while (i < n && owner_of(frame[i]) == PASSED) i++; /* the signal, memcpy, inflate */
  _exit(i < n && owner_of(frame[i]) == LIBRARY ? LIBRARY_CRASHED : OURS_CRASHED);
}
#endif

/* Code in memory, known before anything breaks: a library that writes beyond its memory may
 * have destroyed what a backtrace needs. */
enum { TEXTS_MAX = 64 };
static struct {
  uintptr_t begin, end;
  enum owner owner;
} code[TEXTS_MAX];
static size_t n_texts;

static int note_texts(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size, (void)context;
  for (size_t k = 0; k < info->dlpi_phnum && n_texts < TEXTS_MAX; k++) {
    const ElfW(Phdr) *part = &info->dlpi_phdr[k];
    if (part->p_type != PT_LOAD || !(part->p_flags & PF_X)) continue;
    uintptr_t begin = info->dlpi_addr + part->p_vaddr;
    code[n_texts].begin = begin, code[n_texts].end = begin + part->p_memsz;
    code[n_texts++].owner = owner_by_name(info->dlpi_name);
  }
  return 0;
}

static enum owner owner_at(uintptr_t place) {
  for (size_t k = 0; k < n_texts; k++)
    if (place >= code[k].begin && place < code[k].end) return code[k].owner;
  return PASSED;
}

/* Who crashed, or called what did (memcpy, inflate, free): the first place in code on the
 * stack that belongs to somebody */
static void on_crash(int number, siginfo_t *info, void *context) {
  (void)number, (void)info;
  enum { WORDS = 512 };
  const greg_t *registers = ((const ucontext_t *)context)->uc_mcontext.gregs;
  const uintptr_t *stack = (const uintptr_t *)(uintptr_t)registers[REG_RSP];
  enum owner owner = owner_at((uintptr_t)registers[REG_RIP]);
  for (size_t i = 0; i < WORDS && owner == PASSED; i++) owner = owner_at(stack[i]);
  _exit(owner == LIBRARY ? LIBRARY_CRASHED : OURS_CRASHED);
}

static void limit_child(void) {
  struct rlimit cpu = {SECONDS, SECONDS + 1}, core = {0, 0};
  const int crash[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGXCPU};
  struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO};
#ifdef __SANITIZE_ADDRESS__ /* which takes terabytes of addresses itself */
  __asan_set_death_callback(on_death);
#else
  struct rlimit memory = {(rlim_t)GIGABYTES << 30, (rlim_t)GIGABYTES << 30};
  setrlimit(RLIMIT_AS, &memory);
#endif
  setrlimit(RLIMIT_CPU, &cpu);
  setrlimit(RLIMIT_CORE, &core);
  dl_iterate_phdr(note_texts, NULL);
  for (size_t i = 0; i < sizeof crash / sizeof *crash; i++) sigaction(crash[i], &action, NULL);
}

static const void *values_of(const struct kd_column *c, size_t *size) {
  *size = c->code ? 1 : 8;
  return c->real        ? (const void *)c->real
         : c->integer   ? (const void *)c->integer
         : c->unsigned_ ? (const void *)c->unsigned_
                        : (const void *)c->code;
}

/* Column by column, bit for bit, whatever they are called */
static bool same_numbers(const struct kd_table *a, const struct kd_table *b) {
  if (kd_table_n_columns(a) != kd_table_n_columns(b)) return false;
  for (size_t i = 0; i < kd_table_n_columns(a); i++) {
    struct kd_column p, q;
    size_t p_size, q_size;
    kd_table_column(a, i, &p), kd_table_column(b, i, &q);
    const void *p_values = values_of(&p, &p_size), *q_values = values_of(&q, &q_size);
    size_t n = kd_column_count(kd_table_head(a), &p);
    if (p.type != q.type || p_size != q_size || n != kd_column_count(kd_table_head(b), &q) ||
        memcmp(p_values, q_values, n * p_size) != 0)
      return false;
  }
  return true;
}

static int read_mutant(const char *path, const struct kd_table *written, const char *digest) {
  struct kd_table *table;
  struct kd_err err = {""};
  char text[KD_DIGEST_TEXT];
  limit_child();
  if (kd_file_read(path, &table, &err)) return strstr(err.text, path) ? REFUSED : NO_MESSAGE;
  if (kd_table_digest(table, text, &err)) return NO_MESSAGE;
  if (strcmp(text, digest) == 0) return SAME;
  return same_numbers(written, table) ? OTHER_TEXTS : OTHER_NUMBERS;
}

static int in_a_child(const char *path, const struct kd_table *written, const char *digest) {
  int status;
  fflush(NULL);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) _exit(read_mutant(path, written, digest));
  assert_int_equal(waitpid(child, &status, 0), child);
  if (WIFSIGNALED(status)) fail_msg("%s: the reader died by signal %d", path, WTERMSIG(status));
  return WEXITSTATUS(status);
}

static void sealed_mutants_do_no_harm(void **state) {
  (void)state;
  struct dice dice = {{0, 1}};
  struct kd_err err;
  struct kd_table_head head = example_head();
  struct kd_table *table = example_table(&head);
  size_t n[256] = {0};
  char digest[KD_DIGEST_TEXT], *path = path_of("sealed.h5");
  struct bytes example = example_bytes(path);
  example.n -= TRAILER;
  assert_int_equal(kd_table_digest(table, digest, &err), KD_OK);
  for (size_t i = 0; i < tries(); i++) {
    struct bytes b = mutant(&dice, &example);
    seal(&b);
    spill(path, b.at, b.n);
    free(b.at);
    int end = in_a_child(path, table, digest);
    n[end]++;
    if (end != SAME && end != REFUSED && end != LIBRARY_CRASHED && end != OTHER_TEXTS)
      fail_msg("mutant %zu: the reader ends with %d", i, end);
  }
  print_message("%zu read the same, %zu refused, %zu lost in libhdf5, %zu with other texts\n",
                n[SAME], n[REFUSED], n[LIBRARY_CRASHED], n[OTHER_TEXTS]);
  kd_table_free(table);
  free(example.at);
  free(path);
}

static int seal_file(const char *path) {
  struct bytes b;
  b.at = slurp(path, &b.n);
  if (b.n > TRAILER && memcmp(b.at + b.n - TRAILER, "KDEGRAD\n", 8) == 0) b.n -= TRAILER;
  seal(&b);
  spill(path, b.at, b.n);
  free(b.at);
  return 0;
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_checksum_finds_all),
      cmocka_unit_test(sealed_mutants_do_no_harm),
  };
  if (argc == 2) return seal_file(argv[1]);
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
