/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "boot/loaders.h"
#include "support/machine.h"
#include "support/proposal.h"

#define CMDLINE "file /proc/cmdline\n\t|BOOT_IMAGE=/boot/vmlinuz-linux root=UUID=0a1b rw quiet\n"

static const char syslinux[] =
	"machine 1\n" CMDLINE
	"file /boot/syslinux/syslinux.cfg\n"
	"\t|DEFAULT arch\n\t|PROMPT 0\n\t|TIMEOUT 50\n\t|\n"
	"\t|LABEL arch\n\t|    MENU LABEL Arch Linux\n\t|    LINUX /boot/vmlinuz-linux\n"
	"\t|    APPEND root=UUID=0a1b rw quiet\n\t|    INITRD ../initramfs-linux.img\n\t|\n"
	"\t|LABEL archfallback\n\t|    LINUX /boot/vmlinuz-linux\n\t|    APPEND root=UUID=0a1b rw\n\t|\n"
	"\t|label lts\n\t|    linux /boot/vmlinuz-linux-lts\n\t|    append root=UUID=0a1b rw iommu=pt\n\t|\n"
	"\t|LABEL hdt\n\t|    COM32 hdt.c32\n";

static const char limine[] =
	"machine 1\n" CMDLINE
	"file /boot/limine.conf\n"
	"\t|timeout: 5\n\t|\n\t|/Arch Linux\n\t|    protocol: linux\n\t|    path: boot():/vmlinuz-linux\n"
	"\t|    cmdline: root=UUID=0a1b rw\n\t|    module_path: boot():/initramfs-linux.img\n\t|\n"
	"\t|/+Others\n\t|//Arch Linux (fallback)\n\t|    path: boot():/vmlinuz-linux\n\t|    cmdline: root=UUID=0a1b rw\n"
	"\t|//Old name\n\t|    kernel_path: boot():/vmlinuz-lts\n\t|    kernel_cmdline: root=UUID=0a1b\n"
	"\t|//Windows\n\t|    protocol: efi_chainload\n\t|    path: boot():/EFI/Microsoft/Boot/bootmgfw.efi\n";

static const char refind[] =
	"machine 1\n" CMDLINE
	"dir /sys/firmware/efi\n"
	"file /boot/efi/EFI/refind/refind.conf\n\t|menuentry \"Arch\" {\n\t|  options \"ro\"\n\t|  disabled\n\t|}\n"
	"file /boot/refind_linux.conf\n"
	"\t|\"Boot with standard options\"  \"root=UUID=0a1b rw quiet\"\n"
	"\t|\"Boot to single-user mode\"    \"root=UUID=0a1b rw single\"\n";

static const char raspberry[] =
	"machine 1\n" CMDLINE
	"file /proc/device-tree/model\n\t\\Raspberry Pi 5 Model B Rev 1.0\\x00\n"
	"file /boot/firmware/cmdline.txt\n\t|console=tty1 root=UUID=0a1b rootwait\n";

static void each_is_told_by_its_file(void **state)
{
	(void)state;
	loader_of_text_is(syslinux, &loader_syslinux);
	loader_of_text_is(limine, &loader_limine);
	loader_of_text_is(refind, &loader_refind);
	loader_of_text_is(raspberry, &loader_raspberry_pi);
}

static void changed(const char *machine_text, const struct loader *loader, const char *words, const char *wanted)
{
	struct machine *machine = machine_open_text(machine_text);
	struct proposal proposal;

	propose(&proposal, loader, machine, words, "");
	assert_int_equal(proposal.changeset.file_count, 1);
	assert_int_equal(proposal.changeset.command_count, 0);
	if (!strstr(text_string(&proposal.changeset.files[0].after), wanted))
		fail_msg("<%s> is not in <%s>", wanted, text_string(&proposal.changeset.files[0].after));
	proposal_done(&proposal);
	proposal_keeps_laws(loader, machine, words);
	machine_close(machine);
}

