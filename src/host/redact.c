/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/redact.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/strlist.h"

/* What was found so far; its place in the list is the number of its placeholder. */
struct redaction {
	const char *start, *at, *end;
	struct strlist known;
	struct text out;
};

static size_t run(const struct redaction *redaction, const char *from, int (*is)(int))
{
	const char *at = from;

	while (at < redaction->end && is((unsigned char)*at))
		at++;
	return (size_t)(at - from);
}

static bool is_hexadecimal(const struct redaction *redaction, const char *from, size_t length)
{
	return (size_t)(redaction->end - from) >= length && run(redaction, from, isxdigit) >= length;
}

/* Whether a word may begin here, or has ended there: no letter or digit on the other side. */
static bool begins(const struct redaction *redaction)
{
	return redaction->at == redaction->start || !isalnum((unsigned char)redaction->at[-1]);
}

static bool ends(const struct redaction *redaction, const char *at)
{
	return at >= redaction->end || !isalnum((unsigned char)*at);
}

/* The number of the LENGTH bytes that stand here, from 1 on. */
static unsigned number_of(struct redaction *redaction, const char *bytes, size_t length)
{
	char *word = memory_string_n(bytes, length);
	size_t i = 0;

	while (i < redaction->known.count && strcmp(redaction->known.items[i], word) != 0)
		i++;
	if (i == redaction->known.count)
		strlist_add(&redaction->known, word);
	free(word);
	return (unsigned)i + 1;
}

/* Groups of hexadecimal digits with SEPARATOR between them; the length of all, 0 where that is not what stands here. */
static size_t groups(const struct redaction *redaction, const size_t *lengths, size_t count, char separator)
{
	const char *at = redaction->at;

	for (size_t i = 0; i < count; i++) {
		if (i && (at >= redaction->end || *at++ != separator))
			return 0;
		if (!is_hexadecimal(redaction, at, lengths[i]))
			return 0;
		at += lengths[i];
	}
	return ends(redaction, at) && (at >= redaction->end || *at != separator) ? (size_t)(at - redaction->at) : 0;
}

/* In the names of the variables of the boot loader interface: the same everywhere, and found by that name. */
#define LOADER_VENDOR "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

static bool take_uuid(struct redaction *redaction)
{
	static const size_t lengths[] = { 8, 4, 4, 4, 12 };
	size_t length = begins(redaction) ? groups(redaction, lengths, array_size(lengths), '-') : 0;

	if (!length || !memcmp(redaction->at, LOADER_VENDOR, length))
		return false;
	text_printf(&redaction->out, "00000000-0000-4000-8000-%012u", number_of(redaction, redaction->at, length));
	redaction->at += length;
	return true;
}

static bool take_mac(struct redaction *redaction)
{
	static const size_t lengths[] = { 2, 2, 2, 2, 2, 2 };
	size_t length = begins(redaction) ? groups(redaction, lengths, array_size(lengths), ':') : 0;

	if (!length)
		length = begins(redaction) ? groups(redaction, lengths, array_size(lengths), '-') : 0;
	if (!length)
		return false;
	text_printf(&redaction->out, "02:00:00:00:00:%02x", number_of(redaction, redaction->at, length) & 0xffu);
	redaction->at += length;
	return true;
}

/* A machine-id, or a UUID written in one piece. */
static bool take_long(struct redaction *redaction)
{
	static const size_t lengths[] = { 32 };
	size_t length = begins(redaction) ? groups(redaction, lengths, 1, '\0') : 0;

	if (!length)
		return false;
	text_printf(&redaction->out, "%032u", number_of(redaction, redaction->at, length));
	redaction->at += length;
	return true;
}

/* The volume id of a FAT file system: "1A2B-3C4D"; a version in the name of a file has other neighbours. */
static bool take_volume(struct redaction *redaction)
{
	static const size_t lengths[] = { 4, 4 };
	char before = redaction->at > redaction->start ? redaction->at[-1] : ' ';
	size_t length = strchr(" =/|\"'\t", before) ? groups(redaction, lengths, array_size(lengths), '-') : 0;

	if (!length || (redaction->at + length < redaction->end && strchr(".-_", redaction->at[length])))
		return false;
	text_printf(&redaction->out, "0000-%04u", number_of(redaction, redaction->at, length) % 10000);
	redaction->at += length;
	return true;
}

static bool at_word(const struct redaction *redaction, const char *word)
{
	size_t length = strlen(word);

	return (size_t)(redaction->end - redaction->at) > length && !memcmp(redaction->at, word, length);
}

static int is_name(int c)
{
	return c > ' ' && !strchr("/\"'\\,:;", c);
}

static int is_path(int c)
{
	return c > ' ' && !strchr("\"'\\,;", c);
}

/* Behind PREFIX stands a name that is nobody else's business. */
static bool take_behind(struct redaction *redaction, const char *prefix, int (*is)(int), const char *placeholder,
			bool numbered)
{
	size_t length;

	if (!at_word(redaction, prefix))
		return false;
	length = run(redaction, redaction->at + strlen(prefix), is);
	if (!length)
		return false;
	text_printf(&redaction->out, "%s%s", prefix, placeholder);
	if (numbered)
		text_printf(&redaction->out, "%u", number_of(redaction, redaction->at, strlen(prefix) + length));
	redaction->at += strlen(prefix) + length;
	return true;
}

/* Network interfaces that are named after their MAC address: "enx001122334455". */
static bool take_interface(struct redaction *redaction)
{
	static const size_t lengths[] = { 12 };
	struct redaction behind = *redaction;
	size_t length;

	if (!begins(redaction) || !(at_word(redaction, "enx") || at_word(redaction, "wlx")))
		return false;
	behind.at += 3;
	length = groups(&behind, lengths, 1, '\0');
	if (!length)
		return false;
	text_append_n(&redaction->out, redaction->at, 3);
	text_printf(&redaction->out, "%012u", number_of(redaction, behind.at, length));
	redaction->at = behind.at + length;
	return true;
}

static bool take_prefixed(struct redaction *redaction)
{
	return take_behind(redaction, "/dev/disk/by-id/", is_path, "placeholder-", true) ||
	       take_behind(redaction, "/run/media/", is_name, "user", false) ||
	       take_behind(redaction, "/run/user/", is_name, "1000", false) ||
	       take_behind(redaction, "/media/", is_name, "user", false) ||
	       take_behind(redaction, "/home/", is_name, "user", false) ||
	       take_behind(redaction, "PARTUUID=", is_name, "0-", true) ||
	       take_behind(redaction, "= LVM-", isalnum, "", true);
}

void redact(struct text *text)
{
	struct redaction redaction = {
		.start = text_string(text),
		.at = text_string(text),
		.end = text_string(text) + text->length,
	};

	while (redaction.at < redaction.end)
		if (!take_prefixed(&redaction) && !take_uuid(&redaction) && !take_mac(&redaction) &&
		    !take_long(&redaction) && !take_volume(&redaction) && !take_interface(&redaction))
			text_append_char(&redaction.out, *redaction.at++);
	strlist_done(&redaction.known);
	text_done(text);
	*text = redaction.out;
}
