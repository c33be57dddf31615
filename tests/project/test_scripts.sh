#!/bin/sh
# SPDX-License-Identifier: MIT
# The scripts: figures of nothing fail loudly; the comparison of tables sees what it must see.
set -eu
fail() { echo "FAILED: $*"; exit 1; }

for name in laplace-shift descent kernel-family; do
  "$KDEGRAD" run -q "configs/$name.yaml" -o "$TMP/$name.h5"
  RESULTS=$TMP scripts/figure "$name"
done
if RESULTS=$TMP/nowhere scripts/figure descent 2>/dev/null; then fail 'a figure of nothing'; fi

# --- reproduce, against tables with one number moved
RESULTS=$TMP scripts/reproduce laplace-shift descent kernel-family | tail -n 1 | grep -q '^reproduced: 3 of 3$' ||
  fail 'not reproduced'
move() { awk -F, -v OFS=, "$2 { $3 } 1" "$1" >"$TMP/moved.csv"; mv "$TMP/moved.csv" "$1"; }
move "$TMP/descent/loss.csv" 'NR == 1207' '$4 = 9.25'
move "$TMP/laplace-shift/defect.csv" 'NR == 9' '$3 = 1e-7'
if RESULTS=$TMP scripts/reproduce descent laplace-shift >"$TMP/said"; then fail 'moved numbers were not seen'; fi
grep -q 'loss.csv: line .* column trajectory_loss is 9.*(no bound' "$TMP/said" &&
  grep -q 'defect.csv: line 9 (kernel.family=laplace shift.by=0.21875) column defect is 1e-07 (bound [0-9.e-]*), was 0 (bound [0-9.e-]*)$' "$TMP/said" ||
  { cat "$TMP/said"; fail 'does not say where'; }
rm "$TMP/laplace-shift.svg"
if RESULTS=$TMP scripts/reproduce laplace-shift >/dev/null; then fail 'a missing figure was not seen'; fi

# --- compare.awk
# same HEADER ROW ROW [COUNTS]: the second row agrees with the first; differs: it does not
compare() { printf "$1\n$2\n" >"$TMP/a"; printf "$1\n$3\n" >"$TMP/b"; awk -f scripts/compare.awk "$TMP/a" "$TMP/b"; }
same() { [ "$(compare "$1" "$2" "$3")" = "$4" ] || fail "not the same: $1: $2 and $3"; }
differs() { if compare "$1" "$2" "$3" >"$TMP/said"; then fail "the same? $1: $2 and $3"; fi; }
same a.b,f,f_bound 1,2,1e-3 1,2.0019,1e-3 '1 0'            # the sum of both bounds
differs a.b,f,f_bound 1,2,1e-3 1,2.0021,1e-3
differs a.b,f,f_bound 1,2,1e-3 1,1.9979,1e-3
differs a.b,f,f_bound 1,2,1e-3 1,2.0011,1e-5
same a.b,f,f_bound 1,2,1e-3 1,2,1e-9 '1 0'                 # bounds may shrink, not grow
differs a.b,f,f_bound 1,2,1e-3 1,2,2.1e-3
for other in 2,nan 2,inf nan,1e-3 nan,nan inf,1e-3 2.1,inf 2.1,nan; do
  differs a.b,f,f_bound 1,2,1e-3 "1,$other"
done
differs a.b,f,f_bound 1,2,inf 1,2.1,inf
same a.b,f,f_bound 1,nan,nan 1,nan,nan '0 0'
same f,x 2,3 2.000000000001,3 '0 2'                        # no bound: 1e-12 of the number
differs f,x 2,3 2.00000000001,3
differs f,x 0,3 1e-300,3
differs f,x 2,3 nan,3
same a.b,point,word,f 0.5,1,ok,1 0.5,1,ok,1 '0 1'          # axes and words: the same text
for other in 0.50,1,ok,1 0.5,1.0,ok,1 0.5,1,failed,1 0.5,1,,1 0.5,1,ok; do
  differs a.b,point,word,f 0.5,1,ok,1 "$other"
done
printf 'x,y\n1,2\n' >"$TMP/a"
for other in '' 'x,y\n' 'x,z\n1,2\n' 'x\n1\n' 'x,y\n1,2\n3,4\n'; do
  printf "$other" >"$TMP/b"
  if awk -f scripts/compare.awk "$TMP/a" "$TMP/b" >/dev/null; then fail "same as '$other'?"; fi
done
if awk -f scripts/compare.awk "$TMP/a" "$TMP/absent" >/dev/null; then fail 'same as nothing?'; fi

# --- setup: silent when all is there, and it knows its groups
[ -z "$(scripts/setup run test)" ] || fail 'setup is not silent'
if scripts/setup nonsense 2>/dev/null; then fail 'setup takes nonsense'; fi
