/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/grub.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "base/text.h"
#include "boot/clue.h"
#include "boot/grub_way_back.h"
#include "boot/proxmox_esps.h"
#include "boot/way_back.h"
#include "boot/words.h"
#include "edit/assign.h"
#include "edit/cmdline.h"

#define BLS_ENTRIES "boot/loader/entries"
#define MKCONFIG_TIMEOUT 300u

static const char *const mkconfig_directories[] = { "usr/sbin", "usr/bin", "sbin", "usr/local/sbin" };
static const char *const mkconfig_names[] = { "grub-mkconfig", "grub2-mkconfig" };
static const char *const configs[] = { "/boot/grub/grub.cfg", "/boot/grub2/grub.cfg", "/etc/grub2.cfg",
				       "/etc/grub2-efi.cfg" };
/* The commands that load a kernel, in every spelling that distributions use. */
static const char *const kernel_commands[] = { "linux", "linuxefi", "linux16" };

/* The path of grub-mkconfig, which tells by its own text what it reads; NULL where there is none. */
static char *find_mkconfig(const struct root *root, const char **ret_name)
{
	for (size_t i = 0; i < array_size(mkconfig_names); i++)
		for (size_t j = 0; j < array_size(mkconfig_directories); j++) {
			struct text path = { 0 };

			text_printf(&path, "%s/%s", mkconfig_directories[j], mkconfig_names[i]);
			if (root_exists(root, text_string(&path))) {
				*ret_name = mkconfig_names[i];
				return text_take(&path);
			}
			text_done(&path);
		}
	return NULL;
}

/* Where an ordinary user may not look, the name as it is: root will find it there. */
static char *find_config(const struct root *root, bool grub2)
{
	char *path;

	for (size_t i = 0; i < array_size(configs); i++) {
		/* A system that calls its tools grub2-... also has the directory of that name. */
		const char *config = configs[grub2 && i < 2 ? 1 - i : i];

		path = root_resolve(root, config);
		if (path)
			return path;
		if (errno == EACCES)
			return memory_string(config);
	}
	return NULL;
}

/* An ordinary user may not look into the directory, but sees that it is there. */
static bool has_bls_entries(const struct root *root)
{
	cleanup_strlist struct strlist names = { 0 };
	struct fault fault = { 0 };

	if (!root_list(root, BLS_ENTRIES, &names, &fault))
		return fault.error == EACCES;
	for (size_t i = 0; i < names.count; i++)
		if (text_ends_with(names.items[i], ".conf"))
			return true;
	return false;
}

static bool settings_enable_bls(const struct root *root)
{
	cleanup_text struct text bytes = { 0 };
	cleanup_free char *value = NULL;
	struct assign assign = { 0 };

	if (!root_read(root, GRUB_DEFAULT_FILE, ROOT_LIMIT_TEXT, &bytes, NULL) ||
	    assign_find(&bytes, "GRUB_ENABLE_BLSCFG", false, &assign, NULL) != ASSIGN_FOUND)
		return false;
	value = assign_value(&bytes, &assign);
	return !strcmp(value, "true");
}

/* Red Hat's GRUB: grub.cfg has a "blscfg" command instead of entries. */
static bool uses_bls(const struct root *root, const struct grub *grub)
{
	cleanup_text struct text config = { 0 };

	if (!has_bls_entries(root))
		return false;
	/* An ordinary user may not read it, and goes by what it is made from. */
	if (grub->config && root_read(root, grub->config, ROOT_LIMIT_GENERATED, &config, NULL))
		return strstr(text_string(&config), "\nblscfg");
	return settings_enable_bls(root);
}

/* openSUSE's GRUB that boots entries which sdbootutil writes, and no grub.cfg of grub2-mkconfig. */
static bool entries_by_sdbootutil(const struct root *root)
{
	cleanup_strlist struct strlist names = { 0 };

	return root_exists(root, "usr/bin/sdbootutil") &&
	       root_list(root, "boot/efi/loader/entries", &names, NULL) && names.count;
}

