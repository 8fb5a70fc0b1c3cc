# SPDX-License-Identifier: GPL-2.0-or-later
# make bench: every executable of tests/bench prints its figures and fails where a limit is passed.

BENCH_PROGRAMS = $(BUILD)/tests/bench/measure $(BUILD)/tests/bench/lay
TEST_PROGRAMS += $(BENCH_PROGRAMS)

$(BENCH_PROGRAMS): %: %.o $(BUILD)/libvfioconf.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBRARY_LIBS)

.PHONY: bench
bench:
	@tests/needs build check
	@$(submake) all $(BENCH_PROGRAMS)
	@failed=0; for bench in tests/bench/*; do [ -f "$$bench" ] && [ -x "$$bench" ] || continue; \
		BUILD=$(BUILD) "$$bench" || failed=1; done; exit $$failed