static void every_label_of_this_system_is_edited_but_for_the_way_back(void **state)
{
	struct machine *machine = machine_open_text(syslinux);
	struct proposal proposal;
	const char *after;

	(void)state;
	propose(&proposal, &loader_syslinux, machine, "iommu=pt a=1", "");
	after = text_string(&proposal.changeset.files[0].after);
	assert_non_null(strstr(after, "    APPEND root=UUID=0a1b rw quiet iommu=pt a=1\n    INITRD"));
	assert_non_null(strstr(after, "archfallback\n    LINUX /boot/vmlinuz-linux\n    APPEND root=UUID=0a1b rw\n"));
	assert_non_null(strstr(after, "    append root=UUID=0a1b rw iommu=pt iommu=pt a=1\n"));
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_syslinux, machine, "iommu=pt a=1");
	machine_close(machine);
}

static void limines_entries_are_edited_under_either_name_of_the_key(void **state)
{
	(void)state;
	changed(limine, &loader_limine, "a=1", "\n    cmdline: root=UUID=0a1b rw a=1\n    module_path");
	changed(limine, &loader_limine, "a=1", "\n    kernel_cmdline: root=UUID=0a1b a=1\n//Windows");
	changed(limine, &loader_limine, "a=1", "(fallback)\n    path: boot():/vmlinuz-linux\n    cmdline: root=UUID=0a1b rw\n");
}

static void of_limines_command_lines_the_first_by_its_rule_counts(void **state)
{
	struct machine *machine = machine_open_text("machine 1\n" CMDLINE);
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/boot/limine.conf", "/Arch\n  path: boot():/x\n  cmdline: root=UUID=0a1b a=1\n"
		      "  kernel_cmdline: root=UUID=0a1b\n  kernel_cmdline: root=UUID=0a1b a=1\n");
	propose_way_back(&proposal, &loader_limine, machine, "a=1", "");
	assert_non_null(strstr(text_string(&proposal.changeset.files[0].after), "/Arch\n  path: boot():/x\n"
			       "  cmdline: root=UUID=0a1b a=1\n  kernel_cmdline: root=UUID=0a1b a=1\n"
			       "  kernel_cmdline: root=UUID=0a1b a=1\n"));
	assert_non_null(strstr(text_string(&proposal.changeset.files[0].after), "\n  cmdline: root=UUID=0a1b a=1\n"
			       "  kernel_cmdline: root=UUID=0a1b a=1 vfioconf.bind=no\n"));
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_limine, machine, "a=1");
	machine_close(machine);
}

static void of_several_lines_append_the_last_counts(void **state)
{
	(void)state;
	changed("machine 1\n" CMDLINE "file /boot/syslinux/syslinux.cfg\n\t|LABEL x\n\t|LINUX /vmlinuz\n"
		"\t|APPEND root=UUID=0a1b a=1\n\t|APPEND root=UUID=0a1b rw\n",
		&loader_syslinux, "a=1", "\nAPPEND root=UUID=0a1b a=1\nAPPEND root=UUID=0a1b rw a=1\n");
}

static void limines_old_configuration_is_read_too(void **state)
{
	(void)state;
	changed("machine 1\n" CMDLINE "file /boot/limine.cfg\n\t|TIMEOUT=5\n\t|:Arch\n\t|PROTOCOL=linux\n"
		"\t|KERNEL_PATH=boot:///vmlinuz-linux\n\t|CMDLINE=root=UUID=0a1b rw\n",
		&loader_limine, "a=1", "\nCMDLINE=root=UUID=0a1b rw a=1\n");
}

#define LIMINE_ENTRY "timeout: 5\n/Arch\n  path: boot():/vmlinuz-linux\n  cmdline: root=UUID=0a1b rw\n"
#define LIMINE_IMAGE LIMINE_ENTRY "  module_path: boot():/initramfs-linux.img"

static void limines_configuration_is_found_where_limine_looks(void **state)
{
	static const char *const places[] = { "/boot/EFI/arch-limine/limine.conf", "/efi/EFI/BOOT/limine.conf",
					      "/boot/efi/EFI/x/limine.conf", "/efi/limine.conf", "/boot/limine/limine.cfg" };
	struct proposal proposal;

	(void)state;
	for (size_t i = 0; i < array_size(places); i++) {
		struct machine *machine = machine_open_text("machine 1\n" CMDLINE);
		bool old = text_ends_with(places[i], ".cfg");

		machine_write(machine, places[i], old ? ":Arch\nKERNEL_PATH=boot():/x\nCMDLINE=root=UUID=0a1b\n" : LIMINE_ENTRY);
		loader_chosen_is(machine, &loader_limine);
		propose(&proposal, &loader_limine, machine, "a=1", "");
		assert_string_equal(proposal.changeset.files[0].path, places[i]);
		proposal_done(&proposal);
		machine_close(machine);
	}
}

