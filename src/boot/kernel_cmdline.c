/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/kernel_cmdline.h"

#include <string.h>

#include "base/text.h"
#include "boot/booted.h"
#include "boot/way_back.h"
#include "boot/words.h"
#include "edit/cmdline.h"
#include "edit/oneline.h"

#define VENDOR_CMDLINE "usr/lib/kernel/cmdline"

/* Parameters that the boot loader puts there itself, and that must not be carried over. */
static bool is_of_loader(const char *word)
{
	return text_starts_with(word, "BOOT_IMAGE=") || text_starts_with(word, "initrd=") ||
	       text_starts_with(word, "systemd.machine_id=");
}

/* The words that the tools take where there is no /etc/kernel/cmdline. */
static bool default_words(const struct root *root, struct strlist *ret, struct fault *fault)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_text struct text bytes = { 0 };
	bool vendor = root_read(root, VENDOR_CMDLINE, ROOT_LIMIT_TEXT, &bytes, NULL);

	if (!vendor && !root_read(root, "proc/cmdline", ROOT_LIMIT_TEXT, &bytes, fault))
		return false;
	cmdline_split(text_string(&bytes), &words);
	for (size_t i = 0; i < words.count; i++)
		if (vendor || !is_of_loader(words.items[i]))
			strlist_add(ret, words.items[i]);
	return true;
}

bool kernel_cmdline_read(const struct root *root, struct strlist *ret, struct fault *fault)
{
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_strlist struct strlist words = { 0 };
	cleanup_text struct text bytes = { 0 };
	bool there;

	if (!root_read_if_there(root, KERNEL_CMDLINE, ROOT_LIMIT_TEXT, &bytes, &there, fault))
		return false;
	if (!there)
		return default_words(root, ret, fault);
	if (!oneline_words(&bytes, false, &words, &refusal))
		return refusal_fault(&refusal, KERNEL_CMDLINE, fault);
	strlist_add_all(ret, &words);
	return true;
}

bool kernel_cmdline_seed(const struct root *root, const struct boot_request *request, struct strlist *ret,
			 struct fault *fault)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_strlist struct strlist kept = { 0 };

	/* The vendor's file goes before anything that was booted. */
	if (root_exists(root, VENDOR_CMDLINE) || !booted_words(root, &words))
		if (!default_words(root, &words, fault))
			return false;
	words_without_ours(request, &words, &kept);
	/* The way back of one boot is never the user's wish for all of them. */
	for (size_t i = 0; i < kept.count; i++)
		if (!is_of_loader(kept.items[i]) && strcmp(kept.items[i], WAY_BACK_WORD) != 0)
			strlist_add(ret, kept.items[i]);
	return true;
}

bool kernel_cmdline_is_default(const struct root *root, const struct strlist *words)
{
	cleanup_strlist struct strlist taken = { 0 };

	return default_words(root, &taken, NULL) && strlist_equal(&taken, words);
}

static void put_line(struct text *text, const struct strlist *words)
{
	cleanup_free char *joined = strlist_join(words, " ");

	text_printf(text, "%s\n", joined);
}

/*
 * A file of two lines, of which the second is words of ours and not a byte more: we made it. *RET_FIRST is its first
 * line.
 */
static bool is_made(const struct text *bytes, const struct boot_request *request, struct text *ret_first)
{
	cleanup_strlist struct strlist lines = { 0 };
	cleanup_strlist struct strlist words = { 0 };
	cleanup_free char *second = NULL;

	strlist_split(&lines, text_string(bytes), "\n");
	if (lines.count != 2)
		return false;
	cmdline_split(lines.items[1], &words);
	for (size_t i = 0; i < words.count; i++)
		if (!strlist_has(request->ours, words.items[i]))
			return false;
	second = strlist_join(&words, " ");
	if (!words.count || strcmp(second, lines.items[1]) != 0)
		return false;
	text_printf(ret_first, "%s\n", lines.items[0]);
	return true;
}

bool kernel_cmdline_is_made(const struct root *root, const struct boot_request *request)
{
	cleanup_text struct text bytes = { 0 };
	cleanup_text struct text first = { 0 };

	return root_read(root, KERNEL_CMDLINE, ROOT_LIMIT_TEXT, &bytes, NULL) && is_made(&bytes, request, &first);
}

