/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "initramfs/dracut_host_only.h"

#include <string.h>

#include "base/text.h"

#define HOST_ONLY "--hostonly"
#define OWN_WORDS "--no-hostonly-cmdline"

/* Whether TEXT has WORD with a blank on both sides, in a line that is no comment. */
static bool has_option(const struct text *text, const char *word)
{
	cleanup_strlist struct strlist lines = { 0 };

	strlist_split(&lines, text_string(text), "\n");
	for (size_t i = 0; i < lines.count; i++) {
		cleanup_strlist struct strlist words = { 0 };

		strlist_split(&words, lines.items[i], " \t\"'()");
		if (words.count && *words.items[0] != '#' && strlist_has(&words, word))
			return true;
	}
	return false;
}

static void read_script(const struct root *root, const char *path, struct text *ret)
{
	root_read(root, path, ROOT_LIMIT_TEXT, ret, NULL);
	text_append_char(ret, '\n');
}

/* Those of eos-dracut and the like, and what people make themselves after Arch's wiki: "dracut" is in the name. */
static bool read_scripts(const struct root *root, struct text *ret)
{
	static const char *const places[] = { "usr/share/libalpm/scripts", "usr/share/libalpm/hooks", "etc/pacman.d/hooks",
					      "usr/local/bin", "usr/local/sbin" };
	static const char *const programs[] = { "usr/bin/dracut-rebuild", "usr/bin/kernel-install-for-dracut" };

	if (!root_is_directory(root, "usr/share/libalpm") && !root_is_directory(root, "etc/pacman.d/hooks"))
		return false;
	for (size_t i = 0; i < array_size(places); i++) {
		cleanup_strlist struct strlist names = { 0 };

		root_list(root, places[i], &names, NULL);
		for (size_t j = 0; j < names.count; j++) {
			cleanup_text struct text path = { 0 };

			text_printf(&path, "%s/%s", places[i], names.items[j]);
			if (strstr(names.items[j], "dracut"))
				read_script(root, text_string(&path), ret);
		}
	}
	for (size_t i = 0; i < array_size(programs); i++)
		read_script(root, programs[i], ret);
	return true;
}

void dracut_host_only_options(const struct root *root, struct strlist *ret)
{
	cleanup_text struct text scripts = { 0 };

	if (!read_scripts(root, &scripts) || !has_option(&scripts, HOST_ONLY))
		return;
	strlist_add(ret, HOST_ONLY);
	if (has_option(&scripts, OWN_WORDS))
		strlist_add(ret, OWN_WORDS);
}
