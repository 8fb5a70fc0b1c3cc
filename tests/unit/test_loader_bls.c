/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "boot/grub.h"
#include "boot/loaders.h"
#include "support/machine.h"
#include "support/proposal.h"

#define MACHINE "fedora-builtin-xhci"

static void a_fedora_machine_is_told_by_its_entries(void **state)
{
	struct machine *machine = machine_open(MACHINE);
	struct findings findings = { 0 };

	(void)state;
	assert_ptr_equal(loader_choose(machine->root, NULL, &findings), &loader_grub_bls);
	machine_close(machine);
}

static void a_setting_that_is_commented_out_is_none(void **state)
{
	struct machine *machine = machine_open(MACHINE);
	struct grub grub;

	(void)state;
	/* What the menu is decides, and the settings only where nobody can look into that. */
	machine_write(machine, "/boot/grub2/grub.cfg", "### BEGIN /etc/grub.d/10_linux ###\nmenuentry Fedora {\nlinux /vmlinuz\n}\n");
	grub_inspect(machine->root, &grub);
	assert_int_equal(grub.way, GRUB_EDIT);
	grub_done(&grub);
	machine_remove(machine, "/boot/grub2/grub.cfg");
	machine_write(machine, "/etc/default/grub", "#GRUB_ENABLE_BLSCFG=true\n");
	grub_inspect(machine->root, &grub);
	assert_int_equal(grub.way, GRUB_EDIT);
	grub_done(&grub);
	machine_write(machine, "/etc/default/grub", "GRUB_ENABLE_BLSCFG=true\n");
	grub_inspect(machine->root, &grub);
	assert_int_equal(grub.way, GRUB_BLS);
	grub_done(&grub);
	machine_close(machine);
}

static void entries_and_what_later_ones_are_made_from_are_edited_alike(void **state)
{
	struct machine *machine = machine_open(MACHINE);
	struct proposal proposal;
	const struct file_change *change;

	(void)state;
	machine_write(machine, "/boot/loader/entries/placeholder-0-rescue.conf",
		      "title Fedora rescue\nlinux /vmlinuz-0-rescue\noptions root=/dev/nvme0n1p3 ro\n");
	machine_write(machine, "/etc/kernel/cmdline", "root=/dev/nvme0n1p3 ro rhgb quiet\n");
	propose(&proposal, &loader_grub_bls, machine, "iommu=pt", "");
	assert_int_equal(proposal.changeset.file_count, 4);
	change = changeset_find(&proposal.changeset, "/boot/loader/entries/placeholder-6.13.6-200.fc41.x86_64.conf");
	assert_non_null(strstr(text_string(&change->after), "\noptions root=/dev/nvme0n1p3 ro rootflags=subvol=root rhgb quiet iommu=pt\n"));
	change = changeset_find(&proposal.changeset, "/etc/default/grub");
	assert_non_null(strstr(text_string(&change->after), "\nGRUB_CMDLINE_LINUX=\"rhgb quiet iommu=pt\"\n"));
	assert_non_null(changeset_find(&proposal.changeset, "/etc/kernel/cmdline"));
	assert_null(changeset_find(&proposal.changeset, "/boot/loader/entries/placeholder-0-rescue.conf"));
	assert_int_equal(proposal.changeset.command_count, 0);
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_grub_bls, machine, "iommu=pt a=1");
	machine_close(machine);
}

static void a_word_that_only_the_settings_had_before_stays_there(void **state)
{
	struct machine *machine = machine_open(MACHINE);

	(void)state;
	machine_write(machine, "/etc/default/grub", "GRUB_CMDLINE_LINUX=\"iommu=pt quiet\"\nGRUB_ENABLE_BLSCFG=true\n");
	proposal_keeps_laws(&loader_grub_bls, machine, "iommu=pt a=1");
	machine_close(machine);
}

