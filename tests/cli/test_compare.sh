#!/bin/sh
# SPDX-License-Identifier: MIT
# compare: against NumPy on kernels with lock-step shapes and missing numbers, and on rules whose
# losses differ in their last bits but not beyond their bounds; text, csv, JSON, LaTeX, refusals.
set -eu
. tests/expect.sh

cat >"$TMP/kernels.yaml" <<'YAML'
experiment: kernels
target: {bounds: [-0.5, 0.5]}
points: {layout: uniform, span: [0.75, 3]}
logits: {init: normal}
descent: {method: em, steps: 20, gap: 1e-2, every: 4}
record: [loss, gradient, defect, sensitivity, breaking_shift, trajectory]
sweep:
  points.seed: {from: 1, to: 5, count: 5}
  kernels:
    kernel.family:    [laplace, exppow, exppow, cauchy, triangular]
    kernel.shape:     [~, 0.5, 3, ~, ~]
    kernel.bandwidth: [1, 0.25, 1.25, 1, 1]
  points.count: [2, 5]
  shifts:
    shift.unit: [edge, centre, bandwidth]
    shift.by: [1, 1, -8]
YAML
cat >"$TMP/rules.yaml" <<'YAML'
experiment: rules
points: {layout: uniform, span: [0.6, 4], count: 6}
target: {bounds: [-0.5, 0.5]}
integral: {tolerance: 1e-3}
record: [loss, gradient, defect]
shift: {unit: edge, by: 0.3}
sweep:
  points.seed: {from: 1, to: 20, count: 20}
  integral.rule: [exact, best, adaptive, gauss-legendre, midpoint]
  kernel.family: [laplace, triangular]
where: [d_edge <= 1]
YAML
# Losses a step of 1e-14 apart, with bounds of 2e-14 and 1e-13: some gaps exceed one bound but not
# both, and the least number is often not the one whose upper end is least.
cat >"$TMP/fine.yaml" <<'YAML'
experiment: fine
points: {layout: uniform, span: [0.6, 4], count: 6}
target: {bounds: [-0.5, 0.5]}
kernel: {family: gaussian}
record: [loss, gradient, defect]
sweep:
  points.seed: {from: 1, to: 6, count: 6}
  fine:
    integral.rule: [best, adaptive, best, best, best, best, adaptive, best, adaptive]
    integral.tolerance: [~, 1e-12, ~, ~, ~, ~, 1e-12, ~, 1e-12]
    shift.by: [0, 1e-14, 2e-14, 3e-14, 4e-14, 5e-14, 6e-14, 7e-14, 9e-14]
YAML
for name in kernels rules fine; do expect 0 "$KDEGRAD" run -q "$TMP/$name.yaml" -o "$TMP/$name.h5"; done

# --- by NumPy: FILE PATH COLUMNS-OF-THE-AXIS FILTER; prints how many ties are of unequal numbers
cat >"$TMP/compare.py" <<'PYTHON'
import csv, json, sys
import h5py, numpy as np

path, by, axis, keep, out = sys.argv[1:]
axis = axis.split(",")
f = h5py.File(path)
def column(name):
    a = f[name][()]
    return np.where(a == np.iinfo(np.int64).min, np.nan, a) if a.dtype == np.int64 else a
n = len(f["status"])
coordinates = [c for c in f if c in axis or ("." in c and f[c].shape == (n,))]
assert set(axis) <= set(coordinates)
unit = f["shift.unit"][()] if "shift.unit" in f else np.zeros(n)
rows = [r for r in range(n) if eval(keep, {"loss": f["loss"][r], "unit": unit[r]})]
cache = {}
def column_of(c): return cache[c] if c in cache else cache.setdefault(c, column(c))
place = lambda r, names: tuple("~" if np.isnan(column_of(c)[r]) else float(column_of(c)[r]) for c in names)
values = list(dict.fromkeys(place(r, axis) for r in rows))
others = [c for c in coordinates if c not in axis]
sets = {}
for r in rows:
    sets.setdefault(place(r, others), {})[place(r, axis)] = r
