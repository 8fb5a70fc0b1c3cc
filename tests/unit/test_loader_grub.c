/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "boot/grub.h"
#include "boot/loaders.h"
#include "boot/own.h"
#include "support/machine.h"
#include "support/proposal.h"

#define DROPIN "/etc/default/grub.d/zz-vfioconf.cfg"

static void drop_in_is(const struct proposal *proposal, const char *line)
{
	const struct file_change *change = changeset_find(&proposal->changeset, DROPIN);

	assert_non_null(change);
	if (!strstr(text_string(&change->after), line))
		fail_msg("<%s> is not in <%s>", line, text_string(&change->after));
}

static void a_debian_machine_is_told_as_grub_with_drop_ins(void **state)
{
	struct machine *machine = machine_open("z170a");
	struct findings findings = { 0 };
	const struct loader *loader = loader_choose(machine->root, NULL, &findings);

	(void)state;
	assert_ptr_equal(loader, &loader_grub_dropin);
	assert_int_equal(findings.count, 0);
	machine_close(machine);
}

static void only_the_words_that_the_user_does_not_have_go_into_the_drop_in(void **state)
{
	struct machine *machine = machine_open("z170a");
	struct proposal proposal;
	struct command *command;

	(void)state;
	machine_write(machine, "/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet iommu=pt\"\n");
	propose(&proposal, &loader_grub_dropin, machine, "intel_iommu=on iommu=pt", "");
	drop_in_is(&proposal, "\nGRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT intel_iommu=on\"\n");
	assert_int_equal(proposal.added.count, 1);
	assert_int_equal(proposal.changeset.command_count, 1);
	command = &proposal.changeset.commands[0];
	assert_string_equal(command->argv.items[0], "grub-mkconfig");
	assert_string_equal(command->argv.items[2], COMMAND_OUTPUT);
	assert_string_equal(command->output, "/boot/grub/grub.cfg");
	assert_int_equal(command->expectation_count, 1);
	assert_int_equal(command->expectations[0].present.count, 2);
	proposal_done(&proposal);
	machine_close(machine);
}

static void words_that_are_the_users_own_ask_for_nothing(void **state)
{
	struct machine *machine = machine_open("z170a");
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/etc/default/grub", "GRUB_CMDLINE_LINUX=iommu=pt\nGRUB_CMDLINE_LINUX_DEFAULT=quiet\n");
	machine_write(machine, "/boot/grub/grub.cfg", "### BEGIN /etc/grub.d/10_linux ###\n\tlinux /vmlinuz root=x ro iommu=pt quiet\n");
	propose(&proposal, &loader_grub_dropin, machine, "iommu=pt", "");
	assert_true(changeset_empty(&proposal.changeset));
	assert_int_equal(proposal.added.count, 0);
	proposal_done(&proposal);
	machine_close(machine);
}

static void another_systems_entry_that_comes_first_tells_nothing(void **state)
{
	struct machine *machine = machine_open("z170a");
	const struct expectation *expectation;
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet iommu=pt\"\n");
	machine_write(machine, "/boot/grub/grub.cfg",
		      "### BEGIN /etc/grub.d/08_os-prober ###\nlinux /other root=/dev/sdb1\n"
		      "### BEGIN /etc/grub.d/10_linux ###\nlinux /vmlinuz root=x ro quiet iommu=pt\n");
	propose(&proposal, &loader_grub_dropin, machine, "iommu=pt", "");
	assert_true(changeset_empty(&proposal.changeset));
	proposal_done(&proposal);
	/* So it is with the names that grub-customizer gives. */
	machine_write(machine, "/boot/grub/grub.cfg",
		      "### BEGIN /etc/grub.d/41_os-prober_proxy ###\nlinux /other root=/dev/sdb1\n"
		      "### BEGIN /etc/grub.d/43_linux_proxy ###\nlinux /vmlinuz root=x ro quiet iommu=pt\n");
	propose(&proposal, &loader_grub_dropin, machine, "iommu=pt", "");
	assert_true(changeset_empty(&proposal.changeset));
	proposal_done(&proposal);
	/* Nor does the check afterwards ask it for our words. */
	propose(&proposal, &loader_grub_dropin, machine, "iommu=pt a=1", "");
	expectation = &proposal.changeset.commands[0].expectations[0];
	assert_string_equal(expectation->from.items[0], "### BEGIN *_linux ###");
	proposal_done(&proposal);
	machine_close(machine);
}

