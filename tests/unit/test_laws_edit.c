/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The laws of editing over the awkward files of tests/awkward: NAME is the file
 * as people have it, NAME.after what it has to become, or NAME.refused the line that is shown. GENERATE=1 writes those.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "edit/block.h"
#include "edit/wordlist.h"
#include "support/editors.h"
#include "system/root.h"

#define WORDS "intel_iommu=on iommu=pt"

static struct root *root;

static void read_or_fail(const char *path, struct text *ret)
{
	struct fault fault = { 0 };

	if (!root_read(root, path, ROOT_LIMIT_TEXT, ret, &fault))
		fail_msg("%s", fault.sentence);
}

static void generate(const char *path, const char *suffix, const struct text *content)
{
	cleanup_text struct text name = { 0 };
	FILE *file;

	text_printf(&name, "tests/awkward/%s.%s", path, suffix);
	file = fopen(text_string(&name), "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text_string(content), 1, content->length, file), content->length);
	assert_int_equal(fclose(file), 0);
}

/* What the editor makes of the file: its bytes, or the refusal as one line. */
static const char *outcome(const struct editor *editor, const struct text *bytes, const struct strlist *words,
			   struct text *ret)
{
	cleanup_refusal struct refusal refusal = { 0 };

	if (editor->edit(bytes, &(struct cmdline_change){ .add = words }, ret, NULL, &refusal))
		return "after";
	text_printf(ret, "%u: %s\n", refusal.line, refusal.reason);
	return "refused";
}

static void check_file(const struct editor *editor, const char *path)
{
	cleanup_text struct text bytes = { 0 };
	cleanup_text struct text got = { 0 };
	cleanup_text struct text wanted = { 0 };
	cleanup_strlist struct strlist words = { 0 };
	cleanup_text struct text name = { 0 };
	const char *broken, *suffix;

	strlist_split(&words, WORDS, " ");
	read_or_fail(path, &bytes);
	broken = editor_breaks_law(editor, &bytes, &words);
	if (broken)
		fail_msg("%s: %s", path, broken);
	suffix = outcome(editor, &bytes, &words, &got);
	if (getenv("GENERATE")) {
		generate(path, suffix, &got);
		return;
	}
	text_printf(&name, "%s.%s", path, suffix);
	read_or_fail(text_string(&name), &wanted);
	if (!text_equal(&got, &wanted))
		fail_msg("%s: wanted <%s>, got <%s>", text_string(&name), text_string(&wanted), text_string(&got));
}

static unsigned check_directory(const struct editor *editor)
{
	cleanup_strlist struct strlist names = { 0 };
	struct fault fault = { 0 };
	unsigned count = 0;

	if (!root_list(root, editor->name, &names, &fault))
		fail_msg("%s", fault.sentence);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text path = { 0 };

		if (text_ends_with(names.items[i], ".after") || text_ends_with(names.items[i], ".refused"))
			continue;
		text_printf(&path, "%s/%s", editor->name, names.items[i]);
		check_file(editor, text_string(&path));
		count++;
	}
	return count;
}

static void awkward_files_are_edited_right_or_refused_and_never_damaged(void **state)
{
	unsigned count = 0;

	(void)state;
	for (const struct editor *editor = editors; editor->name; editor++)
		count += check_directory(editor);
	if (count < 40)
		fail_msg("only %u awkward files were found", count);
}

/* Every editor on every file, its own or not: it must not matter what it is given. */
static void the_laws_hold_for_every_editor_on_every_file(void **state)
{
	cleanup_strlist struct strlist words = { 0 };

	(void)state;
	strlist_split(&words, WORDS, " ");
	for (const struct editor *owner = editors; owner->name; owner++) {
		cleanup_strlist struct strlist names = { 0 };

		root_list(root, owner->name, &names, NULL);
		for (size_t i = 0; i < names.count; i++)
			for (const struct editor *editor = editors; editor->name; editor++) {
				cleanup_text struct text bytes = { 0 };
				cleanup_text struct text path = { 0 };
				const char *broken;

				text_printf(&path, "%s/%s", owner->name, names.items[i]);
				read_or_fail(text_string(&path), &bytes);
				broken = editor_breaks_law(editor, &bytes, &words);
				if (broken)
					fail_msg("%s by the editor of %s: %s", text_string(&path), editor->name, broken);
			}
	}
}

