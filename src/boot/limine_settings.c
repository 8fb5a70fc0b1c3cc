/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/limine_settings.h"

#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "boot/entries.h"

#define VARIABLE "KERNEL_CMDLINE["
#define UKI "ENABLE_UKI="

struct setting {
	enum aside_line_kind kind;
	const char *key; /* without quotes, and without an end */
	size_t key_length;
	bool adds;       /* += */
	size_t value, value_end; /* between the quotes; where .kind is ASIDE_LINE_WORDS */
};

static const char *skip(const char *at, const char *end, const char *bytes)
{
	while (at < end && strchr(bytes, *at))
		at++;
	return at;
}

/* Taken apart: blanks, KERNEL_CMDLINE[key], = or +=, a quote; what is behind the last quote is a comment at most. */
static struct setting read_line(const char *line, size_t length)
{
	struct setting setting = { .kind = ASIDE_LINE_OTHER };
	const char *end = line + length, *at = skip(line, end, " \t"), *close, *quote;

	if ((size_t)(end - at) < strlen(VARIABLE) || strncmp(at, VARIABLE, strlen(VARIABLE)) != 0)
		return setting;
	setting.kind = ASIDE_LINE_UNKNOWN;
	setting.key = skip(at + strlen(VARIABLE), end, " \"'");
	close = memchr(setting.key, ']', (size_t)(end - setting.key));
	if (!close)
		return setting;
	while (setting.key + setting.key_length < close && !strchr(" \"'", setting.key[setting.key_length]))
		setting.key_length++;
	at = skip(close + 1, end, " \t");
	setting.adds = at < end && *at == '+';
	at += setting.adds;
	if (at == end || *at != '=')
		return setting;
	at = skip(at + 1, end, " \t");
	quote = memrchr(at, '"', (size_t)(end - at));
	if (at == end || *at != '"' || quote == at)
		return setting;
	setting.kind = ASIDE_LINE_WORDS;
	setting.value = (size_t)(at + 1 - line);
	setting.value_end = (size_t)(quote - line);
	return setting;
}

enum aside_line_kind limine_settings_part(const char *line, size_t length, size_t *ret_start, size_t *ret_end)
{
	struct setting setting = read_line(line, length);

	*ret_start = setting.value;
	*ret_end = setting.value_end;
	return setting.kind;
}

void limine_settings_done(struct limine_settings *settings)
{
	if (!settings)
		return;
	for (size_t i = 0; i < settings->count; i++) {
		free(settings->items[i].name);
		strlist_done(&settings->items[i].words);
	}
	free(settings->items);
	strlist_done(&settings->vendor);
	free(settings->uki);
	free(settings->refused);
	refusal_done(&settings->refusal);
	*settings = (struct limine_settings){ 0 };
}

/* NULL for a key of fallback entries. */
static struct limine_key *find_key(struct limine_settings *settings, const struct setting *setting)
{
	cleanup_free char *name = memory_string_n(setting->key, setting->key_length);

	for (size_t i = 0; i < settings->count; i++)
		if (!strcmp(settings->items[i].name, name))
			return &settings->items[i];
	if (entry_speaks_of_fallback(name))
		return NULL;
	settings->items = memory_grow(settings->items, settings->count, &settings->capacity, sizeof(*settings->items));
	settings->items[settings->count] = (struct limine_key){ .name = take(name) };
	return &settings->items[settings->count++];
}

/* A line of PATH, which comes after our file where LATE, and is the main one where IS_MAIN. */
static void add_line(const struct text *bytes, size_t at, const struct setting *setting, const char *path, bool late,
		     bool is_main, struct limine_settings *settings)
{
	cleanup_free char *value = NULL;
	struct limine_key *key;

	if (setting->kind == ASIDE_LINE_UNKNOWN || (late && !is_main && !setting->adds)) {
		if (!late || setting->adds || settings->refused)
			return;
		settings->refused = memory_string(path);
		refusal_set(&settings->refusal, bytes, at, setting->kind == ASIDE_LINE_UNKNOWN ?
			    "an assignment in a form that is not edited" :
			    "this file comes after that of vfioconf, and here the words that it adds are dropped");
		return;
	}
	key = find_key(settings, setting);
	if (!key)
		return;
	if (!setting->adds)
		strlist_done(&key->words);
	key->set_by_main = is_main && (key->set_by_main || !setting->adds);
	value = memory_string_n(bytes->bytes + at + setting->value, setting->value_end - setting->value);
	cmdline_split(value, &key->words);
	if (text_starts_with(path, LIMINE_SETTINGS_VENDOR))
		cmdline_split(value, &settings->vendor);
}

