/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "boot/kernel_cmdline.h"
#include "boot/loaders.h"
#include "support/machine.h"
#include "support/pieces.h"
#include "support/proposal.h"

static const char arch[] =
	"machine 1\n"
	SYSTEMD_BOOT
	"file /proc/cmdline\n\t|initrd=\\initramfs-linux.img root=PARTUUID=0a1b rw quiet\n"
	"file /usr/bin/kernel-install 0755\n\t|#!/bin/sh\n"
	"file /boot/loader/loader.conf\n\t|default arch.conf\n"
	"file /boot/loader/entries/arch.conf\n"
	"\t|title Arch Linux\n\t|linux /vmlinuz-linux\n\t|initrd /initramfs-linux.img\n\t|options root=PARTUUID=0a1b rw\n\t|options quiet\n"
	"file /boot/loader/entries/arch-lts.conf\n"
	"\t|title Arch Linux (LTS)\n\t|linux /vmlinuz-linux-lts\n\t|options root=PARTUUID=0a1b rw iommu=pt\n"
	"file /boot/loader/entries/arch-fallback.conf\n"
	"\t|title Arch Linux\n\t|linux /vmlinuz-linux\n\t|options root=PARTUUID=0a1b rw\n"
	"file /boot/loader/entries/other.conf\n"
	"\t|title Another system\n\t|linux /vmlinuz-other\n\t|options root=PARTUUID=ffff rw\n"
	"file /boot/loader/entries/memtest.conf\n\t|title Memtest\n\t|efi /memtest.efi\n";

#define V "6.12.9-amd64"
#define ID "0123456789abcdef0123456789abcdef"

static const char debian[] =
	"machine 1\n"
	"kernel " V " running\n"
	SYSTEMD_BOOT
	"file /proc/cmdline\n\t|initrd=\\" ID "\\" V "\\initrd root=UUID=0a1b ro quiet systemd.machine_id=" ID "\n"
	"file /usr/bin/kernel-install 0755\n\t|#!/bin/sh\n"
	"file /boot/vmlinuz-" V "\n\t|kernel\n"
	"file /boot/initrd.img-" V "\n\t|image\n"
	"file /boot/efi/" ID "/" V "/linux\n\t|kernel\n"
	"file /boot/efi/" ID "/" V "/initrd.img-" V "\n\t|image\n"
	"file /boot/efi/loader/entries/" ID "-" V ".conf\n"
	"\t|title Debian\n\t|version " V "\n\t|options root=UUID=0a1b ro quiet systemd.machine_id=" ID "\n"
	"\t|linux /" ID "/" V "/linux\n\t|initrd /" ID "/" V "/initrd.img-" V "\n";

static const struct loader *chosen(struct machine *machine)
{
	struct findings findings = { 0 };
	const struct loader *loader = loader_choose(machine->root, NULL, &findings);

	for (size_t i = 0; i < findings.count; i++)
		print_message("%s\n", findings.items[i].message);
	findings_done(&findings);
	return loader;
}

static void entries_by_hand_and_by_kernel_install_are_told_apart(void **state)
{
	struct machine *machine = machine_open_text(arch);

	(void)state;
	assert_ptr_equal(chosen(machine), &loader_systemd_boot);
	machine_close(machine);
	machine = machine_open_text(debian);
	assert_ptr_equal(chosen(machine), &loader_kernel_install);
	machine_close(machine);
}

static void seen_is(const char *text, const struct loader *loader, int score, const char *reason)
{
	struct machine *machine = machine_open_text(text);
	struct evidence evidence = { 0 };

	loader->probe(machine->root, &evidence);
	assert_int_equal(evidence.score, score);
	assert_non_null(strstr(evidence.reasons.items[0], reason));
	evidence_done(&evidence);
	machine_close(machine);
}

#define OTHER_VARIABLE "file /sys/firmware/efi/efivars/BootCurrent-8be4df61-93ca-11d2-aa0d-00e098032b8c\n\t|x\n"
#define ENTRY_LEFT "file /boot/loader/entries/arch.conf\n\t|title Arch\n\t|linux /vmlinuz-linux\n\t|options root=x rw\n"
#define BY_FIRMWARE RUNNING("root=x rw initrd=\\i.img")

