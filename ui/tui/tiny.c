/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/tiny.h"

#include "tui/answer.h"
#include "tui/leave.h"
#include "tui/update.h"

unsigned tiny_key(struct model *model, int key)
{
	enum question question = model->dialog.question;

	if (key == CONTROL('L'))
		return REACT_CLEAR;
	if (key == CONTROL('Z'))
		return REACT_SUSPEND;
	if (question == QUESTION_QUIT || question == QUESTION_STOP)
		return key == 's' || key == 'S' ? 0 : answer_key(model, key); /* a name could not be seen */
	if (model->running && (key == 'c' || key == CONTROL('C')))
		leave_stop(model);
	else if (key == 'q' || key == CONTROL('C') || key == INPUT_F10)
		return leave_now(model);
	return 0;
}

/* What counts comes first: the end of the line may be cut. */
const char *tiny_line(const struct model *model)
{
	if (model->dialog.question == QUESTION_QUIT)
		return "y leaves, n stays: nothing is applied.";
	if (model->dialog.question == QUESTION_STOP)
		return "y stops it, n goes on.";
	if (model->running)
		return model->recovering ? "vfioconf: recovering ..." : "vfioconf: applying ...";
	return "40x10 needed: make the window larger.";
}
