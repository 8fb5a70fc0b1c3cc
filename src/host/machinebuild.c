/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/machinebuild.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "host/machinekernel.h"

#define DEPTH_LIMIT 64 /* bridges above one function */

struct build {
	const struct machinemodel *model;
	const char *name; /* of the machine file */
	struct machinetree *tree;
	struct fault *fault;
	char **paths;	/* of the functions, below sys/devices */
	char **devices; /* of the other devices, likewise */
};

static bool taken(struct build *build, unsigned line, const char *path)
{
	return fault_input(build->fault, build->name, line,
			   "%s is there already, or is not a path inside the machine", path);
}

/* A file below BASE; the values of attributes are what the kernel would give, newline included. */
static bool put(struct build *build, unsigned line, const char *base, const char *name, const void *bytes,
		size_t length)
{
	cleanup_text struct text path = { 0 };

	text_printf(&path, "%s/%s", base, name);
	return machinetree_file(build->tree, path.bytes, 0644, bytes, length) || taken(build, line, path.bytes);
}

static bool put_attributes(struct build *build, const char *base, const struct machine_attributes *attributes)
{
	for (size_t i = 0; i < attributes->count; i++) {
		const struct machine_attribute *attribute = &attributes->items[i];

		if (!put(build, attribute->line, base, attribute->name, text_string(&attribute->value),
			 attribute->value.length))
			return false;
	}
	return true;
}

/* A link from BASE/NAME to TARGET, both from the root. */
static bool put_link(struct build *build, unsigned line, const char *base, const char *name, const char *target)
{
	cleanup_text struct text path = { 0 };

	text_printf(&path, "%s/%s", base, name);
	return machinetree_link_to(build->tree, path.bytes, target) || taken(build, line, path.bytes);
}

static size_t index_of(const struct build *build, const struct machine_function *function)
{
	return (size_t)(function - build->model->functions);
}

static void root_bus_path(const struct build *build, uint32_t domain, uint8_t bus, struct text *path)
{
	for (size_t i = 0; i < build->model->bridge_count; i++)
		if (build->model->bridges[i].domain == domain && build->model->bridges[i].bus == bus)
			text_printf(path, "%s/", build->model->bridges[i].path);
	text_printf(path, "pci%04x:%02x/", domain, bus);
}

/* The place of a function below sys/devices: through all bridges above it; where the domain changes a root bus. */
static bool function_path(struct build *build, const struct machine_function *function, int depth)
{
	char **path = &build->paths[index_of(build, function)], address[ADDRESS_SIZE];
	const struct machine_function *parent = NULL;
	struct text text = { 0 };

	if (*path)
		return true;
	if (depth > DEPTH_LIMIT)
		return fault_input(build->fault, build->name, function->line, "the bridges above it make a circle");
	if (function->has_parent) {
		parent = machinemodel_function(build->model, function->parent);
		if (!parent)
			return fault_input(build->fault, build->name, function->line,
					   "it is under %s, where no function is",
					   address_format(function->parent, address));
		if (!function_path(build, parent, depth + 1))
			return false;
		text_printf(&text, "%s/", build->paths[index_of(build, parent)]);
	}
	if (!parent || parent->address.domain != function->address.domain)
		root_bus_path(build, function->address.domain, function->address.bus, &text);
	text_append(&text, address_format(function->address, address));
	*path = text_take(&text);
	return true;
}

static bool is_bridge(const struct machine_function *function)
{
	return function->class >> 8 == 0x0604 || function->class >> 8 == 0x0609;
}

/* The standard part of the configuration space, as far as the ids tell it. */
static void configuration(const struct machine_function *function, unsigned char bytes[64])
{
	memset(bytes, 0, 64);
	bytes[0x00] = (unsigned char)function->vendor;
	bytes[0x01] = (unsigned char)(function->vendor >> 8);
	bytes[0x02] = (unsigned char)function->device;
	bytes[0x03] = (unsigned char)(function->device >> 8);
	bytes[0x08] = function->revision;
	bytes[0x09] = (unsigned char)function->class;
	bytes[0x0a] = (unsigned char)(function->class >> 8);
	bytes[0x0b] = (unsigned char)(function->class >> 16);
	bytes[0x0e] = is_bridge(function) ? 1 : function->class >> 8 == 0x0607 ? 2 : 0;
	if (bytes[0x0e])
		return;
	bytes[0x2c] = (unsigned char)function->subvendor;
	bytes[0x2d] = (unsigned char)(function->subvendor >> 8);
	bytes[0x2e] = (unsigned char)function->subdevice;
	bytes[0x2f] = (unsigned char)(function->subdevice >> 8);
}

