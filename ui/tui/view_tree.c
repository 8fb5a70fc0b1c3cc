/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree: groups, their functions, tick boxes, drivers today and to be. */
#include "plan/member.h"
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

/* Columns of a function's row; 0: left out at this width. They do not depend on what is ticked. */
struct columns {
	int mark, address, address_cols, class, name, name_cols, ids, driver, driver_cols;
};

#define IDS_COLS 11
#define CLASS_COLS 6
#define DRIVER_COLS 26 /* "snd_hda_intel -> vfio-pci" */

static struct columns columns_for(const struct model *model, struct rect rect)
{
	const struct host *host = model_host(model);
	char buffer[ADDRESS_SIZE];
	struct columns columns = { 0 };
	int at = rect.col + (rows_grouped(host) ? 2 : 1), end = rect.col + rect.cols;

	columns.mark = at;
	columns.address = at + 4;
	columns.address_cols = 7;
	if (host->function_count) /* the last address is the longest */
		columns.address_cols =
			(int)strlen(rows_address(host, host->functions[host->function_count - 1].address, buffer));
	at = columns.address + columns.address_cols + 1;
	if (rect.cols >= 72) {
		columns.class = at;
		at += CLASS_COLS + 1;
	}
	columns.driver_cols = rect.cols >= 58 ? DRIVER_COLS : rect.cols / 3;
	columns.driver = end - columns.driver_cols;
	if (rect.cols >= 64)
		columns.ids = columns.driver - IDS_COLS - 1;
	columns.name = at;
	columns.name_cols = (columns.ids ? columns.ids : columns.driver) - 1 - at;
	return columns;
}

static const char *mark_of(const struct model *model, const struct function *function)
{
	if (selection_find(&model->session->selection, function->address))
		return "[x]";
	return member_tickable(function) ? "[ ]" : "[-]";
}

/* "nouveau -> vfio-pci", "ahci disk": what drives it, what will, and what the host does with it. */
static void driver_text(const struct model *model, const struct function *function, struct text *ret)
{
	const char *next = rows_driver_next(function, &model->session->selection, &model->session->applied.selection);
	char uses[32];

	if (next)
		text_printf(ret, "%s %s %s", function->driver ? function->driver : "none",
			    theme_glyph(GLYPH_ARROW, model->ascii), next);
	else
		text_append(ret, function->driver ? function->driver : "-");
	if (rows_bound(function) && !next)
		text_append(ret, " bound");
	if (*rows_uses(function, uses))
		text_printf(ret, " %s", uses);
}

static enum style row_style(const struct model *model, const struct row *row, bool selected)
{
	const struct function *function;

	if (selected) /* the bar is where the arrows are */
		return model_in_pane(model) ? STYLE_TITLE : STYLE_SELECTED;
	if (row->kind == ROW_GROUP)
		return STYLE_GROUP;
	function = &model_host(model)->functions[row->function];
	if (selection_find(&model->session->selection, function->address))
		return STYLE_TICKED;
	return member_tickable(function) ? STYLE_PLAIN : STYLE_FAINT;
}

static void draw_function(const struct model *model, struct screen *screen, struct rect rect, int line,
			  const struct row *row, enum style style)
{
	const struct host *host = model_host(model);
	const struct function *function = &host->functions[row->function];
	struct columns columns = columns_for(model, rect);
	struct canvas *canvas = &screen->canvas;
	cleanup_free char *name = function_short_name(function);
	cleanup_text struct text driver = { 0 };
	char buffer[32];

	if (rows_grouped(host))
		canvas_text(canvas, line, rect.col, 1, style == STYLE_SELECTED ? style : STYLE_FAINT,
			    theme_glyph(row->last ? GLYPH_LAST : GLYPH_BRANCH, model->ascii));
	canvas_text(canvas, line, columns.mark, 3, style, mark_of(model, function));
	canvas_text(canvas, line, columns.address, columns.address_cols, style,
		    rows_address(host, function->address, buffer));
	if (columns.class)
		canvas_text(canvas, line, columns.class, CLASS_COLS, style, rows_class(function));
	canvas_text(canvas, line, columns.name, columns.name_cols, style, name);
	if (columns.ids) {
		snprintf(buffer, sizeof(buffer), "[%04x:%04x]", function->vendor, function->device);
		canvas_text(canvas, line, columns.ids, IDS_COLS, style, buffer);
	}
	driver_text(model, function, &driver);
	canvas_text(canvas, line, columns.driver, columns.driver_cols, style, text_string(&driver));
	screen_add_hit(screen, (struct rect){ line, columns.mark, 1, 3 }, 0, 0, true);
}

