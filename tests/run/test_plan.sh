#!/bin/sh
# SPDX-License-Identifier: MIT
# Plans before, during and after runs: what is stored is found by key, why the rest is to do
# is said, and a plan leaves no trace.
set -eu
fail() { echo "FAILED: $*"; exit 1; }
said() { grep -qE -- "$1" "$TMP/out" || { cat "$TMP/out"; fail "no '$1'"; }; }
traces() { find . -printf '%p %i %s %T@ %C@\n' | sort; }
plan() {
  traces >"$TMP/before"
  "$KDEGRAD" plan "$@" >"$TMP/out" 2>"$TMP/err" || { code=$?; cat "$TMP/err"; fail "exit $code: plan $*"; }
  traces | cmp -s - "$TMP/before" || fail "a plan leaves traces: $*"
}
# json EXPRESSION of p, the plan that was printed; must be true
json() {
  /usr/bin/python3 -c 'import json, sys
p = json.load(open(sys.argv[1]))
w = {g["reason"]: g for g in p.get("why", [])}
assert eval(sys.argv[2]), (sys.argv[2], p)' "$TMP/out" "$1" || fail "$1"
}
run() { "$KDEGRAD" run -q "$@"; }

. tests/run/sweep.sh
mkdir "$TMP/work"; cd "$TMP/work"
config 'laplace, gaussian, cauchy' 33 0.5 >a.yaml
config 'cauchy, laplace, gaussian' 33 0.5 >reordered.yaml
config 'laplace, gaussian, cauchy, sech, logistic' 33 0.5 >wider.yaml
config 'laplace, gaussian, cauchy, sech' 65 1 >longer.yaml

# --- before the first run
plan a.yaml; said 'results/sweep.h5, not there'; said '^done: 0   to do: 99'; said '^time: about .* in a trial of 99 cells'
plan a.yaml --why; said '^ *99 nothing is stored yet'
plan a.yaml --set kernel.bandwidth=2; said '^result: has no name yet'
plan a.yaml --json --why -o a.h5
json 'p["cells"] == p["to_do"] == p["tried"] == 99 and p["done"] == 0 and p["files"] == []'
json 'list(w) == ["nothing-stored"] and p["seconds_from"] == "trial" and p["seconds"] > 0'
json 'p["payload_bytes"] > 99 * 12 * 8 and p["memory_bytes"] > p["payload_bytes"] and "file_bytes" not in p'

# --- memory: what is told is enough, and not several times of what it takes
cat >large.yaml <<'YAML'
experiment: large
target: {bounds: [-1, 1]}
points: {layout: uniform, count: 200000, span: [-3, 3], seed: 1}
shift: {by: -0.01, mode: translate}
record: [gradient, defect]
YAML
cat >walk.yaml <<'YAML'
experiment: walk
kernel: {family: gaussian}
target: {bounds: [-1, 1]}
points: {layout: uniform, count: 1000, span: [-3, 3], seed: 1}
integral: {rule: midpoint, bins: 10000}
descent: {method: gd, rate: 1, steps: 2}
record: [trajectory]
YAML
for large in 'large' 'large kernel.family=triangular' 'large kernel.family=cauchy' \
  'large integral.rule=midpoint integral.bins=200000' 'large record=[gradient]' walk; do
  set -- $(echo "$large" | sed 's/ / --set /g; s/ /.yaml /; /yaml/!s/$/.yaml/')
  plan --json "$@"
  /usr/bin/python3 - "$TMP/out" "$KDEGRAD" run -q -o large.h5 "$@" <<'PYTHON' || fail "$large"
import json, resource, subprocess, sys
told = json.load(open(sys.argv[1]))["memory_bytes"]
subprocess.run(sys.argv[2:], check=True)
took = 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print("told %.3g MB, took %.3g" % (told / 1e6, took / 1e6))
assert took <= told <= 3 * took
PYTHON
  rm -f large.*5
done
rm -f large* walk*

# --- half done, by a shard
run a.yaml -o a.h5 --shard 1/2
plan a.yaml -o a.h5 --why; said 'a.h5, not there; 1 part, 49 cells'; said '^done: 49   to do: 50'
said '^ *50 not computed yet'
plan a.yaml -o a.h5 --json --why
json 'p["done"] == 49 and w["missing"]["cells"] == 50 and p["stored"] == 49 and p["spare"] == 0'
json 'len(p["files"]) == 1 and p["files"][0]["part"] and p["files"][0]["cells"] == 49'

# --- all done; comments, order, titles do not count; through a link; while another one has the lock
run a.yaml -o a.h5
plan a.yaml -o a.h5 --why; said '^done: 99   to do: 0'; ! grep -q '^time' "$TMP/out" || fail 'time for nothing'
plan reordered.yaml -o a.h5; said '^done: 99   to do: 0'
ln -s a.h5 link.h5
plan a.yaml -o link.h5 --json
json 'p["done"] == 99 and p["to_do"] == 0 and "seconds" not in p and "why" not in p'
json 'p["file_bytes"] == p["files"][0]["bytes"]'
/usr/bin/python3 - "$KDEGRAD" <<'PYTHON' || fail 'a lock keeps a plan out'
import fcntl, os, struct, subprocess, sys
lock = os.open("a.lock", os.O_RDWR | os.O_CREAT)
fcntl.fcntl(lock, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 1, 0))  # F_OFD_SETLK
run = lambda *words: subprocess.run([sys.argv[1], *words, "a.yaml", "-o", "a.h5"], capture_output=True)
assert run("run").returncode == 3 and b"done: 99" in run("plan").stdout
os.unlink("a.lock")
PYTHON

