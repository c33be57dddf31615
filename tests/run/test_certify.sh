#!/bin/sh
# SPDX-License-Identifier: MIT
# kdegrad certify: the headline cells to the last digit, statements, JSON, errors. In a
# build without the library: one line that names the package.
set -eu
. tests/expect.sh
headline=configs/laplace-shift.yaml

if ! grep -q DKD_ARB "$(dirname "$KDEGRAD")/flags"; then
  expect 3 "$KDEGRAD" certify $headline
  said 'install libflint-arb-dev' err
  [ "$(wc -l <"$TMP/err")" = 1 ] && [ ! -s "$TMP/out" ] || fail 'more than one line'
  exit 0
fi

# --- the headline: Laplace keeps its gradient to d_edge, nobody does to d_centre
expect 0 "$KDEGRAD" certify $headline --set 'shift.by=[1.25, 1.75]' --cells 0:3
[ ! -s "$TMP/err" ] || fail 'talks to stderr'
diff tests/run/headline.txt "$TMP/out"

# --- what a certificate of few digits says, and of no shift
expect 0 "$KDEGRAD" certify $headline --set shift.by=0 --cells 1 --digits 4
said '^  defect       0$' out; said '^  ΔG = 0$' out; said '^  loss         3\.934$' out

# --- JSON
expect 0 "$KDEGRAD" certify $headline --set 'shift.by=[1.25, 1.75]' --json
/usr/bin/python3 - "$TMP/out" <<'PYTHON'
import json, sys
from decimal import Decimal, getcontext
getcontext().prec = 60
data = json.load(open(sys.argv[1]))
assert data["experiment"] == "laplace-shift" and data["digits"] == 30
cells = data["cells"]
assert [c["cell"] for c in cells] == list(range(16))
for c in cells:
    assert c["status"] == "ok" and len(c["gradient"]) == 4
    assert abs(sum(map(Decimal, c["gradient"]))) < Decimal("1e-29")
    defect = max(abs(Decimal(d)) for d in c["difference"])
    assert defect == Decimal(c["defect"])
    bound = Decimal(c["statement"]["bound"])
    zero = c["values"]["kernel.family"] == "laplace" and c["values"]["shift.by"] == 1.25
    assert c["statement"]["relation"] == ("<=" if zero else ">=")
    assert bound == Decimal("1e-30") if zero else 0.99 * float(defect) < bound <= defect
    assert "point" not in c["statement"] if zero else 1 <= c["statement"]["point"] <= 4
assert cells[0]["values"]["kernel.shape"] is None and cells[4]["values"]["kernel.shape"] == 0.5
PYTHON

# --- cells of every status
cat >"$TMP/statuses.yaml" <<'YAML'
experiment: statuses
about: "quoted \"and\" back\\slashed"
kernel: {family: triangular}
target: {bounds: [-1, 1]}
points: {layout: explicit, at: [-0.5, 0.5, 2]}
sweep: {shift.by: [0.25, -1, 1]}
YAML
expect 0 "$KDEGRAD" certify "$TMP/statuses.yaml"
said '|ΔG_2| ≥ 0.0312' out; said '^  uncovered: f = 0' out; said '^  loss         inf$' out
said '^  not applicable' out
expect 0 "$KDEGRAD" certify "$TMP/statuses.yaml" --set shift.by=1 --set kernel.bandwidth=1.5 \
  --set 'points.at=[-2, 2]'
said '^  no ΔG: before the shift' out
expect 0 "$KDEGRAD" certify "$TMP/statuses.yaml" --json
/usr/bin/python3 - "$TMP/out" <<'PYTHON'
import json, sys
cells = json.load(open(sys.argv[1]))["cells"]
assert [c["status"] for c in cells] == ["ok", "uncovered", "not-applicable"]
assert "loss" not in cells[1] and "defect" not in cells[1] and "gradient" not in cells[2]
PYTHON

# --- the breaking shift: d_edge to 1e-12, from both sides; none up to it; others at once
expect 0 "$KDEGRAD" certify $headline --cells 56 --breaking --json
/usr/bin/python3 - "$TMP/out" <<'PYTHON'
import json, sys
cell = json.load(open(sys.argv[1]))["cells"][0]
assert cell["values"]["shift.by"] == 1.75 and cell["status"] == "ok"
assert 1.25 - 1e-12 < cell["before"] <= 1.25 < cell["after"] < 1.25 + 1e-12, cell
PYTHON
expect 0 "$KDEGRAD" certify $headline --cells 40 --breaking
said 'no breaking shift up to 1.25: |ΔG| ≤ 1e-30 there' out
expect 0 "$KDEGRAD" certify $headline --set kernel.family=cauchy --set kernel.shape=~ \
  --set kernel.bandwidth=1 --set shift.by=1 --breaking
said 'breaking shift  between 0 and ' out
expect 4 "$KDEGRAD" certify "$TMP/statuses.yaml" --cells 2 --breaking; said 'no change of the gradient' err

# --- refusals
expect 2 "$KDEGRAD" certify $headline
said '456 cells are too many' err; said '--cells 0:63' err; said '--set shift.by=VALUE' err
for cells in 5:4 x 456 0:456 -1 1:2:3 1: '' ' 1' 99999999999999999999999; do
  expect 2 "$KDEGRAD" certify $headline --cells "$cells"; said '0 <= A <= B < 456' err
done
expect 2 "$KDEGRAD" certify $headline --digits 71; said "in \[1, 70\], got '71'" err
expect 2 "$KDEGRAD" certify $headline --set kernel.bandwith=1; said "did you mean" err
expect 3 "$KDEGRAD" certify "$TMP/nowhere.yaml"
expect 3 sh -c "'$KDEGRAD' certify $headline --cells 0 >/dev/full"

# --- a cell that cannot be certified is said, the others stand
cat >"$TMP/large.yaml" <<'YAML'
experiment: large
target: {bounds: [-1, 1]}
points: {layout: grid, span: [2, 3]}
sweep: {points.count: [65, 3]}
YAML
expect 4 "$KDEGRAD" certify "$TMP/large.yaml" --digits 10
said 'cell 0 (points.count = 65): certify takes at most 64 points, got 65' err
said '^  not enclosed' out; said '^      3  0.' out
