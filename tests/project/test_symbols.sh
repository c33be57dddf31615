#!/bin/sh
# SPDX-License-Identifier: MIT
# libkdegrad.a takes from libm only what is rounded exactly, and so is the same on every
# processor; what else it needs is in src/core/vmath.
set -eu
exact='sqrt ldexp frexp rint floor ceil trunc ilogb fabs fmax fmin copysign nextafter'
library=$(dirname "$KDEGRAD")/libkdegrad.a

symbols() { awk 'NF >= 2 { sub(/@.*/, "", $NF); print $NF }' | sort -u; }
nm -u "$library" | symbols >"$TMP/wanted"
nm -D --defined-only "$(gcc -print-file-name=libm.so.6)" | symbols >"$TMP/libm"
[ "$(wc -l <"$TMP/libm")" -gt 300 ] && grep -qx expm1 "$TMP/libm" ||
  { echo 'FAILED: cannot read the names in libm'; exit 1; }
grep -qx calloc "$TMP/wanted" || { echo "FAILED: cannot read the names in $library"; exit 1; }

printf '%s\n' $exact >"$TMP/exact"
refused=$(grep -Fxf "$TMP/libm" "$TMP/wanted" | grep -vFxf "$TMP/exact") || :
[ -z "$refused" ] || { echo "FAILED: libkdegrad.a wants from libm:" $refused; exit 1; }
