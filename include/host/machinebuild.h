/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what a machine file says to the files and links that a kernel would show. */
#ifndef VFIOCONF_HOST_MACHINEBUILD_H
#define VFIOCONF_HOST_MACHINEBUILD_H

#include <stdbool.h>

#include "base/fault.h"
#include "host/machinemodel.h"
#include "host/machinetree.h"

/* Fills TREE with all of MODEL; NAME is the machine file's, for faults. */
bool machinebuild(const struct machinemodel *model, const char *name, struct machinetree *tree, struct fault *fault);

#endif