static void what_a_boot_loader_leaves_behind_when_it_is_given_up_does_not_count(void **state)
{
	(void)state;
	/* It always sets its variable: where there are others, it did not run. Where none can be seen, nothing is known. */
	seen_is("machine 1\n" OTHER_VARIABLE ENTRY_LEFT BY_FIRMWARE, &loader_systemd_boot, SCORE_TRACE,
		"LoaderInfo, which it sets, is not there");
	seen_is("machine 1\ndir /sys/firmware/efi/efivars\n" ENTRY_LEFT BY_FIRMWARE, &loader_systemd_boot, SCORE_CONFIGURED,
		"there are boot entries");
	seen_is("machine 1\n" OTHER_VARIABLE ENTRY_LEFT BY_FIRMWARE, &loader_efistub, SCORE_CONFIGURED,
		"no boot loader has left its name");
	seen_is("machine 1\n" SYSTEMD_BOOT BY_FIRMWARE, &loader_systemd_boot, SCORE_TRACE, "is the EFI system partition mounted?");
	loader_of_text_is("machine 1\n" OTHER_VARIABLE ENTRY_LEFT BY_FIRMWARE, &loader_efistub);
}

/* Files of GRUB, rEFInd or Limine, which may have left no name, beside a kernel that the firmware may have started. */
static void where_the_firmware_may_have_started_the_kernel_it_is_a_question(void **state)
{
	static const char *const left[] = {
		PROGRAM("/usr/bin/grub-mkconfig") "file /etc/default/grub\n\t|GRUB_TIMEOUT=1\n"
		"file /boot/grub/grub.cfg\n\t|### BEGIN /etc/grub.d/10_linux ###\n",
		"file /boot/refind_linux.conf\n\t|\"Boot\" \"root=x rw\"\n",
		"file /boot/limine.conf\n\t|/Arch\n\t|protocol: linux\n\t|path: boot():/vmlinuz-linux\n\t|cmdline: root=x\n",
	};

	(void)state;
	for (size_t i = 0; i < array_size(left); i++) {
		cleanup_text struct text text = { 0 };
		struct findings findings = { 0 };
		struct machine *machine;

		text_printf(&text, "machine 1\n" OTHER_VARIABLE BY_FIRMWARE "%s", left[i]);
		machine = machine_open_text(text_string(&text));
		assert_null(loader_choose(machine->root, NULL, &findings));
		assert_int_equal(findings.items[0].code, FINDING_LOADER_AMBIGUOUS);
		assert_non_null(strstr(findings.items[0].remedy, "--loader efistub"));
		findings_done(&findings);
		machine_close(machine);
	}
}

static void only_the_entries_of_this_system_are_edited_and_fallback_ones_are_left_alone(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct proposal proposal;

	(void)state;
	propose(&proposal, &loader_systemd_boot, machine, "intel_iommu=on", "");
	assert_int_equal(proposal.changeset.file_count, 2);
	assert_string_equal(proposal.changeset.files[0].path, "/boot/loader/entries/arch-lts.conf");
	assert_string_equal(proposal.changeset.files[1].path, "/boot/loader/entries/arch.conf");
	assert_non_null(strstr(text_string(&proposal.changeset.files[1].after), "\noptions quiet intel_iommu=on\n"));
	assert_int_equal(proposal.changeset.command_count, 0);
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_systemd_boot, machine, "intel_iommu=on");
	machine_close(machine);
}

/* One entry has iommu=pt by its owner's hand, the other has not. */
static void a_word_that_one_entry_had_before_stays_there(void **state)
{
	struct machine *machine = machine_open_text(arch);

	(void)state;
	proposal_keeps_laws(&loader_systemd_boot, machine, "iommu=pt a=1");
	machine_close(machine);
}

static void a_new_entry_gets_the_words_and_the_old_ones_no_second_time(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct proposal proposal;

	(void)state;
	propose_and_apply(&loader_systemd_boot, machine, "a=1");
	machine_write(machine, "/boot/loader/entries/arch-zen.conf",
		      "linux /vmlinuz-linux-zen\noptions root=PARTUUID=0a1b\n");
	propose(&proposal, &loader_systemd_boot, machine, "a=1", "a=1");
	assert_int_equal(proposal.changeset.file_count, 1);
	assert_string_equal(proposal.changeset.files[0].path, "/boot/loader/entries/arch-zen.conf");
	proposal_done(&proposal);
	machine_close(machine);
}

