/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/preset.h"

#include <string.h>

#include "base/text.h"
#include "edit/array.h"
#include "edit/assign.h"

void presets_done(struct presets *presets)
{
	if (!presets)
		return;
	for (size_t i = 0; i < presets->count; i++) {
		free(presets->items[i].name);
		strlist_done(&presets->items[i].images);
		strlist_done(&presets->items[i].ukis);
		strlist_done(&presets->items[i].apart);
		strlist_done(&presets->items[i].apart_options);
		strlist_done(&presets->items[i].configs);
	}
	free(presets->items);
	*presets = (struct presets){ 0 };
}

/* The value of PRESET_SUFFIX, where it is an absolute path. */
static void add_path(const struct text *bytes, const char *preset, const char *suffix, struct strlist *ret)
{
	cleanup_text struct text name = { 0 };
	cleanup_free char *value = NULL;
	struct assign assign = { 0 };

	text_printf(&name, "%s_%s", preset, suffix);
	if (assign_find(bytes, text_string(&name), false, &assign, NULL) != ASSIGN_FOUND)
		return;
	value = assign_value(bytes, &assign);
	if (*value == '/')
		strlist_add_once(ret, value);
}

/* The value of PRESET_options, which is a string or an array, in words. */
static void option_words(const struct text *bytes, const char *name, struct strlist *ret)
{
	struct assign assign = { 0 };

	if (!array_words(bytes, name, ret) && assign_find(bytes, name, false, &assign, NULL) == ASSIGN_FOUND) {
		cleanup_free char *value = assign_value(bytes, &assign);

		strlist_split(ret, value, " \t\n");
	}
}

/* With one of these mkinitcpio looks into no other file for the command line. */
static void note_apart(const struct text *bytes, const char *preset, const struct strlist *ukis, struct preset *ret)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_text struct text name = { 0 };

	text_printf(&name, "%s_options", preset);
	option_words(bytes, text_string(&name), &words);
	for (size_t i = 0; i < words.count; i++)
		if (!strcmp(words.items[i], "--cmdline") || text_starts_with(words.items[i], "--cmdline=") ||
		    !strcmp(words.items[i], "--no-cmdline")) {
			for (size_t j = 0; j < ukis->count; j++) {
				strlist_add(&ret->apart, ukis->items[j]);
				strlist_add(&ret->apart_options, text_string(&name));
			}
			return;
		}
}

static void read_preset(const struct text *bytes, struct preset *preset)
{
	cleanup_strlist struct strlist names = { 0 };

	if (!array_words(bytes, "PRESETS", &names))
		strlist_add(&names, "default");
	add_path(bytes, "ALL", "config", &preset->configs);
	for (size_t i = 0; i < names.count; i++) {
		add_path(bytes, names.items[i], "image", &preset->images);
		cleanup_strlist struct strlist ukis = { 0 };

		add_path(bytes, names.items[i], "uki", &ukis);
		add_path(bytes, names.items[i], "efi_image", &ukis);
		note_apart(bytes, names.items[i], &ukis, preset);
		for (size_t j = 0; j < ukis.count; j++)
			strlist_add_once(&preset->ukis, ukis.items[j]);
		add_path(bytes, names.items[i], "config", &preset->configs);
	}
	strlist_add_all(&preset->images, &preset->ukis);
}

void presets_read(const struct root *root, struct presets *ret)
{
	cleanup_strlist struct strlist names = { 0 };

	root_list(root, PRESET_DIRECTORY, &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		struct preset preset = { 0 };
		cleanup_text struct text bytes = { 0 };
		cleanup_text struct text path = { 0 };

		text_printf(&path, PRESET_DIRECTORY "/%s", names.items[i]);
		if (!text_ends_with(names.items[i], ".preset") ||
		    !root_read(root, text_string(&path), ROOT_LIMIT_TEXT, &bytes, NULL))
			continue;
		preset.name = memory_string_n(names.items[i], strlen(names.items[i]) - strlen(".preset"));
		read_preset(&bytes, &preset);
		ret->items = memory_grow(ret->items, ret->count, &ret->capacity, sizeof(preset));
		ret->items[ret->count++] = preset;
	}
}
