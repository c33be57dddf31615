/* SPDX-License-Identifier: MIT
 *
 * The tables of verbs and options; see verb.h.
 */
#include "verb.h"

#define OPTION(id) (1u << KD_OPTION_##id)

const struct kd_option kd_options[KD_N_OPTIONS] = {
    [KD_OPTION_OUTPUT] = {"output", 'o', "FILE.h5",
                          "result file (default: results/EXPERIMENT.h5)", false},
    [KD_OPTION_JOBS] = {"jobs", 'j', "N", "threads (default: one a processor)", false},
    [KD_OPTION_SET] = {"set", 0, "PATH=VALUE",
                       "override a key of the config, or replace an axis; repeatable", true},
    [KD_OPTION_SHARD] = {"shard", 0, "K/N",
                         "compute block K of N equal ones and leave its cells for `merge`",
                         false},
    [KD_OPTION_PRUNE] = {"prune", 0, 0, "drop stored cells that the config no longer names",
                         false},
    [KD_OPTION_FAIL_FAST] = {"fail-fast", 0, 0, "stop at the first cell that fails", false},
    [KD_OPTION_QUIET] = {"quiet", 'q', 0, "no progress and no closing line", false},
    [KD_OPTION_VERBOSE] = {"verbose", 'v', 0, "say more: threads, versions, statuses", false},
    [KD_OPTION_COLUMNS] = {"columns", 'c', "A,B,...",
                           "variables, dimensions or swept paths to print", false},
    [KD_OPTION_WHERE] = {"where", 0, "FILTER",
                         "only lines for which it holds, as 'shift.by <= d_edge'; repeatable",
                         true},
    [KD_OPTION_CSV] = {"csv", 0, 0, "commas instead of tabs, no blank lines", false},
    [KD_OPTION_BY] = {"by", 0, "MEASURE", "bits, ulps or bounds (default: bounds)", false},
    [KD_OPTION_BY_PATH] = {"by", 0, "PATH",
                           "the swept key, or lock-step group, whose values compete", false},
    [KD_OPTION_DIGITS] = {"digits", 0, "N", "digits to enclose, 1 to 70 (default: 30)", false},
    [KD_OPTION_BREAKING] = {"breaking", 0, 0,
                            "bisect for the shift at which the gradient changes", false},
    [KD_OPTION_CELLS] = {"cells", 0, "A[:B]", "cells A to B only, counted from 0", false},
    [KD_OPTION_DIGEST] = {"digest", 0, 0, "print a hash of names, shapes and values", false},
    [KD_OPTION_RECOMPUTE] = {"recompute", 0, "K|all",
                             "compute K cells, spread evenly, or all anew, and compare bits",
                             false},
    [KD_OPTION_SEED] = {"seed", 0, "N", "choose other K cells (N from 1 on)", false},
    [KD_OPTION_FILES] = {"files", 0, "FOLDER",
                         "where the data files of the config are (default: here)", false},
    [KD_OPTION_JSON] = {"json", 0, 0, "JSON instead of text", false},
    [KD_OPTION_TEX] = {"tex", 0, 0, "a LaTeX table instead of text", false},
    [KD_OPTION_FAILED] = {"failed", 0, 0, "only what the cells that are not ok have in common",
                          false},
    [KD_OPTION_MAX_CELLS] = {"max-cells", 0, "N",
                             "count up to N cells, before the filters (default: 10^9)", false},
    [KD_OPTION_JSON_SCHEMA] = {"json-schema", 0, 0, "the keys as a JSON Schema, for editors",
                               false},
    [KD_OPTION_MARKDOWN] = {"markdown", 0, 0, "the keys and names as Markdown", false},
    [KD_OPTION_WHY] = {"why", 0, 0, "say why cells are not done yet", false},
    [KD_OPTION_HELP] = {"help", 'h', 0, "print this", false},
};

