/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel that is installed and whose image nobody knows is told; what is left of a removed one is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "initramfs/generators.h"
#include "support/early.h"
#include "support/machine.h"
#include "support/pieces.h"

#define MODULES(release) \
	"file /lib/modules/" release "/modules.dep\n\t|kernel/drivers/vfio/pci/vfio-pci.ko:\n" \
	"file /usr/lib/modules/" release "/pkgbase\n\t|linux-" release "\n"
/* 1.0-a has an image; 2.0-b has none. */
#define BOTH MODULES("1.0-a") MODULES("2.0-b") "file /boot/vmlinuz-1.0-a\n\t|kernel\nfile /boot/vmlinuz-2.0-b\n\t|kernel\n"

static const struct {
	const struct initramfs *generator;
	const char *text;
} machines[] = {
	{ &initramfs_dracut, "machine 1\n" BOTH PROGRAM("/usr/bin/dracut") "file /boot/initramfs-1.0-a.img\n\t|image\n" },
	{ &initramfs_initramfs_tools,
	  "machine 1\n" BOTH PROGRAM("/usr/sbin/mkinitramfs") "file /boot/initrd.img-1.0-a\n\t|image\n" },
	{ &initramfs_mkinitfs,
	  "machine 1\n" BOTH PROGRAM("/sbin/mkinitfs") PROGRAM("/bin/kmod") "file /boot/initramfs-a\n\t|image\n"
	  "file /etc/mkinitfs/mkinitfs.conf\n\t|features=\"base\"\n" },
	{ &initramfs_booster,
	  "machine 1\n" BOTH PROGRAM("/usr/bin/booster") "file /boot/booster-linux-1.0-a.img\n\t|image\n" },
	{ &initramfs_mkinitcpio,
	  "machine 1\n" BOTH PROGRAM("/usr/bin/mkinitcpio") "file /boot/initramfs-1.img\n\t|image\n"
	  "file /etc/mkinitcpio.conf\n\t|HOOKS=(base)\n"
	  "file /etc/mkinitcpio.d/linux-1.0-a.preset\n\t|PRESETS=('default')\n\t|default_image=\"/boot/initramfs-1.img\"\n" },
};

/* The severity of what is said of the kernel 2.0-b; -1: nothing is. The other is made anew in any case. */
static int said(const struct initramfs *generator, struct machine *machine)
{
	struct early_proposal proposal;
	int severity = -1;

	early_begin(&proposal, true);
	early_add_kernels(&proposal, machine);
	early_propose(&proposal, generator, machine, true);
	assert_int_equal(proposal.changeset.command_count, 1);
	for (size_t i = 0; i < proposal.findings.count; i++) {
		const struct finding *finding = &proposal.findings.items[i];

		assert_null(strstr(finding->message, "1.0-a"));
		if (strstr(finding->message, "The kernel 2.0-b")) {
			assert_int_equal(finding->code, FINDING_GENERATOR_LIMITED);
			assert_non_null(finding->remedy);
			assert_non_null(strstr(finding->paste, " 2.0-b"));
			severity = (int)finding->severity;
		}
	}
	early_done(&proposal);
	return severity;
}

static void a_kernel_without_a_known_image_is_told_whatever_the_generator(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_size(machines); i++) {
		struct machine *machine = machine_open_text(machines[i].text);

		assert_int_equal(said(machines[i].generator, machine), SEVERITY_NOTE);
		machine_write(machine, "/proc/sys/kernel/osrelease", "2.0-b\n");
		assert_int_equal(said(machines[i].generator, machine), SEVERITY_WARNING);
		machine_close(machine);
	}
}

static void what_is_left_of_a_removed_kernel_is_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_size(machines); i++) {
		struct machine *machine = machine_open_text(machines[i].text);

		machine_remove(machine, "/boot/vmlinuz-2.0-b");
		assert_int_equal(said(machines[i].generator, machine), -1);
		machine_write(machine, "/boot/vmlinuz-2.0-b", "kernel");
		machine_remove(machine, "/lib/modules/2.0-b/modules.dep");
		assert_int_equal(said(machines[i].generator, machine), -1);
		machine_close(machine);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_kernel_without_a_known_image_is_told_whatever_the_generator),
		cmocka_unit_test(what_is_left_of_a_removed_kernel_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
