/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/trace.h"

#include <string.h>

#include "base/text.h"

/* A component of a path in sysfs that is an address; only the long form is one ("1-2:1.0" is a USB interface). */
static struct function *component_function(struct host *host, const char *start, size_t length)
{
	char component[ADDRESS_SIZE];
	const struct function *found;
	struct address address;

	if (length < strlen("0000:00:00.0") || length >= sizeof(component))
		return NULL;
	memcpy(component, start, length);
	component[length] = '\0';
	if (!address_parse(component, &address))
		return NULL;
	found = host_find(host, address);
	return found ? &host->functions[host_index(host, found)] : NULL;
}

void trace_use(struct function *function, enum use_kind kind, bool vital, const char *what)
{
	size_t capacity = function->use_count;

	for (size_t i = 0; i < function->use_count; i++) {
		struct use *use = &function->uses[i];

		if (use->kind == kind && !strcmp(use->what, what)) {
			use->vital = use->vital || vital;
			return;
		}
	}
	function->uses = memory_grow(function->uses, function->use_count, &capacity, sizeof(*function->uses));
	function->uses[function->use_count++] = (struct use){ kind, vital, memory_string(what) };
}

bool trace_path(struct host *host, const char *path, enum use_kind kind, bool vital, const char *what)
{
	bool found = false;

	while (*path) {
		size_t length = strcspn(path, "/");
		struct function *function = component_function(host, path, length);

		found = found || function;
		if (function && !function->bridge)
			trace_use(function, kind, vital, what);
		path += length;
		path += strspn(path, "/");
	}
	return found;
}

struct function *trace_function(struct host *host, const char *path)
{
	struct function *found = NULL;

	while (*path) {
		size_t length = strcspn(path, "/");
		struct function *function = component_function(host, path, length);

		if (function)
			found = function;
		path += length;
		path += strspn(path, "/");
	}
	return found;
}

/* Variant drivers are named after it: "mlx5-vfio-pci", "xe-vfio-pci". */
bool trace_is_given_away(const struct function *function)
{
	return function->driver &&
	       (!strcmp(function->driver, "pci-stub") || text_ends_with(function->driver, "vfio-pci") ||
		text_ends_with(function->driver, "vfio_pci"));
}
