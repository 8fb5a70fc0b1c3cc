/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proxmox-boot-tool, which keeps several ESPs, beside the GRUB that every Proxmox has as well. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "boot/kernel_cmdline.h"
#include "boot/loaders.h"
#include "support/machine.h"
#include "support/pieces.h"
#include "support/proposal.h"

static void a_proxmox_with_both_is_told_apart_or_asked_about(void **state)
{
	struct machine *machine = machine_open_text("machine 1\n" PROXMOX RUNNING("root=ZFS=rpool/ROOT/pve-1 boot=zfs"));
	struct findings findings = { 0 };

	(void)state;
	loader_of_text_is("machine 1\n" PROXMOX SYSTEMD_BOOT
			  RUNNING("initrd=\\\\EFI\\\\proxmox\\\\6.8.12-pve\\\\initrd.img root=ZFS=rpool"),
			  &loader_proxmox);
	loader_of_text_is("machine 1\n" PROXMOX RUNNING("initrd=\\EFI\\proxmox\\6.8.12-pve\\initrd.img root=ZFS=rpool"),
			  &loader_proxmox);
	loader_of_text_is("machine 1\n" PROXMOX GRUB RUNNING("BOOT_IMAGE=/boot/vmlinuz-6.8.12-pve root=ZFS=rpool"),
			  &loader_grub_dropin);
	assert_null(loader_choose(machine->root, NULL, &findings));
	assert_int_equal(findings.items[0].code, FINDING_LOADER_AMBIGUOUS);
	findings_done(&findings);
	machine_close(machine);
}

static void grub_on_proxmox_is_copied_to_the_esps(void **state)
{
	struct machine *machine = machine_open_text("machine 1\n" PROXMOX GRUB RUNNING("root=ZFS=rpool"));
	struct proposal proposal;

	(void)state;
	propose(&proposal, &loader_grub_dropin, machine, "a=1", "");
	assert_int_equal(proposal.changeset.command_count, 2);
	assert_string_equal(proposal.changeset.commands[1].argv.items[0], "proxmox-boot-tool");
	assert_int_equal(proposal.findings.items[0].code, FINDING_NOT_PROVEN);
	proposal_done(&proposal);
	machine_close(machine);
}

/* Where the parameters are right already and images are made, a hook may copy these: that is taken back by a refresh. */
static void new_images_are_copied_to_the_esps_of_proxmox_whatever_the_parameters(void **state)
{
	static const char *const update[] = { "update-initramfs", "-u", "-k", "all", NULL };
	static const struct loader *const both[] = { &loader_proxmox, &loader_grub_dropin };

	(void)state;
	for (size_t i = 0; i < array_size(both); i++) {
		struct machine *machine = machine_open_text("machine 1\n" PROXMOX GRUB RUNNING("root=ZFS=rpool"));
		struct proposal proposal = { 0 };
		const struct strlist none = { 0 };
		const struct boot_request request = { .wanted = &none, .ours = &none, .kernels = &none };
		struct command *command;

		assert_true(both[i]->propose(machine->root, &request, &proposal.changeset, &proposal.findings,
					     &proposal.added, NULL));
		assert_int_equal(proposal.changeset.command_count, 0);
		command = changeset_command(&proposal.changeset, "", 20, update);
		strlist_add(&command->artefacts, "/boot/initrd.img-6.8.12-pve");
		assert_true(both[i]->propose(machine->root, &request, &proposal.changeset, &proposal.findings,
					     &proposal.added, NULL));
		assert_int_equal(proposal.changeset.command_count, 2);
		assert_string_equal(proposal.changeset.commands[1].argv.items[1], "refresh");
		assert_string_equal(proposal.changeset.commands[1].undo.items[1], "refresh");
		proposal_done(&proposal);
		machine_close(machine);
	}
}

#define PROXMOX_ENTRY(place, release)                                                           \
	"file " place "/loader/entries/proxmox-" release ".conf\n\t|options root=ZFS=rpool quiet\n" \
	"\t|linux /EFI/proxmox/" release "/vmlinuz-" release "\n"
#define PROXMOX_ESP                                                                             \
	"machine 1\n" PROXMOX RUNNING("root=ZFS=rpool") "kernel 6.8.12-pve running\n"           \
	"link /dev/disk/by-uuid/ABCD-0123 ../../sda2\n" PROXMOX_ENTRY("/boot/efi", "6.8.12-pve") \
	PROXMOX_ENTRY("/boot/efi", "6.8.4-pve")
#define MOUNTED(device) "file /proc/self/mountinfo\n\t|36 25 8:2 / /boot/efi rw - vfat /dev/" device " rw\n"

