/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/capture.h"

#include <stdio.h>
#include <string.h>

#include "host/machinewrite.h"

#define DEVICES "/sys/devices/"

/* Where a path component begins that is a function of HOST, or NULL; *FUNCTION becomes which. */
static const char *next_function(const struct host *host, const char *path, const struct function **function)
{
	while (*path) {
		size_t length = strcspn(path, "/");
		cleanup_free char *component = memory_string_n(path, length);
		struct address address;

		if (length >= strlen("0000:00:00.0") && address_parse(component, &address) &&
		    (*function = host_find(host, address)))
			return path;
		path += length;
		path += strspn(path, "/");
	}
	return NULL;
}

const char *capture_place(const struct host *host, const char *place)
{
	const char *found = NULL, *at = place;
	const struct function *function;

	while ((at = next_function(host, at, &function))) {
		found = at;
		at += strcspn(at, "/");
	}
	if (found)
		return found;
	return text_starts_with(place, DEVICES) ? place + strlen(DEVICES) : place;
}

/* The function directly above the one that PLACE ends in, over a root bus of its own where it has one; or NULL. */
static const struct function *function_above(const struct host *host, const char *place)
{
	const struct function *above = NULL, *function = NULL;
	const char *at = place;

	while ((at = next_function(host, at, &function))) {
		at += strcspn(at, "/");
		if (*at)
			above = function;
	}
	return above;
}

/* A root bus that is not directly below sys/devices, nor below a function: said once. */
static void capture_bus(const char *place, struct strlist *said, struct text *out)
{
	const char *bus = strstr(place, "/pci"), *slash;
	cleanup_free char *name = NULL, *prefix = NULL;

	while (bus && (slash = strchr(bus + 1, '/')) && (size_t)(slash - bus) < strlen("/pci0000:00"))
		bus = strstr(bus + 1, "/pci");
	if (!bus || !text_starts_with(place, DEVICES) || bus < place + strlen(DEVICES))
		return;
	name = memory_string_n(bus + strlen("/pci"), strcspn(bus + strlen("/pci"), "/"));
	prefix = memory_string_n(place + strlen(DEVICES), (size_t)(bus - place) - strlen(DEVICES));
	if (!strlist_add_once(said, name))
		return;
	text_printf(out, "bus %s", name);
	machinewrite_word(out, prefix);
	text_append_char(out, '\n');
}

/* One of the attributes that a machine file derives: what differs from what would be derived. */
static void capture_derived(const struct root *root, const char *base, const char *name, const char *derived,
			    struct text *out)
{
	cleanup_text struct text path = { 0 }, bytes = { 0 };

	text_printf(&path, "%s/%s", base, name);
	if (!root_read(root, path.bytes, ROOT_LIMIT_ATTRIBUTE, &bytes, NULL))
		text_printf(out, "\twithout %s\n", name);
	else if (strcmp(text_string(&bytes), derived) != 0 || bytes.length != strlen(derived))
		machinewrite_attribute(out, name, text_string(&bytes), bytes.length);
}

static void capture_identity(const struct root *root, const struct function *f, const char *base, struct text *out)
{
	const struct {
		const char *name, *format;
		unsigned value;
	} derived[] = {
		{ "vendor", "0x%04x\n", f->vendor },
		{ "device", "0x%04x\n", f->device },
		{ "subsystem_vendor", "0x%04x\n", f->subvendor },
		{ "subsystem_device", "0x%04x\n", f->subdevice },
		{ "class", "0x%06x\n", f->class },
		{ "revision", "0x%02x\n", f->revision },
	};

	if (f->subvendor || f->subdevice)
		text_printf(out, "\tsubsystem %04x:%04x\n", f->subvendor, f->subdevice);
	if (f->revision)
		text_printf(out, "\trevision %02x\n", f->revision);
	for (size_t i = 0; i < array_size(derived); i++) {
		char value[32];

		snprintf(value, sizeof(value), derived[i].format, derived[i].value);
		capture_derived(root, base, derived[i].name, value, out);
	}
}

