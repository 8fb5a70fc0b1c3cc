/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The menu entry without device passthrough: beside the normal one, never instead of it, and gone without trace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "apply/prove.h"
#include "boot/grub_way_back.h"
#include "boot/loaders.h"
#include "boot/way_back.h"
#include "edit/appendix.h"
#include "support/machine.h"
#include "support/proposal.h"

#define CMDLINE "file /proc/cmdline\n\t|BOOT_IMAGE=/boot/vmlinuz-linux root=UUID=0a1b rw quiet\n"

/* Proposes a wanted word and the way back, and compares what PATH becomes; "" for a file that is not to be there. */
static void becomes(const struct loader *loader, const char *text, const char *path, const char *wanted)
{
	struct machine *machine = machine_open_text(text);
	struct proposal proposal;
	char *now;

	propose_way_back(&proposal, loader, machine, "iommu=pt", "");
	proposal_apply(&proposal, machine);
	assert_int_equal(proposal.menu_entry, *wanted != '\0');
	if (*wanted) {
		now = machine_read(machine, path);
		assert_string_equal(now, wanted);
		free(now);
	} else {
		assert_false(root_exists(machine->root, path));
	}
	proposal_done(&proposal);
	machine_close(machine);
}

static void refind_gets_a_line_more_behind_its_default(void **state)
{
	(void)state;
	becomes(&loader_refind,
		"machine 1\n" CMDLINE "dir /sys/firmware/efi\nfile /boot/refind_linux.conf\n"
		"\t|\"Boot\"  \"root=UUID=0a1b rw dyndbg=\"\"file x +p\"\"\"\n\t|\"Single\" \"root=UUID=0a1b single\"\n",
		"/boot/refind_linux.conf",
		"\"Boot\"  \"root=UUID=0a1b rw dyndbg=\"\"file x +p\"\" iommu=pt\"\n"
		"\"Single\" \"root=UUID=0a1b single\"\n" APPENDIX_BEGIN "\n"
		"\"Without device passthrough\" \"root=UUID=0a1b rw dyndbg=\"\"file x +p\"\" iommu=pt vfioconf.bind=no\"\n"
		APPENDIX_END "\n");
}

static void extlinux_gets_a_label_more_that_starts_the_same_kernel(void **state)
{
	(void)state;
	becomes(&loader_syslinux,
		"machine 1\n" CMDLINE "file /boot/extlinux/extlinux.conf\n"
		"\t|DEFAULT arch\n\t|LABEL arch\n\t|  MENU LABEL Arch\n\t|  MENU DEFAULT\n\t|  LINUX /vmlinuz\n"
		"\t|  APPEND root=UUID=0a1b rw\n\t|  INITRD /initrd\n",
		"/boot/extlinux/extlinux.conf",
		"DEFAULT arch\nLABEL arch\n  MENU LABEL Arch\n  MENU DEFAULT\n  LINUX /vmlinuz\n"
		"  APPEND root=UUID=0a1b rw iommu=pt\n  INITRD /initrd\n" APPENDIX_BEGIN "\n"
		"LABEL without-passthrough\n\tMENU LABEL Without device passthrough\n  LINUX /vmlinuz\n"
		"  APPEND root=UUID=0a1b rw iommu=pt vfioconf.bind=no\n  INITRD /initrd\n" APPENDIX_END "\n");
}

static void limine_gets_an_entry_more_of_the_top_level(void **state)
{
	(void)state;
	becomes(&loader_limine,
		"machine 1\n" CMDLINE "file /boot/limine.conf\n"
		"\t|default_entry: 1\n\t|/+Arch\n\t|//Linux\n\t|  comment: mine\n\t|  protocol: linux\n"
		"\t|  path: boot():/vmlinuz\n\t|  cmdline: root=UUID=0a1b rw\n\t|  module_path: boot():/initrd\n",
		"/boot/limine.conf",
		"default_entry: 1\n/+Arch\n//Linux\n  comment: mine\n  protocol: linux\n"
		"  path: boot():/vmlinuz\n  cmdline: root=UUID=0a1b rw iommu=pt\n  module_path: boot():/initrd\n"
		APPENDIX_BEGIN "\n/Without device passthrough\n  protocol: linux\n  path: boot():/vmlinuz\n"
		"  cmdline: root=UUID=0a1b rw iommu=pt vfioconf.bind=no\n  module_path: boot():/initrd\n"
		APPENDIX_END "\n");
}

