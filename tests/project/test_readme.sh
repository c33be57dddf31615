#!/bin/sh
# SPDX-License-Identifier: MIT
# The README is run: every command of its sh blocks (but the two that run this
# very test or all experiments, which .ci/run executes), its config, its Python.
set -eu
fail() { echo "FAILED: $*"; exit 1; }
# block LANGUAGE: the lines of all blocks of that language
block() { awk -v fence='```'"$1" '$0 == fence { on = 1; next } /^```/ { on = 0 } on' "$top/README.md"; }

# The commands run in a copy of what they need, so that results/ stays as it is.
top=$PWD
mkdir -p "$TMP/build" "$TMP/results/reference"
ln -s "$top/configs" "$top/scripts" "$top/src" "$top/Makefile" "$TMP/"
ln -s "$KDEGRAD" "$TMP/build/kdegrad"
cd "$TMP"
block sh | sed 's/ *#.*//' | grep -v '^$' >"$TMP/commands"
[ "$(wc -l <"$TMP/commands")" -ge 8 ] || fail 'the README shows too few commands'
while read -r command; do
  case $command in
    'make setup reproduce' | 'make setup test') grep -q "^make ${command#make }\|make reproduce" "$top/.ci/run" ;;
    make | 'make '*) (cd "$top" && make -n -q --no-print-directory ${command#make} >/dev/null 2>&1) || [ $? = 1 ] ;;
    *) sh -c "$command" >"$TMP/out" 2>&1 </dev/null || { cat "$TMP/out"; fail "$command"; } ;;
  esac || fail "$command"
done <"$TMP/commands"

block yaml >"$TMP/two-kernels.yaml"
"$KDEGRAD" run -q "$TMP/two-kernels.yaml"
"$KDEGRAD" show results/two-kernels.h5 | grep -q 'cells: 16 (16 ok)' || fail 'the config of the README'

block python >"$TMP/snippet.py"
[ "$(/usr/bin/python3 "$TMP/snippet.py")" = "$(printf "0.0\n{'kernel.family': 8, 'shift.by': 57}")" ] ||
  fail 'the Python of the README'
block r >"$TMP/snippet.R"
if command -v Rscript >/dev/null; then
  Rscript "$TMP/snippet.R" >"$TMP/out" 2>&1 || { cat "$TMP/out"; fail 'the R of the README'; }
  grep -q '^[0-9] *laplace 0.0*$' "$TMP/out" || { cat "$TMP/out"; fail 'the R of the README'; }
  [ "$(grep -c '^[0-9]' "$TMP/out")" = 8 ] || fail 'not a line a kernel in R'
fi
block gnuplot >"$TMP/snippet.gp"
gnuplot -d "$TMP/snippet.gp" >"$TMP/out" 2>&1 && [ ! -s "$TMP/out" ] || { cat "$TMP/out"; fail 'the gnuplot of the README'; }
[ "$(grep -c . results/sech.txt)" = 58 ] && grep -q '<path stroke=' results/sech.svg || fail 'no curve by gnuplot'

# Every rule and every item of record has its row.
for name in $("$KDEGRAD" list rules | awk '/^  [a-z]/ { print $1 }') \
  $("$KDEGRAD" list keys | sed -n '/^  record /{n; s/.*a list out of //; s/,//g; p}'); do
  grep -q "^| .*\`$name\`.* |" "$top/README.md" || fail "no row for $name"
done

# The experiments it lists are those there are, and every verb of make it names exists.
for config in "$top"/configs/*.yaml; do
  name=$(basename "$config" .yaml)
  grep -q "^| \`$name\` | \`results/$name.svg\` |" "$top/README.md" || fail "no row for $name"
done
# The verdicts it shows are the committed ones, with their numbers.
awk '/^C[0-9]/ { print $1, $2, $3, $7, $9, $10 }' "$top/results/reference/ledger" |
  while read -r claim verdict cells residual bound control; do
    grep -q "^| $claim | .* | $verdict | $cells | $residual | $bound | $control |\$" "$top/README.md" ||
      fail "another verdict on $claim: $verdict | $cells | $residual | $bound | $control"
  done
[ "$(grep -c '^| C[0-9][a-z]* | ' "$top/README.md")" = "$("$KDEGRAD" list claims | grep -c '^  C')" ] || fail 'a claim is missing'
# The kernels it compares have the committed numbers.
quantity() { awk -F, -v name="$2" '$1 == name' "$top/results/reference/kernel-$1.csv"; }
for table in comparison/edge:defect comparison/centre:breaking_shift descent/em:steps_taken; do
  quantity "${table%:*}" "${table#*:}" >"$TMP/${table#*:}"
done
paste -d , "$TMP/defect" "$TMP/breaking_shift" "$TMP/steps_taken" | awk -F, '{
  printf "| %s%s | %.2g | %s | %s | %.2g | %.3g | %s | %s |\n", $3, $4 == "nan" ? "" : " " $4 + 0, $9, $11, $12, $21, $33, $35, $36
}' >"$TMP/compared"
[ "$(wc -l <"$TMP/compared")" -ge 15 ] || fail 'too few kernels are compared'
while read -r line; do grep -qxF -e "$line" "$top/README.md" || fail "not in the README: $line"; done <"$TMP/compared"
grep -o '`make[ a-z-]*`' "$top/README.md" | tr -d '`' | sed 's/^make//' | tr ' ' '\n' | sort -u | grep . |
  while read -r verb; do
    (cd "$top" && make help) | grep -q "make $verb " || fail "make $verb"
  done
grep -q "reproduced: $(ls "$top"/configs/*.yaml | wc -l) of" "$top/README.md" || fail 'the number of experiments'
