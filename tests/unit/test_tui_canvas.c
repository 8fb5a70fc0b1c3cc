/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cells, columns and where the parts of the screen are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tui/canvas.h"
#include "tui/layout.h"
#include "tui/page.h"

static void row_is(const struct canvas *canvas, int row, const char *wanted)
{
	struct text text = { 0 };
	char *line;

	canvas_dump(canvas, &text);
	line = text.bytes;
	for (int i = 0; i < row; i++)
		line = strchr(line, '\n') + 1;
	*strchr(line, '\n') = '\0';
	assert_string_equal(line, wanted);
	text_done(&text);
}

static void what_does_not_fit_ends_in_a_tilde(void **state)
{
	struct canvas canvas = { 0 };

	(void)state;
	canvas_resize(&canvas, 1, 20);
	assert_int_equal(canvas_text(&canvas, 0, 0, 5, STYLE_PLAIN, "abcde"), 5);
	row_is(&canvas, 0, "abcde");
	assert_int_equal(canvas_text(&canvas, 0, 0, 5, STYLE_PLAIN, "abcdef"), 5);
	row_is(&canvas, 0, "abcd~");
	canvas_done(&canvas);
}

static void a_wide_character_takes_two_columns_and_is_never_halved(void **state)
{
	struct canvas canvas = { 0 };

	(void)state;
	canvas_resize(&canvas, 1, 10);
	assert_int_equal(canvas_columns(&canvas, "映像"), 4);
	assert_int_equal(canvas_text(&canvas, 0, 0, 4, STYLE_PLAIN, "映像"), 4);
	row_is(&canvas, 0, "映像");
	/* Four columns hold one wide character and the tilde; the third would be half of the next. */
	canvas_clear(&canvas);
	assert_int_equal(canvas_text(&canvas, 0, 0, 4, STYLE_PLAIN, "映像カ"), 3);
	row_is(&canvas, 0, "映~");
	/* Drawing over one half takes the other away. */
	canvas_clear(&canvas);
	canvas_text(&canvas, 0, 0, 4, STYLE_PLAIN, "映像");
	canvas_text(&canvas, 0, 1, 1, STYLE_PLAIN, "x");
	row_is(&canvas, 0, " x像");
	/* At the last column there is no room for it. */
	canvas_clear(&canvas);
	canvas_text(&canvas, 0, 9, 4, STYLE_PLAIN, "映");
	row_is(&canvas, 0, "         ~");
	canvas_done(&canvas);
}

static void what_combines_stays_with_its_letter(void **state)
{
	struct canvas canvas = { 0 };

	(void)state;
	canvas_resize(&canvas, 1, 10);
	assert_int_equal(canvas_columns(&canvas, "Cafe\xcc\x81s"), 5);
	canvas_text(&canvas, 0, 0, 10, STYLE_PLAIN, "Cafe\xcc\x81s");
	assert_string_equal(canvas_cell(&canvas, 0, 3)->bytes, "e\xcc\x81");
	assert_string_equal(canvas_cell(&canvas, 0, 4)->bytes, "s");
	/* A heap of them is cut at a whole character and does not overflow its cell. */
	canvas_text(
		&canvas, 0, 0, 10, STYLE_PLAIN,
		"e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81x");
	assert_int_equal(strlen(canvas_cell(&canvas, 0, 0)->bytes) % 2, 1);
	assert_string_equal(canvas_cell(&canvas, 0, 1)->bytes, "x");
	canvas_done(&canvas);
}

static void bytes_that_are_no_characters_are_shown_as_question_marks(void **state)
{
	struct canvas canvas = { 0 };

	(void)state;
	canvas_resize(&canvas, 1, 10);
	canvas_text(&canvas, 0, 0, 10, STYLE_PLAIN, "a\xff\033\xcc\x81z");
	row_is(&canvas, 0,
	       "a?"
	       "?z");
	canvas_clear(&canvas);
	canvas.ascii = true;
	canvas_text(&canvas, 0, 0, 10, STYLE_PLAIN, "a映é-");
	row_is(&canvas, 0,
	       "a?"
	       "?-");
	canvas_done(&canvas);
}

static void a_text_can_be_scrolled_sideways(void **state)
{
	struct canvas canvas = { 0 };

	(void)state;
	canvas_resize(&canvas, 1, 6);
	canvas_text_from(&canvas, 0, 0, 6, STYLE_PLAIN, "0123456789abc", 4);
	row_is(&canvas, 0, "~5678~");
	canvas_text_from(&canvas, 0, 0, 6, STYLE_PLAIN, "0123456789abc", 7);
	row_is(&canvas, 0, "~89abc");
	canvas_clear(&canvas);
	canvas_text_from(&canvas, 0, 0, 6, STYLE_PLAIN, "0123", 8);
	row_is(&canvas, 0, "");
	canvas_done(&canvas);
}

static void drawing_outside_does_nothing(void **state)
{
	struct canvas canvas = { 0 };

	(void)state;
	canvas_resize(&canvas, 2, 4);
	canvas_text(&canvas, -1, 0, 4, STYLE_PLAIN, "x");
	canvas_text(&canvas, 5, 0, 4, STYLE_PLAIN, "x");
	canvas_text(&canvas, 0, -2, 4, STYLE_PLAIN, "abcd");
	canvas_text(&canvas, 1, 3, 9, STYLE_PLAIN, "xyz");
	canvas_frame(&canvas, (struct rect){ 1, 2, 9, 9 }, STYLE_FRAME);
	canvas_fill(&canvas, (struct rect){ -3, -3, 4, 4 }, STYLE_PLAIN);
	canvas_restyle(&canvas, 7, 7, 7, STYLE_KEY);
	assert_null(canvas_cell(&canvas, 2, 0));
	canvas_done(&canvas);
}