static void add_uki(const char *line, size_t length, const char *path, struct limine_settings *settings)
{
	const char *end = line + length, *at = skip(line, end, " \t");

	if ((size_t)(end - at) < strlen(UKI) || strncmp(at, UKI, strlen(UKI)) != 0)
		return;
	at = skip(at + strlen(UKI), end, "\"' ");
	free(settings->uki);
	settings->uki = (size_t)(end - at) >= strlen("yes") && !strncasecmp(at, "yes", strlen("yes")) ? memory_string(path) : NULL;
}

static void add_file(const struct root *root, const char *path, bool late, bool is_main, struct limine_settings *settings)
{
	cleanup_text struct text bytes = { 0 };
	const char *all;

	if (!root_read(root, path, ROOT_LIMIT_TEXT, &bytes, NULL))
		return;
	all = text_string(&bytes);
	for (size_t at = 0, length; at < bytes.length; at += length + 1) {
		struct setting setting;

		length = strcspn(all + at, "\r\n");
		setting = read_line(all + at, length);
		add_uki(all + at, length, path, settings);
		if (setting.kind != ASIDE_LINE_OTHER)
			add_line(&bytes, at, &setting, path, late, is_main, settings);
	}
}

static void add_directory(const struct root *root, const char *directory, bool ours, struct limine_settings *settings)
{
	cleanup_strlist struct strlist names = { 0 };

	root_list(root, directory, &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text path = { 0 };

		text_printf(&path, "%s/%s", directory, names.items[i]);
		if (text_ends_with(names.items[i], ".conf") && (ours || strcmp(text_string(&path), LIMINE_SETTINGS_DROPIN) != 0))
			add_file(root, text_string(&path), strcmp(text_string(&path), LIMINE_SETTINGS_DROPIN) > 0 &&
				 !strcmp(directory, LIMINE_SETTINGS_DIRECTORY), false, settings);
	}
}

/* To name a key without a word is as good as not to name it. */
static void drop_empty_keys(struct limine_settings *settings)
{
	size_t kept = 0;

	for (size_t i = 0; i < settings->count; i++)
		if (settings->items[i].words.count)
			settings->items[kept++] = settings->items[i];
		else
			free(settings->items[i].name);
	settings->count = kept;
}

void limine_settings_read(const struct root *root, bool ours, struct limine_settings *ret)
{
	add_directory(root, LIMINE_SETTINGS_VENDOR, ours, ret);
	add_file(root, LIMINE_SETTINGS_COMMON, false, false, ret);
	add_directory(root, LIMINE_SETTINGS_DIRECTORY, ours, ret);
	add_file(root, LIMINE_SETTINGS_MAIN, true, true, ret);
	drop_empty_keys(ret);
}

static bool same_key(const struct setting *a, const struct setting *b)
{
	return a->key_length == b->key_length && !memcmp(a->key, b->key, a->key_length);
}

/* Whether the line at AT is the last of its key, which the file says whole. */
static bool takes_words(const struct text *bytes, size_t at, const struct setting *setting)
{
	cleanup_free char *name = memory_string_n(setting->key, setting->key_length);
	const char *all = text_string(bytes);
	bool whole = false;

	for (size_t other = 0, length; other < bytes->length; other += length + 1) {
		struct setting line;

		length = strcspn(all + other, "\r\n");
		line = read_line(all + other, length);
		if (line.kind != ASIDE_LINE_WORDS || !same_key(&line, setting))
			continue;
		if (other > at)
			return false;
		whole = whole || !line.adds;
	}
	return whole && !entry_speaks_of_fallback(name);
}

bool limine_settings_edit(const struct text *bytes, const struct cmdline_change *change, struct text *ret,
			  struct refusal *refusal)
{
	const char *all = text_string(bytes);
	size_t copied = 0;

	for (size_t at = 0, length; at < bytes->length; at += length + 1) {
		cleanup_free char *before = NULL;
		cleanup_free char *after = NULL;
		cleanup_strlist struct strlist words = { 0 };
		struct setting setting;

		length = strcspn(all + at, "\r\n");
		setting = read_line(all + at, length);
		if (setting.kind != ASIDE_LINE_WORDS || !takes_words(bytes, at, &setting))
			continue;
		before = memory_string_n(all + at + setting.value, setting.value_end - setting.value);
		if (!cmdline_split(before, &words)) {
			refusal_set(refusal, bytes, at, "a double quote on the kernel command line is not closed");
			return false;
		}
		after = cmdline_edit(before, change, NULL);
		text_append_n(ret, all + copied, at + setting.value - copied);
		text_append(ret, after);
		copied = at + setting.value_end;
	}
	text_append_n(ret, all + copied, bytes->length - copied);
	return true;
}
