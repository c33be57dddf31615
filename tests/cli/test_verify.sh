#!/bin/sh
# SPDX-License-Identifier: MIT
# verify: files changed by h5py and sealed anew, whose checksum is right: what the config in
# them and computing anew find all the same. Parts, data files, other numerics.
set -eu
. tests/expect.sh
seal=$(dirname "$KDEGRAD")/tests/store/test_mutants

cat >"$TMP/a.yaml" <<'YAML'
experiment: a
target: {bounds: [-0.5, 0.5]}
points: {at: [1, -2.5, 3]}
record: [loss, gradient, defect]
sweep:
  kernel.family: [laplace, gaussian]
  shift.by: {from: 0, to: 0.5, count: 5}
YAML
expect 0 "$KDEGRAD" run -q "$TMP/a.yaml" -o "$TMP/a.h5" --set kernel.bandwidth=0.75 \
  --set 'shift.by={from: 0, to: 1, count: 10}' --set about=overridden
for options in '' '--recompute 1' '--recompute 7 --seed 3' '--recompute 1000' '--recompute all -j 3'; do
  expect 0 "$KDEGRAD" verify $options "$TMP/a.h5"; said "a.h5: whole: 20 cells" out
done
said '; 20 recomputed: the same bits$' out
expect 0 "$KDEGRAD" verify --digest "$TMP/a.h5" "$TMP/a.h5"; [ "$(uniq "$TMP/out" | wc -l)" = 1 ]

# changed NAME PYTHON: a copy of a.h5 with something changed in it
changed() {
  cp "$TMP/a.h5" "$TMP/$1.h5"
  /usr/bin/python3 - "$TMP/$1.h5" "$2" <<'PYTHON'
import sys, h5py, numpy as np
with open(sys.argv[1], "r+b") as raw:
    raw.truncate(raw.seek(-24, 2))
with h5py.File(sys.argv[1], "r+") as f:
    exec(sys.argv[2])
PYTHON
  "$seal" "$TMP/$1.h5"
}

changed number 'f["gradient"][7, 1] = np.nextafter(f["gradient"][7, 1], 9)'
expect 0 "$KDEGRAD" verify "$TMP/number.h5" # nothing but computing finds that
expect 1 "$KDEGRAD" verify --recompute all "$TMP/number.h5"
was=$("$KDEGRAD" export "$TMP/a.h5" -c gradient --where 'cell == 7' --where 'point == 1' | tail -n 1)
is=$("$KDEGRAD" export "$TMP/number.h5" -c gradient --where 'cell == 7' --where 'point == 1' | tail -n 1)
[ "$is" != "$was" ] || fail 'nothing was changed'
said "gradient of cell 7 (kernel.family = laplace, shift.by = 0.7777777777777778), point 1: stored is $is, computed $was; 1 cells differ in it\$" out
said ': 1 of 20 recomputed cells differ$' out
# Of two cells, one in each half, one is always wrong; of one cell that is a matter of the seed.
changed half 'f["loss"][10:] += 1'
for seed in 1 2 3; do
  expect 1 "$KDEGRAD" verify --recompute 2 --seed $seed "$TMP/half.h5"; said ': 1 of 2 recomputed' out
done
codes=$(for seed in $(seq 20); do "$KDEGRAD" verify --recompute 1 --seed "$seed" "$TMP/half.h5" >/dev/null && echo good || echo bad; done | sort | uniq -c | tr -s ' ')
[ "$(echo "$codes" | wc -l)" = 2 ] || fail "seeds choose the same cell: $codes"
expect 1 "$KDEGRAD" diff "$TMP/a.h5" "$TMP/number.h5" --by ulps
said '^  gradient *1 *1 ulps .* in cell 7, point 1 ' out
said '^the differing cell has kernel.family = laplace and shift.by = 0.777' out

changed status 'f["status"][3] = 1; f["loss"][3] = np.inf'
expect 1 "$KDEGRAD" verify --recompute all "$TMP/status.h5"
said 'status of cell 3 .*: stored is uncovered, computed ok' out; said 'loss of cell 3 .*: stored is inf, computed [0-9]' out

