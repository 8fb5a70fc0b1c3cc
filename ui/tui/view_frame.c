/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands around every page: the line on top, the banner, the message, the keys. */
#include <string.h>

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

static void draw_header(const struct model *model, struct screen *screen, struct rect rect)
{
	const struct host *host = model_host(model);
	enum view view = model_view(model);
	cleanup_text struct text left = { 0 }, right = { 0 };
	int cols;

	text_append(&left, "vfioconf");
	if (view != VIEW_TREE)
		text_printf(&left, "  %s", title_of(view));
	else if (host->iommu.enabled)
		text_printf(&left, "  %s on, %zu groups, %zu functions", iommu_kind_label(host->iommu.kind),
			    host->group_count, host->function_count);
	else
		text_printf(&left, "  %zu functions", host->function_count);
	if (view == VIEW_TREE && *model->filter)
		text_printf(&left, ", only \"%s\"", model->filter);
	text_printf(&right, "%zu ticked%s", model->session->selection.count,
		    session_is_as_found(model->session) ? ", as found" :
		    selection_equal(&model->session->selection, &model->session->applied.selection) ? "" :
												     ", not applied");
	cols = canvas_columns(&screen->canvas, text_string(&right));
	canvas_text(&screen->canvas, rect.row, rect.col, rect.cols - cols - 2, STYLE_HEADER, text_string(&left));
	canvas_text(&screen->canvas, rect.row, rect.col + rect.cols - cols, cols, STYLE_HEADER, text_string(&right));
}

static void draw_banner(const struct model *model, struct screen *screen, struct rect rect)
{
	struct page page;

	model_banner(model, &page);
	for (int i = 0; i < rect.rows && (size_t)i < page.count; i++)
		canvas_text(&screen->canvas, rect.row + i, rect.col, rect.cols, STYLE_BANNER, page.lines[i].text);
	page_done(&page);
}

static void draw_message(const struct model *model, struct screen *screen, struct rect rect)
{
	struct page page;

	model_bottom(model, &page);
	for (int i = 0; i < rect.rows && (size_t)i < page.count; i++)
		canvas_text(&screen->canvas, rect.row + i, rect.col, rect.cols, page.lines[i].style,
			    page.lines[i].text);
	page_done(&page);
}

static void draw_entry(const struct model *model, struct screen *screen, struct rect rect)
{
	struct canvas *canvas = &screen->canvas;
	int row = rect.row + rect.rows - 1;
	int used = canvas_text(canvas, row, rect.col, rect.cols, STYLE_TITLE, entry_prompt(model->entry));
	int left = rect.cols - used - 1, cols = canvas_columns(canvas, model->edit.text);
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

static void draw_footer(const struct model *model, struct screen *screen, struct rect rect)
{
	char name[8];
	int at = 0;

	if (model->dialog.question != QUESTION_NONE) {
		for (size_t i = 0; i < model->dialog.answer_count; i++)
			draw_key(screen, rect, &at, keys_name(model->dialog.answers[i].key, name),
				 model->dialog.answers[i].label, model->dialog.answers[i].key);
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
			draw_key(screen, rect, &at, keys_first(action), action_word(action), keys_code(action));
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
	draw_footer(model, screen, layout->footer);
}