#define ENTRIES "file /boot/loader/entries/"

static void systemd_boot_gets_an_entry_that_sorts_last(void **state)
{
	struct machine *machine;
	struct proposal proposal;
	char *now;

	(void)state;
	machine = machine_open_text("machine 1\n" CMDLINE "dir /sys/firmware/efi\n" ENTRIES "arch.conf\n"
				    "\t|title Arch\n\t|sort-key arch\n\t|version 6\n\t|linux /vmlinuz\n\t|initrd /ucode\n"
				    "\t|initrd /initrd\n\t|options root=UUID=0a1b rw\n");
	propose_way_back(&proposal, &loader_systemd_boot, machine, "iommu=pt", "");
	proposal_apply(&proposal, machine);
	now = machine_read(machine, "/boot/loader/entries/aa-vfioconf-way-back.conf");
	assert_non_null(strstr(now, "title\tWithout device passthrough\nlinux /vmlinuz\ninitrd /ucode\ninitrd /initrd\n"
				    "options root=UUID=0a1b rw iommu=pt vfioconf.bind=no\n"));
	assert_null(strstr(now, "sort-key"));
	free(now);
	proposal_done(&proposal);
	machine_close(machine);
}

static void systemd_boot_gets_none_where_it_might_become_the_default(void **state)
{
	(void)state;
	becomes(&loader_systemd_boot,
		"machine 1\n" CMDLINE "dir /sys/firmware/efi\n" ENTRIES "10-arch.conf\n"
		"\t|title Arch\n\t|linux /vmlinuz\n\t|options root=UUID=0a1b rw\n",
		"/boot/loader/entries/aa-vfioconf-way-back.conf", "");
}

static void an_entry_of_that_kind_by_the_users_hand_is_not_edited(void **state)
{
	struct machine *machine;
	struct proposal proposal;

	(void)state;
	machine = machine_open_text("machine 1\n" CMDLINE "dir /sys/firmware/efi\n" ENTRIES "arch.conf\n"
				    "\t|title Arch\n\t|linux /vmlinuz\n\t|options root=UUID=0a1b rw\n" ENTRIES "mine.conf\n"
				    "\t|title Mine\n\t|linux /vmlinuz\n\t|options root=UUID=0a1b rw vfioconf.bind=no\n");
	propose(&proposal, &loader_systemd_boot, machine, "iommu=pt", "");
	assert_int_equal(proposal.changeset.file_count, 1);
	assert_string_equal(proposal.changeset.files[0].path, "/boot/loader/entries/arch.conf");
	proposal_done(&proposal);
	machine_close(machine);
}

static const char debian[] =
	"machine 1\n"
	"file /proc/cmdline\n\t|BOOT_IMAGE=/boot/vmlinuz-6 root=/dev/sda1 ro\n"
	"dir /etc/default/grub.d\n"
	"file /usr/sbin/grub-mkconfig 0755\n\t|. ${sysconfdir}/default/grub.d/*.cfg\n"
	"file /boot/grub/grub.cfg\n\t|### BEGIN /etc/grub.d/10_linux ###\n\t|menuentry 'Debian' {\n"
	"\t|\tlinux /boot/vmlinuz-6 root=/dev/sda1 ro quiet\n\t|}\n";

#define SETTINGS "file /etc/default/grub\n\t|GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"
#define TEMPLATE "file /etc/grub.d/10_linux 0755\n\t|#!/bin/sh\n"

