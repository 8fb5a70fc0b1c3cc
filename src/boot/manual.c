/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/manual.h"

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

bool manual_missing(const struct root *root, const struct boot_request *request, struct strlist *ret_missing,
		    struct fault *fault)
{
	cleanup_strlist struct strlist now = { 0 };

	if (!words_are_plain(request->wanted, fault) || !manual_read(root, &now, fault))
		return false;
	words_missing(request, &now, ret_missing);
	return true;
}

void manual_tell(struct findings *findings, const char *why, const char *how, const char *paste)
{
	struct finding *finding = findings_add(findings, FINDING_LOADER_MANUAL, SEVERITY_ERROR, "%s", why);

	finding_remedy(finding, "%s", how);
	finding_paste(finding, "%s", paste);
}
