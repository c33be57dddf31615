#!/bin/sh
# SPDX-License-Identifier: MIT
# One digest: the experiments give the committed values, to the last bit, with any number of
# threads, compiler, optimisation level and instruction set, and under valgrind. The usual run
# tries some builds and computes once what takes long; with KDEGRAD_TRIES set, all with all.
set -eu
fail() { echo "FAILED: $*"; exit 1; }
experiments=$(basename -s .yaml configs/*.yaml)
long=' many-points kernel-comparison kernel-descent '

# same NAME PROGRAM...: all experiments as PROGRAM runs them
same() {
  name=$1; shift
  for experiment in $experiments; do
    case "$long" in *" $experiment "*)
      [ "$name" = '2 threads' ] || [ -n "${KDEGRAD_TRIES:-}" ] || continue ;;
    esac
    "$@" run -q "configs/$experiment.yaml" -o "$TMP/$experiment.h5"
    digest=$("$KDEGRAD" verify --digest "$TMP/$experiment.h5" | cut -d ' ' -f 1)
    grep -qx "$digest  $experiment" results/reference/digests ||
      fail "$name: $experiment has the digest $digest"
  done
  echo "same: $name"
}
# build NAME COMPILER FLAGS...
build() {
  name=$1 compiler=$2; shift 2
  command -v "$compiler" >/dev/null || return 0
  make -s -j2 "B=$TMP/$name" "CC=$compiler" "CFLAGS=$*" "$TMP/$name/kdegrad" >"$TMP/log" 2>&1 ||
    { cat "$TMP/log"; fail "$name does not build"; }
  same "$name ($compiler $*)" "$TMP/$name/kdegrad"
}

for j in 1 2 4; do
  threads() { verb=$1; shift; "$KDEGRAD" "$verb" -j "$j" "$@"; }
  same "$j threads" threads
done
GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX512F,-AVX2_Usable,-AVX2,-FMA same 'libm without AVX' "$KDEGRAD"
build plain gcc -O1 -DKD_NO_CLONES
build clang clang -O3
if [ -n "${KDEGRAD_TRIES:-}" ]; then
  build o3 gcc -O3
  build fma gcc -O2 -mavx2 -mfma -DKD_NO_CLONES
  build native gcc -O3 -march=native
  build clang1 clang -O1 -DKD_NO_CLONES
  build clangfma clang -O2 -mavx2 -mfma
  same valgrind valgrind -q "$KDEGRAD"
fi
