/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "initramfs/initramfs.h"

#include <string.h>

#include "base/memory.h"
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

const struct initramfs *initramfs_choose(const struct root *root, const char *name, struct findings *findings)
{
	static const struct contest contest = {
		.noun = "initramfs generator",
		.question = "what makes this system's initramfs images",
		.answer = "which one makes the images",
		.option = "--generator",
		.unknown = FINDING_GENERATOR_UNKNOWN,
		.ambiguous = FINDING_GENERATOR_AMBIGUOUS,
	};
	struct contender contenders[array_size(generators) - 1];

	for (size_t i = 0; i < array_size(contenders); i++)
		contenders[i] = (struct contender){ generators[i]->name, generators[i]->label, generators[i]->probe };
	/* one past the last is the NULL at the end of the table */
	return generators[contender_choose(&contest, contenders, array_size(contenders), root, name, findings)];
}
