/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/uki.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "boot/clue.h"
#include "boot/conf_files.h"
#include "boot/entries.h"
#include "boot/esp.h"
#include "boot/preset.h"
#include "boot/words.h"
#include "edit/assign.h"
#include "edit/cmdline.h"
#include "system/pe.h"

#define UKI_CMDLINE ".cmdline"
#define UKI_DIRECTORY "/EFI/Linux"
#define UKI_INITRD ".initrd"
#define UKI_CMDLINE_LIMIT ((size_t)64 * 1024)

static bool presets_make_them(const struct root *root)
{
	cleanup_presets struct presets presets = { 0 };

	presets_read(root, &presets);
	for (size_t i = 0; i < presets.count; i++)
		if (presets.items[i].ukis.count)
			return true;
	return false;
}

/* What the last of FILES that sets NAME sets it to, in a form that is understood; "" where none does. */
static char *last_value(const struct root *root, const struct strlist *files, const char *name)
{
	char *value = memory_string("");

	for (size_t i = 0; i < files->count; i++) {
		cleanup_text struct text bytes = { 0 };
		struct assign assign = { 0 };

		if (!root_read(root, files->items[i], ROOT_LIMIT_TEXT, &bytes, NULL) ||
		    assign_find(&bytes, name, false, &assign, NULL) != ASSIGN_FOUND)
			continue;
		free(value);
		value = assign_value(&bytes, &assign);
	}
	return value;
}

/* What the configuration of kernel-install sets NAME to: one file, and then all drop-ins (kernel-install(8)). */
static char *kernel_install_value(const struct root *root, const char *name)
{
	static const char *const files[] = { "/etc/kernel/install.conf", "/run/kernel/install.conf",
					     "/usr/local/lib/kernel/install.conf", "/usr/lib/kernel/install.conf" };
	static const char *const dropins[] = { "/etc/kernel/install.conf.d", "/run/kernel/install.conf.d",
					       "/usr/local/lib/kernel/install.conf.d",
					       "/usr/lib/kernel/install.conf.d" };
	const char *first = clue_first(root, files, array_size(files));
	cleanup_strlist struct strlist settings = { 0 };

	if (first)
		strlist_add(&settings, first);
	conf_files(root, dropins, array_size(dropins), false, &settings);
	return last_value(root, &settings, name);
}

static bool kernel_install_makes_them(const struct root *root)
{
	cleanup_free char *layout = kernel_install_value(root, "layout");

	return !strcmp(layout, "uki");
}

void uki_dracut_settings(const struct root *root, struct strlist *ret)
{
	static const char *const places[] = { UKI_DRACUT_DIRECTORY, "/usr/lib/dracut/dracut.conf.d" };

	strlist_add(ret, UKI_DRACUT_MAIN);
	conf_files(root, places, array_size(places), true, ret);
}

static bool dracut_makes_them(const struct root *root)
{
	cleanup_strlist struct strlist settings = { 0 };
	cleanup_free char *uefi = NULL;

	uki_dracut_settings(root, &settings);
	uefi = last_value(root, &settings, "uefi");
	return !strcmp(uefi, "yes");
}

enum uki_way uki_way(const struct root *root)
{
	if (presets_make_them(root))
		return UKI_MKINITCPIO;
	if (kernel_install_makes_them(root))
		return UKI_KERNEL_INSTALL;
	return dracut_makes_them(root) ? UKI_DRACUT : UKI_ABSENT;
}

bool uki_has_initrd_made_by(const struct root *root, const char *generator)
{
	cleanup_free char *chosen = NULL;

	if (uki_way(root) != UKI_KERNEL_INSTALL)
		return false;
	chosen = kernel_install_value(root, "initrd_generator");
	return !*chosen || !strcmp(chosen, generator);
}

static void find_all(const struct root *root, struct strlist *ret)
{
	cleanup_strlist struct strlist mounts = { 0 };

	esp_mounts(root, &mounts);
	for (size_t i = 0; i < mounts.count; i++) {
		cleanup_strlist struct strlist names = { 0 };
		cleanup_text struct text directory = { 0 };

		text_printf(&directory, "%s" UKI_DIRECTORY, mounts.items[i]);
		root_list(root, text_string(&directory), &names, NULL);
		for (size_t j = 0; j < names.count; j++)
			if (text_ends_with(names.items[j], ".efi"))
				strlist_printf(ret, "%s/%s", text_string(&directory), names.items[j]);
	}
}

