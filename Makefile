# SPDX-License-Identifier: MIT
# kdegrad: every verb a person types. `make help` lists them; V=1 shows commands.

VERSION  := 0.1.0
SHARED   := libkdegrad.so.0
B        := build
PREFIX   ?= /usr/local
JOBS     ?= $(shell nproc 2>/dev/null || echo 1)
CFLAGS   ?= -O2 -g
Q        := $(if $(V),,@)

# Packages are looked up when first needed, not when this file is read: by then
# `make setup` has installed them. Debian's serial HDF5 is hdf5-serial; plain
# hdf5 turns into an MPI build there once one is installed.
HDF5        = $(shell pkg-config --exists hdf5-serial && echo hdf5-serial || echo hdf5)
once        = $(eval $(1) := $(2))$($(1))
PKG_CFLAGS  = $(call once,PKG_CFLAGS,$(shell pkg-config --cflags $(HDF5) yaml-0.1 libxxhash libdeflate))
PKG_LIBS    = $(call once,PKG_LIBS,$(shell pkg-config --libs $(HDF5) yaml-0.1 libxxhash libdeflate))

# Ball arithmetic, which `certify` needs and nothing else: FLINT 3 holds Arb, before
# it was a library of its own (libflint-arb in Debian, libarb elsewhere). Without it,
# or with KD_NO_ARB=1, the program builds all the same.
ARB_TRIAL   = int main(void) { arb_t x; arb_init(x); arb_const_pi(x, 64); arb_clear(x); }
links_with  = { echo '$(ARB_TRIAL)' | $(CC) -x c -include $(1) - -o /dev/null $(2) 2>/dev/null && echo $(2); }
find_arb    = $(call links_with,flint/arb.h,-lflint -lgmp) || $(call links_with,arb.h,-lflint-arb -lflint -lgmp) || \
              $(call links_with,arb.h,-larb -lflint -lgmp)
ARB_LIBS    = $(call once,ARB_LIBS,$(if $(KD_NO_ARB),,$(shell $(find_arb))))

# The same arithmetic everywhere: no contraction to FMA, no -ffast-math. No code reads
# floating-point flags or errno, so loops may compute both sides of a choice.
WARN      = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wno-pass-failed -Werror
ARITHMETIC = -ffp-contract=off -fno-trapping-math -fno-math-errno -fopenmp-simd
COMPILE   = $(CC) -std=c11 -D_GNU_SOURCE -pthread $(ARITHMETIC) $(WARN) -Isrc -I. \
            -DKD_VERSION='"$(VERSION)"' -DKD_FLAGS='"$(strip $(ARITHMETIC) $(CFLAGS))"' $(if $(ARB_LIBS),-DKD_ARB) $(PKG_CFLAGS) $(CFLAGS)
LIBS      = $(PKG_LIBS) -lhdf5_hl $(ARB_LIBS) -lm -pthread

