# SPDX-License-Identifier: MIT
# A contender in R (tests/bench/contender.h has the protocol): the Laplace kernel by fk_sum of
# the package FKSUM, the author's own code of the method of sorted.c.
if (!requireNamespace("FKSUM", quietly = TRUE)) quit(status = 1)
sums <- function(x, w, at) FKSUM::fk_sum(x, w, 1, x_eval = at, beta = 1)

solve_one <- function(x, z, bins) {
  S <- exp(z - max(z))
  S <- S/sum(S)
  f <- sums(x, S, bins)
  list(loss = log(2) - mean(log(f)), G = S - S*sums(bins, 1/(length(bins)*f), x), largest = max(S))
}

cat("ready\n")
input <- file("stdin", "r")
while (length(line <- readLines(input, 1)) > 0) {
  task <- strsplit(line, " ")[[1]]
  size <- as.numeric(task[3:6])
  if (task[1] != "cells" || task[2] != "laplace" || size[4] > 0) {
    cat("cannot\n")
    next
  }
  j <- matrix(seq_len(size[1]*size[3]) - 1, size[1])
  turn <- 0.6180339887498949*j
  x <- -3 + 6*(turn - floor(turn))
  z <- sin(j)
  bins <- (2*seq_len(size[2]) - 1)/size[2] - 1
  times <- 0 # the clock of R has ticks of 1 ms
  begin <- proc.time()
  repeat {
    done <- lapply(seq_len(size[3]), function(k) solve_one(x[, k], z[, k], bins))
    times <- times + 1
    took <- 1e3*sum((proc.time() - begin)[1:2])
    if (times == 99 || took >= 20) break
  }
  ms <- took/times/size[3]
  over <- unlist(lapply(done, function(d) d$G/d$largest))
  shown <- min(1000, length(over))
  at <- floor((seq_len(shown) - 1)*length(over)/shown) + 1
  cat(sprintf("%.9g %.17g", ms, mean(sapply(done, function(d) d$loss))), sprintf("%.17g", over[at]), "\n")
}
