/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mkinitcpio. One install hook, wholly ours, and the line that has it used: in
 * a drop-in (from version 36 on), or at the end of the configuration that a preset names.
 */
#include "initramfs/generators.h"

#include <string.h>

#include "boot/clue.h"
#include "boot/own.h"
#include "boot/preset.h"
#include "edit/block.h"
#include "initramfs/image.h"
#include "initramfs/kernels.h"
#include "initramfs/limine_images.h"
#include "initramfs/maker.h"
#include "initramfs/mkinitcpio_settings.h"

#define CONFIGURATION MKINITCPIO_CONFIGURATION
#define DROPIN_DIRECTORY MKINITCPIO_DROPINS
#define DROPIN DROPIN_DIRECTORY "/" MKINITCPIO_OURS
#define HOOK "/etc/initcpio/install/vfioconf"
#define GENERATOR "usr/bin/mkinitcpio"
/* From where the hook "base" takes its shell (install/base of mkinitcpio); without applet names it goes by its own. */
#define BUSYBOX "/usr/lib/initcpio/busybox"
#define IMAGE_TIMEOUT 900u

/* pacman runs it after each change of a kernel, unless a file of the same name in /etc masks that. */
static bool is_hooked(const struct root *root)
{
	static const char *const hooks[] = { "60-mkinitcpio-install.hook", "90-mkinitcpio-install.hook" };
	char target[64];

	for (size_t i = 0; i < array_size(hooks); i++) {
		cleanup_text struct text vendor = { 0 };
		cleanup_text struct text mask = { 0 };

		text_printf(&vendor, "usr/share/libalpm/hooks/%s", hooks[i]);
		text_printf(&mask, "etc/pacman.d/hooks/%s", hooks[i]);
		if (root_exists(root, text_string(&vendor)) &&
		    !(root_link(root, text_string(&mask), target, sizeof(target)) && !strcmp(target, "/dev/null")))
			return true;
	}
	return false;
}

static bool has_image(const struct root *root, const struct presets *presets)
{
	for (size_t i = 0; i < presets->count; i++)
		for (size_t j = 0; j < presets->items[i].images.count; j++)
			if (root_exists(root, presets->items[i].images.items[j]))
				return true;
	return false;
}

/* An image of the running kernel that no preset may name: one that bears mkinitcpio's mark, else the first; or NULL. */
static char *running_image(const struct root *root, bool *ret_marked)
{
	cleanup_strlist struct strlist images = { 0 };
	char release[256];

	*ret_marked = false;
	if (root_attribute(root, "proc/sys/kernel/osrelease", release, sizeof(release)))
		image_find(root, release, &images);
	for (size_t i = 0; i < images.count; i++) {
		const char *maker = maker_of(root, images.items[i]);

		*ret_marked = maker && !strcmp(maker, "mkinitcpio");
		if (*ret_marked)
			return memory_string(images.items[i]);
	}
	return images.count ? memory_string(images.items[0]) : NULL;
}

/* Without a preset there is still the image itself. Where nobody else could have made it, a preset is missing. */
static void weigh_image(const struct root *root, struct evidence *evidence)
{
	bool marked;
	cleanup_free char *image = running_image(root, &marked);
	const char *rival = image ? maker_rival(root, "mkinitcpio", image) : NULL;

	if (marked)
		evidence_add(evidence, SCORE_USED, "%s begins as mkinitcpio has it begin", image);
	else if (maker_is_chosen(root, "mkinitcpio"))
		evidence_add(evidence, SCORE_USED, "/etc/kernel.d has mkinitcpio run for each kernel");
	else if (rival && text_starts_with(image, "/boot/initramfs-") && !maker_of(root, image))
		evidence_add(evidence, SCORE_CONFIGURED, "mkinitcpio is installed and may have made %s, as may %s",
			     image, rival);
	else
		evidence_add(evidence, SCORE_TRACE, "mkinitcpio is installed, but no image of a preset is there");
}

