/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/nav.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/box.h"
#include "tui/pages.h"

static size_t body_rows(const struct model *model)
{
	struct layout layout = model_layout(model);

	return layout.body.rows > 0 ? (size_t)layout.body.rows : 1;
}

static bool detail_wanted(const struct model *model)
{
	enum view view = model_view(model);

	return model_function(model) && (view == VIEW_DETAIL || (view == VIEW_TREE && model->cols >= LAYOUT_TWO_PANES));
}

/* Brings TOP to where LINE to END (exclusive) are seen in a window of ROWS. */
static void reveal(size_t *top, size_t line, size_t end, size_t rows)
{
	if (end > *top + rows)
		*top = end - rows;
	if (line < *top)
		*top = line;
}

/* All of the group is wanted on the screen, where it fits. */
static void reveal_group(struct model *model, size_t group)
{
	size_t first = rows_find(&model->tree, group, ROW_NONE), end = first, rows = body_rows(model);

	if (first == ROW_NONE)
		return; /* without an IOMMU there are no groups */
	while (end < model->tree.count && model->tree.items[end].group == group)
		end++;
	if (end - first <= rows)
		reveal(&model->places[0].top, first, end, rows);
}

static void refresh_tree(struct model *model)
{
	struct place *place = &model->places[0];
	size_t rows = body_rows(model), count = model->tree.count, first;

	if (place->cursor >= count)
		place->cursor = count ? count - 1 : 0;
	/* Moving up, the line of the group comes with its first function. */
	first = place->cursor;
	if (first > 0 && first < count && model->tree.items[first - 1].kind == ROW_GROUP && rows > 1)
		first--;
	reveal(&place->top, first, place->cursor + 1, rows);
	/* A message may take rows from the tree: what it speaks of, and the rest of that group, stays on the screen. */
	if (model->message && place->cursor < count)
		reveal_group(model, model->tree.items[place->cursor].group);
	if (place->top + rows > count)
		place->top = count > rows ? count - rows : 0;
}

static void refresh_pane(struct model *model)
{
	struct layout layout = model_layout(model);
	size_t rows = layout.detail.rows > 0 ? (size_t)layout.detail.rows : 1;

	page_done(&model->pane);
	model->pane.cols = layout.detail.cols - 2;
	model->pane.ascii = model->ascii;
	if (model_view(model) != VIEW_TREE || !layout.detail.cols || !model_row(model))
		return;
	if (model_function(model))
		page_of_function(model, model_function(model), &model->pane);
	else
		page_of_group(model, model_row(model)->group, &model->pane);
	if (model->pane_top + rows > model->pane.count)
		model->pane_top = model->pane.count > rows ? model->pane.count - rows : 0;
	if (model->pane.count <= rows)
		model->pane_focus = false; /* nothing to scroll: the arrows would seem dead */
}

/*
 * What belongs to the item under the cursor is seen whole, or where it is longer than the screen, nothing but it is
 * seen: then the arrows scroll it (step() below) before they leave it.
 */
static void reveal_item(struct model *model, struct place *place, size_t rows)
{
	size_t start, end;

	if (place->cursor >= (size_t)model->page.items)
		place->cursor = (size_t)model->page.items - 1;
	page_item_reach(&model->page, (int)place->cursor, &start, &end);
	if (end - start <= rows) {
		reveal(&place->top, start, end, rows);
		return;
	}
	if (place->top < start)
		place->top = start;
	if (place->top > end - rows)
		place->top = end - rows;
}

/* Scrolling to the side ends where the longest line does. */
static void limit_side(const struct page *page, struct place *place)
{
	int most = page_width(page) - page->cols;

	most = most > 0 ? (most + NAV_SIDE - 1) / NAV_SIDE * NAV_SIDE : 0;
	if (place->side > most)
		place->side = most;
}

static void refresh_page(struct model *model)
{
	struct place *place = model_place(model);
	size_t rows = body_rows(model);

	page_done(&model->page);
	model->page.cols = model->cols - 3;
	model->page.ascii = model->ascii;
	page_of_view(model, &model->page);
	if (model->page.items > 0)
		reveal_item(model, place, rows);
	else if (place->view == VIEW_PROGRESS)
		place->top = model->page.count; /* follows the output */
	if (place->top + rows > model->page.count)
		place->top = model->page.count > rows ? model->page.count - rows : 0;
	if (place->side)
		limit_side(&model->page, place);
}

/* How many lines of the question's text are seen; *RET_COUNT: of how many. */
static size_t box_rows(const struct model *model, size_t *ret_count)
{
	struct layout layout = model_layout(model);
	struct box box;

	box_make(model, &layout, &box);
	*ret_count = box.page.count;
	box_done(&box);
	return box.text.rows > 0 ? (size_t)box.text.rows : 0;
}

static void refresh_box(struct model *model)
{
	size_t count, rows = box_rows(model, &count);

	if (model->dialog.top + rows > count)
		model->dialog.top = count - rows;
}

