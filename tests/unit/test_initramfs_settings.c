/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What others have set for a generator: what keeps images from being made, or ours from counting, is told beforehand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "initramfs/generators.h"
#include "support/early.h"
#include "support/machine.h"

#define OLD_GUIDE "MODULES=(vfio_pci vfio vfio_iommu_type1 vfio_virqfd)\n"
/* Of each kernel the modules, and the kernel itself. */
#define KERNEL(release, modules)                                                                                   \
	"file /boot/vmlinuz-" release "\n\t|kernel\nfile /usr/lib/modules/" release "/modules.dep\n"               \
	"\t|kernel/drivers/vfio/pci/vfio-pci.ko:\n\t|kernel/drivers/vfio/vfio.ko:\n"                               \
	"\t|kernel/drivers/vfio/vfio_iommu_type1.ko:\n" modules "link /lib usr/lib\n"
#define VIRQFD "\t|kernel/drivers/vfio/vfio_virqfd.ko:\n"

static const char arch[] =
	"machine 1\n" KERNEL("6.12.1-arch1-1", "")
	"file /usr/bin/mkinitcpio 0755\n\t|#!/bin/bash\n"
	"file /usr/lib/modules/6.12.1-arch1-1/pkgbase\n\t|linux\n"
	"file /etc/mkinitcpio.conf\n\t|MODULES=()\n\t|HOOKS=(base udev)\n"
	"dir /etc/mkinitcpio.conf.d\n"
	"file /etc/mkinitcpio.d/linux.preset\n\t|PRESETS=('default')\n\t|default_image=\"/boot/initramfs-linux.img\"\n"
	"file /boot/initramfs-linux.img\n\t|image\n";
static const char booster[] =
	"machine 1\n" KERNEL("6.12.1-arch1-1", "")
	"file /usr/bin/booster 0755\n\t|x\n"
	"file /usr/lib/modules/6.12.1-arch1-1/pkgbase\n\t|linux\nfile /boot/booster-linux.img\n\t|image\n";
static const char fedora[] =
	"machine 1\n" KERNEL("6.12.1", "") "file /usr/bin/dracut 0755\n\t|#!/bin/bash\n"
	"file /boot/initramfs-6.12.1.img\n\t|image\n";
static const char debian[] =
	"machine 1\n" KERNEL("6.12.1", "") "file /usr/sbin/mkinitramfs 0755\n\t|#!/bin/sh\n"
	"file /etc/initramfs-tools/initramfs.conf\n\t|MODULES=most\nfile /boot/initrd.img-6.12.1\n\t|image\n";

static void propose(struct early_proposal *proposal, const struct initramfs *generator, struct machine *machine,
		    bool wanted)
{
	early_begin(proposal, wanted);
	early_add_kernels(proposal, machine);
	early_propose(proposal, generator, machine, true);
}

/*
 * The one finding that says WHAT, of CODE and SEVERITY; NULL: there is none. Where it may be overridden the images are
 * made and looked into all the same.
 */
static void says(struct machine *machine, const struct initramfs *generator, enum finding_code code,
		 enum severity severity, const char *what)
{
	struct early_proposal proposal;
	size_t count = 0;

	propose(&proposal, generator, machine, true);
	for (size_t i = 0; i < proposal.findings.count; i++) {
		const struct finding *finding = &proposal.findings.items[i];

		if (finding->code != code)
			continue;
		count++;
		if (!what || !strstr(finding->message, what))
			fail_msg("<%s> is not in <%s>", what ? what : "", finding->message);
		assert_int_equal(finding->severity, severity);
	}
	assert_int_equal(count, what ? 1 : 0);
	assert_int_equal(proposal.changeset.command_count, !what || finding_code_overridable(code) ? 1 : 0);
	early_done(&proposal);
}

static void fails_on(struct machine *machine, const struct initramfs *generator, const char *what)
{
	says(machine, generator, FINDING_FOREIGN_SETUP, SEVERITY_ERROR, what);
}

static void is_overruled(struct machine *machine, const struct initramfs *generator, const char *what)
{
	says(machine, generator, FINDING_SYNTAX_NOT_UNDERSTOOD, SEVERITY_ERROR, what);
}

