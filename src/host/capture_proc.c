/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/capture_proc.h"

#include <stdint.h>
#include <string.h>

#include "host/acs.h"
#include "host/machinewrite.h"
#include "host/network.h"
#include "host/secret.h"

#define FIELDS_BEFORE 6 /* of mountinfo before its optional ones */

static void put(struct text *out, const char *path, const struct text *bytes)
{
	machinewrite_file(out, path, 0644, bytes);
}

static void capture_cmdline(const struct root *root, struct text *out)
{
	cleanup_text struct text bytes = { 0 }, shown = { 0 };

	if (!root_read(root, "proc/cmdline", ROOT_LIMIT_TEXT, &bytes, NULL))
		return;
	secret_hide(text_string(&bytes), bytes.length, &shown);
	put(out, "/proc/cmdline", &shown);
}

static void capture_processor(const struct host *host, struct text *out)
{
	static const char *const lines[] = {
		[CPU_UNKNOWN] = "processor\t: 0\n",
		[CPU_INTEL] = "processor\t: 0\nvendor_id\t: GenuineIntel\n",
		[CPU_AMD] = "processor\t: 0\nvendor_id\t: AuthenticAMD\n",
		[CPU_ARM] = "processor\t: 0\nCPU implementer\t: 0x41\n",
	};
	cleanup_text struct text bytes = { 0 };

	text_append(&bytes, lines[host->cpu]);
	put(out, "/proc/cpuinfo", &bytes);
}

static void capture_symbols(const struct root *root, struct text *out)
{
	cleanup_text struct text bytes = { 0 };

	if (!root_exists(root, "proc/kallsyms"))
		return;
	if (acs_override_known(root))
		text_append(&bytes, "0000000000000000 t pcie_acs_override_setup\n");
	text_append(&bytes, "0000000000000000 T pci_acs_enabled\n");
	put(out, "/proc/kallsyms", &bytes);
}

/*
 * "28 1 8:2 / /home rw,relatime shared:1 - ext4 /dev/sda2 rw": those on disks,
 * of ZFS, and the root file system, without options and subdirectories.
 */
static void take_mount(const char *line, struct text *ret)
{
	cleanup_strlist struct strlist words = { 0 };
	size_t dash = FIELDS_BEFORE;
	const char *target, *type, *source;
	bool disk;

	strlist_split(&words, line, " ");
	while (dash < words.count && strcmp(words.items[dash], "-") != 0)
		dash++;
	if (dash + 2 >= words.count)
		return;
	target = words.items[4];
	type = words.items[dash + 1];
	source = words.items[dash + 2];
	disk = !text_starts_with(words.items[2], "0:") || text_starts_with(source, "/dev/");
	if (!disk && strcmp(type, "zfs") != 0 && strcmp(target, "/") != 0)
		return;
	if (!disk && strchr(source, ':'))
		source = "server:/export";
	text_printf(ret, "%s %s %s / %s rw - %s %s rw\n", words.items[0], words.items[1], words.items[2], target, type,
		    source);
}

static void capture_mounts(const struct root *root, struct text *out)
{
	cleanup_text struct text bytes = { 0 }, kept = { 0 };
	cleanup_strlist struct strlist lines = { 0 };

	if (!root_read(root, "proc/self/mountinfo", ROOT_LIMIT_GENERATED, &bytes, NULL) &&
	    !root_read(root, "proc/1/mountinfo", ROOT_LIMIT_GENERATED, &bytes, NULL))
		return;
	strlist_split(&lines, text_string(&bytes), "\n");
	for (size_t i = 0; i < lines.count; i++)
		take_mount(lines.items[i], &kept);
	put(out, "/proc/self/mountinfo", &kept);
}

static void capture_swaps(const struct root *root, struct text *out)
{
	cleanup_text struct text bytes = { 0 };

	if (root_read(root, "proc/swaps", ROOT_LIMIT_TEXT, &bytes, NULL))
		put(out, "/proc/swaps", &bytes);
}

/* Only through which interfaces the default routes lead, not to whom. */
static void capture_routes(const struct root *root, struct text *out)
{
	cleanup_strlist struct strlist interfaces = { 0 };
	cleanup_text struct text bytes = { 0 };

	network_default_interfaces(root, &interfaces);
	text_append(&bytes, "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n");
	for (size_t i = 0; i < interfaces.count; i++)
		text_printf(&bytes, "%s\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n",
			    interfaces.items[i]);
	put(out, "/proc/net/route", &bytes);
}

/* The regions of the functions and what is inside these, such as the framebuffer of the boot; not where they are. */
static void take_region(const char *line, size_t *inside, struct text *ret)
{
	size_t depth = strspn(line, " ");
	const char *colon = strstr(line, " : ");
	struct address address;

	if (!colon)
		return;
	if (depth <= *inside)
		*inside = SIZE_MAX;
	if (*inside == SIZE_MAX && address_parse(colon + 3, &address))
		*inside = depth;
	if (*inside != SIZE_MAX)
		text_printf(ret, "%*s00000000-00000000 : %s\n", (int)depth, "", colon + 3);
}

static void capture_regions(const struct root *root, struct text *out)
{
	cleanup_text struct text bytes = { 0 }, kept = { 0 };
	cleanup_strlist struct strlist lines = { 0 };
	size_t inside = SIZE_MAX;

	if (!root_read(root, "proc/iomem", ROOT_LIMIT_TEXT, &bytes, NULL))
		return;
	strlist_split(&lines, text_string(&bytes), "\n");
	for (size_t i = 0; i < lines.count; i++)
		take_region(lines.items[i], &inside, &kept);
	put(out, "/proc/iomem", &kept);
}

void capture_proc(const struct root *root, const struct host *host, struct text *out)
{
	capture_cmdline(root, out);
	capture_processor(host, out);
	capture_symbols(root, out);
	capture_mounts(root, out);
	capture_swaps(root, out);
	capture_routes(root, out);
	capture_regions(root, out);
}