static void one_entry_that_is_not_understood_keeps_all_from_being_changed(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/boot/loader/entries/bad.conf", "linux /x\noptions root=PARTUUID=0a1b a=\"b\noptions x\"\n");
	propose(&proposal, &loader_systemd_boot, machine, "a=1", "");
	assert_int_equal(proposal.changeset.file_count, 0);
	assert_int_equal(proposal.findings.items[0].code, FINDING_SYNTAX_NOT_UNDERSTOOD);
	assert_non_null(strstr(proposal.findings.items[0].paste, "a=1"));
	proposal_done(&proposal);
	machine_close(machine);
}

/* line_get_key_value() of systemd-boot takes the quotes off, and would not any more with a word behind them. */
static void an_entry_whose_options_are_in_quotes_is_refused_and_not_passed_over(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/boot/loader/entries/arch.conf",
		      "title Arch\nlinux /vmlinuz-linux\noptions \"root=PARTUUID=0a1b rw quiet\"\n");
	propose(&proposal, &loader_systemd_boot, machine, "a=1", "");
	assert_true(changeset_empty(&proposal.changeset));
	assert_int_equal(proposal.findings.items[0].code, FINDING_SYNTAX_NOT_UNDERSTOOD);
	assert_non_null(strstr(proposal.findings.items[0].message, "arch.conf, line 3: the value is in quotes"));
	proposal_done(&proposal);
	machine_close(machine);
}

static void select_entry(struct machine *machine, const char *name)
{
	cleanup_text struct text value = { 0 };

	text_append_n(&value, "\6\0\0", 4);
	for (size_t i = 0; i <= strlen(name); i++)
		text_append_n(&value, (char[]){ name[i], '\0' }, 2);
	machine_write_n(machine, "/sys/firmware/efi/efivars/LoaderEntrySelected-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f",
			text_string(&value), value.length);
}

static void the_entry_that_started_the_system_is_never_passed_over_silently(void **state)
{
	static const struct {
		const char *name;
		bool refused;
	} cases[] = { { "other.conf", true }, { "arch-fallback.conf", false }, { "memtest.conf", false }, { "arch.conf", false } };
	struct machine *machine = machine_open_text(arch);
	struct proposal proposal;

	(void)state;
	for (size_t i = 0; i < array_size(cases); i++) {
		select_entry(machine, cases[i].name);
		propose(&proposal, &loader_systemd_boot, machine, "a=1", "");
		assert_int_equal(findings_refuse(&proposal.findings), cases[i].refused);
		assert_int_equal(changeset_empty(&proposal.changeset), cases[i].refused);
		proposal_done(&proposal);
	}
	machine_close(machine);
}

static void the_words_of_the_entry_that_was_booted_are_read(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct strlist words = { 0 };
	struct fault fault = { 0 };
	char *joined;

	(void)state;
	machine_write_n(machine, "/sys/firmware/efi/efivars/LoaderEntrySelected-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f",
			"\6\0\0\0a\0r\0c\0h\0.\0c\0o\0n\0f\0\0", 24);
	assert_true(loader_systemd_boot.read(machine->root, &words, &fault));
	joined = strlist_join(&words, " ");
	assert_string_equal(joined, "root=PARTUUID=0a1b rw quiet");
	free(joined);
	strlist_done(&words);
	machine_close(machine);
}

