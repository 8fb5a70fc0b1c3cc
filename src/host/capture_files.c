/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/capture_files.h"

#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "host/machinewrite.h"
#include "host/modprobe.h"
#include "host/secret.h"

enum how {
	WHOLE,	 /* the content, but for passwords */
	BINARY,	 /* the content, byte for byte */
	LINES,	 /* of the content only the lines that the probes look for */
	IF_VFIO, /* the content where it is about vfio, else that it is there */
	PRESENCE /* that it is there, and its mode */
};

/*
 * Every file that src/boot and src/initramfs look at; "*" as in fnmatch(3), in
 * any component. A new loader or generator adds its files here, or its machines cannot be captured.
 */
static const struct {
	const char *pattern;
	enum how how;
} captured[] = {
	/* what vfioconf wrote where it would not be looked at otherwise */
	{ "/etc/vfioconf.ini", WHOLE },
	{ "/etc/vfioconf-bind.sh", WHOLE },
	{ "/etc/systemd/system/vfioconf-bind.service", WHOLE },
	{ "/etc/systemd/system/sysinit.target.d/vfioconf.conf", WHOLE },
	{ "/etc/initramfs-tools/hooks/vfioconf", WHOLE },
	{ "/etc/initcpio/install/vfioconf", WHOLE },
	/* the system */
	{ "/etc/os-release", WHOLE },
	{ "/usr/lib/os-release", WHOLE },
	{ "/etc/debian_version", WHOLE },
	{ "/etc/machine-id", WHOLE }, /* names directories below /boot; redacted like any such number */
	{ "/etc/NIXOS", PRESENCE },
	{ "/run/ostree-booted", PRESENCE },
	{ "/run/ostree/staged-deployment", PRESENCE },
	{ "/sys/firmware/acpi/tables/DMAR", PRESENCE },
	{ "/sys/firmware/acpi/tables/IVRS", PRESENCE },
	{ "/sys/firmware/acpi/tables/IORT", PRESENCE },
	{ "/sys/firmware/efi/efivars", PRESENCE },
	/* Every firmware sets this one: that variables can be seen at all, and those of a boot loader are not there. */
	{ "/sys/firmware/efi/efivars/BootCurrent-8be4df61-93ca-11d2-aa0d-00e098032b8c", PRESENCE },
	{ "/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", BINARY },
	{ "/sys/firmware/efi/efivars/StubInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", BINARY },
	{ "/sys/firmware/efi/efivars/LoaderEntrySelected-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", BINARY },
	{ "/sys/firmware/efi/efivars/LoaderEntryDefault-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", BINARY },
	{ "/sys/firmware/efi/efivars/LoaderImageIdentifier-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", BINARY },
	{ "/sys/firmware/efi/efivars/StubImageIdentifier-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", BINARY },
	{ "/sys/firmware/efi/efivars/LoaderDevicePartUUID-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", PRESENCE },
	{ "/sys/bus/pci/drivers/vfio-pci", PRESENCE },
	{ "/proc/device-tree/model", WHOLE },
	/* modprobe */
	{ "/etc/modprobe.d", PRESENCE },
	{ "/etc/modprobe.d/*.conf", WHOLE },
	{ "/run/modprobe.d/*.conf", WHOLE },
	{ "/usr/local/lib/modprobe.d/*.conf", WHOLE },
	{ "/usr/lib/modprobe.d/*.conf", WHOLE },
	{ "/lib/modprobe.d/*.conf", WHOLE },
	{ "/etc/driverctl.d/*", WHOLE },
	{ "/etc/udev/rules.d/*.rules", IF_VFIO },
	{ "/usr/lib/systemd/systemd", PRESENCE },
	{ "/etc/modules", WHOLE },
	{ "/etc/modules-load.d/*.conf", WHOLE },
	/* kernels and images */
	{ "/boot/vmlinuz*", PRESENCE },
	{ "/boot/vmlinux*", PRESENCE },
	{ "/boot/initrd*", PRESENCE },
	{ "/boot/initramfs*", PRESENCE },
	{ "/boot/booster*", PRESENCE },
	{ "/boot/kernel-*", PRESENCE },
	{ "/boot/bzImage*", PRESENCE },
	{ "/boot/*/*/linux*", PRESENCE }, /* BOOT/TOKEN/VERSION, as kernel-install lays them out */
	{ "/boot/*/*/initrd*", PRESENCE },
	{ "/boot/*/*/initramfs*", PRESENCE },
	{ "/boot/efi/*/*/linux*", PRESENCE },
	{ "/boot/efi/*/*/initrd*", PRESENCE },
	{ "/efi/*/*/linux*", PRESENCE },
	{ "/efi/*/*/initrd*", PRESENCE },
	{ "/esp/*/*/linux*", PRESENCE },
	{ "/esp/*/*/initrd*", PRESENCE },
	{ "/boot/efi/EFI/*/initrd*", PRESENCE }, /* kernelstub */
	{ "/boot/efi", PRESENCE },
	{ "/efi", PRESENCE },
	{ "/usr/lib/modules/*/pkgbase", WHOLE },
	{ "/usr/lib/modules/*/vmlinuz", PRESENCE },
	{ "/usr/lib/kernel/initrd-*", PRESENCE },
	/* boot loaders */
	{ "/etc/default/grub", WHOLE },
	{ "/etc/default/grub.d", PRESENCE },
	{ "/etc/default/grub.d/*", WHOLE },
	{ "/etc/grub.d/10_linux", PRESENCE },
	{ "/etc/grub.d/95_vfioconf", WHOLE },
	{ "/etc/grub2.cfg", WHOLE },
	{ "/etc/grub2-efi.cfg", WHOLE },
	{ "/boot/grub/grub.cfg", WHOLE },
	{ "/boot/grub2/grub.cfg", WHOLE },
	{ "/boot/grub2/grubenv", WHOLE },
	{ "/boot/loader/loader.conf", WHOLE },
	{ "/boot/loader/entries/*.conf", WHOLE },
	{ "/boot/efi/loader/loader.conf", WHOLE },
	{ "/boot/efi/loader/entries/*.conf", WHOLE },
	{ "/efi/loader/loader.conf", WHOLE },
	{ "/efi/loader/entries/*.conf", WHOLE },
	{ "/esp/loader/loader.conf", WHOLE },
	{ "/esp/loader/entries/*.conf", WHOLE },
	{ "/esp/EFI/*/*.efi", PRESENCE },
	{ "/boot/EFI/*", PRESENCE },
	{ "/boot/EFI/*/*.efi", PRESENCE },
	{ "/boot/efi/EFI/*/*.efi", PRESENCE },
	{ "/efi/EFI/*/*.efi", PRESENCE },
	{ "/boot/limine.c*", WHOLE },
	{ "/boot/limine/limine.c*", WHOLE },
	{ "/boot/EFI/*/limine.c*", WHOLE },
	{ "/boot/efi/limine.conf", WHOLE },
	{ "/boot/efi/EFI/*/limine.conf", WHOLE },
	{ "/efi/limine.c*", WHOLE },
	{ "/efi/limine/limine.c*", WHOLE },
	{ "/efi/EFI/*/limine.c*", WHOLE },
	{ "/etc/default/limine", WHOLE },
	{ "/etc/limine-entry-tool.conf", WHOLE },
	{ "/etc/limine-entry-tool.d/*.conf", WHOLE },
	{ "/usr/share/limine-entry-tool.d/*.conf", WHOLE },
	{ "/boot/refind_linux.conf", WHOLE },
	{ "/boot/efi/refind_linux.conf", WHOLE },
	{ "/efi/refind_linux.conf", WHOLE },
	{ "/boot/EFI/*/refind.conf", WHOLE },
	{ "/boot/efi/EFI/*/refind.conf", WHOLE },
	{ "/efi/EFI/*/refind.conf", WHOLE },
	{ "/boot/extlinux/extlinux.conf", WHOLE },
	{ "/boot/extlinux.conf", WHOLE },
	{ "/boot/syslinux/extlinux.conf", WHOLE },
	{ "/boot/syslinux/syslinux.cfg", WHOLE },
	{ "/boot/EFI/syslinux/syslinux.cfg", WHOLE },
	{ "/boot/efi/EFI/syslinux/syslinux.cfg", WHOLE },
	{ "/etc/update-extlinux.conf", WHOLE },
	{ "/etc/default/u-boot", WHOLE },
	{ "/etc/u-boot-menu/conf.d", PRESENCE },
	{ "/etc/u-boot-menu/conf.d/*.conf", WHOLE },
	{ "/usr/share/u-boot-menu/conf.d/*.conf", WHOLE },
	{ "/boot/firmware/cmdline.txt", WHOLE },
	{ "/boot/cmdline.txt", WHOLE },
	{ "/etc/sdboot-manage.conf", WHOLE },
	{ "/etc/kernelstub/configuration", WHOLE },
	{ "/etc/initramfs/post-update.d/*", PRESENCE },
	{ "/etc/kernel/cmdline", WHOLE },
	{ "/usr/lib/kernel/cmdline", WHOLE },
	{ "/etc/kernel/cmdline.d/*", WHOLE },
	{ "/usr/share/kernel/cmdline.d/*.conf", WHOLE },
	{ "/etc/cmdline.d", PRESENCE },
	{ "/etc/cmdline.d/*.conf", WHOLE },
	{ "/etc/kernel/entry-token", WHOLE },
	{ "/etc/kernel/tries", WHOLE },
	{ "/etc/kernel/install.conf", WHOLE },
	{ "/run/kernel/install.conf", WHOLE },
	{ "/usr/local/lib/kernel/install.conf", WHOLE },
	{ "/usr/lib/kernel/install.conf", WHOLE },
	{ "/etc/kernel/install.conf.d/*.conf", WHOLE },
	{ "/run/kernel/install.conf.d/*.conf", WHOLE },
	{ "/usr/local/lib/kernel/install.conf.d/*.conf", WHOLE },
	{ "/usr/lib/kernel/install.conf.d/*.conf", WHOLE },
	{ "/etc/kernel/install.d/*", PRESENCE },
	{ "/etc/kernel/postinst.d/*", PRESENCE },
	{ "/etc/kernel.d/post-install/*", PRESENCE },
	{ "/etc/kernel/proxmox-boot-uuids", WHOLE },
	{ "/etc/zfsbootmenu/config.yaml", PRESENCE },
	{ "/ostree/deploy/*/deploy/*.origin", LINES },
	/* generators */
	{ "/etc/initramfs-tools/initramfs.conf", WHOLE },
	{ "/etc/initramfs-tools/update-initramfs.conf", WHOLE },
	{ "/etc/initramfs-tools/modules", WHOLE },
	{ "/etc/initramfs-tools/conf.d/*", WHOLE },
	{ "/etc/initramfs-tools/hooks", PRESENCE },
	{ "/etc/initramfs-tools/hooks/*", PRESENCE },
	{ "/etc/initramfs-tools/scripts/*/*", IF_VFIO },
	{ "/etc/dracut.conf", WHOLE },
	{ "/etc/dracut.conf.d", PRESENCE },
	{ "/etc/dracut.conf.d/*.conf", WHOLE },
	{ "/usr/lib/dracut/dracut.conf.d/*.conf", WHOLE },
	{ "/usr/lib/dracut", PRESENCE },
	{ "/etc/mkinitcpio*.conf", WHOLE }, /* those that presets name, too */
	{ "/etc/mkinitcpio.conf.d", PRESENCE },
	{ "/etc/mkinitcpio.conf.d/*.conf", WHOLE },
	{ "/etc/mkinitcpio.d/*.preset", WHOLE },
	{ "/etc/initcpio/hooks/*", IF_VFIO },
	{ "/etc/booster.yaml", WHOLE },
	{ "/etc/mkinitfs/mkinitfs.conf", WHOLE },
	{ "/etc/mkinitfs/features.d/*", WHOLE },
	{ "/etc/genkernel.conf", WHOLE },
	{ "/var/lib/dpkg/info/initramfs-tools*.list", LINES },
	{ "/var/lib/dpkg/info/dracut*.list", LINES },
	{ "/usr/share/libalpm/hooks/*mkinitcpio*", PRESENCE },
	{ "/usr/share/libalpm/hooks/*dracut*", WHOLE },
	{ "/usr/share/libalpm/scripts/*dracut*", WHOLE },
	{ "/usr/local/*bin/*dracut*", WHOLE },
	{ "/etc/pacman.d/hooks/*mkinitcpio*", PRESENCE },
	{ "/etc/pacman.d/hooks/*dracut*", WHOLE },
	/* programs */
	{ "/usr/*bin/grub*-mkconfig", LINES },
	{ "/usr/*bin/update-grub*", PRESENCE },
	{ "/usr/*bin/grubby", PRESENCE },
	{ "/usr/*bin/update-initramfs", PRESENCE },
	{ "/usr/*bin/mkinitramfs", PRESENCE },
	{ "/usr/*bin/lsinitramfs", PRESENCE },
	{ "/usr/bin/dracut-rebuild", WHOLE },
	{ "/usr/bin/kernel-install-for-dracut", WHOLE },
	{ "/usr/*bin/dracut*", PRESENCE },
	{ "/usr/*bin/lsinitrd", LINES },
	{ "/usr/*bin/objcopy", PRESENCE },
	{ "/usr/*bin/mkinitcpio", LINES },
	{ "/usr/*bin/lsinitcpio", PRESENCE },
	{ "/usr/*bin/booster", PRESENCE },
	{ "/usr/lib/booster/regenerate_images", PRESENCE },
	{ "/usr/*bin/genkernel", PRESENCE },
	{ "/usr/*bin/update-tirfs", PRESENCE },
	{ "/usr/*bin/bootctl", PRESENCE },
	{ "/usr/*bin/kernel-install", PRESENCE },
	{ "/usr/*bin/sdboot*", PRESENCE },
	{ "/usr/*bin/kernelstub", PRESENCE },
	{ "/usr/*bin/clr-boot-manager", PRESENCE },
	{ "/usr/*bin/proxmox-boot-tool", PRESENCE },
	{ "/usr/*bin/reinstall-kernels", PRESENCE },
	{ "/usr/*bin/limine-*", PRESENCE },
	{ "/usr/*bin/rpm-ostree", PRESENCE },
	{ "/usr/*bin/bootc", PRESENCE },
	{ "/usr/*bin/mkinitfs", PRESENCE },
	{ "/sbin/mkinitfs", PRESENCE },
	{ "/bin/kmod", PRESENCE },
	{ "/usr/*bin/kmod", PRESENCE },
	{ "/usr/*bin/update-extlinux", PRESENCE },
	{ "/sbin/update-extlinux", PRESENCE },
	{ "/usr/*bin/u-boot-update", LINES },
};

