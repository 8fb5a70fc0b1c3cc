/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unified kernel images of mkinitcpio. It takes the words of /etc/kernel/cmdline
 * and of all files in /etc/cmdline.d, or, where there are none of either, those of the running kernel.
 */
#include <string.h>

#include "base/text.h"
#include "boot/clue.h"
#include "boot/kernel_cmdline.h"
#include "boot/own.h"
#include "boot/preset.h"
#include "boot/uki.h"
#include "boot/words.h"
#include "edit/cmdline.h"

#define DIRECTORY "/etc/cmdline.d"
#define DROPIN DIRECTORY "/vfioconf.conf"
#define IMAGE_TIMEOUT 900u

static void probe(const struct root *root, struct evidence *evidence)
{
	uki_evidence(root, UKI_MKINITCPIO, evidence);
}

static void add_lines(const struct text *bytes, struct strlist *ret)
{
	cleanup_strlist struct strlist lines = { 0 };

	strlist_split(&lines, text_string(bytes), "\n");
	for (size_t i = 0; i < lines.count; i++)
		if (*lines.items[i] != '#')
			cmdline_split(lines.items[i], ret);
}

/* The words of all drop-ins but ours; how many there are. */
static size_t dropin_words(const struct root *root, struct strlist *ret)
{
	cleanup_strlist struct strlist names = { 0 };
	size_t count = 0;

	root_list(root, DIRECTORY, &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text bytes = { 0 };
		cleanup_text struct text path = { 0 };

		text_printf(&path, DIRECTORY "/%s", names.items[i]);
		if (!text_ends_with(names.items[i], ".conf") || !strcmp(text_string(&path), DROPIN) ||
		    !root_read(root, text_string(&path), ROOT_LIMIT_TEXT, &bytes, NULL))
			continue;
		add_lines(&bytes, ret);
		count++;
	}
	return count;
}

/* Whether a drop-in of ours is read, and does not stand alone: then the running kernel's parameters would be lost. */
static bool uses_dropin(const struct root *root)
{
	cleanup_strlist struct strlist words = { 0 };
	bool others = dropin_words(root, &words) > 0;

	return root_exists(root, DROPIN) || others ||
	       (root_exists(root, KERNEL_CMDLINE) &&
		(root_is_directory(root, DIRECTORY) ||
		 clue_file_holds(root, "usr/bin/mkinitcpio", ROOT_LIMIT_TEXT, "cmdline.d")));
}

/* The words that are there without us: for the drop-in, every other file. */
static bool base_words(const struct root *root, struct strlist *ret, struct fault *fault)
{
	if (root_exists(root, KERNEL_CMDLINE) && !kernel_cmdline_read(root, ret, fault))
		return false;
	dropin_words(root, ret);
	return true;
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	cleanup_text struct text own = { 0 };
	cleanup_strlist struct strlist words = { 0 };

	if (!uses_dropin(root))
		return kernel_cmdline_read(root, ret_words, fault);
	if (!base_words(root, &words, fault))
		return false;
	if (root_read(root, DROPIN, ROOT_LIMIT_TEXT, &own, NULL))
		add_lines(&own, &words);
	strlist_add_all(ret_words, &words);
	return true;
}

static bool propose_dropin(const struct root *root, const struct boot_request *request, struct changeset *changeset,
			   struct findings *findings, struct strlist *added, struct strlist *kept, bool *ret_changed,
			   struct fault *fault)
{
	cleanup_strlist struct strlist missing = { 0 };
	cleanup_text struct text after = { 0 };

	if (!words_are_plain(request->wanted, fault) || !base_words(root, kept, fault))
		return false;
	words_missing(request, kept, &missing);
	if (missing.count) {
		cleanup_free char *joined = strlist_join(&missing, " ");

		own_header(&after, "# ");
		text_printf(&after, "%s\n", joined);
	}
	strlist_add_all(added, &missing);
	return own_file(root, DROPIN, missing.count ? &after : NULL, 0644,
			missing.count ? "gives the kernel its parameters" :
			"the kernel needs no parameters from vfioconf",
			changeset, findings, ret_changed, fault);
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
	cleanup_strlist struct strlist kept = { 0 };
	cleanup_strlist struct strlist gone = { 0 };
	size_t known = findings->count;
	bool changed = false;

	if (!kernel_cmdline_is_made(root, request) && uses_dropin(root) ?
	    !propose_dropin(root, request, changeset, findings, added, &kept, &changed, fault) :
	    !kernel_cmdline_propose(root, request, changeset, findings, added, &changed, fault))
		return false;
	if (findings->count > known || !changed)
		return true;
	words_gone(request, &kept, &gone);
	rebuild(root, request, &gone, changeset);
	return true;
}

const struct loader loader_uki_mkinitcpio = {
	.name = "uki-mkinitcpio",
	.label = "unified kernel image (mkinitcpio)",
	.files = DROPIN ", or " KERNEL_CMDLINE,
	.apply = "mkinitcpio -P",
	.applies = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