static void grub_is_made(const char *first, const char *second, bool wanted)
{
	struct text text = { 0 };
	struct machine *machine;
	struct proposal proposal;

	text_printf(&text, "%s%s%s", debian, first, second);
	machine = machine_open_text(text_string(&text));
	propose_way_back(&proposal, &loader_grub_dropin, machine, "iommu=pt", "");
	assert_int_equal(changeset_find(&proposal.changeset, GRUB_WAY_BACK_PATH) != NULL, wanted);
	assert_int_equal(proposal.menu_entry, wanted);
	assert_int_equal(proposal.changeset.command_count, 1);
	assert_int_equal(proposal.changeset.commands[0].expectation_count, wanted ? 2 : 1);
	proposal_done(&proposal);
	machine_close(machine);
	text_done(&text);
}

static void grub_gets_a_script_where_there_is_a_10_linux_to_wrap(void **state)
{
	(void)state;
	grub_is_made(TEMPLATE, SETTINGS, true);
	grub_is_made("", SETTINGS, false);
	/* switched off */
	grub_is_made("file /etc/grub.d/10_linux 0644\n\t|#!/bin/sh\n", SETTINGS, false);
}

/* GRUB_DEFAULT=2 means the third entry, and one of ours before that would make it another. */
static void grub_gets_none_that_would_shift_the_default(void **state)
{
	static const struct {
		const char *settings, *script;
		bool wanted;
	} cases[] = {
		{ "2", "99_windows 0755", false },  { "\"1>2\"", "99_windows 0755", false },
		{ "0", "99_windows 0755", true },   { "saved", "99_windows 0755", true },
		{ "2", "99_windows 0644", true },   { "2", "40_custom 0755", true },
	};

	(void)state;
	for (size_t i = 0; i < array_size(cases); i++) {
		cleanup_text struct text script = { 0 };

		text_printf(&script, "file /etc/grub.d/%s\n\t|#!/bin/sh\n"
			    "file /etc/default/grub\n\t|GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n\t|GRUB_DEFAULT=%s\n",
			    cases[i].script, cases[i].settings);
		grub_is_made(TEMPLATE, text_string(&script), cases[i].wanted);
	}
}

static void a_script_of_that_name_that_is_somebody_elses_stays(void **state)
{
	struct text text = { 0 };
	struct machine *machine;
	struct proposal proposal;

	(void)state;
	text_printf(&text, "%s" SETTINGS TEMPLATE "file " GRUB_WAY_BACK_PATH " 0755\n\t|#!/bin/sh\n", debian);
	machine = machine_open_text(text_string(&text));
	propose_way_back(&proposal, &loader_grub_dropin, machine, "iommu=pt", "");
	assert_int_equal(proposal.findings.count, 1);
	assert_int_equal(proposal.findings.items[0].code, FINDING_FILE_FOREIGN);
	assert_false(proposal.menu_entry);
	proposal_done(&proposal);
	/* It is not in the way where nothing of ours shall be there. */
	propose(&proposal, &loader_grub_dropin, machine, "", "");
	assert_int_equal(proposal.findings.count + proposal.changeset.file_count, 0);
	proposal_done(&proposal);
	machine_close(machine);
	text_done(&text);
}

/* Whether a grub.cfg of these lines has the way back beside its default entry. */
static bool stands_beside(const char *lines, struct fault *fault)
{
	struct machine *machine = machine_open_text("machine 1\n");
	struct changeset changeset = { 0 };
	struct command *command = changeset_command(&changeset, "", 1, (const char *const[]){ "grub-mkconfig", NULL });
	struct proof proof = { .root = machine->root, .command = command };
	struct expectation *expectation = command_expect(command, EXPECT_BESIDE, "/boot/grub/grub.cfg");
	bool good;

	strlist_add(&expectation->keys, "linux");
	strlist_add(&expectation->from, "### BEGIN *_linux ###");
	strlist_add(&expectation->present, WAY_BACK_WORD);
	machine_write(machine, "/boot/grub/grub.cfg", lines);
	good = prove_expectation(&proof, expectation, 0, fault);
	changeset_done(&changeset);
	machine_close(machine);
	return good;
}