/* How many members of a partly ticked group still stand in the way. */
static size_t in_the_way(const struct model *model, size_t group)
{
	const struct host *host = model_host(model);
	cleanup_free size_t *members = NULL;
	size_t count = rows_members(host, group, &members), blocking = 0;

	for (size_t i = 0; i < count; i++) {
		enum member_bearing bearing =
			member_bearing(&host->functions[members[i]], &model->session->selection);

		blocking += bearing == MEMBER_DRIVEN || bearing == MEMBER_CLAIMABLE;
	}
	return blocking;
}

static void draw_group(const struct model *model, struct screen *screen, struct rect rect, int line,
		       const struct row *row, enum style style)
{
	const struct host *host = model_host(model);
	bool own = row->group < host->group_count;
	cleanup_free size_t *members = NULL;
	cleanup_text struct text text = { 0 };
	size_t count = rows_members(host, row->group, &members), ticked = model_ticked_in(model, row->group, NULL);
	size_t blocking = own && ticked ? in_the_way(model, row->group) : 0;

	text_printf(&text, "%s ",
		    theme_glyph(model->tree.folded[row->group] && !*model->filter ? GLYPH_CLOSED : GLYPH_OPEN,
				model->ascii));
	if (own)
		text_printf(&text, "Group %u", host->groups[row->group].number);
	else
		text_append(&text, "Without a group");
	if (count > 1 || ticked)
		text_printf(&text, "  %zu function%s", count, count == 1 ? "" : "s");
	if (ticked)
		text_printf(&text, ", %zu ticked", ticked);
	if (blocking)
		text_printf(&text, "  ! %zu in the way", blocking);
	canvas_text(&screen->canvas, line, rect.col, rect.cols, style, text_string(&text));
}

static void draw_row(const struct model *model, struct screen *screen, struct rect rect, int line, size_t index)
{
	const struct row *row = &model->tree.items[index];
	bool selected = index == model->places[0].cursor;
	enum style style = row_style(model, row, selected);
	size_t first = screen->hit_count;

	if (selected)
		canvas_fill(&screen->canvas, (struct rect){ line, rect.col, 1, rect.cols }, style);
	screen_add_hit(screen, (struct rect){ line, rect.col, 1, rect.cols }, 0, index, false);
	if (row->kind == ROW_FUNCTION)
		draw_function(model, screen, rect, line, row, style);
	else
		draw_group(model, screen, rect, line, row, style);
	for (size_t i = first; i < screen->hit_count; i++)
		screen->hits[i].item = index;
	if (!selected)
		return;
	screen->canvas.cursor_row = line;
	screen->canvas.cursor_col =
		rect.col + (row->kind == ROW_FUNCTION ? (rows_grouped(model_host(model)) ? 3 : 2) : 0);
}

void view_tree(const struct model *model, struct screen *screen, struct rect rect)
{
	size_t top = model->places[0].top;

	if (!model->tree.count) {
		const char *why = *model->filter ? "Nothing matches the filter. Esc shows everything again."
						 : "No PCI functions here: /sys/bus/pci is not there or is empty.";

		canvas_text(&screen->canvas, rect.row, rect.col + 1, rect.cols - 1, STYLE_PLAIN, why);
		return;
	}
	for (int line = 0; line < rect.rows && top + (size_t)line < model->tree.count; line++)
		draw_row(model, screen, rect, rect.row + line, top + (size_t)line);
}
