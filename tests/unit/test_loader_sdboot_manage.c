/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "boot/loaders.h"
#include "support/machine.h"
#include "support/pieces.h"
#include "support/proposal.h"

#define DIRECTORY "/boot/loader/entries/"
#define ROOT "root=UUID=5f2c1d7e-8a34-4b0e-9c55-6e0f3a9b1d20 rootflags=subvol=/@"

/* sdboot-manage removes every entry first, by whomever it is. */
static void entries_that_sdboot_manage_would_delete_or_leave_are_told(void **state)
{
	static const struct {
		const char *settings, *message;
	} cases[] = {
		{ "", "would delete boot entries that it did not make: " DIRECTORY "mine.conf, " DIRECTORY "win.conf." },
		{ "PRESERVE_FOREIGN=\"yes\"\n", "leaves them as they are: " DIRECTORY "mine.conf." },
		{ "PRESERVE_FOREIGN=yes\nENTRY_ROOT=m\n", "did not make: " DIRECTORY "mine.conf." },
		{ "REMOVE_EXISTING=\"no\"\n", "leaves these entries as they are: " DIRECTORY "linux-cachyos.conf, " },
		{ "REMOVE_EXISTING=\"no\"\nOVERWRITE_EXISTING=yes\n", "leaves them as they are: " DIRECTORY "mine.conf." },
		{ "REMOVE_EXISTING=$X\n", "/etc/sdboot-manage.conf, line 2: another variable" },
	};
	struct machine *machine = machine_open("cachyos-sdboot-manage");
	struct proposal proposal;

	(void)state;
	machine_write(machine, DIRECTORY "mine.conf",
		      "title x\nlinux /vmlinuz-linux-cachyos\noptions " ROOT " rw\n");
	machine_write(machine, DIRECTORY "win.conf", "title Windows\nefi /EFI/Microsoft/Boot/bootmgfw.efi\n");
	for (size_t i = 0; i < array_size(cases); i++) {
		cleanup_text struct text settings = { 0 };

		text_printf(&settings, "LINUX_OPTIONS=\"quiet\"\n%s", cases[i].settings);
		machine_write(machine, "/etc/sdboot-manage.conf", text_string(&settings));
		propose(&proposal, &loader_sdboot_manage, machine, "a=1", "");
		assert_true(changeset_empty(&proposal.changeset));
		assert_int_equal(proposal.findings.items[0].severity, SEVERITY_ERROR);
		if (!strstr(proposal.findings.items[0].message, cases[i].message))
			fail_msg("%s", proposal.findings.items[0].message);
		proposal_done(&proposal);
	}
	/* With the words in it, a foreign entry that stays is in nobody's way; where nothing changes, nothing is said. */
	machine_write(machine, "/etc/sdboot-manage.conf", "LINUX_OPTIONS=\"quiet\"\nPRESERVE_FOREIGN=yes\n");
	machine_write(machine, DIRECTORY "mine.conf",
		      "linux /vmlinuz-linux-cachyos\noptions " ROOT " a=1\n");
	propose(&proposal, &loader_sdboot_manage, machine, "a=1", "");
	assert_int_equal(proposal.findings.count, 0);
	assert_int_equal(proposal.changeset.command_count, 1);
	proposal_done(&proposal);
	machine_write(machine, "/etc/sdboot-manage.conf", "LINUX_OPTIONS=\"quiet a=1\"\n");
	propose(&proposal, &loader_sdboot_manage, machine, "a=1", "a=1");
	assert_int_equal(proposal.findings.count, 0);
	proposal_done(&proposal);
	machine_close(machine);
}

/* The names that sdboot-manage gives: the kernel's, or the tool's word for the distribution and a part of that. */
static void entries_of_sdboot_manage_are_known_by_their_names(void **state)
{
	struct machine *machine = machine_open_text("machine 1\n" SYSTEMD_BOOT RUNNING("root=UUID=0a1b rw")
		"file /usr/bin/sdboot-manage 0755\n\t|export ENTRY_ROOT=\"manjarolinux\" \\\\\n"
		"file /etc/sdboot-manage.conf\n\t|LINUX_OPTIONS=\"quiet\"\n");
	struct proposal proposal;

	(void)state;
	machine_write(machine, DIRECTORY "manjarolinux6.1.conf",
		      "linux /vmlinuz-6.1-x86_64\noptions root=UUID=0a1b\n");
	machine_write(machine, DIRECTORY "manjarolinux6.1-fallback.conf",
		      "linux /vmlinuz-6.1-x86_64\noptions root=UUID=0a1b\n");
	propose(&proposal, &loader_sdboot_manage, machine, "a=1", "");
	assert_int_equal(proposal.findings.count, 0);
	assert_int_equal(proposal.changeset.command_count, 1);
	proposal_done(&proposal);
	machine_write(machine, DIRECTORY "manjarolinux6.conf", "linux /vmlinuz-6.1-x86_64\noptions root=UUID=0a1b\n");
	propose(&proposal, &loader_sdboot_manage, machine, "a=1", "");
	assert_non_null(strstr(proposal.findings.items[0].message, "did not make: " DIRECTORY "manjarolinux6.conf."));
	proposal_done(&proposal);
	machine_remove(machine, DIRECTORY "manjarolinux6.conf");
	machine_write(machine, DIRECTORY "manjaro.conf", "linux /vmlinuz-6.1-x86_64\noptions root=UUID=0a1b\n");
	propose(&proposal, &loader_sdboot_manage, machine, "a=1", "");
	assert_non_null(strstr(proposal.findings.items[0].message, "did not make: " DIRECTORY "manjaro.conf."));
	proposal_done(&proposal);
	machine_close(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_that_sdboot_manage_would_delete_or_leave_are_told),
		cmocka_unit_test(entries_of_sdboot_manage_are_known_by_their_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