/* mkinitcpio says "module not found" and exits with an error: every apply was rolled back, and nobody said why. */
static void a_module_that_mkinitcpio_would_fail_on_is_named_with_its_line(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct early_proposal proposal;

	(void)state;
	fails_on(machine, &initramfs_mkinitcpio, NULL);
	machine_write(machine, "/etc/mkinitcpio.conf", "# a guide's\n" OLD_GUIDE "HOOKS=(base udev)\n");
	fails_on(machine, &initramfs_mkinitcpio,
		 "/etc/mkinitcpio.conf, line 2, names the module vfio_virqfd, which the kernel 6.12.1-arch1-1 does not have");
	/* To take back the images are made, too. */
	propose(&proposal, &initramfs_mkinitcpio, machine, false);
	assert_int_equal(proposal.findings.count, 1);
	assert_non_null(strstr(proposal.findings.items[0].remedy, "Delete the word vfio_virqfd there."));
	early_done(&proposal);
	/* What comes later counts alone, and a question mark forgives. */
	machine_write(machine, "/etc/mkinitcpio.conf.d/a.conf", "MODULES=(vfio_pci vfio_virqfd?)\n");
	fails_on(machine, &initramfs_mkinitcpio, NULL);
	machine_write(machine, "/etc/mkinitcpio.conf.d/a.conf", "MODULES+=(\n\tvfio_mdev\n)\n");
	machine_write(machine, "/etc/mkinitcpio.conf", "MODULES=()\nHOOKS=(base udev)\n");
	fails_on(machine, &initramfs_mkinitcpio, "/etc/mkinitcpio.conf.d/a.conf, line 2, names the module vfio_mdev");
	machine_close(machine);
}

static void a_kernel_that_has_the_module_is_content(void **state)
{
	struct machine *machine = machine_open_text(arch);

	(void)state;
	machine_write(machine, "/etc/mkinitcpio.conf", OLD_GUIDE "HOOKS=(base udev)\n");
	machine_write(machine, "/usr/lib/modules/6.12.1-arch1-1/modules.dep",
		      "kernel/drivers/vfio/pci/vfio-pci.ko:\nkernel/drivers/vfio/vfio.ko:\n"
		      "kernel/drivers/vfio/vfio_iommu_type1.ko:\nkernel/drivers/vfio/vfio_virqfd.ko.zst:\n");
	fails_on(machine, &initramfs_mkinitcpio, NULL);
	/* What a removed kernel has left behind has none of them. */
	machine_write(machine, "/usr/lib/modules/6.9.9-arch1-1/modules.dep", "updates/dkms/zfs.ko:\n");
	fails_on(machine, &initramfs_mkinitcpio, NULL);
	machine_close(machine);
}

static void a_configuration_of_a_preset_counts_for_itself(void **state)
{
	struct machine *machine = machine_open_text(arch);

	(void)state;
	machine_write(machine, "/etc/mkinitcpio-vm.conf", OLD_GUIDE "HOOKS=(base udev)\n");
	fails_on(machine, &initramfs_mkinitcpio, NULL);
	machine_write(machine, "/etc/mkinitcpio.d/linux.preset",
		      "PRESETS=('default')\ndefault_image=\"/boot/initramfs-linux.img\"\n"
		      "default_options=\"-c /etc/mkinitcpio-vm.conf\"\n");
	fails_on(machine, &initramfs_mkinitcpio, "/etc/mkinitcpio-vm.conf, line 1,");
	machine_close(machine);
}

static void booster_fails_on_it_as_well_and_the_others_warn(void **state)
{
	struct machine *machine = machine_open_text(booster);

	(void)state;
	machine_write(machine, "/etc/booster.yaml", "universal: true\nmodules_force_load: vfio_pci,vfio_virqfd\n");
	fails_on(machine, &initramfs_booster, "/etc/booster.yaml, line 2, names the module vfio_virqfd");
	machine_write(machine, "/etc/booster.yaml", "modules: -vfio_virqfd\n");
	fails_on(machine, &initramfs_booster, "/etc/booster.yaml, line 1,");
	machine_close(machine);
	machine = machine_open_text(fedora);
	machine_write(machine, "/etc/dracut.conf.d/a.conf", "add_drivers+=\" vfio_virqfd vfio \"\n");
	says(machine, &initramfs_dracut, FINDING_FOREIGN_SETUP, SEVERITY_WARNING,
	     "/etc/dracut.conf.d/a.conf, line 1, names the module vfio_virqfd");
	machine_close(machine);
	machine = machine_open_text(debian);
	machine_write(machine, "/etc/initramfs-tools/modules", "# vfio_virqfd\nvfio\n vfio_virqfd\n");
	says(machine, &initramfs_initramfs_tools, FINDING_FOREIGN_SETUP, SEVERITY_WARNING,
	     "/etc/initramfs-tools/modules, line 3, names the module vfio_virqfd");
	machine_close(machine);
}

static void a_drop_in_that_sets_the_arrays_anew_after_ours_is_named(void **state)
{
	struct machine *machine = machine_open_text(arch);

	(void)state;
	machine_write(machine, "/etc/mkinitcpio.conf.d/archiso.conf", "HOOKS=(base)\nMODULES=(ext4)\n");
	machine_write(machine, "/etc/mkinitcpio.conf.d/zzz.conf", "# late\nHOOKS+=(x)\nMODULES=(ext4 ${MODULES[@]})\n");
	is_overruled(machine, &initramfs_mkinitcpio, NULL);
	machine_write(machine, "/etc/mkinitcpio.conf.d/zzz.conf", "# late\nHOOKS=(base)\n");
	is_overruled(machine, &initramfs_mkinitcpio, "/etc/mkinitcpio.conf.d/zzz.conf, line 2: HOOKS is set anew");
	machine_write(machine, "/etc/mkinitcpio.conf.d/zzz.conf", "MODULES=\"ext4\"\n");
	is_overruled(machine, &initramfs_mkinitcpio, "/etc/mkinitcpio.conf.d/zzz.conf, line 1: MODULES is set anew");
	machine_close(machine);
}

