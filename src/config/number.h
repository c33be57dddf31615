/* SPDX-License-Identifier: MIT
 *
 * Numbers as text, the same in every locale. A number is what JSON or Fortran
 * users type: 3, -2, .5, 1e-3, 1E5; not nan, inf, 0x1p3 or 1_000.
 */
#ifndef KD_NUMBER_H
#define KD_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/* Reads the whole text as a finite number, -0 as 0. If it is none, returns
 * false and *why tells what is wrong with it, or is NULL. */
bool kd_number_read(const char *text, double *number, const char **why);

/* Same for an integer, written without point and exponent, |.| <= 2^53. */
bool kd_integer_read(const char *text, double *number, const char **why);

/* 012, which is 10 to readers of YAML 1.1 and 12 to others. */
bool kd_number_is_octal(const char *text);
#define KD_OCTAL "to other readers 010 is 8: leave out the first 0"

/* The shortest text that reads back as the same number: "0.1", "1e60". */
void kd_number_text(double number, char *text, size_t size);

/* The decimal next to the number, with the 13 digits of one as large as `scale`
 * > 0, if it is within `error`; else the number itself. */
double kd_number_snapped(double number, double scale, double error);

enum { KD_NUMBER_TEXT = 32 }; /* size that always suffices */

#endif
