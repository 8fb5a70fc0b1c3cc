/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changing what is wanted: ticks, options, overrides; and the plan that follows from it. */
#ifndef VFIOCONF_UI_TUI_TICK_H
#define VFIOCONF_UI_TUI_TICK_H

#include "tui/model.h"

/* Ticks or unticks what is under the cursor; may open a question. */
void tick_toggle(struct model *model);

/* Ticks a function (index), with the members of its group that stand in the way or without. */
void tick_function(struct model *model, size_t index, bool mates);
void tick_untick(struct model *model, size_t index, bool mates); /* the same for those that it keeps from a guest */
void tick_none(struct model *model);
void tick_iommu(struct model *model);
void tick_iommu_alone(struct model *model); /* and unticks everything */

/* Overrides a finding's code, or takes that back. */
void tick_allow(struct model *model, const char *code, bool allow);

/* Plans what is wanted now, and tells what follows from the change that WHAT tells of. */
void tick_say(struct model *model, const char *what);

/* Something that is wanted has changed: what was planned is no longer true. */
void tick_changed(struct model *model);

/* Makes the plan where it is not made yet. False, with the reason as message, where that is not possible. */
bool tick_plan(struct model *model);

/* Reads the machine again. */
void tick_rescan(struct model *model);

#endif
