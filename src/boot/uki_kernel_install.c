/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unified kernel images that kernel-install makes (ukify, or the generator's own plugin) from /etc/kernel/cmdline. */
#include "base/text.h"
#include "boot/kernel_cmdline.h"
#include "boot/kernel_install.h"
#include "boot/loaders.h"
#include "boot/uki.h"

static void probe(const struct root *root, struct evidence *evidence)
{
	uki_evidence(root, UKI_KERNEL_INSTALL, evidence);
}

static void install_all(const struct root *root, const struct boot_request *request, const struct strlist *gone,
			bool changed, struct changeset *changeset, struct findings *findings)
{
	cleanup_strlist struct strlist images = { 0 };

	uki_find(root, &images);
	for (size_t i = 0; i < images.count; i++) {
		const char *release = uki_release(images.items[i], request->kernels);
		struct command *command;

		if (!release || (!changed && !uki_is_stale(root, images.items[i], request->wanted, gone) &&
				 !kernel_install_has_new_initrd(release, changeset) &&
				 !changeset_rewrites(changeset, images.items[i])))
			continue;
		command = kernel_install_command(root, release, images.items[i], changeset, findings);
		if (!command)
			continue;
		uki_expect(command, images.items[i], request->wanted, gone);
		if (kernel_install_initrd(command))
			uki_expect_initrd(command, images.items[i], kernel_install_initrd(command));
	}
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_strlist struct strlist gone = { 0 };
	size_t known = findings->count;
	bool changed = false;

	if (!uki_check_there(root, request, findings, fault))
		return false;
	if (findings->count > known)
		return true;
	if (!kernel_cmdline_propose(root, request, changeset, findings, added, &gone, &changed, fault))
		return false;
	if (findings->count == known)
		install_all(root, request, &gone, changed, changeset, findings);
	return true;
}

const struct loader loader_uki_kernel_install = {
	.name = "uki-kernel-install",
	.label = "unified kernel image (kernel-install)",
	.systems = "Debian, Fedora, Arch",
	.files = KERNEL_CMDLINE,
	.apply = "kernel-install add VERSION KERNEL",
	.proven = { .booted = "Debian 13, sid", .run = "Debian 13, sid" },
	.applies = true,
	.whole_line = true,
	.sets_aside = true,
	.probe = probe,
	.read = kernel_cmdline_read,
	.propose = propose,
};
