#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Contenders in Python (tests/bench/contender.h has the protocol), on one thread, float64:

    arrays.py numpy-whole      the matrix of all pairs at once
    arrays.py numpy-blocks     the same in blocks of bins that stay in cache
    arrays.py torch            the loss by logsumexp, the gradient by automatic differentiation

Many logits over the same points are taken as a batch, a matrix product with the kernels.
"""
import math
import os
import statistics
import sys
import time

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
import numpy

way = sys.argv[1]
if way == "torch":
    import torch
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)

BLOCK = 32    # bins of a block
BATCH = 1000  # logits of a batch
SHOWN = 1000


def kernels(kernel, r):
    if kernel == "laplace":
        return numpy.exp(-numpy.abs(r))/2
    return numpy.exp(-0.5*r*r)/math.sqrt(2*math.pi)


def softmax(z):
    S = numpy.exp(z - z.max(-1, keepdims=True))
    return S/S.sum(-1, keepdims=True)


def from_kernels(S, K, M):
    """Loss and what the gradient lacks to S, of a row of weights or of several; K: points, bins."""
    f = S @ K
    return -numpy.log(f).sum(-1)/M, (1/f) @ K.T/M


def by_numpy(kernel, x, z, bins, whole):
    S, M = softmax(z), len(bins)
    step = M if whole else BLOCK
    loss, rho = 0.0, 0.0
    for m in range(0, M, step):
        part = from_kernels(S, kernels(kernel, x[:, None] - bins[None, m:m + step]), M)
        loss, rho = loss + part[0], rho + part[1]
    return loss, S*(1 - rho)


def batched_numpy(kernel, x, z, bins):
    K, losses, gradients = kernels(kernel, x[:, None] - bins), [], []
    for k in range(0, len(z), BATCH):
        S = softmax(z[k:k + BATCH])
        loss, rho = from_kernels(S, K, len(bins))
        losses.append(loss), gradients.append(S*(1 - rho))
    return numpy.concatenate(losses).mean(), numpy.concatenate(gradients)


def descend_numpy(kernel, x, z, bins, steps):
    K = kernels(kernel, x[:, None] - bins)
    for step in range(steps + 1):
        S = softmax(z)
        loss, rho = from_kernels(S, K, len(bins))
        z = z - S*(1 - rho)
    return loss


def log_kernels(kernel, x, bins):
    r = torch.from_numpy(bins)[:, None] - torch.from_numpy(x)[None, :]
    return -r.abs() - math.log(2) if kernel == "laplace" else -0.5*r*r - 0.5*math.log(2*math.pi)


def by_torch(logK, z):
    """z: a row, or several"""
    z = z.clone().requires_grad_(True)
    losses = -torch.logsumexp(torch.log_softmax(z, -1)[..., None, :] + logK, -1).mean(-1)
    losses.sum().backward()
    return losses.detach(), z.grad


def batched_torch(kernel, x, z, bins):
    logK, parts = log_kernels(kernel, x, bins), []
    for k in range(0, len(z), BATCH):
        parts.append(by_torch(logK, torch.from_numpy(z[k:k + BATCH])))
    losses, gradients = zip(*parts)
    return torch.cat(losses).mean().item(), torch.cat(gradients).numpy()


def descend_torch(kernel, x, z, bins, steps):
    logK, z = log_kernels(kernel, x, bins), torch.from_numpy(z)
    for step in range(steps + 1):
        loss, gradient = by_torch(logK, z)
        z = z - gradient
    return loss.item()


def perform(kind, kernel, x, z, bins, steps):
    """Mean loss and gradients, a row a problem; None for what this contender does not do"""
    if kind not in ("cells", "logits") or kind == "logits" and way == "numpy-blocks":
        return None
    if steps:
        descend = {"numpy-whole": descend_numpy, "torch": descend_torch}.get(way)
        return descend and (descend(kernel, x[0], z[0], bins, steps), None)
    if kind == "logits":
        return (batched_torch if way == "torch" else batched_numpy)(kernel, x[0], z, bins)
    if way == "torch":
        pairs = [by_torch(log_kernels(kernel, *row), torch.from_numpy(logits))
                 for *row, logits in zip(x, [bins]*len(x), z)]
        return numpy.mean([p[0].item() for p in pairs]), numpy.array([p[1].numpy() for p in pairs])
    pairs = [by_numpy(kernel, *row, bins, way == "numpy-whole") for row in zip(x, z)]
    return numpy.mean([p[0] for p in pairs]), numpy.array([p[1] for p in pairs])


print("ready", flush=True)
for line in sys.stdin:
    kind, kernel, *sizes = line.split()
    n, m, problems, steps = map(int, sizes)
    j = numpy.arange(n*problems)
    x = (-3 + 6*numpy.modf(0.6180339887498949*j)[0]).reshape(problems, n)
    z = numpy.array([math.sin(i) for i in j]).reshape(problems, n)
    bins = (2*numpy.arange(m) + 1)/m - 1
    took = []
    while len(took) < 99 and sum(took) < 20:
        begin = time.process_time()
        done = perform(kind, kernel, x, z, bins, steps)
        took.append(1e3*(time.process_time() - begin))
        if done is None:
            break
    if done is None:
        print("cannot", flush=True)
        continue
    shown = []
    if not steps:
        over = (done[1]/softmax(z).max(-1, keepdims=True)).ravel()
        shown = [over[i*len(over)//min(SHOWN, len(over))] for i in range(min(SHOWN, len(over)))]
    print(statistics.median(took)/problems, *map(repr, map(float, [done[0], *shown])), flush=True)