static void a_line_behind_ours_that_sets_them_anew_is_named(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct early_proposal proposal;
	char *now, *more;

	(void)state;
	machine_write(machine, "/etc/mkinitcpio.d/linux.preset",
		      "PRESETS=('default')\ndefault_image=\"/boot/initramfs-linux.img\"\nALL_config=/etc/mkinitcpio.conf\n");
	propose(&proposal, &initramfs_mkinitcpio, machine, true);
	early_apply(&proposal, machine);
	early_done(&proposal);
	is_overruled(machine, &initramfs_mkinitcpio, NULL);
	now = machine_read(machine, "/etc/mkinitcpio.conf");
	more = memory_zero(1, strlen(now) + 64);
	sprintf(more, "%sHOOKS=(base)\n", now);
	machine_write(machine, "/etc/mkinitcpio.conf", more);
	is_overruled(machine, &initramfs_mkinitcpio, "/etc/mkinitcpio.conf, line 5: HOOKS is set anew");
	free(more);
	free(now);
	machine_close(machine);
}

static void a_later_setting_of_dracut_that_drops_ours_is_named(void **state)
{
	struct machine *machine = machine_open_text(fedora);
	struct early_proposal proposal;

	(void)state;
	machine_write(machine, "/etc/dracut.conf.d/10-a.conf", "force_drivers=\" ext4 \"\ninstall_items=\" /a \"\n");
	machine_write(machine, "/etc/dracut.conf.d/zz.conf", "force_drivers+=\" ext4 \"\ninstall_items+=\" /a \"\n");
	is_overruled(machine, &initramfs_dracut, NULL);
	machine_write(machine, "/etc/dracut.conf.d/zz.conf", "\nforce_drivers=\" ext4 \"\n");
	is_overruled(machine, &initramfs_dracut, "/etc/dracut.conf.d/zz.conf, line 2: force_drivers is set anew");
	propose(&proposal, &initramfs_dracut, machine, true);
	assert_string_equal(proposal.findings.items[0].paste,
			    "mv /etc/dracut.conf.d/zz.conf /etc/dracut.conf.d/10-zz.conf");
	early_done(&proposal);
	machine_write(machine, "/etc/dracut.conf.d/zz.conf", "install_items=\" /a \"\n");
	is_overruled(machine, &initramfs_dracut, "/etc/dracut.conf.d/zz.conf, line 1: install_items is set anew");
	machine_close(machine);
}

/* dracut passes over what is forced by the same word, with the first "-" of either list as "_" (dracut.sh). */
static void what_dracut_omits_is_named_where_vfio_pci_needs_it(void **state)
{
	static const struct {
		const char *words;
		bool left_out;
	} cases[] = {
		{ "nouveau", false },	       { "vfio", true },	 { "vfio.*", true },  { "vfio-pci", false },
		{ "vfio_pci", false },	       { "vfio_pci_core", true }, { "xvfio", false }, { "(", false },
		{ "nvidia-drm vfio-pci", false },
	};
	struct machine *machine = machine_open_text(fedora);

	(void)state;
	for (size_t i = 0; i < array_size(cases); i++) {
		char line[128];

		snprintf(line, sizeof(line), "\nomit_drivers+=\" %s \"\n", cases[i].words);
		machine_write(machine, "/etc/dracut.conf.d/a.conf", line);
		fails_on(machine, &initramfs_dracut, cases[i].left_out ? "/etc/dracut.conf.d/a.conf, line 2, has dracut leave"
								       : NULL);
	}
	machine_write(machine, "/etc/dracut.conf.d/b.conf", "omit_drivers=\"\"\n");
	machine_write(machine, "/etc/dracut.conf.d/a.conf", "omit_drivers+=\" vfio \"\n");
	fails_on(machine, &initramfs_dracut, NULL);
	machine_close(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_module_that_mkinitcpio_would_fail_on_is_named_with_its_line),
		cmocka_unit_test(a_kernel_that_has_the_module_is_content),
		cmocka_unit_test(a_configuration_of_a_preset_counts_for_itself),
		cmocka_unit_test(booster_fails_on_it_as_well_and_the_others_warn),
		cmocka_unit_test(a_drop_in_that_sets_the_arrays_anew_after_ours_is_named),
		cmocka_unit_test(a_line_behind_ours_that_sets_them_anew_is_named),
		cmocka_unit_test(a_later_setting_of_dracut_that_drops_ours_is_named),
		cmocka_unit_test(what_dracut_omits_is_named_where_vfio_pci_needs_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
