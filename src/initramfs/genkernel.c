/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * genkernel (Gentoo). It makes images for the sources that /usr/src/linux points at, with options of the one who
 * calls it, so what has to be done is shown and not done.
 */
#include "initramfs/generators.h"

#include "base/text.h"
#include "initramfs/image.h"
#include "initramfs/maker.h"

#define SETTINGS "/etc/genkernel.conf"

/* Of genkernel 3, with its own name in it; appends nothing where there is none. */
static void find_named(const struct root *root, const char *release, struct text *ret)
{
	cleanup_strlist struct strlist names = { 0 };

	root_list(root, "/boot", &names, NULL);
	for (size_t i = 0; i < names.count && !ret->length; i++)
		if (text_starts_with(names.items[i], "initramfs-genkernel-") && text_ends_with(names.items[i], release))
			text_printf(ret, "/boot/%s", names.items[i]);
}

/* From version 4 on its name is one that others use, too. Where that is there, which is started is not known. */
static void weigh_image(const struct root *root, const char *image, const char *named, struct evidence *evidence)
{
	const char *maker = maker_of(root, image), *rival = maker_rival(root, "genkernel", image);

	if (*named)
		evidence_add(evidence, rival ? SCORE_CONFIGURED : SCORE_USED,
			     "genkernel is installed, and the running kernel has %s", named);
	else if (maker)
		evidence_add(evidence, SCORE_TRACE, "genkernel is installed, but %s made %s", maker, image);
	else if (rival)
		evidence_add(evidence, SCORE_CONFIGURED, "genkernel is installed and may have made %s, as may %s", image,
			     rival);
	else
		evidence_add(evidence, SCORE_USED, "genkernel is installed, and the running kernel has %s", image);
}

static void probe(const struct root *root, struct evidence *evidence)
{
	cleanup_text struct text image = { 0 };
	cleanup_text struct text named = { 0 };
	char release[256] = "";

	if (!root_exists(root, SETTINGS) || !root_exists(root, "usr/bin/genkernel"))
		return;
	root_attribute(root, "proc/sys/kernel/osrelease", release, sizeof(release));
	text_printf(&image, "/boot/initramfs-%s.img", release);
	if (*release)
		find_named(root, release, &named);
	if (*release && root_exists(root, text_string(&image)))
		weigh_image(root, text_string(&image), text_string(&named), evidence);
	else if (named.length)
		evidence_add(evidence, SCORE_USED, "genkernel is installed, and the running kernel has %s",
			     text_string(&named));
	else
		evidence_add(evidence, SCORE_TRACE, "genkernel is installed");
}

/* Nobody proves these images: without consent nothing is set up that needs them. To take back is never refused. */
static void tell_what_to_do(bool wanted, struct findings *findings)
{
	struct finding *finding =
		findings_add(findings, FINDING_GENERATOR_LIMITED, wanted ? SEVERITY_ERROR : SEVERITY_WARNING,
			     "vfioconf does not run genkernel, which needs the kernel's sources and options of yours. "
			     "The images stay as they are until you make them, and nobody looks into them afterwards%s",
			     wanted ? ": until then, another driver that is in them comes first." : ".");

	finding_remedy(finding, wanted ?
		       "If you go on in spite of it, do this after the apply and before the reboot: add vfio-pci to "
		       "AMODULES_block=\"...\" in " SETTINGS ", and then run this, with the options that the images were "
		       "made with." :
		       "After this, take vfio-pci out of AMODULES_block in " SETTINGS ", and then run this.");
	finding_paste(finding, "genkernel initramfs");
}

static bool propose(const struct root *root, const struct early_request *request, struct changeset *changeset,
		    struct findings *findings, struct fault *fault)
{
	(void)root;
	(void)changeset;
	if (!image_words_are_plain(request, fault))
		return false;
	if (request->contents_changed)
		tell_what_to_do(request->wanted, findings);
	return true;
}

const struct initramfs initramfs_genkernel = {
	.name = "genkernel",
	.label = "genkernel",
	.systems = "Gentoo",
	.files = "nothing; you write " SETTINGS,
	.apply = "nothing; you run genkernel initramfs, which nothing proves afterwards. Refused without your consent",
	.by_softdep = true,
	.proven = { .nothing = true },
	.probe = probe,
	.propose = propose,
};