/* How many files are looked into after proxmox-boot-tool has run on the machine, and what is said of the others. */
static size_t looked_into(const char *text, const char *uuids, const char *not_proven)
{
	struct machine *machine = machine_open_text(text);
	struct proposal proposal;
	struct command *command;
	size_t count;

	machine_write(machine, "/etc/kernel/proxmox-boot-uuids", uuids);
	propose(&proposal, &loader_proxmox, machine, "a=1", "");
	command = &proposal.changeset.commands[proposal.changeset.command_count - 1];
	assert_string_equal(command->argv.items[0], "proxmox-boot-tool");
	/* put back, the files go to the ESPs in the same way */
	assert_string_equal(command->undo.items[1], "refresh");
	count = command->expectation_count;
	if (count) {
		assert_string_equal(command->expectations[0].path, "/boot/efi/loader/entries/proxmox-6.8.12-pve.conf");
		assert_true(strlist_has(&command->expectations[0].present, "a=1"));
	}
	proposal_says_not_proven(&proposal, not_proven);
	proposal_done(&proposal);
	machine_close(machine);
	return count;
}

/* The entry of the running kernel alone: of others the tool keeps as many as it likes. */
static void an_esp_of_proxmox_is_looked_into_where_it_is_mounted(void **state)
{
	(void)state;
	assert_int_equal(looked_into(PROXMOX_ESP MOUNTED("sda2"), "ABCD-0123\n", NULL), 1);
	assert_int_equal(looked_into(PROXMOX_ESP MOUNTED("sda2"), "ABCD-0123\nABCD-9999\n",
				     "writes to 1 of the EFI system partitions that it keeps (ABCD-0123, ABCD-9999)"), 1);
	/* another partition is mounted there, or none: what lies there is not what the tool writes */
	assert_int_equal(looked_into(PROXMOX_ESP MOUNTED("sdc1"), "ABCD-0123\n",
				     "writes to the EFI system partitions that it keeps (ABCD-0123)"), 0);
	assert_int_equal(looked_into(PROXMOX_ESP, "ABCD-0123\n", "of it only the exit status tells"), 0);
}

/* What becomes of /etc/kernel/cmdline, "" where it does not change; the laws hold. */
static void proxmox_makes_of(const char *before, const char *after)
{
	struct machine *machine = machine_open_text("machine 1\n" PROXMOX RUNNING("initrd=\\i root=ZFS=rpool quiet"));
	const struct file_change *change;
	struct proposal proposal;

	if (before)
		machine_write(machine, KERNEL_CMDLINE, before);
	else
		machine_remove(machine, KERNEL_CMDLINE);
	propose(&proposal, &loader_proxmox, machine, "a=1 b=2", "");
	change = changeset_find(&proposal.changeset, KERNEL_CMDLINE);
	assert_string_equal(change ? text_string(&change->after) : "", after);
	assert_int_equal(findings_refuse(&proposal.findings), !*after);
	proposal_done(&proposal);
	if (*after)
		proposal_keeps_laws(&loader_proxmox, machine, "a=1 b=2");
	machine_close(machine);
}

#define MADE_LINE "# Written by vfioconf from the parameters of the running kernel. Only the first line is read.\n"

static void of_proxmoxs_command_line_the_first_line_counts(void **state)
{
	struct machine *machine = machine_open_text("machine 1\n" PROXMOX RUNNING("root=ZFS=rpool quiet a=1"));
	struct strlist words = { 0 };
	struct proposal proposal;
	struct fault fault;

	(void)state;
	proxmox_makes_of("root=ZFS=rpool quiet\n", "root=ZFS=rpool quiet a=1 b=2\n");
	proxmox_makes_of("root=ZFS=rpool b=2\nsplash\n", "root=ZFS=rpool b=2 a=1\nsplash\n");
	proxmox_makes_of("root=ZFS=rpool\r\n# a=1\r\n", "root=ZFS=rpool a=1 b=2\r\n# a=1\r\n");
	proxmox_makes_of("root=ZFS=rpool", "root=ZFS=rpool a=1 b=2");
	proxmox_makes_of(NULL, "root=ZFS=rpool quiet a=1 b=2\n" MADE_LINE);
	proxmox_makes_of("", "");
	proxmox_makes_of("\nroot=ZFS=rpool\n", "");
	proxmox_makes_of("# root=ZFS=rpool\n", "");
	machine_write(machine, KERNEL_CMDLINE, "root=ZFS=rpool b=2\nsplash\n");
	assert_true(loader_proxmox.read(machine->root, &words, &fault));
	assert_int_equal(words.count, 2);
	strlist_done(&words);
	/* The running kernel has a word of ours: without the file it would come back. */
	machine_write(machine, KERNEL_CMDLINE, "root=ZFS=rpool quiet a=1\n" MADE_LINE);
	propose(&proposal, &loader_proxmox, machine, "", "a=1");
	assert_string_equal(text_string(&proposal.changeset.files[0].after), "root=ZFS=rpool quiet\n");
	proposal_done(&proposal);
	machine_close(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_proxmox_with_both_is_told_apart_or_asked_about),
		cmocka_unit_test(grub_on_proxmox_is_copied_to_the_esps),
		cmocka_unit_test(new_images_are_copied_to_the_esps_of_proxmox_whatever_the_parameters),
		cmocka_unit_test(an_esp_of_proxmox_is_looked_into_where_it_is_mounted),
		cmocka_unit_test(of_proxmoxs_command_line_the_first_line_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