static void a_stale_grub_cfg_is_written_anew_without_a_change_of_files(void **state)
{
	struct machine *machine = machine_open("z170a");
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet iommu=pt\"\n");
	propose(&proposal, &loader_grub_dropin, machine, "iommu=pt", "");
	assert_int_equal(proposal.changeset.file_count, 0);
	assert_int_equal(proposal.changeset.command_count, 1);
	proposal_done(&proposal);
	machine_close(machine);
}

/* One menu of a person's own, with another system in it, and no script's mark. */
static void a_grub_cfg_of_a_persons_own_is_never_replaced(void **state)
{
	struct machine *machine = machine_open("z170a");
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/boot/grub/grub.cfg",
		      "menuentry Mine {\n\tlinux /vmlinuz root=x ro net.ifnames=0\n}\nmenuentry Windows { chainloader +1 }\n");
	propose(&proposal, &loader_grub_dropin, machine, "a=1 b=2", "");
	assert_true(changeset_empty(&proposal.changeset));
	assert_int_equal(proposal.findings.count, 1);
	assert_int_equal(proposal.findings.items[0].code, FINDING_LOADER_MANUAL);
	assert_int_equal(proposal.findings.items[0].severity, SEVERITY_ERROR);
	assert_string_equal(proposal.findings.items[0].paste, "a=1 b=2");
	assert_non_null(strstr(proposal.findings.items[0].remedy, "at the end of the line"));
	proposal_done(&proposal);
	/* Once they are typed, they are there, and grub-mkconfig stays away from it. */
	machine_write(machine, "/boot/grub/grub.cfg", "menuentry Mine {\n\tlinux /vmlinuz root=x ro a=1 b=2\n}\n");
	propose(&proposal, &loader_grub_dropin, machine, "a=1 b=2", "");
	assert_true(changeset_empty(&proposal.changeset));
	assert_int_equal(proposal.findings.count, 0);
	proposal_done(&proposal);
	/* Nor is there an entry of ours to be added, or our settings to be taken back through it. */
	machine_write(machine, "/etc/default/grub.d/zz-vfioconf.cfg", "# " OWN_MARK "\n" "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT a=1\"\n");
	propose_way_back(&proposal, &loader_grub_dropin, machine, "", "a=1");
	assert_int_equal(proposal.changeset.file_count, 1);
	assert_int_equal(proposal.changeset.files[0].kind, CHANGE_DELETE);
	assert_int_equal(proposal.changeset.command_count, 0);
	proposal_done(&proposal);
	machine_close(machine);
}

static void taking_back_leaves_the_directory_as_it_was(void **state)
{
	struct machine *machine = machine_open("z170a");
	struct proposal proposal;

	(void)state;
	propose_and_apply(&loader_grub_dropin, machine, "a=1");
	machine_write(machine, "/boot/grub/grub.cfg",
		      "### BEGIN /etc/grub.d/10_linux ###\n\tlinux /vmlinuz a=1\n"
		      "### BEGIN /etc/grub.d/40_custom ###\nlinux /other b=2\n");
	propose(&proposal, &loader_grub_dropin, machine, "a=1", "a=1");
	assert_true(changeset_empty(&proposal.changeset));
	proposal_done(&proposal);
	propose(&proposal, &loader_grub_dropin, machine, "", "a=1 b=2");
	assert_int_equal(proposal.changeset.file_count, 1);
	assert_int_equal(proposal.changeset.files[0].kind, CHANGE_DELETE);
	assert_int_equal(proposal.changeset.command_count, 1);
	/* b=2 stands in the user's own menu entry too, which is not ours to judge. */
	assert_int_equal(proposal.changeset.commands[0].expectations[0].absent.count, 1);
	assert_string_equal(proposal.changeset.commands[0].expectations[0].absent.items[0], "a=1");
	proposal_done(&proposal);
	machine_close(machine);
}

