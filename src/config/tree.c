/* SPDX-License-Identifier: MIT
 *
 * From libyaml's events to a tree; see tree.h. libyaml's marks count from 0
 * and count characters.
 */
#include "tree.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "shown.h"
#include "syntax.h"

struct reader {
  yaml_parser_t parser;
  const char *text;
  size_t set; /* number of the --set, 0 for the file */
  size_t n_scalars, n_branches;
  struct kd_diag *diag;
};

static struct kd_mark mark_of(const struct reader *reader, yaml_mark_t from, yaml_mark_t to) {
  if (reader->set) return (struct kd_mark){0, reader->set, 0};
  bool one_line = from.line == to.line && to.column > from.column;
  return (struct kd_mark){from.line + 1, from.column + 1,
                          one_line ? to.column - from.column : 1};
}

static struct kd_mark place_of(const struct reader *reader, const yaml_event_t *event) {
  return mark_of(reader, event->start_mark, event->end_mark);
}

static bool next(struct reader *reader, yaml_event_t *event) {
  if (yaml_parser_parse(&reader->parser, event)) return true;
  kd_syntax_report(&reader->parser, reader->text, reader->set, reader->diag);
  return false;
}

static struct kd_node *node_create(struct reader *reader, const yaml_event_t *event,
                                   enum kd_node_kind kind) {
  struct kd_node *node = calloc(1, sizeof *node);
  if (!node) {
    kd_diag_no_memory(reader->diag);
    return NULL;
  }
  node->kind = kind;
  node->mark = place_of(reader, event);
  return node;
}

static const char anchors_and_aliases[] = "anchors and aliases are not supported";

static const char *fault_of_properties(const yaml_char_t *anchor, const yaml_char_t *tag) {
  if (anchor) return anchors_and_aliases;
  return tag ? "tags are not supported" : NULL;
}

/* What YAML has and a config does not; NULL = the event is fine. */
static const char *fault_of(struct reader *reader, const yaml_event_t *event) {
  static const char too_many_branches[] = "more than 100000 lists and mappings";
  switch (event->type) {
  case YAML_ALIAS_EVENT:
    return anchors_and_aliases;
  case YAML_SEQUENCE_START_EVENT:
    if (++reader->n_branches > KD_TREE_BRANCHES) return too_many_branches;
    return fault_of_properties(event->data.sequence_start.anchor,
                               event->data.sequence_start.tag);
  case YAML_MAPPING_START_EVENT:
    if (++reader->n_branches > KD_TREE_BRANCHES) return too_many_branches;
    return fault_of_properties(event->data.mapping_start.anchor, event->data.mapping_start.tag);
  case YAML_SCALAR_EVENT:
    if (++reader->n_scalars > KD_TREE_SCALARS) return "more than 100000 scalars";
    if (memchr(event->data.scalar.value, 0, event->data.scalar.length))
      return "a text cannot hold NUL";
    return fault_of_properties(event->data.scalar.anchor, event->data.scalar.tag);
  default:
    return NULL;
  }
}

static bool allowed(struct reader *reader, const yaml_event_t *event) {
  const char *fault = fault_of(reader, event);
  if (fault)
    kd_diag_add(reader->diag, place_of(reader, event),
                fault == anchors_and_aliases ? "write the value itself" : NULL, "%s", fault);
  return !fault;
}

static struct kd_node *read_scalar(struct reader *reader, const yaml_event_t *event) {
  struct kd_node *node = node_create(reader, event, KD_NODE_SCALAR);
  if (!node) return NULL;
  node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
  node->text = strdup((const char *)event->data.scalar.value);
  if (node->text) return node;
  kd_diag_no_memory(reader->diag);
  kd_tree_free(node);
  return NULL;
}

static void append(struct kd_node *parent, struct kd_node *child) {
  if (parent->last)
    parent->last->next = child;
  else
    parent->first = child;
  parent->last = child;
  parent->n++;
}

static struct kd_node *read_node(struct reader *reader, const yaml_event_t *event,
                                 size_t depth);

/* The key of a mapping's next child becomes *name. */
static bool read_name(struct reader *reader, const yaml_event_t *event,
                      const struct kd_node *map, char **name) {
  struct kd_mark mark = place_of(reader, event);
  if (event->type != YAML_SCALAR_EVENT) {
    kd_diag_add(reader->diag, mark, NULL, "a key must be one word");
    return false;
  }
  if (!allowed(reader, event)) return false;
  if (map->n == KD_TREE_KEYS) {
    kd_diag_add(reader->diag, mark, NULL, "a mapping of more than %d keys", KD_TREE_KEYS);
    return false;
  }
  *name = strdup((const char *)event->data.scalar.value);
  if (!*name) kd_diag_no_memory(reader->diag);
  return *name;
}

