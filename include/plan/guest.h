/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a guest needs next to have the functions of a selection: text for libvirt or QEMU, from their real addresses. */
#ifndef VFIOCONF_PLAN_GUEST_H
#define VFIOCONF_PLAN_GUEST_H

#include <stdbool.h>

#include "base/text.h"
#include "host/host.h"
#include "plan/selection.h"

enum guest_kind { GUEST_LIBVIRT, GUEST_QEMU };

bool guest_kind_parse(const char *word, enum guest_kind *ret); /* "libvirt", "qemu" */

/*
 * Functions of one device stay functions of one device: each gets a root port
 * of its own, with its functions behind it under their own numbers, the first of them under 0 at least.
 */
void guest_write(enum guest_kind kind, const struct host *host, const struct selection *selection, struct text *ret);

#endif