static void a_made_kernel_cmdline_begins_with_the_parameters_of_now(void **state)
{
	struct machine *machine = machine_open_text(debian);
	struct proposal proposal;
	struct command *command;

	(void)state;
	propose(&proposal, &loader_kernel_install, machine, "intel_iommu=on iommu=pt", "");
	assert_int_equal(proposal.changeset.files[0].kind, CHANGE_CREATE);
	assert_string_equal(text_string(&proposal.changeset.files[0].after),
			    "root=UUID=0a1b ro quiet\nintel_iommu=on iommu=pt\n");
	assert_int_equal(proposal.changeset.command_count, 1);
	command = &proposal.changeset.commands[0];
	assert_string_equal(command->argv.items[3], "/boot/vmlinuz-" V);
	assert_string_equal(command->argv.items[4], "/boot/initrd.img-" V);
	assert_int_equal(command->artefacts.count, 3);
	assert_string_equal(command->expectations[0].path, "/boot/efi/loader/entries/" ID "-" V ".conf");
	assert_true(strlist_has(&command->expectations[0].present, "iommu=pt"));
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_kernel_install, machine, "intel_iommu=on iommu=pt");
	machine_close(machine);
}

/* Words for one boot are on the running kernel's command line, and not in the entry that was booted. */
static void a_made_kernel_cmdline_has_nothing_that_was_typed_at_the_menu(void **state)
{
	struct machine *machine = machine_open_text(debian);
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/proc/cmdline", "initrd=\\x root=UUID=0a1b ro quiet single vfioconf.bind=no\n");
	propose(&proposal, &loader_kernel_install, machine, "iommu=pt", "");
	assert_string_equal(text_string(&proposal.changeset.files[0].after), "root=UUID=0a1b ro quiet single\niommu=pt\n");
	proposal_done(&proposal);
	machine_write(machine, "/boot/efi/loader/entries/x.conf", "linux /x\noptions root=UUID=0a1b rw\n");
	machine_write_n(machine, "/sys/firmware/efi/efivars/LoaderEntrySelected-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f",
			"\6\0\0\0x\0.\0c\0o\0n\0f\0\0", 17);
	propose(&proposal, &loader_kernel_install, machine, "iommu=pt", "");
	assert_string_equal(text_string(&proposal.changeset.files[0].after), "root=UUID=0a1b rw\niommu=pt\n");
	proposal_apply(&proposal, machine);
	proposal_done(&proposal);
	/* Taken away, it would let kernel-install take over what was typed. */
	propose(&proposal, &loader_kernel_install, machine, "", "iommu=pt");
	assert_string_equal(text_string(&proposal.changeset.files[0].after), "root=UUID=0a1b rw\n");
	proposal_done(&proposal);
	machine_close(machine);
}

/* Without the file kernel-install takes the parameters of the running kernel, and those have ours. */
static void it_stays_without_our_words_as_long_as_the_running_kernel_has_them(void **state)
{
	struct machine *machine = machine_open_text(debian);
	struct proposal proposal;

	(void)state;
	machine_write(machine, KERNEL_CMDLINE, "root=UUID=0a1b ro quiet\niommu=pt\n");
	machine_write(machine, "/proc/cmdline", "initrd=\\x root=UUID=0a1b ro quiet iommu=pt systemd.machine_id=" ID "\n");
	propose(&proposal, &loader_kernel_install, machine, "", "iommu=pt");
	assert_int_equal(proposal.changeset.files[0].kind, CHANGE_MODIFY);
	assert_string_equal(text_string(&proposal.changeset.files[0].after), "root=UUID=0a1b ro quiet\n");
	assert_true(strlist_has(&proposal.changeset.commands[0].expectations[0].absent, "iommu=pt"));
	proposal_done(&proposal);
	machine_write(machine, "/proc/cmdline", "initrd=\\x root=UUID=0a1b ro quiet systemd.machine_id=" ID "\n");
	propose(&proposal, &loader_kernel_install, machine, "", "iommu=pt");
	assert_int_equal(proposal.changeset.files[0].kind, CHANGE_DELETE);
	assert_true(strlist_has(&proposal.changeset.commands[0].expectations[0].absent, "iommu=pt"));
	proposal_done(&proposal);
	machine_close(machine);
}

