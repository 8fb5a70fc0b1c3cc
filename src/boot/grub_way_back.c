/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/grub_way_back.h"

#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "boot/clue.h"
#include "boot/own.h"
#include "boot/way_back.h"
#include "edit/assign.h"

#define TEMPLATE "etc/grub.d/10_linux"

/*
 * GRUB_DEFAULT=3 is the fourth entry: behind a script that comes after ours it would be another one. Where it is the
 * first, a name or an id, that is the same as before.
 */
static bool counts_entries_behind_ours(const struct root *root)
{
	cleanup_strlist struct strlist scripts = { 0 };
	cleanup_text struct text bytes = { 0 };
	cleanup_free char *value = NULL;
	struct assign assign = { 0 };
	bool behind = false;

	root_list(root, "etc/grub.d", &scripts, NULL);
	for (size_t i = 0; i < scripts.count; i++) {
		cleanup_text struct text path = { 0 };
		struct stat status;

		text_printf(&path, "etc/grub.d/%s", scripts.items[i]);
		behind = behind || (strcmp(scripts.items[i], strrchr(GRUB_WAY_BACK_PATH, '/') + 1) > 0 &&
				    root_stat(root, text_string(&path), &status) && S_ISREG(status.st_mode) &&
				    status.st_mode & S_IXUSR);
	}
	if (!behind || !root_read(root, GRUB_DEFAULT_FILE, ROOT_LIMIT_TEXT, &bytes, NULL) ||
	    assign_find(&bytes, "GRUB_DEFAULT", false, &assign, NULL) != ASSIGN_FOUND)
		return false;
	value = assign_value(&bytes, &assign);
	return *value >= '1' && *value <= '9' && !value[strspn(value, "0123456789>")];
}

/* Distributions whose tools are called grub2-... have templates of their own. Ubuntu's is silent where / is on ZFS. */
static bool is_possible(const struct root *root, const struct grub *grub)
{
	char device[256];
	struct stat template;

	if (!grub->mkconfig || strcmp(grub->mkconfig, "grub-mkconfig") != 0)
		return false;
	if (counts_entries_behind_ours(root))
		return false;
	/* One that a person has switched off says nothing, and grub-mkconfig does not run it either. */
	return root_stat(root, TEMPLATE, &template) && template.st_mode & S_IXUSR &&
	       !(clue_cmdline_value(root, "root", device, sizeof(device)) && text_starts_with(device, "ZFS="));
}

/*
 * What comes before the first entry are functions, which cannot stand inside a
 * submenu and are defined by then. Nothing here may make grub-mkconfig fail when some day it runs for a new kernel.
 * The ids get a prefix and nothing is saved as the next default: GRUB_DEFAULT means what it meant.
 */
static void write_script(const struct strlist *words, struct text *ret)
{
	cleanup_free char *joined = strlist_join(words, " ");

	text_append(ret, "#!/bin/sh\n");
	own_header(ret, "# ");
	text_append(ret, "# The entries of 10_linux once more, for a boot that leaves every device with the host.\n");
	text_append(ret, "template=${0%/*}/10_linux\n");
	text_append(ret, "[ -x \"$template\" ] || exit 0\n");
	text_printf(ret, "entries=$(GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT %s\" \\\n", joined);
	text_append(ret, "\tGRUB_DISABLE_SUBMENU=y GRUB_DISABLE_RECOVERY=true GRUB_SAVEDEFAULT=false "
			 "GRUB_ACTUAL_DEFAULT= \\\n");
	text_append(ret, "\t\"$template\" 2>/dev/null |\n");
	text_append(ret, "\tsed -n \"/^[[:space:]]*menuentry /,\\$ { s/menuentry_id_option '/&vfioconf-/; "
			 "s/^./\t&/p; }\")\n");
	text_append(ret, "case $entries in\n");
	text_append(ret, "*" WAY_BACK_WORD "*)\n");
	text_append(ret, "\tprintf '%s\\n' \"submenu '" WAY_BACK_TITLE "' \\$menuentry_id_option 'vfioconf' {\" "
			 "\"$entries\" '}' ;;\n");
	text_append(ret, "esac\n");
}

bool grub_way_back_propose(const struct root *root, const struct grub *grub, const struct boot_request *request,
			   struct changeset *changeset, struct findings *findings, bool *ret_changed, bool *ret_there,
			   struct fault *fault)
{
	cleanup_text struct text script = { 0 };
	size_t known = findings->count;
	bool wanted = way_back_wanted(request) && is_possible(root, grub);

	*ret_there = *ret_changed = false;
	if (wanted)
		write_script(request->way_back, &script);
	if (!own_file(root, GRUB_WAY_BACK_PATH, wanted ? &script : NULL, 0755,
		      wanted ? "adds a boot menu entry that leaves every device with the host" :
			       "the boot menu needs no entry without device passthrough any more",
		      changeset, findings, ret_changed, fault))
		return false;
	*ret_there = wanted && findings->count == known;
	if (*ret_there)
		way_back_made(request);
	return true;
}
