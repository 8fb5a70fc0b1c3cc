/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unified kernel images of mkinitcpio. It takes the words of /etc/kernel/cmdline
 * and of all *.conf in /etc/cmdline.d, or, where there are none of either, those of the running kernel.
 */
#include <string.h>

#include "boot/clue.h"
#include "boot/cmdline_dropin.h"
#include "boot/entries.h"
#include "boot/esp.h"
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

/* Whether IMAGE takes its parameters from where ours are. A fallback image need not; another one is a finding. */
static bool takes_ours(const struct preset *preset, const char *image, const struct boot_request *request,
		       struct findings *findings)
{
	for (size_t i = 0; i < preset->apart.count; i++) {
		const char *options = preset->apart_options.items[i];

		if (strcmp(preset->apart.items[i], image) != 0)
			continue;
		if (request->wanted->count && !entry_speaks_of_fallback(image) && !entry_speaks_of_fallback(options))
			finding_remedy(findings_add(findings, FINDING_LOADER_MANUAL, SEVERITY_ERROR,
						    "In " PRESET_DIRECTORY "/%s.preset, %s gives %s a command line of "
						    "its own (--cmdline or --no-cmdline), or none: %s is not read for it.",
						    preset->name, options, image, dropin.path),
				       "Take that option out of %s, and put the words of its file into "
				       KERNEL_CMDLINE ".", options);
		return false;
	}
	return true;
}

/* A fault where that cannot be said, which is for root. */
static bool check_there(const struct root *root, const struct boot_request *request, struct findings *findings,
			struct fault *fault)
{
	cleanup_presets struct presets presets = { 0 };

	presets_read(root, &presets);
	for (size_t i = 0; i < presets.count; i++)
		for (size_t j = 0; j < presets.items[i].ukis.count; j++)
			if (root_exists(root, presets.items[i].ukis.items[j]))
				return true;
	if (!request->wanted->count)
		return true;
	if (!esp_is_readable(root, "/EFI/Linux", fault))
		return false;
	esp_note_absent("no unified kernel image that a preset in " PRESET_DIRECTORY " makes", findings);
	return true;
}

static void rebuild(const struct root *root, const struct boot_request *request, const struct strlist *gone,
		    struct changeset *changeset, struct findings *findings)
{
	const char *const argv[] = { "mkinitcpio", "-P", NULL };
	cleanup_presets struct presets presets = { 0 };
	struct command *command;

	presets_read(root, &presets);
	if (!presets_are_known(&presets, findings))
		return;
	command = changeset_command(changeset, "builds the unified kernel images anew", IMAGE_TIMEOUT, argv);
	for (size_t i = 0; i < presets.count; i++)
		for (size_t j = 0; j < presets.items[i].ukis.count; j++) {
			const char *image = presets.items[i].ukis.items[j];

			if (!root_exists(root, image))
				continue;
			if (takes_ours(&presets.items[i], image, request, findings))
				uki_expect(command, image, request->wanted, gone);
			else
				uki_expect_rewritten(command, image);
		}
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_strlist struct strlist gone = { 0 };
	size_t known = findings->count;
	bool changed = false;

	if (!check_there(root, request, findings, fault))
		return false;
	if (findings->count > known)
		return true;
	if (!cmdline_dropin_propose(root, &dropin, reads_dropins(root), request, changeset, findings, added, &gone,
				    &changed, fault))
		return false;
	if (findings->count == known && changed)
		rebuild(root, request, &gone, changeset, findings);
	return true;
}

const struct loader loader_uki_mkinitcpio = {
	.name = "uki-mkinitcpio",
	.label = "unified kernel image (mkinitcpio)",
	.systems = "Arch",
	.files = DROPIN ", or " KERNEL_CMDLINE,
	.apply = "mkinitcpio -P",
	.applies = true,
	.whole_line = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