static bool inside(struct rect inner, int rows, int cols)
{
	return inner.row >= 0 && inner.col >= 0 && inner.rows >= 0 && inner.cols >= 0 &&
	       inner.row + inner.rows <= rows && inner.col + inner.cols <= cols;
}

static bool overlap(struct rect a, struct rect b)
{
	return a.rows && a.cols && b.rows && b.cols && a.row < b.row + b.rows && b.row < a.row + a.rows &&
	       a.col < b.col + b.cols && b.col < a.col + a.cols;
}

static void check_layout(int rows, int cols, int banner, int message)
{
	struct layout layout = layout_compute(rows, cols, banner, message);
	const struct rect parts[] = { layout.header, layout.banner,  layout.tree,  layout.border,
				      layout.detail, layout.message, layout.footer };
	int covered = 0;

	for (size_t i = 0; i < array_size(parts); i++) {
		if (!inside(parts[i], rows, cols))
			fail_msg("part %zu sticks out at %dx%d", i, cols, rows);
		for (size_t j = 0; j < i; j++)
			if (overlap(parts[i], parts[j]))
				fail_msg("parts %zu and %zu overlap at %dx%d", i, j, cols, rows);
		covered += parts[i].rows * parts[i].cols;
	}
	if (!layout.tiny && covered != rows * cols)
		fail_msg("not all of %dx%d is used", cols, rows);
	if (!layout.tiny && (layout.body.rows < 4 || layout.tree.cols < 40))
		fail_msg("the tree is too small at %dx%d", cols, rows);
}

static void the_parts_fill_every_size_and_never_overlap(void **state)
{
	(void)state;
	for (int rows = 1; rows <= 60; rows++)
		for (int cols = 1; cols <= 200; cols++)
			for (int lines = 0; lines <= 5; lines++)
				check_layout(rows, cols, lines, 5 - lines);
}

static void a_box_lies_within_what_is_around_it(void **state)
{
	(void)state;
	for (int rows = 1; rows <= 30; rows++)
		for (int cols = 1; cols <= 90; cols++) {
			struct rect outer = { 1, 2, rows, cols }, box = layout_box(outer, 12, 60);

			assert_true(box.row >= 1 && box.col >= 2 && box.row + box.rows <= 1 + rows &&
				    box.col + box.cols <= 2 + cols);
		}
}

static void prose_is_wrapped_at_blanks_and_long_words_are_cut(void **state)
{
	struct page page = { .cols = 16 };

	(void)state;
	page_wrap(&page, STYLE_PLAIN, 0, "- ", 0, "one two three four");
	assert_int_equal(page.count, 2);
	assert_string_equal(page.lines[0].text, "- one two three");
	assert_string_equal(page.lines[1].text, "  four");
	page_wrap(&page, STYLE_PLAIN, 1, "", 0, "/a/path/that/is/longer/than/a/line");
	assert_int_equal(page.count, 5);
	assert_string_equal(page.lines[2].text, "/a/path/that/is/");
	page_wrap(&page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0, "a\nb\n");
	assert_string_equal(page.lines[5].text, "a");
	assert_string_equal(page.lines[6].text, "b");
	assert_int_equal(page.items, 2);
	assert_int_equal(page_item_start(&page, 1), 2);
	assert_int_equal(page_item_end(&page, 1), 5);
	page_done(&page);
}

/* Whatever the width, the rows with a sign and the one after them make the lines again. */
static void what_stands_as_it_is_is_never_cut(void **state)
{
	static const char text[] = "a  line that 日本 is longer\n\n  than some, \\\nand one";

	(void)state;
	for (int cols = 9; cols < 40; cols++) {
		struct page page = { .cols = cols };
		cleanup_text struct text joined = { 0 };

		assert_int_equal(page_verbatim(&page, STYLE_PLAIN, 0, text), cols < 28);
		for (size_t i = 0; i < page.count; i++) {
			assert_true(page_columns(&page, page.lines[i].text) < cols);
			text_append(&joined, page.lines[i].text);
			if (!page.lines[i].goes_on && i + 1 < page.count)
				text_append_char(&joined, '\n');
		}
		assert_string_equal(text_string(&joined), text);
		page_done(&page);
	}
}

static void no_width_is_too_small_to_wrap_to(void **state)
{
	(void)state;
	for (int cols = -5; cols < 30; cols++) {
		struct page page = { .cols = cols };

		page_wrap(&page, STYLE_PLAIN, PAGE_NO_ITEM, "a label ", 0,
			  "映像キャプチャ装置カード with a long-winded-word");
		page_field(&page, "Label", "%s", "value value value");
		assert_true(page.count > 1);
		page_done(&page);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_does_not_fit_ends_in_a_tilde),
		cmocka_unit_test(a_wide_character_takes_two_columns_and_is_never_halved),
		cmocka_unit_test(what_combines_stays_with_its_letter),
		cmocka_unit_test(bytes_that_are_no_characters_are_shown_as_question_marks),
		cmocka_unit_test(a_text_can_be_scrolled_sideways),
		cmocka_unit_test(drawing_outside_does_nothing),
		cmocka_unit_test(the_parts_fill_every_size_and_never_overlap),
		cmocka_unit_test(a_box_lies_within_what_is_around_it),
		cmocka_unit_test(what_stands_as_it_is_is_never_cut),
		cmocka_unit_test(prose_is_wrapped_at_blanks_and_long_words_are_cut),
		cmocka_unit_test(no_width_is_too_small_to_wrap_to),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