objects   = $(patsubst %.c,$(B)/%.o,$(wildcard $(1)))
CORE     := $(call objects,src/core/*.c src/core/*/*.c)
ROOMS    := $(call objects,src/config/*.c src/store/*.c src/run/*.c)
CLI      := $(call objects,src/cli/*.c)
TESTS    := $(patsubst %.c,$(B)/%,$(wildcard tests/*/test_*.c))
SCRIPTS  := $(wildcard tests/*/test_*.sh)
NAMES    := $(basename $(notdir $(wildcard configs/*.yaml)))
CLAIMS   := $(basename $(notdir $(wildcard configs/claims/*.yaml)))

# Contenders of the bench: kdegrad, peers as fast as the compiler makes them, and the same in long
# double, which are the truth.
PEERS       := $(patsubst %.c,$(B)/%,$(wildcard tests/bench/peers/*.c))
TRUTHS      := $(B)/tests/bench/truth/pairs $(B)/tests/bench/truth/sorted
CONTENDERS  := $(B)/tests/bench/ours $(PEERS) $(TRUTHS)
BENCH_PARTS := $(patsubst %.c,$(B)/%,$(filter-out %/contender.c %/ours.c %/works.c,$(wildcard tests/bench/*.c)))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: help all setup test smoke reproduce ledger results figures figures-check reference docs paper \
        torture attack corners sanitize tsan memcheck fuzz mutants bench bench-parts gate install uninstall clean \
        tests-built FORCE

all: $(B)/kdegrad $(B)/libkdegrad.a ## build the program and the library

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

# "make -j setup reproduce" installs before it builds.
ifneq ($(filter setup,$(MAKECMDGOALS)),)
$(filter-out setup,$(MAKECMDGOALS)): | setup
endif

setup: ## install missing Debian packages (needs root or sudo)
	@scripts/setup

# --- program ---------------------------------------------------------------

$(B)/kdegrad: $(CLI) $(ROOMS) $(B)/libkdegrad.a
	@echo "  LD $@"
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

$(B)/libkdegrad.a: $(CORE)
	@echo "  AR $@"
	$(Q)rm -f $@ && ar rcsD $@ $^

# The same code for other programs; they see what core/kdegrad.h declares.
$(B)/$(SHARED): $(CORE:$(B)/%=$(B)/pic/%)
	@echo "  LD $@"
	$(Q)$(CC) $(CFLAGS) -shared -Wl,-soname,$(SHARED) -o $@ $^ -lm

# A change of compiler, flags or version rebuilds everything.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(COMPILE))' | cmp -s - $@ || \
	 printf '%s\n' '$(subst ','\'',$(COMPILE))' > $@

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	@echo "  CC $<"
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

$(B)/pic/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	@echo "  CC $< (shared)"
	$(Q)$(COMPILE) -fPIC -fvisibility=hidden -MMD -MP -c -o $@ $<

# --- experiments: config -> result file -> figure ----------------------------

results/%.h5: configs/%.yaml $(B)/kdegrad
	$(B)/kdegrad run $<
	@touch $@

results/claims-%.h5: configs/claims/%.yaml $(B)/kdegrad
	$(B)/kdegrad run $<
	@touch $@

results/%.svg results/%.pdf &: results/%.h5 scripts/%.gp scripts/style.gp scripts/figure
	scripts/figure $*

results: $(NAMES:%=results/%.h5) ## run all experiments
figures: $(NAMES:%=results/%.svg) ## run all experiments and draw their figures

reproduce: ## run, draw, compare with the committed tables and verdicts
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@$(MAKE) --no-print-directory figures
	@$(MAKE) --no-print-directory ledger
	@scripts/reproduce $(NAMES)

ledger: $(CLAIMS:%=results/claims-%.h5) ## judge all claims, compare with the committed verdicts
	@scripts/ledger $(CLAIMS:%=results/claims-%.h5)

smoke: ## the headline experiment alone
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@$(MAKE) --no-print-directory results/laplace-shift.svg
	@scripts/reproduce laplace-shift

figures-check: all ## say of each figure: same, data changed, stale, orphan
	@scripts/figures-check

reference: figures $(CLAIMS:%=results/claims-%.h5) ## take the present results as the committed tables
	@scripts/reference $(NAMES)

docs: $(B)/kdegrad ## write configs/README.md, the reference of keys, from the tables
	$< list keys --markdown > configs/README.md

paper: ## typeset paper/build/kdegrad.pdf
	@scripts/setup run paper
	@$(MAKE) --no-print-directory figures $(CLAIMS:%=results/claims-%.h5)
	@scripts/paper

# --- tests -------------------------------------------------------------------

$(B)/tests/%: $(B)/tests/%.o $(ROOMS) $(B)/libkdegrad.a
	@echo "  LD $@"
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LIBS) -lcmocka -lmpfr -lgmp

tests-built: all $(TESTS) $(B)/$(SHARED) $(CONTENDERS)

test: ## run all tests
	@$(MAKE) --no-print-directory -j$(JOBS) tests-built
	@B=$(B) tests/runner $(TESTS) $(SCRIPTS)

torture: ## the random tests on 3,000 problems a kernel (a quarter of an hour)
	@$(MAKE) --no-print-directory -j$(JOBS) tests-built
	@B=$(B) KDEGRAD_TRIES=3000 tests/runner $(B)/tests/core/test_identity \
	  $(B)/tests/core/test_vmath $(B)/tests/run/test_oracle tests/project/test_digest.sh
	@B=$(B) KDEGRAD_TRIES=1000 tests/runner tests/run/test_kill.sh
	@B=$(B) KDEGRAD_TRIES=20000 tests/runner $(B)/tests/store/test_mutants
	@$(MAKE) --no-print-directory fuzz

attack: $(B)/tests/attack/attack ## search for problems that break a claim (minutes)
	@$< 20000 500

corners: $(B)/tests/run/corners ## make the table of hard corners anew (minutes)
	$< > tests/run/corners.tsv

sanitize: ## the tests under the address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory B=$(B)/sanitize test \
	  CFLAGS='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all'

tsan: ## the threads of a run under ThreadSanitizer
	@$(MAKE) --no-print-directory -j$(JOBS) B=$(B)/tsan all $(B)/tsan/tests/store/test_press \
	  CFLAGS='-O1 -g -fsanitize=thread -DKD_NO_CLONES'
	@B=$(B)/tsan KDEGRAD_TRIES=20 TSAN_OPTIONS=halt_on_error=1 tests/runner \
	  $(B)/tsan/tests/store/test_press tests/run/test_sweep.sh tests/run/test_same_bytes.sh \
	  tests/run/test_kill.sh

memcheck: ## the tests of core, config and store under valgrind
	@$(MAKE) --no-print-directory -j$(JOBS) tests-built
	@B=$(B) KDEGRAD_TRIES=6 WRAP='valgrind -q --error-exitcode=9 --leak-check=full' tests/runner $(TESTS)

# Seeds are the corpus, the bad configs and the experiments; what is found anew
# stays in build/fuzz, the bytes of a crash in build/fuzz/found-*.
$(B)/fuzz_plan: $(B)/tests/config/fuzz_plan.o $(ROOMS) $(B)/libkdegrad.a
	@echo "  LD $@"
	$(Q)$(CC) $(CFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

fuzz: $(B)/kdegrad ## random configs under sanitizers for FUZZ_SECONDS (60)
	@scripts/setup run fuzz
	@$(MAKE) --no-print-directory -j$(JOBS) B=$(B)/fuzz CC=clang $(B)/fuzz/fuzz_plan \
	  CFLAGS='-O1 -g -DKD_NO_CLONES -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all'
	@mkdir -p $(B)/fuzz/corpus
	@$(B)/kdegrad list keys | awk '/^  [a-z]/ { print $$1 } / one of | out of / { sub(/.* (one|out) of /, ""); gsub(/, /, "\n"); print }' | \
	  sed 's/.*/"&"/' > $(B)/fuzz/words
	$(B)/fuzz/fuzz_plan -max_total_time=$(or $(FUZZ_SECONDS),60) -timeout=20 -max_len=4096 -print_final_stats=1 \
	  -dict=$(B)/fuzz/words -artifact_prefix=$(B)/fuzz/found- $(B)/fuzz/corpus tests/config/corpus tests/config/bad tests/config/good configs

mutants: ## break the program in two dozen ways: the verdicts must see each
	@tests/mutants/run

$(B)/tests/bench/laplace_bins.o $(B)/tests/bench/small.o: private CFLAGS += -O3

$(B)/tests/bench/ours: $(B)/tests/bench/contender.o

# By the library alone: to load HDF5 takes as many instructions as a work that is counted.
$(B)/tests/bench/ours $(B)/tests/bench/works: $(B)/%: $(B)/%.o $(B)/libkdegrad.a
	@echo "  LD $@"
	$(Q)$(CC) $(CFLAGS) -o $@ $^ -lm -pthread

# By gcc, whatever makes kdegrad: it knows the vector exp of the C library.
PLAIN = gcc -std=c11 -D_GNU_SOURCE -O2 -fopenmp
FAST  = -O3 -march=native -ffast-math

$(B)/tests/bench/peers/%: tests/bench/peers/%.c tests/bench/contender.c tests/bench/contender.h
	@mkdir -p $(@D)
	@echo "  CC $<"
	$(Q)$(PLAIN) -c -o $@.main.o tests/bench/contender.c
	$(Q)$(PLAIN) $(FAST) -o $@ $< $@.main.o -lm

$(B)/tests/bench/truth/%: tests/bench/peers/%.c tests/bench/contender.c tests/bench/contender.h
	@mkdir -p $(@D)
	@echo "  CC $< (long double)"
	$(Q)$(PLAIN) -DNUMBER='long double' -o $@ $< tests/bench/contender.c -lm

# "make bench" also builds kdegrad for this very processor, and with clones up to AVX2.
bench: ## time kdegrad beside its peers, write results/bench.tsv and the README's table (minutes)
	@$(MAKE) --no-print-directory -j$(JOBS) all $(CONTENDERS)
	@$(MAKE) --no-print-directory -j$(JOBS) B=$(B)/native CFLAGS='-O2 -march=native -DKD_NO_CLONES' $(B)/native/tests/bench/ours
	@$(MAKE) --no-print-directory -j$(JOBS) B=$(B)/avx2 CFLAGS='-O2 -include tests/bench/avx2.h' $(B)/avx2/tests/bench/ours
	@B=$(B) CC='$(CC)' tests/bench/bench.py results/bench.tsv
	@tests/bench/show.py readme results/bench.tsv README.md
	@LC_ALL=C.UTF-8 gnuplot -d -e "format='svg'; output_file='results/bench.svg'; table='results/bench.tsv'" \
	  scripts/style.gp tests/bench/bench.gp
	@tests/bench/show.py table results/bench.tsv

bench-parts: $(BENCH_PARTS) ## time single parts: elementary functions, hostile configs, sums over bins, closed forms, small problems
	@for part in $^; do echo "$$part"; $$part || exit 1; done

gate: ## count instructions of fixed works, compare with the committed counts (RENEW=1 takes them)
	@$(MAKE) --no-print-directory -j$(JOBS) B=$(B)/gate CFLAGS='-O2 -DKD_NO_CLONES' $(B)/gate/tests/bench/works
	@CC='$(CC)' tests/bench/gate $(B)/gate/tests/bench/works $(if $(RENEW),--renew)

# --- install -----------------------------------------------------------------

INTO      = $(DESTDIR)$(PREFIX)
INSTALLED = bin/kdegrad lib/libkdegrad.a lib/$(SHARED) lib/libkdegrad.so lib/pkgconfig/kdegrad.pc \
            include/kdegrad.h share/man/man1/kdegrad.1 \
            share/bash-completion/completions/kdegrad share/zsh/site-functions/_kdegrad

install: all $(B)/$(SHARED) $(B)/kdegrad.pc ## install under PREFIX (default /usr/local; DESTDIR is honoured)
	@mkdir -p $(sort $(dir $(INSTALLED:%=$(INTO)/%)))
	install $(B)/kdegrad $(INTO)/bin/
	install -m 644 $(B)/libkdegrad.a $(B)/$(SHARED) $(INTO)/lib/
	ln -sf $(SHARED) $(INTO)/lib/libkdegrad.so
	install -m 644 $(B)/kdegrad.pc $(INTO)/lib/pkgconfig/
	install -m 644 src/core/kdegrad.h $(INTO)/include/
	$(B)/kdegrad list man > $(INTO)/share/man/man1/kdegrad.1
	$(B)/kdegrad list completion-bash > $(INTO)/share/bash-completion/completions/kdegrad
	$(B)/kdegrad list completion-zsh > $(INTO)/share/zsh/site-functions/_kdegrad

$(B)/kdegrad.pc: FORCE
	@printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/lib' 'includedir=$${prefix}/include' \
	  'Name: kdegrad' 'Version: $(VERSION)' 'Libs: -L$${libdir} -lkdegrad' 'Libs.private: -lm' \
	  'Description: Gradient of the cross-entropy between a target and a kernel density estimate' \
	  'Cflags: -I$${includedir}' > $@

uninstall: ## remove what install put there
	rm -f $(INSTALLED:%=$(INTO)/%)

clean: ## remove build/ (results stay)
	rm -rf $(B) paper/build

-include $(shell find $(B) -name '*.d' 2>/dev/null)
