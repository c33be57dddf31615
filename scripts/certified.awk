# SPDX-License-Identifier: MIT
# The JSON of `kdegrad certify` as a comma-separated table, one line a cell: the swept
# values, what ball arithmetic proves of the defect, and of the loss's rise above its line,
# loss_change + d (h = 1). A bound is a unit of the last digit.
#
# The rise is some 25 digits smaller than d: both are taken as decimal fractions of LIMBS
# limbs of 6 digits, in which d, a double below 1, is exact.
BEGIN { LIMBS = 20; BASE = 1000000 }

/"values": / {
  values = part($0, "\"values\": {", "}")
  n = split(values, pair, ", ")
  names = row = ""
  for (i = 1; i <= n; i++) {
    split(pair[i], half, ": ")
    gsub(/"/, "", half[1])
    names = names half[1] ","
    row = row half[2] ","
    if (half[1] == "shift.by") d = half[2] + 0
  }
  if (!lines++) print names "defect,defect_bound,loss_rise,loss_rise_bound"
}
/"loss_change": / {
  change = part($0, "\"loss_change\": \"", "\"")
  defect = part($0, "\"defect\": \"", "\"")
  rise = risen(change, d)
  print row defect "," unit(defect) "," sprintf("%.17g", rise) "," \
    sprintf("%.1e", unit(change) + 2e-15*rise)
}
END { exit !lines }

function part(text, before, after,   from) {
  from = index(text, before) + length(before)
  return substr(text, from, index(substr(text, from), after) - 1)
}
# The place of a decimal number's last digit: "2.07e-25" gives 1e-27; a plain 0 is exact.
function unit(text,   mantissa) {
  if (text == "0") return 0
  mantissa = text
  sub(/e.*/, "", mantissa)
  return "1e" power(text) - (index(mantissa, ".") ? length(mantissa) - index(mantissa, ".") : 0)
}
function power(text) { return text ~ /e/ ? substr(text, index(text, "e") + 1) + 0 : 0 }

# d + change, for a text -1 < -d <= change <= 0
function risen(change, d,   a, b, i, limb, borrow, sum) {
  limbs_of_text(substr(change, 2), a)
  limbs_of_double(d, b)
  for (i = LIMBS; i >= 1; i--) {
    limb = b[i] - a[i] - borrow
    borrow = limb < 0
    limb += borrow*BASE
    sum = (sum + limb)/BASE
  }
  return sum
}
function limbs_of_text(text, limb,   digits, i) {
  digits = text
  sub(/e.*/, "", digits)
  i = index(digits ".", ".") - 1 + power(text)   # digits before the point
  sub(/[.]/, "", digits)
  for (; i < 0; i++) digits = "0" digits
  digits = substr(digits, i + 1)
  for (i = 1; i <= LIMBS; i++) limb[i] = substr(digits "000000", 6*i - 5, 6) + 0
}
function limbs_of_double(v, limb,   half, i, carry) {
  for (i = 1; i <= LIMBS; i++) limb[i] = 0
  half[0] = 1
  while (v > 0) {
    carry = 0
    for (i = 0; i <= LIMBS; i++) {
      half[i] += carry*BASE
      carry = half[i] % 2
      half[i] = (half[i] - carry)/2
    }
    v *= 2
    if (v < 1) continue
    v -= 1
    for (i = LIMBS; i >= 1; i--) {
      limb[i] += half[i]
      if (limb[i] >= BASE) { limb[i] -= BASE; limb[i - 1]++ }
    }
  }
}
