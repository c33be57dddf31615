#!/bin/sh
# SPDX-License-Identifier: MIT
# Figures: complete, the same bytes when made twice and without ball arithmetic, and
# figures-check tells those that are not what their config, script and numbers give. The usual
# run draws two cheap ones twice, with KDEGRAD_TRIES set all.
set -eu
fail() { echo "FAILED: $*"; exit 1; }

for config in configs/*.yaml; do
  [ -s "scripts/$(basename "$config" .yaml).gp" ] || fail "$config has no script"
done

# --- twice the same
drawn='narrow past-the-edge'
[ -z "${KDEGRAD_TRIES:-}" ] || drawn=$(basename -s .yaml configs/*.yaml)
for name in $drawn; do
  "$KDEGRAD" run -q "configs/$name.yaml" -o "$TMP/$name.h5"
  RESULTS=$TMP scripts/figure "$name"
  grep -q '</svg>' "$TMP/$name.svg" || fail "$name.svg is cut"
  head -c 5 "$TMP/$name.pdf" | grep -q '%PDF-' || fail "$name.pdf is no PDF"
  grep -q "$name: [0-9]* cells ([0-9]* ok" "$TMP/$name.svg" || fail "$name.svg does not say what it stands on"
  mkdir -p "$TMP/first"
  cp "$TMP/$name.svg" "$TMP/$name.pdf" "$TMP/first/"
  sleep 1
  RESULTS=$TMP scripts/figure "$name"
  cmp "$TMP/$name.svg" "$TMP/first/$name.svg"
  cmp "$TMP/$name.pdf" "$TMP/first/$name.pdf"
done

# --- without ball arithmetic: the committed table, and the same figure
cat >"$TMP/without" <<'SH'
#!/bin/sh
[ "$1" != certify ] || { echo 'kdegrad: no ball arithmetic' >&2; exit 3; }
exec "$KDEGRAD_WITH" "$@"
SH
chmod +x "$TMP/without"
KDEGRAD_WITH=$KDEGRAD KDEGRAD=$TMP/without RESULTS=$TMP scripts/figure past-the-edge 2>"$TMP/said"
grep -q 'results/reference/past-the-edge/certified.csv taken as it is.*no ball arithmetic' "$TMP/said" ||
  fail 'does not say that a table was taken'
cmp "$TMP/past-the-edge.svg" "$TMP/first/past-the-edge.svg"

# --- the sum of a certified loss change and its shift, about 25 digits smaller (40 digits
# of Python's decimal)
cat >"$TMP/json" <<'JSON'
  {"cell": 0, "status": "ok", "values": {"points.at": 0, "shift.by": 9.094947017729282e-13},
   "loss_change": "-9.094947017729279254627092402e-13", "defect": "2.654015842680e-28",
  {"cell": 1, "status": "ok", "values": {"points.at": 1, "shift.by": 0.625},
   "loss_change": "-0.62499999999999999999", "defect": "0",
JSON
cat >"$TMP/but-the-rise" <<'CSV'
points.at,shift.by,defect,defect_bound,loss_rise_bound
0,9.094947017729282e-13,2.654015842680e-28,1e-40,1.0e-40
1,0.625,0,0,1.0e-20
CSV
awk -f scripts/certified.awk "$TMP/json" >"$TMP/certified.csv"
cut -d , -f 1-4,6 "$TMP/certified.csv" | diff - "$TMP/but-the-rise"
for rise in 3.124523298223e-28 1e-20; do
  awk -F , -v rise=$rise '$5 - rise <= 1e-15*rise && rise - $5 <= 1e-15*rise { found = 1 }
    END { exit !found }' "$TMP/certified.csv" || { cat "$TMP/certified.csv"; fail "no rise $rise"; }
done

# --- figures-check, in a copy with two experiments
copy=$TMP/copy
mkdir -p "$copy/configs" "$copy/scripts" "$copy/results/reference"
cp scripts/figure scripts/figures-check scripts/style.gp scripts/*.awk "$copy/scripts/"
for name in narrow scale; do
  cp "configs/$name.yaml" "$copy/configs/"
  cp "scripts/$name.gp" "$copy/scripts/"
  cp -r "results/reference/$name" "$copy/results/reference/"
done
cd "$copy"
# draw NAME...: as make figures does
draw() { for name; do "$KDEGRAD" run -q "configs/$name.yaml" -o "results/$name.h5"; scripts/figure "$name"; done; }
# says CODE NAMES TEXT...: the check (of these, or all) exits so and has these lines (patterns)
says() {
  want=$1 names=$2 code=0; shift 2
  scripts/figures-check $names >"$TMP/said" 2>&1 || code=$?
  [ "$code" = "$want" ] || { cat "$TMP/said"; fail "exit $code, expected $want"; }
  for line; do grep -q "^$line" "$TMP/said" || { cat "$TMP/said"; fail "not said: $line"; }; done
}
# changed FILE SCRIPT: edits a file in place, keeps it
changed() { cp "$1" "$TMP/kept"; sed "$2" "$TMP/kept" >"$1"; ! cmp -s "$TMP/kept" "$1" || fail "nothing changed in $1"; }

says 1 narrow 'narrow: stale: results/narrow.svg is not there'
draw narrow scale
says 0 '' 'scale: same$' 'narrow: same$' 'figures: 2 of 2 the same$'

changed scripts/narrow.gp 's/half-width w/half width w/'
says 1 '' 'scale: same$' 'narrow: stale: results/narrow.svg was drawn by another script' 'figures: 1 of 2'
cp "$TMP/kept" scripts/narrow.gp
changed scripts/narrow.gp 's/^eval begin/nonsense; eval begin/'
says 1 narrow 'narrow: stale: it cannot be made anew: .*nonsense'
cp "$TMP/kept" scripts/narrow.gp
changed results/narrow.svg '40s/$/ /'
says 1 narrow 'narrow: stale: results/narrow.svg was drawn'
cp "$TMP/kept" results/narrow.svg

changed configs/narrow.yaml 's/-5.0, 0.9/-5.5, 0.9/'
says 1 narrow 'narrow: data changed: not what results/narrow/change.csv holds: line [0-9]* is 1,.*, was 1,'
draw narrow
says 1 narrow 'narrow: data changed: not the committed results/reference/narrow/change.csv: line'
cp "$TMP/kept" configs/narrow.yaml
draw narrow
changed results/reference/scale/loss.csv '9s/,[^,]*,\([^,]*\)$/,1,\1/'
says 1 '' 'scale: data changed: not the committed results/reference/scale/loss.csv' 'narrow: same$'
cp "$TMP/kept" results/reference/scale/loss.csv

cp results/narrow.svg results/other.svg
says 1 '' 'other: orphan: results/other.svg has no configs/other.yaml' 'figures: 2 of 3'
rm results/other.svg
mv configs/narrow.yaml "$TMP/"
says 1 narrow 'narrow: orphan: scripts/narrow.gp has no config'
mv "$TMP/narrow.yaml" configs/
mv scripts/narrow.gp "$TMP/"
says 1 narrow 'narrow: orphan: configs/narrow.yaml has no scripts/narrow.gp'
mv "$TMP/narrow.gp" scripts/
mkdir results/reference/gone
says 1 '' 'gone: orphan: results/reference/gone has no configs/gone.yaml'
rmdir results/reference/gone
says 0 ''