static void probe(const struct root *root, struct evidence *evidence)
{
	cleanup_presets struct presets presets = { 0 };
	cleanup_strlist struct strlist limine = { 0 };

	if (!root_exists(root, GENERATOR)) {
		if (root_exists(root, CONFIGURATION))
			evidence_add(evidence, SCORE_TRACE, "%s is there, but no mkinitcpio", CONFIGURATION);
		return;
	}
	presets_read(root, &presets);
	limine_images_find(root, &limine, NULL);
	if (limine.count)
		evidence_add(evidence, SCORE_USED, LIMINE_MKINITCPIO " has mkinitcpio make %s", limine.items[0]);
	else if (presets.refused_count && !has_image(root, &presets))
		evidence_add(evidence, is_hooked(root) ? SCORE_USED : SCORE_CONFIGURED,
			     "%s has mkinitcpio make images, in a form that is not understood", presets.refused[0].path);
	else if (!has_image(root, &presets))
		weigh_image(root, evidence);
	else if (is_hooked(root))
		evidence_add(evidence, SCORE_USED, "pacman runs mkinitcpio for each kernel, and the images of its "
						   "presets are there");
	else
		evidence_add(evidence, SCORE_CONFIGURED, "mkinitcpio is installed, and so are the images of its "
							 "presets");
}

static bool reads_dropins(const struct root *root)
{
	return root_is_directory(root, DROPIN_DIRECTORY) ||
	       clue_file_holds(root, GENERATOR, ROOT_LIMIT_TEXT, "mkinitcpio.conf.d");
}

/*
 * What the hook "systemd" leaves undone (its source is install/systemd of mkinitcpio). It brings kmod, and a shell only
 * where the hook "base" does. And it copies MODULES into a list for systemd-modules-load as they stand, with question
 * marks, which no module has in its name; mkinitcpio itself strips them for its own init alone (functions,
 * parse_config()). Ours is the last hook: what it finds is what the image has.
 */
static void write_mending(const struct early_request *request, struct text *ret)
{
	if (!request->modules->count)
		return;
	text_append(ret, "\n\t# The settings above are carried out by a shell.\n"
			 "\t[[ -e $BUILDROOT/bin/sh ]] || add_binary " BUSYBOX " /usr/bin/sh\n"
			 "\n\t# The hook systemd puts question marks of MODULES where they are read as part of the name.\n"
			 "\tlocal list=$BUILDROOT/etc/modules-load.d/MODULES.conf\n"
			 "\t[[ -f $list ]] || return 0\n");
	for (size_t i = 0; i < request->modules->count; i++) {
		const char *name = request->modules->items[i];

		text_printf(ret, "\tif modinfo -k \"$KERNELVERSION\" %s &>/dev/null; then\n"
				 "\t\tsed -i 's/^%s?$/%s/' \"$list\"\n"
				 "\telse\n"
				 "\t\tsed -i '/^%s?$/d' \"$list\"\n"
				 "\tfi\n", name, name, name, name);
	}
}

/* The stamp is this hook under another name: nothing else has to be made for it. */
static void write_hook(const struct early_request *request, struct text *ret)
{
	text_append(ret, "#!/bin/bash\n");
	own_header(ret, "# ");
	text_append(ret, "\nbuild() {\n");
	/* Who deletes our files by hand, in a rescue system without vfioconf, gets an image without them. */
	for (size_t i = 0; i < request->files->count; i++)
		text_printf(ret, "\t[[ -e '%s' ]] || return 0\n", request->files->items[i]);
	for (size_t i = 0; i < request->modules->count; i++)
		text_printf(ret, "\tadd_module '%s?'\n", request->modules->items[i]);
	for (size_t i = 0; i < request->files->count; i++)
		text_printf(ret, "\tadd_file '%s'\n", request->files->items[i]);
	text_printf(ret, "\tadd_file '" HOOK "' '/" IMAGE_STAMP_DIRECTORY "/%s'\n", request->stamp);
	write_mending(request, ret);
	text_append(ret, "}\n");
}

/*
 * The modules come first, so that they are loaded before any other; without quotes around the arrays, so that a
 * string of several words (MODULES="a b", as of old) becomes the elements that were meant. The question mark: a kernel
 * that has none of it keeps its image. Where it does harm the hook takes it away.
 */
static void write_line(const struct early_request *request, struct text *ret)
{
	text_append(ret, "MODULES=(");
	for (size_t i = 0; i < request->modules->count; i++)
		text_printf(ret, "'%s?' ", request->modules->items[i]);
	text_append(ret, "${MODULES[@]}); HOOKS=(${HOOKS[@]} vfioconf)");
}

/* The block in a configuration that drop-ins do not reach; LINE NULL takes it out. */
static bool propose_block(const struct root *root, const char *path, const char *line, struct changeset *changeset,
			  struct findings *findings, bool *changed, struct fault *fault)
{
	cleanup_text struct text before = { 0 };
	cleanup_text struct text after = { 0 };
	cleanup_refusal struct refusal refusal = { 0 };
	struct fault reading = { 0 };

