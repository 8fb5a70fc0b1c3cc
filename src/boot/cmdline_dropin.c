/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/cmdline_dropin.h"

#include <string.h>

#include "base/text.h"
#include "boot/aside_files.h"
#include "boot/kernel_cmdline.h"
#include "boot/own.h"
#include "boot/words.h"
#include "edit/cmdline.h"
#include "edit/oneline.h"

static void add_lines(const struct text *bytes, struct strlist *ret)
{
	cleanup_strlist struct strlist lines = { 0 };

	strlist_split(&lines, text_string(bytes), "\n");
	for (size_t i = 0; i < lines.count; i++)
		if (*lines.items[i] != '#')
			cmdline_split(lines.items[i], ret);
}

/* The words of all files but ours; how many there are. */
static size_t other_words(const struct root *root, const struct cmdline_dropin *dropin, struct strlist *ret)
{
	cleanup_strlist struct strlist names = { 0 };
	size_t count = 0;

	root_list(root, dropin->directory, &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text bytes = { 0 };
		cleanup_text struct text path = { 0 };

		text_printf(&path, "%s/%s", dropin->directory, names.items[i]);
		if (!strcmp(text_string(&path), dropin->path) ||
		    !root_read(root, text_string(&path), ROOT_LIMIT_TEXT, &bytes, NULL))
			continue;
		add_lines(&bytes, ret);
		count++;
	}
	return count;
}

size_t cmdline_dropin_others(const struct root *root, const struct cmdline_dropin *dropin)
{
	cleanup_strlist struct strlist words = { 0 };

	return other_words(root, dropin, &words);
}

/* The words that are there without our file. */
static bool base_words(const struct root *root, const struct cmdline_dropin *dropin, struct strlist *ret,
		       struct fault *fault)
{
	if (dropin->base && root_exists(root, KERNEL_CMDLINE) && !kernel_cmdline_read(root, ret, fault))
		return false;
	other_words(root, dropin, ret);
	return true;
}

bool cmdline_dropin_read(const struct root *root, const struct cmdline_dropin *dropin, struct strlist *ret,
			 struct fault *fault)
{
	cleanup_text struct text own = { 0 };
	cleanup_strlist struct strlist words = { 0 };

	if (!base_words(root, dropin, &words, fault))
		return false;
	if (root_read(root, dropin->path, ROOT_LIMIT_TEXT, &own, NULL))
		add_lines(&own, &words);
	if (!words.count && dropin->base)
		return kernel_cmdline_read(root, ret, fault);
	strlist_add_all(ret, &words);
	return true;
}

/* Whether our file is the place: it is there already, or it would not be alone. */
static bool is_place(const struct root *root, const struct cmdline_dropin *dropin, bool reads,
		     const struct boot_request *request)
{
	if (!dropin->base || root_exists(root, dropin->path))
		return true;
	if (!reads || kernel_cmdline_is_made(root, request))
		return false;
	return root_exists(root, KERNEL_CMDLINE) || cmdline_dropin_others(root, dropin) > 0;
}

static bool propose_own(const struct root *root, const struct cmdline_dropin *dropin,
			const struct boot_request *request, struct changeset *changeset, struct findings *findings,
			struct strlist *added, struct strlist *gone, bool *ret_changed, struct fault *fault)
{
	cleanup_strlist struct strlist kept = { 0 };
	cleanup_strlist struct strlist missing = { 0 };
	cleanup_text struct text after = { 0 };

	if (!words_are_plain(request->wanted, fault) || !base_words(root, dropin, &kept, fault))
		return false;
	words_missing(request, &kept, &missing);
	words_gone(request, &kept, gone);
	if (missing.count) {
		cleanup_free char *joined = strlist_join(&missing, " ");

		own_header(&after, "# ");
		text_printf(&after, "%s\n", joined);
	}
	strlist_add_all(added, &missing);
	return own_file(root, dropin->path, missing.count ? &after : NULL, 0644,
			missing.count ? "gives the kernel its parameters" :
			"the kernel needs no parameters from vfioconf",
			changeset, findings, ret_changed, fault);
}

static enum aside_line_kind words_of_line(const char *line, size_t length, size_t *ret_start, size_t *ret_end)
{
	if (length && *line == '#')
		return ASIDE_LINE_OTHER;
	*ret_start = 0;
	*ret_end = length;
	return ASIDE_LINE_WORDS;
}

static bool edit_lines(const struct text *bytes, const struct cmdline_change *change, struct text *ret,
		       struct refusal *refusal)
{
	return aside_lines(bytes, change, words_of_line, ret, refusal);
}

static bool edit_base(const struct text *bytes, const struct cmdline_change *change, struct text *ret,
		      struct refusal *refusal)
{
	return oneline_edit(bytes, false, change, ret, NULL, refusal);
}

/* In the files that our own stands beside. */
static bool set_aside(const struct root *root, const struct cmdline_dropin *dropin, const struct boot_request *request,
		      struct changeset *changeset, struct findings *findings, bool *changed)
{
	return (!dropin->base || aside_in_file(root, KERNEL_CMDLINE, request, edit_base, changeset, findings, changed)) &&
	       aside_in_directory(root, dropin->directory, "", dropin->path, request, edit_lines, changeset, findings,
				  changed);
}

bool cmdline_dropin_propose(const struct root *root, const struct cmdline_dropin *dropin, bool reads,
			    const struct boot_request *request, struct changeset *changeset,
			    struct findings *findings, struct strlist *added, struct strlist *gone,
			    bool *ret_changed, struct fault *fault)
{
	size_t known = findings->count;

	if (is_place(root, dropin, reads, request)) {
		if (!propose_own(root, dropin, request, changeset, findings, added, gone, ret_changed, fault))
			return false;
		if (findings->count == known)
			set_aside(root, dropin, request, changeset, findings, ret_changed);
		return true;
	}
	if (!kernel_cmdline_propose(root, request, changeset, findings, added, gone, ret_changed, fault))
		return false;
	if (reads && findings->count == known)
		aside_in_directory(root, dropin->directory, "", dropin->path, request, edit_lines, changeset, findings,
				   ret_changed);
	return true;
}
