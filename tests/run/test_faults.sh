#!/bin/sh
# SPDX-License-Identifier: MIT
# Every write, fsync, rename, mkdir and unlink of a run fails once, or from then on; the
# disk is full. Exit 3 and a message, the old file whole, the next run makes the right one.
set -eu
fail() { echo "FAILED: $*"; exit 1; }
sweep() {
  cat <<YAML
experiment: sweep
target: {bounds: [-0.5, 0.5]}
points: {layout: uniform, count: 12, span: [1, 9], seed: 7}
sweep:
  kernel.family: [$1]
  shift.by: {from: 0, to: 0.5, count: 33}
YAML
}
sweep 'laplace, cauchy' >"$TMP/old.yaml"
sweep 'gaussian, laplace, sech' >"$TMP/new.yaml"
"$KDEGRAD" run -q "$TMP/old.yaml" -o "$TMP/old.h5"
"$KDEGRAD" run -q "$TMP/new.yaml" -o "$TMP/new.h5"
${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -Wall -Wextra -Werror -shared -fPIC -o "$TMP/faults.so" \
  tests/run/faults.c -ldl
export KDEGRAD_SHARD=22 ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0:detect_leaks=0"

faults=0
try() { # CALL AT ONCE: whether the fault was reached
  work=$TMP/work; rm -rf "$work"; mkdir "$work"
  cp "$TMP/old.h5" "$work/x.h5"
  code=0
  env FAULT_CALL="$1" FAULT_AT="$2" ${3:+FAULT_ONCE=1} FAULT_SEEN="$work/seen" LD_PRELOAD="$TMP/faults.so" \
    "$KDEGRAD" run -q "$TMP/new.yaml" -o "$work/x.h5" 2>"$TMP/err" || code=$?
  if [ ! -e "$work/seen" ]; then
    [ $code = 0 ] || { cat "$TMP/err"; fail "exit $code without a fault"; }
    cmp "$work/x.h5" "$TMP/new.h5"
    return 1
  fi
  faults=$((faults + 1))
  what="$1 $2 ${3:-}"
  case $code in # a log that cannot be written, a lock that cannot be removed, cost nothing
    0) [ "$1" = unlink ] || grep -q 'log.json' "$TMP/err" || fail "exit 0: $what" ;;
    3) grep -q "$work/x" "$TMP/err" || { cat "$TMP/err"; fail "no file named: $what"; } ;;
    *) cat "$TMP/err"; fail "exit $code: $what" ;;
  esac
  cmp -s "$work/x.h5" "$TMP/old.h5" || cmp -s "$work/x.h5" "$TMP/new.h5" || fail "neither old nor new: $what"
  [ -z "$(find "$work" -name '*.tmp-*')" ] || fail "a temporary is left: $what"
  # Three parts of new cells, one of the cells that go: all are there until the file is. The
  # first thing written is the lock.
  case $1 in rename) parts=$2 ;; write) parts=$(($2 / 2)) ;; fsync) parts=$((($2 + 1) / 2)) ;; *) parts=0 ;; esac
  [ $code = 0 ] || cmp -s "$work/x.h5" "$TMP/new.h5" || [ "$parts" -lt 5 ] ||
    [ "$(ls "$work/x.parts" | wc -l)" = 4 ] || fail "parts went too early: $what"
  "$KDEGRAD" run -q "$TMP/new.yaml" -o "$work/x.h5" || fail "does not go on: $what"
  cmp "$work/x.h5" "$TMP/new.h5" || fail "other bytes: $what"
  "$KDEGRAD" run "$TMP/old.yaml" -o "$work/x.h5" 2>"$TMP/err"
  grep -q '66 of them reused' "$TMP/err" || { cat "$TMP/err"; fail "old cells are lost: $what"; }
  cmp "$work/x.h5" "$TMP/old.h5" || fail "other old bytes: $what"
}
for call in write pwrite fsync rename mkdir unlink; do
  for once in '' once; do
    at=1 last=0
    while try $call $at $once; do
      last=$at
      case $call in pwrite) at=$((at + 1 + at / 8)) ;; *) at=$((at + 1)) ;; esac # HDF5 has hundreds
    done
    eval "n_$call=$last"
  done
done
[ $faults -gt 100 ] || fail "only $faults faults"
[ "$n_pwrite" -gt 100 ] || fail "only $n_pwrite writes of HDF5"
# each file is synced and then its folder; so is the folder of a new folder
[ "$n_fsync" = $((2 * n_rename + 1)) ] || fail "$n_fsync times fsync for $n_rename files"

# --- a disk that is full after some parts, then larger
if [ "$(id -u)" = 0 ] && mkdir "$TMP/small" && mount -t tmpfs -o size=100k tmpfs "$TMP/small" 2>/dev/null; then
  (
    cp "$TMP/old.h5" "$TMP/small/x.h5"
    code=0
    "$KDEGRAD" run -q "$TMP/new.yaml" -o "$TMP/small/x.h5" 2>"$TMP/err" || code=$?
    [ $code = 3 ] && grep -q 'No space left' "$TMP/err" || { cat "$TMP/err"; fail "exit $code on a full disk"; }
    cmp "$TMP/small/x.h5" "$TMP/old.h5" || fail 'the old file on a full disk'
    [ -z "$(find "$TMP/small" -name '*.tmp-*')" ] || fail 'a temporary on a full disk'
    [ "$(ls "$TMP/small/x.parts" | wc -l)" -ge 1 ] || fail 'no part fitted'
    mount -o remount,size=4m "$TMP/small"
    "$KDEGRAD" run "$TMP/new.yaml" -o "$TMP/small/x.h5" 2>"$TMP/err"
    cmp "$TMP/small/x.h5" "$TMP/new.h5" || fail 'other bytes after a full disk'
    mount -o remount,ro "$TMP/small"
    code=0
    "$KDEGRAD" run -q "$TMP/old.yaml" -o "$TMP/small/x.h5" 2>"$TMP/err" || code=$?
    [ $code = 3 ] && grep -q 'Read-only' "$TMP/err" || fail 'a read-only folder'
  ) && code=0 || code=$?
  umount "$TMP/small"
  [ $code = 0 ] || exit 1
fi
echo "$faults faults"