static void a_menu_is_proven_to_have_it_beside_the_default_and_not_there(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	assert_true(stands_beside("linux /a quiet\nlinux /a quiet vfioconf.bind=no\n", &fault));
	assert_false(stands_beside("linux /a quiet\nlinux /b quiet\n", &fault));
	assert_non_null(strstr(fault.sentence, "has no entry beside the first with: vfioconf.bind=no"));
	assert_false(stands_beside("linux /a vfioconf.bind=no\nlinux /a vfioconf.bind=no\n", &fault));
	assert_non_null(strstr(fault.sentence, "has in its first entry"));
	/* Another system's entry that comes first is none of the two. */
	assert_true(stands_beside("linux /b\n### BEGIN /etc/grub.d/10_linux ###\nlinux /a quiet\n"
				  "linux /a quiet vfioconf.bind=no\n", &fault));
	assert_false(stands_beside("linux /b\n### BEGIN /etc/grub.d/10_linux ###\nlinux /a vfioconf.bind=no\n"
				   "linux /a vfioconf.bind=no\n", &fault));
}

static void an_appendix_goes_without_trace_whatever_the_file_ends_in(void **state)
{
	static const char *const files[] = { "", "a\n", "a", "a\r\nb\r\n", "a\r\nb", "\n", "# c\n\n\n", "a\n\tb ", "\r\n" };

	(void)state;
	for (size_t i = 0; i < array_size(files); i++) {
		cleanup_text struct text before = { 0 }, lines = { 0 }, other = { 0 };
		cleanup_text struct text first = { 0 }, second = { 0 }, third = { 0 }, back = { 0 };

		text_append(&before, files[i]);
		text_append(&lines, "one\ntwo\n");
		text_append(&other, "three\n");
		appendix_edit(&before, &lines, &first);
		assert_non_null(strstr(text_string(&first), "two"));
		appendix_edit(&first, &lines, &second);
		assert_true(text_equal(&first, &second));
		appendix_edit(&first, &other, &third);
		assert_null(strstr(text_string(&third), "two"));
		appendix_edit(&third, NULL, &back);
		assert_string_equal(text_string(&back), files[i]);
	}
}

static void what_the_user_puts_behind_an_appendix_stays(void **state)
{
	cleanup_text struct text before = { 0 }, lines = { 0 }, first = { 0 }, back = { 0 };

	(void)state;
	text_append(&before, "a\n");
	text_append(&lines, "one\n");
	appendix_edit(&before, &lines, &first);
	text_append(&first, "mine\n");
	appendix_edit(&first, NULL, &back);
	assert_string_equal(text_string(&back), "a\nmine\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refind_gets_a_line_more_behind_its_default),
		cmocka_unit_test(extlinux_gets_a_label_more_that_starts_the_same_kernel),
		cmocka_unit_test(limine_gets_an_entry_more_of_the_top_level),
		cmocka_unit_test(systemd_boot_gets_an_entry_that_sorts_last),
		cmocka_unit_test(systemd_boot_gets_none_where_it_might_become_the_default),
		cmocka_unit_test(an_entry_of_that_kind_by_the_users_hand_is_not_edited),
		cmocka_unit_test(grub_gets_a_script_where_there_is_a_10_linux_to_wrap),
		cmocka_unit_test(grub_gets_none_that_would_shift_the_default),
		cmocka_unit_test(a_script_of_that_name_that_is_somebody_elses_stays),
		cmocka_unit_test(a_menu_is_proven_to_have_it_beside_the_default_and_not_there),
		cmocka_unit_test(an_appendix_goes_without_trace_whatever_the_file_ends_in),
		cmocka_unit_test(what_the_user_puts_behind_an_appendix_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
