/* SPDX-License-Identifier: GPL-2.0-or-later */
/* No initramfs at all: the kernel mounts the root file system by itself. */
#include "initramfs/generators.h"

#include "boot/clue.h"
#include "initramfs/real_root.h"

static const char *const generators_elsewhere[] = {
	"usr/sbin/mkinitramfs", "usr/bin/dracut", "usr/bin/mkinitcpio", "usr/bin/booster", "sbin/mkinitfs",
	"usr/sbin/mkinitfs", "usr/sbin/update-tirfs", "usr/bin/clr-boot-manager", "run/ostree-booted", "etc/NIXOS",
};

static bool is_image(const char *name)
{
	return text_starts_with(name, "init") || text_starts_with(name, "booster");
}

static bool is_kernel(const char *name)
{
	return text_starts_with(name, "vmlinu") || text_starts_with(name, "kernel-") ||
	       text_starts_with(name, "bzImage");
}

/* A kernel in /boot, no image beside it, nothing that could make one, and none named to the kernel. */
static void probe(const struct root *root, struct evidence *evidence)
{
	cleanup_strlist struct strlist names = { 0 };
	bool kernel = false;
	char initrd[16];

	for (size_t i = 0; i < array_size(generators_elsewhere); i++)
		if (root_exists(root, generators_elsewhere[i]))
			return;
	root_list(root, "/boot", &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		if (is_image(names.items[i]))
			return;
		kernel = kernel || is_kernel(names.items[i]);
	}
	if (kernel && !clue_cmdline_value(root, "initrd", initrd, sizeof(initrd)))
		evidence_add(evidence, SCORE_CONFIGURED,
			     "/boot has a kernel and no initramfs, and nothing is installed that makes one");
}

static bool propose(const struct root *root, const struct early_request *request, struct changeset *changeset,
		    struct findings *findings, struct fault *fault)
{
	(void)root;
	(void)changeset;
	(void)fault;
	real_root_note(request, "This system starts without an initramfs.", findings);
	return true;
}

const struct initramfs initramfs_none = {
	.name = "none",
	.label = "no initramfs",
	.systems = "kernels made for one machine",
	.files = "nothing",
	.apply = "nothing",
	.proven = { .run = "Debian 13" },
	.late = true,
	.probe = probe,
	.propose = propose,
};
