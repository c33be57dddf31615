#!/bin/sh
# SPDX-License-Identifier: MIT
# Claims from a config to the ledger: exit codes, text, JSON and LaTeX, the witness, and the
# comparison with committed verdicts.
set -eu
. tests/expect.sh

cat >"$TMP/some.yaml" <<'YAML'
experiment: some
target: {bounds: [-0.5, 0.5]}
points: {at: [-2.5, 1.75, 3.25, -4]}
claims: [C4d, C4b, C4c]
sweep:
  kernel.family: [laplace, gaussian]
  shift.by: [0.5, 1.25, 1.5]
YAML

# --- as expected
expect 0 "$KDEGRAD" run -q "$TMP/some.yaml" -o "$TMP/some.h5"
expect 0 "$KDEGRAD" verdict "$TMP/some.h5"
said '^C4b   HOLDS  *3 of  *6 ' out; said '^C4d   HOLDS' out; said '^C1a   NOT-RUN$' out
said '^C4c   REFUTED  *1 of  *6 ' out
said 'witness (1 of 1 cells): .*some.h5, cell 2: kernel.family = laplace, shift.by = 1.5$' out
expect 0 "$KDEGRAD" show "$TMP/some.h5"; said 'C4b_control_bound *cell 6' out
if grep -q C4a "$TMP/out"; then fail 'a claim that no cell judges is stored'; fi
expect 0 "$KDEGRAD" export "$TMP/some.h5" --csv -c kernel.family,shift.by,C4b,C4b_bound
said '^laplace,1.25,[0-9.e-]*,[0-9.e-]*$' out; said '^gaussian,0.5,nan,nan$' out

# --- JSON, LaTeX
expect 0 "$KDEGRAD" verdict --json "$TMP/some.h5"
/usr/bin/python3 - "$TMP/out" <<'PYTHON' || fail 'verdict --json'
import json, sys
ledger = json.load(open(sys.argv[1]))
line = {row["claim"]: row for row in ledger["claims"]}
assert ledger["as_expected"] is True and line["C4a"]["residual"] is None
assert line["C4b"]["verdict"] == "HOLDS" and line["C4b"]["residual"] <= line["C4b"]["bound"]
assert line["C4b"]["control"] > line["C4b"]["control_bound"] and line["C4b"]["held"] == 3
assert line["C4c"]["verdict"] == "REFUTED" and 0.014 < line["C4c"]["residual"] < 0.015
PYTHON
expect 0 "$KDEGRAD" verdict --tex "$TMP/some.h5"
said '^C4b & HOLDS & 3 & .* \\\\$' out; said '^.end{tabular}$' out

# --- not as expected: vacuous, without power, no claim at all
expect 0 "$KDEGRAD" run -q "$TMP/some.yaml" --set 'kernel.family=[gaussian]' -o "$TMP/vacuous.h5"
expect 1 "$KDEGRAD" verdict "$TMP/vacuous.h5"
said '^C4b   VACUOUS  *0 of  *3$' out; said 'NOT AS EXPECTED: HOLDS; the cell: none' out
expect 0 "$KDEGRAD" verdict "$TMP/vacuous.h5" "$TMP/some.h5"; said '^C4b   HOLDS  *3 of  *9 ' out
expect 1 "$KDEGRAD" verdict --json "$TMP/vacuous.h5"; said '"as_expected": false}$' out
expect 0 "$KDEGRAD" run -q "$TMP/some.yaml" --set 'points.at=[3]' --set 'claims=[C4b]' -o "$TMP/one.h5"
expect 1 "$KDEGRAD" verdict "$TMP/one.h5"
said '^C4b   INCONCLUSIVE' out; said '3 cells without power' out
expect 0 "$KDEGRAD" run -q "$TMP/some.yaml" --set 'claims=[]' -o "$TMP/none.h5"
expect 1 "$KDEGRAD" verdict "$TMP/none.h5"; said 'no cell judged a claim' err
expect 2 "$KDEGRAD" verdict; expect 3 "$KDEGRAD" verdict "$TMP/some.yaml"
expect 2 "$KDEGRAD" plan "$TMP/some.yaml" --set 'claims=[C4z]'; said 'did you mean' err

# --- without claims a cell is the cell that it was: found again by its key
expect 0 "$KDEGRAD" run "$TMP/some.yaml" --set 'claims=~' -o "$TMP/none.h5"; said '6 of them reused' err
expect 0 "$KDEGRAD" run "$TMP/some.yaml" -o "$TMP/none.h5"; said '^.*: 6 cells in' err

# --- the committed witness is the one that the search finds, and one command replays it
KDEGRAD=$KDEGRAD scripts/witness | cmp - configs/claims/witness.yaml
expect 0 "$KDEGRAD" run -q configs/claims/witness.yaml -o "$TMP/witness.h5"
expect 0 "$KDEGRAD" verdict "$TMP/witness.h5"; said '^C4c   REFUTED .* 5.55e-02 / ' out

# --- all claims come out as committed, and another verdict is seen
for config in configs/claims/*.yaml; do
  "$KDEGRAD" run -q "$config" -o "$TMP/claims-$(basename "$config" .yaml).h5"
done
expect 0 scripts/ledger "$TMP"/claims-*.h5; said '^ledger: 21 verdicts, all as expected' out
sed 's/^C4b   HOLDS/C4b   REFUTED/' results/reference/ledger >"$TMP/reference"
expect 1 env REFERENCE="$TMP/reference" scripts/ledger "$TMP"/claims-*.h5
said '^ledger: committed C4b REFUTED$' out; said '^ledger: now C4b HOLDS$' out
expect 1 scripts/ledger "$TMP/vacuous.h5"; said 'NOT as expected' out
expect 3 scripts/ledger "$TMP/nowhere.h5"
echo passed
