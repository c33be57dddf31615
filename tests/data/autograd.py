#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""An independent witness: loss, gradient and ten steps of optimisers by PyTorch's automatic
differentiation, for tests/core/test_autograd.c.

    /usr/bin/python3 tests/data/autograd.py > tests/data/autograd.tsv     # needs python3-torch

The loss is written as one would: -mean over midpoint bins of
logsumexp_j(log_softmax(z)_j + log K(x - x_j)), float64, gradients by autograd, steps by
torch.optim (em by its formula).
"""
import math
import sys

import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

X = torch.tensor([-2.5, 1.75, 3.25, -4.0, 0.125])
Z = torch.tensor([0.3, -0.2, 0.9, 0.0, -1.5])
H, LOWER, UPPER, BINS, STEPS = 0.75, -0.5, 1.0, 48, 10

KERNELS = {
    "laplace": lambda r: -r.abs() / H - math.log(2 * H),
    "gaussian": lambda r: -r * r / (2 * H * H) - math.log(H * math.sqrt(2 * math.pi)),
    "cauchy": lambda r: -torch.log1p(r * r / (H * H)) - math.log(math.pi * H),
    "logistic": lambda r: -r.abs() / H - 2 * torch.nn.functional.softplus(-r.abs() / H)
    - math.log(H),
}
METHODS = {
    "gd": lambda z, rate: torch.optim.SGD([z], lr=rate),
    "momentum": lambda z, rate: torch.optim.SGD([z], lr=rate, momentum=0.9),
    "nesterov": lambda z, rate: torch.optim.SGD([z], lr=rate, momentum=0.9, nesterov=True),
    "rmsprop": lambda z, rate: torch.optim.RMSprop([z], lr=rate),
    "adam": lambda z, rate: torch.optim.Adam([z], lr=rate),
    "em": None,
}

bins = LOWER + (UPPER - LOWER) * (torch.arange(BINS) + 0.5) / BINS


def terms(kernel, z):
    return torch.log_softmax(z, 0) + KERNELS[kernel](bins[:, None] - X[None, :])


def walk(kernel, method, rate):
    z = Z.clone().requires_grad_(True)
    optimiser = METHODS[method](z, rate) if METHODS[method] else None
    for step in range(STEPS + 1):
        z.grad = None
        t = terms(kernel, z)
        loss = -torch.logsumexp(t, 1).mean()
        loss.backward()
        numbers = [loss.item(), *z.grad.tolist(), *z.detach().tolist()]
        print(kernel, method, rate, step, *(repr(v) for v in numbers), sep="\t")
        if optimiser:
            optimiser.step()
        else:
            with torch.no_grad():
                rho = torch.softmax(t, 1).mean(0)
                z.copy_(z + torch.log(rho) - torch.log_softmax(z, 0))


print("kernel", "method", "rate", "step", "loss", *(f"G{i}" for i in range(len(X))),
      *(f"z{i}" for i in range(len(X))), sep="\t")
for kernel in KERNELS:
    for method in METHODS:
        walk(kernel, method, 0.5 if method in ("gd", "momentum", "nesterov") else 0.125)
print("torch", torch.__version__, file=sys.stderr)