static void settings_that_are_not_understood_keep_the_entries_as_they_are(void **state)
{
	struct machine *machine = machine_open(MACHINE);
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/etc/default/grub", "GRUB_CMDLINE_LINUX=\"$(cat /x)\"\nGRUB_ENABLE_BLSCFG=true\n");
	propose(&proposal, &loader_grub_bls, machine, "iommu=pt", "");
	assert_true(changeset_empty(&proposal.changeset));
	assert_int_equal(proposal.findings.items[0].code, FINDING_SYNTAX_NOT_UNDERSTOOD);
	assert_non_null(strstr(proposal.findings.items[0].message, "/etc/default/grub, line 1"));
	proposal_done(&proposal);
	machine_close(machine);
}

static void words_in_grubs_environment_are_read(void **state)
{
	struct machine *machine = machine_open(MACHINE);
	struct strlist words = { 0 };
	struct fault fault = { 0 };
	char *joined;

	(void)state;
	machine_remove(machine, "/boot/loader/entries");
	machine_write(machine, "/boot/loader/entries/a-4.18.0.conf", "linux /vmlinuz-4.18.0\noptions $kernelopts $tuned_params\n");
	machine_write(machine, "/boot/grub2/grubenv", "# GRUB Environment Block\nkernelopts=root=/dev/x ro iommu=pt\n####");
	assert_true(loader_grub_bls.read(machine->root, &words, &fault));
	joined = strlist_join(&words, " ");
	assert_string_equal(joined, "root=/dev/x ro iommu=pt $tuned_params");
	free(joined);
	strlist_done(&words);
	machine_close(machine);
}

static void command_is(const struct strlist *argv, const char *wanted)
{
	cleanup_free char *joined = strlist_join(argv, "|");

	assert_string_equal(joined, wanted);
}

static void words_in_grubs_environment_are_changed_by_its_tool(void **state)
{
	struct machine *machine = machine_open(MACHINE);
	const struct expectation *expectation;
	struct proposal proposal;

	(void)state;
	machine_remove(machine, "/boot/loader/entries");
	machine_write(machine, "/boot/loader/entries/a-4.18.0.conf", "linux /vmlinuz-4.18.0\noptions $kernelopts $tuned_params\n");
	machine_write(machine, "/boot/efi/EFI/redhat/grubenv", "# GRUB Environment Block\nkernelopts=root=/dev/x ro iommu=pt\n####");
	machine_remove(machine, "/boot/grub2/grubenv");
	machine_link(machine, "/boot/grub2/grubenv", "../efi/EFI/redhat/grubenv");
	propose(&proposal, &loader_grub_bls, machine, "a=1 iommu=pt", "");
	assert_null(changeset_find(&proposal.changeset, "/boot/loader/entries/a-4.18.0.conf"));
	assert_non_null(changeset_find(&proposal.changeset, "/etc/default/grub"));
	assert_int_equal(proposal.changeset.command_count, 1);
	/* iommu=pt is not in /etc/default/grub: it is ours from now on, once more where it was. */
	command_is(&proposal.changeset.commands[0].argv, "grub2-editenv|-|set|kernelopts=root=/dev/x ro iommu=pt a=1 iommu=pt");
	command_is(&proposal.changeset.commands[0].undo, "grub2-editenv|-|set|kernelopts=root=/dev/x ro iommu=pt");
	command_is(&proposal.changeset.commands[0].artefacts, "/boot/efi/EFI/redhat/grubenv");
	expectation = &proposal.changeset.commands[0].expectations[0];
	command_is(&expectation->keys, "kernelopts=root=/dev/x");
	command_is(&expectation->present, "a=1|iommu=pt");
	proposal_done(&proposal);
	propose(&proposal, &loader_grub_bls, machine, "", "ro b=2");
	command_is(&proposal.changeset.commands[0].argv, "grub2-editenv|-|set|kernelopts=root=/dev/x iommu=pt");
	command_is(&proposal.changeset.commands[0].expectations[0].absent, "ro|b=2");
	proposal_done(&proposal);
	propose_aside(&proposal, &loader_grub_bls, machine, "", "", "ro");
	command_is(&proposal.changeset.commands[0].argv, "grub2-editenv|-|set|kernelopts=root=/dev/x vfioconf.aside=ro iommu=pt");
	proposal_done(&proposal);
	/* Without the variable grub.cfg has words of its own for it, and the entries are edited. */
	machine_write(machine, "/boot/efi/EFI/redhat/grubenv", "# GRUB Environment Block\n####");
	propose(&proposal, &loader_grub_bls, machine, "a=1", "");
	assert_int_equal(proposal.changeset.command_count, 0);
	assert_non_null(changeset_find(&proposal.changeset, "/boot/loader/entries/a-4.18.0.conf"));
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_grub_bls, machine, "a=1");
	machine_close(machine);
}

