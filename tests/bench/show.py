#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Shows what bench.py measured.

    tests/bench/show.py table results/bench.tsv               aligned text
    tests/bench/show.py readme results/bench.tsv README.md    writes the README's part between its marks
    tests/bench/show.py check results/bench.tsv README.md     exit 1 if it holds other numbers
"""
import sys

BEGIN, END = "<!-- make bench writes from here -->\n", "<!-- to here -->\n"

# Lines of the README's table: title, work, n (None: whatever), who is kdegrad there
ROWS = [
    *((f"Laplace, N = M = {n:,}", "laplace", n, "kdegrad") for n in (10**k for k in range(3, 8))),
    ("Laplace, 4 points, 256 bins, each of 100,000 logits", "small-laplace", 4, "kdegrad"),
    ("the same, Gaussian", "small-gaussian", 4, "kdegrad"),
    ("1,000 steps of descent, Gaussian, 100 points, 1,024 bins", "trajectory", 100, "kdegrad"),
    ("Laplace integral in closed form, 1,000,000 points", "exact", 10**6, "kdegrad"),
    ("a step of its descent", "exact-step", 10**6, "kdegrad"),
    ("triangular kernel, likewise", "compact", 10**6, "kdegrad"),
    ("a step of its descent", "compact-step", 10**6, "kdegrad"),
    ("1,000,000 cells: Laplace integral, 4 points, stored, 2 threads", "million-cells", 4, "kdegrad run"),
]
PEERS = ["C, all pairs", "C, sorted recursions", "R, FKSUM", "numpy, whole matrix", "torch, autograd"]


def read(path):
    with open(path) as file:
        lines = file.read().splitlines()
    head = [line[2:] for line in lines if line.startswith("# ")]
    columns, *rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return head, columns, rows


def table(path):
    head, columns, rows = read(path)
    lines, last = [columns], None
    for row in rows:
        if last and row[:3] != last:
            lines.append([])
        lines.append(["" if v == "nan" else v for v in row])
        last = row[:3]
    wide = [max(len(line[k]) for line in lines if line) for k in range(len(columns))]
    print(*head, "", sep="\n")
    for line in lines:
        print("  ".join(v.ljust(w) if k in (0, 3) else v.rjust(w) for k, (v, w) in enumerate(zip(line, wide))).rstrip())


def duration(ms):
    for unit, factor in (("s", 1e-3), ("ms", 1), ("µs", 1e3)):
        if ms*factor >= 1:
            break
    return f"{two_digits(ms*factor)} {unit}"


def two_digits(v):
    """2.0, 0.010, 45, 1,200"""
    return f"{float(f'{v:.2g}'):,.0f}" if v >= 9.95 else f"{v:.1f}" if v >= 0.995 else f"{v:#.2g}"


def part(path):
    head, columns, rows = read(path)
    rows = [dict(zip(columns, row)) for row in rows]
    peers = [who for who in PEERS if any(row["who"] == who for row in rows)]
    yield f"| loss and gradient | kdegrad | {' | '.join(peers)} |\n"
    yield "|---|---|" + "---|"*len(peers) + "\n"
    for title, work, n, ours in ROWS:
        here = {row["who"]: row for row in reversed(rows) if row["work"] == work and int(row["n"]) == n}
        if ours not in here:
            continue
        cells = [duration(float(here[ours]["ms"]))]
        for who in peers:
            cells.append(f"{duration(float(here[who]['ms']))} (× {two_digits(float(here[who]['ratio']))})" if who in here else "")
        yield f"| {title} | {' | '.join(cells)} |\n"
    told = dict(line.split(": ", 1) for line in head if line.partition(":")[0] in ("CPU", "compiler", "triad", "two threads"))
    absent = [line.split(": ")[1] for line in head if line.startswith("not found: ")]
    yield f"\nOn one thread unless said; {told['CPU']}; {told['compiler']}; triad {told['triad']}."
    yield f" Two threads: {told['two threads']}."
    for who, told_as in (("kdegrad, AVX2 clones", "Without AVX-512"), ("kdegrad -march=native", "Compiled for this very processor")):
        ratios = [float(row["ratio"]) for row in rows if row["who"] == who]
        if ratios:
            yield f" {told_as} kdegrad takes {min(ratios):.2f} to {max(ratios):.2f} times as long."
    yield f" Not there: {'; '.join(absent)}.\n" if absent else "\n"


def main():
    verb, path, *readme = sys.argv[1:]
    if verb == "table":
        return table(path)
    with open(readme[0]) as file:
        text = file.read()
    before, _, rest = text.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit(f"{readme[0]} lacks the marks {BEGIN.strip()} and {END.strip()}")
    new = before + BEGIN + "".join(part(path)) + END + after
    if verb == "check":
        if new != text:
            raise SystemExit(f"{readme[0]} does not hold the numbers of {path}: make bench, or tests/bench/show.py readme {path} {readme[0]}")
    elif verb == "readme":
        with open(readme[0], "w") as file:
            file.write(new)
    else:
        raise SystemExit(__doc__)


main()
