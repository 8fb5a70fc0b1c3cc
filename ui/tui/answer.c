/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/answer.h"

#include "tui/ask.h"
#include "tui/entry.h"
#include "tui/nav.h"
#include "tui/tick.h"
#include "tui/update.h"

/* What moves about on a page moves the text of the question, where that is longer than its box. */
static void scroll(struct model *model, int key)
{
	enum action action = keys_action(key, model_view(model));

	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
		nav_box(model, action == ACTION_UP ? -1 : 1);
		break;
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		nav_box_page(model, action == ACTION_PAGE_UP ? -1 : 1);
		break;
	default:
		break;
	}
}

unsigned answer_key(struct model *model, int key)
{
	enum question question = model->dialog.question;
	size_t function = model->dialog.function;
	int chosen = ask_chosen(&model->dialog, key);
	cleanup_free char *subject = NULL;

	if (!chosen) {
		scroll(model, key);
		return 0;
	}
	subject = take(model->dialog.subject);
	ask_close(model);
	if (question == QUESTION_MATES && chosen != INPUT_ESCAPE) {
		tick_function(model, function, chosen == 'y');
	} else if (question == QUESTION_UNTICKED && chosen != INPUT_ESCAPE) {
		tick_untick(model, function, chosen == 'y');
	} else if (question == QUESTION_ENABLE && chosen == 'y') {
		tick_iommu_alone(model);
	} else if (question == QUESTION_ALLOW && chosen == 'y') {
		tick_allow(model, subject, true);
	} else if (question == QUESTION_QUIT && chosen == 'y') {
		return REACT_QUIT;
	} else if (question == QUESTION_QUIT && chosen == 's') {
		entry_open(model, ENTRY_SAVE, "");
	} else if (question == QUESTION_REPLACE && chosen == 'y') {
		entry_save(model, subject, true);
	} else if (question == QUESTION_RECOVER && chosen == 'y') {
		model->recovering = true;
		return REACT_APPLY;
	} else if (question == QUESTION_STOP && chosen == 'y') {
		model->feed.stopping = true;
	}
	return 0;
}
