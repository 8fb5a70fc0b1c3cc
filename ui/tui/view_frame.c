/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands around every page: the line on top, the banner, the message, the keys. */
#include <string.h>

#include "tui/box.h"
#include "tui/entry.h"
#include "tui/view.h"

static const char *title_of(enum view view)
{
	static const char *const titles[] = {
		[VIEW_TREE] = "",
		[VIEW_DETAIL] = "Details",
		[VIEW_FINDINGS] = "Findings",
		[VIEW_DIFF] = "Changes",
		[VIEW_OPTIONS] = "Options",
		[VIEW_CHOICE] = "Which is it?",
		[VIEW_VERDICT] = "The last apply",
		[VIEW_CONFIRM] = "Apply?",
		[VIEW_PROGRESS] = "Applying",
		[VIEW_RESULT] = "Result",
		[VIEW_HELP] = "Help",
	};

	return titles[view];
}

/* On the left of the line on top; of the machine's three facts the first MOST. */
static void say_where(const struct model *model, int most, struct text *ret)
{
	const struct host *host = model_host(model);

	text_append(ret, "vfioconf");
	if (model_view(model) != VIEW_TREE) {
		text_printf(ret, "  %s", model->recovering ? "Recovering" : title_of(model_view(model)));
		return;
	}
	if (host->iommu.enabled && most > 0)
		text_printf(ret, "  %s on", iommu_kind_label(host->iommu.kind));
	if (host->iommu.enabled && most > 1)
		text_printf(ret, ", %zu groups", host->group_count);
	if (most > 2)
		text_printf(ret, "%s%zu functions", host->iommu.enabled ? ", " : "  ", host->function_count);
	if (*model->filter)
		text_printf(ret, ", only \"%s\"", model->filter);
}

static void draw_header(const struct model *model, struct screen *screen, struct rect rect)
{
	cleanup_text struct text left = { 0 }, right = { 0 };
	int cols;

	text_printf(&right, "%zu ticked%s", model->session->selection.count,
		    model->running ? "" :
		    (model->busy || model->interrupted) && model->session->selection.count ?
			    ", not applied" : /* the record may be of half an apply */
		    session_is_as_found(model->session) ? ", as found" :
		    selection_equal(&model->session->selection, &model->session->applied.selection) ? "" :
												     ", not applied");
	cols = canvas_columns(&screen->canvas, text_string(&right));
	/* Where there is no room for all of it, whole words go, from the end. */
	for (int most = 3; most >= 0; most--) {
		text_reset(&left);
		say_where(model, most, &left);
		if (canvas_columns(&screen->canvas, text_string(&left)) <= rect.cols - cols - 2)
			break;
	}
	canvas_text(&screen->canvas, rect.row, rect.col, rect.cols - cols - 2, STYLE_HEADER, text_string(&left));
	canvas_text(&screen->canvas, rect.row, rect.col + rect.cols - cols, cols, STYLE_HEADER, text_string(&right));
}

/* The first MOST lines of what is told; where there is no room for all, a "~" in column END says so. */
static void draw_lines(struct screen *screen, const struct page *page, struct rect rect, size_t most, int end)
{
	size_t rows = rect.rows > 0 ? (size_t)rect.rows : 0;

	for (size_t i = 0; i < rows && i < most; i++)
		canvas_text(&screen->canvas, rect.row + (int)i, rect.col, rect.cols, page->lines[i].style,
			    page->lines[i].text);
	if (rows && rows < most)
		canvas_text(&screen->canvas, rect.row + rect.rows - 1, end, 1, page->lines[rows - 1].style, "~");
}

static void draw_banner(const struct model *model, struct screen *screen, struct rect rect)
{
	struct page page;

	model_banner(model, &page);
	draw_lines(screen, &page, rect, page.count, rect.cols - 1);
	page_done(&page);
}

/* The last row is left to what is typed, if anything is. */
static void draw_message(const struct model *model, struct screen *screen, struct rect rect)
{
	int typed = model->entry != ENTRY_NONE;
	struct page page;

	rect.rows -= typed;
	model_bottom(model, &page);
	draw_lines(screen, &page, rect, page.count - (size_t)typed, page.cols);
	page_done(&page);
}

/* Whether the page, or the tree, goes on below what is seen. */
static bool goes_on(const struct model *model, const struct layout *layout)
{
	const struct place *place = &model->places[model->depth - 1];

	if (model->dialog.question != QUESTION_NONE)
		return false; /* its keys are the only ones */
	if (model_in_pane(model))
		return model->pane_top + (size_t)layout->detail.rows < model->pane.count;
	if (place->view == VIEW_TREE)
		return place->top + (size_t)layout->tree.rows < model->tree.count;
	return place->top + (size_t)layout->body.rows < model->page.count;
}

static bool blank_from(const struct canvas *canvas, int row, int col)
{
	if (canvas->cursor_typing && canvas->cursor_row == row && canvas->cursor_col >= col)
		return false;
	for (; col < canvas->cols; col++)
		if (strcmp(canvas_cell(canvas, row, col)->bytes, " ") != 0)
			return false;
	return true;
}

