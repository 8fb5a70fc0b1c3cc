/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/aside_files.h"

#include <string.h>

#include "base/text.h"
#include "boot/words.h"

bool aside_is_mentioned(const struct strlist *aside, const char *bytes, size_t length)
{
	if (memmem(bytes, length, CMDLINE_ASIDE, strlen(CMDLINE_ASIDE)))
		return true;
	for (size_t i = 0; i < aside->count; i++)
		if (memmem(bytes, length, aside->items[i], strlen(aside->items[i])))
			return true;
	return false;
}

bool aside_part(const struct text *bytes, size_t start, size_t end, const struct cmdline_change *change,
		struct text *ret, struct refusal *refusal)
{
	cleanup_free char *line = memory_string_n(bytes->bytes + start, end - start);
	cleanup_strlist struct strlist words = { 0 };
	cleanup_free char *after = NULL;

	if (!aside_is_mentioned(change->aside, bytes->bytes + start, end - start)) {
		text_append_n(ret, bytes->bytes + start, end - start);
		return true;
	}
	if (strlen(line) != end - start || !cmdline_split(line, &words)) {
		refusal_set(refusal, bytes, start, "a quote that is not closed, or a NUL byte");
		return false;
	}
	after = cmdline_edit(line, change, NULL);
	text_append(ret, after);
	return true;
}

bool aside_lines(const struct text *bytes, const struct cmdline_change *change, aside_line_part *part,
		 struct text *ret, struct refusal *refusal)
{
	const char *all = text_string(bytes);

	for (size_t at = 0, next; at < bytes->length; at = next) {
		const char *newline = memchr(all + at, '\n', bytes->length - at);
		size_t end = newline ? (size_t)(newline - all) : bytes->length, start = 0, stop = 0;
		enum aside_line_kind kind = part(all + at, end - at, &start, &stop);

		next = newline ? end + 1 : end;
		if (kind == ASIDE_LINE_UNKNOWN && aside_is_mentioned(change->aside, all + at, end - at)) {
			refusal_set(refusal, bytes, at, "an assignment in a form that is not edited");
			return false;
		}
		if (kind != ASIDE_LINE_WORDS)
			stop = start = 0;
		text_append_n(ret, all + at, start);
		if (!aside_part(bytes, at + start, at + stop, change, ret, refusal))
			return false;
		text_append_n(ret, all + at + stop, next - at - stop);
	}
	return true;
}

bool aside_in_file(const struct root *root, const char *path, const struct boot_request *request, aside_editor *edit,
		   struct changeset *changeset, struct findings *findings, bool *changed)
{
	static const struct strlist nothing = { 0 };
	const struct cmdline_change change = { .aside = words_aside(request) };
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_text struct text before = { 0 };
	cleanup_text struct text after = { 0 };

	if (!root_read(root, path, ROOT_LIMIT_TEXT, &before, NULL) ||
	    !aside_is_mentioned(change.aside, text_string(&before), before.length))
		return true;
	if (!edit(&before, &change, &after, &refusal)) {
		words_refuse(&refusal, path, &nothing, change.aside, findings);
		return false;
	}
	if (!text_equal(&before, &after)) {
		changeset_file(changeset, path, &before, &after, 0644, "sets a kernel parameter aside, or gives one back");
		*changed = true;
	}
	return true;
}

bool aside_in_directory(const struct root *root, const char *directory, const char *suffix, const char *own,
			const struct boot_request *request, aside_editor *edit, struct changeset *changeset,
			struct findings *findings, bool *changed)
{
	cleanup_strlist struct strlist names = { 0 };

	root_list(root, directory, &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text path = { 0 };

		text_printf(&path, "%s/%s", directory, names.items[i]);
		if (text_ends_with(names.items[i], suffix) && strcmp(text_string(&path), own) != 0 &&
		    !aside_in_file(root, text_string(&path), request, edit, changeset, findings, changed))
			return false;
	}
	return true;
}
