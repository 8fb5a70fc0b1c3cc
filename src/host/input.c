/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/input.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "host/trace.h"

#define INPUTS "sys/class/input"

/*
 * The keys from Escape to S are all there: what udev calls a keyboard. The last
 * word of the bitmap, which has the lowest keys, tells.
 */
bool input_is_keyboard(const struct root *root, const char *input)
{
	const unsigned long long letters = 0xfffffffeu;
	char path[320], keys[1024], *last, *end;

	snprintf(path, sizeof(path), INPUTS "/%s/capabilities/key", input);
	if (!root_attribute(root, path, keys, sizeof(keys)))
		return false;
	last = strrchr(keys, ' ');
	last = last ? last + 1 : keys;
	return (strtoull(last, &end, 16) & letters) == letters && end != last && !*end;
}

static void describe(const struct root *root, const char *input, char *buffer, size_t size)
{
	char path[320], name[128], visible[256];

	snprintf(path, sizeof(path), INPUTS "/%s/name", input);
	if (!root_attribute(root, path, name, sizeof(name)))
		name[0] = '\0';
	text_visible_to(visible, sizeof(visible), name);
	snprintf(buffer, size, *visible ? "the only keyboard hangs on it (%s)" : "the only keyboard hangs on it",
		 visible);
}

/* A server's management controller shows itself by its graphics: nobody need sit at the one that has such a console. */
static bool has_console_of_its_own(const struct host *host)
{
	static const uint16_t makers[] = { 0x1a03 /* ASPEED */, 0x102b /* Matrox */, 0x19e5 /* Huawei */ };

	for (size_t i = 0; i < host->function_count; i++)
		for (size_t j = 0; j < array_size(makers); j++)
			if (host->functions[i].vendor == makers[j] && function_is_display(&host->functions[i]))
				return true;
	return false;
}

/* Made by a program (as those do that give keys other meanings): nobody types on it. */
static bool is_made_by_program(const char *place)
{
	return strstr(place, "/devices/virtual/input/") != NULL;
}

/* Keyboards on one function count as one; one that is not on PCI (PS/2) stays with the host whatever is ticked. */
void input_read(const struct root *root, struct host *host)
{
	cleanup_strlist struct strlist names = { 0 };
	struct function *holder = NULL;
	char what[320] = "";

	if (!root_list(root, INPUTS, &names, NULL))
		return;
	for (size_t i = 0; i < names.count; i++) {
		cleanup_free char *place = NULL;
		struct function *function;
		char path[280];

		if (!text_starts_with(names.items[i], "input") || strlen(names.items[i]) > 32 ||
		    !input_is_keyboard(root, names.items[i]))
			continue;
		snprintf(path, sizeof(path), INPUTS "/%s", names.items[i]);
		place = root_resolve(root, path);
		if (place && is_made_by_program(place))
			continue;
		function = place ? trace_function(host, place) : NULL;
		if (!function || (holder && holder != function))
			return;
		if (!holder)
			describe(root, names.items[i], what, sizeof(what));
		holder = function;
	}
	if (holder && !holder->bridge)
		trace_use(holder, USE_INPUT, !has_console_of_its_own(host), what);
}
