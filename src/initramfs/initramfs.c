/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "initramfs/initramfs.h"

#include <string.h>

#include "base/text.h"
#include "initramfs/generators.h"

const struct initramfs *const generators[] = {
	&initramfs_initramfs_tools,
	&initramfs_dracut,
	&initramfs_mkinitcpio,
	&initramfs_booster,
	&initramfs_mkinitfs,
	&initramfs_genkernel,
	&initramfs_tiny,
	&initramfs_rpm_ostree,
	&initramfs_prebuilt,
	&initramfs_none,
	&initramfs_nixos,
	NULL,
};

const struct initramfs *initramfs_find(const char *name)
{
	for (size_t i = 0; generators[i]; i++)
		if (!strcmp(generators[i]->name, name))
			return generators[i];
	return NULL;
}

static void unknown(const struct evidence *evidence, struct findings *findings)
{
	cleanup_text struct text seen = { 0 };

	for (size_t i = 0; generators[i]; i++)
		if (evidence[i].reasons.count) {
			text_append(&seen, seen.length ? ", " : " Only traces were seen: ");
			evidence_sentence(&seen, generators[i]->label, &evidence[i]);
		}
	finding_remedy(findings_add(findings, FINDING_GENERATOR_UNKNOWN, SEVERITY_ERROR,
				    "It is not clear what makes this system's initramfs images.%s%s",
				    text_string(&seen), seen.length ? "." : ""),
		       "Name it with --generator NAME; vfioconf --check lists the names, and what speaks for each.");
}

static void ambiguous(const struct evidence *evidence, size_t best, size_t rival, struct findings *findings)
{
	cleanup_text struct text both = { 0 };

	evidence_sentence(&both, generators[best]->label, &evidence[best]);
	text_append(&both, ", and ");
	evidence_sentence(&both, generators[rival]->label, &evidence[rival]);
	finding_remedy(findings_add(findings, FINDING_GENERATOR_AMBIGUOUS, SEVERITY_ERROR,
				    "Two initramfs generators look equally alive: %s.", text_string(&both)),
		       "Say which one makes the images: --generator %s or --generator %s.", generators[best]->name,
		       generators[rival]->name);
}

static const struct initramfs *named(const char *name, struct findings *findings)
{
	const struct initramfs *generator = initramfs_find(name);

	if (generator)
		return generator;
	finding_remedy(findings_add(findings, FINDING_GENERATOR_UNKNOWN, SEVERITY_ERROR,
				    "There is no initramfs generator of the name \"%s\" here.", name),
		       "vfioconf --check lists the names.");
	return NULL;
}

const struct initramfs *initramfs_choose(const struct root *root, const char *name, struct findings *findings)
{
	const size_t count = array_size(generators) - 1;
	struct evidence evidence[array_size(generators) - 1] = { 0 };
	size_t best = 0, rival = 0;
	int candidates;

	if (name && *name)
		return named(name, findings);
	for (size_t i = 0; i < count; i++)
		generators[i]->probe(root, &evidence[i]);
	candidates = evidence_choose(evidence, count, &best, &rival);
	if (!candidates)
		unknown(evidence, findings);
	else if (candidates > 1)
		ambiguous(evidence, best, rival, findings);
	for (size_t i = 0; i < count; i++)
		evidence_done(&evidence[i]);
	return candidates == 1 ? generators[best] : NULL;
}
