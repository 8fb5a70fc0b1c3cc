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
	for (size_t i = 0; i < presets->refused_count; i++) {
		free(presets->refused[i].path);
		refusal_done(&presets->refused[i].refusal);
	}
	free(presets->items);
	free(presets->refused);
	*presets = (struct presets){ 0 };
}

/* One preset file while it is read. */
struct reading {
	const struct text *bytes;
	const char *path;
	struct presets *presets;
};

/* Takes what REFUSAL owns. */
static void refuse(const struct reading *reading, struct refusal *refusal)
{
	struct presets *presets = reading->presets;

	presets->refused = memory_grow(presets->refused, presets->refused_count, &presets->refused_capacity,
				       sizeof(*presets->refused));
	presets->refused[presets->refused_count++] = (struct preset_refusal){ memory_string(reading->path), *refusal };
	*refusal = (struct refusal){ 0 };
}

static bool is_path(const struct reading *reading, const char *value, size_t offset)
{
	struct refusal refusal = { 0 };

	if (*value == '/')
		return true;
	refusal_set(&refusal, reading->bytes, offset, "a path that does not begin with /");
	refuse(reading, &refusal);
	return false;
}

/* The value of PRESET_SUFFIX as a path, which the caller frees; NULL where there is none, or it is refused. */
static char *path_value(const struct reading *reading, const char *preset, const char *suffix)
{
	cleanup_text struct text name = { 0 };
	struct refusal refusal = { 0 };
	struct assign assign = { 0 };
	enum assign_result result;
	char *value;

	text_printf(&name, "%s_%s", preset, suffix);
	result = assign_find(reading->bytes, text_string(&name), false, &assign, &refusal);
	if (result == ASSIGN_REFUSED)
		refuse(reading, &refusal);
	refusal_done(&refusal);
	if (result != ASSIGN_FOUND)
		return NULL;
	value = assign_value(reading->bytes, &assign);
	if (*value && is_path(reading, value, assign.start))
		return value;
	free(value);
	return NULL;
}

static void add_path(const struct reading *reading, const char *preset, const char *suffix, struct strlist *ret)
{
	cleanup_free char *value = path_value(reading, preset, suffix);

	if (value)
		strlist_add_once(ret, value);
}

/* The value of NAME, which is a string or an array, in words. */
static void words_of(const struct reading *reading, const char *name, struct strlist *ret)
{
	struct refusal refusal = { 0 };
	struct assign assign = { 0 };
	enum assign_result result;

	if (array_words(reading->bytes, name, ret))
		return;
	result = assign_find(reading->bytes, name, false, &assign, &refusal);
	if (result == ASSIGN_FOUND) {
		cleanup_free char *value = assign_value(reading->bytes, &assign);

		strlist_split(ret, value, " \t\n");
	} else if (result == ASSIGN_REFUSED) {
		refuse(reading, &refusal);
	}
	refusal_done(&refusal);
}

/* The options of PRESET, else those of all; the caller frees the name of the variable that they stand in. */
static char *option_words(const struct reading *reading, const char *preset, struct strlist *ret)
{
	const char *const owners[] = { preset, "ALL" };
	struct text name = { 0 };

	for (size_t i = 0; i < array_size(owners) && !ret->count; i++) {
		text_reset(&name);
		text_printf(&name, "%s_options", owners[i]);
		words_of(reading, text_string(&name), ret);
	}
	return text_take(&name);
}

/* "-c FILE", "-vcFILE", "--config FILE", "--conf=FILE": as mkinitcpio's parseopts() reads them; NULL: it is none. */
static const char *config_of(const char *word, const char *next)
{
	static const char with_value[] = "AcDdgHkprStUz", option[] = "--config";
	size_t length = strcspn(word, "=");

	if (length >= strlen("--con") && !strncmp(word, option, length))
		return word[length] ? word + length + 1 : next;
	if (*word != '-' || word[1] == '-')
		return NULL;
	for (word++; *word && !strchr(with_value, *word); word++)
		;
	if (*word != 'c')
		return NULL;
	return word[1] ? word + 1 : next;
}

