#!/bin/sh
# SPDX-License-Identifier: MIT
# The rooms of src/ and their arrows: cli -> run -> config, store -> core. Which
# room may include which, and which library header belongs to which room.
set -eu
bad=0
complain() { echo "$1"; bad=1; }

allowed() {
  case $1 in
    core) echo core ;;
    config) echo 'config|core' ;;
    store) echo 'store|core' ;;
    run) echo 'run|config|store|core' ;;
    cli) echo 'cli|run|config|store|core' ;;
    *) return 1 ;;
  esac
}
for folder in src/*/; do
  room=$(basename "$folder")
  may=$(allowed "$room") || complain "src/$room is no room"
  wrong=$(grep -rnE --include='*.[ch]' '^#include "[a-z]+/' "$folder" | grep -vE "#include \"($may)/") || :
  [ -z "$wrong" ] || complain "$wrong"
done

# The elementary functions stand on nothing else.
wrong=$(grep -n '#include "' src/core/vmath/*.[ch] | grep '/[a-z]*\.h"$') || :
[ -z "$wrong" ] || complain "core/vmath leans on $wrong"

# header : the only room or file that may include it
while read -r header place; do
  wrong=$(grep -lE "^ *# *include <$header" src/*/*.[ch] src/*/*/*.[ch] | grep -vE "^src/$place") || :
  [ -z "$wrong" ] || complain "<$header> outside $place: $wrong"
done <<'LIST'
yaml.h config/
hdf5 store/
H5 store/
getopt.h cli/
pthread.h (run/|store/press.c)
sys/mman.h core/huge.c
Random123 core/
(flint/|arb|acb|arf|mag|fmpz) run/ball.h
LIST

# The oracle shares no evaluation code with what it judges.
for object in "$(dirname "$KDEGRAD")"/src/run/ball_*.o "$(dirname "$KDEGRAD")/src/run/certify.o"; do
  [ -e "$object" ] || complain "no $object"
  shared=$(nm -u "$object" | awk '{ print $2 }' |
    grep -E '^kd_' | grep -vE '^kd_((ball|place|places|scene|terms|view|cuts|mean|means)(_|$)|fail$|no_memory$)') || :
  [ -z "$shared" ] || complain "$object uses $shared"
done

wrong=$(grep -nE '\b(printf|fprintf|puts|fopen|exit|abort)\(' src/core/*.c src/core/*/*.c) || :
[ -z "$wrong" ] || complain "core/ prints, opens or exits: $wrong"
wrong=$(grep -LE 'SPDX-License-Identifier: MIT' src/*/*.[ch] src/*/*/*.[ch] tests/*/*.[ch] tests/*/*.sh scripts/*) || :
[ -z "$wrong" ] || complain "no licence line: $wrong"
undefined=$(nm -u "$(dirname "$KDEGRAD")/libkdegrad.a" | awk '{ print $2 }' | grep -E '^(H5|yaml|pthread|printf|exit|open)') || :
[ -z "$undefined" ] || complain "libkdegrad.a wants $undefined"
exit $bad
