/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a machine file says, statement by statement; the format is in host/machinefile.h. */
#ifndef VFIOCONF_HOST_MACHINEMODEL_H
#define VFIOCONF_HOST_MACHINEMODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/address.h"
#include "base/fault.h"
#include "base/strlist.h"
#include "base/text.h"

struct machine_attribute {
	char *name;
	struct text value; /* the file's bytes */
	unsigned line;
};

struct machine_attributes {
	struct machine_attribute *items;
	size_t count, capacity;
};

struct machine_function {
	struct address address;
	uint32_t class;
	uint16_t vendor, device, subvendor, subdevice;
	uint8_t revision;
	bool has_parent, has_physical, has_group;
	struct address parent, physical;
	unsigned group;
	char *driver; /* or NULL */
	struct machine_attributes attributes;
	struct strlist without;
	unsigned line;
};

/* A host bridge that is not directly below sys/devices: where its root bus stands. */
struct machine_bridge {
	uint32_t domain;
	uint8_t bus;
	char *path;
};

struct machine_group {
	unsigned number;
	struct machine_attributes attributes;
	unsigned line;
};

enum machine_link_kind { MACHINE_SLAVE, MACHINE_LOWER, MACHINE_LINK };

struct machine_device_link {
	enum machine_link_kind kind;
	char *name;
	char *path; /* of MACHINE_LINK */
	unsigned line;
};

struct machine_device {
	char *subsystem;
	char *path;
	struct machine_attributes attributes;
	struct machine_device_link *links;
	size_t link_count, link_capacity;
	unsigned line;
};

struct machine_alias {
	char *pattern, *module;
	unsigned line;
};

struct machine_aliases {
	struct machine_alias *items;
	size_t count, capacity;
};

struct machine_kernel {
	char *release;
	bool running;
	struct strlist modules; /* "kernel/fs/x.ko needed another" */
	struct strlist builtins;
	struct machine_aliases aliases, builtin_aliases;
	struct strlist softdeps;
	unsigned line;
};

enum machine_node_kind { MACHINE_NODE_FILE, MACHINE_NODE_LINK, MACHINE_NODE_DIRECTORY };

struct machine_node {
	enum machine_node_kind kind;
	char *path;
	char *target; /* of a link */
	mode_t mode;
	bool old;          /* a file that is older than the others */
	struct text bytes; /* of a file */
	unsigned line;
};

#define MACHINE_LIST(type, name) \
	struct type *name##s;    \
	size_t name##_count, name##_capacity

/* Initialise with { 0 }. */
struct machinemodel {
	MACHINE_LIST(machine_function, function); /* ordered by address once read */
	MACHINE_LIST(machine_bridge, bridge);
	MACHINE_LIST(machine_group, group);
	MACHINE_LIST(machine_device, device);
	MACHINE_LIST(machine_kernel, kernel);
	MACHINE_LIST(machine_node, node);
	struct strlist iommus;
};

bool machinemodel_read(const struct text *bytes, const char *name, struct machinemodel *ret, struct fault *fault);
void machinemodel_done(struct machinemodel *model); /* accepts NULL */

const struct machine_function *machinemodel_function(const struct machinemodel *model, struct address address);

#endif
