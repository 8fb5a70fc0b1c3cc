/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/own.h"

#include <string.h>

void own_header(struct text *text, const char *comment)
{
	text_printf(text, "%s" OWN_MARK ". Do not edit: vfioconf writes it whole, and takes it away when\n", comment);
	text_printf(text, "%snothing is passed through any more (vfioconf --remove).\n", comment);
}

bool own_file(const struct root *root, const char *path, const struct text *after, mode_t mode, const char *why,
	      struct changeset *changeset, struct findings *findings, bool *ret_changed, struct fault *fault)
{
	cleanup_text struct text before = { 0 };
	bool there = false;

	if (!root_read_if_there(root, path, ROOT_LIMIT_TEXT, &before, &there, fault))
		return false;
	if (ret_changed)
		*ret_changed = false;
	if (there && !memmem(text_string(&before), before.length, OWN_MARK, strlen(OWN_MARK))) {
		struct finding *finding;

		if (!after)
			return true;
		finding = findings_add(findings, FINDING_FILE_FOREIGN, SEVERITY_ERROR,
				       "%s is there and was not written by vfioconf, which needs that name.", path);
		finding_remedy(finding, "Look at it, and rename it like this, or delete it.");
		finding_paste(finding, "mv %s %s.old", path, path);
		return true;
	}
	if (there ? after && text_equal(&before, after) : !after)
		return true;
	changeset_file(changeset, path, there ? &before : NULL, after, mode, why);
	if (ret_changed)
		*ret_changed = true;
	return true;
}
