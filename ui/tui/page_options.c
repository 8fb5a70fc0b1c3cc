/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options, and the question which boot loader or generator it is. */
#include <string.h>

#include "tui/pages.h"
#include "tui/settings.h"

void page_of_options(const struct model *model, struct page *page)
{
	const struct place *place = &model->places[model->depth - 1];

	/* All on one page: only the one under the cursor is explained. */
	for (int i = 0; i < SETTING_COUNT; i++) {
		cleanup_free char *value = setting_value(model, (enum setting)i);

		page_line(page, STYLE_PLAIN, i, "%-20s %s", setting_label((enum setting)i), value);
		if (place->view == VIEW_OPTIONS && place->cursor == (size_t)i)
			page_wrap(page, STYLE_FAINT, i, "    ", 0, setting_explain((enum setting)i));
	}
}

/* The one that is in force has the mark; as long as nothing was chosen, that is the first. */
static const char *mark_of(const struct model *model, const struct choice *choice)
{
	const struct selection *selection = &model->session->selection;
	const char *now = model->choices.kind == CHOICE_LOADER ? selection->loader : selection->generator;

	return (now && choice->name ? !strcmp(now, choice->name) : now == choice->name) ? "(*)" : "( )";
}

void page_of_choice(const struct model *model, struct page *page)
{
	const struct choices *choices = &model->choices;
	bool headed = false; /* those without a trace stand close together, below one line for all */

	page_wrap(page, STYLE_TITLE, PAGE_NO_ITEM, "", 0,
		  choices->kind == CHOICE_LOADER ? "Which boot loader starts this machine?"
						 : "Which program builds this machine's initramfs images?");
	page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "", 0,
		  "What was found is below each. Enter takes the one under the cursor.");
	for (size_t i = 0; i < choices->count; i++) {
		const struct choice *choice = &choices->items[i];

		if (!headed)
			page_blank(page);
		if (!headed && choice->name && !choice->reasons.count) {
			page_line(page, STYLE_TITLE, PAGE_NO_ITEM, "No trace was found of these:");
			headed = true;
		}
		if (choice->name && strcmp(choice->name, choice->label) != 0)
			page_line(page, STYLE_PLAIN, (int)i, "%s %s (%s)", mark_of(model, choice), choice->label,
				  choice->name);
		else
			page_line(page, STYLE_PLAIN, (int)i, "%s %s", mark_of(model, choice), choice->label);
		for (size_t j = 0; j < choice->reasons.count; j++)
			page_wrap(page, STYLE_FAINT, (int)i, "    - ", 0, choice->reasons.items[j]);
	}
}
