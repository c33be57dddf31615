#!/bin/sh
# SPDX-License-Identifier: MIT
# A sweep that is stopped, extended, reordered, split over machines, damaged, started
# eight times at once: what is there is reused, and the bytes are those of one run.
set -eu
. tests/expect.sh
same() { cmp "$1" "$2" || fail "$3"; }
run() { expect 0 "$KDEGRAD" run "$@"; }

. tests/run/sweep.sh
cd "$TMP"
config 'laplace, gaussian, cauchy' 33 0.5 >a.yaml
run a.yaml -o a.h5; said '99 cells in'

# --- nothing to do: nothing is written, not even a log
touch -d '2001-01-01' a.h5 a.log.json
run a.yaml -o a.h5; said '99 cells, 99 of them reused'
[ -z "$(find . -name 'a.*' -newermt 2002-01-01 ! -name a.yaml)" ] || fail 'a rerun writes'
run a.yaml --shard 1/2 -o a.h5; said '49 cells, 49 of them reused'
[ ! -e a.parts ] || fail 'a shard stores what the file has'

# --- another comment: no cell is computed, but the file holds the new text
{ echo '# a comment'; cat a.yaml; } >comment.yaml
run comment.yaml -o a.h5; said '99 of them reused'
run comment.yaml -o fresh.h5; same a.h5 fresh.h5 'after a comment'

# --- an axis longer, reordered, then shorter: the rest stays as a part
config 'cauchy, sech, laplace, gaussian' 65 1 >b.yaml
run b.yaml -o a.h5; said '260 cells, 99 of them reused'
run b.yaml -o fresh-b.h5 -j 1; same a.h5 fresh-b.h5 'after extending and reordering'
config 'laplace' 65 1 >c.yaml
run c.yaml -o a.h5; said '65 of them reused'
run c.yaml -o fresh-c.h5; same a.h5 fresh-c.h5 'after leaving out'
[ "$(ls a.parts | wc -l)" = 1 ] || fail 'cells are not kept'
run b.yaml -o a.h5; said '260 of them reused'; same a.h5 fresh-b.h5 'back again'
[ ! -e a.parts ] || fail 'the part is still there'
run c.yaml -o a.h5 --prune; [ ! -e a.parts ] || fail '--prune keeps cells'
run b.yaml -o a.h5; said '65 of them reused'; same a.h5 fresh-b.h5 'after --prune'

# --- a number that all cells, or some, read
run b.yaml -o a.h5 --set target.bounds='[-0.5, 0.25]'; said '260 cells in'
config 'cauchy, sech, laplace, gaussian' 65 1 | sed 's/kernel.family/families: {kernel.family/; s/gaussian\]/gaussian], kernel.bandwidth: [1, 1, 2, 1]}/' >d.yaml
run d.yaml -o fresh-d.h5; rm -rf a.*
run b.yaml -o a.h5
run d.yaml -o a.h5; said '195 of them reused'; same a.h5 fresh-d.h5 'one number changed'

# --- shards in any order, some twice, then merged
run b.yaml -o whole.h5
for order in '1 2 3' '3 1 2' '2 2 3 1'; do
  rm -rf s.*
  for k in $order; do run b.yaml -o s.h5 --shard $k/3; done
  expect 0 "$KDEGRAD" merge b.yaml -o s.h5
  same s.h5 whole.h5 "shards $order"
  [ ! -e s.parts ] || fail 'merged parts are left'
done
rm -rf s.*
expect 3 "$KDEGRAD" merge b.yaml -o s.h5; said '260 of 260 cells are not computed yet, the first is cell 0'
run b.yaml -o s.h5 --shard 2/3
expect 3 "$KDEGRAD" merge b.yaml -o s.h5; said '173 of 260 cells are not computed yet, the first is cell 0'
[ ! -e s.h5 ] || fail 'half a merge'
run b.yaml -o s.h5; said '87 of them reused'; same s.h5 whole.h5 'a run after a shard'
run b.yaml -o s.h5 --shard 300/300
for wrong in 0/3 4/3 1/0 1 /3 -1/3 1/3x 1/65537; do
  expect 2 "$KDEGRAD" run b.yaml -o s.h5 --shard $wrong; said 'must be K/N'
