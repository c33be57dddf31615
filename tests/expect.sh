# SPDX-License-Identifier: MIT
# For the tests that call the program, which read it in: exit codes and what was said.
fail() { echo "FAILED: $*"; exit 1; }
# expect CODE COMMAND...: runs it, output in $TMP/out and $TMP/err
expect() {
  want=$1; shift
  code=0
  "$@" >"$TMP/out" 2>"$TMP/err" || code=$?
  [ "$code" = "$want" ] || { cat "$TMP/err"; fail "exit $code, expected $want: $*"; }
}
# said TEXT [out|err]: on err, if nothing else is said
said() { grep -q -- "$1" "$TMP/${2:-err}" || { cat "$TMP/${2:-err}"; fail "no '$1' on ${2:-err}"; }; }
