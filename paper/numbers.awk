# SPDX-License-Identifier: MIT
# The paper's numbers, as macros \valNAME, from the tables that scripts/paper
# exports: laplace-shift.csv, kernel-family.csv, descent.csv, in this order; the
# program's version is -v version, the number of cells that judge claims -v claim_cells, that of
# the layouts on which kernels are compared -v layouts. A number that the tables lack is an
# error.
#
# Shifts and layout are dyadic, so that they compare exactly; c = 0, h = 1, b - a = 1.
BEGIN { FS = "," }
FNR == 1 { table++; next }

# kernel.family shift.by point x logits defect loss_change d_edge d_centre, and the bounds
# of defect, loss_change, gradient
table == 1 {
  edge = $8; centre = $9
  if ($3 == 0) {
    cells++
    name = kernel($1)
    if ($2 == edge) { edge_defect[name] = $6; edge_loss[name] = $7 }
    if ($2 == centre) { centre_defect[name] = $6; centre_loss[name] = $7 }
    grow("defect bound", $10)
    grow("gradient bound", $12)
    if ($1 == "laplace" && $2 <= edge) {
      grow("inside bound", $10)
      grow("inside loss bound", $11)
      grow("inside defect", $6)
      grow("inside loss", $7 + $2)
    }
    if ($1 == "laplace" && $2 > edge && first == "") { first = $2; first_defect = $6 }
  }
  if ($1 == "laplace" && $2 == 0) {
    x = list(x, $4); z = list(z, $5)
    logit[$3] = $5
  }
  if ($1 == "laplace" && $2 == edge) { at[$3] = $4 + 0 }
}

# kernel.shape shift.by defect defect_bound
table == 2 {
  family_cells++
  if ($1 == 1) { grow("family at one", $3); grow("family bound at one", $4) }
  if ($2 == edge && $1 < 1 && $3 + 0 > low) { low = $3 + 0; low_p = $1 }
  if ($2 == edge && $1 > 1 && $3 + 0 > high) { high = $3 + 0; high_p = $1 }
  if ($2 == edge && $1 != 1) least = least == "" || $3 + 0 < least ? $3 + 0 : least
  if ($1 + 0 >= last_p) { last_p = $1 + 0; last[$2 + 0] = $3 }
}

# kernel.family shift.by iteration trajectory_loss trajectory_norm
table == 3 && $2 == 0 { loss[$1, $3] = $4; norm[$1, $3] = $5; steps = $3 }
table == 3 && $2 == edge {
  if (!number(loss[$1, $3]) || !number($4)) next
  gap = loss[$1, $3] - $4
  if ($1 == "laplace") {
    grow("gap error", gap - edge)
    grow("norm error", norm[$1, $3] - $5)
    moved = $4
  }
  if ($3 == 0) { gap_first[$1] = gap; gap_least[$1] = gap; gap_most[$1] = gap }
  if (gap < gap_least[$1]) gap_least[$1] = gap
  if (gap > gap_most[$1]) gap_most[$1] = gap
  gap_last[$1] = gap
}

