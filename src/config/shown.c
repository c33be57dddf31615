/* SPDX-License-Identifier: MIT
 *
 * See shown.h.
 */
#include "shown.h"

#include <stdint.h>
#include <string.h>

static bool is_hidden(uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200b && code <= 0x200f) ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) ||
         code == 0xfeff;
}

size_t kd_shown_character(const char *text, bool *shown) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const unsigned char *p = (const unsigned char *)text;
  size_t n = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
  uint32_t code = n == 1 ? p[0] : p[0] & (0x7fu >> n);
  *shown = false;
  if (n > 1 && (p[0] < 0xc0 || p[0] > 0xf4)) return 1;
  for (size_t i = 1; i < n; i++) {
    if ((p[i] & 0xc0) != 0x80) return 1;
    code = code << 6 | (p[i] & 0x3fu);
  }
  if (code < least[n] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return 1;
  *shown = !is_hidden(code);
  return n;
}

bool kd_shown_all(const char *text) {
  bool shown = true;
  while (*text && shown) text += kd_shown_character(text, &shown);
  return shown;
}

void kd_shown_print(const char *text, size_t length, FILE *out) {
  bool shown;
  for (size_t i = 0, n; i < length; i += n) {
    n = kd_shown_character(text + i, &shown);
    if (shown)
      fwrite(text + i, 1, n, out);
    else
      fputc(text[i] == '\t' ? ' ' : '?', out);
  }
}

const char *kd_shown_brief(const char *text, char brief[KD_BRIEF]) {
  return kd_shown_brief_of(text, strlen(text), brief);
}

const char *kd_shown_brief_of(const char *text, size_t n, char brief[KD_BRIEF]) {
  enum { MOST = KD_BRIEF - sizeof "..." };
  bool cut = n > MOST;
  for (n = cut ? MOST : n; cut && n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80; n--)
    continue;
  memcpy(brief, text, n);
  strcpy(brief + n, cut ? "..." : "");
  return brief;
}
