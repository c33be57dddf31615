#!/bin/sh
# SPDX-License-Identifier: MIT
# The command line: exit codes, help, refusals that write nothing, full disks
# and read-only folders, --set, export, list.
set -eu
. tests/expect.sh

# --- help and usage
expect 0 "$KDEGRAD" --help;    said 'usage: kdegrad VERB' out
expect 0 "$KDEGRAD" --version; said '^kdegrad [0-9]' out
expect 2 "$KDEGRAD"
expect 2 "$KDEGRAD" "$(printf 'r\033[31mn')"; said "unknown verb 'r?\[31mn'" err
expect 2 "$KDEGRAD" list kernles; said "did you mean 'kernels'?" err
expect 2 "$KDEGRAD" ruin;      said "unknown verb 'ruin'" err
for verb in $("$KDEGRAD" list verbs | awk 'NR > 1 { print $1 }'); do
  expect 0 "$KDEGRAD" "$verb" --help; said "usage: kdegrad $verb" out
  expect 2 "$KDEGRAD" "$verb" --nonsense; said "nonsense" err
done
expect 2 "$KDEGRAD" run
expect 2 "$KDEGRAD" run -j 0 configs/descent.yaml; said "got '0'" err
expect 2 "$KDEGRAD" run -j 4x configs/descent.yaml
expect 2 "$KDEGRAD" run -o; said "'-o' needs an argument" err
expect 2 "$KDEGRAD" run configs/descent.yaml configs/laplace-shift.yaml -o "$TMP/x.h5"
expect 2 "$KDEGRAD" run configs/descent.yaml --set kernel.bandwidth=2; said 'name its file' err
for twice in '-o a.h5 --output b.h5' '-j 1 -j 2'; do
  expect 2 "$KDEGRAD" run configs/descent.yaml $twice; said 'is given twice' err
done
expect 2 "$KDEGRAD" export "$TMP/x.h5" -c loss -c defect; said "option '--columns' is given twice" err
expect 2 "$KDEGRAD" list nonsense
for what in kernels layouts logits rules descents claims keys quantities variables verbs; do
  expect 0 "$KDEGRAD" list $what; said "^$what:" out
done

# --- a wrong config writes nothing
mkdir "$TMP/empty"
printf 'experiment: wrong\nkernel: {bandwith: 2}\n' >"$TMP/wrong.yaml"
expect 2 "$KDEGRAD" run "$TMP/wrong.yaml" -o "$TMP/empty/x.h5"
said "wrong.yaml:2:10: error: unknown key 'bandwith'" err
said "did you mean 'bandwidth'" err
[ -z "$(ls -A "$TMP/empty")" ] || fail 'a wrong config left something behind'
expect 3 "$KDEGRAD" run "$TMP/nowhere.yaml"; said 'nowhere.yaml' err
expect 2 "$KDEGRAD" plan "$TMP/wrong.yaml"

# --- plans: large ones at once, JSON, padding
cat >"$TMP/large.yaml" <<'YAML'
experiment: large
target: {bounds: [-1, 1]}
points: {at: [3, 4]}
sweep:
  kernel.bandwidth: {from: 1, to: 2, count: 1000000}
  shift.by: {from: 0, to: 1, count: 1000000}
YAML
expect 2 "$KDEGRAD" plan "$TMP/large.yaml"; said 'the sweep has 1000000000000 cells, more than 1000000000' err
expect 0 "$KDEGRAD" plan "$TMP/large.yaml" --max-cells 1000000000000; said 'cells: 1000000000000' out
expect 2 "$KDEGRAD" plan "$TMP/large.yaml" --max-cells 0; said "got '0'" err
expect 0 "$KDEGRAD" plan "$TMP/large.yaml" --max-cells 1000000000000000 --json
/usr/bin/python3 - "$TMP/out" <<'PYTHON' || fail 'plan --json'
import json, sys
plan = json.load(open(sys.argv[1]))
assert plan["cells"] == 10**12 and plan["fixed"]["points.at"] == [3, 4]
assert [axis["paths"][0]["ends"] for axis in plan["axes"]] == [[1, 2], [0, 1]]
PYTHON
expect 0 "$KDEGRAD" plan configs/laplace-shift.yaml --json
/usr/bin/python3 - "$TMP/out" <<'PYTHON' || fail 'plan --json'
import json, sys
plan = json.load(open(sys.argv[1]))
assert plan["cells"] == 456 and plan["axes"][0]["name"] == "kernels"
assert plan["axes"][0]["paths"][1]["values"][:3] == [None, None, 0.5]
assert plan["axes"][1]["paths"][0]["values"][3] == 0.09375
PYTHON
expect 0 "$KDEGRAD" plan "$TMP/large.yaml" --set 'where=[shift.by == 0.5, kernel.bandwidth == 1]' \
  --set 'kernel.bandwidth=[1, 2]' --set 'shift.by={from: 0, to: 1, count: 100001}'