whole = [[s[v] for v in values] for s in sets.values() if len(s) == len(values)]
left_out = len(rows) - len(whole) * len(values)

def numbers(name):
    a = column_of(name)
    if a.ndim == 1: return a.astype(float)
    if f[name].dims[1][0].name == "/point":
        return np.array([np.nan if np.all(np.isnan(r)) else np.nanmax(np.abs(r)) for r in a])
    return np.array([r[~np.isnan(r)][-1] if np.any(~np.isnan(r)) else np.nan for r in a])

unequal = 0
def expected(name):
    global unequal
    value = numbers(name)[whole]
    bound = column_of(name + "_bound")[whole] if name + "_bound" in f else np.zeros_like(value)
    bound = np.where(np.isinf(value), 0, np.where(np.isnan(bound), np.inf, bound))
    wins, ties = np.zeros(len(values), int), np.zeros(len(values), int)
    for v, b in zip(value, bound):
        there = [i for i in range(len(v)) if not np.isnan(v[i])]
        if len(there) < 2: continue
        best = min(there, key=lambda i: v[i] + b[i])
        unbeaten = [i for i in there if v[i] == v[best] or not v[i] - v[best] > b[i] + b[best]]
        (wins if len(unbeaten) == 1 else ties)[unbeaten] += 1
        unequal += len(unbeaten) > 1 and len({v[i] for i in unbeaten}) > 1
    return value, wins, ties

def same(a, b, size):
    if np.isnan(b): return a is None or a == "nan"
    return abs(float(a) - b) <= 1e-15 * size

j = json.load(open(out + ".json"))
lines = list(csv.DictReader(open(out + ".csv")))
assert (j["by"], j["sets"], j["left_out"]) == (by, len(whole), left_out), (len(whole), left_out, j["sets"], j["left_out"])
assert len(whole) >= 3 and len(lines) == len(values) * len(j["quantities"])
stored = [c for c in f if f[c].ndim in (1, 2) and f[c].dtype.kind in "fi" and f[c].shape[0] == n and "." not in c
          and not c.endswith("_bound") and c != "cell"]
assert sorted(q["name"] for q in j["quantities"]) == sorted(stored), stored
for q, group in zip(j["quantities"], zip(*[iter(lines)] * len(values))):
    value, wins, ties = expected(q["name"])
    for i, (one, line) in enumerate(zip(q["values"], group)):
        v = value[:, i]; v = v[~np.isnan(v)]
        quartiles = np.quantile(v, [.25, .5, .75]) if len(v) and np.all(np.isfinite(v)) else [np.nan] * 3
        for answer in one, line:
            assert (int(answer["cells"]), int(answer["missing"])) == (len(v), len(whole) - len(v)), (q["name"], answer)
            assert (int(answer["wins"]), int(answer["ties"])) == (wins[i], ties[i]), (q["name"], answer, wins, ties)
            for name, number in zip(("lower_quartile", "median", "upper_quartile"), quartiles):
                if len(v) == 0 or np.all(np.isfinite(v)): assert same(answer[name], number, np.max(np.abs(v), initial=0)), (q["name"], answer, number)
        assert line["quantity"] == q["name"] and q["bounded"] == (q["name"] + "_bound" in f)
        meanings = [f[c].attrs["flag_meanings"].split() if "flag_meanings" in f[c].attrs else None for c in axis]
        for c, x, m in zip(axis, values[i], meanings):
            text = "nan" if x == "~" else m[int(x)] if m else x
            assert (str(one[c]) == text or one[c] == x or one[c] is None) and (line[c] == text or float(line[c]) == x)
