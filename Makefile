# SPDX-License-Identifier: GPL-2.0-or-later
#
#   make              the program: build/vfioconf
#   make run          install what is needed to build, build, start
#   make check        every test that needs no virtual machine
#   make check-san    the same under AddressSanitizer and UndefinedBehaviorSanitizer
#   make check-vm     real guests under QEMU: apply, reboot, verify, remove (MATRIX=all: all of them)
#   make fuzz         the fuzzers, for a bounded time
#   make bench        speed and size against lspci, on the same trees
#   make lint         cppcheck and clang-tidy
#   make install      DESTDIR= PREFIX=/usr/local
#   make uninstall
#   make clean

VERSION = 1.0

BUILD  ?= build
PREFIX ?= /usr/local
DESTDIR ?=
CC     ?= cc
AR     ?= ar
PKG_CONFIG ?= pkg-config

LIBRARY_PACKAGES = libpci libkmod inih mount json-c nettle
PROGRAM_PACKAGES = ncursesw smartcols
PACKAGES = $(LIBRARY_PACKAGES) $(PROGRAM_PACKAGES)

CFLAGS ?= -O2 -g
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings \
	-Wundef -Wvla -Wformat=2 -Wcast-align -Wconversion -Wno-sign-conversion -Wno-format-nonliteral
HARDENING = -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
ALL_CFLAGS = -std=gnu11 -iquote include -iquote ui -D_GNU_SOURCE -DVERSION='"$(VERSION)"' \
	$(WARNINGS) $(if $(SANITIZE),-fPIE,$(HARDENING)) $(PKG_CFLAGS) $(CPPFLAGS) $(CFLAGS) $(SANITIZE)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now $(LDFLAGS) $(SANITIZE)

# Asked once, and only when something is compiled.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell $(PKG_CONFIG) --cflags $(PACKAGES) | sed 's/-D_XOPEN_SOURCE=600//'))$(PKG_CFLAGS)
LIBRARY_LIBS = $(eval LIBRARY_LIBS := $$(shell $(PKG_CONFIG) --libs $(LIBRARY_PACKAGES)))$(LIBRARY_LIBS)
PROGRAM_LIBS = $(eval PROGRAM_LIBS := $$(shell $(PKG_CONFIG) --libs $(PROGRAM_PACKAGES)))$(PROGRAM_LIBS)

LIBRARY_SOURCES := $(sort $(wildcard src/*/*.c))
PROGRAM_SOURCES := $(sort $(wildcard ui/*.c ui/*/*.c))
UNIT_SOURCES    := $(sort $(wildcard tests/unit/test_*.c))
LIBRARY_OBJECTS := $(LIBRARY_SOURCES:%.c=$(BUILD)/%.o)
PROGRAM_OBJECTS := $(PROGRAM_SOURCES:%.c=$(BUILD)/%.o)
# The program without main(), for tests of the interface.
PART_OBJECTS    := $(filter-out $(BUILD)/ui/main.o,$(PROGRAM_OBJECTS))
UNIT_PROGRAMS   := $(UNIT_SOURCES:%.c=$(BUILD)/%)
SUPPORT_SOURCES := $(sort $(wildcard tests/support/*.c))
SUPPORT_OBJECTS := $(SUPPORT_SOURCES:%.c=$(BUILD)/%.o)

Q = $(if $(V),,@)
say = @printf '  %-4s %s\n' $(1) $(2)

.PHONY: all
all: $(BUILD)/vfioconf

$(BUILD)/vfioconf: $(PROGRAM_OBJECTS) $(BUILD)/libvfioconf.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(PROGRAM_OBJECTS) $(BUILD)/libvfioconf.a $(LIBRARY_LIBS) $(PROGRAM_LIBS)

$(BUILD)/libvfioconf.a: $(LIBRARY_OBJECTS)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(if $(filter tests/%,$<),-iquote tests) -MMD -MP -c -o $@ $<

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(SUPPORT_OBJECTS) $(PART_OBJECTS) $(BUILD)/libvfioconf.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $< $(SUPPORT_OBJECTS) $(PART_OBJECTS) $(BUILD)/libvfioconf.a $(LIBRARY_LIBS) $(PROGRAM_LIBS) -lcmocka

-include $(LIBRARY_OBJECTS:.o=.d) $(PROGRAM_OBJECTS:.o=.d) $(SUPPORT_OBJECTS:.o=.d) $(UNIT_PROGRAMS:=.d)

.PHONY: clean
clean:
	rm -rf $(BUILD)