static void each_of_limines_configurations_gets_the_words_but_of_other_systems(void **state)
{
	struct machine *machine = machine_open_text("machine 1\n" CMDLINE);
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/boot/limine.conf", LIMINE_ENTRY);
	machine_write(machine, "/boot/EFI/limine/limine.conf", LIMINE_IMAGE "\n");
	machine_write(machine, "/boot/EFI/other/limine.conf", "/Other\n  path: boot():/x\n  cmdline: root=UUID=ffff\n");
	/* the same file on another way, as on a FAT */
	machine_link(machine, "/boot/efi", "EFI");
	propose(&proposal, &loader_limine, machine, "a=1", "");
	assert_int_equal(proposal.findings.count, 0);
	assert_int_equal(proposal.changeset.file_count, 2);
	assert_non_null(changeset_find(&proposal.changeset, "/boot/limine.conf"));
	assert_non_null(changeset_find(&proposal.changeset, "/boot/EFI/limine/limine.conf"));
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_limine, machine, "a=1");
	machine_close(machine);
}

static void what_limine_puts_in_place_of_a_macro_is_not_known(void **state)
{
	struct machine *machine = machine_open_text("machine 1\n" CMDLINE);
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/boot/limine.conf", "${ROOT}=root=UUID=0a1b\n/Arch\n  path: boot():/x\n  cmdline: ${ROOT} rw\n");
	propose(&proposal, &loader_limine, machine, "a=1", "");
	assert_true(changeset_empty(&proposal.changeset));
	assert_int_equal(proposal.findings.items[0].code, FINDING_SYNTAX_NOT_UNDERSTOOD);
	assert_non_null(strstr(proposal.findings.items[0].message, "line 4: something else is put in place of ${...}"));
	proposal_done(&proposal);
	/* Where root= is written out, macros for the rest are no matter. */
	machine_write(machine, "/boot/limine.conf", "/Arch\n  path: boot():/x\n  cmdline: root=UUID=0a1b ${MORE}\n");
	propose(&proposal, &loader_limine, machine, "a=1", "");
	assert_non_null(strstr(text_string(&proposal.changeset.files[0].after), "root=UUID=0a1b ${MORE} a=1\n"));
	proposal_done(&proposal);
	proposal_keeps_laws(&loader_limine, machine, "a=1");
	machine_close(machine);
}

/* Another entry of this system is edited, and this one is refused with that line of the configuration all the same. */
static void refuses(const struct loader *loader, const char *path, const char *config, const char *message)
{
	struct machine *machine = machine_open_text("machine 1\n" CMDLINE
		"file /boot/syslinux/more.cfg\n\t|INCLUDE entries.cfg\n"
		"file /boot/syslinux/entries.cfg\n\t|LABEL arch\n\t|LINUX /vmlinuz\n\t|APPEND root=UUID=0a1b rw\n"
		"file /boot/syslinux/theme.cfg\n\t|MENU TITLE x\n\t|LABEL hdt\n\t|COM32 hdt.c32\n"
		"file /boot/syslinux/others.cfg\n\t|LABEL o\n\t|LINUX /vmlinuz\n\t|APPEND root=UUID=ffff\n");
	struct proposal proposal;

	machine_write(machine, path, config);
	propose(&proposal, loader, machine, "a=1", "");
	assert_int_equal(findings_refuse(&proposal.findings), message != NULL);
	assert_int_equal(changeset_empty(&proposal.changeset), message != NULL);
	if (message && !strstr(proposal.findings.items[0].message, message))
		fail_msg("%s", proposal.findings.items[0].message);
	proposal_done(&proposal);
	machine_close(machine);
}

