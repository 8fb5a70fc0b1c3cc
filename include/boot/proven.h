/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far a boot loader or a generator was proven, for the manual; never more than was done. Every row has its golden
 * plans and keeps the laws on machine files, after its tool's documentation; beyond that, these two.
 */
#ifndef VFIOCONF_BOOT_PROVEN_H
#define VFIOCONF_BOOT_PROVEN_H

#include <stdbool.h>

struct proven {
	const char *booted; /* systems that were booted as guests before, with and after a change by it; NULL: none */
	bool nothing;       /* it knows no format, and writes none: there is nothing to prove */
	const char *run;    /* systems whose own tool took the files and gave what was asked for; NULL: none */
};

#endif