void uki_evidence(const struct root *root, enum uki_way way, struct evidence *evidence)
{
	cleanup_strlist struct strlist images = { 0 };
	char info[256];

	if (uki_way(root) != way)
		return;
	find_all(root, &images);
	if (clue_efi_variable(root, "StubInfo", info, sizeof(info)))
		evidence_add(evidence, SCORE_PROVEN,
			     "the firmware variable StubInfo says that a unified kernel image was started (\"%s\")",
			     info);
	if (images.count)
		evidence_add(evidence, SCORE_CONFIGURED, "%s is there, and its maker is set up", images.items[0]);
	else
		evidence_add(evidence, SCORE_TRACE, "a maker of unified kernel images is set up, but none is there");
}

/* Where its words cannot be read, or leave root= to others, it is taken to be ours. */
static bool is_of_system(const struct root *root, const char *image)
{
	cleanup_strlist struct strlist words = { 0 };
	enum clue_owner owner = clue_owner(root, strrchr(image, '/') + 1);

	if (owner != CLUE_OWNER_UNKNOWN)
		return owner == CLUE_OWNER_THIS;
	return !uki_words(root, image, &words) || !cmdline_value(&words, "root") ||
	       entry_words_are_of_system(root, &words);
}

void uki_find(const struct root *root, struct strlist *ret)
{
	cleanup_strlist struct strlist images = { 0 };

	find_all(root, &images);
	for (size_t i = 0; i < images.count; i++)
		if (is_of_system(root, images.items[i]))
			strlist_add(ret, images.items[i]);
}

static bool has_one(const struct root *root, const struct strlist *kernels)
{
	cleanup_strlist struct strlist images = { 0 };

	uki_find(root, &images);
	for (size_t i = 0; i < images.count; i++)
		if (uki_release(images.items[i], kernels))
			return true;
	return false;
}

bool uki_check_there(const struct root *root, const struct boot_request *request, struct findings *findings,
		     struct fault *fault)
{
	if (!request->wanted->count || has_one(root, request->kernels))
		return true;
	if (!esp_is_readable(root, UKI_DIRECTORY, fault))
		return false;
	esp_note_absent("no unified kernel image of this system, of a kernel that is installed, in EFI/Linux of an EFI "
			"system partition", findings);
	return true;
}

/* RELEASE as a whole word: not 6.12.1 in linux-6.12.10.efi or linux-6.12.1.2.efi. */
static bool names(const char *name, const char *release)
{
	const char *at = strstr(name, release), *end = at ? at + strlen(release) : NULL;

	return at && (at == name || at[-1] == '-') && !isalnum((unsigned char)*end) &&
	       !(*end == '.' && isdigit((unsigned char)end[1]));
}

/* The longest, since one release may begin another: 6.12.1 and 6.12.1-rt. */
const char *uki_release(const char *image, const struct strlist *kernels)
{
	const char *slash = strrchr(image, '/'), *found = NULL;

	for (size_t i = 0; i < kernels->count; i++)
		if (names(slash ? slash + 1 : image, kernels->items[i]) &&
		    (!found || strlen(kernels->items[i]) > strlen(found)))
			found = kernels->items[i];
	return found;
}

bool uki_words(const struct root *root, const char *image, struct strlist *ret)
{
	cleanup_text struct text section = { 0 };

	if (!pe_section(root, image, UKI_CMDLINE, UKI_CMDLINE_LIMIT, &section, NULL))
		return false;
	cmdline_split(text_string(&section), ret);
	return true;
}

bool uki_is_stale(const struct root *root, const char *image, const struct strlist *wanted, const struct strlist *gone)
{
	cleanup_strlist struct strlist words = { 0 };

	return uki_words(root, image, &words) && words_are_stale(&words, wanted, gone);
}

void uki_expect_initrd(struct command *command, const char *image, const char *initrd)
{
	struct expectation *expectation = command_expect(command, EXPECT_COPY, image);

	strlist_add(&expectation->keys, initrd);
	strlist_add(&expectation->keys, UKI_INITRD);
}

void uki_expect_rewritten(struct command *command, const char *image)
{
	strlist_add_once(&command->artefacts, image);
	command_expect(command, EXPECT_FILE, image);
}

void uki_expect(struct command *command, const char *image, const struct strlist *wanted, const struct strlist *gone)
{
	struct expectation *expectation;

	uki_expect_rewritten(command, image);
	expectation = command_expect(command, EXPECT_SECTION, image);
	strlist_add(&expectation->keys, UKI_CMDLINE);
	strlist_add_all(&expectation->present, wanted);
	strlist_add_all(&expectation->absent, gone);
}
