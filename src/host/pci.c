/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/pci.h"

#include <errno.h>
#include <limits.h>
#include <pci/pci.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/names.h"

#define DEVICES "sys/bus/pci/devices"
#define NAME_SIZE 512
#define FUNCTION_LIMIT 65536u

/* What one reading needs at hand. */
struct reading {
	const struct root *root;
	struct host *host;
	struct pci_access *access;
	int devices; /* descriptor of DEVICES */
};

/* libpci reports an error by a call that may not return and that is given no data: hence one place per thread. */
static _Thread_local struct {
	jmp_buf back;
	char message[256];
} escape;

__attribute__((noreturn, format(printf, 1, 2))) static void escape_error(char *message, ...)
{
	va_list arguments;

	va_start(arguments, message);
	vsnprintf(escape.message, sizeof(escape.message), message, arguments);
	va_end(arguments);
	longjmp(escape.back, 1);
}

__attribute__((format(printf, 1, 2))) static void be_silent(char *message, ...)
{
	(void)message;
}

static bool open_access(struct reading *reading, struct fault *fault)
{
	cleanup_free char *path = root_join(reading->root, "sys/bus/pci");
	struct pci_access *access = pci_alloc();

	access->method = PCI_ACCESS_SYS_BUS_PCI;
	access->id_lookup_mode = PCI_LOOKUP_NO_HWDB;
	access->error = escape_error;
	access->warning = be_silent;
	access->debug = be_silent;
	pci_set_param(access, (char *)"sysfs.path", path);
	if (setjmp(escape.back)) {
		pci_cleanup(access);
		return fault_set(fault, FAULT_SYSTEM, "/sys/bus/pci", "the PCI library cannot be used: %s",
				 escape.message);
	}
	pci_init(access);
	reading->access = access;
	return true;
}

static bool fill(struct pci_dev *device)
{
	if (setjmp(escape.back))
		return false;
	pci_fill_info(device, PCI_FILL_IDENT | PCI_FILL_CLASS | PCI_FILL_CLASS_EXT | PCI_FILL_SUBSYS);
	return true;
}

/* Vendor, class and so on. What cannot be read stays 0, and the answer says so. */
static void read_identity(struct reading *reading, struct function *function)
{
	const struct address *at = &function->address;
	struct pci_dev *device = pci_get_dev(reading->access, (int)at->domain, at->bus, at->device, at->function);
	char address[ADDRESS_SIZE];

	if (!fill(device) || !device->vendor_id)
		strlist_printf(&reading->host->incomplete,
			       "%s: the kernel does not say what it is; it cannot be given to a guest",
			       address_format(*at, address));
	function->vendor = device->vendor_id;
	function->device = device->device_id;
	function->class = (uint32_t)device->device_class << 8 | device->prog_if;
	function->revision = device->rev_id;
	function->subvendor = device->subsys_vendor_id;
	function->subdevice = device->subsys_id;
	function->bridge = function->class >> 8 == PCI_CLASS_BRIDGE_PCI || function->class >> 8 == 0x0609 ||
			   function->class >> 8 == PCI_CLASS_BRIDGE_CARDBUS;
	pci_free_dev(device);
}

static char *visible(const char *string)
{
	struct text text = { 0 };

	text_append_visible(&text, string, strlen(string), false);
	return text_take(&text);
}

/* A list of names that is none makes libpci give up, at the first look-up or at each. */
static char *look_up(struct pci_access *access, int what, unsigned first, unsigned second)
{
	char buffer[NAME_SIZE];

	if (setjmp(escape.back))
		return NULL;
	return memory_string(pci_lookup_name(access, buffer, sizeof(buffer), what, first, second));
}

/* The name, or WORD and the number where there is none. */
static char *name_of(struct pci_access *access, int what, unsigned first, unsigned second, const char *word)
{
	cleanup_free char *name = look_up(access, what, first, second);
	struct text text = { 0 };

	if (name && *name)
		return visible(name);
	text_printf(&text, "%s %04x", word, what == PCI_LOOKUP_DEVICE ? second : first);
	return text_take(&text);
}

/* The identities are known by now. */
static void read_names(struct reading *reading)
{
	struct pci_access *access = reading->access;
	cleanup_close int names = names_open(reading->root, reading->host);
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", names);
	if (names >= 0)
		pci_set_name_list_path(access, memory_string(path), 1);
	for (size_t i = 0; i < reading->host->function_count; i++) {
		struct function *f = &reading->host->functions[i];

		f->vendor_name = name_of(access, PCI_LOOKUP_VENDOR, f->vendor, 0, "Vendor");
		f->device_name = name_of(access, PCI_LOOKUP_DEVICE, f->vendor, f->device, "Device");
		f->class_name = name_of(access, PCI_LOOKUP_CLASS, f->class >> 8, 0, "Class");
	}
}