/* What LINES keeps. */
static const char *const telling[] = { "default/grub.d",    "/update-initramfs", "/usr/share/doc/dracut",
				       "mkinitcpio.conf.d", "cmdline.d",	  "u-boot-menu/conf.d",
				       "regenerate-initramfs", "vfioconf.conf", "objcopy" };

struct capture {
	const struct root *root;
	struct strlist said; /* paths that have their statement */
	struct text *links, *out;
};

static bool is_telling(const char *line)
{
	for (size_t i = 0; i < array_size(telling); i++)
		if (strstr(line, telling[i]))
			return true;
	return false;
}

/* The lines of BYTES that may be shown; of a line with a password that is no word of its own only that it was there. */
static void sift(const struct text *bytes, enum how how, struct text *ret)
{
	const char *at = text_string(bytes), *end = at + bytes->length;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((newline ? newline + 1 : end) - at);
		cleanup_free char *line = memory_string_n(at, length);
		cleanup_text struct text shown = { 0 };

		if (!secret_hide(at, length, &shown) && how == WHOLE)
			text_append(ret, "# a line with a secret was here\n");
		else if (how == WHOLE || (how == LINES && is_telling(line)))
			text_append_n(ret, text_string(&shown), shown.length);
		at += length;
	}
}

static enum how how_of(const struct root *root, const char *path)
{
	cleanup_text struct text bytes = { 0 };

