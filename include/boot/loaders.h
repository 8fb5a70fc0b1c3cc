/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of the table of boot loaders, each of which is all that its source file shows. */
#ifndef VFIOCONF_BOOT_LOADERS_H
#define VFIOCONF_BOOT_LOADERS_H

#include "boot/loader.h"

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
