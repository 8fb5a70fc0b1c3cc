/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of a selection, as a list that can be changed. */
#ifndef VFIOCONF_UI_TUI_SETTINGS_H
#define VFIOCONF_UI_TUI_SETTINGS_H

#include "tui/model.h"

enum setting {
	SETTING_BIND,
	SETTING_BLACKLIST,
	SETTING_PASSTHROUGH,
	SETTING_IOMMU,
	SETTING_ACS,
	SETTING_MENU_ENTRY,
	SETTING_ADOPT,
	SETTING_LOADER,
	SETTING_GENERATOR,
	SETTING_COUNT
};

const char *setting_label(enum setting setting);
const char *setting_explain(enum setting setting);

/* What it is set to now, in words; the caller frees. */
char *setting_value(const struct model *model, enum setting setting);

/* Whether a finding of CODE is a question that is answered by choosing one of a list; *RET: of which. */
bool setting_is_asked(enum finding_code code, enum choice_kind *ret);

#endif