const struct kd_verb kd_verbs[] = {
    {"run", "CONFIG...", 1, (size_t)-1,
     OPTION(OUTPUT) | OPTION(JOBS) | OPTION(SET) | OPTION(SHARD) | OPTION(PRUNE) |
         OPTION(FAIL_FAST) | OPTION(QUIET) | OPTION(VERBOSE),
     "compute the cells of a config that are missing in its HDF5 file",
     "Cells whose parameters are the same as those of a stored cell are not computed again,\n"
     "wherever they stand in the sweep. What is done is kept in NAME.parts on the way: after\n"
     "an interruption run again. The result file is replaced in one step at the end; its\n"
     "bytes do not depend on threads, interruptions or on what was reused. Stored cells that\n"
     "the config no longer names stay in NAME.parts. With --shard K/N several machines work\n"
     "on one result; `merge` joins what they leave.\n"
     "With --set an output file must be named: results/ keeps what the configs say.\n",
     kd_verb_run},
    {"merge", "CONFIG", 1, 1,
     OPTION(OUTPUT) | OPTION(SET) | OPTION(PRUNE) | OPTION(QUIET) | OPTION(VERBOSE),
     "join what `run --shard` left into one HDF5 file",
     "The file has the bytes that one run would have given. Nothing is computed: if cells\n"
     "are missing, that is an error.\n",
     kd_verb_merge},
    {"plan", "CONFIG", 1, 1,
     OPTION(OUTPUT) | OPTION(SET) | OPTION(JSON) | OPTION(MAX_CELLS) | OPTION(WHY),
     "say what a run would compute, without computing",
     "Checks the config like `run` and prints its axes, the keys it sets, how many of its "
     "cells\n"
     "are stored in the result or its parts, and what a run would take: the time by what a\n"
     "cell took in the last run, or by a trial of 50 ms; bytes; memory. --why parts the cells "
     "to\n"
     "do by reason: values that no stored config has, a numerics version, a failure, damage.\n"
     "Nothing is written or locked. Warns of a result that is padding for the greater part. "
     "In\n"
     "JSON the values of an axis are listed up to 10000, of a longer one the first and last.\n",
     kd_verb_plan},
    {"show", "FILE.h5", 1, 1, OPTION(FAILED) | OPTION(JSON), "summarise a result file",
     "Prints title, sizes, statuses, the axes and the fixed keys of its config, and for each\n"
     "column its shape, least, middle and largest number, how many are missing, and the\n"
     "largest of its proved bounds. Of the cells that are failed, uncovered, diverged or not\n"
     "applicable it says which axis values all of them have (or most), and how many others.\n",
     kd_verb_show},
    {"export", "FILE.h5", 1, 1, OPTION(COLUMNS) | OPTION(WHERE) | OPTION(CSV) | OPTION(JSON),
     "print columns of a result file as text",
     "Columns are broadcast to the largest shape asked for; one line an index, numbers with\n"
     "17 digits, codes as names, a blank line between cells when a cell has several lines\n"
     "(gnuplot's blocks). What is missing is nan, in JSON null. JSON is a list of one object "
     "a\n"
     "line, in which inf and keys are texts.\n\n"
     "A FILTER compares (== != < <= > >=) a column with a number, a name or another column:\n"
     "'kernel.family == laplace', 'shift.by <= d_edge', 'gradient > 0'. A line is printed if\n"
     "all filters hold; no comparison with what is missing does. `show` lists the columns.\n",
     kd_verb_export},
    {"verdict", "FILE.h5...", 1, (size_t)-1, OPTION(JSON) | OPTION(TEX),
     "say what the cells of result files make of the claims",
     "One line a claim: the verdict; the cells that it applies to, of those asked to judge "
     "it;\n"
     "the residual of the cell that speaks loudest against it, and its proved bound, which it\n"
     "must exceed to refute; the same of this cell's control, a problem or prediction made\n"
     "false on purpose. HOLDS, REFUTED (with the witness), INCONCLUSIVE (no cell could have\n"
     "refuted it), VACUOUS (it applies to no cell), NOT-RUN. Exit status 1 if a verdict is "
     "not\n"
     "the expected one. 'kdegrad list claims' says what they state.\n",
     kd_verb_verdict},
    {"compare", "FILE.h5", 1, 1,
     OPTION(BY_PATH) | OPTION(COLUMNS) | OPTION(WHERE) | OPTION(CSV) | OPTION(JSON) |
         OPTION(TEX),
     "compare the values of one axis on cells that are otherwise the same",
     "Cells are put side by side in sets that have the same values on all other axes; what is\n"
     "in lock-step with PATH varies with it. A set that lacks a value is left out. For each\n"
     "quantity and each value: how many numbers there are, their median and quartiles, and\n"
     "in how many sets this number is the least (wins) or ties for it.\n\n"
     "Two numbers with a proved bound tie unless they are farther apart than both bounds\n"
     "together; without a bound only equal numbers do. An array over points counts with its\n"
     "largest modulus, one over steps with its last number. A descent that did not close its\n"
     "gap has the steps at which it was stopped.\n\n"
     "--columns chooses quantities, --where cells ('descent.method == em'). --csv has a line\n"
     "for each quantity and value, 17 digits; --tex a line a value with median, quartiles\n"
     "and wins of each quantity. Exit status 1 if no set is complete.\n",
     kd_verb_compare},
    {"diff", "A.h5 B.h5", 2, 2, OPTION(BY) | OPTION(JSON), "compare two result files",
     "Cells belong together if their keys agree; of those that are left (another numerics\n"
     "version, another fixed key), if both files have the same axes, by their axis values.\n"
     "Then for each quantity: how many cells differ and the largest distance, with both\n"
     "values; and the axis values that tell the differing cells from the others.\n\n"
     "  --by bounds  numbers with a proved bound differ if they are farther apart than both\n"
     "               bounds together; the distance is in multiples of that sum. Others, and\n"
     "               what has no bound: as with bits. The bounds are not compared.\n"
     "  --by bits    numbers differ if a bit does; the distance is how many of the last bits\n"
     "               do, counted in ulps: 1 for neighbours, 2 for up to 3 ulps, ...\n"
     "  --by ulps    the distance is the count of doubles from one to the other; -0 is 0.\n\n"
     "Exit status 1 if cells differ, or if only one file has a cell or a quantity.\n",
     kd_verb_diff},
    {"list", "[WHAT]", 0, 1, OPTION(JSON_SCHEMA) | OPTION(MARKDOWN),
     "list kernels, layouts, logits, rules, descents, claims, keys, quantities, variables, "
     "verbs",
     "Without WHAT all tables are printed. `list keys` takes other forms too. WHAT may also "
     "be\n"
     "`man`, `completion-bash` or `completion-zsh`: the manual page and the shells' "
     "completions,\n"
     "made of these tables.\n",
     kd_verb_list},
    {"verify", "FILE.h5...", 1, (size_t)-1,
     OPTION(DIGEST) | OPTION(RECOMPUTE) | OPTION(SEED) | OPTION(JOBS) | OPTION(FILES),
     "check that result files are whole",
     "Checks the checksum behind each file, reads all of it, and holds it against the config\n"
     "that it keeps: dimensions with their scales, columns, all cells, keys, axis values. "
     "With\n"
     "--recompute the numbers, too, one cell in each of K equal blocks, from the file alone\n"
     "(and the data files that its config names, see --files).\n\n"
     "With --digest a number is printed that two files share if and only if they hold the "
     "same\n"
     "names, shapes and values, to the last bit, on whatever machine they were written.\n\n"
     "Exit status 1 if cells are missing or differ, 3 if a file is damaged or cannot be "
     "checked.\n",
     kd_verb_verify},
    {"certify", "CONFIG", 1, 1,
     OPTION(SET) | OPTION(DIGITS) | OPTION(CELLS) | OPTION(BREAKING) | OPTION(JSON),
     "enclose loss, gradient and defect in ball arithmetic",
     "Computes up to 64 cells anew with proved error bounds, from the same numbers as `run`\n"
     "but with none of its formulas' code (FLINT/Arb). Every number printed is within one\n"
     "unit of its last digit. A line says what is proved of the gradient's change by the\n"
     "shift: |\u0394G| \u2264 1e-30 where 0 cannot be told from it, |\u0394G_2| \u2265 0.0153 "
     "where it can.\n"
     "In JSON the long numbers are strings.\n",
     kd_verb_certify},
};
const size_t kd_n_verbs = sizeof kd_verbs / sizeof *kd_verbs;

const char *const kd_purpose =
    "Tests claims about the gradient of the cross-entropy between a uniform target and a\n"
    "kernel density estimate: YAML config -> sweep -> HDF5 file -> figures.\n";

const char *const kd_exits[] = {"as expected", "a comparison is not", "usage or config",
                                "input, output or system", "some cells failed"};
const size_t kd_n_exits = sizeof kd_exits / sizeof *kd_exits;

bool kd_verb_offers(const struct kd_verb *verb, int id) {
  return id == KD_OPTION_HELP || (verb->options & 1u << id);
}
