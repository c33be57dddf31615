#!/bin/sh
# SPDX-License-Identifier: MIT
# export: filters against awk on all lines, formats against one another, refusals.
set -eu
. tests/expect.sh

expect 0 "$KDEGRAD" run -q configs/laplace-shift.yaml -o "$TMP/d.h5"
columns=kernel.family,shift.by,d_edge,defect,point,gradient
"$KDEGRAD" export "$TMP/d.h5" -c $columns | grep . >"$TMP/all"

# same COUNT AWK-CONDITION FILTER...: the filters leave the lines that awk does
same() {
  count=$1 condition=$2; shift 2
  awk -F '\t' "NR == 1 || ($condition)" "$TMP/all" >"$TMP/want"
  set -- $(for filter; do printf '%s ' --where "$(echo "$filter" | tr -d ' ')"; done)
  expect 0 "$KDEGRAD" export "$TMP/d.h5" -c $columns "$@"
  grep . "$TMP/out" | cmp - "$TMP/want" || fail "filters: $*"
  [ "$(wc -l <"$TMP/want")" = $((count + 1)) ] || fail "$(wc -l <"$TMP/want") lines: $*"
}
same 228 '$1 == "laplace"' 'kernel.family == laplace'
same 1596 '$1 != "laplace"' 'laplace != kernel.family'
same 1312 '$2 <= $3 + 0' 'shift.by <= d_edge' # 41 of the 57 shifts: 0 to 1.25
same 8 '$2 == 0.5 && $5 == 3' 'shift.by == 5e-1' 'point > 2'
same "$(awk -F '\t' '$6 > 0 && $2 >= 1' "$TMP/all" | grep -vc kernel)" '$6 > 0 && $2 >= 1' 'gradient > 0' '1 <= shift.by'

# A blank line stands between the cells that are left, and nowhere else.
expect 0 "$KDEGRAD" export "$TMP/d.h5" -c shift.by,point --where 'point < 2' --where 'shift.by >= 1.5'
awk 'NR > 1 { want = (NR - 1) % 3 ? 2 : 0; if (NF != want) exit 1 } END { exit NR != 216 }' "$TMP/out" ||
  fail 'blocks of filtered lines'

# JSON, CSV and the plain form say the same numbers.
"$KDEGRAD" export "$TMP/d.h5" -c $columns,key_high,status --json >"$TMP/d.json"
"$KDEGRAD" export "$TMP/d.h5" -c $columns,key_high,status --csv >"$TMP/d.csv"
/usr/bin/python3 - "$TMP" <<'PYTHON' || fail 'JSON and CSV differ'
import csv, json, sys
rows = json.load(open(sys.argv[1] + "/d.json"))
table = list(csv.DictReader(open(sys.argv[1] + "/d.csv")))
assert len(rows) == len(table) == 1824
for row, line in zip(rows, table):
    assert list(row) == list(line)
    for name, text in line.items():
        value = row[name]
        assert str(value) == text or (value is None and text == "nan") or value == float(text), (name, text, value)
PYTHON

# What is missing is in no relation, not even !=.
cat >"$TMP/pair.yaml" <<'YAML'
experiment: pair
target: {bounds: [-1, 1]}
points: {at: [3, 4]}
sweep: {pairs: {kernel.family: [laplace, exppow], kernel.shape: [~, 1.5]}}
YAML
expect 0 "$KDEGRAD" run -q "$TMP/pair.yaml" -o "$TMP/p.h5"
expect 0 "$KDEGRAD" export "$TMP/p.h5" -c kernel.family,kernel.shape --where 'kernel.shape != 9'
[ "$(sed 1d "$TMP/out")" = "$(printf 'exppow\t1.5')" ] || fail 'a missing value is in a relation'
expect 0 "$KDEGRAD" export "$TMP/p.h5" -c loss --where 'kernel.shape > 9'; said 'no line is left' err
[ "$(cat "$TMP/out")" = loss ] || fail 'not the header alone'
expect 0 "$KDEGRAD" export "$TMP/p.h5" -c loss --where 'kernel.shape > 9' --json
[ "$(cat "$TMP/out")" = '[]' ] || fail 'no empty list'

# --- refusals, before anything is printed
refused() { # MESSAGE FILTER
  expect 2 "$KDEGRAD" export "$TMP/d.h5" -c loss --where "$2"
  said "$1" err; [ ! -s "$TMP/out" ] || fail "printed in spite of $2"
}
refused "unknown column 'shift.bye'; did you mean 'shift.by'? there are: cell point kernel.family" 'shift.bye > 0'
refused "unknown column 'laplace'" 'laplace == 1'
refused "kernel.family is never 'laplce' here; did you mean 'laplace'? its names are: laplace" 'kernel.family == laplce'
refused 'compare with == and != only' 'kernel.family < laplace'
refused 'kernel.family is compared with one of its names' 'kernel.family == 1'
refused 'status is compared with one of its names' 'loss == status'
refused 'here is none' '1 < 2'
refused 'key_high cannot be compared' 'key_high > 1'
refused "did you mean '=='" 'shift.by = 1'
refused "expected a number, got '1x'" 'shift.by == 1x'
refused 'all filters of the list must hold' 'shift.by > 1 and defect > 0'
refused "column 'gradient' runs over point, the columns asked for over cell" 'gradient > 0'
expect 2 "$KDEGRAD" export "$TMP/d.h5" -c loss --csv --json; said 'not both' err
echo passed
