/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limine whose limine.conf limine-entry-tool writes. As soon as one of its
 * settings names KERNEL_CMDLINE, it no longer takes the words of /etc/kernel/cmdline or of the running kernel:
 * the first to name it has to begin with those.
 */
#include <string.h>

#include "base/text.h"
#include "boot/aside_files.h"
#include "boot/clue.h"
#include "boot/kernel_cmdline.h"
#include "boot/limine_settings.h"
#include "boot/loaders.h"
#include "boot/managed.h"
#include "boot/own.h"
#include "boot/targets.h"
#include "boot/words.h"
#include "edit/cmdline.h"

#define TOOL "usr/bin/limine-update"

static const char *const outputs[] = { "/boot/limine.conf", "/boot/limine/limine.conf", "/boot/EFI/limine/limine.conf",
				       "/boot/efi/limine.conf" };

static const char *find_output(const struct root *root)
{
	for (size_t i = 0; i < array_size(outputs); i++)
		if (root_exists(root, outputs[i]))
			return outputs[i];
	return NULL;
}

static void probe(const struct root *root, struct evidence *evidence)
{
	const char *output = find_output(root);
	char info[256];

	if (!root_exists(root, TOOL))
		return;
	if (clue_efi_variable(root, "LoaderInfo", info, sizeof(info)) && text_starts_with(info, "Limine"))
		evidence_add(evidence, SCORE_PROVEN, "the firmware variable LoaderInfo says \"%s\"", info);
	if (output)
		evidence_add(evidence, SCORE_CONFIGURED, "%s is there, and limine-update writes it", output);
	else
		evidence_add(evidence, SCORE_TRACE, "limine-update is installed");
}

static bool edit_values(const struct text *bytes, const struct cmdline_change *change, struct text *ret,
			struct refusal *refusal)
{
	return aside_lines(bytes, change, limine_settings_part, ret, refusal);
}

/* The first key is the default, or that of the kernel which has words of its own where there is none. */
static const struct limine_key *default_key(const struct limine_settings *settings)
{
	for (size_t i = 0; i < settings->count; i++)
		if (!strcmp(settings->items[i].name, "default"))
			return &settings->items[i];
	return settings->count ? &settings->items[0] : NULL;
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	cleanup_limine_settings struct limine_settings settings = { 0 };
	const struct limine_key *key;

	limine_settings_read(root, true, &settings);
	if (settings.refused)
		return refusal_fault(&settings.refusal, settings.refused, fault);
	key = default_key(&settings);
	if (!key || !key->words.count)
		return kernel_cmdline_read(root, ret_words, fault);
	strlist_add_all(ret_words, &key->words);
	return true;
}

/* One line for every key that takes what a later file adds. A blank on both sides keeps our words apart from others. */
static bool propose_dropin(const struct root *root, const struct boot_request *request,
			   const struct limine_settings *settings, struct changeset *changeset,
			   struct findings *findings, struct strlist *added, bool *ret_changed, struct fault *fault)
{
	cleanup_text struct text after = { 0 };
	bool needed = false;

	own_header(&after, "# ");
	for (size_t i = 0; i < settings->count; i++) {
		const struct limine_key *key = &settings->items[i];
		cleanup_strlist struct strlist missing = { 0 };
		cleanup_free char *joined = NULL;

		if (key->set_by_main)
			continue;
		words_missing(request, &key->words, &missing);
		if (!missing.count)
			continue;
		joined = strlist_join(&missing, " ");
		text_printf(&after, strcmp(key->name, "default") != 0 ? "KERNEL_CMDLINE[\"%s\"]+=\" %s \"\n" :
			    "KERNEL_CMDLINE[%s]+=\" %s \"\n", key->name, joined);
		for (size_t j = 0; j < missing.count; j++)
			strlist_add_once(added, missing.items[j]);
		needed = true;
	}
	return own_file(root, LIMINE_SETTINGS_DROPIN, needed ? &after : NULL, 0644,
			needed ? "gives the kernel its parameters" : "the kernel needs no parameters from vfioconf",
			changeset, findings, ret_changed, fault);
}

static bool edit_main(const struct target *target, const struct cmdline_change *change, struct text *ret,
		      struct refusal *refusal)
{
	const struct cmdline_change aside = { .aside = change->aside };
	cleanup_text struct text words = { 0 };

	return limine_settings_edit(&target->bytes, change, &words, refusal) && edit_values(&words, &aside, ret, refusal);
}

/* Keys that the file which counts last says whole: their words go there. *RET_THERE tells whether there are any. */
static bool propose_main(const struct root *root, const struct boot_request *request,
			 const struct limine_settings *settings, struct changeset *changeset,
			 struct findings *findings, struct strlist *added, bool *ret_there, struct fault *fault)
{
	cleanup_targets struct targets targets = { 0 };
	struct target *target = NULL;

	*ret_there = false;
	for (size_t i = 0; i < settings->count; i++) {
		const struct limine_key *key = &settings->items[i];

		if (!key->set_by_main)
			continue;
		if (target) {
			words_keep_common(&target->words, &key->words);
			continue;
		}
		target = targets_add(&targets, LIMINE_SETTINGS_MAIN, edit_main);
		target->form = memory_string("KERNEL_CMDLINE[default]=\"" WORDS_DOTS "\"");
		strlist_add_all(&target->words, &key->words);
	}
	if (!target)
		return true;
	*ret_there = true;
	return root_read(root, LIMINE_SETTINGS_MAIN, ROOT_LIMIT_TEXT, &target->bytes, fault) &&
	       targets_propose(&targets, request, changeset, findings, added, fault);
}

