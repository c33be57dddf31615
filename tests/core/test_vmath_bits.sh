#!/bin/sh
# SPDX-License-Identifier: MIT
# The elementary functions, the sums over equal bins and steps of descents have the same bits whatever the
# compiler, its level and the instruction set: hashes of their results (100,000 of each
# function), from builds that differ in one or all.
# With KDEGRAD_TRIES every combination is built, else a few that together hold every choice.
set -eu
arithmetic=$(sed -n 's/^ARITHMETIC *= *//p' Makefile)
compilers=gcc
if command -v clang >/dev/null; then compilers='gcc clang'; fi

# What the processor can run; clones let it choose.
sets='x86-64 clones'
if grep -qw avx2 /proc/cpuinfo && grep -qw fma /proc/cpuinfo; then sets="$sets avx2"; fi
if grep -qw avx512f /proc/cpuinfo; then sets="$sets avx512"; fi
options() {
  case $1 in
    clones) ;;
    x86-64) echo -march=x86-64 -DKD_NO_CLONES ;;
    avx2) echo -mavx2 -mfma -DKD_NO_CLONES ;;
    avx512) echo -mavx2 -mfma -mavx512f -mavx512vl -mavx512dq -mprefer-vector-width=512 -DKD_NO_CLONES ;;
  esac
}
level() { case $1 in x86-64) echo 1 ;; avx2) echo 3 ;; *) echo 2 ;; esac; }

builds=
for cc in $compilers; do
  for set in $sets; do
    levels=$(level $set)
    [ -z "${KDEGRAD_TRIES:-}" ] || levels='1 2 3'
    for level in $levels; do builds="$builds $cc,$set,$level"; done
  done
done

closed=
for file in line laplace laplace_flat laplace_step laplace_wings wing wing_sums inputs share stretch \
  logits zone zone_stretch zone_walk compact_step compact_zones segment pole; do
  closed="$closed src/core/exact/$file.c"
done

build() { # compiler,set,level
  IFS=, read -r cc set level <<HERE
$1
HERE
  for program in vmath binned step; do
    case $program in
      vmath) sources=src/core/vmath/gamma.c ;;
      binned) sources="src/core/binned/*.c src/core/frame.c src/core/huge.c src/core/exact/share.c src/core/err.c" ;;
      step) sources="$closed src/core/gauss.c src/core/err.c" ;;
    esac
    $cc -std=c11 -D_GNU_SOURCE $arithmetic -O"$level" $(options "$set") -Isrc -w \
      -o "$TMP/$1.$program" tests/core/${program}_hashes.c src/core/vmath/vmath.c $sources -lm || return 1
  done
}
printf '%s\n' $builds >"$TMP/builds"
n=$(wc -l <"$TMP/builds")
half=$(((n + 1) / 2))
(for b in $(head -n $half "$TMP/builds"); do build "$b" || exit 1; done) &
for b in $(tail -n +$((half + 1)) "$TMP/builds"); do build "$b"; done
wait $!

first=
for b in $builds; do
  "$TMP/$b.vmath" >"$TMP/$b.txt"
  "$TMP/$b.binned" >>"$TMP/$b.txt"
  "$TMP/$b.step" >>"$TMP/$b.txt"
  [ "$(wc -l <"$TMP/$b.txt")" -eq 48 ] || { echo "$b printed too little"; exit 1; }
  [ -n "$first" ] || first=$b
  diff "$TMP/$first.txt" "$TMP/$b.txt" || { echo "FAILED: $first and $b differ"; exit 1; }
done
echo "$n builds, the same bits"
