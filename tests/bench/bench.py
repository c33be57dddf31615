#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Measures works by all contenders in turns, and writes the table of it.

    tests/bench/bench.py OUT.tsv [--tiny]      --tiny: small sizes and few rounds, for the test

The programs are those that `make bench` builds under $B (build). A work is a line of WORKS, who
does it a line of CONTENDERS; both speak the protocol of contender.h. Numbers are medians of
rounds in which each contender has its turn. Errors are against the same sums in long double, of
up to 1,000 gradients. What is not there is named in the head.

kdegrad is ours.c, the others are in peers/. show.py makes table and README of what was measured,
bench.gp the figure. Apart from these: works.c, which `make gate` counts, and times of single parts,
`make bench-parts`.
"""
import collections
import decimal
import json
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

TINY = "--tiny" in sys.argv
B = os.environ.get("B", "build")
KDEGRAD = os.environ.get("KDEGRAD", f"{B}/kdegrad")
HERE = os.path.dirname(__file__)
# Rounds of a work, from and to, the seconds after which no further one begins, and those that a
# contender may take in all, with 3 rounds or more
ROUNDS, MOST_ROUNDS, SECONDS, PATIENCE = (1, 3, 0.1, 1) if TINY else (5, 25, 4, 4)

Work = collections.namedtuple("Work", "name kind kernel n m problems steps best", defaults=(0, False))
Contender = collections.namedtuple("Contender", "who threads kinds command most", defaults=(math.inf,))

# best: the least of nine times, for what two threads gain; else medians
WORKS = [
    *(Work("laplace", "cells", "laplace", n, n, max(1, 20000//n)) for n in (10**k for k in range(3, 8))),
    Work("small-laplace", "logits", "laplace", 4, 256, 100000),
    Work("small-gaussian", "logits", "gaussian", 4, 256, 100000),
    Work("trajectory", "cells", "gaussian", 100, 1024, 1, 1000),
    Work("exact", "exact", "laplace", 10**6, 1, 1),
    Work("exact-step", "exact", "laplace", 10**6, 1, 1, 5),
    Work("compact", "exact", "triangular", 10**6, 1, 1),
    Work("compact-step", "exact", "triangular", 10**6, 1, 1, 5),
    Work("million-cells", "sweep", "laplace", 4, 1, 10**6),
    Work("two-threads", "threads", "gaussian", 1000, 4096, 32, 0, True),
]
if TINY:
    WORKS = [
        Work("laplace", "cells", "laplace", 1000, 1000, 2),
        Work("small-gaussian", "logits", "gaussian", 4, 256, 100),
        Work("trajectory", "cells", "gaussian", 20, 64, 1, 10),
        Work("exact", "exact", "laplace", 1000, 1, 1),
        Work("exact-step", "exact", "laplace", 1000, 1, 1, 10),
        Work("compact", "exact", "triangular", 1000, 1, 1),
        Work("million-cells", "sweep", "laplace", 4, 1, 400),
        Work("two-threads", "threads", "gaussian", 10, 64, 4, 0, True),
    ]

# kinds: of work that it is asked for; most: pairs of a point and a bin in a problem
PAIRS = 1e8
PYTHON = ["/usr/bin/python3", f"{HERE}/peers/arrays.py"]
CONTENDERS = [
    Contender("kdegrad", 1, "cells logits exact", [f"{B}/tests/bench/ours"]),
    Contender("kdegrad -march=native", 1, "cells logits exact", [f"{B}/native/tests/bench/ours"]),
    Contender("kdegrad, AVX2 clones", 1, "cells logits exact", [f"{B}/avx2/tests/bench/ours"]),
    Contender("kdegrad run", 1, "cells threads", None),
    Contender("kdegrad run", 2, "sweep threads", None),
    Contender("C, all pairs", 1, "cells logits", [f"{B}/tests/bench/peers/pairs"], PAIRS),
    Contender("C, all pairs", 2, "cells", [f"{B}/tests/bench/peers/pairs"], PAIRS),
    Contender("C, sorted recursions", 1, "cells exact", [f"{B}/tests/bench/peers/sorted"]),
    Contender("R, FKSUM", 1, "cells", ["Rscript", f"{HERE}/peers/fksum.R"], 1e12),
    Contender("numpy, whole matrix", 1, "cells logits", [*PYTHON, "numpy-whole"], PAIRS),
    Contender("numpy, blocks", 1, "cells", [*PYTHON, "numpy-blocks"], PAIRS),
    Contender("torch, autograd", 1, "cells logits", [*PYTHON, "torch"], PAIRS),
    Contender("machine", 1, "cells threads", [f"{B}/tests/bench/peers/machine"]),
    Contender("machine", 2, "cells threads", [f"{B}/tests/bench/peers/machine"]),
]
TRUTHS = [Contender("all pairs in long double", 2, "cells logits", [f"{B}/tests/bench/truth/pairs"], PAIRS),
          Contender("recursions in long double", 1, "cells exact", [f"{B}/tests/bench/truth/sorted"])]
if TINY:  # what `make test` builds
    CONTENDERS = [c for c in CONTENDERS if not re.match("kdegrad -m", c.who)]
SAME_BITS = [c.who for c in CONTENDERS if c.who.startswith("kdegrad") and c.command]

Answer = collections.namedtuple("Answer", "ms loss gradients")


class Absent(Exception):
    """Of a contender; the text says why, if it is not simply absent"""


class Program:
    """A contender that answers tasks on its standard input"""

    # Waiting threads sleep. Arrays that Python frees stay its own, on huge pages: not every round shall pay
    # for fresh ones.
    ENVIRONMENT = {**os.environ, "OMP_WAIT_POLICY": "passive"}
    OF_PYTHON = {**ENVIRONMENT, "MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(10**12),
                 "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}

    def __init__(self, contender):
        try:
            self.process = subprocess.Popen([*contender.command, str(contender.threads)], text=True,
                                            env=self.OF_PYTHON if PYTHON[1] in contender.command else self.ENVIRONMENT,
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        except OSError:
            raise Absent
        if self.process.stdout.readline() != "ready\n":
            self.close()
            raise Absent

    def ask(self, work):
        self.process.stdin.write(" ".join(map(str, work[1:7])) + "\n")
        self.process.stdin.flush()
        words = self.process.stdout.readline().split()
        if not words:
            raise Absent(" (broke off)")
        if words == ["cannot"]:
            return None
        return Answer(float(words[0]), decimal.Decimal(words[1]), [decimal.Decimal(w) for w in words[2:]])

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def config(work):
    """What `kdegrad run` is given; YAML holds JSON. Points and logits are those of contender.h."""
    text = {"experiment": "bench", "kernel": {"family": work.kernel}, "target": {"bounds": [-1, 1]},
            "points": {"at": [-3 + 6*math.modf(0.6180339887498949*j)[0] for j in range(work.n)]},
            "logits": {"init": "explicit", "at": [math.sin(j) for j in range(work.n)]}}
    if work.kind == "sweep":
        side = math.isqrt(work.problems)
        text["points"]["at"] = [1.25 + 0.25*j*(-1)**j for j in range(4)]
        return {**text, "integral": {"rule": "exact"}, "record": ["loss", "gradient"], "sweep": {
            "kernel.bandwidth": {"from": 0.5, "to": 2, "count": side}, "shift.by": {"from": 0, "to": 0.125, "count": side}}}
    text["integral"] = {"rule": "midpoint", "bins": work.m}
    if work.kind == "threads":
        return {**text, "record": ["loss", "gradient"],
                "sweep": {"kernel.bandwidth": {"from": 0.5, "to": 2, "count": work.problems}}}
    return {**text, "descent": {"method": "gd", "rate": 1, "steps": work.steps}, "record": ["trajectory"]}


class Run:
    """A contender that is the whole process, from config to result file, by the clock"""

    def __init__(self, contender):
        self.threads = contender.threads
        self.folder = tempfile.TemporaryDirectory()

    def ask(self, work):
        if work.kind == "cells" and not work.steps:
            return None
        source, result = f"{self.folder.name}/bench.yaml", f"{self.folder.name}/bench.h5"
        with open(source, "w") as file:
            json.dump(config(work), file)
        begin = time.perf_counter()
        subprocess.run([KDEGRAD, "run", "-q", "-j", str(self.threads), source, "-o", result], check=True)
        ms = 1e3*(time.perf_counter() - begin)
        loss = decimal.Decimal("nan")
        if work.steps:
            told = subprocess.run([KDEGRAD, "export", "--csv", "--columns", "trajectory_loss", result],
                                  check=True, text=True, stdout=subprocess.PIPE).stdout
            loss = decimal.Decimal(told.split()[-1])
        for name in os.listdir(self.folder.name):
            os.remove(f"{self.folder.name}/{name}")
        return Answer(ms, loss, [])

    def close(self):
        self.folder.cleanup()


def start(contender):
    return Program(contender) if contender.command else Run(contender)


def say(text):
    print(text, file=sys.stderr, flush=True)


def truth(work):
    fit = [t for t in TRUTHS if work.kind in t.kinds.split() and work.n*work.m <= t.most]
    if not fit:
        return None
    program = start(fit[0])
    answer = program.ask(work)
    program.close()
    return answer


def errors(answer, true):
    """Of the loss, and of a gradient over the largest weight"""
    if not true or answer.loss.is_nan():
        return math.nan, math.nan
    gradient = [abs(a - b) for a, b in zip(answer.gradients, true.gradients, strict=not answer.gradients == [])]
    return float(abs(answer.loss - true.loss)), float(max(gradient)) if gradient else math.nan


def in_turns(work, programs):
    """What each took, in ms: a list a program"""
    took, spent = [[] for _ in programs], [0.0]*len(programs)
    least, most = (9, 9) if work.best and not TINY else (ROUNDS, MOST_ROUNDS)
    begin = time.monotonic()
    for turn in range(most):
        if turn >= least and time.monotonic() - begin > SECONDS:
            break
        for k, program in enumerate(programs):
            if turn >= 3 and spent[k] > PATIENCE and not work.best:
                continue
            asked = time.monotonic()
            took[k].append(program.ask(work).ms)
            spent[k] += time.monotonic() - asked
    return took


class Table:
    def __init__(self):
        self.lines, self.head, self.absent = [], [], []

    def missing(self, who):
        if who not in self.absent:
            self.absent.append(who)

    def entrants(self, work):
        """(contender, program, its first answer), of those that are there and can"""
        for contender in CONTENDERS:
            if work.kind not in contender.kinds.split() or contender.most < work.n*work.m:
                continue
            try:
                program = start(contender)
                answer = program.ask(work)
            except Absent as why:
                self.missing(f"{contender.who}{why}")
                continue
            if answer:
                yield contender, program, answer
            else:
                program.close()

    def measure(self, work):
        begin = time.monotonic()
        say(f"bench: {work.name}, n = {work.n}, m = {work.m}")
        true = truth(work)
        running = list(self.entrants(work))
        took = in_turns(work, [program for _, program, _ in running])
        for (contender, _, answer), times in zip(running, took):
            self.line(work, contender, (min if work.best else statistics.median)(times), errors(answer, true))
        if len({str(answer[1:]) for contender, _, answer in running if contender.who in SAME_BITS}) > 1:
            raise SystemExit(f"bench: {', '.join(SAME_BITS)} differ in {work.name}")
        self.memory(work, running)
        for _, program, _ in running:
            program.close()
        say(f"bench:   {max(map(len, took), default=0)} rounds, {time.monotonic() - begin:.1f} s")

    def line(self, work, contender, ms, error):
        ours = [line for line in self.lines if line[:3] == (work.name, work.n, work.m)]
        ratio = ms/ours[0][5] if ours else 1.0
        ns = 1e6*ms/work.n if work.n == work.m else math.nan
        self.lines.append((work.name, work.n, work.m, contender.who, contender.threads, ms, ratio, ns, *error))

    def memory(self, work, running):
        if (work.name, work.n) != ("laplace", 10**7):
            return
        with open(f"/proc/{running[0][1].process.pid}/status") as file:
            peak = 1024*int(re.search(r"VmHWM:\s*(\d+)", file.read())[1])
        self.head.append(f"memory: {peak/work.n:.0f} bytes a (point + bin) at N = M = {work.n}, 16 of them the data")

    def find(self, name, who, threads):
        times = [line[5] for line in self.lines if (line[0], line[3], line[4]) == (name, who, threads)]
        return times[-1]

    def gains(self):
        gain = [self.find("two-threads", who, 1)/self.find("two-threads", who, 2) for who in ("kdegrad run", "machine")]
        self.head.append(f"two threads: a sweep of heavy cells {gain[0]:.2f} times as fast as one, arithmetic in registers {gain[1]:.2f} times")
        size = [line[1] for line in self.lines if line[0] == "laplace"][-1]
        rate = [24e-6*size/self.find("laplace", "machine", threads) for threads in (1, 2)]
        self.head.append(f"triad: {rate[0]:.1f} GB/s on 1 thread, {rate[1]:.1f} on 2, arrays of {8e-6*size:.2g} MB")

    def write(self, path):
        columns = ["work", "n", "m", "who", "threads", "ms", "ratio", "ns", "loss_error", "gradient_error"]
        with open(path + ".new", "w") as file:
            for text in [*machine(), *self.head, *(f"not found: {who}" for who in self.absent)]:
                print("#", text, file=file)
            print(*columns, sep="\t", file=file)
            for line in self.lines:
                print(*line[:5], *(f"{v:.4g}" for v in line[5:8]), *(f"{v:.1e}" for v in line[8:]), sep="\t", file=file)
        os.replace(path + ".new", path)


def machine():
    with open("/proc/cpuinfo") as file:
        text = file.read()
    model = re.search(r"model name\s*: (.*)", text)
    flags = [f for f in ("avx2", "avx512f") if re.search(rf"\b{f}\b", text)]
    compiler = subprocess.run([os.environ.get("CC", "cc"), "--version"], text=True, stdout=subprocess.PIPE).stdout
    yield f"CPU: {model[1] if model else 'unknown'}, {' '.join(flags) or 'no avx2'}, {os.cpu_count()} processors"
    yield f"compiler: {compiler.splitlines()[0]}"
    yield "ms: of a problem (million-cells, two-threads: of the whole run); CPU time on 1 thread, the clock's on 2 and of `kdegrad run`"
    yield "machine: the triad x + 3z on arrays as long, which no gradient can undercut; for two-threads arithmetic in registers"
    yield "ratio: ms over that of the first line of the work; ns: a (point + bin); errors: loss, gradient over the largest weight"


def main():
    table = Table()
    for work in WORKS:
        table.measure(work)
    table.gains()
    table.write(sys.argv[1])


main()
