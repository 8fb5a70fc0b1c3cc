/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

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
	if (!iommu_read(root, &host->iommu, fault) || !pci_read(root, host, &groups, fault)) {
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

static void function_done(struct function *function)
{
	free(function->vendor_name);
	free(function->device_name);
	free(function->class_name);
	free(function->driver);
	for (size_t i = 0; i < function->candidate_count; i++)
		free(function->candidates[i].name);
	free(function->candidates);
	for (size_t i = 0; i < function->use_count; i++)
		free(function->uses[i].what);
	free(function->uses);
}

void host_free(struct host *host)
{
	if (!host)
		return;
	for (size_t i = 0; i < host->function_count; i++)
		function_done(&host->functions[i]);
	free(host->functions);
	for (size_t i = 0; i < host->group_count; i++) {
		free(host->groups[i].functions);
		free(host->groups[i].regions);
	}
	free(host->groups);
	iommu_done(&host->iommu);
	free(host->kernel_release);
	free(host->kernel_cmdline);
	free(host->distribution);
	strlist_done(&host->kernels);
	strlist_done(&host->incomplete);
	free(host);
}

static int by_address(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	return address_compare(x->address, y->address);
}

const struct function *host_find(const struct host *host, struct address address)
{
	struct function key = { .address = address };

	if (!host->function_count)
		return NULL;
	return bsearch(&key, host->functions, host->function_count, sizeof(*host->functions), by_address);
}

size_t host_index(const struct host *host, const struct function *function)
{
	return (size_t)(function - host->functions);
}

const struct group *host_group_of(const struct host *host, const struct function *function)
{
	return function->group < 0 ? NULL : &host->groups[function->group];
}

bool function_same_ids(const struct function *a, const struct function *b)
{
	return a->vendor == b->vendor && a->device == b->device;
}

uint8_t function_base_class(const struct function *function)
{
	return (uint8_t)(function->class >> 16);
}

bool function_is_display(const struct function *function)
{
	return function_base_class(function) == 0x03;
}

/* libpci calls a device that it does not know "Device 13c2". */
static bool is_unnamed(const struct function *function)
{
	return text_starts_with(function->device_name, "Device ");
}

char *function_describe(const struct function *function)
{
	struct text text = { 0 };
	char address[ADDRESS_SIZE];

	text_printf(&text, "%s %s %s [%04x:%04x]", address_format(function->address, address), function->vendor_name,
		    function->device_name, function->vendor, function->device);
	return text_take(&text);
}

char *function_short_name(const struct function *function)
{
	struct text text = { 0 };

	if (is_unnamed(function))
		text_printf(&text, "%s %s", function->vendor_name, function->device_name);
	else
		text_append(&text, function->device_name);
	return text_take(&text);
}

const char *use_word(enum use_kind kind)
{
	static const char *const words[] = {
		[USE_STORAGE] = "storage",
		[USE_NETWORK] = "network",
		[USE_DISPLAY] = "display",
		[USE_INPUT] = "input",
	};

	return words[kind];
}
