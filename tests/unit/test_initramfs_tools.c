/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "initramfs/initramfs.h"
#include "initramfs/generators.h"
#include "support/early.h"
#include "support/machine.h"

#define HOOK "/etc/initramfs-tools/hooks/vfioconf"
#define RELEASE "6.12.9-1-liquorix-amd64"

static void propose(struct early_proposal *proposal, struct machine *machine, bool wanted, bool contents)
{
	early_begin(proposal, wanted);
	strlist_add(&proposal->kernels, RELEASE);
	strlist_add(&proposal->kernels, "6.1.0-1-amd64");
	early_propose(proposal, &initramfs_initramfs_tools, machine, contents);
}

static void a_debian_machine_is_told_as_initramfs_tools(void **state)
{
	struct machine *machine = machine_open("z170a");
	struct findings findings = { 0 };

	(void)state;
	assert_ptr_equal(initramfs_choose(machine->root, NULL, &findings), &initramfs_initramfs_tools);
	assert_int_equal(findings.count, 0);
	machine_close(machine);
}

static void every_image_is_rebuilt_and_looked_into(void **state)
{
	struct machine *machine = machine_open("z170a");
	struct early_proposal proposal;
	struct command *command;
	const struct file_change *hook;

	(void)state;
	machine_write(machine, "/boot/initrd.img-6.1.0-1-amd64", "image");
	propose(&proposal, machine, true, true);
	hook = changeset_find(&proposal.changeset, HOOK);
	assert_non_null(hook);
	assert_int_equal(hook->mode, 0755);
	assert_non_null(strstr(text_string(&hook->after), "force_load vfio-pci\n"));
	assert_non_null(strstr(text_string(&hook->after), "0123abcd"));
	assert_int_equal(proposal.changeset.command_count, 1);
	command = &proposal.changeset.commands[0];
	assert_int_equal(command->artefacts.count, 2);
	assert_int_equal(command->expectation_count, 4);
	assert_int_equal(command->expectations[1].kind, EXPECT_LISTING);
	assert_string_equal(command->expectations[1].argv.items[1], "/boot/initrd.img-" RELEASE);
	assert_true(strlist_has(&command->expectations[1].present, "*etc/modprobe.d/00-vfioconf.conf"));
	assert_true(strlist_has(&command->expectations[1].present, "*/vfio[-_]pci.ko*"));
	assert_true(strlist_has(&command->expectations[1].present, "*usr/lib/vfioconf/0123abcd"));
	early_done(&proposal);
	machine_close(machine);
}

/* "-k all" would make it anew, without the modules that nothing but the image has any more, and nobody has saved it. */
static void the_image_of_a_kernel_without_modules_is_left_alone(void **state)
{
	static const char *const traces[] = { "/boot/vmlinuz-5.10.0-1-amd64", "/var/lib/initramfs-tools/5.10.0-1-amd64" };
	struct machine *machine = machine_open("z170a");
	struct early_proposal proposal;

	(void)state;
	machine_write(machine, "/boot/initrd.img-6.1.0-1-amd64", "image");
	machine_write(machine, "/boot/initrd.img-5.10.0-1-amd64", "old image");
	machine_write(machine, "/boot/initrd.img-" RELEASE ".bak", "copy");
	for (size_t i = 0; i < array_size(traces); i++) {
		propose(&proposal, machine, true, true);
		assert_int_equal(proposal.changeset.command_count, 1);
		early_done(&proposal);
		machine_write(machine, traces[i], "x");
		propose(&proposal, machine, true, true);
		assert_int_equal(proposal.changeset.command_count, 2);
		assert_string_equal(proposal.changeset.commands[0].argv.items[3], RELEASE);
		assert_string_equal(proposal.changeset.commands[1].argv.items[3], "6.1.0-1-amd64");
		assert_int_equal(proposal.changeset.commands[1].artefacts.count, 1);
		assert_int_equal(proposal.changeset.commands[1].timeout, 900);
		early_done(&proposal);
		machine_remove(machine, traces[i]);
	}
	machine_close(machine);
}

static void what_a_kernel_does_not_have_is_not_looked_for_in_its_image(void **state)
{
	struct machine *machine = machine_open("z170a");
	struct early_proposal proposal;

	(void)state;
	machine_write(machine, "/boot/initrd.img-6.1.0-1-amd64", "image");
	machine_write(machine, "/lib/modules/6.1.0-1-amd64/modules.builtin", "kernel/drivers/vfio/pci/vfio-pci.ko\n");
	propose(&proposal, machine, true, true);
	assert_true(strlist_has(&proposal.changeset.commands[0].expectations[1].present, "*/vfio[-_]pci.ko*"));
	assert_false(strlist_has(&proposal.changeset.commands[0].expectations[3].present, "*/vfio[-_]pci.ko*"));
	early_done(&proposal);
	machine_close(machine);
}

