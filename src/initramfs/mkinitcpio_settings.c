/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "initramfs/mkinitcpio_settings.h"

#include <string.h>

#include "base/text.h"
#include "boot/conf_files.h"
#include "edit/array.h"
#include "edit/block.h"
#include "initramfs/missing.h"

/* The main configuration, and what is read after it. */
static void main_files(const struct root *root, struct strlist *ret)
{
	static const char *const directories[] = { MKINITCPIO_DROPINS };

	strlist_add(ret, MKINITCPIO_CONFIGURATION);
	conf_files(root, directories, array_size(directories), false, ret);
}

/* The files of one configuration while they are read. */
struct modules {
	struct missing missing;
	const char *path;
	const struct text *bytes;
	struct findings found; /* of what counts so far */
};

static void see_module(void *data, const char *word, size_t offset)
{
	struct modules *modules = data;

	if (!word)
		findings_done(&modules->found);
	else if (!text_ends_with(word, "?"))
		missing_check(&modules->missing, modules->path, modules->bytes, offset, word, &modules->found);
}

/* What is the same for two presets is said once. */
static void take_over(const struct findings *found, struct findings *findings)
{
	for (size_t i = 0; i < found->count; i++) {
		const struct finding *finding = &found->items[i];
		bool said = false;

		for (size_t j = 0; j < findings->count; j++)
			said = said || !strcmp(findings->items[j].message, finding->message);
		if (!said)
			finding_remedy(findings_add(findings, finding->code, finding->severity, "%s", finding->message),
				       "%s", finding->remedy);
	}
}

static void check_modules(const struct root *root, const struct strlist *files, const struct strlist *kernels,
			  struct findings *findings)
{
	struct modules modules = {
		.missing = { root, kernels, "mkinitcpio fails on it, so that no image could be made anew", SEVERITY_ERROR },
	};

	for (size_t i = 0; i < files->count; i++) {
		cleanup_text struct text bytes = { 0 };

		modules.path = files->items[i];
		modules.bytes = &bytes;
		if (root_read(root, files->items[i], ROOT_LIMIT_TEXT, &bytes, NULL))
			array_each(&bytes, "MODULES", see_module, &modules);
	}
	take_over(&modules.found, findings);
	findings_done(&modules.found);
}

/* Where there is no preset at all, some other tool calls mkinitcpio. */
static bool use_main(const struct presets *presets)
{
	bool plain = !presets->count;

	for (size_t i = 0; i < presets->count; i++)
		plain = plain || presets->items[i].plain;
	return plain;
}

void mkinitcpio_check_modules(const struct root *root, const struct presets *presets, const struct strlist *kernels,
			      struct findings *findings)
{
	cleanup_strlist struct strlist files = { 0 };

	main_files(root, &files);
	for (size_t i = 0; i < presets->count; i++) {
		const struct strlist *configs = &presets->items[i].configs;

		for (size_t j = 0; j < configs->count; j++)
			check_modules(root, &(struct strlist){ .items = &configs->items[j], .count = 1 }, kernels,
				      findings);
	}
	if (use_main(presets))
		check_modules(root, &files, kernels, findings);
}

/* What is read after ours: a file, or what stands behind our line in one. */
struct later {
	const char *path, *array;
	bool dropin;
	const struct text *bytes;
	size_t from;
	struct findings *findings;
};

static void see_anew(void *data, const char *word, size_t offset)
{
	cleanup_refusal struct refusal refusal = { 0 };
	const struct later *later = data;
	struct finding *finding;

	if (word || offset < later->from)
		return;
	refusal_set(&refusal, later->bytes, offset, "%s is set anew, which undoes what vfioconf adds to it",
		    later->array);
	finding = refusal_finding(&refusal, later->path, later->findings);
	finding_remedy(finding, later->dropin ? "Have it read first with this command." :
		       "Put it above the line \"" BLOCK_MARK "\" of that file.");
	if (later->dropin)
		conf_files_paste_first(later->path, MKINITCPIO_DROPINS, finding);
}

static void check_arrays(struct later *later)
{
	static const char *const arrays[] = { "HOOKS", "MODULES" };

	for (size_t i = 0; i < array_size(arrays); i++) {
		later->array = arrays[i];
		array_each(later->bytes, arrays[i], see_anew, later);
	}
}

static void check_later_files(const struct root *root, struct findings *findings)
{
	cleanup_strlist struct strlist files = { 0 };

	main_files(root, &files);
	for (size_t i = 1; i < files.count; i++) {
		const char *path = files.items[i], *name = strrchr(path, '/') + 1;
		cleanup_text struct text bytes = { 0 };

		if (strcmp(name, MKINITCPIO_OURS) <= 0 || !root_read(root, path, ROOT_LIMIT_TEXT, &bytes, NULL))
			continue;
		check_arrays(&(struct later){ .path = path, .dropin = true, .bytes = &bytes, .findings = findings });
	}
}

void mkinitcpio_check_later(const struct root *root, const struct presets *presets, const struct strlist *configurations,
			    struct findings *findings)
{
	if (use_main(presets))
		check_later_files(root, findings);
	for (size_t i = 0; i < configurations->count; i++) {
		cleanup_text struct text bytes = { 0 };
		const char *ours;

		root_read(root, configurations->items[i], ROOT_LIMIT_TEXT, &bytes, NULL);
		ours = strstr(text_string(&bytes), BLOCK_MARK "\n");
		if (ours)
			check_arrays(&(struct later){
				.path = configurations->items[i],
				.bytes = &bytes,
				.from = (size_t)(ours - text_string(&bytes)) + strlen(BLOCK_MARK) + 1 +
					strcspn(ours + strlen(BLOCK_MARK) + 1, "\n"),
				.findings = findings,
			});
	}
}
