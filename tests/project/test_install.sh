#!/bin/sh
# SPDX-License-Identifier: MIT
# What `make install` puts down: all of it, and away again; the library as C99 and C++ see
# it, shared and static, with the bits of the program; the manual page; completions.
set -eu
fail() { echo "FAILED: $*"; exit 1; }
build=$(dirname "$KDEGRAD")
prefix=$TMP/usr
make_it() { make --no-print-directory B="${build#"$PWD"/}" "$@" >"$TMP/log" 2>&1 || { cat "$TMP/log"; fail "make $*"; }; }
make_it install PREFIX="$prefix"

# --- under DESTDIR the same files, that do not know of it; and away again
make_it install PREFIX=/opt/kdegrad DESTDIR="$TMP/stage"
list() { (cd "$1" && find . ! -type d | sort); }
list "$prefix" >"$TMP/installed"
list "$TMP/stage/opt/kdegrad" | cmp - "$TMP/installed" || fail 'DESTDIR changes what is installed'
[ "$(wc -l <"$TMP/installed")" = 9 ] || { cat "$TMP/installed"; fail 'what is installed'; }
! grep -r "$TMP" "$TMP/stage" --include=kdegrad.pc --include=kdegrad.1 || fail 'a file knows where it was staged'
make_it uninstall PREFIX=/opt/kdegrad DESTDIR="$TMP/stage"
[ -z "$(list "$TMP/stage")" ] || { list "$TMP/stage"; fail 'uninstall leaves files'; }
"$prefix/bin/kdegrad" --version >/dev/null

# --- symbols: all are ours by name, and others see what the header declares
external() { nm "$@" --defined-only | awk 'NF == 3 { print $3 }' | sort -u; }
external -g "$prefix/lib/libkdegrad.a" >"$TMP/static"
[ "$(wc -l <"$TMP/static")" -gt 50 ] && ! grep -v '^kd_' "$TMP/static" || fail 'names of the static library'
external -D "$prefix/lib/libkdegrad.so.0" >"$TMP/shared"
grep -o 'kd_model_[a-z]*(' "$prefix/include/kdegrad.h" | tr -d '(' | sort -u | cmp - "$TMP/shared" ||
  fail 'the shared library exports something else than the header declares'
case $(readelf -d "$prefix/lib/libkdegrad.so.0") in *'SONAME'*'[libkdegrad.so.0]'*) ;; *) fail 'soname' ;; esac

# --- the examples, as the README builds them
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig" LD_LIBRARY_PATH="$prefix/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
flags=$(pkg-config --cflags --libs kdegrad)
[ "$(pkg-config --modversion kdegrad)" = "$("$KDEGRAD" --version | cut -d ' ' -f 2)" ] || fail 'version of kdegrad.pc'
strict='-pedantic -Wall -Wextra -Werror'
case $(nm "$KDEGRAD") in *__asan_init*) strict="$strict -fsanitize=address,undefined" ;; esac
try() { # try NAME COMPILER ARGUMENTS...
  name=$1; shift
  "$@" -o "$TMP/$name" || fail "$name does not build"
  "$TMP/$name" >"$TMP/$name.out" || fail "$name does not run"
}
try c99 gcc -std=c99 $strict tests/examples/gradient.c $flags
try c90 gcc -std=c90 $strict tests/examples/gradient.c $flags
try cpp g++ -x c++ -std=c++98 $strict tests/examples/gradient.c -x none $flags
try static gcc -std=c11 $strict tests/examples/gradient.c -I"$prefix/include" "$prefix/lib/libkdegrad.a" $(pkg-config --libs-only-l --static kdegrad | sed 's/-lkdegrad//')
! readelf -d "$TMP/static" | grep -q kdegrad || fail 'the static one is not'
cp "$TMP/c99.out" "$TMP/python.out"
case $strict in *sanitize*) ;; *) /usr/bin/python3 tests/examples/gradient.py >"$TMP/python.out" || fail 'the Python example' ;; esac
for name in c90 cpp static python; do cmp "$TMP/c99.out" "$TMP/$name.out" || fail "$name prints something else"; done
awk '{ $1 = $2 = ""; print }' "$TMP/c99.out" | sort -u | wc -l | grep -qx 1 || { cat "$TMP/c99.out"; fail 'the gradient does not stay'; }
awk 'NR == 1 { L = $2; bad = $3 "" !~ /^-0.0711528/ || $6 "" !~ /^0.12627/ }
     NR == 2 { d = L - $2 - 1.25; bad = bad || !(d < 1e-15 && d > -1e-15) }
     END { exit bad || NR != 2 }' "$TMP/c99.out" || { cat "$TMP/c99.out"; fail 'the figures of the example'; }
for example in tests/examples/*; do [ "$(wc -l <"$example")" -le 30 ] || fail "$example is long"; done

# --- the lines of the README, in another home
case $strict in *sanitize*) ;; *)
  awk '/^## / { on = $0 == "## As a library" } on && /^    / { print substr($0, 5) }' README.md |
    sed "s|-o build/|-o $build/|; s|^build/|$build/|" >"$TMP/readme"
  [ "$(wc -l <"$TMP/readme")" = 5 ] || fail 'the commands of the README'
  HOME=$TMP/home sh -e "$TMP/readme" >"$TMP/out" 2>&1 || { cat "$TMP/out"; fail 'README: As a library'; }
  tail -n 4 "$TMP/out" | sort | uniq -c | awk '$1 != 2 { exit 1 }' || { cat "$TMP/out"; fail 'the examples of the README differ'; }
  [ -e "$TMP/home/.local/lib/pkgconfig/kdegrad.pc" ] || fail 'not installed there'
esac

# --- the shared library gives the program's bits: the hash of tests/core/fixed.h
try bits gcc ${strict#* -Wextra -Werror} "$build/tests/core/test_model.o" "$prefix/lib/libkdegrad.so" "$build/libkdegrad.a" -lcmocka -lxxhash -lm 2>"$TMP/err"
nm "$TMP/bits" | grep -q 'U kd_model_evaluate' || fail 'the test does not use the shared library'
echo passed
