#!/bin/sh
# SPDX-License-Identifier: MIT
# The same config gives the same bytes for any number of threads, and again.
set -eu
bins="--set integral.rule=simpson --set record=[loss,bins,bin_error]"
for j in 1 2 3 8; do
  "$KDEGRAD" run -q configs/laplace-shift.yaml $bins -j $j -o "$TMP/bins-$j.h5"
  cmp "$TMP/bins-1.h5" "$TMP/bins-$j.h5"
done
for name in laplace-shift kernel-family descent; do
  for j in 1 2 3 8; do
    "$KDEGRAD" run -q "configs/$name.yaml" -j $j -o "$TMP/$name-$j.h5"
    cmp "$TMP/$name-1.h5" "$TMP/$name-$j.h5"
  done
done
sleep 1.1 # no clock gets into the file
"$KDEGRAD" run -q configs/descent.yaml -o "$TMP/later.h5"
cmp "$TMP/descent-1.h5" "$TMP/later.h5"
