#!/bin/sh
# SPDX-License-Identifier: MIT
# The manual page and the completions hold every verb and option, and work.
set -eu
export LC_ALL=C
fail() { echo "FAILED: $*"; exit 1; }
verbs=$("$KDEGRAD" list verbs | awk 'NR > 1 { print $1 }')
options() { "$KDEGRAD" "$1" --help | sed -n '/^options:/,$s/^  \(-., \)\? *\(--[a-z-]*\).*/\2/p'; } # of a verb
[ "$(options run | wc -l)" -ge 9 ] || fail 'cannot read the options'

# --- the page
"$KDEGRAD" list man >"$TMP/kdegrad.1"
groff -man -Tutf8 -ww -z "$TMP/kdegrad.1" 2>"$TMP/err" || fail groff
[ ! -s "$TMP/err" ] || { cat "$TMP/err"; fail 'groff warns'; }
! command -v mandoc >/dev/null || mandoc -T lint -W error "$TMP/kdegrad.1" || fail mandoc
groff -man -Tutf8 -P-cbou -rLL=200n "$TMP/kdegrad.1" >"$TMP/page"
for verb in $verbs; do
  sed -n "/^ *kdegrad $verb /,/^ *kdegrad [a-z]* \[/p" "$TMP/page" >"$TMP/section"
  [ -s "$TMP/section" ] || fail "no $verb in the page"
  for option in $(options "$verb"); do grep -q -e "$option" "$TMP/section" || fail "$verb $option is not in the page"; done
done
"$KDEGRAD" list keys | awk 'NR > 1 && /^  [a-z]/ { print $1 }' | while read -r key; do
  grep -q "^ *$key" "$TMP/page" || fail "$key is not in the page"
done
grep -q '|ΔG| ≤ 1e-30' "$TMP/page" || fail 'characters beyond ASCII'
grep -q '\[~\|~ ' "$TMP/kdegrad.1" && fail 'a tilde would be an accent' || :

# --- bash: what is offered behind these words
mkdir -p "$TMP/work/more.d" && cd "$TMP/work"
touch a.yaml 'b c.yaml' r.h5 other.txt
"$KDEGRAD" list completion-bash >"$TMP/completion.bash"
cat >"$TMP/ask.bash" <<'BASH'
set -u
. "$1"; shift
COMP_WORDS=(kdegrad "$@") COMP_CWORD=$#
_kdegrad
[ ${#COMPREPLY[@]} = 0 ] || printf '%s\n' "${COMPREPLY[@]}"
BASH
offered() { bash --norc "$TMP/ask.bash" "$TMP/completion.bash" "$@" | sort | tr '\n' ' '; }
expect() { # expect WORDS-OFFERED WORDS...
  want=$1; shift
  got=$(offered "$@")
  [ "$got" = "$want" ] || fail "after 'kdegrad $*' it offers '$got', not '$want'"
}
[ "$(offered '')" = "$(printf '%s\n' $verbs --help --version | sort | tr '\n' ' ')" ] || fail 'verbs'
expect 'merge ' me
expect 'a.yaml b c.yaml more.d ' run ''
expect 'a.yaml ' run -q a
expect 'more.d r.h5 ' show ''
expect 'r.h5 ' show r
for verb in $verbs; do
  [ "$(offered "$verb" --)" = "$(options "$verb" | sort | tr '\n' ' ')" ] || fail "options of $verb"
done
expect '--max-cells ' plan --max
expect 'r.h5 ' run a.yaml -o r
expect 'r.h5 ' run a.yaml --output = r
expect '' run --jobs ''
expect 'r.h5 ' diff r.h5 r
expect 'more.d ' verify r.h5 --files ''
expect 'shift.by= ' run a.yaml --set shift.b
expect 'kernel.bandwidth= ' plan --set kernel.b
expect 'quantities ' list q
bash -n "$TMP/completion.bash"

# --- zsh, where it is installed
"$KDEGRAD" list completion-zsh >"$TMP/_kdegrad"
for verb in $verbs; do
  sed -n "/^    $verb)/,/;;/p" "$TMP/_kdegrad" >"$TMP/section"
  for option in $(options "$verb"); do grep -q -e "'\*\?$option[=[]" "$TMP/section" || fail "zsh: $verb $option"; done
done
! command -v zsh >/dev/null || zsh -n "$TMP/_kdegrad" || fail 'zsh -n'
echo passed