static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* A line of ours at the end, and gone again. */
static void check_block(const struct text *bytes)
{
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_text struct text with = { 0 };
	cleanup_text struct text back = { 0 };

	if (!block_edit(bytes, "A=(vfioconf)", &with, &refusal)) {
		assert_int_equal(with.length, 0);
		assert_true(refusal.line > 0);
		return;
	}
	if (!block_edit(&with, NULL, &back, &refusal) || !text_equal(bytes, &back))
		fail_msg("<%s> came back as <%s>", text_string(bytes), text_string(&back));
}

/* The same for a word in a list. */
static void check_wordlist(const struct text *bytes)
{
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_strlist struct strlist words = { 0 };
	cleanup_text struct text with = { 0 };
	cleanup_text struct text twice = { 0 };
	cleanup_text struct text back = { 0 };
	static const struct strlist none = { 0 };

	strlist_add(&words, "quiet");
	strlist_add(&words, "vfio-pci");
	if (!wordlist_edit(bytes, "cmdline", &words, &with, &refusal)) {
		assert_int_equal(with.length, 0);
		return;
	}
	if (!wordlist_edit(&with, "cmdline", &words, &twice, &refusal) || !text_equal(&with, &twice))
		fail_msg("<%s> became <%s>", text_string(&with), text_string(&twice));
	if (!wordlist_edit(&with, "cmdline", &none, &back, &refusal) || !text_equal(bytes, &back))
		fail_msg("<%s> came back as <%s>", text_string(bytes), text_string(&back));
}

/* Pieces of all the syntaxes, strung together at random: always the same, since the seed is. */
static void the_laws_hold_for_texts_strung_together_at_random(void **state)
{
	static const char *const pieces[] = {
		"GRUB_CMDLINE_LINUX_DEFAULT=", "options", "cmdline:", "\"", "\"", "'", " ", " ", "\t", "\n", "\n", "\r\n",
		"\\", "$", "`", "#", "=", "+=", ";", "&&", "(", ")", "{", "}", "if", "fi", "quiet", "iommu=pt", "intel_iommu=on",
		"intel_iommu=on,sm_on", "a=\"b c\"", "# Added by vfioconf:", "# Added by vfioconf:\n", "\xff", "\"\"", "${x}", "<<",
	};
	cleanup_strlist struct strlist words = { 0 };
	uint32_t seed = 2463534242u;

	(void)state;
	strlist_split(&words, WORDS, " ");
	for (int round = 0; round < 40000; round++) {
		cleanup_text struct text bytes = { 0 };
		uint32_t count = next_random(&seed) % 14;

		for (uint32_t i = 0; i < count; i++)
			text_append(&bytes, pieces[next_random(&seed) % array_size(pieces)]);
		for (const struct editor *editor = editors; editor->name; editor++) {
			const char *broken = editor_breaks_law(editor, &bytes, &words);

			if (broken)
				fail_msg("<%s> by the editor of %s: %s", text_string(&bytes), editor->name, broken);
		}
		check_block(&bytes);
		check_wordlist(&bytes);
	}
}

static int open_corpus(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	return root_open("tests/awkward", &root, &fault) ? 0 : -1;
}

static int close_corpus(void **state)
{
	(void)state;
	root_free(root);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(awkward_files_are_edited_right_or_refused_and_never_damaged),
		cmocka_unit_test(the_laws_hold_for_every_editor_on_every_file),
		cmocka_unit_test(the_laws_hold_for_texts_strung_together_at_random),
	};

	return cmocka_run_group_tests(tests, open_corpus, close_corpus);
}