static void a_file_that_sets_the_variable_after_ours_is_shown(void **state)
{
	struct machine *machine = machine_open("z170a");
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/etc/default/grub.d/50-cloudimg-settings.cfg", "GRUB_CMDLINE_LINUX_DEFAULT=\"console=tty1 iommu=pt\"\n");
	propose(&proposal, &loader_grub_dropin, machine, "iommu=pt a=1", "");
	drop_in_is(&proposal, " a=1\"\n");
	assert_int_equal(proposal.added.count, 1);
	proposal_done(&proposal);
	machine_write(machine, "/etc/default/grub.d/zzz.cfg", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n");
	propose(&proposal, &loader_grub_dropin, machine, "iommu=pt a=1", "");
	assert_true(changeset_empty(&proposal.changeset));
	assert_int_equal(proposal.findings.count, 1);
	assert_int_equal(proposal.findings.items[0].code, FINDING_SYNTAX_NOT_UNDERSTOOD);
	assert_non_null(strstr(proposal.findings.items[0].message, "zzz.cfg, line 1"));
	proposal_done(&proposal);
	machine_write(machine, "/etc/default/grub.d/zzz.cfg", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet $GRUB_CMDLINE_LINUX_DEFAULT\"\n");
	propose(&proposal, &loader_grub_dropin, machine, "iommu=pt a=1", "");
	assert_int_equal(proposal.findings.count, 0);
	proposal_done(&proposal);
	machine_close(machine);
}

static void a_line_that_is_not_understood_is_shown_and_nothing_is_changed(void **state)
{
	static const char *const lines[] = { "GRUB_CMDLINE_LINUX_DEFAULT+=\" a\"\n",
					     "GRUB_CMDLINE_LINUX_DEFAULT=\"$(cat /x)\"\n",
					     "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\r\n",
					     "GRUB_CMDLINE_LINUX_DEFAULT=a\nGRUB_CMDLINE_LINUX_DEFAULT=b\n" };
	struct machine *machine = machine_open("z170a");
	struct proposal proposal;

	(void)state;
	for (size_t i = 0; i < array_size(lines); i++) {
		struct strlist words = { 0 };
		struct fault fault = { 0 };

		machine_write(machine, "/etc/default/grub", lines[i]);
		propose(&proposal, &loader_grub_dropin, machine, "iommu=pt", "");
		assert_true(changeset_empty(&proposal.changeset));
		assert_int_equal(proposal.findings.items[0].code, FINDING_SYNTAX_NOT_UNDERSTOOD);
		assert_non_null(strstr(proposal.findings.items[0].paste, "iommu=pt"));
		proposal_done(&proposal);
		assert_false(loader_grub_dropin.read(machine->root, &words, &fault));
		strlist_done(&words);
	}
	machine_close(machine);
}

static void somebody_elses_file_of_our_name_stays(void **state)
{
	struct machine *machine = machine_open("z170a");
	struct proposal proposal;

	(void)state;
	machine_write(machine, DROPIN, "GRUB_TIMEOUT=1\n");
	propose(&proposal, &loader_grub_dropin, machine, "iommu=pt", "");
	assert_true(changeset_empty(&proposal.changeset));
	assert_int_equal(proposal.findings.items[0].code, FINDING_FILE_FOREIGN);
	proposal_done(&proposal);
	machine_close(machine);
}

static void the_settings_are_read_in_the_order_of_the_line(void **state)
{
	struct machine *machine = machine_open("z170a");
	struct strlist words = { 0 };
	struct fault fault = { 0 };
	char *joined;

	(void)state;
	machine_write(machine, "/etc/default/grub", "GRUB_CMDLINE_LINUX=\"console=ttyS0\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n");
	machine_write(machine, "/etc/default/grub.d/kdump.cfg", "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT crashkernel=1G\"\n");
	assert_true(loader_grub_dropin.read(machine->root, &words, &fault));
	joined = strlist_join(&words, " ");
	assert_string_equal(joined, "console=ttyS0 quiet crashkernel=1G");
	free(joined);
	strlist_done(&words);
	machine_close(machine);
}

