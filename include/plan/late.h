/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Binding in the real root, for generators that cannot bind early (struct initramfs, .late): a unit of systemd that runs
 * a shell script (binding_late()) before systemd-udev-trigger.service has udev load the drivers of everything,
 * before systemd-modules-load.service and before the screen manager. What the kernel or the initramfs has given to a
 * driver by then is taken from that. The unit is wanted by a drop-in of sysinit.target and not by a link, so that
 * everything is a file that the transaction writes and takes back.
 */
#ifndef VFIOCONF_PLAN_LATE_H
#define VFIOCONF_PLAN_LATE_H

#include <stdbool.h>

#include "base/fault.h"
#include "plan/planner.h"

#define LATE_SCRIPT "/etc/vfioconf-bind.sh"
#define LATE_UNIT "/etc/systemd/system/vfioconf-bind.service"
#define LATE_WANTED "/etc/systemd/system/sysinit.target.d/vfioconf.conf"

/*
 * Where nothing but the softdep of a driver has vfio-pci loaded, that driver is not blacklisted, whatever was asked: it
 * is taken out of plan.binding.blacklist, and that is said. True where there was one.
 */
bool late_spare_drivers(struct planner *planner);

/*
 * Appends the changes of these files, and what it means for what is ticked: a
 * graphics card is told of, and where there is no systemd every function is refused that the modprobe.d file alone
 * does not bring to vfio-pci there. So is, with an image that does not load vfio-pci, what a built-in driver has.
 */
bool late_propose(struct planner *planner, struct fault *fault);

#endif