done

# --- failed cells are done again, and merged as failed
cat >f.yaml <<'YAML'
experiment: fails
kernel: {family: exppow, bandwidth: 1e-3}
target: {bounds: [-1, 1]}
points: {layout: explicit, at: [3, -1e9]}
sweep: {kernel.shape: [1, 100]}
YAML
expect 4 "$KDEGRAD" run f.yaml -o f.h5; cp f.h5 f-before.h5
expect 4 "$KDEGRAD" run f.yaml -o f.h5; said '1 of them reused'; said 'the first is cell 1'; said 'beyond the range'
same f.h5 f-before.h5 'a failed cell, again'
rm f.h5
expect 4 "$KDEGRAD" run f.yaml -o f.h5 --shard 2/2
expect 0 "$KDEGRAD" run f.yaml -o f.h5 --shard 1/2
expect 4 "$KDEGRAD" merge f.yaml -o f.h5; same f.h5 f-before.h5 'failed cells merged'
rm f.h5
expect 4 "$KDEGRAD" run f.yaml -j 1 --fail-fast -o f.h5 --set kernel.shape='[100, 1]'
said 'stopped with 1 of 2 cells'; [ ! -e f.h5 ] || fail 'a result of a stopped run'

# a part of the same first cell does not replace the other
expect 4 "$KDEGRAD" run f.yaml -j 1 -o g.h5 --set kernel.shape='[100, 1, 2]' --shard 1/1
expect 4 "$KDEGRAD" run f.yaml -j 1 -o g.h5 --set kernel.shape='[100, 1, 2]' --shard 1/1
said '2 of them reused'; [ "$(ls g.parts | wc -l)" = 2 ] || fail 'one part replaced another'
expect 4 "$KDEGRAD" merge f.yaml -o g.h5 --set kernel.shape='[100, 1, 2]'

# --- damage
run b.yaml -o s.h5 --set points.seed=8 # all cells of seed 7 go into a part
part=s.parts/$(ls s.parts)
printf X | dd of="$part" bs=1 seek=3000 conv=notrunc 2>/dev/null
run b.yaml -o s.h5; said "$part: damaged"; said 'removed'; said '260 cells in'
same s.h5 whole.h5 'after a damaged part'
rm -rf s.parts
printf X | dd of=s.h5 bs=1 seek=3000 conv=notrunc 2>/dev/null
run b.yaml -o s.h5; said 's.h5: damaged'; said 'renamed'; same s.h5 whole.h5 'after a damaged file'
[ -e s.h5.damaged ] || fail 'a damaged file is gone'

# --- what is in the way; links
mkdir dir.h5 parts; : >w.parts
expect 3 "$KDEGRAD" run b.yaml -o dir.h5; said 'dir.h5'
expect 3 "$KDEGRAD" run b.yaml -o w.h5; said 'w.parts'
mkdir far; ln -s far/real.h5 link.h5; : >far/real.h5
run b.yaml -o link.h5; same far/real.h5 whole.h5 'through a link'
[ -h link.h5 ] || fail 'a link was replaced'
run b.yaml -o far/real.h5; said '260 of them reused'

# --- eight at once: one works, seven name it
config 'gaussian' 40000 0.9 >long.yaml
sed -i 's/loss, gradient, defect/defect/; s/count: 12/count: 1000/' long.yaml
for i in 1 2 3 4 5 6 7 8; do
  (code=0; "$KDEGRAD" run -j 1 long.yaml -o l.h5 2>"l.err.$i" || code=$?; echo $code >"l.code.$i") &
