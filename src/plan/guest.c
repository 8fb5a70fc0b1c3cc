/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/guest.h"

#include <string.h>

#define FIRST_BUS 8u      /* of the guest: below are the ports that libvirt makes for a guest's own devices */
#define FIRST_CHASSIS 64u /* the same for QEMU: must be another one for each port */

bool guest_kind_parse(const char *word, enum guest_kind *ret)
{
	if (strcmp(word, "libvirt") != 0 && strcmp(word, "qemu") != 0)
		return false;
	*ret = *word == 'l' ? GUEST_LIBVIRT : GUEST_QEMU;
	return true;
}

static bool same_device(struct address a, struct address b)
{
	return a.domain == b.domain && a.bus == b.bus && a.device == b.device;
}

/* One function on its way into a guest. */
struct passage {
	struct address address;
	unsigned port;     /* counted from 0 */
	unsigned function; /* its number in the guest */
	bool first, more;  /* of its device; the device has others */
};

/* Where the device has no function 0 among the ticked, its first one is 0: without one a guest sees none. */
static struct passage passage_of(const struct selection *selection, size_t index)
{
	struct passage passage = { .address = selection->ticks[index].address };
	size_t first = index;

	while (first > 0 && same_device(selection->ticks[first - 1].address, passage.address))
		first--;
	for (size_t i = 1; i <= first; i++)
		passage.port += !same_device(selection->ticks[i].address, selection->ticks[i - 1].address);
	passage.first = index == first;
	passage.more = first + 1 < selection->count &&
		       same_device(selection->ticks[first + 1].address, passage.address);
	passage.function = passage.first ? 0 : passage.address.function;
	return passage;
}

static void write_name(const struct host *host, struct address address, const char *before, const char *after,
		       struct text *ret)
{
	const struct function *function = host_find(host, address);
	cleanup_free char *name = function ? function_describe(function) : NULL;
	char plain[ADDRESS_SIZE];

	text_append(ret, before);
	/* "--" would end a comment of XML. */
	for (const char *at = name ? name : address_format(address, plain); *at; at++)
		if (at[0] != '-' || at[1] != '-')
			text_append_char(ret, *at);
	text_append(ret, after);
}

static void write_libvirt(const struct host *host, const struct passage *passage, struct text *ret)
{
	write_name(host, passage->address, "<!-- ", " -->\n", ret);
	text_printf(ret, "<hostdev mode='subsystem' type='pci' managed='no'>\n"
			 "  <source>\n"
			 "    <address domain='0x%04x' bus='0x%02x' slot='0x%02x' function='0x%x'/>\n"
			 "  </source>\n",
		    passage->address.domain, passage->address.bus, passage->address.device, passage->address.function);
	if (passage->more)
		text_printf(ret, "  <address type='pci' domain='0x0000' bus='0x%02x' slot='0x00' function='0x%x'%s/>\n",
			    FIRST_BUS + passage->port, passage->function, passage->first ? " multifunction='on'" : "");
	text_append(ret, "</hostdev>\n");
}

static void write_qemu(const struct host *host, const struct passage *passage, struct text *ret)
{
	char address[ADDRESS_SIZE];

	write_name(host, passage->address, "# ", "\n", ret);
	if (passage->first)
		text_printf(ret, "-device pcie-root-port,id=vfio%u,bus=pcie.0,chassis=%u\n", passage->port,
			    FIRST_CHASSIS + passage->port);
	text_printf(ret, "-device vfio-pci,host=%s,bus=vfio%u,addr=00.%x%s\n",
		    address_format(passage->address, address), passage->port, passage->function, passage->first && passage->more ? ",multifunction=on" : "");
}

void guest_write(enum guest_kind kind, const struct host *host, const struct selection *selection, struct text *ret)
{
	for (size_t i = 0; i < selection->count; i++) {
		struct passage passage = passage_of(selection, i);

		if (kind == GUEST_LIBVIRT)
			write_libvirt(host, &passage, ret);
		else
			write_qemu(host, &passage, ret);
	}
}