	return root_read(root, path, ROOT_LIMIT_TEXT, &bytes, NULL) && memmem(bytes.bytes, bytes.length, "vfio", 4) ?
		       WHOLE : PRESENCE;
}

/* An image that was made before our file came, and so without it. */
static bool is_stale(const struct root *root, const char *path, time_t written)
{
	struct stat ours;

	return (text_starts_with(path, "/boot/initrd") || text_starts_with(path, "/boot/initramfs")) &&
	       root_stat(root, "/etc/modprobe.d/" MODPROBE_OWN, &ours) && written < ours.st_mtime;
}

static void capture_content(struct capture *capture, const char *path, enum how how, const struct stat *status)
{
	mode_t mode = status->st_mode;
	cleanup_text struct text bytes = { 0 }, shown = { 0 };
	struct fault fault = { 0 };

	if (how == IF_VFIO)
		how = how_of(capture->root, path);
	if (how == PRESENCE)
		text_append(&shown, mode & 0111 ? "#!/bin/sh\n" : "there\n");
	else if (!root_read(capture->root, path, ROOT_LIMIT_GENERATED, &bytes, &fault))
		text_printf(&shown, "# %s\n", fault.sentence);
	else if (how == BINARY)
		text_append_n(&shown, text_string(&bytes), bytes.length);
	else
		sift(&bytes, how, &shown);
	if (how == LINES && mode & 0111) {
		struct text program = { 0 };

		text_printf(&program, "#!/bin/sh\n%s", text_string(&shown));
		text_done(&shown);
		shown = program;
	}
	if (is_stale(capture->root, path, status->st_mtime))
		machinewrite_old_file(capture->out, path, mode & 0777, &shown);
	else
		machinewrite_file(capture->out, path, mode & 0777, &shown);
}

