/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * genkernel (Gentoo). It makes images for the sources that /usr/src/linux points at, with options of the one who
 * calls it, so what has to be done is shown and not done.
 */
#include "initramfs/generators.h"

#include "base/text.h"
#include "initramfs/image.h"

#define SETTINGS "/etc/genkernel.conf"

static void probe(const struct root *root, struct evidence *evidence)
{
	char release[256];
	cleanup_text struct text image = { 0 };

	if (!root_exists(root, SETTINGS) || !root_exists(root, "usr/bin/genkernel"))
		return;
	root_attribute(root, "proc/sys/kernel/osrelease", release, sizeof(release));
	text_printf(&image, "/boot/initramfs-%s.img", release);
	if (root_exists(root, text_string(&image)) && !root_exists(root, "usr/bin/dracut"))
		evidence_add(evidence, SCORE_USED, "genkernel is installed, and the running kernel has %s",
			     text_string(&image));
	else
		evidence_add(evidence, SCORE_TRACE, "genkernel is installed");
}

static bool propose(const struct root *root, const struct early_request *request, struct changeset *changeset,
		    struct findings *findings, struct fault *fault)
{
	(void)root;
	(void)changeset;
	if (!image_words_are_plain(request, fault))
		return false;
	if (request->contents_changed)
		finding_remedy(findings_add(findings, FINDING_GENERATOR_LIMITED, SEVERITY_WARNING,
					    "vfioconf does not run genkernel, so the images stay as they are until "
					    "you do: until then another driver that is in them comes first."),
			       request->wanted ?
			       "After this, add vfio-pci to AMODULES_block in " SETTINGS " (copied from "
			       "/usr/share/genkernel/modules_load), and run genkernel initramfs." :
			       "After this, take vfio-pci out of " SETTINGS ", and run genkernel initramfs.");
	return true;
}

const struct initramfs initramfs_genkernel = {
	.name = "genkernel",
	.label = "genkernel",
	.systems = "Gentoo",
	.files = SETTINGS " (by you)",
	.apply = "genkernel initramfs (by you)",
	.by_softdep = true,
	.probe = probe,
	.propose = propose,
};
