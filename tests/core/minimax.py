#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The polynomials of src/core/vexp.h, vexpm1.h, vlog.h, vtrig.h, vpow.h and gamma.c: Remez's
exchange in 300 bits, then every coefficient rounded to a double. Prints C and the largest
weighted error of the rounded polynomial, which is in units of the function's result.
Needs mpmath; run by hand, not by a test."""
import mpmath as m
from mpmath import mpf

m.mp.prec = 300
GRID = 800


def remez(f, weight, a, b, degree):
    """c_0..c_degree of least max |weight (f - sum c_i x^i)| over [a, b]"""
    n, a, b = degree + 2, mpf(a), mpf(b)
    x = [(a + b) / 2 - (b - a) / 2 * m.cos(m.pi * j / GRID) for j in range(GRID + 1)]
    value, w = [f(t) for t in x], [weight(t) for t in x]
    reference = [round(GRID * (2 * j + 1) / (2 * n)) for j in range(n)]
    for _ in range(40):
        system, right = m.matrix(n, n), m.matrix(n, 1)
        for row, q in enumerate(reference):
            for i in range(n - 1):
                system[row, i] = x[q] ** i
            system[row, n - 1] = (-1) ** row / w[q]
            right[row] = value[q]
        c = list(m.lu_solve(system, right))[:n - 1]
        error = [w[q] * (value[q] - m.polyval(c[::-1], x[q])) for q in range(GRID + 1)]
        extrema, start = [], 0
        for q in range(1, GRID + 2):
            if q > GRID or (error[q] > 0) != (error[start] > 0):
                extrema.append(max(range(start, q), key=lambda k: abs(error[k])))
                start = q
        while len(extrema) > n:
            extrema.pop(0 if abs(error[extrema[0]]) < abs(error[extrema[-1]]) else -1)
        assert len(extrema) == n
        if extrema == reference:
            break
        reference = extrema
    c = [mpf(float(t)) for t in c]
    return c, max(abs(w[q] * (value[q] - m.polyval(c[::-1], x[q]))) for q in range(GRID + 1))


def show(name, *arguments):
    c, error = remez(*arguments)
    print(f"{name}: error 2^{float(m.log(error, 2)):.1f}")
    print("    " + ",\n    ".join(float(t).hex() for t in c))


def near_zero(f, series):
    """f, whose formula cancels near 0, by the first terms of its series there"""
    return lambda t: series(t) if abs(t) < mpf(10)**-25 else f(t)


def halves(z):
    r = m.sqrt(z)
    return (r / m.tanh(r / 2) - 2) / z


def atanh_tail(first):
    """(atanh(s)/s - sum of the terms below z^first)/z^first, z = s^2"""
    def tail(z):
        s = m.sqrt(z)
        return (m.atanh(s) / s - sum(z**j / (2 * j + 1) for j in range(first))) / z**first
    return near_zero(tail, lambda z: mpf(1) / (2 * first + 1))


def floor_at(t, least):
    return max(abs(t), mpf(least))  # Remez needs a positive weight


root = m.sqrt(2)
reach = ((root - 1) / (root + 1))**2 * mpf('1.0001')
quarter = (m.pi / 4 * mpf('1.0001'))**2

show("exp, (r coth(r/2) - 2)/z", near_zero(halves, lambda z: mpf(1) / 6 - z / 360),
     lambda z: floor_at(z, '.002')**1.5 / 2, 0, mpf('.4056')**2, 4)
show("expm1, ((e^r - 1 - r)/r^2 - 1/2)/r",
     near_zero(lambda r: ((m.expm1(r) - r) / r**2 - mpf(1) / 2) / r, lambda r: mpf(1) / 6),
     lambda r: floor_at(r, '.03')**3 / floor_at(m.expm1(r), '.03'), '-.2878', '.4056', 9)
show("log, (atanh(s)/s - 1)/z", atanh_tail(1), lambda z: floor_at(z, '.001'), 0, reach, 6)
show("pow, 15 times the same after three terms", lambda z: 15 * atanh_tail(3)(z),
     lambda z: floor_at(z, '.001')**3 / 15, 0, reach, 7)
show("sin, (sin(r)/r - 1)/z",
     near_zero(lambda z: (m.sin(m.sqrt(z)) / m.sqrt(z) - 1) / z, lambda z: -mpf(1) / 6),
     lambda z: floor_at(z, '.01'), 0, quarter, 5)
show("cos, (cos(r) - 1 + z/2)/z^2",
     near_zero(lambda z: (m.cos(m.sqrt(z)) - 1 + z / 2) / z**2, lambda z: mpf(1) / 24),
     lambda z: floor_at(z, '.01')**2, 0, quarter, 5)
show("lgamma, log Gamma(2 + t)/t",
     near_zero(lambda t: m.loggamma(2 + t) / t, lambda t: 1 - m.euler), lambda t: 1, '-.5', '.5', 19)
