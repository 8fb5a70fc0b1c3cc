/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * That what the firmware starts is a copy of what was looked into: the initrd beside a boot entry, or in the section
 * ".initrd" of a unified kernel image. Both may be of any size; they are compared piece by piece.
 */
#ifndef VFIOCONF_APPLY_PROVE_COPY_H
#define VFIOCONF_APPLY_PROVE_COPY_H

#include "apply/prove.h"

/* An EXPECT_COPY of edit/changeset.h. */
bool prove_copy(const struct proof *proof, const struct expectation *expectation, struct fault *fault);

#endif
