/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/machineword.h"

#include <ctype.h>
#include <string.h>

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Resolves the escape at *AT (behind the backslash) and moves behind it; -1 where it is none. */
static int resolve_escape(const char **at)
{
	static const char from[] = "\\stnr", to[] = "\\ \t\n\r";
	const char *known = **at ? strchr(from, **at) : NULL;
	int high, low;

	if (known) {
		(*at)++;
		return to[known - from];
	}
	if (**at != 'x' || (high = hex_digit((*at)[1])) < 0 || (low = hex_digit((*at)[2])) < 0)
		return -1;
	*at += 3;
	return high << 4 | low;
}

bool machineword_unescape(const char *string, struct text *ret, bool *cut)
{
	while (*string) {
		int byte;

		if (*string != '\\') {
			text_append_char(ret, *string++);
			continue;
		}
		string++;
		if (cut && !strcmp(string, "c")) {
			*cut = true;
			return true;
		}
		byte = resolve_escape(&string);
		if (byte < 0)
			return false;
		text_append_char(ret, (char)byte);
	}
	return true;
}

bool machineword_number(const char *word, unsigned base, unsigned limit, unsigned *ret)
{
	unsigned long long value = 0;

	if (!*word)
		return false;
	for (; *word; word++) {
		int digit = hex_digit(*word);

		if (digit < 0 || (unsigned)digit >= base)
			return false;
		value = value * base + (unsigned)digit;
		if (value > limit)
			return false;
	}
	*ret = (unsigned)value;
	return true;
}

bool machineword_ids(const char *word, uint16_t *ret_vendor, uint16_t *ret_device)
{
	char vendor_part[5] = "";
	unsigned vendor, device;

	if (strlen(word) != 9 || word[4] != ':')
		return false;
	memcpy(vendor_part, word, 4);
	if (!machineword_number(vendor_part, 16, 0xffff, &vendor) || !machineword_number(word + 5, 16, 0xffff, &device))
		return false;
	*ret_vendor = (uint16_t)vendor;
	*ret_device = (uint16_t)device;
	return true;
}