static bool is_given(const struct machine_function *function, const char *name)
{
	for (size_t i = 0; i < function->attributes.count; i++)
		if (!strcmp(function->attributes.items[i].name, name))
			return true;
	return strlist_has(&function->without, name);
}

__attribute__((format(printf, 5, 6)))
static bool derive(struct build *build, const struct machine_function *function, const char *base, const char *name,
		   const char *format, ...)
{
	struct text value = { 0 };
	va_list arguments;
	bool done;

	if (is_given(function, name))
		return true;
	va_start(arguments, format);
	text_vprintf(&value, format, arguments);
	va_end(arguments);
	done = put(build, function->line, base, name, text_string(&value), value.length);
	text_done(&value);
	return done;
}

static bool put_function_attributes(struct build *build, const struct machine_function *f, const char *base)
{
	unsigned char bytes[64];

	configuration(f, bytes);
	return put_attributes(build, base, &f->attributes) && derive(build, f, base, "vendor", "0x%04x\n", f->vendor) &&
	       derive(build, f, base, "device", "0x%04x\n", f->device) &&
	       derive(build, f, base, "subsystem_vendor", "0x%04x\n", f->subvendor) &&
	       derive(build, f, base, "subsystem_device", "0x%04x\n", f->subdevice) &&
	       derive(build, f, base, "class", "0x%06x\n", f->class) &&
	       derive(build, f, base, "revision", "0x%02x\n", f->revision) &&
	       derive(build, f, base, "modalias", "pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X\n", f->vendor, f->device,
		      f->subvendor, f->subdevice, f->class >> 16, f->class >> 8 & 0xff, f->class & 0xff) &&
	       (is_given(f, "config") || put(build, f->line, base, "config", bytes, sizeof(bytes)));
}

/* The driver, the group and the bus: each has a link to the function, and the function one to the first two. */
static bool put_function_links(struct build *build, const struct machine_function *function, const char *base)
{
	cleanup_text struct text there = { 0 };
	char address[ADDRESS_SIZE];

	address_format(function->address, address);
	if (!put_link(build, function->line, "sys/bus/pci/devices", address, base) ||
	    !put_link(build, function->line, base, "subsystem", "sys/bus/pci"))
		return false;
	if (function->driver) {
		text_printf(&there, "sys/bus/pci/drivers/%s", function->driver);
		if (!put_link(build, function->line, there.bytes, address, base) ||
		    !put_link(build, function->line, base, "driver", there.bytes))
			return false;
	}
	if (function->has_group) {
		text_reset(&there);
		text_printf(&there, "sys/kernel/iommu_groups/%u/devices", function->group);
		if (!put_link(build, function->line, there.bytes, address, base))
			return false;
		there.bytes[there.length - strlen("/devices")] = '\0';
		return put_link(build, function->line, base, "iommu_group", there.bytes);
	}
	return true;
}

static bool put_function(struct build *build, const struct machine_function *function)
{
	cleanup_text struct text base = { 0 };

	text_printf(&base, "sys/devices/%s", build->paths[index_of(build, function)]);
	return put_function_attributes(build, function, base.bytes) && put_function_links(build, function, base.bytes);
}

/* physfn, and virtfn0, virtfn1 ... at the physical function, in the order of the addresses. */
static bool put_virtual_links(struct build *build)
{
	unsigned *counts = memory_zero(build->model->function_count, sizeof(*counts));
	bool done = true;

	for (size_t i = 0; done && i < build->model->function_count; i++) {
		const struct machine_function *function = &build->model->functions[i], *physical;
		cleanup_text struct text base = { 0 }, there = { 0 };
		char name[32];

		if (!function->has_physical)
			continue;
		physical = machinemodel_function(build->model, function->physical);
		if (!physical) {
			done = fault_input(build->fault, build->name, function->line,
					   "its physical function is not in this file");
			break;
		}
		snprintf(name, sizeof(name), "virtfn%u", counts[index_of(build, physical)]++);
		text_printf(&base, "sys/devices/%s", build->paths[i]);
		text_printf(&there, "sys/devices/%s", build->paths[index_of(build, physical)]);
		done = put_link(build, function->line, base.bytes, "physfn", there.bytes) &&
		       put_link(build, function->line, there.bytes, name, base.bytes);
	}
	free(counts);
	return done;
}