#define ENTRY_PATH "/boot/loader/entries/placeholder-6.13.6-200.fc41.x86_64.conf"
#define ENTRY_HEAD "title Fedora\nlinux /vmlinuz-6.13.6-200.fc41.x86_64\n"

/* blscfg.c asks for one value of "options", and gets the first. */
static void of_several_lines_of_options_the_first_counts(void **state)
{
	struct machine *machine = machine_open(MACHINE);
	struct strlist words = { 0 };
	struct proposal proposal;
	const struct file_change *change;
	struct fault fault = { 0 };

	(void)state;
	machine_write(machine, ENTRY_PATH, ENTRY_HEAD "options root=/dev/nvme0n1p3 ro\noptions nvidia-drm.modeset=1 a=1\n");
	assert_true(loader_grub_bls.read(machine->root, &words, &fault));
	command_is(&words, "root=/dev/nvme0n1p3|ro");
	strlist_done(&words);
	propose(&proposal, &loader_grub_bls, machine, "a=1", "");
	change = changeset_find(&proposal.changeset, ENTRY_PATH);
	assert_non_null(change);
	assert_string_equal(text_string(&change->after), ENTRY_HEAD
			    "options root=/dev/nvme0n1p3 ro a=1\noptions nvidia-drm.modeset=1 a=1\n");
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_grub_bls, machine, "a=1");
	machine_close(machine);
}

/* read_entry() of blscfg.c stops at an empty line, and at a key without a value. */
static void options_that_grub_does_not_get_to_are_refused(void **state)
{
	static const char *const entries[] = { ENTRY_HEAD "\noptions root=/dev/nvme0n1p3 ro\n",
					       ENTRY_HEAD "initrd\noptions root=/dev/nvme0n1p3 ro\n" };
	struct proposal proposal;

	(void)state;
	for (size_t i = 0; i < array_size(entries); i++) {
		struct machine *machine = machine_open(MACHINE);

		machine_write(machine, ENTRY_PATH, entries[i]);
		propose(&proposal, &loader_grub_bls, machine, "a=1", "");
		assert_true(changeset_empty(&proposal.changeset));
		assert_int_equal(proposal.findings.items[0].code, FINDING_SYNTAX_NOT_UNDERSTOOD);
		assert_non_null(strstr(proposal.findings.items[0].message, ".conf, line 3: an empty line"));
		proposal_done(&proposal);
		machine_close(machine);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fedora_machine_is_told_by_its_entries),
		cmocka_unit_test(a_setting_that_is_commented_out_is_none),
		cmocka_unit_test(entries_and_what_later_ones_are_made_from_are_edited_alike),
		cmocka_unit_test(a_word_that_only_the_settings_had_before_stays_there),
		cmocka_unit_test(settings_that_are_not_understood_keep_the_entries_as_they_are),
		cmocka_unit_test(words_in_grubs_environment_are_read),
		cmocka_unit_test(words_in_grubs_environment_are_changed_by_its_tool),
		cmocka_unit_test(of_several_lines_of_options_the_first_counts),
		cmocka_unit_test(options_that_grub_does_not_get_to_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
