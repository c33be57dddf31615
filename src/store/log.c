/* SPDX-License-Identifier: MIT
 *
 * See log.h. Versions of libraries are those that run, not those of the headers.
 */
#include "log.h"

#include <gnu/libc-version.h>
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <xxhash.h>

#include "durable.h"
#include "json.h"

static void put_text(FILE *out, const char *name, const char *text) {
  fprintf(out, "  \"%s\": ", name);
  kd_json_text(out, text);
  fputs(",\n", out);
}

static void put_libraries(FILE *out) {
  unsigned major = 0, minor = 0, release = 0, hash = XXH_versionNumber();
  H5get_libversion(&major, &minor, &release);
  fprintf(out,
          "  \"libraries\": {\"hdf5\": \"%u.%u.%u\", \"xxhash\": \"%u.%u.%u\", "
          "\"glibc\": \"%s\"},\n",
          major, minor, release, hash / 10000, hash / 100 % 100, hash % 100,
          gnu_get_libc_version());
}

static void put_all(FILE *out, const struct kd_log *log) {
  char begin[32] = "";
  struct tm utc;
  struct utsname host = {0};
  uname(&host);
  if (gmtime_r(&log->begin, &utc)) strftime(begin, sizeof begin, "%Y-%m-%dT%H:%M:%SZ", &utc);
  fputs("{\n", out);
  put_text(out, "verb", log->what);
  put_text(out, "result", log->result);
  put_text(out, "program", log->program);
  put_text(out, "compiler", log->compiler);
  put_text(out, "flags", log->flags);
  put_libraries(out);
  put_text(out, "host", host.nodename);
  put_text(out, "system", host.release);
  put_text(out, "machine", host.machine);
  put_text(out, "begin", begin);
  fprintf(out, "  \"seconds\": %.3f,\n  \"threads\": %zu,\n", log->seconds, log->threads);
  fprintf(out, "  \"cells\": %zu,\n  \"computed\": %zu,\n  \"reused\": %zu,\n", log->cells,
          log->computed, log->reused);
  fprintf(out, "  \"failed\": %zu,\n  \"finished\": %s\n}\n", log->failed,
          log->finished ? "true" : "false");
}

int kd_log_write(const struct kd_log *log, struct kd_err *err) {
  char *text = NULL, *path = kd_durable_beside(log->result, ".log.json");
  size_t size = 0;
  FILE *out = path ? open_memstream(&text, &size) : NULL;
  int code = out ? KD_OK : kd_no_memory(err);
  if (out) {
    put_all(out, log);
    if (fclose(out) != 0) code = kd_no_memory(err);
  }
  if (!code) {
    kd_durable_tidy(path); /* the result's lock is held */
    code = kd_durable_write(path, text, size, err);
    if (code) kd_context(err, code, "%s", path);
  }
  free(text);
  free(path);
  return code;
}

/* A line of the log that holds a number; texts have no line breaks of their own. */
static bool take_number(const char *text, const char *name, double *number) {
  char line[40], *end;
  snprintf(line, sizeof line, "\n  \"%s\": ", name);
  const char *found = strstr(text, line);
  if (!found) return false;
  *number = strtod(found + strlen(line), &end);
  return end > found + strlen(line) && *number >= 0 && *number < 1e15;
}

/* Logs are short: what is longer is none. */
static bool read_text(const char *path, char *text, size_t size) {
  int fd;
  struct kd_err err;
  if (kd_durable_open(path, &fd, &(size_t){0}, &err)) return false;
  ssize_t n = read(fd, text, size);
  close(fd);
  if (n < 0 || (size_t)n == size) return false;
  text[n] = '\0';
  return true;
}

bool kd_log_read(const char *result, struct kd_log_times *times) {
  char *path = kd_durable_beside(result, ".log.json"), text[16384];
  double threads = 0, computed = 0;
  bool good = path && read_text(path, text, sizeof text) &&
              take_number(text, "seconds", &times->seconds) &&
              take_number(text, "threads", &threads) &&
              take_number(text, "computed", &computed);
  times->threads = (size_t)threads;
  times->computed = (size_t)computed;
  free(path);
  return good;
}
