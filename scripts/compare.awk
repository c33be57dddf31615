# SPDX-License-Identifier: MIT
# Compares two comma-separated tables: the same shape, the same words, numbers
# that differ by at most `tolerance` (times the number where that exceeds 1).
#   awk -v tolerance=1e-9 -f scripts/compare.awk REFERENCE RESULT
# Exit 1 with the first difference, or the count of lines if they differ.
BEGIN {
  FS = ","
  while ((getline line < ARGV[2]) > 0) other[++n] = line
  ARGV[2] = ""
  number = "^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?$"
}
{
  fields = split(other[FNR], b, ",")
  if (FNR > n || fields != NF) fail(FNR > n ? "has only " n " lines" : "another number of columns")
  for (i = 1; i <= NF; i++) {
    if ($i "" == b[i] "") continue
    if ($i !~ number || b[i] !~ number) fail("column " i " is " b[i] ", was " $i)
    size = $i < 0 ? -$i : $i
    error = $i - b[i]; if (error < 0) error = -error
    if (!(error <= tolerance * (size > 1 ? size : 1))) fail("column " i " is " b[i] ", was " $i)
  }
}
END {
  if (!failed && FNR != n) fail("has " n " lines, was " FNR)
  exit failed
}
function fail(why) {
  if (failed) exit 1
  printf "line %d %s\n", FNR, why
  failed = 1
  exit 1
}
