/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/detail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/number.h"

#define RESOURCE_MEMORY 0x200u
#define RESOURCE_BARS 6 /* lines of the resource file before that of the expansion ROM */
#define CONFIGURATION_SIZE 4096u
#define EXTENDED_START 0x100u
#define CAPABILITY_ACS 0x000du
#define CAPABILITY_LIMIT 96 /* as many as fit into the extended space */

static void read_word(int directory, const char *name, char *buffer, size_t size)
{
	char value[256];

	if (root_attribute_at(directory, name, value, sizeof(value)))
		text_visible_to(buffer, size, value);
}

static long read_number(int directory, const char *name, long missing)
{
	char value[32], *end;
	long number;

	if (!root_attribute_at(directory, name, value, sizeof(value)) || !*value)
		return missing;
	errno = 0;
	number = strtol(value, &end, 10);
	return errno || *end ? missing : number;
}

static unsigned read_count(int directory, const char *name, unsigned limit)
{
	long number = read_number(directory, name, 0);

	return number < 0 || (unsigned long)number > limit ? 0 : (unsigned)number;
}

/* A link that is down, or no PCI Express at all, has speed "Unknown" and width 0 (or 63, for "unknown"). */
static void read_link(int directory, struct detail *detail)
{
	read_word(directory, "current_link_speed", detail->link_speed, sizeof(detail->link_speed));
	read_word(directory, "max_link_speed", detail->link_speed_max, sizeof(detail->link_speed_max));
	detail->link_width = read_count(directory, "current_link_width", 32);
	detail->link_width_max = read_count(directory, "max_link_width", 32);
	if (text_starts_with(detail->link_speed, "Unknown"))
		detail->link_speed[0] = '\0';
	if (text_starts_with(detail->link_speed_max, "Unknown"))
		detail->link_speed_max[0] = '\0';
}

static void read_resets(const struct root *root, const char *base, struct detail *detail)
{
	char path[80], value[256], visible[512];
	int directory;

	snprintf(path, sizeof(path), "%s/reset_method", base);
	if (root_attribute(root, path, value, sizeof(value))) {
		text_visible_to(visible, sizeof(visible), value);
		strlist_split(&detail->reset_methods, visible, " ");
		detail->reset_known = true;
		return;
	}
	/* No such attribute: a kernel that has none yet or, where any function has it, nothing to reset this one. */
	directory = root_open_directory(root, "sys/bus/pci/devices");
	if (directory >= 0) {
		cleanup_strlist struct strlist names = { 0 };

		root_list(root, "sys/bus/pci/devices", &names, NULL);
		for (size_t i = 0; i < names.count && !detail->reset_known; i++) {
			char other[300];

			snprintf(other, sizeof(other), "sys/bus/pci/devices/%s/reset_method", names.items[i]);
			detail->reset_known = root_exists(root, other);
		}
	}
	memory_close(&directory);
}

/* "start end flags" for each BAR, then for the expansion ROM. */
static void read_resources(const struct root *root, const char *base, struct detail *detail)
{
	cleanup_text struct text text = { 0 };
	cleanup_strlist struct strlist lines = { 0 };
	char path[80];

	snprintf(path, sizeof(path), "%s/resource", base);
	if (!root_read(root, path, ROOT_LIMIT_ATTRIBUTE, &text, NULL))
		return;
	strlist_split(&lines, text_string(&text), "\n");
	for (size_t i = 0; i < lines.count && i <= RESOURCE_BARS; i++) {
		const char *at = lines.items[i];
		uint64_t start, end, flags;

		if (!number_take(&at, &start) || !number_take(&at, &end) || !number_take(&at, &flags) || !flags ||
		    end < start)
			continue;
		if (i == RESOURCE_BARS)
			detail->rom = true;
		else if (flags & RESOURCE_MEMORY)
			detail->memory += end - start + 1;
	}
}

static unsigned get_word(const unsigned char *bytes, size_t at)
{
	return bytes[at] | (unsigned)bytes[at + 1] << 8;
}

/* Where the extended capability ID begins in the LENGTH bytes of a configuration space; 0 where it is not there. */
static size_t find_extended(const unsigned char *bytes, size_t length, unsigned id)
{
	size_t at = EXTENDED_START;

	for (int i = 0; i < CAPABILITY_LIMIT && at >= EXTENDED_START && at + 8 <= length; i++) {
		if (get_word(bytes, at) == id)
			return at;
		at = get_word(bytes, at + 2) >> 4 & ~3u;
	}
	return 0;
}

/* In the words of lspci, with what is switched on marked by a plus. */
static void describe_acs(const unsigned char *bytes, size_t at, char *buffer, size_t size)
{
	static const char *const names[] = { "SrcValid", "TransBlk", "ReqRedir", "CmpltRedir", "UpstreamFwd",
					     "EgressCtrl", "DirectTrans" };
	unsigned able = get_word(bytes, at + 4), on = get_word(bytes, at + 6);
	size_t used = 0;

	buffer[0] = '\0';
	for (size_t i = 0; i < array_size(names) && used < size; i++)
		if (able & 1u << i)
			used += (size_t)snprintf(buffer + used, size - used, "%s%s%c", used ? " " : "", names[i],
						 on & 1u << i ? '+' : '-');
}

/* The kernel gives all 4096 bytes to root only, others see the first 64. */
static void read_acs(int directory, struct detail *detail)
{
	unsigned char bytes[CONFIGURATION_SIZE];
	size_t length = root_head_at(directory, "config", bytes, sizeof(bytes));
	size_t at = length ? find_extended(bytes, length, CAPABILITY_ACS) : 0;

	if (at)
		describe_acs(bytes, at, detail->acs, sizeof(detail->acs));
}

void detail_read(const struct root *root, struct address address, struct detail *ret)
{
	struct detail detail = { .numa_node = -1 };
	char base[64], name[ADDRESS_SIZE];
	cleanup_close int directory = -1;
	long node;

	snprintf(base, sizeof(base), "sys/bus/pci/devices/%s", address_format(address, name));
	directory = root_open_directory(root, base);
	if (directory >= 0) {
		read_link(directory, &detail);
		read_resets(root, base, &detail);
		read_resources(root, base, &detail);
		read_acs(directory, &detail);
		node = read_number(directory, "numa_node", -1);
		detail.numa_node = node < 0 || node > 65535 ? -1 : (int)node;
		read_word(directory, "power_state", detail.power_state, sizeof(detail.power_state));
		detail.d3cold_allowed = read_count(directory, "d3cold_allowed", 1);
		detail.virtual_total = read_count(directory, "sriov_totalvfs", 65535);
		detail.virtual_now = read_count(directory, "sriov_numvfs", 65535);
		read_word(directory, "driver_override", detail.driver_override, sizeof(detail.driver_override));
		if (!strcmp(detail.driver_override, "(null)"))
			detail.driver_override[0] = '\0';
	}
	*ret = detail;
}

void detail_done(struct detail *detail)
{
	if (detail)
		strlist_done(&detail->reset_methods);
}
