/* SPDX-License-Identifier: MIT
 *
 * The loops over a table of ratios, for ratios_sum.c alone, which includes them twice: with
 * AT_ONCE doubles side by side, names that end by NAME, for the processors that CLONES says. Of
 * eight doubles gcc 12 makes code that is five times slower where a processor has four; where it
 * has eight they take a tenth less time than four. Lane l of eight sums the same numbers in the
 * same order either way.
 */
typedef double NAME(wide) __attribute__((vector_size(AT_ONCE * 8), may_alias));

#define AT(number) (*(NAME(wide) *)(uintptr_t)(number))
enum { NAME(PARTS) = WIDTH / AT_ONCE, NAME(GROUPS) = LANES / AT_ONCE };
#define PARTS  NAME(PARTS)
#define GROUPS NAME(GROUPS)

/* --- F, u --- */

/* sum_j S_j E_j of n rows */
KD_INLINE void NAME(sum_run)(size_t n, const double *S, const double *E, NAME(wide) * sum) {
  for (size_t q = 0; q < PARTS; q++) sum[q] = (NAME(wide)){0};
  for (size_t j = 0; j < n; j++)
#pragma GCC unroll 8
    for (size_t q = 0; q < PARTS; q++) sum[q] += S[j] * AT(E + j * WIDTH + q * AT_ONCE);
}

/* The same, POINTS_A_RUN rows at a time, onto F; `first`: nothing is there */
KD_INLINE void NAME(add_rows)(size_t n, const double *S, const double *E, bool first,
                              double *F) {
  NAME(wide) all[PARTS], sum[PARTS];
  NAME(sum_run)(n < POINTS_A_RUN ? n : POINTS_A_RUN, S, E, all);
  for (size_t j = POINTS_A_RUN; j < n; j += POINTS_A_RUN) {
    size_t run = n - j < POINTS_A_RUN ? n - j : POINTS_A_RUN;
    NAME(sum_run)(run, S + j, E + j * WIDTH, sum);
#pragma GCC unroll 8
    for (size_t q = 0; q < PARTS; q++) all[q] += sum[q];
  }
#pragma GCC unroll 8
  for (size_t q = 0; q < PARTS; q++) {
    if (!first) all[q] += AT(F + q * AT_ONCE);
    AT(F + q * AT_ONCE) = all[q];
  }
}

/* F of a block, 1 in empty places */
KD_INLINE void NAME(sum_points)(const struct kd_ratios *r, size_t block, double *F) {
  size_t n_sides = r->n_left + r->n_right, n_centre = r->n - n_sides;
  const double *E = r->E + block * r->n * WIDTH, *weight = r->weight + block * WIDTH;
  NAME(add_rows)(r->n_left, r->S, E, true, F);
  if (r->n_right) NAME(add_rows)(r->n_right, r->S + r->n_left, E + r->n_left * WIDTH, false, F);
  if (n_centre) NAME(add_rows)(n_centre, r->S + n_sides, E + n_sides * WIDTH, false, F);
  if (block + 1 < r->n_blocks || r->n_nodes % WIDTH == 0) return;
  for (size_t k = 0; k < WIDTH; k++)
    if (weight[k] == 0) F[k] = 1;
}

/* What divisions leave in the lanes (struct run) */
struct NAME(divided) {
  NAME(wide) product[GROUPS], least[GROUPS], u[GROUPS];
};

/* u = weight/F of a block */
KD_INLINE void NAME(divide)(const double *F, const double *weight, double *u,
                            struct NAME(divided) * to) {
#pragma GCC unroll 2
  for (size_t g = 0; g < GROUPS; g++, F += AT_ONCE, weight += AT_ONCE, u += AT_ONCE) {
    NAME(wide) a = AT(F), b = AT(F + PAIRS), ab = a * b;
    NAME(wide) c = AT(F + LANES), d = AT(F + LANES + PAIRS), cd = c * d;
    NAME(wide) all = ab * cd, inverse = 1 / all, over_ab = inverse * cd, over_cd = inverse * ab;
    AT(u) = AT(weight) * (b * over_ab);
    AT(u + PAIRS) = AT(weight + PAIRS) * (a * over_ab);
    AT(u + LANES) = AT(weight + LANES) * (d * over_cd);
    AT(u + LANES + PAIRS) = AT(weight + LANES + PAIRS) * (c * over_cd);
    KD_CHOOSE(&to->least[g], all < to->least[g], all);
    to->product[g] *= all;
  }
}