# --- an axis wider, both axes longer, a number that all or some cells read
plan wider.yaml -o a.h5 --why; said '^done: 99   to do: 66'; said '^ *66 new: kernel.family = sech, logistic$'
plan longer.yaml -o a.h5 --why --json
json 'p["done"] == 99 and p["to_do"] == 161 and sum(g["cells"] for g in p["why"]) == 161'
json '[(g["cells"], list(g["keys"])) for g in p["why"]] == [(96, ["shift.by"]), (33, ["kernel.family"]), (32, ["kernel.family", "shift.by"])]'
json 'p["why"][0]["keys"]["shift.by"] == [0.515625, 0.53125, 0.546875, 0.5625, 1]'
plan a.yaml -o a.h5 --set kernel.bandwidth=2 --why
said '^done: 0   to do: 99'; said '^ *99 changed: kernel.bandwidth = 2 \(stored: 1\)$'; said 'not of this plan: 99 cells'
plan a.yaml -o a.h5 --set kernel.bandwidth='[1, 2]' --why
said '^done: 99   to do: 99'; said '^ *99 new: kernel.bandwidth = 2$'
plan wider.yaml -o a.h5 --set record='[loss]' --why --json
json '{g["cells"]: (g["reason"], list(g["keys"])) for g in p["why"]} == {99: ("changed", ["record"]), 66: ("changed", ["kernel.family", "record"])}'
json 'w["changed"]["keys"]["record"] == [["loss"]]'

# --- cells that the config names no longer are found as a part
run a.yaml -o a.h5 --set target.bounds='[-0.5, 0.25]'
plan a.yaml -o a.h5; said '1 part, 99 cells'; said '^done: 99   to do: 0'; said 'not of this plan: 99 cells'

# --- damage
part=$(ls a.parts/*.h5)
printf X | dd of="$part" bs=1 seek=3000 conv=notrunc 2>/dev/null
plan a.yaml -o a.h5 --why; said "^  $part: damaged"; said '^done: 0   to do: 99'
said '^ *99 changed: target.bounds = \[-0.5, 0.5\] \(stored: \[-0.5, 0.25\]\)'
plan a.yaml -o a.h5 --set target.bounds='[-0.5, 0.25]'; said '^done: 99'
cp a.h5 good.h5
: >a.h5; plan a.yaml -o a.h5 --why; said 'a.h5, not readable'; said 'the file is empty'; said '^ *99 not stored, or in a damaged file'
plan a.yaml -o a.h5 --json --why; json 'w["damaged"]["cells"] == 99 and [f["state"] for f in p["files"]] == ["damaged", "damaged"]'
rm -r a.*5 a.parts; mkdir a.h5
! "$KDEGRAD" plan a.yaml -o a.h5 >"$TMP/out" 2>&1 || fail 'a folder for a file'
said 'a.h5: .*directory'
rmdir a.h5

# --- a file of positions that holds other numbers now
printf '1\n2\n' >x.txt
printf 'experiment: t\ntarget: {bounds: [-1, 1]}\npoints: {layout: file, file: x.txt}\nsweep: {kernel.bandwidth: [1, 2]}\n' >t.yaml
run t.yaml -o t.h5; plan t.yaml -o t.h5; said '^done: 2'
printf '1\n3\n' >x.txt
plan t.yaml -o t.h5 --why; said '^ *2 changed: points.file = x.txt'

# --- what failed is tried again
cat >f.yaml <<'YAML'
experiment: fails
kernel: {family: exppow, bandwidth: 1e-3}
target: {bounds: [-1, 1]}
points: {layout: explicit, at: [3, -1e9]}
sweep: {kernel.shape: [1, 100]}
YAML
run f.yaml -o f.h5 2>/dev/null || [ $? = 4 ] || fail 'no failure'
plan f.yaml -o f.h5 --why; said '^done: 1   to do: 1'; said '^ *1 failed before'

# --- the last run tells the time, if it was long enough to tell; else a trial of 50 ms does
sed -i 's/"seconds": .*/"seconds": 100,/; s/"threads": .*/"threads": 3,/; s/"computed": .*/"computed": 60,/' f.log.json
plan f.yaml -o f.h5 --json; json 'p["seconds_from"] == "last-run" and p["seconds_a_cell"] == 5 and p["seconds"] == 5'
sed -i 's/"seconds": .*/"seconds": 0.1,/' f.log.json
plan f.yaml -o f.h5 --json; json 'p["seconds_from"] == "trial" and p["tried"] == 1'
cat >slow.yaml <<'YAML'
experiment: slow
kernel: {family: gaussian}
target: {bounds: [-0.5, 0.5]}
points: {layout: uniform, span: [-2, 2], seed: 1, count: 500000}
integral: {rule: midpoint, bins: 30000}
record: [loss]
sweep: {kernel.bandwidth: {from: 0.01, to: 0.02, count: 1000}}
YAML
begin=$(date +%s%N)
plan slow.yaml; said '^time: more than '
[ $((($(date +%s%N) - begin) / 1000000)) -lt 1000 ] || fail 'a slow cell holds a plan up'
echo passed