/* At the right end of the row above the keys: as much of it as there is room for beside what is said or typed there. */
static void draw_more(const struct model *model, struct screen *screen, const struct layout *layout)
{
	const char *below = theme_glyph(GLYPH_BELOW, model->ascii);
	cleanup_text struct text brief = { 0 };
	const char *words[] = { "More below: PgDn", NULL, below };
	struct rect rect = layout->message;
	int row = rect.row + rect.rows - 1;

	if (!goes_on(model, layout))
		return;
	text_printf(&brief, "%s PgDn", below);
	words[1] = text_string(&brief);
	for (size_t i = 0; i < array_size(words); i++) {
		int cols = canvas_columns(&screen->canvas, words[i]), from = rect.cols - cols;
		int gap = cols > 1 ? 2 : 0; /* the last column is kept free for the sign: model_bottom() */

		if (from < gap || !blank_from(&screen->canvas, row, rect.col + from - gap))
			continue;
		canvas_text(&screen->canvas, row, rect.col + from, cols, STYLE_FAINT, words[i]);
		screen_add_hit(screen, (struct rect){ row, rect.col + from, 1, cols }, INPUT_PAGE_DOWN, 0, false);
		return;
	}
}

static void draw_entry(const struct model *model, struct screen *screen, struct rect rect)
{
	struct canvas *canvas = &screen->canvas;
	int row = rect.row + rect.rows - 1;
	int used = canvas_text(canvas, row, rect.col, rect.cols, STYLE_TITLE, entry_prompt(model->entry));
	int left = rect.cols - used - 1 - MODEL_SIGN_COLS, cols = canvas_columns(canvas, model->edit.text);
	int skip = cols > left ? cols - left : 0;

	used += canvas_text_from(canvas, row, rect.col + used, left, STYLE_PLAIN, model->edit.text, skip);
	canvas->cursor_row = row;
	canvas->cursor_col = rect.col + used;
	canvas->cursor_typing = true;
}

/* One key of the footer; false where it does not fit. */
static bool draw_key(struct screen *screen, struct rect rect, int *at, const char *key, const char *word, int code)
{
	struct canvas *canvas = &screen->canvas;
	int key_cols = canvas_columns(canvas, key), word_cols = canvas_columns(canvas, word);
	int need = key_cols + word_cols + 1;

	if (*at + need > rect.cols)
		return false;
	canvas_text(canvas, rect.row, rect.col + *at, key_cols, STYLE_KEY, key);
	canvas_text(canvas, rect.row, rect.col + *at + key_cols, word_cols, STYLE_FOOTER, word);
	screen_add_hit(screen, (struct rect){ rect.row, rect.col + *at, 1, need - 1 }, code, 0, false);
	*at += need;
	return true;
}

/* What works on some rows and not on others leaves a hole, so that the rest does not jump about as the cursor moves. */
static bool by_cursor(enum action action)
{
	return action == ACTION_TICK || action == ACTION_ALLOW;
}

/* Whether the question has more text than its box shows. */
static bool text_goes_on(const struct model *model, const struct layout *layout)
{
	struct box box;
	bool below;

	box_make(model, layout, &box);
	below = box_below(model, &box) > 0;
	box_done(&box);
	return below;
}

static void draw_answers(const struct model *model, struct screen *screen, const struct layout *layout)
{
	char name[8];
	int at = 0;

	for (size_t i = 0; i < model->dialog.answer_count; i++)
		draw_key(screen, layout->footer, &at, keys_name(model->dialog.answers[i].key, name),
			 model->dialog.answers[i].label, model->dialog.answers[i].key);
	if (text_goes_on(model, layout))
		draw_key(screen, layout->footer, &at, "Down", "More", INPUT_DOWN);
}

static void draw_footer(const struct model *model, struct screen *screen, const struct layout *layout)
{
	struct rect rect = layout->footer;
	int at = 0;

	if (model->dialog.question != QUESTION_NONE) {
		draw_answers(model, screen, layout);
		return;
	}
	if (model->entry != ENTRY_NONE) {
		draw_key(screen, rect, &at, "Enter", model->entry == ENTRY_YES ? "Apply" : "Accept", INPUT_ENTER);
		draw_key(screen, rect, &at, "Esc", "Back", INPUT_ESCAPE);
		if (model->entry == ENTRY_YES && !*model->edit.text) {
			draw_key(screen, rect, &at, "d", "Diff", 'd');
			draw_key(screen, rect, &at, "f", "Findings", 'f');
		}
		return;
	}
	for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
		if (!*action_word(action))
			continue;
		if (model_can(model, action))
			draw_key(screen, rect, &at, keys_first(action), model_word(model, action), keys_code(action));
		else if (by_cursor(action) && action_in(action, model_view(model)))
			at += (int)(strlen(keys_first(action)) + strlen(action_word(action))) + 1;
	}
}

void view_frame(const struct model *model, struct screen *screen, const struct layout *layout)
{
	draw_header(model, screen, layout->header);
	draw_banner(model, screen, layout->banner);
	draw_message(model, screen, layout->message);
	if (model->entry != ENTRY_NONE)
		draw_entry(model, screen, layout->message);
	draw_more(model, screen, layout);
	draw_footer(model, screen, layout);
}
