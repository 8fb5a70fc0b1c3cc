/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/gather.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "host/display.h"
#include "host/group.h"
#include "host/input.h"
#include "host/modules.h"
#include "host/network.h"
#include "host/pci.h"
#include "host/storage.h"

static char *read_line(const struct root *root, const char *path)
{
	cleanup_text struct text text = { 0 }, visible = { 0 };

	if (root_read(root, path, ROOT_LIMIT_TEXT, &text, NULL))
		text_append_visible(&visible, text_string(&text), strcspn(text_string(&text), "\n"), false);
	return text_take(&visible);
}

/* Only the beginning: of many processors the file is long, and slow to make for the kernel. */
static void read_head(const struct root *root, char *buffer, size_t size)
{
	cleanup_close int directory = root_open_directory(root, "proc");

	buffer[directory < 0 ? 0 : root_head_at(directory, "cpuinfo", buffer, size - 1)] = '\0';
}

static enum cpu_vendor read_cpu(const struct root *root)
{
	char head[2048];

	read_head(root, head, sizeof(head));
	if (strstr(head, "GenuineIntel"))
		return CPU_INTEL;
	if (strstr(head, "AuthenticAMD") || strstr(head, "HygonGenuine"))
		return CPU_AMD;
	return strstr(head, "CPU implementer") ? CPU_ARM : CPU_UNKNOWN;
}

/* The value of a line NAME=VALUE of os-release, quotes taken off; the caller frees; NULL where there is none. */
static char *release_value(const struct text *release, const char *name)
{
	cleanup_strlist struct strlist lines = { 0 };

	strlist_split(&lines, text_string(release), "\n");
	for (size_t i = 0; i < lines.count; i++) {
		const char *value = lines.items[i] + strlen(name);
		struct text visible = { 0 };
		size_t length;

		if (!text_starts_with(lines.items[i], name) || *value++ != '=')
			continue;
		length = strlen(value);
		if (length >= 2 && (*value == '"' || *value == '\'') && value[length - 1] == *value) {
			value++;
			length -= 2;
		}
		text_append_visible(&visible, value, length, false);
		return text_take(&visible);
	}
	return NULL;
}

static char *read_distribution(const struct root *root)
{
	cleanup_text struct text release = { 0 };
	char *name;

	if (!root_read(root, "etc/os-release", ROOT_LIMIT_TEXT, &release, NULL) &&
	    !root_read(root, "usr/lib/os-release", ROOT_LIMIT_TEXT, &release, NULL))
		return memory_string("");
	name = release_value(&release, "PRETTY_NAME");
	if (!name)
		name = release_value(&release, "NAME");
	return name ? name : memory_string("");
}

static int by_gravity(const void *a, const void *b)
{
	const struct use *x = a, *y = b;

	if (x->vital != y->vital)
		return x->vital ? -1 : 1;
	return x->kind != y->kind ? (x->kind < y->kind ? -1 : 1) : strcmp(x->what, y->what);
}

bool host_gather(const struct root *root, const char *environment_ssh, struct host **ret, struct fault *fault)
{
	struct host *host = memory_zero(1, sizeof(*host));
	cleanup_free unsigned *groups = NULL;

	host->kernel_release = read_line(root, "proc/sys/kernel/osrelease");
	host->kernel_cmdline = read_line(root, "proc/cmdline");
	host->cpu = read_cpu(root);
	host->distribution = read_distribution(root);
	iommu_read(root, &host->iommu);
	if (!pci_read(root, host, &groups, fault)) {
		host_free(host);
		return false;
	}
	group_read(root, host, groups);
	modules_read(root, host);
	storage_read(root, host);
	network_read(root, host, environment_ssh);
	display_read(root, host);
	input_read(root, host);
	for (size_t i = 0; i < host->function_count; i++)
		if (host->functions[i].use_count > 1)
			qsort(host->functions[i].uses, host->functions[i].use_count,
			      sizeof(*host->functions[i].uses), by_gravity);
	*ret = host;
	return true;
}