void grub_inspect(const struct root *root, struct grub *ret)
{
	cleanup_free char *mkconfig = NULL;

	*ret = (struct grub){ 0 };
	mkconfig = find_mkconfig(root, &ret->mkconfig);
	ret->config = find_config(root, ret->mkconfig && !strcmp(ret->mkconfig, "grub2-mkconfig"));
	if (!mkconfig || clue_is_image_based(root) || entries_by_sdbootutil(root))
		return;
	if (uses_bls(root, ret))
		ret->way = GRUB_BLS;
	else if (clue_file_holds(root, mkconfig, ROOT_LIMIT_TEXT, "default/grub.d"))
		ret->way = GRUB_DROPIN;
	else
		ret->way = GRUB_EDIT;
}

void grub_done(struct grub *grub)
{
	if (!grub)
		return;
	free(grub->config);
	*grub = (struct grub){ 0 };
}

void grub_evidence(const struct root *root, const struct grub *grub, struct evidence *evidence)
{
	char value[256], image[256];

	if (clue_efi_variable(root, "LoaderInfo", value, sizeof(value)) && text_starts_with(value, "GRUB "))
		evidence_add(evidence, SCORE_PROVEN, "the firmware variable LoaderInfo says \"%s\"", value);
	/* GRUB names its partition, "(hd0,gpt2)/vmlinuz"; syslinux also sets BOOT_IMAGE, but never that way. */
	if (clue_cmdline_value(root, "BOOT_IMAGE", value, sizeof(value)) && text_starts_with(value, "(hd"))
		evidence_add(evidence, SCORE_USED, "BOOT_IMAGE=%s in /proc/cmdline is of GRUB's form", value);
	if (!grub->config) {
		if (root_exists(root, GRUB_DEFAULT_FILE))
			evidence_add(evidence, SCORE_TRACE, "%s is there, but no grub.cfg", GRUB_DEFAULT_FILE);
		return;
	}
	if (clue_boot_image(root, image, sizeof(image)) &&
	    clue_file_holds(root, grub->config, ROOT_LIMIT_GENERATED, image))
		evidence_add(evidence, SCORE_USED, "this boot loaded %s, and %s has an entry for it", image,
			     grub->config);
	else if (root_exists(root, GRUB_DEFAULT_FILE))
		evidence_add(evidence, SCORE_CONFIGURED, "%s and %s are there", GRUB_DEFAULT_FILE, grub->config);
	else
		evidence_add(evidence, SCORE_TRACE, "%s is there", grub->config);
}

/* The words of a line that loads a kernel, without the command and the kernel's name; false for any other line. */
static bool kernel_line(const char *line, struct strlist *ret)
{
	cleanup_strlist struct strlist words = { 0 };

	cmdline_split(line, &words);
	for (size_t i = 0; words.count > 1 && i < array_size(kernel_commands); i++)
		if (!strcmp(words.items[0], kernel_commands[i])) {
			for (size_t j = 2; j < words.count; j++)
				strlist_add(ret, words.items[j]);
			return true;
		}
	return false;
}

/*
 * "### BEGIN /etc/grub.d/10_linux ###": what follows is made from the settings. Another script may come before it, for
 * other systems or the user's own entries.
 */
static const char *const generated_begin[] = { "### BEGIN *_linux ###", "### BEGIN *_linux_zfs ###",
					       "### BEGIN *_linux_proxy ###" /* grub-customizer's */ };

static bool begins_generated(const char *line)
{
	for (size_t i = 0; i < array_size(generated_begin); i++)
		if (!fnmatch(generated_begin[i], line, 0))
			return true;
	return false;
}

/*
 * The words of the first entry of grub.cfg that grub-mkconfig made from its settings, or of the first of all where
 * none is known to be. False where it cannot be read or has none. *RET_FOREIGN (may be NULL)
 * gets the words of lines that grub-mkconfig did not make from its settings: the user's own entries, other systems.
 */
static bool config_words(const struct root *root, const struct grub *grub, struct strlist *ret,
			 struct strlist *ret_foreign)
{
	cleanup_strlist struct strlist lines = { 0 };
	cleanup_strlist struct strlist first = { 0 };
	cleanup_text struct text bytes = { 0 };
	bool any = false, any_generated = false, generated = false, way_back = false;