static void an_entry_that_is_not_understood_is_told_though_another_one_is_edited(void **state)
{
	static const char conf[] = "/boot/limine.conf", cfg[] = "/boot/syslinux/syslinux.cfg";
	static const char limine_own[] = "/Own\n  path: boot():/y\n  cmdline: root=UUID=0a1b\n";
#define OWN "LABEL own\nLINUX /vmlinuz-own\nAPPEND root=UUID=0a1b\n"
	cleanup_text struct text text = { 0 };

	(void)state;
	text_printf(&text, "${ROOT}=root=UUID=0a1b\n/Arch\n  path: boot():/x\n  cmdline: ${ROOT} rw\n%s", limine_own);
	refuses(&loader_limine, conf, text_string(&text), "limine.conf, line 4: something else is put in place of ${...}");
	text_done(&text);
	text_printf(&text, "/Other\n  path: boot():/x\n  cmdline: root=UUID=ffff ${MORE}\n%s", limine_own);
	refuses(&loader_limine, conf, text_string(&text), NULL);
	refuses(&loader_syslinux, cfg, "DEFAULT arch\nINCLUDE entries.cfg\n" OWN, "line 2: another file is read in here");
	refuses(&loader_syslinux, cfg, "DEFAULT arch\nMENU INCLUDE /syslinux/more.cfg x\n" OWN, "line 2: another file is read in");
	refuses(&loader_syslinux, cfg, "MENU INCLUDE theme.cfg\nINCLUDE others.cfg\nINCLUDE gone.cfg\n" OWN, NULL);
	refuses(&loader_syslinux, cfg, "DEFAULT x\nLABEL x\nLINUX /vmlinuz\nAPPEND rw\n" OWN, "line 1: the default entry has no");
	refuses(&loader_syslinux, cfg, "LABEL x\nMENU DEFAULT\nLINUX /vmlinuz\n" OWN, "line 2: the default entry has no root=");
	refuses(&loader_syslinux, cfg, "DEFAULT x\nLABEL x\nKERNEL chain.c32\nAPPEND hd0 1\n" OWN, NULL);
	refuses(&loader_syslinux, cfg, "DEFAULT x\nLABEL x\nLINUX /vmlinuz\nAPPEND root=UUID=ffff\n" OWN, NULL);
	refuses(&loader_syslinux, cfg, "DEFAULT rescue\nLABEL rescue\nLINUX /vmlinuz\n" OWN, NULL);
#undef OWN
}

/* What is said where the initramfs image is made anew before the loader is asked. */
static void limine_says_of_sums(const char *config, const char *image, const char *message)
{
	struct machine *machine = machine_open_text("machine 1\n" CMDLINE);
	struct proposal proposal;

	machine_write(machine, "/boot/limine.conf", config);
	propose_after_image(&proposal, &loader_limine, machine, "a=1", image);
	assert_int_equal(findings_refuse(&proposal.findings), message != NULL);
	if (message && !strstr(proposal.findings.items[0].message, message))
		fail_msg("%s", proposal.findings.items[0].message);
	proposal_done(&proposal);
	machine_close(machine);
}

static void a_check_sum_that_limine_would_stop_at_is_refused(void **state)
{
	(void)state;
	limine_says_of_sums(LIMINE_IMAGE "\n", "/boot/initramfs-linux.img", NULL);
	limine_says_of_sums(LIMINE_IMAGE "#ca69\n", "/boot/initramfs-linux.img", "/boot/limine.conf, line 5: the checksum");
	limine_says_of_sums(LIMINE_IMAGE "#ca69\n", "/efi/initramfs-linux.img", "module_path: boot():/initramfs-linux.img#ca69");
	limine_says_of_sums(LIMINE_IMAGE "#ca69\n", "/boot/initramfs-lts.img", NULL);
	limine_says_of_sums(LIMINE_IMAGE "#ca69\nhash_mismatch_panic: no\n", "/boot/initramfs-linux.img", NULL);
	limine_says_of_sums("hash_mismatch_panic: yes\n" LIMINE_IMAGE "#ca69\n", "/boot/initramfs-linux.img", "line 6");
}

