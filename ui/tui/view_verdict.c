/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of the last apply, device by device. */
#include "tui/view.h"

static enum style verdict_style(enum verdict_kind kind)
{
	if (kind == VERDICT_ARRIVED)
		return STYLE_GOOD;
	return kind == VERDICT_NOT_REBOOTED || kind == VERDICT_WAY_BACK ? STYLE_WARNING : STYLE_ERROR;
}

static const char *verdict_sign(enum verdict_kind kind)
{
	if (kind == VERDICT_ARRIVED)
		return "ok  ";
	return kind == VERDICT_NOT_REBOOTED || kind == VERDICT_WAY_BACK ? "..  " : "!!  ";
}

void page_of_verdict(const struct model *model, struct page *page)
{
	const struct verification *verification = &model->verification;

	page_wrap(page, STYLE_TITLE, PAGE_NO_ITEM, "", 0,
		  verification->arrived ? "Everything that was applied is in effect."
					: "Not everything that was applied is in effect.");
	for (size_t i = 0; i < verification->count; i++) {
		const struct verdict *verdict = &verification->items[i];

		page_blank(page);
		page_wrap(page, verdict_style(verdict->kind), PAGE_NO_ITEM, verdict_sign(verdict->kind), 0,
			  verdict->sentence);
		if (verdict->next)
			page_wrap(page, STYLE_PLAIN, PAGE_NO_ITEM, "    What to do: ", -12, verdict->next);
	}
}
