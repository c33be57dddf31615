#!/bin/sh
# SPDX-License-Identifier: MIT
# The bench in a tiny mode: contenders that are there answer, and agree with long double; nothing
# is written to results/. No time is judged. The README holds the numbers of results/bench.tsv.
set -eu
fail() { echo "FAILED: $*"; exit 1; }
listing() { ls -lR --time-style=full-iso results | cksum; }

before=$(listing)
B=$(dirname "$KDEGRAD") tests/bench/bench.py "$TMP/bench.tsv" --tiny 2>"$TMP/said" || { cat "$TMP/said"; fail 'the bench broke off'; }
[ "$(listing)" = "$before" ] || fail 'something was written to results/'

# row WORK WHO THREADS: there is one, with a time; errors below 1e-11 where they were measured
row() {
  awk -F '\t' -v work="$1" -v who="$2" -v threads="$3" '
    $1 == work && $4 == who && $5 == threads && $6 > 0 && $7 > 0 { found = ($9 == "nan" || $9 < 1e-11) && ($10 == "nan" || $10 < 1e-11) }
    END { exit !found }' "$TMP/bench.tsv" || { cat "$TMP/bench.tsv"; fail "no good row $1, $2, $3 threads"; }
}
for who in kdegrad 'C, all pairs' 'C, sorted recursions' machine; do row laplace "$who" 1; done
row laplace 'C, all pairs' 2
for who in kdegrad 'C, all pairs'; do row small-gaussian "$who" 1; done
for who in kdegrad 'kdegrad run' 'C, all pairs'; do row trajectory "$who" 1; done
for who in kdegrad 'C, sorted recursions'; do row exact "$who" 1; done
for work in exact-step compact; do row $work kdegrad 1; done
row million-cells 'kdegrad run' 2
for threads in 1 2; do row two-threads 'kdegrad run' $threads; row two-threads machine $threads; done
awk -F '\t' '$4 == "kdegrad" && $1 !~ /^exact-step|^compact/ && !($9 < 1e-14) { exit 1 }' "$TMP/bench.tsv" || fail 'kdegrad is off'

# Peers are there or named as absent.
for who in 'R, FKSUM' 'numpy, whole matrix' 'numpy, blocks' 'torch, autograd'; do
  awk -F '\t' -v who="$who" '$0 == "# not found: " who || $4 == who { found = 1 } END { exit !found }' "$TMP/bench.tsv" ||
    fail "$who is neither there nor named as absent"
done
for what in CPU compiler triad 'two threads'; do grep -q "^# $what: ." "$TMP/bench.tsv" || fail "the head lacks: $what"; done

tests/bench/show.py table "$TMP/bench.tsv" | grep -q '^laplace .* kdegrad ' || fail 'no aligned table'
tests/bench/show.py check results/bench.tsv README.md
sed 's/\(^laplace	1000	1000	kdegrad	1	\)[^	]*/\18.8/' results/bench.tsv >"$TMP/other.tsv"
if tests/bench/show.py check "$TMP/other.tsv" README.md 2>/dev/null; then fail 'other numbers were not seen'; fi
LC_ALL=C.UTF-8 gnuplot -d -e "format='svg'; output_file='$TMP/bench.svg'; table='results/bench.tsv'" \
  scripts/style.gp tests/bench/bench.gp >"$TMP/said" 2>&1 && [ ! -s "$TMP/said" ] || { cat "$TMP/said"; fail 'no figure'; }
# Another gnuplot draws the same in other bytes.
drawn_by() { sed -n 's/^<desc>Produced by \(.*\)<.*/\1/p' "$1"; }
[ -n "$(drawn_by results/bench.svg)" ] || fail 'results/bench.svg does not say who drew it'
[ "$(drawn_by "$TMP/bench.svg")" != "$(drawn_by results/bench.svg)" ] || cmp "$TMP/bench.svg" results/bench.svg ||
  fail 'results/bench.svg does not show results/bench.tsv'