/* The links on the way to PATH, each once, so that it can be found under this name too. */
static void capture_links(struct capture *capture, const char *path)
{
	for (const char *slash = strchr(path + 1, '/');; slash = strchr(slash + 1, '/')) {
		cleanup_free char *prefix = memory_string_n(path, slash ? (size_t)(slash - path) : strlen(path));
		char target[PATH_MAX];

		if (root_link(capture->root, prefix, target, sizeof(target)) && *target &&
		    strlist_add_once(&capture->said, prefix))
			machinewrite_link(capture->links, prefix, target);
		if (!slash)
			break;
	}
}

static void capture_path(struct capture *capture, const char *path, enum how how)
{
	cleanup_free char *real = root_resolve(capture->root, path);
	struct stat status;

	capture_links(capture, path);
	if (!real || !root_stat(capture->root, real, &status) || !strlist_add_once(&capture->said, real))
		return;
	if (S_ISDIR(status.st_mode))
		machinewrite_directory(capture->out, real);
	else if (S_ISREG(status.st_mode))
		capture_content(capture, real, how, &status);
}

/* Goes down PATTERN component by component; BASE is what of it is decided. */
static void expand(struct capture *capture, const char *base, const char *pattern, enum how how)
{
	size_t length = strcspn(pattern, "/");
	cleanup_free char *component = memory_string_n(pattern, length);
	cleanup_strlist struct strlist names = { 0 };

	if (strpbrk(component, "*?["))
		root_list(capture->root, *base ? base : "/", &names, NULL);
	else
		strlist_add(&names, component);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text path = { 0 };

		if (fnmatch(component, names.items[i], FNM_PERIOD))
			continue;
		text_printf(&path, "%s/%s", base, names.items[i]);
		if (pattern[length])
			expand(capture, path.bytes, pattern + length + 1, how);
		else
			capture_path(capture, path.bytes, how);
	}
}

/* Links come first: the statements behind them may lead through them. */
void capture_files(const struct root *root, struct text *out)
{
	static const char *const merged[] = { "/bin", "/sbin", "/lib", "/lib64", "/usr/sbin" };
	cleanup_text struct text links = { 0 }, files = { 0 };
	struct capture capture = { .root = root, .links = &links, .out = &files };

	for (size_t i = 0; i < array_size(merged); i++)
		capture_links(&capture, merged[i]);
	/* Whose content is wanted first: "/boot/loader/entries/linux.conf" is also named like a kernel. */
	for (size_t i = 0; i < array_size(captured); i++)
		if (captured[i].how != PRESENCE)
			expand(&capture, "", captured[i].pattern + 1, captured[i].how);
	for (size_t i = 0; i < array_size(captured); i++)
		if (captured[i].how == PRESENCE)
			expand(&capture, "", captured[i].pattern + 1, captured[i].how);
	text_append_n(out, text_string(&links), links.length);
	text_append_n(out, text_string(&files), files.length);
	strlist_done(&capture.said);
}
