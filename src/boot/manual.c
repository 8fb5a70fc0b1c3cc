/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/manual.h"

#include <string.h>

#include "base/text.h"
#include "boot/words.h"
#include "edit/cmdline.h"

bool manual_read(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_text struct text bytes = { 0 };

	if (!root_read(root, "proc/cmdline", ROOT_LIMIT_TEXT, &bytes, fault))
		return false;
	cmdline_split(text_string(&bytes), &words);
	for (size_t i = 0; i < words.count; i++)
		if (!text_starts_with(words.items[i], "BOOT_IMAGE=") && !text_starts_with(words.items[i], "initrd="))
			strlist_add(ret_words, words.items[i]);
	return true;
}

bool manual_propose(const struct root *root, const struct boot_request *request, struct findings *findings,
		    const char *why, const char *how, struct fault *fault)
{
	cleanup_strlist struct strlist now = { 0 };
	cleanup_strlist struct strlist missing = { 0 };
	cleanup_text struct text remedy = { 0 };
	cleanup_free char *joined = NULL;
	const char *gap = NULL;

	/* the last: before it may stand words of the running kernel, whatever they are */
	for (const char *next = strstr(how, "%s"); next; next = strstr(next + 2, "%s"))
		gap = next;
	if (!words_are_plain(request->wanted, fault) || !manual_read(root, &now, fault))
		return false;
	words_missing(request, &now, &missing);
	if (!missing.count)
		return true;
	joined = strlist_join(&missing, " ");
	text_append_n(&remedy, how, gap ? (size_t)(gap - how) : strlen(how));
	if (gap)
		text_printf(&remedy, "%s%s", joined, gap + 2);
	finding_remedy(findings_add(findings, FINDING_LOADER_MANUAL, SEVERITY_ERROR, "%s", why), "%s",
		       text_string(&remedy));
	return true;
}
