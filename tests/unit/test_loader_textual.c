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

static void chosen_is(const char *text, const struct loader *wanted)
{
	struct machine *machine = machine_open_text(text);

	loader_chosen_is(machine, wanted);
	machine_close(machine);
}

static void each_is_told_by_its_file(void **state)
{
	(void)state;
	chosen_is(syslinux, &loader_syslinux);
	chosen_is(limine, &loader_limine);
	chosen_is(refind, &loader_refind);
	chosen_is(raspberry, &loader_raspberry_pi);
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

static void limines_old_configuration_is_read_too(void **state)
{
	(void)state;
	changed("machine 1\n" CMDLINE "file /boot/limine.cfg\n\t|TIMEOUT=5\n\t|:Arch\n\t|PROTOCOL=linux\n"
		"\t|KERNEL_PATH=boot:///vmlinuz-linux\n\t|CMDLINE=root=UUID=0a1b rw\n",
		&loader_limine, "a=1", "\nCMDLINE=root=UUID=0a1b rw a=1\n");
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
		cmocka_unit_test(limines_old_configuration_is_read_too),
		cmocka_unit_test(refinds_first_entry_is_edited),
		cmocka_unit_test(refinds_own_entries_in_force_are_told),
		cmocka_unit_test(the_one_line_of_a_raspberry_pi_is_edited),
		cmocka_unit_test(an_entry_of_another_system_is_no_entry_of_this),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