done
sleep 1.5
for wait in 1 2 3 4 5 6 7 8 9 10; do [ "$(cat l.code.* | wc -l)" = 7 ] || sleep 0.5; done
busy=$(cat l.code.* | grep -c '^3$') || :
[ "$busy" = 7 ] || { cat l.err.*; fail "$busy of 8 were refused"; }
[ "$(cat l.err.* | grep -c "l.lock: in use by run, pid [0-9]* on $(uname -n): wait")" = 7 ] || { cat l.err.*; fail 'who is it'; }
pid=$(sed -n 's/.*run, pid \([0-9]*\) on.*/\1/p' l.err.* | sort -u)
expect 3 "$KDEGRAD" run long.yaml -o l.h5 --shard 1/2; said "pid $pid"

# --- a signal: within a second, what is done is kept, run again
until [ -e l.parts ]; do sleep 0.1; kill -0 "$pid" || break; done
before=$(date +%s%N)
kill -TERM "$pid"
wait
[ $((($(date +%s%N) - before) / 1000000)) -lt 1500 ] || fail 'slow to stop'
cat l.code.* | grep -q '^143$' || fail 'not dead by the signal'
grep -h -q 'interrupted with [0-9]* of 40000 cells done and stored; run again' l.err.* || fail 'not said how to go on'
[ -d l.parts ] && [ ! -e l.h5 ] || fail 'no parts'
done=$(sed -n 's/.*interrupted with \([0-9]*\) of.*/\1/p' l.err.*)
"$KDEGRAD" run -j 1 long.yaml -o l.h5 --shard 1/40000 2>err; grep -q '1 of them reused' err || fail 'kept cells are not found'
env --default-signal=INT "$KDEGRAD" run -q long.yaml -o l.h5 2>err & pid=$!
parts=$(ls l.parts | wc -l)
until [ "$(ls l.parts | wc -l)" -gt "$parts" ]; do sleep 0.1; kill -0 $pid || break; done
kill -INT $pid; code=0; wait $pid || code=$?
[ $code = 130 ] || fail "exit $code after SIGINT"
now=$(sed -n 's/.*interrupted with \([0-9]*\) of.*/\1/p' err)
[ "$now" -gt "$done" ] || fail "$done cells became $now"

# --- two shards at once, one of them twice
"$KDEGRAD" run -q long.yaml -o m.h5 --shard 1/2 & one=$!
"$KDEGRAD" run -q long.yaml -o m.h5 --shard 2/2 & two=$!
until grep -qs "shard 1/2, pid $one " m.lock && grep -qs "shard 2/2, pid $two " m.lock; do
  kill -0 $one && sleep 0.1 || break
done
trap 'kill -KILL $one $two' EXIT # who is stopped would outlive a failure
kill -STOP $one $two # they do not end meanwhile
expect 3 "$KDEGRAD" run long.yaml -o m.h5 --shard 1/2; said "in use by shard 1/2, pid $one on"
expect 3 "$KDEGRAD" merge long.yaml -o m.h5; said 'in use by shard'
kill $one $two; kill -CONT $one $two; wait $one $two || :
trap - EXIT

# --- a cell of minutes does not hold up the stop, nor what is done
cat >slow.yaml <<'YAML'
experiment: slow
kernel: {bandwidth: 0.01, family: gaussian}
target: {bounds: [-0.5, 0.5]}
points: {layout: uniform, span: [-2, 2], seed: 1}
integral: {rule: midpoint, bins: 30000}
record: [loss]
sweep: {points.count: [3, 4, 500000]}
YAML
"$KDEGRAD" run -q slow.yaml -o n.h5 -j 1 2>err & pid=$!
until [ -e n.parts ]; do sleep 0.1; kill -0 $pid || break; done
before=$(date +%s%N)
kill -TERM $pid; code=0; wait $pid || code=$?
[ $((($(date +%s%N) - before) / 1000000)) -lt 2500 ] || fail 'held up by a slow cell'
[ $code = 143 ] && grep -q 'interrupted with 2 of 3 cells' err || { cat err; fail "exit $code of a slow cell"; }
echo passed