static void a_kernel_cmdline_of_the_users_is_edited_and_given_back(void **state)
{
	struct machine *machine = machine_open_text(debian);
	struct proposal proposal;

	(void)state;
	machine_write(machine, KERNEL_CMDLINE, "root=UUID=0a1b\nro  quiet iommu=pt");
	propose(&proposal, &loader_kernel_install, machine, "iommu=pt a=1", "");
	assert_string_equal(text_string(&proposal.changeset.files[0].after), "root=UUID=0a1b\nro  quiet iommu=pt a=1");
	assert_int_equal(proposal.added.count, 1);
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_kernel_install, machine, "iommu=pt a=1");
	/* Blanks on a second line are the user's, and make the file none of ours. */
	machine_write(machine, KERNEL_CMDLINE, "root=UUID=0a1b ro quiet\n \n");
	proposal_keeps_laws(&loader_kernel_install, machine, "iommu=pt a=1");
	machine_write(machine, KERNEL_CMDLINE, "root=UUID=0a1b ro quiet\r\n\t\r\n");
	proposal_keeps_laws(&loader_kernel_install, machine, "iommu=pt a=1");
	machine_close(machine);
}

static void an_entry_that_is_behind_is_written_anew(void **state)
{
	struct machine *machine = machine_open_text(debian);
	struct proposal proposal;

	(void)state;
	machine_write(machine, KERNEL_CMDLINE, "root=UUID=0a1b ro quiet iommu=pt\n");
	propose(&proposal, &loader_kernel_install, machine, "iommu=pt", "");
	assert_int_equal(proposal.changeset.file_count, 0);
	assert_int_equal(proposal.changeset.command_count, 1);
	proposal_done(&proposal);
	propose(&proposal, &loader_kernel_install, machine, "quiet", "");
	assert_true(changeset_empty(&proposal.changeset));
	proposal_done(&proposal);
	machine_close(machine);
}

/* A second device: the words stay, the initramfs does not, and what is started is the copy of it beside the entry. */
static void the_copy_of_the_initramfs_is_made_anew_after_it(void **state)
{
	struct machine *machine = machine_open_text(debian);
	struct proposal proposal;

	(void)state;
	machine_write(machine, KERNEL_CMDLINE, "root=UUID=0a1b ro quiet\n");
	propose(&proposal, &loader_kernel_install, machine, "quiet", "quiet");
	assert_int_equal(proposal.changeset.command_count, 0);
	proposal_done(&proposal);
	propose_after_image(&proposal, &loader_kernel_install, machine, "quiet", "/boot/initrd.img-" V);
	assert_int_equal(proposal.changeset.command_count, 2);
	assert_string_equal(proposal.changeset.commands[1].argv.items[0], "kernel-install");
	assert_true(strlist_has(&proposal.changeset.commands[1].artefacts, "/boot/efi/" ID "/" V "/initrd.img-" V));
	proposal_done(&proposal);
	machine_close(machine);
}

#define OTHER_ID "fedcba9876543210fedcba9876543210"
#define KERNEL_ENTRY(token, root)                                                                                \
	"title x\noptions root=UUID=" root " ro\nlinux /" token "/" V "/linux\ninitrd /" token "/" V "/initrd\n"

/* How many entries are to say the words once ENTRY is there, too. */
static size_t entries_with(struct machine *machine, struct proposal *proposal, const char *entry, const char *content)
{
	size_t count = 0;

	machine_write(machine, entry, content);
	propose(proposal, &loader_kernel_install, machine, "a=1", "");
	machine_remove(machine, entry);
	for (size_t i = 0; i < proposal->changeset.command_count; i++)
		for (size_t j = 0; j < proposal->changeset.commands[i].expectation_count; j++)
			count += proposal->changeset.commands[i].expectations[j].kind == EXPECT_WORDS;
	return count;
}

/* Two systems with the same kernel, and one ESP: kernel-install writes only what is its own. */
static void entries_of_another_system_are_left_alone(void **state)
{
	struct machine *machine = machine_open_text(debian);
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/etc/machine-id", ID "\n");
	assert_int_equal(entries_with(machine, &proposal, "/boot/efi/loader/entries/" OTHER_ID "-" V ".conf",
				      KERNEL_ENTRY(OTHER_ID, "0a1b")), 1);
	proposal_done(&proposal);
	assert_int_equal(entries_with(machine, &proposal, "/boot/efi/loader/entries/debian-" V ".conf",
				      KERNEL_ENTRY("debian", "ffff")), 1);
	proposal_done(&proposal);
	machine_write(machine, "/etc/kernel/entry-token", "debian\n");
	assert_int_equal(entries_with(machine, &proposal, "/boot/efi/loader/entries/debian-" V ".conf",
				      KERNEL_ENTRY("debian", "ffff")), 2);
	proposal_done(&proposal);
	machine_close(machine);
}