static const char arch[] =
	"machine 1\n"
	"file /etc/os-release\n\t|ID=arch\n"
	"file /proc/cmdline\n\t|BOOT_IMAGE=/boot/vmlinuz-linux root=UUID=1 rw quiet\n"
	"file /usr/bin/grub-mkconfig 0755\n\t|#!/bin/sh\n\t|. ${sysconfdir}/default/grub\n"
	"file /boot/vmlinuz-linux\n\t\\kernel\n"
	"file /boot/grub/grub.cfg\n\t|### BEGIN /etc/grub.d/10_linux ###\n\t|linux /boot/vmlinuz-linux root=UUID=1 rw quiet\n"
	"file /etc/default/grub\n"
	"\t|GRUB_CMDLINE_LINUX_DEFAULT='loglevel=3 quiet' # mine\n"
	"\t|GRUB_CMDLINE_LINUX=\"\"\n";

static void an_arch_machine_has_its_line_edited_and_gets_it_back(void **state)
{
	struct machine *machine = machine_open_text(arch);
	char *before = machine_read(machine, "/etc/default/grub"), *now;
	struct findings findings = { 0 };
	struct proposal proposal;
	char *ours;

	(void)state;
	assert_ptr_equal(loader_choose(machine->root, NULL, &findings), &loader_grub);
	propose(&proposal, &loader_grub, machine, "intel_iommu=on quiet", "");
	assert_string_equal(text_string(&proposal.changeset.files[0].after),
			    "GRUB_CMDLINE_LINUX_DEFAULT='loglevel=3 quiet intel_iommu=on' # mine\n"
			    "GRUB_CMDLINE_LINUX=\"\"\n");
	assert_int_equal(proposal.changeset.command_count, 1);
	ours = strlist_join(&proposal.added, " ");
	assert_string_equal(ours, "intel_iommu=on");
	proposal_apply(&proposal, machine);
	proposal_done(&proposal);
	machine_write(machine, "/boot/grub/grub.cfg", "### BEGIN /etc/grub.d/10_linux ###\nlinux /x quiet intel_iommu=on\n");
	propose(&proposal, &loader_grub, machine, "intel_iommu=on quiet", ours);
	assert_true(changeset_empty(&proposal.changeset));
	assert_true(strlist_has(&proposal.added, "intel_iommu=on"));
	proposal_done(&proposal);
	propose(&proposal, &loader_grub, machine, "", ours);
	assert_true(strlist_has(&proposal.changeset.commands[0].expectations[0].absent, "intel_iommu=on"));
	proposal_apply(&proposal, machine);
	proposal_done(&proposal);
	now = machine_read(machine, "/etc/default/grub");
	assert_string_equal(now, before);
	free(now);
	free(before);
	free(ours);
	machine_close(machine);
}

static void the_file_that_was_not_there_goes_again(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct proposal proposal;

	(void)state;
	machine_remove(machine, "/etc/default/grub");
	propose(&proposal, &loader_grub, machine, "iommu=pt", "");
	assert_int_equal(proposal.changeset.files[0].kind, CHANGE_CREATE);
	proposal_apply(&proposal, machine);
	proposal_done(&proposal);
	propose(&proposal, &loader_grub, machine, "iommu=pt a=1", "iommu=pt");
	assert_int_equal(proposal.added.count, 2);
	proposal_apply(&proposal, machine);
	proposal_done(&proposal);
	propose(&proposal, &loader_grub, machine, "", "iommu=pt a=1");
	assert_int_equal(proposal.changeset.files[0].kind, CHANGE_DELETE);
	proposal_done(&proposal);
	machine_write(machine, "/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"iommu=pt a=1\"\nGRUB_TIMEOUT=1\n");
	propose(&proposal, &loader_grub, machine, "", "iommu=pt a=1");
	assert_string_equal(text_string(&proposal.changeset.files[0].after),
			    "GRUB_CMDLINE_LINUX_DEFAULT=\"\"\nGRUB_TIMEOUT=1\n");
	proposal_done(&proposal);
	machine_close(machine);
}

