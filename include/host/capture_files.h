/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that boot loaders, generators and modprobe are known and configured by, as a machine file has them. */
#ifndef VFIOCONF_HOST_CAPTURE_FILES_H
#define VFIOCONF_HOST_CAPTURE_FILES_H

#include "base/text.h"
#include "system/root.h"

void capture_files(const struct root *root, struct text *out);

#endif