/* The words that stay: of a main file that is edited those that it has then. */
static void kept_words(const struct limine_settings *settings, const struct changeset *changeset, struct strlist *ret)
{
	const struct file_change *change = changeset_find(changeset, LIMINE_SETTINGS_MAIN);
	cleanup_strlist struct strlist lines = { 0 };
	size_t start, end;

	for (size_t i = 0; i < settings->count; i++)
		if (!change || !settings->items[i].set_by_main)
			strlist_add_all(ret, &settings->items[i].words);
	if (change)
		strlist_split(&lines, text_string(&change->after), "\r\n");
	for (size_t i = 0; i < lines.count; i++)
		if (limine_settings_part(lines.items[i], strlen(lines.items[i]), &start, &end) == ASIDE_LINE_WORDS) {
			lines.items[i][end] = '\0';
			cmdline_split(lines.items[i] + start, ret);
		}
}

static bool propose_settings(const struct root *root, const struct boot_request *request,
			     const struct limine_settings *settings, struct changeset *changeset,
			     struct findings *findings, struct strlist *added, struct strlist *gone, bool *ret_changed,
			     struct fault *fault)
{
	cleanup_strlist struct strlist kept = { 0 };
	size_t known = findings->count;
	bool main_done;

	if (!propose_dropin(root, request, settings, changeset, findings, added, ret_changed, fault) ||
	    !propose_main(root, request, settings, changeset, findings, added, &main_done, fault))
		return false;
	*ret_changed = *ret_changed || changeset_find(changeset, LIMINE_SETTINGS_MAIN);
	kept_words(settings, changeset, &kept);
	words_gone(request, &kept, gone);
	if (findings->count > known)
		return true;
	/* In the files that these words stand beside. */
	if ((main_done || aside_in_file(root, LIMINE_SETTINGS_MAIN, request, edit_values, changeset, findings, ret_changed)) &&
	    aside_in_file(root, LIMINE_SETTINGS_COMMON, request, edit_values, changeset, findings, ret_changed))
		aside_in_directory(root, LIMINE_SETTINGS_DIRECTORY, ".conf", LIMINE_SETTINGS_DROPIN, request, edit_values,
				   changeset, findings, ret_changed);
	return true;
}

/* Without any settings /etc/kernel/cmdline counts, which a file of ours alone would put out of force. */
static bool propose_kernel_cmdline(const struct root *root, const struct boot_request *request,
				   struct changeset *changeset, struct findings *findings, struct strlist *added,
				   struct strlist *gone, bool *ret_changed, struct fault *fault)
{
	bool dropped;

	if (!own_file(root, LIMINE_SETTINGS_DROPIN, NULL, 0644, "the kernel needs no parameters from vfioconf here",
		      changeset, findings, &dropped, fault) ||
	    !kernel_cmdline_propose(root, request, changeset, findings, added, gone, ret_changed, fault))
		return false;
	*ret_changed = *ret_changed || dropped;
	return true;
}

/* Whether something about the settings stands against an edit; a finding says what. */
static bool is_refused(const struct boot_request *request, const struct limine_settings *settings,
		       struct findings *findings)
{
	cleanup_strlist struct strlist dropped = { 0 };
	bool vendor = words_need_aside(request, &settings->vendor);

	if (!request->wanted->count && !request->ours->count && !vendor)
		return false;
	words_dropped(request, &dropped);
	if (settings->uki)
		finding_remedy(findings_add(findings, FINDING_LOADER_MANUAL, SEVERITY_ERROR,
					    "%s has unified kernel images made (ENABLE_UKI=yes), whose parameters vfioconf "
					    "does not look into with limine-entry-tool.", settings->uki),
			       "Set ENABLE_UKI=no there, run limine-mkinitcpio, and plan again.");
	else if (settings->refused)
		words_refuse_form(&settings->refusal, settings->refused, "KERNEL_CMDLINE[default]=\"" WORDS_DOTS "\"",
				  request->wanted, &dropped, findings);
	else if (vendor)
		finding_remedy(findings_add(findings, FINDING_LOADER_MANUAL, SEVERITY_ERROR,
					    "A word that was to be set aside stands in " LIMINE_SETTINGS_VENDOR ", whose files a "
					    "package brought and vfioconf does not edit."),
			       "Say the words without it in " LIMINE_SETTINGS_MAIN ", then plan again.");
	return settings->uki || settings->refused || vendor;
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	static const char *const argv[] = { "limine-update", NULL };
	static const char *const keys[] = { "cmdline:", "kernel_cmdline:", NULL };
	cleanup_limine_settings struct limine_settings settings = { 0 };
	cleanup_strlist struct strlist gone = { 0 };
	const char *output = find_output(root);
	size_t known = findings->count;
	bool changed = false;

	if (!words_are_plain(request->wanted, fault))
		return false;
	limine_settings_read(root, false, &settings);
	if (is_refused(request, &settings, findings))
		return true;
	if (!(settings.count ?
	      propose_settings(root, request, &settings, changeset, findings, added, &gone, &changed, fault) :
	      propose_kernel_cmdline(root, request, changeset, findings, added, &gone, &changed, fault)))
		return false;
	if (!changed || findings->count > known)
		return true;
	if (!output)
		return fault_set(fault, FAULT_INPUT, outputs[0], "there is no limine.conf that could be checked");
	managed_expect_file(changeset_command(changeset, "writes the boot menu anew", 300, argv), output, keys,
			    request->wanted, &gone);
	return true;
}

const struct loader loader_limine_entry_tool = {
	.name = "limine-entry-tool",
	.label = "Limine (limine-entry-tool)",
	.systems = "CachyOS, Arch",
	.files = LIMINE_SETTINGS_DROPIN ", " LIMINE_SETTINGS_MAIN,
	.apply = "limine-update",
	.menu = LIMINE_MENU,
	.applies = true,
	.whole_line = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