static bool put_functions(struct build *build)
{
	const struct machinemodel *model = build->model;

	machinetree_directory(build->tree, "sys/devices");
	if (model->function_count) {
		machinetree_directory(build->tree, "sys/bus/pci/devices");
		machinetree_directory(build->tree, "sys/bus/pci/drivers");
	}
	for (size_t i = 0; i < model->function_count; i++)
		if (!function_path(build, &model->functions[i], 0) || !put_function(build, &model->functions[i]))
			return false;
	return put_virtual_links(build);
}

/* "0000:00:17.0/ata1/..." or "virtual/block/dm-0" as a path below sys/devices. */
static bool device_path(struct build *build, unsigned line, const char *given, struct text *ret)
{
	cleanup_free char *head = memory_string_n(given, strcspn(given, "/"));
	const struct machine_function *function;
	struct address address;

	if (!strchr(head, ':') || !address_parse(head, &address)) {
		text_append(ret, given);
		return true;
	}
	function = machinemodel_function(build->model, address);
	if (!function)
		return fault_input(build->fault, build->name, line, "no function is at %s", head);
	text_printf(ret, "%s%s", build->paths[index_of(build, function)], given + strlen(head));
	return true;
}

static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The path of the device NAME of SUBSYSTEM, or NULL. */
static const char *named_device(const struct build *build, const char *subsystem, const char *name)
{
	for (size_t i = 0; i < build->model->device_count; i++)
		if (!strcmp(build->model->devices[i].subsystem, subsystem) &&
		    !strcmp(last_component(build->devices[i]), name))
			return build->devices[i];
	return NULL;
}

/* slaves/X here and holders/HERE there; lower_X here and upper_HERE there. */
static bool put_pair(struct build *build, size_t index, const struct machine_device_link *link)
{
	const struct machine_device *device = &build->model->devices[index];
	const char *here = build->devices[index], *there = named_device(build, device->subsystem, link->name);
	bool slave = link->kind == MACHINE_SLAVE;
	cleanup_text struct text down = { 0 }, up = { 0 };

	if (!there)
		return fault_input(build->fault, build->name, link->line, "no %s device of the name %s is in this file",
				   device->subsystem, link->name);
	text_printf(&down, slave ? "slaves/%s" : "lower_%s", link->name);
	text_printf(&up, slave ? "%s/holders/%s" : "%s/upper_%s", there, last_component(here));
	return put_link(build, link->line, here, down.bytes, there) && put_link(build, link->line, up.bytes, "", here);
}

static bool put_device_link(struct build *build, size_t index, const struct machine_device_link *link)
{
	cleanup_text struct text target = { 0 };

	if (link->kind != MACHINE_LINK)
		return put_pair(build, index, link);
	text_append(&target, "sys/devices/");
	return device_path(build, link->line, link->path, &target) &&
	       put_link(build, link->line, build->devices[index], link->name, target.bytes);
}

static const struct machine_attribute *attribute_of(const struct machine_device *device, const char *name)
{
	for (size_t i = 0; i < device->attributes.count; i++)
		if (!strcmp(device->attributes.items[i].name, name))
			return &device->attributes.items[i];
	return NULL;
}

/* sys/class/SUBSYSTEM, and for disks sys/block and sys/dev/block as well. */
static bool put_class_links(struct build *build, const struct machine_device *device, const char *base)
{
	const struct machine_attribute *number = attribute_of(device, "dev");
	bool block = !strcmp(device->subsystem, "block");
	cleanup_text struct text class = { 0 }, numbered = { 0 };

	text_printf(&class, "sys/class/%s", device->subsystem);
	if (!put_link(build, device->line, class.bytes, last_component(base), base) ||
	    !put_link(build, device->line, base, "subsystem", class.bytes))
		return false;
	if (block && !attribute_of(device, "partition") &&
	    !put_link(build, device->line, "sys/block", last_component(base), base))
		return false;
	if (!number || !(block || !strcmp(device->subsystem, "input")))
		return true;
	text_append_n(&numbered, number->value.bytes, strcspn(text_string(&number->value), "\n"));
	return put_link(build, device->line, block ? "sys/dev/block" : "sys/dev/char", text_string(&numbered), base);
}