said '^cells: 1 of 200002, after the filters' out
[ ! -s "$TMP/err" ] || fail 'a plan without reason to warn'
expect 0 "$KDEGRAD" plan configs/descent.yaml --set points.layout=equidistant \
  --set 'points.count=[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1000]' --set logits.init=zeros \
  --set logits.at='~' --set points.at='~'
said 'warning: a row holds 1000 points, a cell has 95.9 on average' err

# --- a run, its result, --set
expect 0 "$KDEGRAD" plan configs/laplace-shift.yaml; said 'cells: 456' out
expect 0 "$KDEGRAD" run configs/descent.yaml -o "$TMP/d.h5" -j 2; said '6 cells' err
[ ! -s "$TMP/out" ] || fail 'run prints to stdout'
expect 0 "$KDEGRAD" run -q configs/descent.yaml -o "$TMP/d.h5"; [ ! -s "$TMP/err" ] || fail 'not quiet'
expect 0 "$KDEGRAD" show "$TMP/d.h5"; said 'trajectory_loss *cell 6, step 201' out
expect 0 "$KDEGRAD" run configs/descent.yaml --set descent.steps=10 --set 'kernel.family=[sech]' \
  -o "$TMP/set.h5"
expect 0 "$KDEGRAD" export "$TMP/set.h5" -c kernel.family,iteration
[ "$(grep -c '^sech' "$TMP/out")" = 22 ] || fail '--set did not take'
expect 0 "$KDEGRAD" export "$TMP/d.h5" --columns shift.by,loss --csv
[ "$(sed -n 2p "$TMP/out")" = "0,$("$KDEGRAD" export "$TMP/d.h5" -c loss | sed -n 2p)" ] ||
  fail 'csv and tsv differ'
expect 0 "$KDEGRAD" export "$TMP/d.h5" --columns 'shift.by, loss'; said 'shift.by.loss' out
expect 2 "$KDEGRAD" export "$TMP/d.h5"
expect 2 "$KDEGRAD" export "$TMP/d.h5" -c los; said 'loss' err
expect 3 "$KDEGRAD" show "$TMP/wrong.yaml"
expect 3 "$KDEGRAD" show "$TMP/nowhere.h5"; said 'nowhere.h5' err
expect 3 sh -c "'$KDEGRAD' list >/dev/full"

# --- bins: three dimensions, shown, exported, counted before a run
bins="--set integral.rule=midpoint --set record=[loss,gradient,bins,bin_error]"
expect 0 "$KDEGRAD" run -q configs/laplace-shift.yaml $bins --set integral.bins=16 -o "$TMP/b.h5"
expect 0 "$KDEGRAD" show "$TMP/b.h5"; said 'bin_gradient *cell 456, bin 16, point 4' out
said 'gradient_bound *cell 456' out; said 'loss_bin_error *cell 456' out
expect 0 "$KDEGRAD" export "$TMP/b.h5" -c cell,bin,point,bin_gradient,gradient
awk 'NF && NR > 1 { sum[$1 " " $3] += $4/16; G[$1 " " $3] = $5; n++ }
     END { for (k in G) if (!((d = sum[k] - G[k]) < 1e-14 && d > -1e-14)) exit 1; exit n != 29184 }' "$TMP/out" ||
  fail 'the mean of bin_gradient is not the gradient'
expect 2 "$KDEGRAD" export "$TMP/b.h5" -c gradient,log_f; said 'runs over bin, another over point' err
many='--set points.layout=uniform --set points.span=[1,4] --set points.count=100000 --set points.at=~
  --set logits.init=zeros --set logits.at=~'
expect 3 "$KDEGRAD" run configs/laplace-shift.yaml $bins --set integral.bins=10000000 $many -o "$TMP/huge.h5"
said 'GB is there' err
expect 2 "$KDEGRAD" run configs/laplace-shift.yaml --set 'record=[bins]' -o "$TMP/x.h5"
said 'rule best has no fixed bins' err