static void set_aside(const struct boot_request *request, struct text *line)
{
	const struct cmdline_change change = { .aside = words_aside(request) };
	cleanup_free char *after = cmdline_edit(text_string(line), &change, NULL);

	text_reset(line);
	text_append(line, after);
}

/* The file that was not there: made, changed, or taken away. */
static bool propose_made(const struct root *root, const struct boot_request *request, const struct text *before,
			 bool there, struct text *first, struct changeset *changeset, struct strlist *added,
			 struct fault *fault)
{
	cleanup_strlist struct strlist seed = { 0 };
	cleanup_strlist struct strlist base = { 0 };
	cleanup_strlist struct strlist missing = { 0 };

	if (!there) {
		if (!kernel_cmdline_seed(root, request, &seed, fault))
			return false;
		put_line(first, &seed);
	}
	set_aside(request, first);
	cmdline_split(text_string(first), &base);
	words_missing(request, &base, &missing);
	strlist_add_all(added, &missing);
	if (missing.count) {
		if (!there && !seed.count)
			return fault_set(fault, FAULT_INPUT, KERNEL_CMDLINE,
					 "there is no %s, and the running kernel's parameters are not known",
					 KERNEL_CMDLINE);
		put_line(first, &missing);
		changeset_file(changeset, KERNEL_CMDLINE, there ? before : NULL, first, 0644,
			       there ? "gives the kernel its parameters" :
			       "gives the kernel its parameters: those of now, and on a second line the new ones");
	} else if (there) {
		/* Somebody changed the first line, or the running kernel still has our words: the file is needed. */
		changeset_file(changeset, KERNEL_CMDLINE, before,
			       kernel_cmdline_is_default(root, &base) ? NULL : first, 0644,
			       "the kernel needs no parameters from vfioconf");
	}
	return true;
}

static bool propose_file(const struct root *root, const struct boot_request *request, struct changeset *changeset,
			 struct findings *findings, struct strlist *added, bool *ret_changed, struct fault *fault)
{
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_strlist struct strlist dropped = { 0 };
	cleanup_strlist struct strlist appended = { 0 };
	cleanup_text struct text before = { 0 };
	cleanup_text struct text after = { 0 };
	cleanup_text struct text first = { 0 };
	const struct cmdline_change change = { .remove = &dropped, .add = request->wanted,
					       .aside = words_aside(request) };
	bool there;

	if (!words_are_plain(request->wanted, fault) ||
	    !root_read_if_there(root, KERNEL_CMDLINE, ROOT_LIMIT_TEXT, &before, &there, fault))
		return false;
	if (!there || is_made(&before, request, &first)) {
		if (!propose_made(root, request, &before, there, &first, changeset, added, fault))
			return false;
	} else {
		words_dropped(request, &dropped);
		if (!oneline_edit(&before, false, &change, &after, &appended, &refusal)) {
			finding_remedy(refusal_finding(&refusal, KERNEL_CMDLINE, findings),
				       "All that stands there reaches the kernel: put that line right, and plan again.");
			return true;
		}
		changeset_file(changeset, KERNEL_CMDLINE, &before, &after, 0644, "gives the kernel its parameters");
		words_added(request, &appended, added);
	}
	*ret_changed = changeset_find(changeset, KERNEL_CMDLINE);
	return true;
}

/* The words that the file will have: the user's own, and the wanted ones. */
static void future_words(const struct root *root, const struct changeset *changeset, struct strlist *ret)
{
	const struct file_change *change = changeset_find(changeset, KERNEL_CMDLINE);

	if (change)
		cmdline_split(text_string(&change->after), ret);
	else
		kernel_cmdline_read(root, ret, NULL);
}

bool kernel_cmdline_propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
			    struct findings *findings, struct strlist *added, struct strlist *gone, bool *ret_changed,
			    struct fault *fault)
{
	cleanup_strlist struct strlist kept = { 0 };

	if (!propose_file(root, request, changeset, findings, added, ret_changed, fault))
		return false;
	future_words(root, changeset, &kept);
	words_gone(request, &kept, gone);
	return true;
}
