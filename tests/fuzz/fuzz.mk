# SPDX-License-Identifier: GPL-2.0-or-later
# make fuzz FUZZ_SECONDS=20 FUZZ_SEED=1: every editor on mutated files, under the sanitizers. What breaks a law or
# crashes is kept in build/san/fuzz-NAME; the same seed finds it again.

TEST_PROGRAMS += $(BUILD)/tests/fuzz/editor
FUZZ_SECONDS ?= 20
FUZZ_SEED ?= 1

$(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/support/editors.o $(BUILD)/libvfioconf.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBRARY_LIBS)

.PHONY: fuzz
fuzz::
	@tests/needs build check
	@$(submake) BUILD=$(BUILD)/san CFLAGS='-O1 -g -fno-omit-frame-pointer' \
		SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=undefined' $(BUILD)/san/tests/fuzz/editor
	@set -e; for name in $$($(BUILD)/san/tests/fuzz/editor list); do \
		FUZZ_OUTPUT=$(BUILD)/san $(BUILD)/san/tests/fuzz/editor $$name fuzz $(FUZZ_SECONDS) $(FUZZ_SEED); done
