/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/address.h"

#include <stdio.h>

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Reads MIN to MAX hexadecimal digits and moves *AT behind them. */
static bool take_hex(const char **at, int min, int max, uint32_t *ret)
{
	uint32_t value = 0;
	int digits = 0;

	for (; digits < max && hex_value(**at) >= 0; digits++)
		value = value << 4 | (uint32_t)hex_value(*(*at)++);
	if (digits < min)
		return false;
	*ret = value;
	return true;
}

static bool take_char(const char **at, char wanted)
{
	if (**at != wanted)
		return false;
	(*at)++;
	return true;
}

bool address_parse(const char *string, struct address *ret)
{
	uint32_t domain = 0, bus, device, function;
	const char *at = string;
	int colons = 0;

	for (const char *c = string; *c; c++)
		colons += *c == ':';
	if (colons == 2 && !(take_hex(&at, 1, 8, &domain) && take_char(&at, ':')))
		return false;
	if (!take_hex(&at, 1, 2, &bus) || !take_char(&at, ':') || !take_hex(&at, 1, 2, &device) ||
	    !take_char(&at, '.') || !take_hex(&at, 1, 1, &function) || *at)
		return false;
	if (device > 31 || function > 7)
		return false;
	*ret = (struct address){ domain, (uint8_t)bus, (uint8_t)device, (uint8_t)function };
	return true;
}

char *address_format(struct address address, char *buffer)
{
	snprintf(buffer, ADDRESS_SIZE, "%04x:%02x:%02x.%u", address.domain, address.bus, address.device,
		 address.function & 7u);
	return buffer;
}

int address_compare(struct address a, struct address b)
{
	if (a.domain != b.domain)
		return a.domain < b.domain ? -1 : 1;
	if (a.bus != b.bus)
		return a.bus < b.bus ? -1 : 1;
	if (a.device != b.device)
		return a.device < b.device ? -1 : 1;
	return (a.function > b.function) - (a.function < b.function);
}
