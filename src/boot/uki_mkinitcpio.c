/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unified kernel images of mkinitcpio. It takes the words of /etc/kernel/cmdline
 * and of all *.conf in /etc/cmdline.d, or, where there are none of either, those of the running kernel.
 */
#include "boot/clue.h"
#include "boot/cmdline_dropin.h"
#include "boot/kernel_cmdline.h"
#include "boot/loaders.h"
#include "boot/preset.h"
#include "boot/uki.h"

#define DROPIN "/etc/cmdline.d/vfioconf.conf"
#define IMAGE_TIMEOUT 900u

static const struct cmdline_dropin dropin = {
	.directory = "/etc/cmdline.d", .path = DROPIN, .suffix = ".conf",
	.base = true, .comments = true, .falls_back = true,
};

static void probe(const struct root *root, struct evidence *evidence)
{
	uki_evidence(root, UKI_MKINITCPIO, evidence);
}

/* From version 36 on. */
static bool reads_dropins(const struct root *root)
{
	return root_is_directory(root, dropin.directory) ||
	       clue_file_holds(root, "usr/bin/mkinitcpio", ROOT_LIMIT_TEXT, "cmdline.d");
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	return cmdline_dropin_read(root, &dropin, ret_words, fault);
}

static void rebuild(const struct root *root, const struct boot_request *request, const struct strlist *gone,
		    struct changeset *changeset)
{
	const char *const argv[] = { "mkinitcpio", "-P", NULL };
	cleanup_presets struct presets presets = { 0 };
	struct command *command = changeset_command(changeset, "builds the unified kernel images anew", IMAGE_TIMEOUT,
						    argv);

	presets_read(root, &presets);
	for (size_t i = 0; i < presets.count; i++)
		for (size_t j = 0; j < presets.items[i].ukis.count; j++)
			if (root_exists(root, presets.items[i].ukis.items[j]))
				uki_expect(command, presets.items[i].ukis.items[j], request->wanted, gone);
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_strlist struct strlist gone = { 0 };
	size_t known = findings->count;
	bool changed = false;

	if (!cmdline_dropin_propose(root, &dropin, reads_dropins(root), request, changeset, findings, added, &gone,
				    &changed, fault))
		return false;
	if (findings->count == known && changed)
		rebuild(root, request, &gone, changeset);
	return true;
}

const struct loader loader_uki_mkinitcpio = {
	.name = "uki-mkinitcpio",
	.label = "unified kernel image (mkinitcpio)",
	.systems = "Arch",
	.files = DROPIN ", or " KERNEL_CMDLINE,
	.apply = "mkinitcpio -P",
	.applies = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
