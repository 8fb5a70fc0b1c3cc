/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/display.h"

#include <stdio.h>
#include <string.h>

#include "host/trace.h"

#define CONNECTORS "sys/class/drm"

/* A connector with a screen: which function it belongs to, and "DP-1". */
struct screen {
	struct function *function;
	char name[64];
};

/* "card0-DP-1" is connector DP-1 of card0; "card0" and "renderD128" are none. */
static const char *connector_of(const char *name)
{
	return text_starts_with(name, "card") ? strchr(name, '-') : NULL;
}

static bool is_connected(const struct root *root, const char *name)
{
	char path[400], status[32];

	snprintf(path, sizeof(path), CONNECTORS "/%s/status", name);
	return root_attribute(root, path, status, sizeof(status)) && !strcmp(status, "connected");
}

static struct function *function_of(const struct root *root, struct host *host, const char *class, const char *name)
{
	char path[400];
	cleanup_free char *place = NULL;

	snprintf(path, sizeof(path), "sys/class/%s/%s", class, name);
	place = root_resolve(root, path);
	return place ? trace_function(host, place) : NULL;
}

/* Fills SCREENS, of COUNT names at most; returns how many are connected to a PCI function. */
static size_t find_screens(const struct root *root, struct host *host, const struct strlist *names,
			   struct screen *screens)
{
	size_t count = 0;

	for (size_t i = 0; i < names->count; i++) {
		const char *connector = connector_of(names->items[i]);
		struct function *function;

		if (!connector || strlen(names->items[i]) > 200 || !is_connected(root, names->items[i]))
			continue;
		function = function_of(root, host, "drm", names->items[i]);
		if (!function)
			continue;
		screens[count].function = function;
		text_visible_to(screens[count].name, sizeof(screens[count].name), connector + 1);
		count++;
	}
	return count;
}

static void read_screens(const struct root *root, struct host *host)
{
	cleanup_strlist struct strlist names = { 0 };
	struct screen *screens;
	bool one = true;
	size_t count;

	if (!root_list(root, CONNECTORS, &names, NULL))
		return;
	screens = memory_zero(names.count, sizeof(*screens));
	count = find_screens(root, host, &names, screens);
	for (size_t i = 1; i < count; i++)
		one = one && screens[i].function == screens[0].function;
	for (size_t i = 0; i < count; i++) {
		char what[128];

		snprintf(what, sizeof(what), one ? "the only screens are connected to it (%s)"
						 : "a screen is connected to it (%s)", screens[i].name);
		trace_use(screens[i].function, USE_DISPLAY, one, what);
	}
	free(screens);
}

/* The text console draws into fb0. Where its device is not on PCI (efifb), nothing tells whose memory it is. */
static void read_framebuffer(const struct root *root, struct host *host)
{
	struct function *function = function_of(root, host, "graphics", "fb0");

	if (function && function_is_display(function))
		trace_use(function, USE_DISPLAY, false, "the text console is on its framebuffer (fb0)");
}

void display_read(const struct root *root, struct host *host)
{
	struct function *only = NULL;
	size_t count = 0;

	for (size_t i = 0; i < host->function_count; i++) {
		struct function *function = &host->functions[i];

		if (!function_is_display(function) || trace_is_given_away(function))
			continue;
		count++;
		only = function;
		if (function->boot_vga == 1)
			trace_use(function, USE_DISPLAY, true, "boot display: the firmware and the kernel start on it");
	}
	if (count == 1)
		trace_use(only, USE_DISPLAY, true, "the only display controller of the host");
	read_screens(root, host);
	read_framebuffer(root, host);
}
