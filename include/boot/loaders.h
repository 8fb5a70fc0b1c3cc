/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of the table of boot loaders, each of which is all that its source file shows. */
#ifndef VFIOCONF_BOOT_LOADERS_H
#define VFIOCONF_BOOT_LOADERS_H

#include "boot/loader.h"

/* How a person adds words for one boot (loader.menu) at the menus that more than one of these loaders has. */
#define LIMINE_MENU "press e at Limine's menu, add %s at the end of the line of the command line, and press F10"
#define SYSLINUX_MENU "press Tab at the boot menu, add %s at the end of the line, and press Enter"

extern const struct loader loader_grub_dropin;
extern const struct loader loader_grub;
extern const struct loader loader_grub_bls;
extern const struct loader loader_kernel_install;
extern const struct loader loader_systemd_boot;
extern const struct loader loader_sdboot_manage;
extern const struct loader loader_sdbootutil;
extern const struct loader loader_clr_boot_manager;
extern const struct loader loader_kernelstub;
extern const struct loader loader_proxmox;
extern const struct loader loader_uki_mkinitcpio;
extern const struct loader loader_uki_kernel_install;
extern const struct loader loader_uki_dracut;
extern const struct loader loader_refind;
extern const struct loader loader_limine;
extern const struct loader loader_limine_entry_tool;
extern const struct loader loader_syslinux;
extern const struct loader loader_update_extlinux;
extern const struct loader loader_u_boot_menu;
extern const struct loader loader_raspberry_pi;
extern const struct loader loader_rpm_ostree;
extern const struct loader loader_bootc;
extern const struct loader loader_zfsbootmenu;
extern const struct loader loader_efistub;
extern const struct loader loader_nixos;
extern const struct loader loader_by_hand;

#endif
