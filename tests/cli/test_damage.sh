#!/bin/sh
# SPDX-License-Identifier: MIT
# Every verb that reads result files, on everything that is none: a message, exit 3, at once,
# and nothing on stdout.
set -eu
. tests/expect.sh
folder=$TMP/in; mkdir "$folder"
expect 0 "$KDEGRAD" run -q configs/descent.yaml -o "$TMP/good.h5"
size=$(wc -c <"$TMP/good.h5")

cd "$folder"
for n in 1 7 8 24 100 $((size / 2)) $((size - 1)); do head -c "$n" "$TMP/good.h5" >"cut-$n.h5"; done
for at in 0 9 200 $((size / 2)) $((size - 20)) $((size - 1)); do
  cp "$TMP/good.h5" "flip-$at.h5"
  byte=$(od -An -tu1 -j "$at" -N 1 "$TMP/good.h5" | tr -d ' ')
  printf "\\$(printf %o $((byte ^ 16)))" | dd of="flip-$at.h5" bs=1 seek="$at" conv=notrunc status=none
done
head -c $((size - 24)) "$TMP/good.h5" >no-trailer.h5
{ cat "$TMP/good.h5"; echo more; } >longer.h5
: >empty.h5
mkdir directory.h5
mkfifo fifo.h5
truncate -s 1T sparse.h5
echo 'experiment: text' >text.h5
cp "$KDEGRAD" program.h5
ln -s nowhere dangling.h5
ln -s loop.h5 loop.h5
ln -s "$folder/fifo.h5" to-fifo.h5
/usr/bin/python3 - <<'PYTHON'
import gzip, h5py
with h5py.File("foreign.h5", "w") as f:
    f["loss"] = [1.0, 2.0]
with h5py.File("links.h5", "w") as f:
    f["loss"] = h5py.ExternalLink("good.h5", "/loss")
    f["here"] = h5py.SoftLink("/loss")
with h5py.File("extents.h5", "w") as f:
    f.create_dataset("loss", (1 << 50,), chunks=(1 << 16,), dtype="f8")
open("bomb.h5", "wb").write(gzip.compress(bytes(1 << 26)))
PYTHON
cd - >/dev/null

# refused FILE: by every verb
refused() {
  for verb in show 'show --json' 'show --failed' 'export -c loss' 'export -c loss --json' verify \
    'verify --digest' 'verify --recompute all' "diff $TMP/good.h5" 'diff --by bits'; do
    [ "$verb" = 'diff --by bits' ] && set -- "$1" "$TMP/good.h5" || set -- "$1"
    expect 3 timeout 20 "$KDEGRAD" $verb "$@"
    said "$1: " err; [ ! -s "$TMP/out" ] || fail "something on stdout: $verb $1"
    [ "$(wc -l <"$TMP/err")" = 1 ] || { cat "$TMP/err"; fail "more than one line: $verb $1"; }
  done
}
n=0
for file in "$folder"/*; do refused "$file"; n=$((n + 1)); done
[ "$n" -ge 28 ] || fail "only $n files"
refused /dev/zero
refused /dev/null
refused "$folder/not-there.h5"
refused "$folder/text.h5/below"
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
  cp "$TMP/good.h5" "$TMP/closed.h5"; chmod 0 "$TMP/closed.h5"; chmod 755 "$TMP"
  code=0
  setpriv --reuid=65534 --clear-groups --inh-caps=-all --bounding-set=-all cat "$TMP/good.h5" >/dev/null 2>&1 || code=$?
  [ $code != 0 ] || expect 3 setpriv --reuid=65534 --clear-groups --inh-caps=-all "$KDEGRAD" show "$TMP/closed.h5"
  [ $code != 0 ] || said 'Permission denied' err
fi

# run, merge and plan on such a name: what is no file of ours is left alone, what is one and
# damaged is put aside; nothing hangs, and the result is the right one.
for file in fifo directory text to-fifo loop program; do
  before=$(ls -l "$folder/$file.h5")
  for verb in run merge; do
    code=0
    timeout 20 "$KDEGRAD" $verb -q configs/descent.yaml -o "$folder/$file.h5" >"$TMP/out" 2>"$TMP/err" || code=$?
    [ "$code" = 3 ] || { cat "$TMP/err"; fail "exit $code: $verb -o $file.h5"; }
  done
  [ "$(ls -l "$folder/$file.h5")" = "$before" ] || fail "$file.h5 was changed"
done
for file in "$folder"/cut-100.h5 "$folder"/flip-9.h5 "$folder"/no-trailer.h5 "$folder"/empty.h5; do
  expect 0 timeout 60 "$KDEGRAD" run -q configs/descent.yaml -o "$file"; said 'its cells are computed again' err
  cmp "$file" "$TMP/good.h5" || fail "$file: not the right result"
done
mkdir "$TMP/d.parts"
cp "$folder"/cut-7.h5 "$TMP/d.parts/00000000000000000000000000000000.h5"
mkfifo "$TMP/d.parts/00000000000000000000000000000001.h5"
code=0
timeout 60 "$KDEGRAD" run -q configs/descent.yaml -o "$TMP/d.h5" >"$TMP/out" 2>"$TMP/err" || code=$?
[ "$code" = 0 ] || [ "$code" = 3 ] || { cat "$TMP/err"; fail "exit $code with a FIFO for a part"; }
said 'd.parts/' err
echo passed
