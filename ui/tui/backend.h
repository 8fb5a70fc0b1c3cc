/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rest of the program, as the interface asks it. */
#ifndef VFIOCONF_UI_TUI_BACKEND_H
#define VFIOCONF_UI_TUI_BACKEND_H

#include "tui/model.h"

extern const struct backend backend_real;

#endif