changed moved 'f["shift.by"][12] = 0.25'
expect 1 "$KDEGRAD" verify "$TMP/moved.h5"
said '1 cells do not stand where their key says, the first is cell 12: shift.by is 0.25, by its config 0.2222' out
changed swapped 'f["kernel.family"][2] = 1'
expect 1 "$KDEGRAD" verify "$TMP/swapped.h5"
said 'cell 2: kernel.family is gaussian, by its config laplace' out
changed key 'f["key_low"][5] += 1'
expect 1 "$KDEGRAD" verify "$TMP/key.h5"
said ': 1 of the 20 cells of its config are missing, the first is cell 5$' out
said ': 1 cells have a key that its config gives to none, the first is cell 5 (kernel.family = laplace' out
changed config 'f.attrs["overrides"] = f.attrs["overrides"].replace("0.75", "0.5")'
expect 1 "$KDEGRAD" verify "$TMP/config.h5"; said ': 20 of the 20 cells of its config are missing' out
changed axis 'f.attrs["overrides"] = "kernel.bandwidth=[1, 2]"'
expect 1 "$KDEGRAD" verify "$TMP/axis.h5"; said ': has 2 coordinates, by its config 3$' out
changed record 'f.attrs["overrides"] += "\nrecord=[loss, gradient]"'
changed claims 'f.attrs["overrides"] += "\nclaims=[C4b]"'
expect 1 "$KDEGRAD" verify "$TMP/claims.h5"; said ': records something else than its config says$' out
expect 1 "$KDEGRAD" verify "$TMP/record.h5"; said ': records something else than its config says$' out
changed yaml 'f.attrs["config"] = "experiment: [a"'
expect 3 "$KDEGRAD" verify "$TMP/yaml.h5"; said 'is not one of this version' err; said 'config-in-yaml.h5:[12]' err
changed numerics 'f.attrs.modify("numerics_version", np.int64(1))'
expect 1 "$KDEGRAD" verify "$TMP/numerics.h5"; said '20 cells have a key' out
changed scale 'f["gradient"].dims[1].detach_scale(f["point"])'
expect 3 "$KDEGRAD" verify "$TMP/scale.h5"; said "gradient: not attached to the dimension scale 'point'" err
changed newer 'f.attrs.modify("schema_version", np.int64(2))'
for verb in verify show 'export -c loss' "diff $TMP/a.h5"; do
  expect 3 "$KDEGRAD" $verb "$TMP/newer.h5"; said 'made by a newer kdegrad (schema version 2' err
done

# --- a part has fewer cells; those it has are right
expect 0 "$KDEGRAD" run -q "$TMP/a.yaml" -o "$TMP/s.h5" --shard 2/2
part=$(ls "$TMP"/s.parts/*.h5)
expect 1 "$KDEGRAD" verify "$part" --recompute all
said ': 5 of the 10 cells of its config are missing, the first is cell 0$' out
[ "$(wc -l <"$TMP/out")" = 1 ] || fail 'a part differs'
# The same problem in several cells: bins are not read by the exact rule.
cat >"$TMP/twice.yaml" <<'YAML'
experiment: twice
target: {bounds: [-0.5, 0.5]}
points: {at: [1, -2.5, 3]}
sweep: {integral.rule: [best, midpoint], integral.bins: [2, 4, 8]}
YAML
expect 0 "$KDEGRAD" run -q "$TMP/twice.yaml" -o "$TMP/twice.h5"
expect 0 "$KDEGRAD" verify --recompute all "$TMP/twice.h5"
[ "$("$KDEGRAD" export "$TMP/twice.h5" -c key_low | sort | uniq -c | grep -c ' 3 ')" = 1 ] || fail 'no key is there three times'

# --- positions out of a file
mkdir "$TMP/data"
printf 'x\n1.5\n-2\n' >"$TMP/data/points.txt"
cat >"$TMP/data/file.yaml" <<'YAML'
experiment: file
target: {bounds: [-0.5, 0.5]}
points: {layout: file, file: points.txt}
YAML
expect 0 "$KDEGRAD" run -q "$TMP/data/file.yaml" -o "$TMP/file.h5"
expect 3 "$KDEGRAD" verify "$TMP/file.h5"
said 'its cells read files that must be there to check them; .*--files FOLDER' err
said "$("$KDEGRAD" show "$TMP/file.h5" | grep '  points.txt$')" err
expect 0 "$KDEGRAD" verify "$TMP/file.h5" --files "$TMP/data" --recompute all
said '1 recomputed: the same bits' out
printf '# the same numbers\nx\n1.5\n-2\n' >"$TMP/data/points.txt"
expect 0 "$KDEGRAD" verify "$TMP/file.h5" --files "$TMP/data"; said 'data files have changed since' err
printf 'x\n1.5\n-2.5\n' >"$TMP/data/points.txt"
expect 1 "$KDEGRAD" verify "$TMP/file.h5" --files "$TMP/data"; said 'data files have changed since' err
said '1 of the 1 cells of its config are missing' out

# --- slips of the hand
expect 2 "$KDEGRAD" verify --recompute 0 "$TMP/a.h5"; said "got '0'" err
expect 2 "$KDEGRAD" verify --recompute most "$TMP/a.h5"; said "got 'most'" err
expect 3 "$KDEGRAD" verify "$TMP/a.h5" "$TMP/a.yaml"; said 'not a result file' err; said 'a.h5: whole' out
echo passed