static bool is_repeated(struct reader *reader, const struct kd_node *map,
                        const struct kd_node *child) {
  const struct kd_node *before = kd_node_find(map, child->name);
  char name[KD_BRIEF];
  kd_shown_brief(child->name, name);
  if (before && reader->set)
    kd_diag_add(reader->diag, child->name_mark, NULL, "key '%s' stands here twice", name);
  else if (before)
    kd_diag_add(reader->diag, child->name_mark, NULL, "key '%s' was given at line %zu already",
                name, before->name_mark.line);
  return before;
}

/* One child of a list or a mapping, whose first event is at hand. */
static bool read_child(struct reader *reader, const yaml_event_t *event, struct kd_node *parent,
                       size_t depth) {
  if (parent->kind == KD_NODE_LIST) {
    struct kd_node *child = read_node(reader, event, depth);
    if (child) append(parent, child);
    return child;
  }
  char *name = NULL;
  yaml_event_t value;
  struct kd_node *child = NULL;
  if (!read_name(reader, event, parent, &name)) return false;
  if (next(reader, &value)) {
    child = read_node(reader, &value, depth);
    yaml_event_delete(&value);
  }
  if (!child) {
    free(name);
    return false;
  }
  child->name = name;
  child->name_mark = place_of(reader, event);
  if (is_repeated(reader, parent, child))
    kd_tree_free(child);
  else
    append(parent, child);
  return true;
}

static bool ends(const yaml_event_t *event) {
  return event->type == YAML_SEQUENCE_END_EVENT || event->type == YAML_MAPPING_END_EVENT;
}

static bool read_children(struct reader *reader, const yaml_event_t *start,
                          struct kd_node *node, size_t depth) {
  for (;;) {
    yaml_event_t event;
    if (!next(reader, &event)) return false;
    bool end = ends(&event);
    bool good = end || read_child(reader, &event, node, depth);
    if (end) node->mark = mark_of(reader, start->start_mark, event.end_mark);
    yaml_event_delete(&event);
    if (end || !good) return good;
  }
}

static struct kd_node *read_node(struct reader *reader, const yaml_event_t *event,
                                 size_t depth) {
  if (!allowed(reader, event)) return NULL;
  if (event->type == YAML_SCALAR_EVENT) return read_scalar(reader, event);
  if (depth == KD_TREE_DEPTH) {
    kd_diag_add(reader->diag, place_of(reader, event), NULL, "nested deeper than %d levels",
                KD_TREE_DEPTH);
    return NULL;
  }
  bool is_map = event->type == YAML_MAPPING_START_EVENT;
  struct kd_node *node = node_create(reader, event, is_map ? KD_NODE_MAP : KD_NODE_LIST);
  if (!node || read_children(reader, event, node, depth + 1)) return node;
  kd_tree_free(node);
  return NULL;
}

/* Skips an event of the frame around the document; false = not as expected. */
static bool skip(struct reader *reader, yaml_event_type_t type, const char *otherwise) {
  yaml_event_t event;
  if (!next(reader, &event)) return false;
  bool good = event.type == type;
  bool directives = event.type == YAML_DOCUMENT_START_EVENT &&
                    (event.data.document_start.version_directive ||
                     event.data.document_start.tag_directives.start !=
                         event.data.document_start.tag_directives.end);
  if (!good || directives)
    kd_diag_add(reader->diag, place_of(reader, &event), NULL, "%s",
                good ? "directives are not supported" : otherwise);
  yaml_event_delete(&event);
  return good && !directives;
}

static struct kd_node *read_document(struct reader *reader) {
  yaml_event_t event;
  if (!skip(reader, YAML_STREAM_START_EVENT, "not YAML") ||
      !skip(reader, YAML_DOCUMENT_START_EVENT,
            reader->set ? "it has no value" : "the config is empty") ||
      !next(reader, &event))
    return NULL;
  struct kd_node *node = read_node(reader, &event, 0);
  yaml_event_delete(&event);
  if (node && skip(reader, YAML_DOCUMENT_END_EVENT, "not YAML") &&
      skip(reader, YAML_STREAM_END_EVENT, "a config is one document"))
    return node;
  kd_tree_free(node);
  return NULL;
}

struct kd_node *kd_tree_read(const char *text, size_t set, struct kd_diag *diag) {
  struct reader reader = {.text = text, .set = set, .diag = diag};
  if (!yaml_parser_initialize(&reader.parser)) {
    kd_diag_no_memory(diag);
    return NULL;
  }
  yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, strlen(text));
  struct kd_node *node = read_document(&reader);
  yaml_parser_delete(&reader.parser);
  return node;
}
