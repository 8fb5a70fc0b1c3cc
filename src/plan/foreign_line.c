/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/foreign_line.h"

#include <ctype.h>
#include <string.h>

#include "base/address.h"

bool foreign_is_vfio(const char *module)
{
	return !strcmp(module, "vfio-pci") || !strcmp(module, "vfio_pci");
}

void foreign_ids(const char *list, struct strlist *ret)
{
	strlist_split(ret, list, ",");
}

/* "0000:02:00.0": a domain of at least four digits, so that a time of day or a MAC address is not taken for one. */
static size_t address_length(const char *at)
{
	size_t digits = strspn(at, "0123456789abcdefABCDEF");

	if (digits < 4 || digits > 8 || at[digits] != ':')
		return 0;
	at += digits;
	return isxdigit((unsigned char)at[1]) && isxdigit((unsigned char)at[2]) && at[3] == ':' &&
	       isxdigit((unsigned char)at[4]) && isxdigit((unsigned char)at[5]) && at[6] == '.' && at[7] >= '0' &&
	       at[7] <= '7' && !isxdigit((unsigned char)at[8]) ? digits + 8 : 0;
}

void foreign_addresses(const char *text, struct strlist *ret)
{
	for (const char *at = text; *at; at++) {
		size_t length = at == text || !isxdigit((unsigned char)at[-1]) ? address_length(at) : 0;
		cleanup_free char *word = length ? memory_string_n(at, length) : NULL;
		char buffer[ADDRESS_SIZE];
		struct address address;

		if (word && address_parse(word, &address))
			strlist_add_once(ret, address_format(address, buffer));
	}
}

/* The words from FIRST on: ids go to the item (of two lists the kernel takes the last), the others to REST. */
static bool take_ids(const struct strlist *words, size_t first, struct strlist *ret_ids, struct strlist *ret_others)
{
	const char *ids = NULL;

	for (size_t i = first; i < words->count; i++)
		if (text_starts_with(words->items[i], "ids="))
			ids = words->items[i] + strlen("ids=");
		else
			strlist_add(ret_others, words->items[i]);
	if (!ids || !*ids)
		return false;
	foreign_ids(ids, ret_ids);
	return true;
}

/* The line with other parameters than ids, which are not about which device: they stay in force. */
static void put_rest(const struct strlist *words, size_t first, const struct strlist *others, struct text *rest)
{
	for (size_t i = 0; i < first; i++)
		text_printf(rest, "%s%s", i ? " " : "", words->items[i]);
	for (size_t i = 0; i < others->count; i++)
		text_printf(rest, " %s", others->items[i]);
}

static bool modprobe_line(const struct strlist *words, const char *text, struct foreign_item *item, struct text *rest)
{
	cleanup_strlist struct strlist others = { 0 };

	if (words->count < 2 || !foreign_is_vfio(words->items[1]))
		return false;
	if (!strcmp(words->items[0], "options")) {
		item->kind = FOREIGN_IDS;
		if (!take_ids(words, 2, &item->ids, &others))
			return false;
		if (others.count)
			put_rest(words, 2, &others, rest);
		return true;
	}
	if (!strcmp(words->items[0], "install"))
		item->kind = FOREIGN_INSTALL;
	else if (!strcmp(words->items[0], "softdep"))
		item->kind = FOREIGN_SOFTDEP;
	else
		return false;
	foreign_addresses(text, &item->addresses);
	return true;
}

static bool modules_line(const struct strlist *words, struct foreign_item *item, struct text *rest)
{
	cleanup_strlist struct strlist others = { 0 };

	if (!words->count || !foreign_is_vfio(words->items[0]))
		return false;
	item->kind = take_ids(words, 1, &item->ids, &others) ? FOREIGN_IDS : FOREIGN_EARLY;
	put_rest(words, 1, &others, rest);
	return true;
}

/* Whether a key of a rule only looks, or writes nothing but driver_override. */
static bool is_plain_key(const char *key)
{
	const char *operator = strpbrk(key, "=!+-:");

	return operator && (!strncmp(operator, "==", 2) || !strncmp(operator, "!=", 2) ||
			    (text_starts_with(key, "ATTR{driver_override}") && !strncmp(operator, "=\"", 2)));
}

/* A part of an id match: ATTR{vendor}=="0x10de". */
static void take_attribute(const char *key, const char *name, char ret[5])
{
	size_t length = strlen(name);

	if (text_starts_with(key, name) && text_starts_with(key + length, "==\"0x") &&
	    strspn(key + length + 5, "0123456789abcdefABCDEF") == 4)
		memcpy(ret, key + length + 5, 4);
}

static bool udev_line(const char *text, struct foreign_item *item)
{
	cleanup_strlist struct strlist keys = { 0 };
	char vendor[5] = "", device[5] = "";

	if (!strstr(text, "driver_override") || (!strstr(text, "vfio-pci") && !strstr(text, "vfio_pci")))
		return false;
	item->kind = FOREIGN_RULE;
	item->understood = true;
	strlist_split(&keys, text, ", \t");
	for (size_t i = 0; i < keys.count; i++) {
		item->understood = item->understood && is_plain_key(keys.items[i]);
		take_attribute(keys.items[i], "ATTR{vendor}", vendor);
		take_attribute(keys.items[i], "ATTR{device}", device);
	}
	foreign_addresses(text, &item->addresses);
	if (*vendor && *device && !item->addresses.count)
		strlist_printf(&item->ids, "%s:%s", vendor, device);
	return true;
}

bool foreign_line(enum line_syntax syntax, const char *text, struct foreign_item *item, struct text *rest)
{
	cleanup_strlist struct strlist words = { 0 };
	const char *start = text + strspn(text, " \t");
	bool found;

	if (*start == '#' || *start == ';' || !*start)
		return false;
	strlist_split(&words, text, " \t\r");
	item->understood = true;
	if (syntax == LINE_UDEV)
		found = udev_line(text, item);
	else
		found = syntax == LINE_MODPROBE ? modprobe_line(&words, text, item, rest) :
						  modules_line(&words, item, rest);
	if (found)
		item->text = memory_string(start);
	return found;
}
