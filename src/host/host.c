/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/host.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

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

static void setting_done(struct module_setting *setting)
{
	free(setting->module);
	free(setting->install);
	strlist_done(&setting->pre);
	strlist_done(&setting->post);
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
	for (size_t i = 0; i < host->setting_count; i++)
		setting_done(&host->settings[i]);
	free(host->settings);
	iommu_done(&host->iommu);
	free(host->kernel_release);
	free(host->kernel_cmdline);
	free(host->distribution);
	strlist_done(&host->kernels);
	strlist_done(&host->incomplete);
	strlist_done(&host->untraced_storage);
	strlist_done(&host->untraced_network);
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

const struct module_setting *host_setting(const struct host *host, const char *module)
{
	for (size_t i = 0; i < host->setting_count; i++)
		if (!strcmp(host->settings[i].module, module))
			return &host->settings[i];
	return NULL;
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