/* The configuration that PRESET is made with; options come last on mkinitcpio's command line, so they overrule. */
static void take_config(const struct reading *reading, const char *preset, const struct strlist *options,
			struct preset *ret)
{
	cleanup_free char *own = path_value(reading, preset, "config");
	cleanup_free char *common = own ? NULL : path_value(reading, "ALL", "config");
	const char *config = NULL;

	for (size_t i = 0; i < options->count; i++) {
		const char *given = config_of(options->items[i], i + 1 < options->count ? options->items[i + 1] : "");

		config = given ? given : config;
	}
	if (config) {
		const char *all = text_string(reading->bytes), *at = strstr(all, config);

		if (is_path(reading, config, at ? (size_t)(at - all) : 0))
			strlist_add_once(&ret->configs, config);
	} else if (own || common) {
		strlist_add_once(&ret->configs, own ? own : common);
	} else {
		ret->plain = true;
	}
}

/* With one of these mkinitcpio looks into no other file for the command line. */
static void note_apart(const struct strlist *options, const char *variable, const struct strlist *ukis,
		       struct preset *ret)
{
	for (size_t i = 0; i < options->count; i++)
		if (!strcmp(options->items[i], "--cmdline") || text_starts_with(options->items[i], "--cmdline=") ||
		    !strcmp(options->items[i], "--no-cmdline")) {
			for (size_t j = 0; j < ukis->count; j++) {
				strlist_add(&ret->apart, ukis->items[j]);
				strlist_add(&ret->apart_options, variable);
			}
			return;
		}
}

static void read_one(const struct reading *reading, const char *name, struct preset *preset)
{
	cleanup_strlist struct strlist options = { 0 };
	cleanup_strlist struct strlist ukis = { 0 };
	cleanup_free char *variable = option_words(reading, name, &options);

	add_path(reading, name, "image", &preset->images);
	add_path(reading, name, "uki", &ukis);
	add_path(reading, name, "efi_image", &ukis);
	note_apart(&options, variable, &ukis, preset);
	for (size_t i = 0; i < ukis.count; i++)
		strlist_add_once(&preset->ukis, ukis.items[i]);
	take_config(reading, name, &options, preset);
}

static void read_preset(const struct reading *reading, struct preset *preset)
{
	cleanup_strlist struct strlist names = { 0 };
	size_t refused = reading->presets->refused_count;

	words_of(reading, "PRESETS", &names);
	if (!names.count && reading->presets->refused_count == refused)
		strlist_add(&names, "default");
	for (size_t i = 0; i < names.count; i++)
		read_one(reading, names.items[i], preset);
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
		read_preset(&(struct reading){ &bytes, text_string(&path), ret }, &preset);
		ret->items = memory_grow(ret->items, ret->count, &ret->capacity, sizeof(preset));
		ret->items[ret->count++] = preset;
	}
}

/* A boot loader and a generator may both ask, and two presets share a value. */
static bool is_said(const struct findings *findings, const char *message)
{
	for (size_t i = 0; i < findings->count; i++)
		if (!strcmp(findings->items[i].message, message))
			return true;
	return false;
}

bool presets_are_known(const struct presets *presets, struct findings *findings)
{
	for (size_t i = 0; i < presets->refused_count; i++) {
		cleanup_findings struct findings own = { 0 };
		const struct preset_refusal *refused = &presets->refused[i];

		refusal_finding(&refused->refusal, refused->path, &own);
		if (!is_said(findings, own.items[0].message))
			finding_remedy(refusal_finding(&refused->refusal, refused->path, findings),
				       "Write the value out there, without variables, and each path from / on: else "
				       "nobody knows which images mkinitcpio makes, nor with which settings.");
	}
	return !presets->refused_count;
}
