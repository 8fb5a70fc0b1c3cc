/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is nobody else's business in configuration: passwords, and where a computer is in its network. Of "NAME=VALUE",
 * such as the parameters of a kernel, the value goes and the word stays.
 */
#ifndef VFIOCONF_HOST_SECRET_H
#define VFIOCONF_HOST_SECRET_H

#include <stdbool.h>

#include "base/text.h"

/* Appends BYTES without such values. Returns false where a secret may stand in them in another form. */
bool secret_hide(const char *bytes, size_t length, struct text *ret);

#endif
