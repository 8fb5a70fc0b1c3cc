/* SPDX-License-Identifier: GPL-2.0-or-later */
/* syslinux and extlinux, and U-Boot reading extlinux.conf, with a configuration that a person wrote. */
#include <string.h>

#include "boot/clue.h"
#include "boot/sections.h"
#include "boot/loaders.h"
#include "boot/way_back.h"
#include "boot/words.h"

static const char *const configs[] = { "/boot/extlinux/extlinux.conf", "/boot/syslinux/syslinux.cfg",
				       "/boot/syslinux/extlinux.conf", "/boot/extlinux.conf",
				       "/boot/efi/EFI/syslinux/syslinux.cfg", "/boot/EFI/syslinux/syslinux.cfg" };
static const char *const keys[] = { "append", NULL };
static const char *const kernels[] = { "linux", "kernel", NULL };
static const char *const carried[] = { "linux", "kernel", "initrd", "append", "fdt", "fdtdir", "devicetree",
				       "devicetreedir", "fdtoverlays", "devicetree-overlay", NULL };
/* Of several lines APPEND the last counts: syslinux's readconfig.c and U-Boot's pxe_utils.c put it in place of the first. */
static const struct section_syntax syntax = {
	.keyword = { .counts = KEYWORD_LAST, .ignore_case = true, .text = "text", .text_end = "endtext" },
	.label = "label", .keys = keys, .usual = "append", .kernels = kernels,
	.carried = carried, .chosen = "default", .include = "include", .form = "APPEND " WORDS_DOTS,
	.heading = "LABEL without-passthrough\n\tMENU LABEL " WAY_BACK_TITLE "\n",
};

/* Where these are, the file is written by them and would be overwritten. */
static bool is_generated(const struct root *root)
{
	return root_exists(root, "etc/update-extlinux.conf") || root_exists(root, "usr/sbin/u-boot-update");
}

static const char *find_config(const struct root *root)
{
	return clue_first(root, configs, array_size(configs));
}

static void probe(const struct root *root, struct evidence *evidence)
{
	const char *config = find_config(root);
	char image[512];

	if (!config || is_generated(root))
		return;
	if (clue_cmdline_value(root, "BOOT_IMAGE", image, sizeof(image)) &&
	    clue_file_holds(root, config, ROOT_LIMIT_TEXT, image))
		evidence_add(evidence, SCORE_USED, "this boot loaded BOOT_IMAGE=%s, and %s has an entry for it", image,
			     config);
	else
		evidence_add(evidence, SCORE_CONFIGURED, "%s is there", config);
}

static bool none(struct fault *fault)
{
	return fault_set(fault, FAULT_INPUT, configs[0], "there is no extlinux.conf or syslinux.cfg below /boot");
}

static bool read_words(const struct root *root, struct strlist *ret_words, struct fault *fault)
{
	const char *config = find_config(root);
	cleanup_strlist struct strlist paths = { 0 };

	if (!config)
		return none(fault);
	strlist_add(&paths, config);
	return sections_words(root, &syntax, &paths, ret_words, fault);
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	const char *config = find_config(root);
	cleanup_strlist struct strlist paths = { 0 };

	if (!config)
		return request->wanted->count || request->ours->count ? none(fault) : true;
	strlist_add(&paths, config);
	return sections_propose(root, &syntax, &paths, request, changeset, findings, added, fault);
}

const struct loader loader_syslinux = {
	.name = "extlinux",
	.label = "extlinux or syslinux",
	.systems = "any",
	.files = "/boot/extlinux/extlinux.conf, /boot/syslinux/syslinux.cfg",
	.apply = "nothing",
	.proven = { .booted = "Debian 12, 13, sid" },
	.menu = SYSLINUX_MENU,
	.applies = true,
	.sets_aside = true,
	.probe = probe,
	.read = read_words,
	.propose = propose,
};
