/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EFISTUB: the firmware starts the kernel, with parameters from its own memory, which cannot be edited in place. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "boot/clue.h"
#include "boot/entries.h"
#include "boot/esp.h"
#include "boot/grub.h"
#include "boot/loaders.h"
#include "boot/manual.h"

/* What is the whole system's, whoever starts its kernel. */
static bool is_of_another_kind(const struct root *root)
{
	static const char *const others[] = { "etc/NIXOS", "run/ostree-booted", "usr/bin/clr-boot-manager",
					      "etc/kernel/proxmox-boot-uuids" };

	for (size_t i = 0; i < array_size(others); i++)
		if (root_exists(root, others[i]))
			return true;
	return false;
}

/* Nothing else that could have started the kernel. */
static bool is_alone(const struct root *root)
{
	static const char *const others[] = { "boot/refind_linux.conf", "boot/limine.conf", "boot/limine/limine.conf" };
	cleanup_entries struct entries entries = { 0 };
	cleanup_grub struct grub grub = { 0 };

	entries_read(root, &entries);
	grub_inspect(root, &grub);
	for (size_t i = 0; i < array_size(others); i++)
		if (root_exists(root, others[i]))
			return false;
	return !entries.count && !grub.config;
}

/*
 * "initrd=\..." is the firmware's, or of a boot loader that uses the firmware for it; most of those leave their name.
 * Where the files of one are there that may have left none, it is a question.
 */
static void probe(const struct root *root, struct evidence *evidence)
{
	char initrd[256], value[256];

	if (!clue_is_efi(root) || !clue_cmdline_value(root, "initrd", initrd, sizeof(initrd)) || *initrd != '\\' ||
	    clue_cmdline_value(root, "BOOT_IMAGE", value, sizeof(value)) || is_of_another_kind(root) ||
	    clue_efi_variable(root, "LoaderInfo", value, sizeof(value)) ||
	    clue_efi_variable(root, "StubInfo", value, sizeof(value)))
		return;
	if (is_alone(root))
		evidence_add(evidence, SCORE_CONFIGURED,
			     "the kernel was given initrd=%s, and no boot loader is there that could have done so",
			     initrd);
	else if (clue_efi_variables_known(root))
		evidence_add(evidence, SCORE_CONFIGURED,
			     "the kernel was given initrd=%s, and no boot loader has left its name in the firmware variables",
			     initrd);
}

/* What efibootmgr is to be told; a word in capitals where it is not known here. */
struct place {
	char disk[64], part[16], kernel[128];
	bool known;
};

/* The partition DEVICE ("/dev/nvme0n1p1") as a disk and a number. */
static bool find_partition(const struct root *root, const char *device, struct place *place)
{
	cleanup_strlist struct strlist parts = { 0 };
	cleanup_text struct text path = { 0 };
	char target[512];

	if (!text_starts_with(device, "/dev/") || strchr(device + 5, '/'))
		return false;
	text_printf(&path, "sys/class/block/%s", device + 5);
	if (!root_link(root, text_string(&path), target, sizeof(target)))
		return false;
	strlist_split(&parts, target, "/");
	text_append(&path, "/partition");
	return parts.count > 1 && root_attribute(root, text_string(&path), place->part, sizeof(place->part)) &&
	       snprintf(place->disk, sizeof(place->disk), "/dev/%s", parts.items[parts.count - 2]) <
		       (int)sizeof(place->disk);
}

/* What of a name can be told to the firmware beyond doubt. */
static bool is_plain(const char *name)
{
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-")] == '\0';
}

/* The only kernel at the top of the ESP that is mounted at MOUNT. */
static bool find_kernel(const struct root *root, const char *mount, struct place *place)
{
	cleanup_strlist struct strlist names = { 0 };
	unsigned found = 0;

	root_list(root, mount, &names, NULL);
	for (size_t i = 0; i < names.count; i++)
		if (text_starts_with(names.items[i], "vmlinuz") && is_plain(names.items[i]) &&
		    strlen(names.items[i]) + 2 <= sizeof(place->kernel)) {
			snprintf(place->kernel, sizeof(place->kernel), "\\%s", names.items[i]);
			found++;
		}
	return found == 1;
}

