#!/bin/sh
# SPDX-License-Identifier: MIT
# The scripts: figures are complete, the same twice, and fail loudly; the
# comparison of tables sees what it must see.
set -eu
fail() { echo "FAILED: $*"; exit 1; }

# --- figures
for config in configs/*.yaml; do
  name=$(basename "$config" .yaml)
  [ -s "scripts/$name.gp" ] || fail "no scripts/$name.gp"
  "$KDEGRAD" run -q "$config" -o "$TMP/$name.h5"
  RESULTS=$TMP scripts/figure "$name"
  grep -q '</svg>' "$TMP/$name.svg" || fail "$name.svg is cut"
  head -c 5 "$TMP/$name.pdf" | grep -q '%PDF-' || fail "$name.pdf is no PDF"
  cp "$TMP/$name.svg" "$TMP/first.svg"; cp "$TMP/$name.pdf" "$TMP/first.pdf"
  sleep 1
  RESULTS=$TMP scripts/figure "$name"
  cmp "$TMP/$name.svg" "$TMP/first.svg"
  cmp "$TMP/$name.pdf" "$TMP/first.pdf"
done
if RESULTS=$TMP/nowhere scripts/figure descent 2>/dev/null; then fail 'a figure of nothing'; fi

# --- reproduce, against tables with one number moved
RESULTS=$TMP scripts/reproduce laplace-shift descent kernel-family | tail -n 1 | grep -q '^reproduced: 3 of 3$' ||
  fail 'not reproduced'
sed -i '$s/[0-9]\.\([0-9]*\),/9.\1,/' "$TMP/descent/loss.csv"
if RESULTS=$TMP scripts/reproduce descent >"$TMP/said"; then fail 'a moved number was not seen'; fi
grep -q 'loss.csv: line .* column' "$TMP/said" || { cat "$TMP/said"; fail 'does not say where'; }
rm "$TMP/laplace-shift.svg"
if RESULTS=$TMP scripts/reproduce laplace-shift >/dev/null; then fail 'a missing figure was not seen'; fi

# --- compare.awk
compare() { printf "$1" >"$TMP/a"; printf "$2" >"$TMP/b"; awk -v tolerance=1e-9 -f scripts/compare.awk "$TMP/a" "$TMP/b"; }
compare 'x,y\n1,nan\n' 'x,y\n1.0000000001,nan\n' || fail 'within the tolerance'
for other in 'x,y\n1.00001,nan\n' 'x,y\n1,2\n' 'x,y\nnan,nan\n' 'x,y\n1\n' 'x,y\n' 'x,y\n1,nan\n2,3\n' 'x,z\n1,nan\n' 'x,y\ninf,nan\n' ''; do
  if compare 'x,y\n1,nan\n' "$other" >/dev/null; then fail "same as '$other'?"; fi
done

# --- setup: silent when all is there, and it knows its groups
[ -z "$(scripts/setup run test)" ] || fail 'setup is not silent'
if scripts/setup nonsense 2>/dev/null; then fail 'setup takes nonsense'; fi