static bool put_devices(struct build *build)
{
	const struct machinemodel *model = build->model;

	for (size_t i = 0; i < model->device_count; i++) {
		struct text path = { 0 };

		text_append(&path, "sys/devices/");
		if (!device_path(build, model->devices[i].line, model->devices[i].path, &path)) {
			text_done(&path);
			return false;
		}
		build->devices[i] = text_take(&path);
		if (!machinetree_directory(build->tree, build->devices[i]))
			return taken(build, model->devices[i].line, build->devices[i]);
	}
	for (size_t i = 0; i < model->device_count; i++) {
		if (!put_attributes(build, build->devices[i], &model->devices[i].attributes) ||
		    !put_class_links(build, &model->devices[i], build->devices[i]))
			return false;
		for (size_t j = 0; j < model->devices[i].link_count; j++)
			if (!put_device_link(build, i, &model->devices[i].links[j]))
				return false;
	}
	return true;
}

static bool put_iommu(struct build *build)
{
	const struct machinemodel *model = build->model;

	machinetree_directory(build->tree, "sys/class/iommu");
	machinetree_directory(build->tree, "sys/kernel/iommu_groups");
	for (size_t i = 0; i < model->iommus.count; i++) {
		cleanup_text struct text base = { 0 };

		text_printf(&base, "sys/devices/virtual/iommu/%s", model->iommus.items[i]);
		if (!machinetree_directory(build->tree, base.bytes) ||
		    !put_link(build, 0, "sys/class/iommu", model->iommus.items[i], base.bytes))
			return taken(build, 0, base.bytes);
	}
	for (size_t i = 0; i < model->group_count; i++) {
		cleanup_text struct text base = { 0 };

		text_printf(&base, "sys/kernel/iommu_groups/%u", model->groups[i].number);
		if (!machinetree_directory(build->tree, base.bytes) ||
		    !put_attributes(build, base.bytes, &model->groups[i].attributes))
			return false;
	}
	return true;
}

static bool put_nodes(struct build *build, bool links)
{
	for (size_t i = 0; i < build->model->node_count; i++) {
		const struct machine_node *node = &build->model->nodes[i];
		bool done = true;

		if ((node->kind == MACHINE_NODE_LINK) != links)
			continue;
		if (node->kind == MACHINE_NODE_LINK)
			done = machinetree_link(build->tree, node->path, node->target);
		else if (node->kind == MACHINE_NODE_DIRECTORY)
			done = machinetree_directory(build->tree, node->path);
		else
			done = machinetree_file(build->tree, node->path, node->mode, text_string(&node->bytes),
						node->bytes.length);
		if (!done)
			return taken(build, node->line, node->path);
		if (node->old)
			machinetree_old(build->tree);
	}
	return true;
}

static bool put_kernels(struct build *build)
{
	for (size_t i = 0; i < build->model->kernel_count; i++) {
		const struct machine_kernel *kernel = &build->model->kernels[i];
		cleanup_text struct text release = { 0 };

		if (!machinekernel_build(kernel, build->name, build->tree, build->fault))
			return false;
		text_printf(&release, "%s\n", kernel->release);
		if (kernel->running && !put(build, kernel->line, "proc/sys/kernel", "osrelease", release.bytes,
					    release.length))
			return false;
	}
	return true;
}

static void free_all(char **strings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(strings[i]);
	free(strings);
}

/* Links first: the paths that follow may go through them. */
bool machinebuild(const struct machinemodel *model, const char *name, struct machinetree *tree, struct fault *fault)
{
	struct build build = {
		.model = model,
		.name = name,
		.tree = tree,
		.fault = fault,
		.paths = memory_zero(model->function_count, sizeof(*build.paths)),
		.devices = memory_zero(model->device_count, sizeof(*build.devices)),
	};
	bool done = put_nodes(&build, true) && put_functions(&build) && put_iommu(&build) && put_devices(&build) &&
		    put_kernels(&build) && put_nodes(&build, false);

	free_all(build.paths, model->function_count);
	free_all(build.devices, model->device_count);
	return done;
}
