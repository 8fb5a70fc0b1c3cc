/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/rebind.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "plan/member.h"
#include "system/run.h"
#include "system/store_attribute.h"

#define LOAD_TIMEOUT 60u
#define NAME_SIZE 64 /* of a driver */
#define VFIO_DRIVER "vfio-pci"

static bool write_sysfs(void *data, const struct root *root, const char *path, const char *value, struct fault *fault)
{
	(void)data;
	return store_attribute(root, path, value, fault);
}

static bool load_module(void *data, const struct root *root, const char *module, struct fault *fault)
{
	cleanup_strlist struct strlist argv = { 0 };
	struct run_request request = { .root = root, .argv = &argv, .timeout = LOAD_TIMEOUT };
	struct run_result result = { 0 };
	bool good;

	(void)data;
	strlist_add(&argv, "modprobe");
	strlist_add(&argv, "--");
	strlist_add(&argv, module);
	if (!run_command(&request, &result, fault))
		return false;
	good = !result.status;
	if (!good)
		fault_set(fault, FAULT_COMMAND, NULL, "\"modprobe %s\" failed: %.*s", module,
			  (int)strcspn(text_string(&result.output), "\n"), text_string(&result.output));
	run_result_done(&result);
	return good;
}

const struct rebind_kernel rebind_kernel = { .write = write_sysfs, .load = load_module };

/* One hand-over: the function, and what it had before. */
struct move {
	const struct rebind_kernel *kernel;
	const struct root *root;
	const char *address;
	char before[NAME_SIZE];   /* its driver; "" where it had none */
	char override[NAME_SIZE]; /* its driver_override; "" where it had none */
};

/* Whether it has a driver now; DRIVER gets its name, "" where it has none. */
static bool driver_of(const struct move *move, char driver[NAME_SIZE])
{
	cleanup_text struct text path = { 0 };

	*driver = '\0';
	text_printf(&path, "sys/bus/pci/devices/%s/driver", move->address);
	return root_link_name(move->root, text_string(&path), driver, NAME_SIZE);
}

static bool write_of(const struct move *move, const char *name, const char *value, struct fault *fault)
{
	cleanup_text struct text path = { 0 };

	text_printf(&path, "sys/bus/pci/devices/%s/%s", move->address, name);
	return move->kernel->write(move->kernel->data, move->root, text_string(&path), value, fault);
}

/* An empty line is what the kernel takes for "no override". */
static bool set_override(const struct move *move, const char *driver, struct fault *fault)
{
	cleanup_text struct text value = { 0 };

	text_printf(&value, "%s\n", driver);
	return write_of(move, "driver_override", text_string(&value), fault);
}

static bool release(const struct move *move, struct fault *fault)
{
	char driver[NAME_SIZE];

	return !driver_of(move, driver) || write_of(move, "driver/unbind", move->address, fault);
}

/* Has DRIVER, and no other, probe the function; false where it did not take it. */
static bool offer(const struct move *move, const char *driver, struct fault *fault)
{
	char now[NAME_SIZE];

	if (!set_override(move, driver, fault) || !release(move, fault) ||
	    !move->kernel->write(move->kernel->data, move->root, "sys/bus/pci/drivers_probe", move->address, fault))
		return false;
	if (driver_of(move, now) && !strcmp(now, driver))
		return true;
	return fault_set(fault, FAULT_COMMAND, NULL, "%s does not take %s; the kernel's log (dmesg) says why", driver,
			 move->address);
}

/* Gives the function what it had; the fault says how that went. */
static bool go_back(const struct move *move, struct fault *fault)
{
	struct fault again = { 0 };
	char now[NAME_SIZE];
	bool back = (driver_of(move, now) && !strcmp(now, move->before)) ||
		    (*move->before ? offer(move, move->before, &again) : release(move, &again));

	back = set_override(move, move->override, &again) && back;
	if (fault && back)
		return fault_set(fault, fault->kind, NULL, "%s. It is at %s again", fault->sentence,
				 *move->before ? move->before : "no driver");
	if (fault)
		return fault_set(fault, fault->kind, NULL,
				 "%s. It could not be given back to %s either (%s): reboot to have that again",
				 fault->sentence, *move->before ? move->before : "no driver", again.sentence);
	return false;
}

static bool to_vfio(const struct move *move, struct fault *fault)
{
	if (!root_is_directory(move->root, "sys/bus/pci/drivers/" VFIO_DRIVER) &&
	    !move->kernel->load(move->kernel->data, move->root, VFIO_DRIVER, fault))
		return false;
	return offer(move, VFIO_DRIVER, fault) || go_back(move, fault);
}

/* The PCI drivers that a module brings: "xhci_hcd" is that of xhci_pci. */
static void drivers_in(const struct root *root, const char *module, struct strlist *ret)
{
	cleanup_strlist struct strlist names = { 0 };
	cleanup_text struct text path = { 0 };

	text_printf(&path, "sys/module/%s/drivers", module);
	if (!root_list(root, text_string(&path), &names, NULL))
		return;
	for (size_t i = 0; i < names.count; i++)
		if (text_starts_with(names.items[i], "pci:") && strlen(names.items[i]) < NAME_SIZE)
			strlist_add_once(ret, names.items[i] + strlen("pci:"));
}

/*
 * With an override for the very driver, because vfio-pci would have it back by
 * its ids otherwise; once the driver has it the override goes.
 */
static bool to_host(const struct move *move, const struct function *function, struct fault *fault)
{
	struct fault last = { 0 };

	fault_set(&last, FAULT_COMMAND, NULL, "no driver of this host takes %s", move->address);
	for (size_t i = 0; i < function->candidate_count; i++) {
		const char *module = function->candidates[i].name;
		cleanup_strlist struct strlist drivers = { 0 };

		if (driver_passes_on(module) || !move->kernel->load(move->kernel->data, move->root, module, &last))
			continue;
		drivers_in(move->root, module, &drivers);
		for (size_t j = 0; j < drivers.count; j++)
			if (offer(move, drivers.items[j], &last))
				return set_override(move, "", fault);
	}
	if (fault)
		*fault = last;
	return go_back(move, fault);
}

bool rebind_run(const struct rebind_kernel *kernel, const struct root *root, const struct function *function,
		enum rebind_way way, char **ret_driver, struct fault *fault)
{
	char address[ADDRESS_SIZE], now[NAME_SIZE];
	struct move move = { .kernel = kernel, .root = root, .address = address_format(function->address, address) };
	cleanup_text struct text path = { 0 };
	bool held;

	text_printf(&path, "sys/bus/pci/devices/%s/driver_override", address);
	if (!root_attribute(root, text_string(&path), move.override, sizeof(move.override)) ||
	    !strcmp(move.override, "(null)"))
		*move.override = '\0';
	held = driver_of(&move, move.before) && driver_passes_on(move.before);
	if (held != (way == REBIND_TO_VFIO) &&
	    !(way == REBIND_TO_VFIO ? to_vfio(&move, fault) : to_host(&move, function, fault)))
		return false;
	*ret_driver = driver_of(&move, now) ? memory_string(now) : NULL;
	return true;
}