static void nothing_is_proposed_where_all_is_done(void **state)
{
	struct machine *machine = machine_open("z170a");
	struct early_proposal proposal;

	(void)state;
	propose(&proposal, machine, false, false);
	assert_true(changeset_empty(&proposal.changeset));
	early_done(&proposal);
	propose(&proposal, machine, true, true);
	machine_write(machine, HOOK, text_string(&proposal.changeset.files[0].after));
	early_done(&proposal);
	propose(&proposal, machine, true, false);
	assert_true(changeset_empty(&proposal.changeset));
	early_done(&proposal);
	propose(&proposal, machine, true, true);
	assert_int_equal(proposal.changeset.file_count, 0);
	assert_int_equal(proposal.changeset.command_count, 1);
	early_done(&proposal);
	propose(&proposal, machine, false, true);
	assert_int_equal(proposal.changeset.files[0].kind, CHANGE_DELETE);
	assert_true(strlist_has(&proposal.changeset.commands[0].expectations[1].absent, "*usr/lib/vfioconf/*"));
	early_done(&proposal);
	machine_close(machine);
}

static void a_switched_off_update_is_said_beforehand(void **state)
{
	struct machine *machine = machine_open("z170a");
	struct early_proposal proposal;

	(void)state;
	machine_write(machine, "/etc/initramfs-tools/update-initramfs.conf", "update_initramfs=no\n");
	propose(&proposal, machine, true, true);
	assert_int_equal(proposal.findings.items[0].code, FINDING_GENERATOR_LIMITED);
	early_done(&proposal);
	machine_write(machine, "/etc/initramfs-tools/update-initramfs.conf", "update_initramfs=yes\n");
	machine_remove(machine, "/boot/initrd.img-" RELEASE);
	propose(&proposal, machine, true, true);
	assert_int_equal(proposal.findings.items[0].code, FINDING_IMAGE_MISSING);
	early_done(&proposal);
	machine_close(machine);
}

#define POP_NEW "6.12.10-76061203-generic"
#define POP_OLD "6.9.3-76060903-generic"
#define POP_ESP "/boot/efi/EFI/Pop_OS-5f2c1d7e-8a34-4b0e-9c55-6e0f3a9b1d20/"

/* Of which initrd the file COPY on the ESP shall be a copy once the images are made; NULL: of none that is known. */
static char *copied_from(struct machine *machine, const char *copy)
{
	struct early_proposal proposal;
	const struct command *command;
	char *source = NULL;

	early_begin(&proposal, true);
	early_add_kernels(&proposal, machine);
	early_propose(&proposal, &initramfs_initramfs_tools, machine, true);
	command = &proposal.changeset.commands[0];
	for (size_t i = 0; i < command->expectation_count; i++)
		if (command->expectations[i].kind == EXPECT_COPY && !strcmp(command->expectations[i].path, copy))
			source = memory_string(command->expectations[i].keys.items[0]);
	/* Whatever may be written is put back after a failure. */
	if (source)
		assert_true(strlist_has(&command->artefacts, copy) && strlist_has(&command->over, copy));
	early_done(&proposal);
	return source;
}

static void assert_copied_from(struct machine *machine, const char *copy, const char *source)
{
	cleanup_free char *found = copied_from(machine, copy);

	if (!source)
		assert_null(found);
	else
		assert_string_equal(found, source);
}

static void copies_that_kernelstub_makes_are_looked_into(void **state)
{
	struct machine *machine = machine_open("pop-os");

	(void)state;
	assert_copied_from(machine, POP_ESP "initrd.img", "/boot/initrd.img-" POP_NEW);
	assert_copied_from(machine, POP_ESP "initrd.img-previous", "/boot/initrd.img-" POP_OLD);
	/* Where the link says something else, it may be either. */
	machine_remove(machine, "/boot/initrd.img");
	machine_link(machine, "/boot/initrd.img", "initrd.img-" POP_OLD);
	assert_copied_from(machine, POP_ESP "initrd.img", NULL);
	machine_remove(machine, "/boot/initrd.img");
	assert_copied_from(machine, POP_ESP "initrd.img", "/boot/initrd.img-" POP_NEW);
	machine_remove(machine, "/boot/vmlinuz-" POP_OLD);
	assert_copied_from(machine, POP_ESP "initrd.img-previous", NULL);
	machine_remove(machine, "/etc/initramfs/post-update.d/zz-kernelstub");
	assert_copied_from(machine, POP_ESP "initrd.img", NULL);
	machine_close(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_debian_machine_is_told_as_initramfs_tools),
		cmocka_unit_test(every_image_is_rebuilt_and_looked_into),
		cmocka_unit_test(the_image_of_a_kernel_without_modules_is_left_alone),
		cmocka_unit_test(what_a_kernel_does_not_have_is_not_looked_for_in_its_image),
		cmocka_unit_test(nothing_is_proposed_where_all_is_done),
		cmocka_unit_test(a_switched_off_update_is_said_beforehand),
		cmocka_unit_test(copies_that_kernelstub_makes_are_looked_into),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
