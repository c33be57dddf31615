# SPDX-License-Identifier: MIT
# The sweep that tests of runs and plans change: read in.
config() { # FAMILIES COUNT TO > file: shifts in steps of 1/64
  cat <<YAML
experiment: sweep
target: {bounds: [-0.5, 0.5]}
points: {layout: uniform, count: 12, span: [1, 9], seed: 7}
record: [loss, gradient, defect]
sweep:
  kernel.family: [$1]
  shift.by: {from: 0, to: $3, count: $2}
YAML
}