KD_INLINE void NAME(add_u)(size_t blocks, const double *u, struct NAME(divided) * to) {
  for (const double *end = u + blocks * WIDTH; u < end; u += WIDTH)
#pragma GCC unroll 2
    for (size_t g = 0; g < GROUPS; g++) {
      const double *at = u + g * AT_ONCE;
      to->u[g] += (AT(at) + AT(at + PAIRS)) + (AT(at + LANES) + AT(at + LANES + PAIRS));
    }
}

/* --- sums over nodes --- */

/* u times `rows` rows of some blocks, `n` of them a block, onto the lanes of each */
KD_INLINE void NAME(sum_rows)(size_t rows, size_t n, const double *matrix, const double *u,
                              size_t blocks, double *lanes) {
  NAME(wide) sum[ROWS][GROUPS];
#pragma GCC unroll 4
  for (size_t j = 0; j < rows; j++)
#pragma GCC unroll 2
    for (size_t g = 0; g < GROUPS; g++) sum[j][g] = AT(lanes + j * LANES + g * AT_ONCE);
  for (; blocks > 0; blocks--, matrix += n * WIDTH, u += WIDTH)
#pragma GCC unroll 4
    for (size_t j = 0; j < rows; j++)
#pragma GCC unroll 2
      for (size_t g = 0; g < GROUPS; g++) {
        const double *row = matrix + j * WIDTH + g * AT_ONCE, *by = u + g * AT_ONCE;
        sum[j][g] += (AT(by) * AT(row) + AT(by + 16) * AT(row + 16)) +
                     (AT(by + 8) * AT(row + 8) + AT(by + 24) * AT(row + 24));
      }
#pragma GCC unroll 4
  for (size_t j = 0; j < rows; j++)
#pragma GCC unroll 2
    for (size_t g = 0; g < GROUPS; g++) AT(lanes + j * LANES + g * AT_ONCE) = sum[j][g];
}

KD_INLINE void NAME(sum_nodes)(const struct kd_ratios *r, const double *matrix, size_t block,
                               size_t blocks) {
  const double *u = r->u + block * WIDTH;
  size_t n = r->n, j = 0;
  matrix += block * n * WIDTH;
  for (; j + ROWS <= n; j += ROWS)
    NAME(sum_rows)(ROWS, n, matrix + j * WIDTH, u, blocks, r->lanes + j * LANES);
  for (; j < n; j++) NAME(sum_rows)(1, n, matrix + j * WIDTH, u, blocks, r->lanes + j * LANES);
}

/* All divisions of some blocks, then their sums: a division's wait is filled by the next. */
CLONES static void NAME(pass)(const struct kd_ratios *r, struct run *run) {
  struct NAME(divided) d;
  size_t blocks;
  for (size_t g = 0; g < GROUPS; g++) {
    d.product[g] = AT(run->product + g * AT_ONCE), d.least[g] = AT(run->least + g * AT_ONCE);
    d.u[g] = AT(run->u + g * AT_ONCE);
  }
  for (size_t block = run->begin; block < run->end; block += blocks) {
    blocks = blocks_at_a_time(r, run->end - block);
    for (size_t b = block; b < block + blocks; b++) {
      double *F = r->F + b * WIDTH;
      NAME(sum_points)(r, b, F);
      NAME(divide)(F, r->weight + b * WIDTH, r->u + b * WIDTH, &d);
    }
    NAME(add_u)(blocks, r->u + block * WIDTH, &d);
    if (!run->matrix) run->matrix = choose(r, blocks, (const double *)d.u);
    NAME(sum_nodes)(r, run->matrix, block, blocks);
  }
  for (size_t g = 0; g < GROUPS; g++) {
    AT(run->product + g * AT_ONCE) = d.product[g], AT(run->least + g * AT_ONCE) = d.least[g];
    AT(run->u + g * AT_ONCE) = d.u[g];
  }
}

