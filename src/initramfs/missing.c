/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "initramfs/missing.h"

#include <string.h>

#include "edit/refusal.h"
#include "initramfs/image.h"

/* The first kernel that has no such module; NULL where all have it. */
static const char *first_without(const struct missing *missing, const char *word)
{
	for (size_t i = 0; i < missing->kernels->count; i++)
		if (image_module(missing->root, missing->kernels->items[i], word) == IMAGE_MODULE_NONE)
			return missing->kernels->items[i];
	return NULL;
}

void missing_check(const struct missing *missing, const char *path, const struct text *bytes, size_t offset,
		   const char *word, struct findings *findings)
{
	const char *kernel = text_starts_with(word, "vfio") ? first_without(missing, word) : NULL;
	cleanup_refusal struct refusal place = { 0 };
	struct finding *finding;

	if (!kernel)
		return;
	refusal_set(&place, bytes, offset, "%s", "");
	finding = findings_add(findings, FINDING_FOREIGN_SETUP, missing->severity,
			       "%s, line %u, names the module %s, which the kernel %s does not have: %s.", path,
			       place.line, word, kernel, missing->fails);
	finding_remedy(finding, !strcmp(word, "vfio_virqfd") || !strcmp(word, "vfio-virqfd") ?
		       "Delete the word %s there. Since Linux 6.2 it is a part of vfio, and an older kernel loads it "
		       "with vfio-pci by itself." : "Delete the word %s there.", word);
}