/* What the detail pane and the rules read of a function besides. */
static void capture_attributes(const struct root *root, const char *base, struct text *out)
{
	static const char *const names[] = {
		"boot_vga",	   "numa_node",		 "power_state",	   "d3cold_allowed",  "reset_method",
		"driver_override", "current_link_speed", "max_link_speed", "current_link_width", "max_link_width",
		"sriov_totalvfs",  "sriov_numvfs",	 "resource",
	};

	for (size_t i = 0; i < array_size(names); i++) {
		cleanup_text struct text path = { 0 }, bytes = { 0 };

		text_printf(&path, "%s/%s", base, names[i]);
		if (root_read(root, path.bytes, ROOT_LIMIT_ATTRIBUTE, &bytes, NULL))
			machinewrite_attribute(out, names[i], text_string(&bytes), bytes.length);
	}
}

static void capture_function(const struct root *root, const struct host *host, const struct function *f,
			     struct strlist *buses, struct text *out)
{
	const struct function *above;
	cleanup_free char *place = NULL;
	char address[ADDRESS_SIZE], base[64], driver[256];

	address_format(f->address, address);
	snprintf(base, sizeof(base), "sys/bus/pci/devices/%s", address);
	place = root_resolve(root, base);
	above = place ? function_above(host, place) : NULL;
	if (place && !above)
		capture_bus(place, buses, out);
	text_printf(out, "function %s %06x %04x:%04x\n", address, f->class, f->vendor, f->device);
	if (above)
		text_printf(out, "\tunder %s\n", address_format(above->address, address));
	capture_identity(root, f, base, out);
	snprintf(base + strlen(base), sizeof(base) - strlen(base), "/driver");
	if (root_link_name(root, base, driver, sizeof(driver))) {
		text_append(out, "\tdriver");
		machinewrite_word(out, driver);
		text_append_char(out, '\n');
	}
	base[strlen(base) - strlen("/driver")] = '\0';
	if (f->group >= 0)
		text_printf(out, "\tgroup %u\n", host->groups[f->group].number);
	if (f->physical >= 0)
		text_printf(out, "\tphysical %s\n",
			    address_format(host->functions[f->physical].address, address));
	capture_attributes(root, base, out);
}

static bool is_number(const char *name)
{
	return *name && strlen(name) < 10 && !name[strspn(name, "0123456789")];
}

static void capture_group(const struct root *root, const char *number, struct text *out)
{
	static const char *const names[] = { "name", "type", "reserved_regions" };
	struct text lines = { 0 };

	for (size_t i = 0; i < array_size(names); i++) {
		cleanup_text struct text path = { 0 }, bytes = { 0 };

		text_printf(&path, "sys/kernel/iommu_groups/%s/%s", number, names[i]);
		if (root_read(root, path.bytes, ROOT_LIMIT_TEXT, &bytes, NULL))
			machinewrite_attribute(&lines, names[i], text_string(&bytes), bytes.length);
	}
	text_printf(out, "group %s\n%s", number, text_string(&lines));
	text_done(&lines);
}

void capture_pci(const struct root *root, const struct host *host, struct text *out)
{
	cleanup_strlist struct strlist units = { 0 }, groups = { 0 }, buses = { 0 };

	root_list(root, "sys/class/iommu", &units, NULL);
	for (size_t i = 0; i < units.count; i++) {
		text_append(out, "iommu");
		machinewrite_word(out, units.items[i]);
		text_append_char(out, '\n');
	}
	for (size_t i = 0; i < host->function_count; i++)
		capture_function(root, host, &host->functions[i], &buses, out);
	root_list(root, "sys/kernel/iommu_groups", &groups, NULL);
	for (size_t i = 0; i < groups.count; i++)
		if (is_number(groups.items[i]))
			capture_group(root, groups.items[i], out);
}
