/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Red Hat's GRUB: Fedora, RHEL and their kin. The entries in /boot/loader/entries
 * are what it boots; /etc/default/grub alone changes nothing on RHEL 9 and 10, while grub2-mkconfig on Fedora
 * writes GRUB_CMDLINE_LINUX over all entries, and /etc/kernel/cmdline, where it is there, gives those of later kernels.
 * All of them are edited here, as text. That is what grubby does too, but it replaces a word of the same name
 * (intel_iommu=off would be gone for good), and its older versions find iommu= inside intel_iommu=.
 */
#include <string.h>

#include "base/text.h"
#include "boot/clue.h"
#include "boot/entries.h"
#include "boot/grub.h"
#include "boot/kernel_cmdline.h"
#include "boot/loaders.h"
#include "boot/targets.h"
#include "boot/words.h"
#include "edit/cmdline.h"

#define VARIABLE "GRUB_CMDLINE_LINUX"
#define GRUBENV "/boot/grub2/grubenv"

static void probe(const struct root *root, struct evidence *evidence)
{
	cleanup_grub struct grub grub = { 0 };

	grub_inspect(root, &grub);
	if (grub.way != GRUB_BLS)
		return;
	grub_evidence(root, &grub, evidence);
	if (clue_os_is(root, "fedora"))
		evidence_add(evidence, SCORE_CONFIGURED, "this is a system of Fedora's family");
	evidence_add(evidence, SCORE_CONFIGURED, "its entries are in /boot/loader/entries");
}

/* RHEL 8 keeps the words for all entries in GRUB's environment, under the name of kernelopts. */
static void add_kernelopts(const struct root *root, struct strlist *ret)
{
	cleanup_strlist struct strlist lines = { 0 };
	cleanup_text struct text bytes = { 0 };

	root_read(root, GRUBENV, ROOT_LIMIT_TEXT, &bytes, NULL);
	strlist_split(&lines, text_string(&bytes), "\n");
	for (size_t i = 0; i < lines.count; i++)
		if (text_starts_with(lines.items[i], "kernelopts="))
			cmdline_split(lines.items[i] + strlen("kernelopts="), ret);
}

static bool starts_from_environment(const struct entry *entry)
{
	return strlist_has(&entry->options, "$kernelopts");
}

/* An entry whose root= is in kernelopts does not say it itself. */
static bool is_edited(const struct root *root, const struct entry *entry)
{
	return entry_is_edited(root, entry) ||
	       (!entry->fallback && *entry->linux_path && starts_from_environment(entry));
}

static const struct entry *first_entry(const struct root *root, const struct entries *entries)
{
	for (size_t i = entries->count; i-- > 0;)
		if (is_edited(root, &entries->items[i]))
			return &entries->items[i];
	return NULL;
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	cleanup_entries struct entries entries = { 0 };
	const struct entry *entry;

	entries_read(root, &entries);
	entry = first_entry(root, &entries);
	if (!entry)
		return entries_none(fault);
	for (size_t i = 0; i < entry->options.count; i++)
		if (!strcmp(entry->options.items[i], "$kernelopts"))
			add_kernelopts(root, ret_words);
		else
			strlist_add(ret_words, entry->options.items[i]);
	return true;
}

/* GRUB's environment is a block of its own making, which is not edited: a word in it can only be taken out by hand. */
static bool environment_can_stay(const struct root *root, const struct boot_request *request,
				 const struct entries *entries, struct findings *findings)
{
	const struct entry *entry = first_entry(root, entries);
	cleanup_strlist struct strlist words = { 0 };

	if (entry && starts_from_environment(entry))
		add_kernelopts(root, &words);
	if (!words_need_aside(request, &words))
		return true;
	finding_remedy(findings_add(findings, FINDING_LOADER_MANUAL, SEVERITY_ERROR,
				    "A word that was to be set aside stands in kernelopts of " GRUBENV
				    ", which vfioconf does not edit."),
		       "Write the words that shall stay: grub2-editenv - set \"kernelopts=...\"");
	return false;
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_entries struct entries entries = { 0 };
	cleanup_targets struct targets targets = { 0 };

	entries_read(root, &entries);
	if (!targets_add_entries(root, &targets, &entries, is_edited, request, fault))
		return false;
	if (!environment_can_stay(root, request, &entries, findings))
		return true;
	targets_add_assignment(root, &targets, GRUB_DEFAULT_FILE, VARIABLE);
	targets_add_oneline(root, &targets, KERNEL_CMDLINE);
	return targets_propose(&targets, request, changeset, findings, added, fault);
}

const struct loader loader_grub_bls = {
	.name = "grub-bls",
	.label = "GRUB (boot loader entries)",
	.systems = "Fedora, RHEL and their kin",
	.files = "/boot/loader/entries/*.conf, " GRUB_DEFAULT_FILE ", " KERNEL_CMDLINE,
	.apply = "nothing",
	.menu = GRUB_MENU,
	.applies = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
