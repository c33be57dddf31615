#!/bin/sh
# SPDX-License-Identifier: MIT
# The gate: 5 % more or less pass, 6 % do not; a compiler without counts is told what to do.
set -eu
fail() { echo "FAILED: $*"; cat "$TMP/said"; exit 1; }

# Two works, counted by what stands in for valgrind.
printf '#!/bin/sh\nprintf "one\\ntwo\\n"\n' >"$TMP/works"
cat >"$TMP/valgrind" <<'SH'
#!/bin/sh
for name; do :; done
[ ! -e "$TMP/broken" ] || { echo 'no instruction' >&2; exit 1; }
[ "$name" = one ] && echo "==7== Collected : $(cat "$TMP/instructions")" >&2 || echo '==7== Collected : 500' >&2
SH
chmod +x "$TMP/works" "$TMP/valgrind"
export PATH="$TMP:$PATH" INSTRUCTIONS="$TMP/table"
# gate CODE INSTRUCTIONS TEXT [OPTION]: of work one; the gate exits so and says so
gate() {
  echo "$2" >"$TMP/instructions"
  code=0
  tests/bench/gate "$TMP/works" ${4:-} >"$TMP/said" 2>&1 || code=$?
  [ "$code" = "$1" ] || fail "exit $code, expected $1, with $2 instructions"
  grep -q "$3" "$TMP/said" || fail "not said: $3"
}

printf 'compiler\twork\tinstructions\nother-1\tone\t7\n' >"$TMP/table"
gate 0 100000 'has no counts of .*make gate RENEW=1 adds them'
gate 0 100000 '^one .* 1.000 .* as before' --renew
grep -q '^other-1	one	7$' "$TMP/table" || fail "another compiler's count is gone"
gate 0 105000 '^one .* 1.050 .* as before'
gate 0 95000 '^one .* 0.950 .* as before'
gate 1 106000 '^one .* 1.060 .* SLOWER'
gate 1 105100 'make gate RENEW=1'
gate 1 94000 '^one .* 0.940 .* FASTER'
gate 0 106000 '^one .* 1.000 ' --renew
[ "$(grep -c . "$TMP/table")" = 4 ] || fail 'not a line a work'
touch "$TMP/broken"
gate 1 106000 'no instruction'
