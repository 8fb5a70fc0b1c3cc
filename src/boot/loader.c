/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/loader.h"

#include <errno.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "boot/loaders.h"

const struct loader *const loaders[] = {
	&loader_grub_dropin,
	&loader_grub,
	&loader_grub_bls,
	&loader_kernel_install,
	&loader_systemd_boot,
	&loader_sdboot_manage,
	&loader_sdbootutil,
	&loader_clr_boot_manager,
	&loader_kernelstub,
	&loader_proxmox,
	&loader_uki_mkinitcpio,
	&loader_uki_kernel_install,
	&loader_uki_dracut,
	&loader_refind,
	&loader_limine,
	&loader_limine_entry_tool,
	&loader_syslinux,
	&loader_update_extlinux,
	&loader_u_boot_menu,
	&loader_raspberry_pi,
	&loader_rpm_ostree,
	&loader_bootc,
	&loader_zfsbootmenu,
	&loader_efistub,
	&loader_nixos,
	&loader_by_hand,
	NULL,
};

const struct loader *loader_find(const char *name)
{
	for (size_t i = 0; loaders[i]; i++)
		if (!strcmp(loaders[i]->name, name))
			return loaders[i];
	return NULL;
}

const char *loader_menu(const struct loader *loader, const struct root *root)
{
	return loader->menu_of ? loader->menu_of(root) : loader->menu;
}

void loader_take_out(const struct loader *loader, const char *word, struct text *ret)
{
	text_printf(ret, loader && loader->take_out ? loader->take_out : "Delete \"%s\" there yourself.", word);
}

/* A directory of a boot loader that may not be read; NULL where there is none. */
static const char *closed_directory(const struct root *root)
{
	static const char *const directories[] = { "/boot", "/boot/loader/entries", "/boot/grub", "/boot/grub2", "/boot/efi",
						   "/boot/efi/loader/entries", "/efi", "/efi/loader/entries" };

	for (size_t i = 0; i < array_size(directories); i++) {
		cleanup_strlist struct strlist names = { 0 };
		struct fault fault = { 0 };

		if (!root_list(root, directories[i], &names, &fault) && fault.error == EACCES)
			return directories[i];
	}
	return NULL;
}

static void otherwise(const struct root *root, struct text *ret)
{
	const char *closed = closed_directory(root);

	if (closed)
		text_printf(ret, "But first run this as root, or through sudo: %s cannot be read without. ", closed);
	text_append(ret, "If it is none of these, by-hand tells what to add to its settings yourself. ");
}

const struct loader *loader_choose(const struct root *root, const char *name, struct findings *findings)
{
	static const struct contest contest = {
		.noun = "boot loader",
		.question = "which boot loader starts this system",
		.answer = "which one starts this system",
		.option = "--loader",
		.otherwise = otherwise,
		.unknown = FINDING_LOADER_UNKNOWN,
		.ambiguous = FINDING_LOADER_AMBIGUOUS,
	};
	struct contender contenders[array_size(loaders) - 1];

	for (size_t i = 0; i < array_size(contenders); i++)
		contenders[i] = (struct contender){ loaders[i]->name, loaders[i]->label, loaders[i]->probe };
	/* one past the last is the NULL at the end of the table */
	return loaders[contender_choose(&contest, contenders, array_size(contenders), root, name, findings)];
}
