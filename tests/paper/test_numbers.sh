#!/bin/sh
# SPDX-License-Identifier: MIT
# The paper's numbers come from results. Runs the experiments into $TMP, has
# scripts/paper make numbers.tex of them (no LaTeX), and checks that
#   - the macros \val... that the paper uses are those that numbers.tex defines;
#   - between \begin{document} and \end{document} no number with a decimal point
#     is typed, but for lengths (0.8\textwidth, 4.5pt) and comments;
#   - the same results give the same bytes;
#   - a result that lacks a number is refused by name, and leaves no file.
# Run from the top of the checkout, with $KDEGRAD and an empty folder $TMP.
set -eu
paper=paper/kdegrad.tex
fail() { echo "test_numbers: $*"; exit 1; }
numbers() { RESULTS=$1 OUT=$2 scripts/paper numbers; } # [results] [out]

mkdir "$TMP/results"
for name in laplace-shift kernel-family descent; do
  "$KDEGRAD" run "configs/$name.yaml" -q -o "$TMP/results/$name.h5"
done
"$KDEGRAD" run configs/kernel-comparison.yaml -q -o "$TMP/results/kernel-comparison.h5" \
  --set 'where=[d_edge > 0, d_edge <= 0.7, points.seed <= 2]'
"$KDEGRAD" run configs/claims/witness.yaml -q -o "$TMP/results/claims-witness.h5"
numbers "$TMP/results" "$TMP/out"
grep -q '^C4c & REFUTED' "$TMP/out/ledger.tex" || fail 'no ledger'
grep -q '^laplace & 0 & 0 & ' "$TMP/out/comparison.tex" || fail 'no comparison'

sed 's/^%.*//; s/\([^\\]\)%.*/\1/' "$paper" >"$TMP/paper.tex"
grep -o '\\val[A-Za-z]*' "$TMP/paper.tex" | sort -u >"$TMP/used"
sed -n 's/^\\newcommand{\(\\val[A-Za-z]*\)}{.*}$/\1/p' "$TMP/out/numbers.tex" | sort >"$TMP/defined"
[ "$(wc -l <"$TMP/defined")" -eq "$(wc -l <"$TMP/out/numbers.tex")" ] ||
  fail "numbers.tex holds a line that defines no macro"
[ -z "$(uniq -d "$TMP/defined")" ] || fail "defined twice:" $(uniq -d "$TMP/defined")
[ "$(wc -l <"$TMP/used")" -ge 40 ] || fail "found only $(wc -l <"$TMP/used") macros in $paper"
diff "$TMP/used" "$TMP/defined" || fail "< is used but not defined, > is defined but not used"

typed=$(sed -n '/\\begin{document}/,/\\end{document}/p' "$TMP/paper.tex" |
  sed -E 's/[0-9]*\.[0-9]+(\\textwidth|\\linewidth|pt|em|ex|cm)//g' |
  grep '[0-9]*\.[0-9]') || :
[ -z "$typed" ] || fail "numbers typed into $paper:
$typed"

numbers "$TMP/results" "$TMP/again"
cmp "$TMP/out/numbers.tex" "$TMP/again/numbers.tex" || fail "two runs give different numbers"

mkdir "$TMP/lacking"
cp "$TMP/results/laplace-shift.h5" "$TMP/results/kernel-family.h5" \
  "$TMP/results/claims-witness.h5" "$TMP/results/kernel-comparison.h5" "$TMP/lacking/"
"$KDEGRAD" run configs/descent.yaml -q --set 'kernel.family=[laplace, gaussian]' \
  -o "$TMP/lacking/descent.h5"
! numbers "$TMP/lacking" "$TMP/refused" 2>"$TMP/said" || fail "a missing kernel went unnoticed"
grep -q 'no number for \\valCauchyGapFirst' "$TMP/said" ||
  fail "does not name what is missing: $(cat "$TMP/said")"
[ ! -e "$TMP/refused/numbers.tex" ] || fail "numbers.tex was written without all numbers"

rm "$TMP/lacking/descent.h5"
! numbers "$TMP/lacking" "$TMP/refused" 2>"$TMP/said" || fail "a missing file went unnoticed"
grep -q 'descent.h5' "$TMP/said" || fail "does not name the missing file: $(cat "$TMP/said")"
