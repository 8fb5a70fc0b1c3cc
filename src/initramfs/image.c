/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "initramfs/image.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "boot/esp.h"
#include "boot/own.h"
#include "edit/cmdline.h"

/* How much of an image is read to see what it begins with. */
#define IMAGE_HEAD (64u * 1024u)

/* How a name may be written in a file name: "vfio-pci" is vfio-pci.ko, "snd_hda_intel" is snd-hda-intel.ko. */
static char *module_pattern(const char *prefix, const char *module)
{
	struct text pattern = { 0 };

	text_append(&pattern, prefix);
	for (; *module; module++)
		if (*module == '-' || *module == '_')
			text_append(&pattern, "[-_]");
		else
			text_append_char(&pattern, *module);
	text_append(&pattern, ".ko*");
	return text_take(&pattern);
}

/* Whether a line of the list names the file of MODULE: "kernel/drivers/vfio/pci/vfio-pci.ko.xz: ...". */
static bool list_names(const struct root *root, const char *release, const char *list, const char *module,
		       bool *ret_readable)
{
	cleanup_text struct text bytes = { 0 };
	cleanup_text struct text path = { 0 };
	const char *at;

	text_printf(&path, "lib/modules/%s/%s", release, list);
	*ret_readable = root_read(root, text_string(&path), ROOT_LIMIT_GENERATED, &bytes, NULL);
	for (at = text_string(&bytes); *at; at += strcspn(at, "\n"), at += *at == '\n') {
		size_t end = strcspn(at, ":\n"), start = end, i = 0;

		while (start > 0 && at[start - 1] != '/')
			start--;
		while (module[i] && start + i < end &&
		       (at[start + i] == module[i] || (strchr("-_", at[start + i]) && strchr("-_", module[i]))))
			i++;
		if (!module[i] && !strncmp(at + start + i, ".ko", 3))
			return true;
	}
	return false;
}

enum image_module image_module(const struct root *root, const char *release, const char *module)
{
	bool builtin_readable, dep_readable;

	if (list_names(root, release, "modules.builtin", module, &builtin_readable))
		return IMAGE_MODULE_BUILTIN;
	/* Without the list nothing speaks against the usual case. */
	return list_names(root, release, "modules.dep", module, &dep_readable) || !dep_readable ?
		       IMAGE_MODULE_FILE : IMAGE_MODULE_NONE;
}

static void expect_modules(const struct root *root, struct expectation *expectation, const char *release,
			   const struct early_request *request)
{
	for (size_t i = 0; i < request->modules->count; i++) {
		cleanup_free char *pattern = module_pattern("*/", request->modules->items[i]);

		if (image_module(root, release, request->modules->items[i]) == IMAGE_MODULE_FILE)
			strlist_add(&expectation->present, pattern);
	}
}

/* Whether a module of REQUEST is a file of the kernel: only then is something loaded, and its install line run. */
static bool loads(const struct root *root, const char *release, const struct early_request *request)
{
	for (size_t i = 0; i < request->modules->count; i++)
		if (image_module(root, release, request->modules->items[i]) == IMAGE_MODULE_FILE)
			return true;
	return false;
}

void image_expect_shell(const struct root *root, struct expectation *expectation, const char *release,
			const struct early_request *request)
{
	if (loads(root, release, request))
		strlist_add(&expectation->present, "*bin/sh");
}

static void expect_present(const struct root *root, struct expectation *expectation, const char *release,
			   const struct early_request *request, bool stamp)
{
	for (size_t i = 0; i < request->files->count; i++)
		strlist_printf(&expectation->present, "*%s", request->files->items[i] + 1);
	expect_modules(root, expectation, release, request);
	image_expect_shell(root, expectation, release, request);
	if (stamp)
		strlist_printf(&expectation->present, "*" IMAGE_STAMP_DIRECTORY "/%s", request->stamp);
}

/* Whatever an earlier version put there goes by these names. */
static void expect_absent(struct expectation *expectation)
{
	strlist_add(&expectation->absent, "*etc/modprobe.d/00-vfioconf.conf");
	strlist_add(&expectation->absent, "*" IMAGE_STAMP_DIRECTORY "/*");
}

static struct expectation *expect_listing(struct command *command, const char *lister, const char *image)
{
	struct expectation *expectation;

	strlist_add_once(&command->artefacts, image);
	command_expect(command, EXPECT_FILE, image);
	expectation = command_expect(command, EXPECT_LISTING, image);
	strlist_split(&expectation->argv, lister, " ");
	strlist_add(&expectation->argv, image);
	return expectation;
}

void image_expect_modules(const struct root *root, struct command *command, const char *lister, const char *image,
			  const char *release, const struct early_request *request)
{
	struct expectation *expectation = expect_listing(command, lister, image);

	if (request->wanted)
		expect_modules(root, expectation, release, request);
}

void image_expect(const struct root *root, struct command *command, const char *lister, const char *image,
		  const char *release, const struct early_request *request, bool stamp)
{
	struct expectation *expectation = expect_listing(command, lister, image);

	if (request->wanted)
		expect_present(root, expectation, release, request, stamp);
	else
		expect_absent(expectation);
}

void image_expect_entry(const struct root *root, struct command *command, const char *lister, const char *entry,
			const char *release, const struct early_request *request)
{
	struct expectation *expectation = command_expect(command, EXPECT_LISTING, entry);

	strlist_add_once(&command->artefacts, entry);
	strlist_split(&expectation->argv, lister, " ");
	strlist_add(&expectation->argv, ENTRY_INITRD);
	if (request->wanted)
		expect_present(root, expectation, release, request, false);
	else
		expect_absent(expectation);
}

