/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/leave.h"

#include "tui/ask.h"
#include "tui/update.h"

void leave_refuse(struct model *model)
{
	if (model->recovering)
		model_say(model, STYLE_WARNING, "What was cut off is put right now: wait for the end.");
	else
		model_say(model, STYLE_WARNING, "The changes are being applied: wait for the end%s.",
			  model_can(model, ACTION_STOP) ? ", or c stops" : "");
}

unsigned leave_now(struct model *model)
{
	if (model->running) {
		leave_refuse(model);
		return 0;
	}
	if (!model_unsaved(model))
		return REACT_QUIT;
	ask_quit(model);
	return 0;
}

void leave_stop(struct model *model)
{
	if (model_can(model, ACTION_STOP))
		ask_stop(model);
	else if (model->recovering || model->feed.stopping)
		model_say(model, STYLE_MESSAGE, "Everything is being put back already.");
	else
		model_say(model, STYLE_MESSAGE, "It cannot be stopped from here: it runs as root.");
}
