/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two generators are installed, and their images go by the same names: only what tells them apart may decide. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "initramfs/generators.h"
#include "initramfs/maker.h"
#include "support/machine.h"

#define GENTOO_IMAGE "/boot/initramfs-6.6.74-gentoo-x86_64.img"
#define VOID_IMAGE "/boot/initramfs-6.12.13_1.img"
#define VOID_HOOK "/etc/kernel.d/post-install/20-initramfs"

/* The generator that is chosen, or NULL; what was said then must ask for one of A and B by name. */
static const struct initramfs *chosen(struct machine *machine, const char *a, const char *b)
{
	cleanup_findings struct findings findings = { 0 };
	const struct initramfs *generator = initramfs_choose(machine->root, NULL, &findings);
	char wanted[128];

	if (generator)
		return generator;
	snprintf(wanted, sizeof(wanted), "--generator %s or --generator %s.", a, b);
	assert_int_equal(findings.items[0].code, FINDING_GENERATOR_AMBIGUOUS);
	if (!strstr(findings.items[0].remedy, wanted))
		fail_msg("<%s> is not in <%s>", wanted, findings.items[0].remedy);
	return NULL;
}

/* An image that begins with a "newc" archive of these files, each without content. */
static void write_image(struct machine *machine, const char *path, const char *const *names, size_t count)
{
	cleanup_text struct text archive = { 0 };

	for (size_t i = 0; i < count; i++) {
		text_printf(&archive, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08zx%08x", 1, 0100644, 0, 0, 1, 0,
			    0, 0, 0, 0, 0, strlen(names[i]) + 1, 0);
		text_append_n(&archive, names[i], strlen(names[i]) + 1);
		while (archive.length % 4)
			text_append_char(&archive, '\0');
	}
	text_append(&archive, "\x28\xb5\x2f\xfd compressed");
	machine_write_n(machine, path, archive.bytes, archive.length);
}

static void begin_with_directory(struct machine *machine, const char *path)
{
	static const char *const names[] = { ".", "early_cpio", "kernel", "TRAILER!!!" };

	write_image(machine, path, names, array_size(names));
}

static void begin_without_directory(struct machine *machine, const char *path)
{
	static const char *const names[] = { "early_cpio", "kernel", "TRAILER!!!" };

	write_image(machine, path, names, array_size(names));
}

static void genkernel_and_dracut_are_a_question(void **state)
{
	struct machine *machine = machine_open("gentoo-genkernel");

	(void)state;
	assert_ptr_equal(chosen(machine, "", ""), &initramfs_genkernel);
	machine_write(machine, "/usr/bin/dracut", "#!/bin/bash\n");
	assert_null(chosen(machine, "dracut", "genkernel"));
	/* The archive for the microcode looks the same with both. */
	begin_with_directory(machine, GENTOO_IMAGE);
	assert_null(chosen(machine, "dracut", "genkernel"));
	machine_remove(machine, "/usr/bin/genkernel");
	assert_ptr_equal(chosen(machine, "", ""), &initramfs_dracut);
	machine_close(machine);
}

static void an_image_with_genkernels_name_is_genkernels(void **state)
{
	struct machine *machine = machine_open("gentoo-genkernel");

	(void)state;
	machine_write(machine, "/usr/bin/dracut", "#!/bin/bash\n");
	machine_write(machine, "/boot/initramfs-genkernel-x86_64-6.6.74-gentoo-x86_64", "image");
	/* Which of the two is started is not known. */
	assert_null(chosen(machine, "dracut", "genkernel"));
	machine_remove(machine, GENTOO_IMAGE);
	assert_ptr_equal(chosen(machine, "", ""), &initramfs_genkernel);
	machine_close(machine);
}

static void what_only_dracut_can_have_written_stays_dracuts(void **state)
{
	static const char *const machines[] = { "gentoo-kernel-install", "gentoo-uki", "endeavouros-systemd-boot" };

	(void)state;
	for (size_t i = 0; i < array_size(machines); i++) {
		struct machine *machine = machine_open(machines[i]);

		machine_write(machine, "/usr/bin/genkernel", "#!/bin/bash\n");
		machine_write(machine, "/etc/genkernel.conf", "INSTALL=\"yes\"\n");
		assert_ptr_equal(chosen(machine, "", ""), &initramfs_dracut);
		machine_close(machine);
	}
}

static void mkinitcpio_beside_dracut_is_a_question_unless_the_system_answers_it(void **state)
{
	struct machine *machine = machine_open("void-grub");

	(void)state;
	machine_write(machine, "/usr/bin/mkinitcpio", "#!/bin/bash\n");
	assert_null(chosen(machine, "dracut", "mkinitcpio"));
	machine_write(machine, "/etc/mkinitcpio.conf", "HOOKS=(base)\n");
	assert_null(chosen(machine, "dracut", "mkinitcpio"));
	machine_link(machine, VOID_HOOK, "/usr/libexec/dracut/kernel-hook-postinst");
	assert_ptr_equal(chosen(machine, "", ""), &initramfs_dracut);
	machine_link(machine, VOID_HOOK, "/usr/libexec/mkinitcpio/kernel-hook-postinst");
	assert_ptr_equal(chosen(machine, "", ""), &initramfs_mkinitcpio);
	machine_close(machine);
}

static void the_image_decides_between_dracut_and_mkinitcpio(void **state)
{
	struct machine *machine = machine_open("void-grub");

	(void)state;
	machine_write(machine, "/usr/bin/mkinitcpio", "#!/bin/bash\n");
	begin_with_directory(machine, VOID_IMAGE);
	assert_ptr_equal(chosen(machine, "", ""), &initramfs_dracut);
	begin_without_directory(machine, VOID_IMAGE);
	assert_ptr_equal(chosen(machine, "", ""), &initramfs_mkinitcpio);
	assert_string_equal(maker_of(machine->root, VOID_IMAGE), "mkinitcpio");
	machine_write(machine, VOID_IMAGE, "\x28\xb5\x2f\xfd compressed");
	assert_null(maker_of(machine->root, VOID_IMAGE));
	machine_close(machine);
}

/* Without dpkg's lists, which say which of the two packages is installed. */
static void mkinitramfs_beside_dracut_is_a_question(void **state)
{
	struct machine *machine = machine_open("amd-desktop");

	(void)state;
	assert_ptr_equal(chosen(machine, "", ""), &initramfs_initramfs_tools);
	machine_write(machine, "/usr/bin/dracut", "#!/bin/bash\n");
	assert_null(chosen(machine, "initramfs-tools", "dracut"));
	machine_close(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(genkernel_and_dracut_are_a_question),
		cmocka_unit_test(an_image_with_genkernels_name_is_genkernels),
		cmocka_unit_test(what_only_dracut_can_have_written_stays_dracuts),
		cmocka_unit_test(mkinitcpio_beside_dracut_is_a_question_unless_the_system_answers_it),
		cmocka_unit_test(the_image_decides_between_dracut_and_mkinitcpio),
		cmocka_unit_test(mkinitramfs_beside_dracut_is_a_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