print(unequal)
PYTHON
# agree NAME PATH AXIS FILTER [--where FILTER]: prints the count
agree() {
  name=$1 by=$2 axis=$3 keep=$4; shift 4
  for form in json csv; do
    expect 0 "$KDEGRAD" compare "$TMP/$name.h5" --by "$by" --$form "$@"; cp "$TMP/out" "$TMP/$name.$form"
  done
  /usr/bin/python3 "$TMP/compare.py" "$TMP/$name.h5" "$by" "$axis" "$keep" "$TMP/$name" || fail "$name by $by is not what NumPy says" >&2
}
lock_step=kernel.family,kernel.bandwidth,kernel.shape
agree kernels kernel.family $lock_step True >"$TMP/count"
agree kernels kernels $lock_step True >"$TMP/count"
agree kernels shift.by shift.by,shift.unit True >"$TMP/count"
agree kernels kernel.shape $lock_step 'unit == 0' --where 'shift.unit == edge' >"$TMP/count"
agree kernels points.count points.count 'unit != 1' --where 'shift.unit != centre' >"$TMP/count"
agree rules integral.rule integral.rule True >"$TMP/count"
agree fine fine integral.rule,integral.tolerance,shift.by True >>"$TMP/count"
awk '$1 < 6 { exit 1 }' "$TMP/count" || fail "too few ties of unequal numbers: $(cat "$TMP/count")"
# Filters that drop cells of some values leave their sets out.
agree kernels points.seed points.seed 'loss < 2' --where 'loss < 2' >"$TMP/count"
grep -q '"left_out": [1-9]' "$TMP/kernels.json" || fail 'no set lacks a value'

# --- text and LaTeX
expect 0 "$KDEGRAD" compare "$TMP/kernels.h5" --by kernel.family
said '^.*kernels.h5: 5 values of kernel.family on 30 sets of cells that are otherwise the same$' out
said '^in lock-step: kernel.shape, kernel.bandwidth$\|^in lock-step: kernel.bandwidth, kernel.shape$' out
said '^  exppow, kernel.[a-z]* [0-9.]*  ' out; said '^  laplace  ' out
said '^  laplace .*  10  *0  *0  20 missing$' out
said '^max |gradient|$' out; said '^trajectory_gap, last recorded$' out
said '^equal in every set: .*d_edge, d_centre' out
expect 0 "$KDEGRAD" compare "$TMP/rules.h5" --by integral.rule --columns loss,gradient --where 'kernel.family == laplace' --tex
said '^gauss-legendre & \$[0-9.]*\$ & \$[0-9.]*\$ & \$[0-9.]*\$ & [0-9+]* & ' out
[ "$(grep -c ' \\\\$' "$TMP/out")" = 6 ] || fail 'not a line a value'
[ "$(grep -c '&.*&.*&.*&.*&.*&.*&.*&' "$TMP/out")" = 5 ] || fail 'not two quantities a line'

# --- refusals
no() { code=$1 text=$2; shift 2; expect "$code" "$KDEGRAD" compare "$@"; said "$text" err; [ ! -s "$TMP/out" ] || fail "output: $*"; }
no 2 "compare needs --by; 'kdegrad show" "$TMP/rules.h5"
no 2 "'kernel.famly' is not swept; did you mean 'kernel.family'? swept are: points.seed, integral.rule, kernel.family" "$TMP/rules.h5" --by kernel.famly
no 2 "'shift.by' is not swept; swept are: points.seed, " "$TMP/rules.h5" --by shift.by
no 2 "unknown column 'lss'; did you mean 'loss'?" "$TMP/rules.h5" --by kernel.family --columns lss
no 2 'kernel.family is not compared' "$TMP/rules.h5" --by integral.rule --columns kernel.family
no 2 'loss_bound is not compared' "$TMP/rules.h5" --by integral.rule --columns loss,loss_bound
no 2 'gradient is not one number a cell' "$TMP/rules.h5" --by integral.rule --where 'gradient > 0'
no 2 'one of --csv, --json, --tex' "$TMP/rules.h5" --by integral.rule --csv --tex
no 1 'nothing to compare: the only value of kernel.family is laplace' "$TMP/rules.h5" --by kernel.family --where 'kernel.family == laplace'
no 1 'no cell is left by --where' "$TMP/rules.h5" --by kernel.family --where 'loss < -1e9'
no 1 'nothing pairs: no set of cells that differ in points.seed alone has all of its 2 values; most often 2 lacks' \
  "$TMP/kernels.h5" --by points.seed --where 'points.seed == points.count' --where 'shift.unit == edge'
no 3 'nowhere.h5' "$TMP/nowhere.h5" --by kernel.family
echo passed