END {
  text("Version", version)
  text("ClaimCells", claim_cells)
  text("ComparedLayouts", layouts)
  text("Points", x)
  text("Logits", z)
  put("Edge", "%.2f", edge)
  put("Centre", "%.2f", centre)

  put("ShiftCells", "%d", cells)
  small("InsideDefect", most["inside defect"])
  small("InsideLoss", most["inside loss"])
  upward("InsideBound", most["inside bound"])
  upward("InsideLossBound", most["inside loss bound"])
  upward("DefectBound", most["defect bound"])
  upward("GradientBound", most["gradient bound"])
  small("EdgeDefectLaplace", edge_defect["Laplace"])
  kernel_numbers("Laplace")
  for (n = split("Gaussian Exppow Cauchy StudentT Logistic Sech Uniform", k, " "); n; n--) {
    v = edge_defect[k[n]]
    if (others_least == "" || v < others_least) others_least = v
    if (v > others_most) others_most = v
    put("EdgeDefect" k[n], "%.4f", v)
    kernel_numbers(k[n])
  }
  put("OthersLeast", "%.4f", others_least)
  put("OthersMost", "%.4f", others_most)

  # The law past the edge: rho of the point that stands on the edge, there
  for (i in at) if (at[i] == centre - edge || at[i] == edge - centre) entering = i
  for (i in at) {
    term = exp(logit[i] - size(at[i] - at[entering]))
    all += term
    if (i == entering) own = term
  }
  rho = all ? own/all : ""
  put("Rho", "%.4f", rho)
  put("First", "%.5f", first - edge)
  small("FirstDefect", first_defect, 4)
  small("FirstLaw", rho*(1 - rho)*(first - edge)^2, 4)
  put("CentreLaw", "%.4f", rho*(1 - rho)*(centre - edge)^2)
  put("CentreRise", "%.4f", centre_loss["Laplace"] + centre)
  put("CentreRiseLaw", "%.4f", rho*(centre - edge)^2)

  put("FamilyCells", "%d", family_cells)
  small("FamilyAtOne", most["family at one"])
  upward("FamilyBound", most["family bound at one"])
  put("LowMax", "%.4f", low)
  put("LowP", "%.3f", low_p)
  put("HighMax", "%.4f", high)
  put("HighP", "%.3f", high_p)
  put("FamilyLeast", "%.4f", least)
  put("FamilyLast", "%.4f", last[edge + 0])
  put("FamilyLimit", "%.4f", 1/(1 + exp(logit[1] - logit[0]))/4 - 1/8)
  small("FamilyLastNear", last[0.25])
  small("FamilyLastFar", last[0.75])

  put("Steps", "%d", steps)
  small("GapError", most["gap error"])
  small("NormError", most["norm error"])
  put("LossEnd", "%.3f", loss["laplace", steps])
  put("LossEndMoved", "%.3f", moved)
  put("GaussianGapFirst", "%.3f", gap_first["gaussian"])
  put("GaussianGapLeast", "%.3f", gap_least["gaussian"])
  put("GaussianGapLast", "%.3f", gap_last["gaussian"])
  put("CauchyGapFirst", "%.3f", gap_first["cauchy"])
  put("CauchyGapMost", "%.3f", gap_most["cauchy"])
  put("CauchyGapLast", "%.3f", gap_last["cauchy"])
  exit failed
}

function kernel_numbers(name) {
  put("CentreDefect" name, "%.4f", centre_defect[name])
  put("EdgeLoss" name, "%.4f", edge_loss[name])
}
function fail(name, value) {
  printf "paper/numbers.awk: no number for \\val%s (found \"%s\")\n", name, value | "cat 1>&2"
  failed = 1
}
function text(name, value) {
  if (value == "") fail(name, value)
  else printf "\\newcommand{\\val%s}{\\ensuremath{%s}}\n", name, value
}
function put(name, format, value) {
  if (!number(value)) fail(name, value)
  else text(name, sprintf(format, value))
}
# 1.2e-05 becomes 1.2\times10^{-5}; `digits` digits, two unless told
function small(name, value, digits,   part) {
  if (!number(value)) { fail(name, value); return }
  split(sprintf("%." (digits ? digits - 1 : 1) "e", value), part, "e")
  text(name, value == 0 ? "0" : part[1] "\\times10^{" part[2] + 0 "}")
}
# A bound: two digits, rounded up
function upward(name, value,   part) {
  if (number(value) && value != 0) {
    split(sprintf("%.1e", value), part, "e")
    if (sprintf("%.1e", value) + 0 < value + 0) value = (part[1] + 0.1) "e" part[2]
  }
  small(name, value)
}
function number(v) { return v ~ /^-?[0-9.]+(e[-+]?[0-9]+)?$/ }
function size(v) { return v < 0 ? -v : v }
# The largest |v| under this name; once a number is missing there is none.
function grow(name, v) {
  if (!number(v)) most[name] = "nan"
  if (most[name] == "" || (number(most[name]) && size(v) > most[name])) most[name] = size(v)
}
function list(all, v) { return all (all == "" ? "" : ",\\ ") sprintf("%g", v) }
function kernel(name) { # student-t -> StudentT
  name = toupper(substr(name, 1, 1)) substr(name, 2)
  return name == "Student-t" ? "StudentT" : name
}
