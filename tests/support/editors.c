/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/editors.h"

#include <string.h>

#include "edit/assign.h"
#include "edit/cmdline.h"
#include "edit/keyword.h"
#include "edit/oneline.h"
#include "edit/quoted.h"

#define PARAMETERS const struct text *bytes, const struct cmdline_change *change, struct text *ret, \
	struct strlist *added, struct refusal *refusal

static bool edit_assign(PARAMETERS)
{
	return assign_edit(bytes, "GRUB_CMDLINE_LINUX_DEFAULT", change, ret, added, refusal) != ASSIGN_REFUSED;
}

static bool edit_entry(PARAMETERS)
{
	static const struct keyword_syntax syntax = { .unquotes = true, .separator = '\0' };

	return keyword_edit(bytes, &syntax, "options", 0, bytes->length, change, ret, added, refusal);
}

static bool edit_bls(PARAMETERS)
{
	static const struct keyword_syntax syntax = { .counts = KEYWORD_FIRST, .ends = true, .separator = '\0' };

	return keyword_edit(bytes, &syntax, "options", 0, bytes->length, change, ret, added, refusal);
}

static bool edit_append(PARAMETERS)
{
	static const struct keyword_syntax syntax = { .counts = KEYWORD_LAST, .ignore_case = true, .separator = '\0' };

	return keyword_edit(bytes, &syntax, "append", 0, bytes->length, change, ret, added, refusal);
}

static bool edit_colon(PARAMETERS)
{
	static const struct keyword_syntax syntax = { .counts = KEYWORD_FIRST, .ignore_case = true, .separator = ':' };

	return keyword_edit(bytes, &syntax, "cmdline", 0, bytes->length, change, ret, added, refusal);
}

static bool edit_oneline(PARAMETERS)
{
	return oneline_edit(bytes, false, change, ret, added, refusal);
}

static bool edit_single(PARAMETERS)
{
	return oneline_edit(bytes, true, change, ret, added, refusal);
}

static bool edit_quoted(PARAMETERS)
{
	return quoted_edit(bytes, change, ret, added, refusal);
}

const struct editor editors[] = {
	{ "grub", edit_assign },
	{ "entry", edit_entry },
	{ "bls", edit_bls },
	{ "append", edit_append },
	{ "limine", edit_colon },
	{ "kernel-cmdline", edit_oneline },
	{ "cmdline-txt", edit_single },
	{ "refind", edit_quoted },
	{ NULL, NULL },
};

/* One edit of BYTES; what it says where it refuses is not asked. */
static bool run(const struct editor *editor, const struct text *bytes, const struct cmdline_change *change,
		struct text *ret, struct strlist *added)
{
	cleanup_refusal struct refusal refusal = { 0 };

	return editor->edit(bytes, change, ret, added, &refusal);
}

/* For several lines edited alike: a word that is there is appended once more, and taken away again. */
static const char *breaks_repeat_law(const struct editor *editor, const struct text *bytes,
				     const struct strlist *words)
{
	cleanup_text struct text once = { 0 };
	cleanup_text struct text back = { 0 };
	cleanup_strlist struct strlist added = { 0 };
	const struct cmdline_change repeat = { .repeat = words }, remove = { .remove = words };

	if (!run(editor, bytes, &repeat, &once, &added) || !strlist_equal(&added, words))
		return "words were not repeated";
	if (!run(editor, &once, &remove, &back, NULL) || !text_equal(bytes, &back))
		return "a repetition taken back is not what there was";
	return NULL;
}

const char *editor_breaks_law(const struct editor *editor, const struct text *bytes, const struct strlist *words)
{
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_text struct text same = { 0 };
	cleanup_text struct text once = { 0 };
	cleanup_text struct text twice = { 0 };
	cleanup_text struct text back = { 0 };
	cleanup_strlist struct strlist added = { 0 };
	cleanup_strlist struct strlist again = { 0 };
	const struct cmdline_change nothing = { 0 }, add = { .add = words }, remove = { .remove = &added };

	if (!editor->edit(bytes, &add, &once, &added, &refusal)) {
		if (once.length || added.count)
			return "a refused edit wrote something";
		return refusal.line && *refusal.reason ? NULL : "a refusal without a line and a reason";
	}
	if (refusal.line)
		return "an edit that was done and refused";
	if (!run(editor, bytes, &nothing, &same, NULL) || !text_equal(bytes, &same))
		return "no edit is not the same bytes";
	if (!run(editor, &once, &add, &twice, &again) || !text_equal(&once, &twice) || again.count)
		return "the same edit twice is not once";
	if (!run(editor, &once, &remove, &back, NULL) || !text_equal(bytes, &back))
		return "an edit taken back is not what there was";
	if (!added.count && !text_equal(bytes, &once))
		return "nothing was added, and the bytes are others";
	return breaks_repeat_law(editor, bytes, words);
}
