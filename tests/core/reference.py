#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes tests/core/reference.tsv: losses and gradients to 20 digits or more.

Independent of the program: plain formulas of the kernels in mpmath with 40
digits, adaptive tanh-sinh quadrature between the places where a kernel is not
smooth. Needs python3-mpmath; takes a few minutes. Run from the top:

    /usr/bin/python3 tests/core/reference.py > tests/core/reference.tsv

A row: space, kernel, shape, h, lower, upper, loss, then n times x z G.
"""
import random
from mpmath import mp, mpf, log, exp, quad, pi, gamma, cos, cosh, sinh, sqrt

mp.dps = 40


COMPACT = {"uniform": lambda u: mpf(1) / 2, "triangular": lambda u: 1 - u,
           "epanechnikov": lambda u: mpf(3) / 4 * (1 - u * u),
           "biweight": lambda u: mpf(15) / 16 * (1 - u * u) ** 2,
           "tricube": lambda u: mpf(70) / 81 * (1 - u ** 3) ** 3,
           "cosine": lambda u: pi / 4 * cos(pi * u / 2)}


CIRCLE = ("wrapped-laplace", "von-mises")


def log_k(name, r, h, s):
    u = abs(r) / h
    if name == "laplace": return -u - log(2 * h)
    if name == "gaussian": return -u * u / 2 - log(2 * pi) / 2 - log(h)
    if name == "exppow": return -u ** s + log(s / (2 * gamma(1 / s))) - log(h)
    if name == "cauchy": return -log(pi * (1 + u * u)) - log(h)
    if name == "student-t":
        return (log(gamma((s + 1) / 2) / (sqrt(s * pi) * gamma(s / 2)))
                - (s + 1) / 2 * log(1 + u * u / s) - log(h))
    if name == "logistic": return -u - 2 * log(1 + exp(-u)) - log(h)
    if name == "asymmetric-laplace":
        return -u * (s if r > 0 else 1 / s) - log(s + 1 / s) - log(h)
    if name == "wrapped-laplace": return log(cosh((pi - abs(r)) / h) / (2 * h * sinh(pi / h)))
    if name == "von-mises": return mp.cos(r) / h ** 2 - log(2 * pi * mp.besseli(0, 1 / h ** 2))
    if name in COMPACT: return log(COMPACT[name](u) / h) if u < 1 else mpf("-inf")
    if name == "sech": return -log(2 * cosh(pi * u / 2)) - log(h)
    raise ValueError(name)


def integrate(f, a, b, depth=0):
    """Vector-valued f over [a, b]: tanh-sinh, halved until two degrees agree."""
    n = len(f((a + b) / 2))
    cache = {}

    def component(i):
        def g(x):
            if x not in cache: cache[x] = f(x)
            return cache[x][i]
        return g
    values, worst = [], mpf(0)
    for i in range(n):
        v, e = quad(component(i), [a, b], error=True, maxdegree=6)
        values.append(v)
        worst = max(worst, e / max(1, abs(v)))
    if worst < mpf(10) ** -24 or depth > 40: return values
    m = (a + b) / 2
    return [p + q for p, q in zip(integrate(f, a, m, depth + 1), integrate(f, m, b, depth + 1))]


def mass(name, s, h):
    """Integral of the kernel over the circle."""
    ends = sorted({-pi, mpf(0), pi} | ({-h, h} if name in COMPACT and h < pi else set()))
    f = lambda r: exp(log_k(name, r, h, s))
    return sum(integrate(lambda r: [f(r)], a, b)[0] for a, b in zip(ends, ends[1:]))


def arc(r):
    return r - 2 * pi * mp.nint(r / (2 * pi))


def solve(name, s, h, lower, upper, x, z, space="line"):
    s, h, lower, upper = (mpf(v) for v in (s, h, lower, upper))
    x, z = [mpf(v) for v in x], [mpf(v) for v in z]
    circle = space == "circle"
    lost = log(mass(name, s, h)) if circle and name not in CIRCLE else mpf(0)
    top = max(z)
    total = sum(exp(v - top) for v in z)
    log_s = [v - top - log(total) for v in z]

    def bin_(v):
        t = [a + log_k(name, arc(v - p) if circle else v - p, h, s) - lost
             for a, p in zip(log_s, x)]
        high = max(t)
        e = [exp(a - high) for a in t]
        f = sum(e)
        return [-(high + log(f))] + [exp(a) - b / f for a, b in zip(log_s, e)]
    ends = [p + e for p in x for e in ((-h, 0, h) if name in COMPACT else (0,))]
    if circle:
        ends = [e + t * pi for e in ends for t in range(-8, 9)]
    cuts = sorted({lower, upper} | {e for e in ends if lower < e < upper})
    out = [mpf(0)] * (len(x) + 1)
    for a, b in zip(cuts, cuts[1:]):
        out = [p + q for p, q in zip(out, integrate(bin_, a, b))]
    return [v / (upper - lower) for v in out]


def problems():
    base = dict(h=1.0, lower=-0.5, upper=0.5)
    layout, z = [-2.5, 1.75, 3.25, -4.0], [0.3, -0.2, 0.9, 0.0]
    names = [("laplace", 0), ("gaussian", 0), ("exppow", 0.5), ("exppow", 1.5), ("exppow", 4.0),
             ("cauchy", 0), ("student-t", 3.0), ("logistic", 0), ("sech", 0)]
    for name in COMPACT:
        for h in (3.5, 5.0, 12.0):
            yield name, 0, {**base, "h": h, "x": layout, "z": z}
        yield name, 0, {**base, "h": 1.5, "x": [-0.75, 1.25, 0.25], "z": [5.0, 0.0, -5.0]}
        yield name, 0, {**base, "h": 0.75, "x": [0.0], "z": [0.0]}
        yield name, 0, {**base, "h": 0.5, "x": [0.0, 0.25], "z": [-3.0, 3.0]}  # touches the edge
    for kappa in (0.5, 1.0, 2.0):
        for far in (0.0, 20.0):
            yield "asymmetric-laplace", kappa, {
                **base, "x": [v + (far if v > 0 else -far) for v in layout], "z": z}
        yield "asymmetric-laplace", kappa, {"h": 0.125, "lower": 1.0, "upper": 4.0,
                                            "x": [0.5, 2.0, 2.75, 6.0], "z": [1.0, -1.0, 0.5, 0.25]}
    on_circle = [("laplace", 0), ("gaussian", 0), ("exppow", 1.5), ("cauchy", 0), ("student-t", 3.0),
                 ("logistic", 0), ("sech", 0), ("asymmetric-laplace", 2.0),
                 ("wrapped-laplace", 0), ("von-mises", 0)]
    for name in COMPACT:
        for h in (2.5, 6.0):
            yield name, 0, {"space": "circle", "h": h, "lower": -0.5, "upper": 0.5,
                            "x": [-1.0, 1.75, 3.0, -4.0], "z": z}
    for name, s in on_circle:
        for h in (0.5, 2.0):
            yield name, s, {"space": "circle", "h": h, "lower": -0.5, "upper": 0.5,
                            "x": [-1.0, 1.75, 3.0, -4.0], "z": z}
            yield name, s, {"space": "circle", "h": h, "lower": 1.0, "upper": 6.5,
                            "x": [0.25, 2.0, 5.0, 12.0], "z": z}
    turn = 3.141592653589793
    for h in (0.0625, 1.0, 100.0):
        whole = {"space": "circle", "h": h, "lower": -turn, "upper": turn}
        yield "laplace", 0, {**whole, "x": [0.25], "z": [3.0]}                  # N = 1
        yield "laplace", 0, {**whole, "x": [0.5, 0.5 - turn, turn, 0.0], "z": z}  # antipodes
        yield "laplace", 0, {**whole, "x": [2.0, 2.0, -1.0, 2.0 - turn], "z": [700.0, 0.0, -700.0, 1.0]}
        yield "laplace", 0, {"space": "circle", "h": h, "lower": 2.0, "upper": 5.0,  # across pi
                             "x": [2.0, 3.0, -1.75, 4.5, -0.25, 1.0], "z": [0.5, -1.0, 0.25, 0.0, 2.0, 1.0]}
    dice = random.Random(20220205)
    for name, s in names:
        for far in (0.0, 20.0, 800.0):
            yield name, s, {**base, "x": [v + (far if v > 0 else -far) for v in layout], "z": z}
        yield name, s, {**base, "x": layout, "z": [700.0, -700.0, 0.0, -700.0]}
        yield name, s, {**base, "x": [0.25], "z": [3.0]}                       # N = 1
        yield name, s, {**base, "x": [1.5, 1.5, 1.5], "z": [0.0, 1.0, -1.0]}   # identical
        yield name, s, {**base, "x": [-0.5, 0.5, 0.0], "z": [0.0, 1.0, -1.0]}  # edges, centre
        yield name, s, {"h": 0.125, "lower": 1.0, "upper": 4.0, "x": [0.5, 2.0, 2.75, 6.0],
                        "z": [1.0, -1.0, 0.5, 0.25]}
        for _ in range(4):
            n = dice.randint(2, 5)
            a, span = dice.uniform(-2, 0), dice.uniform(0.2, 3)
            yield name, s, {"h": dice.uniform(0.2, 2), "lower": a, "upper": a + span,
                            "x": [dice.uniform(-4, 4) for _ in range(n)],
                            "z": [dice.uniform(-3, 3) for _ in range(n)]}
    for name in ("uniform", "triangular", "epanechnikov"):
        yield name, 0, {"h": 0.25, "lower": -1.0, "upper": 1.0,  # supports that touch
                        "x": [-0.75, -0.25, 0.25, 0.75], "z": [0.0, 1.0, -1.0, 2.0]}
        yield name, 0, {**base, "h": 0.5, "x": [-0.5, 0.125, 0.5, 0.0, 0.0],
                        "z": [14.0, -14.0, 0.0, 2.0, -6.0]}
        yield name, 0, {**base, "h": 32.0, "x": [-32.0625, 31.75, 32.125, -31.9, 20.0],
                        "z": [0.0, 3.0, -2.0, 1.0, -8.0]}
        x = [0.25 * k + dice.uniform(-0.2, 0.2) for k in range(13)]
        yield name, 0, {"h": 0.35, "lower": 0.0, "upper": 3.0, "x": x,
                        "z": [dice.uniform(-10, 10) for _ in x]}


def main():
    print("# made by tests/core/reference.py: space kernel shape h lower upper loss, then x z G each")
    for name, s, p in problems():
        out = solve(name, s, **p)
        row = [p.get("space", "line"), name, repr(float(s)), repr(p["h"]), repr(p["lower"]), repr(p["upper"]),
               mp.nstr(out[0], 22)]
        for x, z, g in zip(p["x"], p["z"], out[1:]):
            row += [repr(x), repr(z), mp.nstr(g, 22)]
        print("\t".join(row), flush=True)


main()
