/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "initramfs/maker.h"

#include <string.h>

#include "base/text.h"
#include "initramfs/image.h"

/* What a generator needs to be run at all, and how the images begin that only the user's own settings name otherwise. */
static const struct maker {
	const char *name, *programs[3], *settings, *images;
} makers[] = {
	{ "initramfs-tools", { "usr/sbin/mkinitramfs" }, "etc/initramfs-tools/initramfs.conf", "/boot/initrd.img-" },
	{ "dracut", { "usr/bin/dracut", "usr/sbin/dracut", "sbin/dracut" }, NULL, "/" },
	{ "mkinitcpio", { "usr/bin/mkinitcpio" }, NULL, "/boot/initramfs-" },
	{ "genkernel", { "usr/bin/genkernel" }, "etc/genkernel.conf", "/boot/initramfs-" },
};

static bool is_installed(const struct root *root, const struct maker *maker)
{
	if (maker->settings && !root_exists(root, maker->settings))
		return false;
	for (size_t i = 0; i < array_size(maker->programs) && maker->programs[i]; i++)
		if (root_exists(root, maker->programs[i]))
			return true;
	return false;
}

static bool has_genkernel(const struct root *root)
{
	return root_exists(root, "usr/bin/genkernel");
}

/*
 * The archive in front, which is for the kernel itself, has a file of that name with all three. dracut has the directory
 * in it as well (dracut.sh: find . | sort), and so has genkernel (gen_initramfs.sh: find .); mkinitcpio leaves it out
 * (build_image(): find . -mindepth 1).
 */
const char *maker_of(const struct root *root, const char *image)
{
	if (!image_begins_with(root, image, "early_cpio"))
		return NULL;
	if (!image_begins_with(root, image, "."))
		return "mkinitcpio";
	return has_genkernel(root) ? NULL : "dracut";
}

const char *maker_rival(const struct root *root, const char *maker, const char *image)
{
	for (size_t i = 0; i < array_size(makers); i++)
		if (strcmp(makers[i].name, maker) != 0 && text_starts_with(image, makers[i].images) &&
		    is_installed(root, &makers[i]))
			return makers[i].name;
	return NULL;
}

bool maker_is_chosen(const struct root *root, const char *maker)
{
	cleanup_text struct text part = { 0 };
	char target[256];

	text_printf(&part, "/%s/", maker);
	return root_link(root, "etc/kernel.d/post-install/20-initramfs", target, sizeof(target)) &&
	       strstr(target, text_string(&part));
}
