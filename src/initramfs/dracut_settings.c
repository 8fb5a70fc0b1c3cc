/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "initramfs/dracut_settings.h"

#include <regex.h>
#include <string.h>

#include "base/text.h"
#include "boot/conf_files.h"
#include "edit/array.h"
#include "edit/refusal.h"
#include "initramfs/kernels.h"
#include "initramfs/missing.h"

/* All settings while they are read, in dracut's order. */
struct settings {
	const struct missing *missing;
	const char *path, *name; /* of the file, of the variable */
	struct text bytes; /* of that file */
	bool after;              /* the file is read after ours */
	bool overruled;          /* it undoes what ours does */
	struct strlist force;    /* what force_drivers holds so far */
	struct strlist omit, omit_places; /* the same of omit_drivers, and "FILE, line N" for each */
	struct findings *findings;
};

static void refuse_anew(struct settings *settings, size_t offset)
{
	cleanup_refusal struct refusal refusal = { 0 };
	struct finding *finding;

	settings->overruled = true;
	refusal_set(&refusal, &settings->bytes, offset, "%s is set anew, which undoes what " DRACUT_OURS " adds to it",
		    settings->name);
	finding = refusal_finding(&refusal, settings->path, settings->findings);
	finding_remedy(finding, "Write %s+= there, or have it read first with this command.", settings->name);
	conf_files_paste_first(settings->path, UKI_DRACUT_DIRECTORY, finding);
}

/* install_items, whose words do not matter. */
static void see_items(void *data, const char *word, size_t offset)
{
	struct settings *settings = data;

	if (!word && settings->after)
		refuse_anew(settings, offset);
}

static void see_forced(void *data, const char *word, size_t offset)
{
	struct settings *settings = data;

	if (!word) {
		if (settings->after)
			refuse_anew(settings, offset);
		strlist_done(&settings->force);
		return;
	}
	strlist_add(&settings->force, word);
	missing_check(settings->missing, settings->path, &settings->bytes, offset, word, settings->findings);
}

static void see_added(void *data, const char *word, size_t offset)
{
	struct settings *settings = data;

	if (word)
		missing_check(settings->missing, settings->path, &settings->bytes, offset, word, settings->findings);
}

static void see_omitted(void *data, const char *word, size_t offset)
{
	cleanup_refusal struct refusal place = { 0 };
	struct settings *settings = data;

	if (!word) {
		strlist_done(&settings->omit);
		strlist_done(&settings->omit_places);
		return;
	}
	refusal_set(&place, &settings->bytes, offset, "%s", "");
	strlist_add(&settings->omit, word);
	strlist_printf(&settings->omit_places, "%s, line %u,", settings->path, place.line);
}

static void read_file(const struct root *root, const char *path, struct settings *settings)
{
	static const struct {
		const char *name;
		void (*see)(void *data, const char *word, size_t offset);
	} variables[] = {
		{ "force_drivers", see_forced },
		{ "add_drivers", see_added },
		{ "omit_drivers", see_omitted },
		{ "install_items", see_items },
	};

	settings->path = path;
	text_reset(&settings->bytes);
	if (!root_read(root, path, ROOT_LIMIT_TEXT, &settings->bytes, NULL))
		return;
	for (size_t i = 0; i < array_size(variables); i++) {
		settings->name = variables[i].name;
		array_each(&settings->bytes, variables[i].name, variables[i].see, settings);
	}
}

/* dracut.sh: force_drivers=${force_drivers/-/_}, which is the first of them alone. */
static void replace_first_dash(struct strlist *words)
{
	for (size_t i = 0; i < words->count; i++) {
		char *dash = strchr(words->items[i], '-');

		if (dash) {
			*dash = '_';
			return;
		}
	}
}

/* Which module that vfio-pci needs WORD leaves out, or NULL: dracut has "^WORD$" match the names. */
static const char *left_out_by(const char *word)
{
	static const char *const needed[] = { "vfio_pci", "vfio_pci_core", "vfio" };
	cleanup_text struct text pattern = { 0 };
	const char *found = NULL;
	regex_t regex;

	text_printf(&pattern, "^(%s)$", word);
	if (regcomp(&regex, text_string(&pattern), REG_EXTENDED | REG_NOSUB))
		return NULL;
	for (size_t i = 0; i < array_size(needed) && !found; i++)
		if (!regexec(&regex, needed[i], 0, NULL, 0))
			found = needed[i];
	regfree(&regex);
	return found;
}

/* What is forced by the very same word is not omitted. */
static void check_omitted(struct settings *settings)
{
	replace_first_dash(&settings->force);
	replace_first_dash(&settings->omit);
	for (size_t i = 0; i < settings->omit.count; i++) {
		const char *word = settings->omit.items[i], *module = left_out_by(word);

		if (module && !strlist_has(&settings->force, word))
			finding_remedy(findings_add(settings->findings, FINDING_FOREIGN_SETUP, SEVERITY_ERROR,
						    "%s has dracut leave the module %s out of the images "
						    "(omit_drivers), and vfio-pci is not loaded without it.",
						    settings->omit_places.items[i], module),
				       "Take %s out of omit_drivers there.", word);
	}
}

bool dracut_check_settings(const struct root *root, const struct early_request *request, struct findings *findings)
{
	cleanup_strlist struct strlist kernels = { 0 };
	cleanup_strlist struct strlist files = { 0 };
	const struct missing missing = { root, &kernels, "dracut says FAILED, and makes the images without it",
					 SEVERITY_WARNING };
	struct settings settings = { .missing = &missing, .findings = findings };

	kernels_whole(root, request->kernels, &kernels);
	uki_dracut_settings(root, &files);
	for (size_t i = 0; i < files.count; i++) {
		const char *name = strrchr(files.items[i], '/') + 1;
		int order = strverscmp(name, DRACUT_OURS);

		if (i && !order)
			continue;
		if (i && order > 0 && !settings.after) {
			settings.after = true;
			strlist_add_all(&settings.force, request->modules);
		}
		read_file(root, files.items[i], &settings);
	}
	if (!settings.after)
		strlist_add_all(&settings.force, request->modules);
	check_omitted(&settings);
	text_done(&settings.bytes);
	strlist_done(&settings.force);
	strlist_done(&settings.omit);
	strlist_done(&settings.omit_places);
	return !settings.overruled;
}
