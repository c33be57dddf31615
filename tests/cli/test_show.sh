#!/bin/sh
# SPDX-License-Identifier: MIT
# show: its ranges against NumPy's, its keys against the config, what failed cells share
# against what the config makes them share.
set -eu
. tests/expect.sh

expect 0 "$KDEGRAD" run -q configs/laplace-shift.yaml -o "$TMP/d.h5" --set kernel.log10_factor=0.5
expect 0 "$KDEGRAD" show "$TMP/d.h5"
said '^laplace-shift: Gradient and defect' out; said '^cells: 456 (456 ok)$' out
said '^kernel.log10_factor=0.5$' out
said '^  shift.by  *57 values: 0 0.03125 .* 1.75$' out
said '^  points.at  *\[-2.5, 1.75, 3.25, -4\]$' out; said '^  kernel.log10_factor  *0.5$' out
expect 0 "$KDEGRAD" show "$TMP/d.h5" --failed
[ "$(cat "$TMP/out")" = 'all 456 cells are ok' ] || fail 'show --failed of a good file'
expect 0 "$KDEGRAD" show "$TMP/d.h5" --json
/usr/bin/python3 - "$TMP" <<'PYTHON' || fail 'show --json'
import json, os, sys, h5py, numpy as np
shown = json.load(open(sys.argv[1] + "/out"))
path = sys.argv[1] + "/d.h5"
assert shown["bytes"] == os.path.getsize(path)
assert shown["status"]["ok"] == 456 and shown["fixed"]["target.bounds"] == [-0.5, 0.5]
assert [axis["count"] for axis in shown["axes"]] == [8, 57]
payload = 0
with h5py.File(path) as f:
    assert {c["name"] for c in shown["columns"]} == set(f)
    for c in shown["columns"]:
        values = f[c["name"]][...]
        payload += values.nbytes
        if "min" not in c:
            continue
        there = np.sort(values[~np.isnan(values)])
        assert (c["min"], c["max"]) == (there[0], there[-1]), c
        assert c["median"] == there[(len(there) - 1) // 2], c
        assert c["missing"] == values.size - len(there), c
        if "largest_bound" in c:
            assert c["largest_bound"] == f[c["name"] + "_bound"][...].max(), c
    assert {c["name"] for c in shown["columns"] if "largest_bound" in c} == {"loss", "loss_change", "defect", "gradient"}
assert shown["payload_bytes"] == payload
PYTHON

# --- what cells that are not ok have in common
cat >"$TMP/a.yaml" <<'YAML'
experiment: a
target: {bounds: [-0.5, 0.5]}
kernel: {bandwidth: 0.5}
points: {at: [0.25, 1.5, -2.5]}
sweep:
  kernel.family: [laplace, uniform, gaussian]
  logits.scale: [1, 2]
  shift.mode: [inward, translate]
  shift.by: {from: -2, to: 1, count: 7}
logits: {init: normal, seed: 3}
YAML
expect 0 "$KDEGRAD" run -q "$TMP/a.yaml" -o "$TMP/a.h5"
expect 0 "$KDEGRAD" show "$TMP/a.h5" --failed
said '^all [0-9]* uncovered cells have kernel.family = uniform' out
said '^all 12 not-applicable cells have shift.mode = inward and shift.by >= 0.5; no other has' out
"$KDEGRAD" show "$TMP/a.h5" --json >"$TMP/a.json"
"$KDEGRAD" export "$TMP/a.h5" -c kernel.family,logits.scale,shift.mode,shift.by,status --csv >"$TMP/a.csv"
/usr/bin/python3 - "$TMP" <<'PYTHON' || fail 'what is shared'
import csv, json, sys
shared = json.load(open(sys.argv[1] + "/a.json"))["shared"]
rows = list(csv.DictReader(open(sys.argv[1] + "/a.csv")))
def meets(row, condition):
    path, rest = condition.split(" ", 1)
    value = row[path]
    if rest.startswith("= "):
        return any(value == v or (value[-1].isdigit() and float(value) == float(v)) for v in rest[2:].split(" or "))
    if rest.startswith("is not "):
        return value not in rest[7:].split(" or ")
    if rest.startswith("from "):
        low, high = rest[5:].split(" to ")
        return float(low) <= float(value) <= float(high)
    sign, bound = rest.split()
    return float(value) >= float(bound) if sign == ">=" else float(value) <= float(bound)
assert set(shared) == {"uncovered", "not-applicable"}
for status, s in shared.items():
    marked = [row for row in rows if row["status"] == status]
    meeting = [row for row in rows if all(meets(row, c) for c in s["conditions"])]
    assert len(marked) == s["cells"] == s["meeting"] and s["conditions"]
    assert all(row in meeting for row in marked)
    assert len(meeting) - len(marked) == s["others"], (status, s, len(meeting))
PYTHON

cat >"$TMP/c.yaml" <<'YAML'
experiment: c
target: {bounds: [-0.5, 0.5]}
points: {at: [0.75, 1.5]}
sweep:
  kernel.family: [laplace, uniform]
  kernel.bandwidth: [0.25, 0.5, 8]
  shift.by: [0, 0.25, 0.5, 1]
YAML
expect 0 "$KDEGRAD" run -q "$TMP/c.yaml" -o "$TMP/c.h5"
expect 0 "$KDEGRAD" show "$TMP/c.h5" --failed
said '^all 6 uncovered cells have kernel.family = uniform and kernel.bandwidth <= 0.5' out
said '^all 6 not-applicable cells have shift.by = 1; no other has$' out

# Not all of them: where half of the kernels reach, and where the points are too far off
expect 0 "$KDEGRAD" run -q "$TMP/c.yaml" -o "$TMP/e.h5" --set points.at='[1.25, 1.5]' \
  --set 'kernel.family=[uniform, triangular]' --set 'kernel.bandwidth=[0.5, 2]' --set 'shift.by=[-4, 0, 0.25]'
expect 0 "$KDEGRAD" show "$TMP/e.h5" --failed
said '^6 of 8 uncovered cells have kernel.bandwidth = 0.5; no other has$' out

# One cell, no axes; and a config with a data file that is gone
cat >"$TMP/one.yaml" <<'YAML'
experiment: one
target: {bounds: [-1, 1]}
points: {layout: file, file: points.txt}
kernel: {family: uniform}
YAML
echo 5 >"$TMP/points.txt"
expect 0 "$KDEGRAD" run -q "$TMP/one.yaml" -o "$TMP/one.h5"
rm "$TMP/points.txt"
expect 0 "$KDEGRAD" show "$TMP/one.h5"
said '^1 uncovered cell, of any axis value$' out; said '^  points.file  *points.txt$' out
[ ! -s "$TMP/err" ] || fail 'a missing data file disturbs show'
expect 3 sh -c "'$KDEGRAD' show '$TMP/d.h5' >/dev/full"; said 'standard output' err
echo passed
