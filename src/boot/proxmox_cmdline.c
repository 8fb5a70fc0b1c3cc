/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/proxmox_cmdline.h"

#include <string.h>

#include "base/text.h"
#include "boot/kernel_cmdline.h"
#include "boot/own.h"
#include "boot/words.h"
#include "edit/cmdline.h"
#include "edit/oneline.h"

/* The second line of a file that we made. */
#define MADE "# " OWN_MARK " from the parameters of the running kernel. Only the first line is read.\n"

/* The file, cut behind its first line. */
struct file {
	struct text bytes;
	bool there, made;
	struct text line; /* without its end */
	const char *rest; /* its end and all that follows; borrowed from .bytes */
};

static void file_done(struct file *file)
{
	text_done(&file->bytes);
	text_done(&file->line);
}
#define cleanup_file cleanup(file_done)

static bool read_file(const struct root *root, struct file *ret, struct fault *fault)
{
	const char *all;
	size_t length;

	if (!root_read_if_there(root, KERNEL_CMDLINE, ROOT_LIMIT_TEXT, &ret->bytes, &ret->there, fault))
		return false;
	all = text_string(&ret->bytes);
	length = strcspn(all, "\r\n");
	text_append_n(&ret->line, all, length);
	ret->rest = all + length;
	ret->made = !ret->there || !strcmp(ret->rest, "\n" MADE);
	return true;
}

/* The words of the line, of which there has to be one: the tool takes others where there is none. */
static bool line_words(const struct file *file, struct strlist *ret, struct refusal *refusal)
{
	if (file->bytes.length != strlen(text_string(&file->bytes)))
		refusal_set(refusal, &file->bytes, strlen(text_string(&file->bytes)), "a NUL byte: this is not a text file");
	else if (oneline_words(&file->line, true, ret, refusal) && !ret->count)
		refusal_set(refusal, &file->bytes, 0, "the first line, which alone is read, is empty: the parameters of the "
						      "running kernel are used");
	else
		return ret->count;
	return false;
}

bool proxmox_cmdline_read(const struct root *root, struct strlist *ret, struct fault *fault)
{
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_strlist struct strlist words = { 0 };
	cleanup_file struct file file = { 0 };

	if (!read_file(root, &file, fault))
		return false;
	if (!file.there)
		return kernel_cmdline_read(root, ret, fault);
	if (!line_words(&file, &words, &refusal))
		return refusal_fault(&refusal, KERNEL_CMDLINE, fault);
	strlist_add_all(ret, &words);
	return true;
}

/* What a file that is not there begins with. */
static bool read_seed(const struct root *root, const struct boot_request *request, struct file *file,
		      struct fault *fault)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_free char *joined = NULL;

	if (!kernel_cmdline_seed(root, request, &words, fault))
		return false;
	joined = strlist_join(&words, " ");
	text_append(&file->line, joined);
	return words.count ||
	       fault_set(fault, FAULT_INPUT, KERNEL_CMDLINE,
			 "there is no %s, and the running kernel's parameters are not known", KERNEL_CMDLINE);
}

/* A file that we made goes again, unless without it the tool would take other words than the line has. */
static void put_line(const struct root *root, const struct file *file, const char *line, bool any_of_ours,
		     struct changeset *changeset)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_text struct text after = { 0 };
	bool goes;

	cmdline_split(line, &words);
	goes = file->made && !any_of_ours && kernel_cmdline_is_default(root, &words);
	text_append(&after, line);
	if (!file->made)
		text_append_n(&after, file->rest, file->bytes.length - file->line.length);
	else
		text_append(&after, any_of_ours ? "\n" MADE : "\n");
	if (!file->there && !any_of_ours)
		return;
	changeset_file(changeset, KERNEL_CMDLINE, file->there ? &file->bytes : NULL, goes ? NULL : &after, 0644,
		       any_of_ours ? "gives the kernel its parameters" :
				     "the kernel needs no parameters from vfioconf");
}

bool proxmox_cmdline_propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
			     struct findings *findings, struct strlist *added, struct strlist *gone, bool *ret_changed,
			     struct fault *fault)
{
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_strlist struct strlist dropped = { 0 };
	cleanup_strlist struct strlist appended = { 0 };
	cleanup_strlist struct strlist words = { 0 };
	cleanup_strlist struct strlist ours = { 0 };
	cleanup_file struct file file = { 0 };
	cleanup_free char *line = NULL;
	const struct cmdline_change change = { .remove = &dropped, .add = request->wanted,
					       .aside = words_aside(request) };

	if (!words_are_plain(request->wanted, fault) || !read_file(root, &file, fault))
		return false;
	words_dropped(request, &dropped);
	if (file.there && !line_words(&file, &words, &refusal)) {
		words_refuse_form(&refusal, KERNEL_CMDLINE, "root=" WORDS_DOTS, request->wanted, &dropped, findings);
		return true;
	}
	if (!file.there && !read_seed(root, request, &file, fault))
		return false;
	line = cmdline_edit(text_string(&file.line), &change, &appended);
	words_added(request, &appended, &ours);
	put_line(root, &file, line, ours.count, changeset);
	strlist_add_all(added, &ours);
	*ret_changed = changeset_find(changeset, KERNEL_CMDLINE);
	strlist_done(&words);
	cmdline_split(line, &words);
	words_gone(request, &words, gone);
	return true;
}
