#!/bin/sh
# SPDX-License-Identifier: MIT
# kill -9 at random moments, KDEGRAD_TRIES times (100): no part that was finished is lost
# or computed again, and in the end the file has the bytes of a run that was left alone.
set -eu
fail() { echo "FAILED: $*"; exit 1; }
cat >"$TMP/sweep.yaml" <<'YAML'
experiment: sweep
target: {bounds: [-0.5, 0.5]}
points: {layout: uniform, count: 16, span: [1, 9], seed: 7}
record: [loss, gradient, defect]
sweep:
  kernel.family: [laplace, gaussian, cauchy, sech]
  shift.by: {from: 0, to: 0.9, count: 120}
YAML
"$KDEGRAD" run -q "$TMP/sweep.yaml" -o "$TMP/whole.h5"
export KDEGRAD_SHARD=6 # 80 shards
begin=$(date +%s%N)
"$KDEGRAD" run -q "$TMP/sweep.yaml" -o "$TMP/x.h5" -j 2
took=$((($(date +%s%N) - begin) / 1000)) # microseconds
cmp "$TMP/whole.h5" "$TMP/x.h5"
[ ! -e "$TMP/x.parts" ] && [ ! -e "$TMP/x.lock" ] || fail 'a finished run leaves parts or a lock'
rm "$TMP/x.h5"

parts() { find "$TMP" -path '*x.parts/*.h5' -printf '%f %i\n' | sort; }
# How many of the 480 cells neither file nor parts hold
missing() {
  [ -e "$TMP/x.parts" ] || { echo 480; return; }
  "$KDEGRAD" merge -q "$TMP/sweep.yaml" -o "$TMP/x.h5" 2>"$TMP/err" && echo 0 ||
    sed -n 's/.*: \([0-9]*\) of 480 cells are not computed yet.*/\1/p' "$TMP/err"
}
tries=${KDEGRAD_TRIES:-100} kills=0 finished=0 try=0
while [ $try -lt "$tries" ]; do
  try=$((try + 1))
  parts >"$TMP/before"
  missed=$(missing)
  [ -n "$missed" ] || { cat "$TMP/err"; fail 'merge does not say how many cells are missing'; }
  [ "$missed" -gt 0 ] || { cmp "$TMP/whole.h5" "$TMP/x.h5" || fail 'merged'; rm "$TMP/x.h5"; missed=480; : >"$TMP/before"; }
  "$KDEGRAD" run -q "$TMP/sweep.yaml" -o "$TMP/x.h5" -j 2 2>"$TMP/err" &
  pid=$!
  # at moments spread over a run that starts anew, the later ones rarer
  wait_us=$(awk -v seed=$try -v took="$took" 'BEGIN { srand(seed); print int(rand() * rand() * took / 2) }')
  sleep "$(awk -v us="$wait_us" 'BEGIN { printf "%.6f", us / 1e6 }')"
  kill -9 $pid 2>/dev/null || :
  if wait $pid 2>/dev/null; then
    finished=$((finished + 1))
    cmp "$TMP/whole.h5" "$TMP/x.h5" || fail "other bytes after $try tries"
    [ $((finished % 2)) = 0 ] || rm "$TMP/x.h5" # once anew, once with all there
    rm -rf "$TMP/x.parts"
    continue
  fi
  kills=$((kills + 1))
  ! grep -q damaged "$TMP/err" || { cat "$TMP/err"; fail 'a damaged part'; }
  # Parts go only when the result holds their cells.
  if [ ! -e "$TMP/x.h5" ]; then
    parts >"$TMP/after"
    lost=$(comm -23 "$TMP/before" "$TMP/after")
    [ -z "$lost" ] || fail "lost: $lost"
    # every new part holds a shard of cells that were missing; the sweep's last may be short
    new=$(comm -13 "$TMP/before" "$TMP/after" | wc -l)
    [ "$new" = 0 ] || [ "$(missing)" -le $((missed - 6 * (new - 1) - 1)) ] ||
      fail "$new new parts, $missed cells missing before, $(missing) after"
  else
    cmp "$TMP/whole.h5" "$TMP/x.h5" || fail "half a file after $try tries"
  fi
done
"$KDEGRAD" run "$TMP/sweep.yaml" -o "$TMP/x.h5" 2>"$TMP/err" || { cat "$TMP/err"; fail 'the last run'; }
cmp "$TMP/whole.h5" "$TMP/x.h5" || fail 'other bytes at the end'
[ -z "$(find "$TMP" -name '*.tmp-*' -o -name 'x.parts')" ] || fail 'something is left'
[ $kills -gt $((tries / 3)) ] || fail "only $kills of $tries runs were killed in time"
echo "$kills killed, $finished finished"
