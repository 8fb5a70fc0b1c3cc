/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The modprobe.d file. Its install line is what makes the binding exact: it
 * runs whenever something is about to load vfio-pci, that is (by the softdeps) before any driver that could
 * claim what is ticked, in the initramfs and out of it, whichever event of udev comes first.
 * It has nothing but a shell's builtins, because an image may hold no grep; and
 * nothing in it comes from outside but numbers that were parsed.
 */
#include "plan/binding.h"

#include <string.h>

#include "boot/way_back.h"
#include "plan/binding_drivers.h"

#define NAME_LIMIT 110u /* of a device in a comment */

/* A name from outside in a comment: nothing that could end the comment or go on in the next line. */
static void comment_name(const struct function *function, struct text *text)
{
	cleanup_free char *name = function_describe(function);
	size_t limit = strlen(name) < NAME_LIMIT ? strlen(name) : NAME_LIMIT;

	for (size_t i = 0; i < limit; i++) {
		char c = name[i];

		text_append_char(text, c >= ' ' && c <= '~' && c != '\\' ? c : '?');
	}
	if (limit < strlen(name))
		text_append(text, "~");
}

static void comment(const struct host *host, const struct binding *binding, struct text *ret)
{
	text_append(ret, BINDING_HEADER);
	text_append(ret, "# it; please do not edit it by hand. These devices are for guests and belong to vfio-pci:\n");
	for (size_t i = 0; i < binding->count; i++) {
		text_append(ret, "#   ");
		comment_name(host_find(host, binding->functions[i].address), ret);
		text_append(ret, "\n");
	}
	if (host->vfio_pci != MODULE_BUILTIN)
		text_append(ret, "# A boot with " WAY_BACK_WORD " on the kernel command line leaves all of them to "
				 "the host.\n");
}

/* A function, the ids that it must have in the words of its sysfs files, and whether a driver must let it go. */
static void add_device(const struct function *function, bool unbind, struct text *ret)
{
	char address[ADDRESS_SIZE];

	text_printf(ret, " \\\n\t\t%s=0x%04x:0x%04x:0x%04x:0x%04x%s", address_format(function->address, address),
		    function->vendor, function->device, function->subvendor, function->subdevice,
		    unbind ? ",unbind" : "");
}

static size_t add_devices(const struct host *host, const struct binding *binding, struct text *ret, bool *ret_unbind)
{
	size_t count = 0;

	for (size_t i = 0; i < binding->count; i++) {
		const struct function_binding *function = &binding->functions[i];

		if (function->mode != BIND_ADDRESS)
			continue;
		add_device(host_find(host, function->address), function->unbind, ret);
		*ret_unbind = *ret_unbind || function->unbind;
		count++;
	}
	return count;
}

/* Whether at the address there is what was ticked; what is not is told to the kernel's log, and the loop goes on. */
#define GUARD \
	"\t\taddress=${device%%=*}; ids=${device#*=}; found=nothing; \\\n" \
	"\t\tpath=/sys/bus/pci/devices/$address; \\\n" \
	"\t\tif [ -e $path/vendor ]; then \\\n" \
	"\t\t\tread -r v <$path/vendor; read -r d <$path/device; \\\n" \
	"\t\t\tread -r sv <$path/subsystem_vendor; read -r sd <$path/subsystem_device; \\\n" \
	"\t\t\tfound=$v:$d:$sv:$sd; \\\n" \
	"\t\tfi; \\\n" \
	"\t\tif [ $found != ${ids%,unbind} ]; then \\\n" \
	"\t\t\techo \"<4>vfioconf: at $address there is $found, not ${ids%,unbind}:\" \\\n" \
	"\t\t\t\t\"left to the host\" >/dev/kmsg; \\\n" \
	"\t\t\tcontinue; \\\n" \
	"\t\tfi; \\\n" \
	"\t\techo vfio-pci >$path/driver_override; \\\n"

