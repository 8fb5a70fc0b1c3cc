# SPDX-License-Identifier: GPL-2.0-or-later
# The program that tests/crash/check-crash stops at every system call.
TEST_PROGRAMS += $(BUILD)/tests/crash/driver

$(BUILD)/tests/crash/driver: $(BUILD)/tests/crash/driver.o $(BUILD)/libvfioconf.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBRARY_LIBS)
