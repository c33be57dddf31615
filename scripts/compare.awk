# SPDX-License-Identifier: MIT
# Compares two comma-separated tables of the same shape, column by column:
#   NAME beside a column NAME_bound    differs by at most the sum of both bounds
#   NAME_bound                         is at most twice the committed one
#   an axis: a swept key (a dotted name), a dimension, an iteration; and all words
#                                      the same text
#   any other number                   differs by at most 1e-12 of itself
#   awk -f scripts/compare.awk REFERENCE RESULT
# Prints how many numbers were compared by bounds and how many by 1e-12. Exit 1 with
# the first difference, its row, its column, both values and both bounds.
BEGIN {
  FS = ","
  while ((getline line < ARGV[2]) > 0) other[++n] = line
  ARGV[2] = ""
  number = "^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?$"
  bounded = free = 0
}
FNR > n || split(other[FNR], b, ",") != NF {
  fail(FNR > n ? "has only " n " lines" : "has another number of columns")
}
FNR == 1 {
  for (i = 1; i <= NF; i++) {
    if ($i "" != b[i] "") fail("column " i " is " b[i] ", was " $i)
    name[i] = $i
    column[$i] = i
  }
  for (i = 1; i <= NF; i++) {
    rule[i] = $i ~ /_bound$/ ? "bound" : $i ~ /[.]/ || is_axis($i) ? "axis" : "free"
    if (($i "_bound") in column) bound_of[i] = column[$i "_bound"]
  }
  next
}
{
  for (i = 1; i <= NF; i++) {
    limit = limit_of(i)
    if (rule[i] != "axis" && $i ~ number) counted(i)
    if ($i "" == b[i] "") continue
    if ($i !~ number || b[i] !~ number) differ(i)
    if (!(b[i] - $i <= limit && (rule[i] == "bound" || $i - b[i] <= limit))) differ(i)
  }
}
END {
  if (!failed && FNR != n) fail("has " n " lines, was " FNR)
  if (!failed) print bounded, free
  exit failed
}
function is_axis(word) { return word ~ /^(cell|point|step|bin|iteration|steps_taken)$/ }
function size(v) { return v < 0 ? -v : v }
# The largest difference that is none
function limit_of(i) {
  if (rule[i] == "axis") return -1
  if (rule[i] == "bound") return $i
  if (!(i in bound_of)) return 1e-12*(size($i) > size(b[i]) ? size($i) : size(b[i]))
  if ($(bound_of[i]) !~ number || b[bound_of[i]] !~ number) return -1
  return $(bound_of[i]) + b[bound_of[i]]
}
function counted(i) {
  if (i in bound_of) bounded++
  else if (rule[i] == "free") free++
}
# "column defect is 0.2 (bound 1e-15), was 0.1 (bound 1e-15)", and in which row
function differ(i,   k, row) {
  for (k = 1; k <= NF; k++) if (rule[k] == "axis") row = row (row ? " " : "") name[k] "=" $k
  fail("(" row ") column " name[i] " is " b[i] with_bound(i, 1) ", was " $i with_bound(i, 0))
}
function with_bound(i, ours) {
  if (i in bound_of) return " (bound " (ours ? b[bound_of[i]] : $(bound_of[i])) ")"
  return rule[i] == "axis" ? "" : rule[i] == "bound" ? " (it may double)" : " (no bound: 1e-12)"
}
function fail(why) {
  if (failed) exit 1
  printf "line %d %s\n", FNR, why
  failed = 1
  exit 1
}
