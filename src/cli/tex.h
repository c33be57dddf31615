/* SPDX-License-Identifier: MIT
 *
 * Numbers and names in LaTeX, on stdout.
 */
#ifndef KD_TEX_H
#define KD_TEX_H

/* m x 10^e, two digits; nothing for what is missing */
void kd_tex_number(double value);

/* The same, but plain with about three digits where that is as short */
void kd_tex_short_number(double value);

/* A name: what LaTeX reads as more than a letter is escaped; ~ (unset) is a dash. */
void kd_tex_text(const char *text);

#endif
