#!/bin/sh
# SPDX-License-Identifier: MIT
# diff: the same file, a fixed key that some cells read, a cell more, a record more; what it
# says of the cells that differ.
set -eu
. tests/expect.sh

cat >"$TMP/a.yaml" <<'YAML'
experiment: a
kernel: {family: gaussian}
target: {bounds: [-0.5, 0.5]}
points: {at: [1, -2.5, 3]}
integral: {bins: 2, order: 4}
record: [loss, gradient, defect]
sweep:
  integral.rule: [best, gauss-legendre, midpoint]
  shift.by: {from: 0, to: 0.5, count: 5}
YAML
run() { name=$1; shift; expect 0 "$KDEGRAD" run -q "$TMP/a.yaml" -o "$TMP/$name.h5" "$@"; }
run a --set kernel.bandwidth=1
run same --set about=other
run order --set integral.order=3
run more --set 'shift.by={from: 0, to: 0.75, count: 7}'
run loss --set 'record=[loss]'
run scale --set kernel.bandwidth=1.5

expect 0 "$KDEGRAD" diff "$TMP/a.h5" "$TMP/a.h5"; said '^cells in both: 15; different: 0$' out
for by in bits ulps bounds; do
  expect 0 "$KDEGRAD" diff "$TMP/a.h5" "$TMP/same.h5" --by $by; said 'different: 0' out
done
expect 1 "$KDEGRAD" diff "$TMP/a.h5" "$TMP/order.h5"
said '^cells in both: 15, 10 of them by key, the others by their axis values; different: 5$' out
said '^all 5 differing cells have integral.rule = gauss-legendre; no other has$' out
said '^  gradient  *5 .* x bounds .* in cell [5-9], point [0-2] (integral.rule = gauss-legendre, shift.by = ' out
said '^  defect  *4 ' out; said '^  status  *0$' out
expect 1 "$KDEGRAD" diff "$TMP/more.h5" "$TMP/a.h5"
said '^cells in both: 15; different: 0$' out
said "^only in $TMP/more.h5: 6 cells, the first is cell 5 (integral.rule = best, shift.by = 0.625)\$" out
# What is recorded is part of the key: all cells are found by their axis values.
expect 1 "$KDEGRAD" diff "$TMP/loss.h5" "$TMP/a.h5" --by bits
said '15, 0 of them by key' out; said "^only in $TMP/a.h5: loss_change loss_change_bound defect" out
said '; different: 0$' out
expect 1 "$KDEGRAD" diff "$TMP/a.h5" "$TMP/scale.h5"; said '^15 differing cells, of any axis value$' out

expect 1 "$KDEGRAD" diff "$TMP/a.h5" "$TMP/order.h5" --by ulps --json
/usr/bin/python3 - "$TMP/out" <<'PYTHON' || fail 'diff --json'
import json, struct, sys
d = json.load(open(sys.argv[1]))
assert not d["same"] and (d["cells"], d["by_key"], d["differing"]) == (15, 10, 5)
assert d["shared"] == {"cells": 5, "meeting": 5, "others": 0, "conditions": ["integral.rule = gauss-legendre"]}
gradient = next(q for q in d["quantities"] if q["name"] == "gradient")
a, b = (struct.unpack("<q", struct.pack("<d", v))[0] for v in gradient["values"])
assert (a < 0) == (b < 0) and gradient["worst"] == abs(a - b) > 1000 and gradient["by"] == "ulps"
assert {"loss_bound", "defect_bound"} <= {q["name"] for q in d["quantities"]}
PYTHON

# --- what most of them have, and what they have on two axes
cat >"$TMP/b.yaml" <<'YAML'
experiment: b
target: {bounds: [-0.5, 0.5]}
points: {at: [1.25, -2.5]}
kernel: {family: laplace}
sweep:
  kernel.log10_factor: [0, 1]
  shift.by: {from: 0, to: 3, count: 25}
where: [shift.by <= 2, kernel.log10_factor <= 1]
YAML
expect 0 "$KDEGRAD" run -q "$TMP/b.yaml" -o "$TMP/b.h5"
expect 0 "$KDEGRAD" show "$TMP/b.h5" --failed
said '^all 12 not-applicable cells have shift.by >= 1.375; no other has$' out
expect 2 "$KDEGRAD" diff "$TMP/a.h5" "$TMP/b.h5" --by eye; said "bits, ulps or bounds, got 'eye'" err
expect 2 "$KDEGRAD" diff "$TMP/a.h5"
expect 3 "$KDEGRAD" diff "$TMP/a.h5" "$TMP/nowhere.h5"; said 'nowhere.h5' err
echo passed