/* Only in the initramfs, the one place with an /init: later it would take a device from a host that uses it. */
#define UNBIND                                                                                    \
	"\t\t[ $ids = ${ids%,unbind} ] || [ ! -e /init ] || [ ! -e $path/driver ] || \\\n"        \
	"\t\t\t[ -e /sys/bus/pci/drivers/vfio-pci/$address ] || echo $address >$path/driver/unbind; \\\n"

/* driver_override for what is bound by its address, if it is there and is what was ticked. */
static void add_overrides(const struct host *host, const struct binding *binding, struct text *ret)
{
	cleanup_text struct text devices = { 0 };
	bool unbind = false;

	if (!add_devices(host, binding, &devices, &unbind))
		return;
	text_printf(ret, "\tfor device in%s; do \\\n", text_string(&devices));
	text_append(ret, GUARD);
	if (unbind)
		text_append(ret, UNBIND);
	text_append(ret, "\tdone; \\\n");
}

/* An empty ids= behind the one of the options line is the one that counts. */
static void add_install(const struct host *host, const struct binding *binding, struct text *ret)
{
	text_append(ret, "install vfio-pci read -r line </proc/cmdline; \\\n"
			 "\tcase \" $line \" in *\" " WAY_BACK_WORD " \"*) "
			 "exec /sbin/modprobe --ignore-install vfio-pci ids=;; esac; \\\n");
	add_overrides(host, binding, ret);
	text_append(ret, "\texec /sbin/modprobe --ignore-install vfio-pci $CMDLINE_OPTS\n");
}

void binding_modprobe(const struct host *host, const struct binding *binding, struct text *ret)
{
	bool module = host->vfio_pci != MODULE_BUILTIN;
	cleanup_free char *ids = strlist_join(&binding->ids, ",");

	if (!(module && binding->count) && !binding->blacklist.count)
		return;
	comment(host, binding, ret);
	if (module && binding->ids.count)
		text_printf(ret, "options vfio-pci ids=%s\n", ids);
	if (module && binding->count)
		add_install(host, binding, ret);
	/* Never one for vfio-pci itself: a module with a softdep is loaded without its install line. */
	for (size_t i = 0; i < binding->softdeps.count; i++)
		binding_softdep_line(host, binding->softdeps.items[i], ret);
	for (size_t i = 0; i < binding->blacklist.count; i++)
		text_printf(ret, "blacklist %s\n", binding->blacklist.items[i]);
}

/* Before anything else may take it: where there is nothing to let go, the override alone decides who gets it. */
#define TAKE                                                                                       \
	"\t\t[ ! -e /sys/bus/pci/drivers/vfio-pci/$address ] || continue; \\\n"                    \
	"\t\t[ ! -e $path/driver ] || echo $address >$path/driver/unbind; \\\n"                     \
	"\t\techo $address >/sys/bus/pci/drivers_probe; \\\n"                                       \
	"\t\t[ ! -e /sys/bus/pci/drivers/vfio-pci/$address ] || continue; \\\n"                    \
	"\t\techo \"<4>vfioconf: vfio-pci does not take $address: back to the host\" >/dev/kmsg; \\\n" \
	"\t\techo >$path/driver_override; \\\n"                                                       \
	"\t\techo $address >/sys/bus/pci/drivers_probe; \\\n"

void binding_late(const struct host *host, const struct binding *binding, struct text *ret)
{
	text_append(ret, "read -r line </proc/cmdline; \\\n"
			 "\tcase \" $line \" in *\" " WAY_BACK_WORD " \"*) exit 0;; esac; \\\n"
			 "\t/sbin/modprobe vfio-pci; \\\n"
			 "\tfor device in");
	for (size_t i = 0; i < binding->count; i++)
		add_device(host_find(host, binding->functions[i].address), false, ret);
	text_append(ret, "; do \\\n" GUARD TAKE "\tdone\nexit 0\n");
}