	if (!grub->config || !root_read(root, grub->config, ROOT_LIMIT_GENERATED, &bytes, NULL))
		return false;
	strlist_split(&lines, text_string(&bytes), "\r\n");
	for (size_t i = 0; i < lines.count; i++) {
		cleanup_strlist struct strlist words = { 0 };

		if (text_starts_with(lines.items[i], "### BEGIN ")) {
			generated = begins_generated(lines.items[i]);
			way_back = !strcmp(lines.items[i], GRUB_WAY_BACK_BEGIN);
		}
		if (!kernel_line(lines.items[i], &words))
			continue;
		if (!any || (generated && !any_generated)) {
			strlist_done(&first);
			strlist_add_all(&first, &words);
		}
		if (!generated && !way_back && ret_foreign)
			strlist_add_all(ret_foreign, &words);
		any = true;
		any_generated = any_generated || generated;
	}
	strlist_add_all(ret, &first);
	return any;
}

/*
 * A grub.cfg that a person wrote: grub-mkconfig, which knows nothing of it, would put another in its place. It marks
 * its own with the scripts that each part is from.
 */
static bool is_by_hand(const struct root *root, const struct grub *grub)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_text struct text bytes = { 0 };

	if (!grub->config || !root_read(root, grub->config, ROOT_LIMIT_GENERATED, &bytes, NULL) ||
	    strstr(text_string(&bytes), "### BEGIN /") || strstr(text_string(&bytes), "utomatically generated by"))
		return false;
	return config_words(root, grub, &words, NULL);
}

bool grub_by_hand(const struct root *root, const struct boot_request *request, struct findings *findings)
{
	cleanup_strlist struct strlist now = { 0 };
	cleanup_strlist struct strlist missing = { 0 };
	cleanup_free char *words = NULL;
	cleanup_grub struct grub grub = { 0 };
	struct finding *finding;

	grub_inspect(root, &grub);
	if (!request->wanted->count || !is_by_hand(root, &grub))
		return false;
	config_words(root, &grub, &now, NULL);
	words_missing(request, &now, &missing);
	if (!missing.count)
		return true;
	words = strlist_join(&missing, " ");
	finding = findings_add(findings, FINDING_LOADER_MANUAL, SEVERITY_ERROR,
			       "%s was not made by %s, which would replace all that stands in it.", grub.config,
			       grub.mkconfig ? grub.mkconfig : "grub-mkconfig");
	finding_remedy(finding, "Add these words at the end of the line that begins with \"linux\", in each entry of this "
		       "system, and do the same here again. Or have the file made anew first, where nothing in it has to stay: "
		       "%s -o %s", grub.mkconfig ? grub.mkconfig : "grub-mkconfig", grub.config);
	finding_paste(finding, "%s", words);
	return true;
}

/* What grub.cfg has to say once it is made. */
struct goal {
	const struct strlist *wanted, *gone;
	const struct strlist *way_back; /* words of the entry beside the others */
	bool way_back_there;            /* whether there is to be one */
};

static void add_keys(struct expectation *expectation)
{
	for (size_t i = 0; i < array_size(generated_begin); i++)
		strlist_add(&expectation->from, generated_begin[i]);
	for (size_t i = 0; i < array_size(kernel_commands); i++)
		strlist_add(&expectation->keys, kernel_commands[i]);
}

/* The default entry is one without these words, or the way back would be the only way. */
static void expect_way_back(struct command *command, const struct grub *grub, const struct goal *goal,
			    const struct strlist *foreign)
{
	struct expectation *expectation;

	if (!goal->way_back_there && strlist_has(foreign, WAY_BACK_WORD))
		return;
	expectation = command_expect(command, EXPECT_BESIDE, grub->config);
	add_keys(expectation);
	if (goal->way_back_there)
		strlist_add_all(&expectation->present, goal->way_back);
	else
		strlist_add(&expectation->absent, WAY_BACK_WORD);
}

