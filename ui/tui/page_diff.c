/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every change as a unified diff, then the commands. The +, - and @@ carry the meaning; colour only repeats it. */
#include <string.h>

#include "tui/pages.h"

static enum style line_style(const char *line)
{
	if (text_starts_with(line, "+++") || text_starts_with(line, "---") || line[0] == '#')
		return STYLE_TITLE;
	if (line[0] == '+')
		return STYLE_ADDED;
	if (line[0] == '-')
		return STYLE_REMOVED;
	return text_starts_with(line, "@@") ? STYLE_HUNK : STYLE_PLAIN;
}

/* LENGTH bytes with their tabs as blanks up to every eighth column, not counting the sign that diff puts in front. */
static char *without_tabs(const char *line, size_t length)
{
	struct text text = { 0 };
	size_t column = 0;

	for (size_t i = 0; i < length; i++) {
		if (line[i] != '\t') {
			text_append_char(&text, line[i]);
			column += i > 0 && ((unsigned char)line[i] & 0xc0u) != 0x80u;
			continue;
		}
		do
			text_append_char(&text, ' ');
		while (++column % 8);
	}
	return text_take(&text);
}

/* Whoever reads the changes of a choice that is refused learns that first. */
static void head(const struct model *model, struct page *page)
{
	const struct plan *plan = model_plan(model);
	size_t errors = plan ? findings_count(&plan->findings, SEVERITY_ERROR) : 0;
	cleanup_text struct text text = { 0 };

	if (!plan || !plan->refused)
		return;
	text_printf(&text, "%zu error%s in the way: it would not be applied like this. f shows %s.", errors,
		    errors == 1 ? " stands" : "s stand", errors == 1 ? "it" : "them");
	page_wrap(page, STYLE_ERROR, PAGE_NO_ITEM, "", 0, text_string(&text));
	page_blank(page);
}

void page_of_diff(const struct model *model, struct page *page)
{
	const char *at = text_string(&model->diff);
	size_t before = page->count;

	if (!model_plan(model) && model->planned) {
		page_wrap(page, STYLE_ERROR, PAGE_NO_ITEM, "It could not be planned: ", -23, model->plan_fault.sentence);
		return;
	}
	head(model, page);
	if (!*at && page->count > before)
		page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0, "There is no change to show before that is settled.");
	else if (!*at)
		page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0,
			  model->session->selection.count
				  ? "Nothing changes: everything is as it is ticked."
				  : "Nothing changes: nothing is ticked. Space ticks a device in the tree.");
	while (*at) {
		size_t length = strcspn(at, "\n");
		cleanup_free char *line = without_tabs(at, length);

		/* The diff is shown as it is, and scrolls to the side; what is said of it is prose. */
		if (text_starts_with(line, "# "))
			page_wrap(page, STYLE_TITLE, PAGE_NO_ITEM, "# ", 0, line + 2);
		else
			page_line(page, line_style(line), PAGE_NO_ITEM, "%s", line);
		at += length + (at[length] == '\n');
	}
}
