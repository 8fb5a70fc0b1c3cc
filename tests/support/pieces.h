/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pieces of which tests put machine files together. */
#ifndef VFIOCONF_TESTS_SUPPORT_PIECES_H
#define VFIOCONF_TESTS_SUPPORT_PIECES_H

/* What the boot loader says of itself: four bytes of attributes, then UTF-16. */
#define LOADER_INFO "/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define LOADER_SAYS(bytes) "file " LOADER_INFO "\n\t\\\\x06\\x00\\x00\\x00" bytes "\\x00\n"
#define SYSTEMD_BOOT LOADER_SAYS("s\\x00y\\x00s\\x00t\\x00e\\x00m\\x00d\\x00-\\x00b\\x00o\\x00o\\x00t")
#define LIMINE LOADER_SAYS("L\\x00i\\x00m\\x00i\\x00n\\x00e")
#define GRUB LOADER_SAYS("G\\x00R\\x00U\\x00B\\x00 \\x002")
#define RUNNING(words) "file /proc/cmdline\n\t|" words "\n"
#define PROGRAM(path) "file " path " 0755\n\t|#!/bin/sh\n"
#define ENTRY(path, options) "file " path "\n\t|title Linux\n\t|linux /vmlinuz\n\t|options " options "\n"

/* Both there, as on every Proxmox: GRUB's files, and the list of ESPs. */
#define PROXMOX                                                                                                    \
	PROGRAM("/usr/sbin/proxmox-boot-tool") "dir /sys/firmware/efi\n"                                           \
	"file /etc/kernel/proxmox-boot-uuids\n\t|ABCD-0123\n"                                                      \
	"file /etc/kernel/cmdline\n\t|root=ZFS=rpool/ROOT/pve-1 boot=zfs\n"                                        \
	"file /usr/sbin/grub-mkconfig 0755\n\t|for x in ${sysconfdir}/default/grub.d/*.cfg ; do\n"                 \
	"file /etc/default/grub\n\t|GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"                                        \
	"file /boot/grub/grub.cfg\n\t|### BEGIN /etc/grub.d/10_linux ###\n\t|linux /boot/vmlinuz-6.8.12-pve quiet\n"

#endif
