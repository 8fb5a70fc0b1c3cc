/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words that the running system was started with and that the boot loader's settings do not have: an entry that a tool
 * writes anew from these settings loses them.
 */
#ifndef VFIOCONF_PLAN_LOST_WORDS_H
#define VFIOCONF_PLAN_LOST_WORDS_H

#include "plan/planner.h"

/*
 * Adds FINDING_WORDS_LOST where something is going to be written anew from settings that are the whole line
 * (loader.whole_line): an error where that is needed to find and to unlock the disks, a warning for other words.
 */
void lost_words_check(const struct planner *planner);

#endif
