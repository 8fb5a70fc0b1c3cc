/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/pages.h"

void page_of_view(const struct model *model, struct page *page)
{
	switch (model_view(model)) {
	case VIEW_TREE:
		break;
	case VIEW_DETAIL:
		if (model_function(model))
			page_of_function(model, model_function(model), page);
		break;
	case VIEW_FINDINGS:
		page_of_findings(model, page);
		break;
	case VIEW_DIFF:
		page_of_diff(model, page);
		break;
	case VIEW_OPTIONS:
		page_of_options(model, page);
		break;
	case VIEW_CHOICE:
		page_of_choice(model, page);
		break;
	case VIEW_VERDICT:
		page_of_verdict(model, page);
		break;
	case VIEW_CONFIRM:
		page_of_confirm(model, page);
		break;
	case VIEW_PROGRESS:
		page_of_progress(model, page);
		break;
	case VIEW_RESULT:
		page_of_result(model, page);
		break;
	case VIEW_HELP:
		page_of_help(model, page);
		break;
	}
}
