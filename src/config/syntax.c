/* SPDX-License-Identifier: MIT
 *
 * See syntax.h. libyaml's marks count from 0 and count characters; where it finds
 * bytes that are not UTF-8 it knows only their offset.
 */
#include "syntax.h"

#include <stdio.h>
#include <string.h>

#include "source.h"

/* A row for each problem of libyaml that is said in other words. `at_start`: the
 * mistake is where what it was reading started. */
static const struct fault {
  const char *problem; /* a part of libyaml's text */
  const char *message;
  bool at_start;
  const char *hint; /* or NULL: where it started, if on an earlier line */
} faults[] = {
    {"could not find expected ':'", "a key needs ':' and a blank behind it", true, NULL},
    {"mapping values are not allowed", "a mapping cannot stand here", false, NULL},
    {"did not find expected key", "expected a key", false, NULL},
    {"did not find expected '-' indicator", "expected '- ': the list goes on", false, NULL},
    {"did not find expected ',' or ']'", "expected ',' or ']' in a list", false, NULL},
    {"did not find expected ',' or '}'", "expected ',' or '}' in a mapping", false, NULL},
    {"unexpected end of stream", "this quote is never closed", true, NULL},
    {"cannot start any token", "a text cannot start with this character", false,
     "put it in quotes"},
    {"unknown escape character", "unknown escape in double quotes", false,
     "a backslash is written \\\\, or in single quotes"},
    {"<document start>", "a config is one document", false, NULL},
};

static const struct fault *fault_of(const char *problem) {
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
    if (strstr(problem, faults[i].problem)) return &faults[i];
  return NULL;
}

static struct kd_mark mark_of(yaml_mark_t mark, size_t set) {
  if (set) return (struct kd_mark){0, set, 0};
  return (struct kd_mark){mark.line + 1, mark.column + 1, 1};
}

/* Offset of the character that libyaml cannot read; it gives the octet. */
static size_t broken_character(const yaml_parser_t *parser, const char *text) {
  size_t offset = parser->problem_offset;
  if (!strstr(parser->problem, "trailing")) return offset;
  while (offset > 0 && (unsigned char)text[--offset] < 0xc0) continue;
  return offset;
}

static void report_bytes(const yaml_parser_t *parser, const char *text, size_t set,
                         struct kd_diag *diag) {
  bool control = strstr(parser->problem, "control");
  struct kd_mark mark = {0, set, 0};
  if (!set) mark = kd_source_mark(text, broken_character(parser, text));
  kd_diag_add(diag, mark, control || set ? NULL : "save the file as UTF-8",
              control ? "a control character cannot stand here" : "this is not UTF-8");
}

/* What often makes YAML end up there: a ':' before the place and on its line that
 * has no blank behind it, or another one that has; an indentation of its own. */
static const char *likely_cause(const char *line, size_t n, const char *problem) {
  bool glued = false, parted = false, blank = true;
  for (size_t i = 0; i < n; i++) {
    glued = glued || (line[i] == ':' && strchr("{[\"'", line[i + 1]));
    parted = parted || (line[i] == ':' && line[i + 1] == ' ');
    blank = blank && line[i] == ' ';
  }
  if (strstr(problem, "mapping values"))
    return parted ? "a text that holds ': ' needs quotes"
                  : "is the line indented as the others?";
  if (!strstr(problem, "expected key")) return NULL;
  return glued   ? "a blank must follow the ':'"
         : blank ? "it is indented as no line above"
                 : NULL;
}

void kd_syntax_report(const yaml_parser_t *parser, const char *text, size_t set,
                      struct kd_diag *diag) {
  if (parser->error == YAML_MEMORY_ERROR) {
    kd_diag_no_memory(diag);
    return;
  }
  if (parser->error == YAML_READER_ERROR) {
    report_bytes(parser, text, set, diag);
    return;
  }
  const char *problem = parser->problem ? parser->problem : "unknown problem";
  const struct fault *fault = fault_of(problem);
  yaml_mark_t at = fault && fault->at_start ? parser->context_mark : parser->problem_mark;
  struct kd_mark mark = mark_of(at, set);
  size_t length;
  const char *line = kd_source_line(text, at.line + 1, &length);
  const char *hint = fault ? fault->hint : NULL;
  if (!hint) hint = likely_cause(line, at.column < length ? at.column : length, problem);
  char start[48];
  snprintf(start, sizeof start, "it starts at line %zu", parser->context_mark.line + 1);
  bool started_before = !set && parser->context && parser->context_mark.line < at.line;
  if (!hint && started_before) hint = start;
  if (fault)
    kd_diag_add(diag, mark, hint, "%s", fault->message);
  else
    kd_diag_add(diag, mark, hint, "not YAML: %s%s%s", parser->context ? parser->context : "",
                parser->context ? ", " : "", problem);
}
