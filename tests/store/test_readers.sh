#!/bin/sh
# SPDX-License-Identifier: MIT
# A result file is read without us: by netCDF-C (ncdump), h5netcdf through
# xarray, and h5py, despite the trailer. Run from the top of the checkout; the
# test program test_file, beside $KDEGRAD, writes the example of example.h.
set -eu
dump=$TMP/header.cdl
"$(dirname "$KDEGRAD")/tests/store/test_file" "$TMP/example.h5"

ncdump -h "$TMP/example.h5" >"$dump"
while IFS= read -r line; do
  grep -qF "$line" "$dump" || { echo "ncdump shows no line: $line"; cat "$dump"; exit 1; }
done <<'LINES'
cell = 7 ;
point = 5 ;
step = 4 ;
bin = 3 ;
int64 kernel.family(cell) ;
double gradient(cell, point) ;
double gradient_bound(cell) ;
double log_f(cell, bin) ;
double bin_gradient(cell, bin, point) ;
int64 iteration(cell, step) ;
ubyte status(cell) ;
uint64 key_high(cell) ;
string shift.by:units = "length" ;
string kernel.family:flag_meanings = "laplace gaussian cauchy" ;
string status:flag_meanings = "ok uncovered diverged not-applicable failed" ;
status:flag_values = 0UB, 1UB, 2UB, 3UB, 4UB ;
string gradient:coordinates = "kernel.family shift.by points.seed" ;
string bin_gradient:coordinates = "kernel.family shift.by points.seed" ;
string :title = "An example: Überraschung" ;
:schema_version = 1LL ;
LINES
grep -A 1 'global attributes' "$dump" | grep -q ':title' || { echo "title is not first"; exit 1; }
ncdump -v gradient,x,bin_gradient "$TMP/example.h5" >"$TMP/values.cdl"

/usr/bin/python3 - "$TMP/example.h5" <<'PYTHON'
import sys

import h5py
import numpy as np
import xarray

path = sys.argv[1]
cells, points, steps, bins = 7, 5, 4, 3


def number(row, i, kind):
    return kind + np.sqrt(1.0 + row) + 1e-3 * i


# Engine h5netcdf by name; no engine: what xarray picks must work as well.
for engine in ("h5netcdf", None):
    d = xarray.open_dataset(path, engine=engine)
    assert dict(d.sizes) == {"cell": cells, "point": points, "step": steps, "bin": bins}, d.sizes
    assert {"kernel.family", "shift.by", "points.seed"} <= set(d.coords), d.coords
    assert d["gradient"].dims == ("cell", "point")
    assert d["trajectory_loss"].dims == ("cell", "step")
    assert d["bin_centre"].dims == d["log_f"].dims == ("cell", "bin")
    assert d["bin_gradient"].dims == ("cell", "bin", "point")
    assert d["cell"].dtype == np.int64 and list(d["cell"].values) == list(range(cells))
    assert d["kernel.family"].dtype == np.int64
    assert d["kernel.family"].attrs["flag_meanings"] == "laplace gaussian cauchy"
    assert list(d["kernel.family"].attrs["flag_values"]) == [0, 1, 2]
    assert d["status"].dtype == np.uint8 and d["status"].values[3] == 3
    assert d["shift.by"].attrs["units"] == "length"
    assert d["loss"].attrs["units"] == "1"
    assert d["loss"].attrs["long_name"].startswith("cross-entropy")
    assert np.isnan(d["points.seed"].values[2]) and d["points.seed"].values[4] == 1004
    assert np.isinf(d["loss"].values[1]) and np.isnan(d["loss"].values[3])
    assert d["key_high"].values[0] == 2**64 - 1
    for row in range(cells):
        n = 0 if row == 3 else points - row % 3
        expected = [number(row, i, 0.1) for i in range(n)]
        assert list(d["gradient"].values[row][:n]) == expected, row
        assert np.isnan(d["gradient"].values[row][n:]).all()
        m = 0 if row == 3 else bins - row % 2
        block = d["bin_gradient"].values[row]
        assert block.shape == (bins, points)
        for k in range(m):
            got = list(block[k][:n])
            if (row, k) == (1, 1):  # an uncovered bin
                assert np.isnan(got).all() and d["log_f"].values[row][k] == -np.inf
            else:
                assert got == [number(row, 2 * m + k * n + i, 5) for i in range(n)], (row, k)
            assert np.isnan(block[k][n:]).all()
        assert np.isnan(block[m:]).all() and np.isnan(d["bin_centre"].values[row][m:]).all()
    assert d["loss_bound"].values[2] == 2e-16 and np.isnan(d["loss_bound"].values[3])
    assert d.attrs["config"] == "experiment: example\nkernel: {family: laplace}\n"
    laplace = d.where(d["kernel.family"] == 0, drop=True)
    assert list(laplace["shift.by"].values) == [0.0, 0.375, 0.75]
    d.close()

with h5py.File(path, "r") as f:
    assert f["gradient"].dims[0].keys() == ["cell"] and f["gradient"].dims[1].keys() == ["point"]
    assert [axis.keys() for axis in f["bin_gradient"].dims] == [["cell"], ["bin"], ["point"]]
    for name, dataset in f.items():
        assert dataset.fletcher32, name
        assert h5py.h5ds.is_scale(dataset.id) or all(len(axis) == 1 for axis in dataset.dims), name
        assert isinstance(dataset.attrs["units"], str), name
        assert isinstance(dataset.attrs["long_name"], str), name
    assert f.attrs["source"] == "kdegrad test"
PYTHON
