/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/verify_reason.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "plan/binding.h"
#include "system/run.h"

#define LOG_LIMIT (4u << 20)
#define LOG_TIMEOUT 20u
#define LISTING_LIMIT (16u << 20)
#define LISTING_TIMEOUT 60u
#define LINE_LIMIT 200u /* of a line of the log in a sentence */

char *reason_image(const struct root *root, const struct host *host)
{
	static const char *const names[] = {
		"/boot/initrd.img-%s", "/boot/initramfs-%s.img", "/boot/initrd-%s", "/boot/initrd-%s.img",
	};

	for (size_t i = 0; *host->kernel_release && i < array_size(names); i++) {
		const char *hole = strchr(names[i], '%');
		cleanup_text struct text path = { 0 };

		text_append_n(&path, names[i], (size_t)(hole - names[i]));
		text_append(&path, host->kernel_release);
		text_append(&path, hole + 2);
		if (root_exists(root, text_string(&path)))
			return text_take(&path);
	}
	return NULL;
}

bool reason_image_stale(const struct root *root, const char *image)
{
	struct stat built, written;

	return root_stat(root, image, &built) && root_stat(root, BINDING_MODPROBE_PATH, &written) &&
	       built.st_mtime < written.st_mtime;
}

/* The program that lists the images of a generator; none for those that do not put our file into theirs. */
static const char *lister_of(const char *generator)
{
	static const char *const listers[][2] = {
		{ "initramfs-tools", "lsinitramfs" },
		{ "dracut", "lsinitrd" },
		{ "mkinitcpio", "lsinitcpio" },
	};

	for (size_t i = 0; generator && i < array_size(listers); i++)
		if (!strcmp(generator, listers[i][0]))
			return listers[i][1];
	return NULL;
}

/* The module may be called vfio-pci.ko, vfio_pci.ko, and be compressed. */
const char *reason_listing_lacks(const char *listing)
{
	static const char *const modules[] = { "/vfio-pci.ko", "/vfio_pci.ko" };
	bool module = false;

	if (!strstr(listing, "modprobe.d"))
		return NULL;
	for (size_t i = 0; i < array_size(modules); i++)
		module = module || strstr(listing, modules[i]);
	if (!module)
		return "vfio-pci";
	return strstr(listing, &BINDING_MODPROBE_PATH[1]) ? NULL : BINDING_MODPROBE_PATH;
}

const char *reason_image_lacks(const struct root *root, const char *image, const char *generator)
{
	cleanup_strlist struct strlist argv = { 0 };
	struct run_request request = { .argv = &argv, .timeout = LISTING_TIMEOUT, .output_limit = LISTING_LIMIT };
	struct run_result result = { 0 };
	const char *lister = lister_of(generator), *lacking = NULL;

	if (!lister || !root_is_running_system(root))
		return NULL;
	strlist_add(&argv, lister);
	strlist_add(&argv, image);
	if (run_command(&request, &result, NULL) && !result.status)
		lacking = reason_listing_lacks(text_string(&result.output));
	run_result_done(&result);
	return lacking;
}

bool reason_vfio_loaded(const struct root *root)
{
	return root_is_directory(root, "sys/bus/pci/drivers/vfio-pci");
}

bool reason_marked(const struct root *root, struct address address)
{
	char value[64], name[ADDRESS_SIZE];
	cleanup_text struct text path = { 0 };

	text_printf(&path, "sys/bus/pci/devices/%s/driver_override", address_format(address, name));
	return root_attribute(root, text_string(&path), value, sizeof(value)) && !strcmp(value, "vfio-pci");
}

/* The name of a line of proc/iomem ("  e0000000-efffffff : 0000:02:00.0"); NULL where it has none. *RET: how deep. */
static const char *region_name(const char *line, size_t length, size_t *ret_depth, size_t *ret_length)
{
	size_t depth = strspn(line, " ");
	const char *colon = memmem(line, length, " : ", 3);

	if (depth >= length || !colon)
		return NULL;
	*ret_depth = depth;
	*ret_length = length - (size_t)(colon + 3 - line);
	return colon + 3;
}

static bool is_framebuffer(const char *name, size_t length)
{
	static const char *const names[] = { "efifb", "vesafb", "BOOTFB", "simplefb", "simple-framebuffer" };

	for (size_t i = 0; i < array_size(names); i++)
		if (length == strlen(names[i]) && !strncmp(name, names[i], length))
			return true;
	return false;
}

char *reason_framebuffer(const struct root *root, struct address address)
{
	cleanup_text struct text bytes = { 0 };
	char wanted[ADDRESS_SIZE];
	size_t inside = SIZE_MAX; /* how deep the function's own region is, while we are in it */

	if (!root_read(root, "proc/iomem", ROOT_LIMIT_TEXT, &bytes, NULL))
		return NULL;
	address_format(address, wanted);
	for (const char *line = text_string(&bytes); *line; line += strcspn(line, "\n"), line += *line == '\n') {
		size_t depth, length;
		const char *name = region_name(line, strcspn(line, "\n"), &depth, &length);

		if (!name)
			continue;
		if (depth <= inside)
			inside = SIZE_MAX;
		if (inside == SIZE_MAX && length == strlen(wanted) && !strncmp(name, wanted, length))
			inside = depth;
		else if (inside != SIZE_MAX && is_framebuffer(name, length))
			return memory_string_n(name, length);
	}
	return NULL;
}

char *reason_log_line(const char *log, struct address address)
{
	cleanup_text struct text found = { 0 };
	char wanted[ADDRESS_SIZE];

	address_format(address, wanted);
	for (const char *line = log; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		size_t length = strcspn(line, "\n");

		if (!memmem(line, length, wanted, strlen(wanted)) || !memmem(line, length, "vfio", 4))
			continue;
		text_reset(&found);
		text_append_visible(&found, line, length < LINE_LIMIT ? length : LINE_LIMIT, false);
	}
	return found.length ? text_take(&found) : NULL;
}

void reason_read_log(const struct root *root, struct text *ret)
{
	cleanup_strlist struct strlist argv = { 0 };
	struct run_request request = { .argv = &argv, .timeout = LOG_TIMEOUT, .output_limit = LOG_LIMIT };
	struct run_result result = { 0 };

	if (!root_is_running_system(root))
		return;
	strlist_add(&argv, "dmesg");
	if (run_command(&request, &result, NULL) && !result.status)
		text_append_n(ret, result.output.bytes, result.output.length);
	run_result_done(&result);
}