void nav_refresh(struct model *model)
{
	refresh_tree(model);
	refresh_pane(model);
	if (model_view(model) != VIEW_TREE)
		refresh_page(model);
	if (model->dialog.question != QUESTION_NONE)
		refresh_box(model);
}

void nav_prepare(struct model *model)
{
	const struct function *function = model_function(model);

	if (!detail_wanted(model) || (model->detail_known && !address_compare(model->detail_of, function->address)))
		return;
	if (model->detail_known)
		detail_done(&model->detail);
	model->backend->detail(model->session, function->address, &model->detail);
	model->detail_of = function->address;
	model->detail_known = true;
	nav_refresh(model);
}

void nav_open(struct model *model, enum view view)
{
	for (size_t i = 0; i < model->depth; i++)
		if (model->places[i].view == view) {
			model->depth = i + 1;
			return;
		}
	if (model->depth == PLACES)
		model->depth--;
	model->places[model->depth++] = (struct place){ .view = view };
}

void nav_back(struct model *model)
{
	if (model->depth > 1)
		model->depth--;
}

static void shift(size_t *position, long by, size_t count)
{
	long moved = (long)*position + by;

	if (moved >= (long)count)
		moved = (long)count - 1;
	*position = moved > 0 ? (size_t)moved : 0;
}

/* One line or one item on: what is not seen yet of the item under the cursor comes first. */
static void step(struct model *model, int direction)
{
	struct place *place = model_place(model);
	size_t start, end;

	page_item_reach(&model->page, (int)place->cursor, &start, &end);
	if (direction < 0 && place->top > start)
		place->top--;
	else if (direction > 0 && place->top + body_rows(model) < end)
		place->top++;
	else
		shift(&place->cursor, direction, (size_t)model->page.items);
}

/* A page on: within an item that is longer than that, else to the first item that is not all seen. */
static void page_items_down(struct model *model, size_t rows)
{
	struct place *place = model_place(model);
	size_t start, end, seen = place->top + rows, last = (size_t)model->page.items - 1;

	page_item_reach(&model->page, (int)place->cursor, &start, &end);
	if (end > seen) {
		place->top += rows - 1;
		return; /* not past its end: reveal_item() sees to that */
	}
	while (place->cursor < last && end <= seen)
		page_item_reach(&model->page, (int)++place->cursor, &start, &end);
	if (end > seen)
		place->top = start;
}

static void page_items_up(struct model *model, size_t rows)
{
	struct place *place = model_place(model);
	size_t start, end;

	page_item_reach(&model->page, (int)place->cursor, &start, &end);
	if (start < place->top) {
		place->top -= place->top < rows - 1 ? place->top : rows - 1;
		return;
	}
	while (place->cursor > 0 && start >= place->top)
		page_item_reach(&model->page, (int)--place->cursor, &start, &end);
	if (start < place->top)
		place->top = end > rows ? end - rows : 0;
}

static void move(struct model *model, long by)
{
	struct place *place = model_place(model);
	const struct function *before = model_function(model);

	if (model_in_pane(model)) {
		shift(&model->pane_top, by, model->pane.count);
		return;
	}
	if (place->view == VIEW_TREE) {
		shift(&place->cursor, by, model->tree.count);
		if (before != model_function(model))
			model->pane_top = 0;
	} else {
		shift(&place->top, by, model->page.count);
	}
}

static bool has_items(const struct model *model)
{
	return model_view(model) != VIEW_TREE && model->page.items > 0;
}

void nav_move(struct model *model, int lines)
{
	if (!has_items(model)) {
		move(model, lines);
		return;
	}
	for (int i = 0; i < abs(lines); i++)
		step(model, lines < 0 ? -1 : 1);
}

void nav_page(struct model *model, int pages)
{
	size_t rows = body_rows(model);

	if (!has_items(model))
		move(model, pages * (rows > 2 ? (long)rows - 1 : 1));
	else if (pages > 0)
		page_items_down(model, rows > 1 ? rows : 2);
	else
		page_items_up(model, rows > 1 ? rows : 2);
}

void nav_end(struct model *model, bool top)
{
	if (has_items(model)) {
		model_place(model)->cursor = top ? 0 : (size_t)model->page.items - 1;
		model_place(model)->top = top ? 0 : model->page.count;
		return;
	}
	move(model, top ? -1000000 : 1000000);
}

void nav_box(struct model *model, int lines)
{
	size_t count;

	box_rows(model, &count);
	shift(&model->dialog.top, lines, count);
}

void nav_box_page(struct model *model, int pages)
{
	size_t count, rows = box_rows(model, &count);

	nav_box(model, pages * (rows > 2 ? (int)rows - 1 : 1));
}

void nav_select(struct model *model, size_t row)
{
	struct place *place = model_place(model);

	if (place->view == VIEW_TREE) {
		if (place->cursor != row)
			model->pane_top = 0;
		model->pane_focus = false;
	}
	place->cursor = row;
}

static void show_row(struct model *model, size_t group, size_t function)
{
	size_t row = rows_find(&model->tree, group, function);

	if (row != ROW_NONE)
		model->places[0].cursor = row;
}