static void a_word_of_every_entry_is_not_added_to_the_normal_ones(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/etc/default/grub", "GRUB_CMDLINE_LINUX=\"iommu=pt\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n");
	propose(&proposal, &loader_grub, machine, "iommu=pt", "");
	assert_int_equal(proposal.changeset.file_count, 0);
	assert_int_equal(proposal.added.count, 0);
	proposal_done(&proposal);
	machine_close(machine);
}

static void a_line_that_is_not_understood_is_not_edited(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet $X\"\n");
	propose(&proposal, &loader_grub, machine, "", "iommu=pt");
	assert_true(changeset_empty(&proposal.changeset));
	assert_int_equal(proposal.findings.items[0].code, FINDING_SYNTAX_NOT_UNDERSTOOD);
	assert_non_null(strstr(proposal.findings.items[0].remedy, "without iommu=pt"));
	proposal_done(&proposal);
	machine_close(machine);
}

static void the_boot_loaders_own_word_beats_the_files_that_lie_about(void **state)
{
	static const char info[] = "\6\0\0\0G\0R\0U\0B\0 \0" "2\0.\0" "1\0" "2\0\0";
	struct machine *machine = machine_open_text(arch);
	struct evidence evidence = { 0 };

	(void)state;
	loader_grub.probe(machine->root, &evidence);
	assert_int_equal(evidence.score, SCORE_USED);
	evidence_done(&evidence);
	machine_write_n(machine, "/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", info,
			sizeof(info));
	loader_grub.probe(machine->root, &evidence);
	assert_int_equal(evidence.score, SCORE_PROVEN);
	assert_non_null(strstr(evidence.reasons.items[0], "GRUB 2.12"));
	evidence_done(&evidence);
	machine_close(machine);
}

static void no_loader_at_all_is_a_question(void **state)
{
	struct machine *machine = machine_open_text("machine 1\nfile /etc/default/grub\n\t|X=1\n");
	struct findings findings = { 0 };

	(void)state;
	assert_null(loader_choose(machine->root, NULL, &findings));
	assert_int_equal(findings.items[0].code, FINDING_LOADER_UNKNOWN);
	assert_non_null(strstr(findings.items[0].remedy, "--loader"));
	assert_null(loader_choose(machine->root, "lilo", &findings));
	assert_ptr_equal(loader_choose(machine->root, "grub-dropin", &findings), &loader_grub_dropin);
	findings_done(&findings);
	machine_close(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_debian_machine_is_told_as_grub_with_drop_ins),
		cmocka_unit_test(only_the_words_that_the_user_does_not_have_go_into_the_drop_in),
		cmocka_unit_test(words_that_are_the_users_own_ask_for_nothing),
		cmocka_unit_test(another_systems_entry_that_comes_first_tells_nothing),
		cmocka_unit_test(a_grub_cfg_of_a_persons_own_is_never_replaced),
		cmocka_unit_test(a_stale_grub_cfg_is_written_anew_without_a_change_of_files),
		cmocka_unit_test(taking_back_leaves_the_directory_as_it_was),
		cmocka_unit_test(a_file_that_sets_the_variable_after_ours_is_shown),
		cmocka_unit_test(a_line_that_is_not_understood_is_shown_and_nothing_is_changed),
		cmocka_unit_test(somebody_elses_file_of_our_name_stays),
		cmocka_unit_test(the_settings_are_read_in_the_order_of_the_line),
		cmocka_unit_test(an_arch_machine_has_its_line_edited_and_gets_it_back),
		cmocka_unit_test(the_file_that_was_not_there_goes_again),
		cmocka_unit_test(a_word_of_every_entry_is_not_added_to_the_normal_ones),
		cmocka_unit_test(a_line_that_is_not_understood_is_not_edited),
		cmocka_unit_test(the_boot_loaders_own_word_beats_the_files_that_lie_about),
		cmocka_unit_test(no_loader_at_all_is_a_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
