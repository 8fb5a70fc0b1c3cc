/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plan/guest.h"
#include "support/handmade.h"

/* A card with two functions, another one's second function alone, and a network card. */
static char *write_guest(enum guest_kind kind)
{
	struct host *host = handmade_host();
	struct selection selection;
	struct text text = { 0 };

	selection_init(&selection);
	handmade_function(host, "02:00.0", 0x030000, 0x10de, 0x13c2, 2, "vfio-pci", "nouveau");
	handmade_function(host, "02:00.1", 0x040300, 0x10de, 0x0fbb, 2, "vfio-pci", "snd_hda_intel");
	handmade_function(host, "03:00.2", 0x0c0330, 0x10de, 0x1ad8, 3, "vfio-pci", "xhci_pci");
	handmade_function(host, "05:00.0", 0x020000, 0x8086, 0x10d3, 5, "vfio-pci", "e1000e");
	free(host->functions[3].device_name);
	host->functions[3].device_name = memory_string("Odd --> name");
	for (size_t i = 0; i < host->function_count; i++)
		selection_tick(&selection, host, &host->functions[i]);
	guest_write(kind, host, &selection, &text);
	selection_done(&selection);
	host_free(host);
	return text_take(&text);
}

static void qemu_gets_a_port_for_each_device(void **state)
{
	char *text = write_guest(GUEST_QEMU);

	(void)state;
	assert_string_equal(text,
			    "# 0000:02:00.0 Maker Thing [10de:13c2]\n"
			    "-device pcie-root-port,id=vfio0,bus=pcie.0,chassis=64\n"
			    "-device vfio-pci,host=0000:02:00.0,bus=vfio0,addr=00.0,multifunction=on\n"
			    "# 0000:02:00.1 Maker Thing [10de:0fbb]\n"
			    "-device vfio-pci,host=0000:02:00.1,bus=vfio0,addr=00.1\n"
			    "# 0000:03:00.2 Maker Thing [10de:1ad8]\n"
			    "-device pcie-root-port,id=vfio1,bus=pcie.0,chassis=65\n"
			    "-device vfio-pci,host=0000:03:00.2,bus=vfio1,addr=00.0\n"
			    "# 0000:05:00.0 Maker Odd -> name [8086:10d3]\n"
			    "-device pcie-root-port,id=vfio2,bus=pcie.0,chassis=66\n"
			    "-device vfio-pci,host=0000:05:00.0,bus=vfio2,addr=00.0\n");
	free(text);
}

static void libvirt_keeps_the_functions_of_a_card_together(void **state)
{
	char *text = write_guest(GUEST_LIBVIRT);

	(void)state;
	assert_non_null(strstr(text, "<!-- 0000:02:00.1 Maker Thing [10de:0fbb] -->\n"
				     "<hostdev mode='subsystem' type='pci' managed='no'>\n"
				     "  <source>\n"
				     "    <address domain='0x0000' bus='0x02' slot='0x00' function='0x1'/>\n"
				     "  </source>\n"
				     "  <address type='pci' domain='0x0000' bus='0x08' slot='0x00' function='0x1'/>\n"
				     "</hostdev>\n"));
	assert_non_null(strstr(text, "bus='0x08' slot='0x00' function='0x0' multifunction='on'/>"));
	assert_non_null(strstr(text, "<!-- 0000:05:00.0 Maker Odd -> name [8086:10d3] -->"));
	assert_null(strstr(strstr(text, "0000:03:00.2"), "type='pci' domain="));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(qemu_gets_a_port_for_each_device),
		cmocka_unit_test(libvirt_keeps_the_functions_of_a_card_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
