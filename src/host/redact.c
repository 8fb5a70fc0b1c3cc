/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/redact.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/strlist.h"

/* A text on its way; what was found so far is known by its place in the list, the number of its placeholder. */
struct redaction {
	const char *start, *at, *end;
	const char *fresh; /* just behind an escape, whose last letter belongs to no word */
	struct strlist *known;
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
	return redaction->at == redaction->start || redaction->at == redaction->fresh ||
	       !isalnum((unsigned char)redaction->at[-1]);
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

	while (i < redaction->known->count && strcmp(redaction->known->items[i], word) != 0)
		i++;
	if (i == redaction->known->count)
		strlist_add(redaction->known, word);
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

/* In the names of variables, of the boot loader interface and of UEFI: the same everywhere, and found by that name. */
#define LOADER_VENDOR "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define GLOBAL_VENDOR "8be4df61-93ca-11d2-aa0d-00e098032b8c"

static bool take_uuid(struct redaction *redaction)
{
	static const size_t lengths[] = { 8, 4, 4, 4, 12 };
	size_t length = begins(redaction) ? groups(redaction, lengths, array_size(lengths), '-') : 0;

	if (!length || !memcmp(redaction->at, LOADER_VENDOR, length) || !memcmp(redaction->at, GLOBAL_VENDOR, length))
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

/* Whether the text just before this place is SUFFIX. */
static bool behind(const struct redaction *redaction, const char *suffix)
{
	size_t length = strlen(suffix);

	return (size_t)(redaction->at - redaction->start) >= length && !memcmp(redaction->at - length, suffix, length);
}

/* The entries of a boot menu are named after the file system that they start from: "osprober-efi-1A2B-3C4D". */
static bool behind_menu_name(const struct redaction *redaction)
{
	static const char *const names[] = { "-efi-", "-chain-", "-simple-", "-advanced-", "-fallback-", "-recovery-" };

	for (size_t i = 0; i < array_size(names); i++)
		if (behind(redaction, names[i]))
			return true;
	return false;
}

/* The volume id of a FAT file system: "1A2B-3C4D"; a version in the name of a file has other neighbours. */
static bool take_volume(struct redaction *redaction)
{
	static const size_t lengths[] = { 4, 4 };
	char before = redaction->at > redaction->start ? redaction->at[-1] : ' ';
	bool may_begin = strchr(" =/|\"'\t(", before) || behind_menu_name(redaction);
	size_t length = may_begin ? groups(redaction, lengths, array_size(lengths), '-') : 0;

	if (!length || (redaction->at + length < redaction->end && strchr(".-_", redaction->at[length])))
		return false;
	text_printf(&redaction->out, "0000-%04u", number_of(redaction, redaction->at, length) % 10000);
	redaction->at += length;
	return true;
}

/*
 * The UUID of an NTFS file system: sixteen digits in capitals. In small ones they are the bits of something in the
 * kernel, unless it is a file system that is named.
 */
static bool take_ntfs(struct redaction *redaction)
{
	static const size_t lengths[] = { 16 };
	size_t length = begins(redaction) ? groups(redaction, lengths, 1, '\0') : 0;
	bool named = behind(redaction, "UUID=") || behind(redaction, "/by-uuid/") || behind_menu_name(redaction);
	bool capital = false, small = false;

	for (size_t i = 0; i < length; i++) {
		capital = capital || isupper((unsigned char)redaction->at[i]);
		small = small || islower((unsigned char)redaction->at[i]);
	}
	if (!length || !(named || (capital && !small)))
		return false;
	text_printf(&redaction->out, "A%015u", number_of(redaction, redaction->at, length));
	redaction->at += length;
	return true;
}

/* The UUID of a RAID of mdadm: "rd.md.uuid=8f0c1d2e:...". */
static bool take_raid(struct redaction *redaction)
{
	static const size_t lengths[] = { 8, 8, 8, 8 };
	size_t length = begins(redaction) ? groups(redaction, lengths, array_size(lengths), ':') : 0;

	if (!length)
		return false;
	text_printf(&redaction->out, "00000000:00000000:00000000:%08u", number_of(redaction, redaction->at, length));
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

/* Network interfaces that are named after their MAC address: "enx001122334455", of a mobile network "wwx...". */
static bool take_interface(struct redaction *redaction)
{
	static const char *const kinds[] = { "enx", "wlx", "wwx", "ibx", "slx" };
	static const size_t lengths[] = { 12 };
	struct redaction number = *redaction;
	bool known = false;
	size_t length;

	for (size_t i = 0; i < array_size(kinds); i++)
		known = known || at_word(redaction, kinds[i]);
	if (!known || !begins(redaction))
		return false;
	number.at += strlen(kinds[0]);
	length = groups(&number, lengths, 1, '\0');
	if (!length)
		return false;
	text_append_n(&redaction->out, redaction->at, strlen(kinds[0]));
	text_printf(&redaction->out, "%012u", number_of(redaction, number.at, length));
	redaction->at = number.at + length;
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
	       take_behind(redaction, "lvmid/", is_path, "placeholder-", true) ||
	       take_behind(redaction, "= LVM-", isalnum, "", true);
}

/* The length of one character of ASCII in UTF-16LE, as a machine file has it: "d\x00"; 0 where none stands at AT. */
static size_t wide_length(const struct redaction *redaction, const char *at)
{
	static const char zero[] = "\\x00";
	size_t left = (size_t)(redaction->end - at), length = 1;

	if (!left || !isprint((unsigned char)*at))
		return 0;
	if (*at == '\\') {
		if (left < 2 || at[1] != '\\')
			return 0;
		length = 2;
	}
	if (left < length + strlen(zero) || memcmp(at + length, zero, strlen(zero)) != 0)
		return 0;
	return length + strlen(zero);
}

static void redact_bytes(const char *bytes, size_t length, struct strlist *known, struct text *ret);

/* What the firmware keeps in UTF-16LE, such as the name of the entry that was booted, is the same as in text. */
static bool take_wide(struct redaction *redaction)
{
	cleanup_text struct text narrow = { 0 }, shown = { 0 };
	const char *at = redaction->at;

	for (size_t length; (length = wide_length(redaction, at)); at += length)
		text_append_char(&narrow, *at);
	if (!narrow.length)
		return false;
	redact_bytes(text_string(&narrow), narrow.length, redaction->known, &shown);
	for (size_t i = 0; i < shown.length; i++)
		text_printf(&redaction->out, "%s%c\\x00", shown.bytes[i] == '\\' ? "\\" : "", shown.bytes[i]);
	redaction->at = at;
	return true;
}

/* A byte that a machine file has as an escape stays one. */
static bool take_escape(struct redaction *redaction)
{
	size_t left = (size_t)(redaction->end - redaction->at), length = 0;

	if (left < 2 || *redaction->at != '\\')
		return false;
	if (strchr("\\nrts", redaction->at[1]))
		length = 2;
	else if (redaction->at[1] == 'x' && is_hexadecimal(redaction, redaction->at + 2, 2))
		length = 4;
	if (!length || !redaction->at[1])
		return false;
	text_append_n(&redaction->out, redaction->at, length);
	redaction->fresh = redaction->at += length;
	return true;
}

static bool take_number(struct redaction *redaction)
{
	return take_uuid(redaction) || take_mac(redaction) || take_long(redaction) || take_raid(redaction) ||
	       take_volume(redaction) || take_ntfs(redaction) || take_interface(redaction);
}

static void redact_bytes(const char *bytes, size_t length, struct strlist *known, struct text *ret)
{
	struct redaction redaction = { .start = bytes, .at = bytes, .end = bytes + length, .known = known };

	while (redaction.at < redaction.end)
		if (!take_wide(&redaction) && !take_escape(&redaction) && !take_prefixed(&redaction) &&
		    !take_number(&redaction))
			text_append_char(&redaction.out, *redaction.at++);
	text_append_n(ret, text_string(&redaction.out), redaction.out.length);
	text_done(&redaction.out);
}

void redact(struct text *text)
{
	cleanup_strlist struct strlist known = { 0 };
	struct text out = { 0 };

	redact_bytes(text_string(text), text->length, &known, &out);
	text_done(text);
	*text = out;
}