	if (!root_read(root, path, ROOT_LIMIT_TEXT, &before, &reading)) {
		if (!line && root_missing(&reading))
			return true;
		if (fault)
			*fault = reading;
		return false;
	}
	if (!block_edit(&before, line, &after, &refusal)) {
		struct finding *finding = refusal_finding(&refusal, path, findings);

		finding_remedy(finding, line ? "Put this line at the end of %s yourself." :
			       "Take out of %s yourself what vfioconf put there.", path);
		if (line)
			finding_paste(finding, "%s", line);
		return true;
	}
	*changed = *changed || !text_equal(&before, &after);
	changeset_file(changeset, path, &before, &after, 0644,
		       line ? "puts vfio-pci and its settings into the initramfs images" :
		       "the initramfs images need nothing from vfioconf");
	return true;
}

/* Which configurations need the block: those of presets, and the main one where there are no drop-ins. */
static void find_configurations(const struct root *root, const struct presets *presets, struct strlist *ret)
{
	bool main_one = !reads_dropins(root);

	for (size_t i = 0; i < presets->count; i++)
		for (size_t j = 0; j < presets->items[i].configs.count; j++)
			strlist_add_once(ret, presets->items[i].configs.items[j]);
	if (main_one)
		strlist_add_once(ret, CONFIGURATION);
}

/* A preset may have named another configuration then: our block must not outlive our hook in any. */
static void find_former_configurations(const struct root *root, struct strlist *ret)
{
	cleanup_strlist struct strlist names = { 0 };

	root_list(root, "/etc", &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text path = { 0 };

		text_printf(&path, "/etc/%s", names.items[i]);
		if (text_starts_with(names.items[i], "mkinitcpio") && text_ends_with(names.items[i], ".conf"))
			strlist_add_once(ret, text_string(&path));
	}
}

static bool propose_settings(const struct root *root, const struct early_request *request,
			     const struct presets *presets, struct changeset *changeset, struct findings *findings,
			     bool *ret_changed, struct fault *fault)
{
	cleanup_strlist struct strlist configurations = { 0 };
	cleanup_text struct text hook = { 0 };
	cleanup_text struct text line = { 0 };
	cleanup_text struct text dropin = { 0 };
	bool wanted = request->wanted, changed = false;

	write_hook(request, &hook);
	write_line(request, &line);
	own_header(&dropin, "# ");
	text_printf(&dropin, "%s\n", text_string(&line));
	if (!own_file(root, HOOK, wanted ? &hook : NULL, 0644,
		      wanted ? "puts the settings of vfio-pci into the initramfs images" :
		      "the initramfs images need nothing from vfioconf", changeset, findings, ret_changed, fault) ||
	    !own_file(root, DROPIN, wanted && reads_dropins(root) ? &dropin : NULL, 0644,
		      wanted ? "has mkinitcpio use the hook and load vfio-pci first" :
		      "the initramfs images need nothing from vfioconf", changeset, findings, &changed, fault))
		return false;
	*ret_changed = *ret_changed || changed;
	find_configurations(root, presets, &configurations);
	if (!wanted)
		find_former_configurations(root, &configurations);
	for (size_t i = 0; i < configurations.count; i++)
		if (!propose_block(root, configurations.items[i], wanted ? text_string(&line) : NULL, changeset,
				   findings, ret_changed, fault))
			return false;
	return true;
}

/* The kernel of a package, "" where it is not known: presets and images are named after the package. */
static const char *release_of(const struct root *root, const char *package, const struct strlist *kernels)
{
	char name[256];

	for (size_t i = 0; i < kernels->count; i++) {
		cleanup_text struct text path = { 0 };

		text_printf(&path, "usr/lib/modules/%s/pkgbase", kernels->items[i]);
		if (root_attribute(root, text_string(&path), name, sizeof(name)) && !strcmp(name, package))
			return kernels->items[i];
	}
	return "";
}

/* The kernels of the images go to RELEASES, "" for one that is not known. */
static void rebuild(const struct root *root, const struct early_request *request, const struct presets *presets,
		    struct strlist *releases, struct changeset *changeset)
{
	const char *const argv[] = { "mkinitcpio", "-P", NULL };
	struct command *command = changeset_command(changeset, image_why(request), 0, argv);