static void add_if_there(const struct root *root, struct strlist *ret, const char *format, const char *first,
			 const char *second)
{
	cleanup_text struct text path = { 0 };
	struct stat status;

	text_printf(&path, format, first, second);
	if (root_stat(root, text_string(&path), &status) && S_ISREG(status.st_mode) && status.st_size > 0)
		strlist_add_once(ret, text_string(&path));
}

/* A name from a file, where it can be one component of a path. */
static bool read_token(const struct root *root, const char *path, char *buffer, size_t size)
{
	return root_attribute(root, path, buffer, size) && *buffer && *buffer != '.' && !strchr(buffer, '/');
}

void image_find(const struct root *root, const char *release, struct strlist *ret)
{
	static const char *const names[] = { "/boot/initrd.img-%s", "/boot/initramfs-%s.img", "/boot/initrd-%s" };
	static const char *const tokens[] = { "etc/machine-id", "etc/kernel/entry-token" };
	cleanup_strlist struct strlist mounts = { 0 };
	cleanup_text struct text pkgbase = { 0 };
	char token[256];

	for (size_t i = 0; i < array_size(names); i++)
		add_if_there(root, ret, names[i], release, "");
	/* Arch and its kin name images after the kernel's package. */
	text_printf(&pkgbase, "usr/lib/modules/%s/pkgbase", release);
	if (read_token(root, text_string(&pkgbase), token, sizeof(token)))
		add_if_there(root, ret, "/boot/initramfs-%s.img", token, "");
	esp_mounts(root, &mounts);
	for (size_t i = 0; i < array_size(tokens); i++)
		for (size_t j = 0; read_token(root, tokens[i], token, sizeof(token)) && j < mounts.count; j++) {
			cleanup_text struct text tree = { 0 };

			text_printf(&tree, "%s/%s", mounts.items[j], token);
			add_if_there(root, ret, "%s/%s/initrd", text_string(&tree), release);
		}
}

/* Of a "newc" header: six bytes of magic, thirteen numbers of eight hexadecimal digits. */
#define CPIO_HEADER 110u
#define CPIO_SIZE 54u
#define CPIO_NAME_SIZE 94u
#define CPIO_NAME_MAX 4096u

static bool read_number(const char *digits, size_t *ret)
{
	size_t value = 0;

	for (size_t i = 0; i < 8; i++) {
		const char *digit = "0123456789abcdef", *found;
		char byte = digits[i] >= 'A' && digits[i] <= 'F' ? (char)(digits[i] | 0x20) : digits[i];

		found = byte ? strchr(digit, byte) : NULL;
		if (!found)
			return false;
		value = value << 4 | (size_t)(found - digit);
	}
	*ret = value;
	return true;
}

static size_t align4(size_t value)
{
	return (value + 3) & ~(size_t)3;
}

void image_head_names(const struct text *head, struct strlist *ret)
{
	size_t at = 0, size, name;

	while (head->length > at && head->length - at > CPIO_HEADER) {
		const char *header = head->bytes + at;

		if (memcmp(header, "07070", 5) != 0 || (header[5] != '1' && header[5] != '2') ||
		    !read_number(header + CPIO_SIZE, &size) || !read_number(header + CPIO_NAME_SIZE, &name) || !name ||
		    name > CPIO_NAME_MAX || name > head->length - at - CPIO_HEADER)
			return;
		strlist_add_n(ret, header + CPIO_HEADER, name - 1);
		if (!strcmp(ret->items[ret->count - 1], "TRAILER!!!")) {
			strlist_remove(ret, ret->count - 1);
			return;
		}
		if (size > head->length)
			return;
		at = align4(align4(at + CPIO_HEADER + name) + size);
	}
}

bool image_begins_with(const struct root *root, const char *image, const char *name)
{
	cleanup_strlist struct strlist names = { 0 };
	cleanup_text struct text head = { 0 };

	if (!root_read_start(root, image, IMAGE_HEAD, &head, NULL))
		return false;
	image_head_names(&head, &names);
	return strlist_has(&names, name);
}

bool image_own_file(const struct root *root, const struct early_request *request, const char *path,
		    const struct text *content, mode_t mode, struct changeset *changeset, struct findings *findings,
		    bool *ret_due, struct fault *fault)
{
	size_t known = findings->count;
	bool changed = false;

	if (!own_file(root, path, request->wanted ? content : NULL, mode,
		      request->wanted ? "puts vfio-pci and its settings into the initramfs images" :
					"the initramfs images need nothing from vfioconf",
		      changeset, findings, &changed, fault))
		return false;
	*ret_due = findings->count == known && (changed || request->contents_changed);
	return true;
}

const char *image_why(const struct early_request *request)
{
	return request->wanted ? "rebuilds the initramfs images, with vfio-pci and its settings in them" :
				 "rebuilds the initramfs images without the settings of vfioconf";
}

static bool are_plain(const struct strlist *words, struct fault *fault)
{
	for (size_t i = 0; i < words->count; i++)
		if (!cmdline_word_is_plain(words->items[i]))
			return fault_set(fault, FAULT_INPUT, NULL, "\"%s\" cannot stand in a script", words->items[i]);
	return true;
}

bool image_words_are_plain(const struct early_request *request, struct fault *fault)
{
	return are_plain(request->modules, fault) && are_plain(request->files, fault);
}