static bool read_number(int directory, const char *name, unsigned limit, unsigned *ret)
{
	char value[32], *end;
	unsigned long number;

	if (!root_attribute_at(directory, name, value, sizeof(value)) || *value < '0' || *value > '9')
		return false;
	errno = 0;
	number = strtoul(value, &end, 10);
	if (errno || *end || number > limit)
		return false;
	*ret = (unsigned)number;
	return true;
}

static int index_at(const struct host *host, const char *name)
{
	const struct function *function;
	struct address address;

	if (!address_parse(name, &address))
		return -1;
	function = host_find(host, address);
	return function ? (int)host_index(host, function) : -1;
}

/* The link below DEVICES leads through every bridge: ".../pci0000:00/0000:00:1b.0/0000:02:00.0". */
static int read_parent(const struct reading *reading, const char *name)
{
	char target[PATH_MAX], *slash;

	if (!root_link_at(reading->devices, name, target, sizeof(target)))
		return -1;
	slash = strrchr(target, '/');
	if (!slash)
		return -1;
	*slash = '\0';
	slash = strrchr(target, '/');
	return slash ? index_at(reading->host, slash + 1) : -1;
}

/* Where it stands and who drives it: its own directory. */
static void read_place(struct reading *reading, struct function *function, unsigned *ret_group)
{
	char name[ADDRESS_SIZE], target[NAME_MAX + 1], path[64], *end;
	cleanup_close int directory = -1;
	unsigned number;

	address_format(function->address, name);
	function->parent = read_parent(reading, name);
	snprintf(path, sizeof(path), DEVICES "/%s", name);
	directory = root_open_directory(reading->root, path);
	if (directory < 0)
		return;
	if (root_link_name_at(directory, "driver", target, sizeof(target)))
		function->driver = visible(target);
	if (root_link_name_at(directory, "iommu_group", target, sizeof(target))) {
		unsigned long group = strtoul(target, &end, 10);

		if (!*end && group < INT_MAX)
			*ret_group = (unsigned)group;
	}
	if (function_is_display(function) && read_number(directory, "boot_vga", 1, &number))
		function->boot_vga = (int)number;
	if (function->bridge)
		return;
	if (root_link_name_at(directory, "physfn", target, sizeof(target)))
		function->physical = index_at(reading->host, target);
	else
		read_number(directory, "sriov_numvfs", 65535, &function->virtual_now);
}

static int by_address(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	return address_compare(x->address, y->address);
}

/* The addresses only; an entry that is none is told of once. */
static void list_functions(struct reading *reading, const struct strlist *names)
{
	struct host *host = reading->host;
	size_t odd = 0;

	host->functions = memory_zero(names->count, sizeof(*host->functions));
	for (size_t i = 0; i < names->count; i++) {
		struct function *function = &host->functions[host->function_count];

		if (!address_parse(names->items[i], &function->address) || function->address.domain > INT_MAX ||
		    host->function_count == FUNCTION_LIMIT) {
			odd++;
			continue;
		}
		function->group = function->parent = function->physical = function->boot_vga = -1;
		host->function_count++;
	}
	qsort(host->functions, host->function_count, sizeof(*host->functions), by_address);
	if (odd)
		strlist_printf(&host->incomplete, "%zu entries of /sys/bus/pci/devices are no PCI addresses and were "
						  "left out", odd);
}

bool pci_read(const struct root *root, struct host *host, unsigned **ret_groups, struct fault *fault)
{
	struct reading reading = { .root = root, .host = host };
	cleanup_strlist struct strlist names = { 0 };
	cleanup_close int devices = root_open_directory(root, DEVICES);
	unsigned *groups;

	reading.devices = devices;
	if (devices < 0 || !root_list(root, DEVICES, &names, NULL)) {
		strlist_add(&host->incomplete, "/sys/bus/pci/devices cannot be read: no PCI function can be seen");
		*ret_groups = NULL;
		return true;
	}
	if (!open_access(&reading, fault))
		return false;
	list_functions(&reading, &names);
	groups = memory_zero(host->function_count, sizeof(*groups));
	for (size_t i = 0; i < host->function_count; i++) {
		groups[i] = PCI_NO_GROUP;
		read_identity(&reading, &host->functions[i]);
		read_place(&reading, &host->functions[i], &groups[i]);
	}
	read_names(&reading);
	pci_cleanup(reading.access);
	*ret_groups = groups;
	return true;
}
