/* SPDX-License-Identifier: MIT
 *
 * The table of keys in the forms that `kdegrad list keys` prints besides plain text.
 */
#ifndef KD_LIST_H
#define KD_LIST_H

/* A JSON Schema (draft-07) of configs, for editors and other programs. */
void kd_list_schema(void);
/* Its part that holds between keys: a list of conditions. */
void kd_list_schema_relations(void);
/* The definitions that the conditions refer to. */
void kd_list_schema_places(void);

/* The reference of all keys and names in Markdown. */
void kd_list_markdown(void);

#endif
