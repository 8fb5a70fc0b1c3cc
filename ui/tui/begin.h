/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what is ticked to the question for "yes": what keeps it from being applied is said or asked first. */
#ifndef VFIOCONF_UI_TUI_BEGIN_H
#define VFIOCONF_UI_TUI_BEGIN_H

#include "tui/model.h"

/* Each returns reactions (update.h). */
unsigned begin_apply(struct model *model);
unsigned begin_again(struct model *model); /* whoever comes back to the question is asked anew */

/* Asks which boot loader or generator it is, where that is what FINDING is about. */
bool begin_choice(struct model *model, const struct finding *finding);

#endif