#define FOUR "0000"
#define SIXTEEN FOUR FOUR FOUR FOUR
#define DIGITS(last) SIXTEEN SIXTEEN SIXTEEN SIXTEEN SIXTEEN SIXTEEN SIXTEEN FOUR FOUR FOUR "000" last

static void a_limine_that_knows_its_configuration_by_a_check_sum_is_left_alone(void **state)
{
	struct machine *machine = machine_open_text("machine 1\n" CMDLINE);
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/boot/EFI/BOOT/limine.conf", LIMINE_ENTRY);
	machine_write(machine, "/boot/EFI/BOOT/BOOTX64.EFI", "MZ ++CONFIG_B2SUM_SIGNATURE++" DIGITS("0") "1");
	propose(&proposal, &loader_limine, machine, "a=1", "");
	assert_int_equal(proposal.findings.count, 0);
	proposal_done(&proposal);
	machine_write(machine, "/boot/EFI/BOOT/BOOTX64.EFI", "MZ ++CONFIG_B2SUM_SIGNATURE++" DIGITS("a") "1");
	propose(&proposal, &loader_limine, machine, "a=1", "");
	assert_int_equal(proposal.findings.items[0].code, FINDING_LOADER_MANUAL);
	assert_non_null(strstr(proposal.findings.items[0].paste, "limine enroll-config --reset /boot/EFI/BOOT/BOOTX64.EFI"));
	proposal_apply(&proposal, machine);
	proposal_done(&proposal);
	/* Nothing to do, nothing to say. */
	propose(&proposal, &loader_limine, machine, "a=1", "a=1");
	assert_int_equal(proposal.findings.count, 0);
	proposal_done(&proposal);
	machine_close(machine);
}

static void refinds_first_entry_is_edited(void **state)
{
	(void)state;
	changed(refind, &loader_refind, "a=1", "options\"  \"root=UUID=0a1b rw quiet a=1\"\n\"Boot to single-user mode\"    \"root=UUID=0a1b rw single\"\n");
}

static void refinds_own_entries_in_force_are_told(void **state)
{
	struct machine *machine = machine_open_text(refind);
	struct proposal proposal;

	(void)state;
	propose(&proposal, &loader_refind, machine, "a=1", "");
	assert_int_equal(proposal.findings.count, 0);
	proposal_done(&proposal);
	machine_write(machine, "/boot/efi/EFI/refind/refind.conf", "menuentry \"Arch\" {\n  loader /vmlinuz\n}\n");
	propose(&proposal, &loader_refind, machine, "a=1", "");
	assert_int_equal(proposal.findings.items[0].code, FINDING_LOADER_MANUAL);
	assert_int_equal(proposal.findings.items[0].severity, SEVERITY_WARNING);
	assert_int_equal(proposal.changeset.file_count, 1);
	proposal_done(&proposal);
	/* The whole stanza is, whatever stands in it before. */
	machine_write(machine, "/boot/efi/EFI/refind/refind.conf", "menuentry \"Arch\" {\n  loader /vmlinuz\n"
		      "  submenuentry \"x\" {\n    initrd /i\n  }\n  disabled\n}\n");
	propose(&proposal, &loader_refind, machine, "a=1", "");
	assert_int_equal(proposal.findings.count, 0);
	proposal_done(&proposal);
	/* One entry of several that is out of force, of a menu that is, is not the menu. */
	machine_write(machine, "/boot/efi/EFI/refind/refind.conf", "menuentry \"Arch\" {\n  loader /vmlinuz\n"
		      "  submenuentry \"x\" {\n    disabled\n  }\n}\n");
	propose(&proposal, &loader_refind, machine, "a=1", "");
	assert_int_equal(proposal.findings.count, 1);
	proposal_done(&proposal);
	machine_write(machine, "/boot/efi/EFI/refind/refind.conf", "timeout 5\ninclude mine.conf\n");
	machine_write(machine, "/boot/efi/EFI/refind/mine.conf", "menuentry \"Arch\" {\n  loader /vmlinuz\n}\n");
	propose(&proposal, &loader_refind, machine, "a=1", "");
	assert_int_equal(proposal.findings.count, 1);
	proposal_done(&proposal);
	machine_close(machine);
}

