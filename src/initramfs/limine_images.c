/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "initramfs/limine_images.h"

#include <string.h>

#include "base/text.h"

#define KEY "module_path:"
#define BOOT_VOLUME "boot():"

/* limine.conf, and where the volume is mounted that it lies on. */
static const struct {
	const char *config, *mount;
} places[] = {
	{ "/boot/limine.conf", "/boot" },		{ "/boot/limine/limine.conf", "/boot" },
	{ "/boot/EFI/limine/limine.conf", "/boot" },	{ "/boot/efi/limine.conf", "/boot/efi" },
	{ "/boot/efi/EFI/limine/limine.conf", "/boot/efi" }, { "/efi/limine.conf", "/efi" },
};

static void add_image(const struct root *root, const char *mount, const char *line, struct strlist *ret)
{
	const char *value = line + strspn(line, " \t");
	cleanup_text struct text path = { 0 };

	if (strncasecmp(value, KEY, strlen(KEY)) != 0)
		return;
	value += strlen(KEY);
	value += strspn(value, " \t");
	if (!text_starts_with(value, BOOT_VOLUME "/"))
		return;
	value += strlen(BOOT_VOLUME);
	text_printf(&path, "%s%.*s", mount, (int)strcspn(value, "#"), value);
	if (root_exists(root, text_string(&path)))
		strlist_add_once(ret, text_string(&path));
}

void limine_images_find(const struct root *root, struct strlist *ret, struct strlist *configs)
{
	if (!root_exists(root, "usr/bin/" LIMINE_MKINITCPIO))
		return;
	for (size_t i = 0; i < array_size(places); i++) {
		cleanup_strlist struct strlist lines = { 0 };
		cleanup_text struct text bytes = { 0 };

		root_read(root, places[i].config, ROOT_LIMIT_TEXT, &bytes, NULL);
		strlist_split(&lines, text_string(&bytes), "\r\n");
		for (size_t j = 0; j < lines.count; j++)
			add_image(root, places[i].mount, lines.items[j], ret);
		if (configs && lines.count)
			strlist_add_once(configs, places[i].config);
	}
}

bool limine_images_package(const char *image, char *buffer, size_t size)
{
	const char *end = strrchr(image, '/'), *start = end;

	if (!end || end == image)
		return false;
	while (start > image && start[-1] != '/')
		start--;
	if (end == start || (size_t)(end - start) >= size)
		return false;
	memcpy(buffer, start, (size_t)(end - start));
	buffer[end - start] = '\0';
	return true;
}