/* Words that foreign entries have as well may stay: those entries are not ours to judge. */
static void add_command(const struct root *root, const struct grub *grub, const struct goal *goal,
			bool way_back_changed, struct changeset *changeset)
{
	cleanup_strlist struct strlist now = { 0 };
	cleanup_strlist struct strlist foreign = { 0 };
	const char *argv[] = { grub->mkconfig, "-o", COMMAND_OUTPUT, NULL };
	struct expectation *expectation;
	struct command *command;

	command = changeset_command(changeset, "writes the boot menu anew, with the parameters for the kernel",
				    MKCONFIG_TIMEOUT, argv);
	free(command->output);
	command->output = memory_string(grub->config);
	expectation = command_expect(command, EXPECT_WORDS, grub->config);
	add_keys(expectation);
	strlist_add_all(&expectation->present, goal->wanted);
	config_words(root, grub, &now, &foreign);
	for (size_t i = 0; i < goal->gone->count; i++)
		if (!strlist_has(&foreign, goal->gone->items[i]))
			strlist_add(&expectation->absent, goal->gone->items[i]);
	if (goal->way_back_there || way_back_changed)
		expect_way_back(command, grub, goal, &foreign);
}

/* A grub.cfg that cannot be read (by an ordinary user) is taken to be right. */
static bool is_stale(const struct root *root, const struct grub *grub, const struct goal *goal)
{
	cleanup_strlist struct strlist now = { 0 };

	if (!config_words(root, grub, &now, NULL))
		return false;
	return words_are_stale(&now, goal->wanted, goal->gone) ||
	       goal->way_back_there !=
	       clue_file_holds(root, grub->config, ROOT_LIMIT_GENERATED, "submenu '" WAY_BACK_TITLE "'");
}

/* Proxmox may keep several ESPs, which GRUB starts from, and mounts them only while it copies to them. */
static void add_refresh(const struct root *root, struct changeset *changeset, struct findings *findings)
{
	cleanup_strlist struct strlist uuids = { 0 };
	cleanup_strlist struct strlist mounts = { 0 };

	proxmox_esps_read(root, &uuids, &mounts);
	if (!uuids.count)
		return;
	proxmox_esps_refresh(changeset, "copies kernels and the boot menu to all EFI system partitions");
	/* The menu in /boot is proven; its copies are the tool's own making, in a form of its own. */
	proxmox_esps_note(&uuids, uuids.count, findings);
}

bool grub_regenerate(const struct root *root, bool changed, const struct boot_request *request,
		     const struct strlist *gone, struct changeset *changeset, struct findings *findings,
		     struct fault *fault)
{
	struct goal goal = { .wanted = request->wanted, .gone = gone, .way_back = request->way_back };
	struct boot_request possible = *request;
	cleanup_grub struct grub grub = { 0 };
	bool way_back_changed, by_hand;

	grub_inspect(root, &grub);
	by_hand = is_by_hand(root, &grub);
	if (by_hand)
		possible.way_back = NULL;
	if (!grub_way_back_propose(root, &grub, &possible, changeset, findings, &way_back_changed,
				   &goal.way_back_there, fault))
		return false;
	if (by_hand || (!changed && !way_back_changed && !is_stale(root, &grub, &goal))) {
		if (proxmox_esps_due(changeset))
			add_refresh(root, changeset, findings);
		return true;
	}
	if (!grub.config)
		return fault_set(fault, FAULT_INPUT, configs[0], "there is no grub.cfg in /boot/grub or /boot/grub2");
	if (!grub.mkconfig)
		return fault_set(fault, FAULT_INPUT, grub.config, "there is no grub-mkconfig to write %s", grub.config);
	add_command(root, &grub, &goal, way_back_changed, changeset);
	add_refresh(root, changeset, findings);
	return true;
}

void grub_refuse(const struct refusal *refusal, const char *path, const struct strlist *missing,
		 const struct strlist *dropped, struct findings *findings)
{
	cleanup_free char *words = strlist_join(missing, " ");
	cleanup_free char *gone = dropped && dropped->count ? strlist_join(dropped, " ") : NULL;
	struct finding *finding = refusal_finding(refusal, path, findings);

	finding_remedy(finding, "Make it one plain line like this, with your own words in place of the dots%s%s; then plan "
		       "again.", gone ? ", without " : "", gone ? gone : "");
	finding_paste(finding, GRUB_VARIABLE "=\"...%s%s\"", missing->count ? " " : "", words);
}
