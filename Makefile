# SPDX-License-Identifier: GPL-2.0-or-later
#
#   make              the program: build/vfioconf
#   make run          install what is needed to build, build, start (ARGS=--list: with arguments)
#   make check        the tests, but for those of check-tools and check-vm (SUITES="unit pty": those alone); it skips what
#                     it has no program for, which "tests/needs more" installs
#   make check-san    the same under AddressSanitizer and UndefinedBehaviorSanitizer
#   make check-tools  real boot loader tools and initramfs generators, in a chroot (MATRIX=all: all of them)
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
LANGUAGE = -std=gnu11 -iquote include -iquote ui -D_GNU_SOURCE -DVERSION='"$(VERSION)"'
ALL_CFLAGS = $(LANGUAGE) $(WARNINGS) $(if $(SANITIZE),-fPIE,$(HARDENING)) $(PKG_CFLAGS) \
	$(CPPFLAGS) $(CFLAGS) $(SANITIZE)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now $(LDFLAGS) $(SANITIZE)

# Asked once, and only when something is compiled.
pkg_config = $(if $(shell $(PKG_CONFIG) --exists $(PACKAGES) 2>/dev/null && echo yes),\
	$(shell $(PKG_CONFIG) $(1)),$(error Not all libraries to build with are installed ($(PACKAGES)): "make run" installs what is missing))
PKG_CFLAGS = $(eval PKG_CFLAGS := \
	$$(filter-out -D_XOPEN_SOURCE=%,$$(call pkg_config,--cflags $(PACKAGES))))$(PKG_CFLAGS)
LIBRARY_LIBS = $(eval LIBRARY_LIBS := $$(call pkg_config,--libs $(LIBRARY_PACKAGES)))$(LIBRARY_LIBS)
PROGRAM_LIBS = $(eval PROGRAM_LIBS := $$(call pkg_config,--libs $(PROGRAM_PACKAGES)))$(PROGRAM_LIBS)

LIBRARY_SOURCES := $(sort $(wildcard src/*/*.c))
PROGRAM_SOURCES := $(sort $(wildcard ui/*.c ui/*/*.c))
SUPPORT_SOURCES := $(sort $(wildcard tests/support/*.c))
UNIT_SOURCES    := $(sort $(wildcard tests/unit/test_*.c))
LIBRARY_OBJECTS := $(LIBRARY_SOURCES:%.c=$(BUILD)/%.o)
PROGRAM_OBJECTS := $(PROGRAM_SOURCES:%.c=$(BUILD)/%.o)
# What tests share: tests/support, and the program without its main().
TEST_LIBRARY    := $(BUILD)/tests/libtests.a
TEST_OBJECTS    := $(SUPPORT_SOURCES:%.c=$(BUILD)/%.o) $(filter-out $(BUILD)/ui/main.o,$(PROGRAM_OBJECTS))
# What "make check" runs; a suite with programs of its own adds them in its tests/SUITE/*.mk.
TEST_PROGRAMS   := $(UNIT_SOURCES:%.c=$(BUILD)/%)

Q = $(if $(V),,@)
say = @printf '  %-4s %s\n' $(1) $(2)
# What makes a build one under the sanitizers, beside the other.
SANITIZED = BUILD=$(BUILD)/san CFLAGS='-O1 -g -fno-omit-frame-pointer' \
	SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=undefined'
# For a make started from here: as many jobs as there are processors, unless the user said how many.
submake = $(MAKE) --no-print-directory $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

.PHONY: all
all: $(BUILD)/vfioconf
	@:

$(BUILD)/vfioconf: $(PROGRAM_OBJECTS) $(BUILD)/libvfioconf.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBRARY_LIBS) $(PROGRAM_LIBS)

$(BUILD)/libvfioconf.a: $(LIBRARY_OBJECTS)
$(TEST_LIBRARY): $(TEST_OBJECTS)
%.a:
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(if $(filter tests/%,$<),-iquote tests) -MMD -MP -c -o $@ $<

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(TEST_LIBRARY) $(BUILD)/libvfioconf.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBRARY_LIBS) $(PROGRAM_LIBS) -lcmocka

.SECONDARY:
-include $(LIBRARY_OBJECTS:.o=.d) $(PROGRAM_OBJECTS:.o=.d) $(wildcard $(BUILD)/tests/*/*.d)

.PHONY: run
run:
	@tests/needs build
	@$(submake) all
	@$(BUILD)/vfioconf $(ARGS)

.PHONY: check programs
check:
	@tests/needs build check
	@$(submake) programs
	@BUILD=$(BUILD) SANITIZE="$(SANITIZE)" tests/run $(SUITES)

.PHONY: check-san
check-san:
	@$(MAKE) --no-print-directory check $(SANITIZED)

.PHONY: check-tools
check-tools:
	@tests/needs build tools
	@$(submake) all
	@BUILD=$(BUILD) MATRIX=$(MATRIX) tests/tools/run

.PHONY: check-vm
check-vm:
	@tests/needs build vm
	@$(submake) all
	@BUILD=$(BUILD) MATRIX=$(MATRIX) tests/vm/run

.PHONY: lint
lint:
	@tests/needs build lint
	@$(submake) --keep-going --output-sync tidy cppcheck

TIDY = $(LIBRARY_SOURCES:%=tidy/%) $(PROGRAM_SOURCES:%=tidy/%)
.PHONY: tidy cppcheck $(TIDY)
tidy: $(TIDY)
$(TIDY): tidy/%:
	$(call say,TIDY,$*)
	$(Q)said=$$(clang-tidy --quiet $* -- $(LANGUAGE) $(PKG_CFLAGS) 2>&1) || { echo "$$said"; exit 1; }
cppcheck:
	$(call say,LINT,'src ui')
	$(Q)cppcheck -q --std=c11 --enable=warning,performance,portability --suppress=ctunullpointer --error-exitcode=1 \
		-I include -I ui -D_GNU_SOURCE -DVERSION='"$(VERSION)"' src ui

# Where make install puts what.
INSTALLED = bin/vfioconf share/man/man8/vfioconf.8 share/bash-completion/completions/vfioconf \
	share/zsh/site-functions/_vfioconf share/fish/vendor_completions.d/vfioconf.fish
# The program was there before; root would still find that one first.
FORMER = $(DESTDIR)$(PREFIX)/sbin/vfioconf
place = install -D -m $(1) $(2) $(DESTDIR)$(PREFIX)/$(3)

.PHONY: install
install: all
	$(call place,755,$(BUILD)/vfioconf,bin/vfioconf)
	rm -f $(FORMER)
	$(call place,644,ui/vfioconf.8,share/man/man8/vfioconf.8)
	$(call place,644,ui/completions/vfioconf.bash,share/bash-completion/completions/vfioconf)
	$(call place,644,ui/completions/_vfioconf,share/zsh/site-functions/_vfioconf)
	$(call place,644,ui/completions/vfioconf.fish,share/fish/vendor_completions.d/vfioconf.fish)

.PHONY: uninstall
uninstall:
	rm -f $(INSTALLED:%=$(DESTDIR)$(PREFIX)/%) $(FORMER)

.PHONY: clean
clean:
	rm -rf $(BUILD)

# Suites bring their own rules: programs for TEST_PROGRAMS, "make fuzz", "make bench".
-include tests/*/*.mk

programs: all $(TEST_PROGRAMS)
	@:
