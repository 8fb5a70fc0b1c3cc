# SPDX-License-Identifier: GPL-2.0-or-later
# The tests of the interface look at a machine made by hand.
$(filter $(BUILD)/tests/unit/test_tui_%,$(TEST_PROGRAMS)): $(BUILD)/tests/screens/demo.o
