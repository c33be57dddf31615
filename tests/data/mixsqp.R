#!/usr/bin/Rscript
# SPDX-License-Identifier: MIT
# An independent witness for the end point of descents: the best weights by mixsqp (Kim,
# Carbonetto, Stephens & Anitescu, J. Comput. Graph. Stat. 29 (2020) 261), sequential
# quadratic programming, for tests/core/test_mixsqp.c.
#
#   Rscript tests/data/mixsqp.R > tests/data/mixsqp.tsv        # needs r-cran-mixsqp
#
# One line a problem: kernel, bandwidth, then the weights. Points at x_j = 3 sin(j), j = 1..12;
# target [-1, 1] in 200 midpoint bins.
suppressPackageStartupMessages(library(mixsqp))
x <- 3 * sin(1:12)
bins <- -1 + 2 * (0:199 + 0.5) / 200
kernels <- list(
  laplace = function(r, h) exp(-abs(r) / h) / (2 * h),
  gaussian = function(r, h) dnorm(r, sd = h),
  cauchy = function(r, h) dcauchy(r, scale = h),
  logistic = function(r, h) dlogis(r, scale = h)
)
for (name in names(kernels))
  for (h in c(0.25, 1)) {
    L <- outer(bins, x, function(v, y) kernels[[name]](v - y, h))
    fit <- mixsqp(L, rep(1, nrow(L)),
                  control = list(verbose = FALSE, convtol.sqp = 1e-12, maxiter.sqp = 1000))
    cat(name, h, sprintf("%.17g", fit$x), sep = "\t")
    cat("\n")
  }
