/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * At once and until the next boot: functions to vfio-pci, or back to drivers
 * of the host. By driver_override, so no other device with the same ids is touched.
 */
#ifndef VFIOCONF_APPLY_REBIND_H
#define VFIOCONF_APPLY_REBIND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/address.h"
#include "base/fault.h"
#include "host/host.h"
#include "system/root.h"

enum rebind_way { REBIND_TO_VFIO, REBIND_TO_HOST };

/* What acts on the kernel; tests put another in its place. DATA is handed to both. */
struct rebind_kernel {
	bool (*write)(void *data, const struct root *root, const char *path, const char *value, struct fault *fault);
	bool (*load)(void *data, const struct root *root, const char *module, struct fault *fault);
	void *data;
};
extern const struct rebind_kernel rebind_kernel; /* sysfs and modprobe */

/*
 * Hands FUNCTION over. On failure it has the driver again that it had, or the fault says that it has none. *RET_DRIVER
 * gets the driver that has it now, which the caller frees; NULL where the host has none for it.
 */
bool rebind_run(const struct rebind_kernel *kernel, const struct root *root, const struct function *function,
		enum rebind_way way, char **ret_driver, struct fault *fault);

#endif