static size_t group_of(const struct model *model, const struct function *function)
{
	return function->group < 0 ? model_host(model)->group_count : (size_t)function->group;
}

void nav_show(struct model *model, const struct function *function)
{
	size_t group = group_of(model, function);

	if (model->tree.folded[group]) {
		model->tree.folded[group] = false;
		rows_build(&model->tree, model_host(model), model->filter);
	}
	show_row(model, group, host_index(model_host(model), function));
	reveal_group(model, group);
}

void nav_filter(struct model *model, const char *filter)
{
	const struct row *row = model_row(model);
	struct row kept = row ? *row : (struct row){ 0 };

	if (filter != model->filter)
		snprintf(model->filter, sizeof(model->filter), "%s", filter);
	rows_build(&model->tree, model_host(model), model->filter);
	if (row)
		show_row(model, kept.group, kept.function);
}

/* The functions in the order of the tree, folded ones included; the caller frees. */
static size_t *tree_order(const struct model *model, size_t *ret_count)
{
	const struct host *host = model_host(model);
	size_t *order = memory_zero(host->function_count, sizeof(*order)), count = 0;

	for (size_t group = 0; group <= host->group_count; group++) {
		cleanup_free size_t *members = NULL;
		size_t member_count = rows_members(host, group, &members);

		for (size_t i = 0; i < member_count; i++)
			if (!*model->filter || rows_match(host, members[i], model->filter))
				order[count++] = members[i];
	}
	*ret_count = count;
	return order;
}

/* Where in ORDER the cursor stands; on a group's row: before its first member. */
static long order_position(const struct model *model, const size_t *order, size_t count, bool *ret_on)
{
	const struct row *row = model_row(model);

	for (size_t i = 0; row && i < count; i++) {
		const struct function *function = &model_host(model)->functions[order[i]];

		if (row->kind == ROW_FUNCTION ? order[i] == row->function : group_of(model, function) == row->group) {
			*ret_on = row->kind == ROW_FUNCTION;
			return (long)i;
		}
	}
	*ret_on = false;
	return 0;
}

static bool search_tree(struct model *model, int direction, bool here)
{
	size_t count;
	cleanup_free size_t *order = tree_order(model, &count);
	bool on;
	long at = order_position(model, order, count, &on);

	if ((on && !here) || (!on && direction < 0))
		at += direction;
	for (size_t tried = 0; tried < count; tried++, at += direction) {
		size_t index = (size_t)((at % (long)count + (long)count) % (long)count);

		if (!rows_match(model_host(model), order[index], model->search))
			continue;
		nav_show(model, &model_host(model)->functions[order[index]]);
		model->pane_top = 0;
		return true;
	}
	return false;
}

/* Where a search goes on: from what it found last, as long as that is seen; else from the top of the screen. */
static long search_start(const struct model *model, int direction, bool here)
{
	const struct place *place = &model->places[model->depth - 1];

	if (!here && place->match > place->top && place->match <= place->top + body_rows(model))
		return (long)place->match - 1 + direction;
	return (long)place->top + (here ? 0 : direction);
}

static bool search_page(struct model *model, int direction, bool here)
{
	struct place *place = model_place(model);
	long count = (long)model->page.count, at = search_start(model, direction, here);

	for (long tried = 0; tried < count; tried++, at += direction) {
		size_t line = (size_t)((at % count + count) % count);

		if (!strcasestr(model->page.lines[line].text, model->search))
			continue;
		place->top = line;
		place->match = line + 1;
		return true;
	}
	return false;
}

void nav_search(struct model *model, int direction, bool here)
{
	bool found;

	if (!*model->search)
		return;
	found = model_view(model) == VIEW_TREE ? search_tree(model, direction, here)
					       : search_page(model, direction, here);
	if (!found)
		model_say(model, STYLE_WARNING, "\"%s\" is not here.", model->search);
}

/* What is filtered is shown unfolded: a fold would not be seen before the filter is gone. */
static bool refuse_fold(struct model *model)
{
	if (!*model->filter)
		return false;
	model_say(model, STYLE_MESSAGE, "Nothing is folded as long as only some are shown. Esc shows everything again.");
	return true;
}

void nav_fold(struct model *model, bool fold)
{
	const struct row *row = model_row(model);
	size_t group;

	if (!row || !rows_grouped(model_host(model)) || refuse_fold(model))
		return;
	group = row->group;
	if (model->tree.folded[group] == fold)
		return;
	model->tree.folded[group] = fold;
	rows_build(&model->tree, model_host(model), model->filter);
	show_row(model, group, ROW_NONE);
}

void nav_fold_all(struct model *model)
{
	const struct row *row = model_row(model);
	struct row kept = row ? *row : (struct row){ 0 };
	bool any_open = false;

	if (refuse_fold(model))
		return;
	for (size_t i = 0; i < model->tree.count; i++)
		any_open |= !model->tree.folded[model->tree.items[i].group];
	for (size_t i = 0; i < model->tree.folded_count; i++)
		model->tree.folded[i] = any_open;
	rows_build(&model->tree, model_host(model), model->filter);
	if (row)
		show_row(model, kept.group, kept.function);
}