/* The file system that the firmware reads, where it is mounted: of mountinfo the fifth word and those behind " - ". */
static void find_place(const struct root *root, struct place *place)
{
	cleanup_strlist struct strlist lines = { 0 }, mounts = { 0 };
	cleanup_text struct text bytes = { 0 };

	*place = (struct place){ .disk = "DISK", .part = "NUMBER", .kernel = "\\KERNEL" };
	esp_mounts(root, &mounts);
	root_read(root, "proc/self/mountinfo", ROOT_LIMIT_GENERATED, &bytes, NULL);
	strlist_split(&lines, text_string(&bytes), "\n");
	for (size_t i = 0; i < lines.count; i++) {
		cleanup_strlist struct strlist words = { 0 }, behind = { 0 };
		char *dash = strstr(lines.items[i], " - ");
		struct place here = *place;

		strlist_split(&words, lines.items[i], " ");
		strlist_split(&behind, dash ? dash + 3 : "", " ");
		if (words.count > 4 && behind.count > 1 && strlist_has(&mounts, words.items[4]) &&
		    !strcmp(behind.items[0], "vfat") && find_partition(root, behind.items[1], &here) &&
		    find_kernel(root, words.items[4], &here)) {
			*place = here;
			place->known = true;
		}
	}
}

/* All words of now, so that the new entry lacks nothing; those that cannot be shown as they are, the shell fetches. */
static void append_words(const struct text *now, const char *missing, struct text *ret)
{
	cleanup_text struct text all = { 0 };
	size_t length = strcspn(text_string(now), "\r\n");

	text_append_n(&all, text_string(now), length);
	for (size_t i = 0; i < length; i++)
		if (all.bytes[i] < ' ' || all.bytes[i] > '~') {
			text_printf(ret, "\"$(cat /proc/cmdline) %s\"", missing);
			return;
		}
	text_printf(&all, " %s", missing);
	text_append_word(ret, text_string(&all));
}

static bool propose(const struct root *root, const struct boot_request *request, struct changeset *changeset,
		    struct findings *findings, struct strlist *added, struct fault *fault)
{
	cleanup_strlist struct strlist missing = { 0 };
	cleanup_text struct text paste = { 0 };
	cleanup_text struct text bytes = { 0 };
	cleanup_free char *words = NULL;
	struct place place;

	(void)changeset;
	(void)added;
	if (!root_read(root, "proc/cmdline", ROOT_LIMIT_TEXT, &bytes, fault) ||
	    !manual_missing(root, request, &missing, fault))
		return false;
	if (!missing.count)
		return true;
	words = strlist_join(&missing, " ");
	find_place(root, &place);
	text_append(&paste, "efibootmgr --create --disk ");
	text_append_word(&paste, place.disk);
	text_printf(&paste, " --part %s --label 'Linux with VFIO' --loader '%s' --unicode ", place.part, place.kernel);
	append_words(&bytes, words, &paste);
	manual_tell(findings, "The firmware starts the kernel itself; its entries cannot be changed, only made anew.",
		    place.known ? "This command makes a second entry, which comes first, and keeps the old one. " MANUAL_AGAIN :
		    "This command makes a second entry, which comes first, and keeps the old one. In place of DISK, NUMBER "
		    "and KERNEL put what efibootmgr -v shows of the entry of now. " MANUAL_AGAIN, text_string(&paste));
	return true;
}

const struct loader loader_efistub = {
	.name = "efistub",
	.label = "EFISTUB (no boot loader)",
	.systems = "any",
	.files = "an entry of the firmware (by you)",
	.apply = "efibootmgr --create (by you)",
	.menu = "start the kernel from the firmware's EFI shell, with its usual parameters and %s at the end",
	.applies = false,
	.take_out = "Make an entry of the firmware without %s by efibootmgr --create, as the present one was made.",
	.probe = probe,
	.read = manual_read,
	.propose = propose,
};
