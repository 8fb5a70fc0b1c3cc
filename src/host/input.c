/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/input.h"

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
		function = place ? trace_function(host, place) : NULL;
		if (!function || (holder && holder != function))
			return;
		if (!holder)
			describe(root, names.items[i], what, sizeof(what));
		holder = function;
	}
	if (holder && !holder->bridge)
		trace_use(holder, USE_INPUT, false, what);
}
