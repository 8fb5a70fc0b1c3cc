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

static bool add_file(const struct root *root, const char *path, struct strlist *ret)
{
	cleanup_text struct text bytes = { 0 };

	if (!root_read(root, path, ROOT_LIMIT_TEXT, &bytes, NULL))
		return false;
	add_lines(&bytes, ret);
	return true;
}

/* The words of the files of one directory, but for ours, and those of the vendor's that have a name of MASKS. */
static size_t add_directory(const struct root *root, const struct cmdline_dropin *dropin, const char *directory,
			    const struct strlist *masks, struct strlist *ret)
{
	cleanup_strlist struct strlist names = { 0 };
	size_t count = 0;

	root_list(root, directory, &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text path = { 0 };

		text_printf(&path, "%s/%s", directory, names.items[i]);
		if (text_ends_with(names.items[i], dropin->suffix) && strcmp(text_string(&path), dropin->path) != 0 &&
		    !strlist_has(masks, names.items[i]) && add_file(root, text_string(&path), ret))
			count++;
	}
	return count;
}

/* The words of all files but ours; how many there are. */
static size_t other_words(const struct root *root, const struct cmdline_dropin *dropin, struct strlist *ret)
{
	static const struct strlist none = { 0 };
	cleanup_strlist struct strlist masks = { 0 };
	size_t count = 0;

	root_list(root, dropin->directory, &masks, NULL);
	if (dropin->vendor)
		count += add_directory(root, dropin, dropin->vendor, &masks, ret);
	return count + add_directory(root, dropin, dropin->directory, &none, ret);
}

/* The words that are there without our file. */
static bool base_words(const struct root *root, const struct cmdline_dropin *dropin, struct strlist *ret,
		       struct fault *fault)
{
	cleanup_text struct text bytes = { 0 };
	bool there;

	if (dropin->base && dropin->comments) {
		if (!root_read_if_there(root, KERNEL_CMDLINE, ROOT_LIMIT_TEXT, &bytes, &there, fault))
			return false;
		add_lines(&bytes, ret);
	} else if (dropin->base && root_exists(root, KERNEL_CMDLINE) && !kernel_cmdline_read(root, ret, fault)) {
		return false;
	}
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
	if (!words.count && dropin->falls_back)
		return kernel_cmdline_read(root, ret, fault);
	strlist_add_all(ret, &words);
	return true;
}

/* Whether our file is the place: it is there already, or it would not be alone. */
static bool is_place(const struct root *root, const struct cmdline_dropin *dropin, bool reads,
		     const struct boot_request *request)
{
	cleanup_strlist struct strlist words = { 0 };

	if (!dropin->falls_back || root_exists(root, dropin->path))
		return true;
	if (!reads || kernel_cmdline_is_made(root, request))
		return false;
	return root_exists(root, KERNEL_CMDLINE) || other_words(root, dropin, &words) > 0;
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

static bool set_aside_in_directory(const struct root *root, const struct cmdline_dropin *dropin,
				   const struct boot_request *request, struct changeset *changeset,
				   struct findings *findings, bool *changed)
{
	return aside_in_directory(root, dropin->directory, dropin->suffix, dropin->path, request, edit_lines, changeset,
				  findings, changed);
}

/* In the files that our own stands beside; the vendor's are not ours to edit. */
static bool set_aside(const struct root *root, const struct cmdline_dropin *dropin, const struct boot_request *request,
		      struct changeset *changeset, struct findings *findings, bool *changed)
{
	return (!dropin->base || aside_in_file(root, KERNEL_CMDLINE, request, dropin->comments ? edit_lines : edit_base,
					       changeset, findings, changed)) &&
	       set_aside_in_directory(root, dropin, request, changeset, findings, changed);
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
		set_aside_in_directory(root, dropin, request, changeset, findings, ret_changed);
	return true;
}
