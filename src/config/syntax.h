/* SPDX-License-Identifier: MIT
 *
 * What is wrong with a text that is not YAML, in the words of a config: libyaml
 * names the rule that is broken, often where it noticed and not where the mistake
 * is. Our table has the common ones; any other is passed on.
 */
#ifndef KD_SYNTAX_H
#define KD_SYNTAX_H

#include <yaml.h>

#include "diag.h"

/* libyaml's complaint as an error about `text`, which is diag's file (set = 0) or
 * the value of the k-th --set. */
void kd_syntax_report(const yaml_parser_t *parser, const char *text, size_t set,
                      struct kd_diag *diag);

#endif
