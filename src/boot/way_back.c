/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/way_back.h"

#include "edit/appendix.h"

bool way_back_wanted(const struct boot_request *request)
{
	return request->way_back && request->way_back->count;
}

bool way_back_is(const struct strlist *words)
{
	return strlist_has(words, WAY_BACK_WORD);
}

void way_back_made(const struct boot_request *request)
{
	if (request->ret_way_back)
		*request->ret_way_back = true;
}

bool way_back_open(const struct root *root, const char *path, const struct changeset *changeset,
		   struct way_back_file *ret, struct fault *fault)
{
	const struct file_change *change = changeset_find(changeset, path);
	struct text before = { 0 };

	if (!root_read(root, path, ROOT_LIMIT_TEXT, &before, fault))
		return false;
	*ret = (struct way_back_file){ .path = path, .before = before };
	text_append_n(&ret->now, text_string(change ? &change->after : &before),
		      change ? change->after.length : before.length);
	return true;
}

void way_back_close(struct way_back_file *file)
{
	if (!file)
		return;
	text_done(&file->before);
	text_done(&file->now);
}

void way_back_put(const struct way_back_file *file, const struct boot_request *request, const struct text *lines,
		  struct changeset *changeset)
{
	cleanup_text struct text after = { 0 };
	bool wanted = lines && lines->length;

	appendix_edit(&file->now, wanted ? lines : NULL, &after);
	if (!text_equal(&file->now, &after))
		changeset_file(changeset, file->path, &file->before, &after, 0644,
			       request->wanted->count ? "gives the kernel its parameters, and the boot menu an entry "
							"that leaves every device with the host" :
			       wanted ? "adds a boot menu entry that leaves every device with the host" :
					"the boot menu needs nothing from vfioconf any more");
	if (wanted)
		way_back_made(request);
}