CLONES static void NAME(look_again)(const struct kd_ratios *r, const struct run *run) {
  NAME(sum_nodes)(r, run->matrix, run->begin, run->end - run->begin);
}

/* --- errors, node by node --- */

/* Of the nodes of a block: u/F, and that times sum_j S_j E_j e_j */
struct NAME(pulls) {
  NAME(wide) square[PARTS], pull[PARTS];
};

/* E (e + more) */
#define OFF(Ee, E, more) (AT(Ee) + AT(E) * (more))

/* sum_m weight_m sum_j rho_jm e_jm goes to the lanes of W. */
KD_INLINE void NAME(pull)(const struct kd_ratios *r, const double *more, size_t block,
                          struct NAME(pulls) * p, NAME(wide) * W) {
  const double *E = r->E + block * r->n * WIDTH, *Ee = r->Ee + block * r->n * WIDTH;
  const double *u = r->u + block * WIDTH, *per_weight = r->per_weight + block * WIDTH;
  NAME(wide) mean[PARTS] = {{0}};
  for (size_t j = 0; j < r->n; j++, E += WIDTH, Ee += WIDTH)
#pragma GCC unroll 8
    for (size_t q = 0; q < PARTS; q++)
      mean[q] += r->S[j] * OFF(Ee + q * AT_ONCE, E + q * AT_ONCE, more[j]);
#pragma GCC unroll 8
  for (size_t q = 0; q < PARTS; q++) {
    NAME(wide) by = AT(u + q * AT_ONCE);
    p->square[q] = by * by * AT(per_weight + q * AT_ONCE);
    p->pull[q] = p->square[q] * mean[q];
    W[q % GROUPS] += by * mean[q];
  }
}

/* Onto the lanes of each row i, of all nodes: weight/S_i (rho_i e_i (1 - 2 rho_i) + rho_i
 * sum_j rho_j e_j) */
KD_INLINE void NAME(add_errors)(double S, double more, const double *E, const double *Ee,
                                const double *u, const struct NAME(pulls) * p, double *lanes) {
  NAME(wide) sum[GROUPS];
#pragma GCC unroll 2
  for (size_t g = 0; g < GROUPS; g++) sum[g] = AT(lanes + g * AT_ONCE);
#pragma GCC unroll 8
  for (size_t q = 0; q < PARTS; q++) {
    size_t at = q * AT_ONCE;
    NAME(wide) own = AT(u + at) - 2 * S * p->square[q] * AT(E + at);
    sum[q % GROUPS] += OFF(Ee + at, E + at, more) * own + p->pull[q] * AT(E + at);
  }
#pragma GCC unroll 2
  for (size_t g = 0; g < GROUPS; g++) AT(lanes + g * AT_ONCE) = sum[g];
}

CLONES static void NAME(look_at_errors)(const struct kd_ratios *r, const double *more,
                                        const struct run *run, double *W) {
  NAME(wide) sum[GROUPS];
  for (size_t g = 0; g < GROUPS; g++) sum[g] = AT(W + g * AT_ONCE);
  for (size_t block = run->begin; block < run->end; block++) {
    const double *E = r->E + block * r->n * WIDTH, *Ee = r->Ee + block * r->n * WIDTH;
    struct NAME(pulls) p;
    NAME(pull)(r, more, block, &p, sum);
    for (size_t j = 0; j < r->n; j++)
      if (r->row[j].closely)
        NAME(add_errors)
        (r->S[j], more[j], E + j * WIDTH, Ee + j * WIDTH, r->u + block * WIDTH, &p,
         r->lanes + j * LANES);
  }
  for (size_t g = 0; g < GROUPS; g++) AT(W + g * AT_ONCE) = sum[g];
}

#undef OFF
#undef PARTS
#undef GROUPS
#undef AT
#undef AT_ONCE
#undef NAME
#undef CLONES