	command->timeout = 0;
	for (size_t i = 0; i < presets->count; i++) {
		const struct preset *preset = &presets->items[i];
		const char *release = release_of(root, preset->name, request->kernels);

		for (size_t j = 0; j < preset->images.count; j++) {
			if (!root_exists(root, preset->images.items[j]))
				continue;
			image_expect(root, command, "lsinitcpio", preset->images.items[j], release, request, true);
			strlist_add(releases, release);
			command->timeout += IMAGE_TIMEOUT;
		}
	}
}

static void rebuild_for_limine(const struct root *root, const struct early_request *request,
			       const struct strlist *images, const struct strlist *configs, struct strlist *releases,
			       struct changeset *changeset)
{
	const char *const argv[] = { LIMINE_MKINITCPIO, NULL };
	struct command *command = changeset_command(changeset, image_why(request), 0, argv);

	command->timeout = IMAGE_TIMEOUT * (unsigned)images->count;
	strlist_add_all(&command->artefacts, configs);
	for (size_t i = 0; i < images->count; i++) {
		char package[256] = "";

		limine_images_package(images->items[i], package, sizeof(package));
		strlist_add(releases, release_of(root, package, request->kernels));
		image_expect(root, command, "lsinitcpio", images->items[i], releases->items[releases->count - 1],
			     request, true);
	}
}

/* Images are named after the kernel's package, or anyhow: only where each is known to be of a kernel, one can lack. */
static void tell_kernels_without(const struct root *root, const struct early_request *request,
				 const struct strlist *releases, struct findings *findings)
{
	const struct strlist *kernels = request->kernels;

	for (size_t i = 0; i < kernels->count && !strlist_has(releases, ""); i++)
		if (!strlist_has(releases, kernels->items[i]))
			kernel_without_image(root, request, kernels->items[i], "mkinitcpio",
					     "mkinitcpio -k VERSION -g IMAGE", findings);
}

/*
 * Whether it is known which images are made, and whether ours counts in them; findings where not. Who goes on in spite of
 * a module that mkinitcpio fails on gets the command all the same: it fails, and everything is put back.
 */
static bool check_settings(const struct root *root, const struct early_request *request, const struct presets *presets,
			   struct findings *findings)
{
	bool all_known = presets_are_known(presets, findings);
	cleanup_strlist struct strlist configurations = { 0 };
	cleanup_strlist struct strlist kernels = { 0 };
	size_t known;

	kernels_whole(root, request->kernels, &kernels);
	mkinitcpio_check_modules(root, presets, &kernels, findings);
	find_configurations(root, presets, &configurations);
	known = findings->count;
	if (request->wanted)
		mkinitcpio_check_later(root, presets, &configurations, findings);
	return all_known && findings->count == known;
}

static bool propose_with(const struct root *root, const struct early_request *request, const struct presets *presets,
			 struct changeset *changeset, struct findings *findings, struct fault *fault)
{
	cleanup_strlist struct strlist limine = { 0 };
	cleanup_strlist struct strlist configs = { 0 };
	cleanup_strlist struct strlist releases = { 0 };
	size_t known = findings->count;
	bool changed = false;

	if (!propose_settings(root, request, presets, changeset, findings, &changed, fault))
		return false;
	if (findings->count > known || (!changed && !request->contents_changed) ||
	    !check_settings(root, request, presets, findings))
		return true;
	limine_images_find(root, &limine, &configs);
	if (limine.count)
		rebuild_for_limine(root, request, &limine, &configs, &releases, changeset);
	if (has_image(root, presets))
		rebuild(root, request, presets, &releases, changeset);
	if (releases.count) {
		tell_kernels_without(root, request, &releases, findings);
		return true;
	}
	finding_remedy(findings_add(findings, FINDING_IMAGE_MISSING, SEVERITY_ERROR,
				    "No preset in " PRESET_DIRECTORY " names an image that is there."),
		       "Create the images with mkinitcpio -P, or name what makes them with --generator NAME.");
	return true;
}

static bool propose(const struct root *root, const struct early_request *request, struct changeset *changeset,
		    struct findings *findings, struct fault *fault)
{
	cleanup_presets struct presets presets = { 0 };

	if (!image_words_are_plain(request, fault))
		return false;
	presets_read(root, &presets);
	return propose_with(root, request, &presets, changeset, findings, fault);
}

const struct initramfs initramfs_mkinitcpio = {
	.name = "mkinitcpio",
	.label = "mkinitcpio",
	.systems = "Arch, Manjaro, CachyOS",
	.files = HOOK ", " DROPIN,
	.apply = "mkinitcpio -P, or limine-mkinitcpio",
	.probe = probe,
	.propose = propose,
};