/* With tries to be counted, kernel-install writes a second entry, and the old one stays as it is. */
static void an_entry_whose_tries_would_be_counted_is_not_written(void **state)
{
	struct machine *machine = machine_open_text(debian);
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/etc/kernel/tries", "3\n");
	assert_int_equal(entries_with(machine, &proposal, "/boot/efi/loader/entries/debian-" V "+3.conf",
				      KERNEL_ENTRY("debian", "0a1b")), 1);
	assert_int_equal(proposal.findings.count, 1);
	assert_int_equal(proposal.findings.items[0].code, FINDING_LOADER_MANUAL);
	assert_int_equal(proposal.findings.items[0].severity, SEVERITY_ERROR);
	assert_non_null(strstr(proposal.findings.items[0].message, ID "-" V "+3.conf"));
	assert_non_null(strstr(proposal.findings.items[0].paste, "mv /etc/kernel/tries"));
	proposal_done(&proposal);
	machine_remove(machine, "/etc/kernel/tries");
	assert_int_equal(entries_with(machine, &proposal, "/boot/efi/loader/entries/debian-" V "+2-1.conf",
				      KERNEL_ENTRY("debian", "0a1b")), 1);
	assert_non_null(strstr(proposal.findings.items[0].paste, "/usr/lib/systemd/systemd-bless-boot"));
	proposal_done(&proposal);
	/* a plus at the end of the release is no count */
	machine_write(machine, "/lib/modules/6.1.0+/modules.dep", "");
	machine_write(machine, "/boot/vmlinuz-6.1.0+", "kernel");
	assert_int_equal(entries_with(machine, &proposal, "/boot/efi/loader/entries/debian-6.1.0+.conf",
				      "options root=UUID=0a1b\nlinux /debian/6.1.0+/linux\n"), 2);
	assert_int_equal(proposal.findings.count, 0);
	proposal_done(&proposal);
	machine_close(machine);
}

/* Its modules are there, its package was taken away half: the others are not kept from being written. */
/* /efi is but a link to /boot: each entry is there once. */
static void entries_under_two_names_of_one_directory_are_edited_once(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct proposal proposal;

	(void)state;
	propose(&proposal, &loader_systemd_boot, machine, "iommu=pt", "");
	proposal_done(&proposal);
	machine_link(machine, "/efi", "boot");
	propose(&proposal, &loader_systemd_boot, machine, "iommu=pt", "");
	for (size_t i = 0; i < proposal.changeset.file_count; i++)
		assert_true(text_starts_with(proposal.changeset.files[i].path, "/boot/"));
	assert_int_equal(proposal.changeset.file_count, 2);
	proposal_done(&proposal);
	machine_close(machine);
}

static void an_entry_without_its_kernel_is_passed_over(void **state)
{
	struct machine *machine = machine_open_text(debian);
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/lib/modules/6.1.0/modules.dep", "");
	assert_int_equal(entries_with(machine, &proposal, "/boot/efi/loader/entries/debian-6.1.0.conf",
				      "options root=UUID=0a1b\nlinux /debian/6.1.0/linux\n"), 1);
	assert_int_equal(proposal.findings.items[0].severity, SEVERITY_WARNING);
	assert_non_null(strstr(proposal.findings.items[0].paste, "kernel-install remove 6.1.0"));
	proposal_done(&proposal);
	/* but for the one that runs */
	machine_remove(machine, "/boot/vmlinuz-" V);
	propose(&proposal, &loader_kernel_install, machine, "a=1", "");
	assert_int_equal(proposal.findings.items[0].severity, SEVERITY_ERROR);
	assert_int_equal(proposal.changeset.command_count, 0);
	proposal_done(&proposal);
	machine_close(machine);
}

