#!/bin/sh
# SPDX-License-Identifier: MIT
# The JSON Schema accepts every good config and refuses the bad ones, but for those
# that schema.py lists with the reason. Also the reference in configs/README.md is
# what the program prints.
set -eu
fail() { echo "FAILED: $*"; exit 1; }

"$KDEGRAD" list keys --json-schema >"$TMP/schema.json"
/usr/bin/python3 tests/cli/schema.py "$TMP/schema.json" \
  configs/*.yaml tests/config/good/*.yaml tests/config/bad/*.yaml || fail 'schema and program disagree'

# What is no config of the tests but good for the program is good for the schema.
mkdir "$TMP/good"
awk '/^```yaml/ { on = 1; next } /^```/ { on = 0 } on' README.md >"$TMP/good/readme.yaml"
for text in tests/config/corpus/*; do
  grep -q '^#--set' "$text" && continue
  "$KDEGRAD" plan "$text" >/dev/null 2>&1 || continue
  cp "$text" "$TMP/good/$(basename "$text")"
done
[ "$(ls "$TMP/good" | wc -l)" -ge 3 ] || fail 'the corpus holds no good config'
/usr/bin/python3 tests/cli/schema.py "$TMP/schema.json" "$TMP"/good/* || fail 'schema refuses a good config'

for config in configs/*.yaml tests/config/good/*.yaml; do
  "$KDEGRAD" plan "$config" >/dev/null || fail "$config is no good config"
done

"$KDEGRAD" list keys --markdown | diff configs/README.md - ||
  fail 'configs/README.md is not what the program prints: make docs'

for wrong in 'list --json-schema' 'list kernels --markdown' 'list keys --markdown --json-schema'; do
  code=0
  "$KDEGRAD" $wrong >/dev/null 2>"$TMP/err" || code=$?
  [ $code = 2 ] && grep -q 'list keys' "$TMP/err" || fail "kdegrad $wrong"
done
