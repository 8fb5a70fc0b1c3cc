/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel of a machine file: lib/modules/RELEASE with what depmod would have made there. */
#ifndef VFIOCONF_HOST_MACHINEKERNEL_H
#define VFIOCONF_HOST_MACHINEKERNEL_H

#include <stdbool.h>

#include "base/fault.h"
#include "host/machinemodel.h"
#include "host/machinetree.h"

bool machinekernel_build(const struct machine_kernel *kernel, const char *name, struct machinetree *tree,
			 struct fault *fault);

#endif