/* rEFInd looks for no bracket that opens, and case means nothing to it. */
static void refinds_own_entries_are_known_however_they_are_written(void **state)
{
	static const struct {
		const char *config;
		bool told;
	} cases[] = {
		{ "menuentry \"Arch\"\n{\n  loader /vmlinuz\n}\n", true },
		{ "MENUENTRY Arch {\n  LOADER /vmlinuz\n}\n", true },
		{ "menuentry Arch {\n  loader /vmlinuz\n", true },
		{ "menuentry \"Arch\"\n{\n  Disabled\n}\n", false },
		{ "menuentry A {\n disabled\n}\nmenuentry=B\n}\n", true },
		{ "menuentry A {\n submenuentry b\n {\n disabled\n }\n disabled # not yet\n}\n", false },
		{ "#menuentry Arch {\n#}\n# menuentry Arch {\n", false },
	};
	struct machine *machine = machine_open_text(refind);
	struct proposal proposal;

	(void)state;
	for (size_t i = 0; i < array_size(cases); i++) {
		machine_write(machine, "/boot/efi/EFI/refind/refind.conf", cases[i].config);
		propose(&proposal, &loader_refind, machine, "a=1", "");
		if (proposal.findings.count != cases[i].told)
			fail_msg("%s", cases[i].config);
		proposal_done(&proposal);
	}
	machine_close(machine);
}

static void the_one_line_of_a_raspberry_pi_is_edited(void **state)
{
	struct machine *machine = machine_open_text(raspberry);
	struct proposal proposal;

	(void)state;
	changed(raspberry, &loader_raspberry_pi, "a=1", "console=tty1 root=UUID=0a1b rootwait a=1\n");
	machine_write(machine, "/boot/firmware/cmdline.txt", "console=tty1\nroot=UUID=0a1b\n");
	propose(&proposal, &loader_raspberry_pi, machine, "a=1", "");
	assert_int_equal(proposal.changeset.file_count, 0);
	assert_int_equal(proposal.findings.items[0].code, FINDING_SYNTAX_NOT_UNDERSTOOD);
	proposal_done(&proposal);
	machine_close(machine);
}

static void an_entry_of_another_system_is_no_entry_of_this(void **state)
{
	struct machine *machine = machine_open_text(syslinux);
	struct proposal proposal;

	(void)state;
	machine_write(machine, "/boot/syslinux/syslinux.cfg", "LABEL x\nLINUX /vmlinuz\nAPPEND root=UUID=ffff\n");
	propose_or_fault(&proposal, &loader_syslinux, machine, "a=1", "");
	assert_false(proposal.ok);
	assert_non_null(strstr(proposal.fault.sentence, "no entry that starts this system"));
	proposal_done(&proposal);
	machine_close(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_told_by_its_file),
		cmocka_unit_test(every_label_of_this_system_is_edited_but_for_the_way_back),
		cmocka_unit_test(limines_entries_are_edited_under_either_name_of_the_key),
		cmocka_unit_test(of_limines_command_lines_the_first_by_its_rule_counts),
		cmocka_unit_test(of_several_lines_append_the_last_counts),
		cmocka_unit_test(limines_old_configuration_is_read_too),
		cmocka_unit_test(limines_configuration_is_found_where_limine_looks),
		cmocka_unit_test(each_of_limines_configurations_gets_the_words_but_of_other_systems),
		cmocka_unit_test(what_limine_puts_in_place_of_a_macro_is_not_known),
		cmocka_unit_test(an_entry_that_is_not_understood_is_told_though_another_one_is_edited),
		cmocka_unit_test(a_check_sum_that_limine_would_stop_at_is_refused),
		cmocka_unit_test(a_limine_that_knows_its_configuration_by_a_check_sum_is_left_alone),
		cmocka_unit_test(refinds_first_entry_is_edited),
		cmocka_unit_test(refinds_own_entries_in_force_are_told),
		cmocka_unit_test(refinds_own_entries_are_known_however_they_are_written),
		cmocka_unit_test(the_one_line_of_a_raspberry_pi_is_edited),
		cmocka_unit_test(an_entry_of_another_system_is_no_entry_of_this),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
