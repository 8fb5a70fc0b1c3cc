# SPDX-License-Identifier: GPL-2.0-or-later
# The tests of the interface look at a machine made by hand: one more member of what tests share.
$(TEST_LIBRARY): $(BUILD)/tests/screens/demo.o