# --- positions out of a table; the result keeps name and hash
printf 'x y\n-2.5 0.3\n1.75 -0.2\n' >"$TMP/table.txt"
cat >"$TMP/table.yaml" <<'YAML'
experiment: table
target: {bounds: [-0.5, 0.5]}
points: {layout: file, file: table.txt}
sweep: {points.column: [x, y]}
YAML
expect 0 "$KDEGRAD" run "$TMP/table.yaml" -o "$TMP/t.h5"
expect 0 "$KDEGRAD" show "$TMP/t.h5"; said '^ab625ad00c21f0e68b51272febd31135  table.txt' out
expect 0 "$KDEGRAD" export "$TMP/t.h5" -c points.column,x
[ "$(tail -n 1 "$TMP/out" | tr '\t' ' ')" = '1 -0.20000000000000001' ] || fail 'positions of a table'
expect 0 "$KDEGRAD" plan "$TMP/table.yaml" --json; said '"values": \["x", "y"\]' out
printf '1\nx\n' >"$TMP/table.txt"
expect 2 "$KDEGRAD" plan "$TMP/table.yaml" --set points.column=1; said "table.txt:2:1: error: a position must be a number" err
rm "$TMP/table.txt"
expect 3 "$KDEGRAD" run "$TMP/table.yaml" -o "$TMP/t.h5"; said 'table.yaml:3:30: error: .*No such file' err

# --- cells that fail are recorded, the others stand
cat >"$TMP/fails.yaml" <<'YAML'
experiment: fails
kernel: {family: exppow, bandwidth: 1e-3}
target: {bounds: [-1, 1]}
points: {layout: explicit, at: [3, -1e9]}
sweep: {kernel.shape: [1, 100]}
YAML
expect 4 "$KDEGRAD" run "$TMP/fails.yaml" -o "$TMP/f.h5"
said '1 of 2 cells failed, the first is cell 1 (kernel.shape = 100)' err; said 'beyond the range' err
expect 0 "$KDEGRAD" export "$TMP/f.h5" -c kernel.shape,status
[ "$(tail -n 2 "$TMP/out" | tr '\t\n' '  ')" = '1 ok 100 failed ' ] || fail 'statuses'

# --- nothing is lost by a slip of the hand, or by asking for too much
cp configs/descent.yaml "$TMP/mine.yaml"
expect 3 "$KDEGRAD" run "$TMP/mine.yaml" -o "$TMP/mine.yaml"; said 'not overwritten' err
cmp configs/descent.yaml "$TMP/mine.yaml" || fail 'a config was overwritten'
expect 2 "$KDEGRAD" run configs/descent.yaml --set descent.rate=3 -o results/descent.h5
said 'holds what the config says' err
expect 3 "$KDEGRAD" run configs/descent.yaml -o "$TMP/huge.h5" --set descent.steps=1000000000
said 'GB is there' err

# --- nothing half-written: no space, no right, a folder in the way
expect 3 "$KDEGRAD" run -q configs/descent.yaml -o "$TMP/no/such/x.h5"; said 'no/such/x.h5' err
mkdir "$TMP/x.h5"
expect 3 "$KDEGRAD" run -q configs/descent.yaml -o "$TMP/x.h5"; said 'x.h5' err
cp "$TMP/d.h5" "$TMP/before.h5"
(ulimit -f 8; expect 3 "$KDEGRAD" run -q configs/descent.yaml --set descent.rate=2 -o "$TMP/d.h5"; said 'File too large' err)
cmp "$TMP/d.h5" "$TMP/before.h5" || fail 'a failed write touched the old file'
if [ "$(id -u)" = 0 ] && mkdir "$TMP/small" && mount -t tmpfs -o size=16k tmpfs "$TMP/small" 2>/dev/null; then
  code=0
  (expect 3 "$KDEGRAD" run -q configs/descent.yaml -o "$TMP/small/d.h5"; said 'small/d.h5' err
   said 'No space left' err; [ -z "$(ls -A "$TMP/small")" ] || fail 'left on a full disk'
   mount -o remount,ro "$TMP/small"
   expect 3 "$KDEGRAD" run -q configs/descent.yaml -o "$TMP/small/d.h5"; said 'Read-only' err) || code=1
  umount "$TMP/small"
  [ $code = 0 ] || exit 1
fi
[ -z "$(find "$TMP" -name '*.tmp*')" ] || fail 'temporary files are left'
echo passed