/* Without root= the partition is found by its type. An entry that names one is another system's. */
static void without_root_on_the_command_line_entries_that_name_one_are_left_alone(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/proc/cmdline", "initrd=\\initramfs-linux.img rw quiet\n");
	machine_write(machine, "/boot/loader/entries/auto.conf", "linux /vmlinuz-linux\noptions rw\n");
	propose(&proposal, &loader_systemd_boot, machine, "a=1", "");
	assert_int_equal(proposal.changeset.file_count, 1);
	assert_string_equal(proposal.changeset.files[0].path, "/boot/loader/entries/auto.conf");
	proposal_done(&proposal);
	machine_close(machine);
}

/* The same partition by another name, and a kernel that is started as a program of the firmware. */
static void an_entry_of_this_system_is_known_however_it_is_written(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct proposal proposal;

	(void)state;
	machine_link(machine, "/dev/disk/by-partuuid/0a1b", "../../sda2");
	machine_link(machine, "/dev/disk/by-uuid/cafe", "../../sda2");
	machine_link(machine, "/dev/disk/by-uuid/beef", "../../sda3");
	machine_write(machine, "/boot/loader/entries/arch.conf", "linux /vmlinuz-linux\noptions root=UUID=cafe rw\n");
	machine_write(machine, "/boot/loader/entries/arch-lts.conf", "linux /vmlinuz-linux\noptions root=UUID=beef rw\n");
	machine_write(machine, "/boot/loader/entries/arch-zen.conf", "linux /vmlinuz-linux\noptions root=/dev/sda2\n");
	machine_write(machine, "/boot/loader/entries/efi.conf", "efi /vmlinuz-linux\noptions root=PARTUUID=0a1b rw\n");
	machine_write(machine, "/boot/loader/entries/shell.conf", "efi /shell.efi\noptions -nomap\n");
	propose(&proposal, &loader_systemd_boot, machine, "a=1", "");
	assert_int_equal(proposal.changeset.file_count, 3);
	assert_string_equal(proposal.changeset.files[0].path, "/boot/loader/entries/arch-zen.conf");
	assert_string_equal(proposal.changeset.files[1].path, "/boot/loader/entries/arch.conf");
	assert_string_equal(text_string(&proposal.changeset.files[2].after),
			    "efi /vmlinuz-linux\noptions root=PARTUUID=0a1b rw a=1\n");
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_systemd_boot, machine, "a=1");
	machine_close(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_by_hand_and_by_kernel_install_are_told_apart),
		cmocka_unit_test(what_a_boot_loader_leaves_behind_when_it_is_given_up_does_not_count),
		cmocka_unit_test(where_the_firmware_may_have_started_the_kernel_it_is_a_question),
		cmocka_unit_test(only_the_entries_of_this_system_are_edited_and_fallback_ones_are_left_alone),
		cmocka_unit_test(a_word_that_one_entry_had_before_stays_there),
		cmocka_unit_test(a_new_entry_gets_the_words_and_the_old_ones_no_second_time),
		cmocka_unit_test(one_entry_that_is_not_understood_keeps_all_from_being_changed),
		cmocka_unit_test(an_entry_whose_options_are_in_quotes_is_refused_and_not_passed_over),
		cmocka_unit_test(the_entry_that_started_the_system_is_never_passed_over_silently),
		cmocka_unit_test(the_words_of_the_entry_that_was_booted_are_read),
		cmocka_unit_test(a_made_kernel_cmdline_begins_with_the_parameters_of_now),
		cmocka_unit_test(a_made_kernel_cmdline_has_nothing_that_was_typed_at_the_menu),
		cmocka_unit_test(it_stays_without_our_words_as_long_as_the_running_kernel_has_them),
		cmocka_unit_test(a_kernel_cmdline_of_the_users_is_edited_and_given_back),
		cmocka_unit_test(an_entry_that_is_behind_is_written_anew),
		cmocka_unit_test(the_copy_of_the_initramfs_is_made_anew_after_it),
		cmocka_unit_test(entries_of_another_system_are_left_alone),
		cmocka_unit_test(an_entry_whose_tries_would_be_counted_is_not_written),
		cmocka_unit_test(entries_under_two_names_of_one_directory_are_edited_once),
		cmocka_unit_test(an_entry_without_its_kernel_is_passed_over),
		cmocka_unit_test(an_entry_of_this_system_is_known_however_it_is_written),
		cmocka_unit_test(without_root_on_the_command_line_entries_that_name_one_are_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
