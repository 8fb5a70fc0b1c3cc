/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NixOS: what its parameters and its initramfs have in common. */
#ifndef VFIOCONF_BOOT_NIXOS_H
#define VFIOCONF_BOOT_NIXOS_H

/* Its files in /etc are made from the configuration, too: there is nothing that could be done here afterwards. */
#define NIXOS_AFTER                                                                                              \
	"Then type nixos-rebuild switch and reboot. No more is to be done here: vfioconf --list shows afterwards " \
	"what is at vfio-pci."

#endif
