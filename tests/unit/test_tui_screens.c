/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole pictures, drawn without a terminal, compared with tests/screens/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <locale.h>
#include <string.h>

#include <cmocka.h>

#include "screens/demo.h"

static const struct {
	int rows, cols;
	const char *name;
} sizes[] = { { 24, 80, "80x24" }, { 43, 132, "132x43" }, { 17, 60, "60x17" }, { 10, 40, "40x10" } };

/* The same page at every size, in UTF-8 and in ASCII. */
static void picture(struct demo *demo, const char *name)
{
	char path[128];

	for (size_t i = 0; i < array_size(sizes); i++) {
		demo_resize(demo, sizes[i].rows, sizes[i].cols);
		snprintf(path, sizeof(path), "%s-%s", name, sizes[i].name);
		demo_golden(demo, path);
	}
	demo->model.ascii = true;
	demo_resize(demo, 24, 80);
	snprintf(path, sizeof(path), "%s-ascii", name);
	demo_golden(demo, path);
	demo->model.ascii = false;
	demo_resize(demo, 24, 80);
}

static void the_first_screen(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	picture(&demo, "tree");
	demo_close(&demo);
}

static void ticked_functions(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "02:00.0", 24, 80);
	demo_type(&demo, " y");
	picture(&demo, "ticked");
	demo_close(&demo);
}

static void the_offer_of_group_mates(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "00:1f.3", 24, 80);
	demo_type(&demo, " ");
	picture(&demo, "mates");
	demo_close(&demo);
}

static void the_pages(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "00:1f.3", 24, 80);
	demo_type(&demo, "\r");
	picture(&demo, "detail");
	demo_type(&demo, " nf");
	picture(&demo, "findings");
	demo_type(&demo, "d");
	picture(&demo, "diff");
	demo_type(&demo, "o");
	picture(&demo, "options");
	demo_type(&demo, "?");
	picture(&demo, "help");
	demo_close(&demo);
}

static void the_question_before_applying(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "02:00.0", 24, 80);
	demo_type(&demo, " yWye");
	picture(&demo, "confirm");
	demo_close(&demo);
}

static void the_iommu_is_off(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_off(&demo, 24, 80);
	picture(&demo, "off");
	demo_close(&demo);
}

static void the_last_apply_is_not_in_effect(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_applied(&demo, 24, 80);
	picture(&demo, "applied");
	demo_type(&demo, "v");
	picture(&demo, "verdict");
	demo_close(&demo);
}

static void progress_and_result(void **state)
{
	struct demo demo;

	(void)state;
	demo_open(&demo, 24, 80);
	demo.model.systemd = true;
	selection_tick(&demo.session.selection, demo.session.host, demo_function(&demo, "02:00.0"));
	demo.model.running = true;
	demo.model.places[demo.model.depth++] = (struct place){ .view = VIEW_PROGRESS };
	feed_line(&demo.model.feed, "{\"event\":\"step\",\"step\":\"check\",\"number\":0,\"total\":0,\"what\":\"\"}");
	feed_line(&demo.model.feed, "{\"event\":\"step\",\"step\":\"publish\",\"number\":2,\"total\":4,"
				    "\"what\":\"/etc/modprobe.d/00-vfioconf.conf\"}");
	feed_line(&demo.model.feed, "{\"event\":\"step\",\"step\":\"command\",\"number\":1,\"total\":2,"
				    "\"what\":\"update-initramfs -u -k all\"}");
	feed_line(&demo.model.feed, "{\"event\":\"line\",\"line\":\"Generating /boot/initrd.img-6.1.0-28-amd64\"}");
	picture(&demo, "progress");
	feed_line(&demo.model.feed, "{\"event\":\"done\",\"status\":0,\"id\":\"20261122T141500Z-1\",\"reboot\":true,"
				    "\"way_back\":\"choose \\\"Without device passthrough\\\" at the boot menu\"}");
	demo.model.running = false;
	demo.model.places[demo.model.depth - 1] = (struct place){ .view = VIEW_RESULT };
	selection_copy(&demo.session.applied.selection, &demo.session.selection);
	picture(&demo, "done");
	selection_done(&demo.session.applied.selection);
	selection_init(&demo.session.applied.selection);
	feed_done(&demo.model.feed);
	feed_line(&demo.model.feed, "{\"event\":\"line\",\"line\":\"cpio: write error: No space left on device\"}");
	feed_line(&demo.model.feed,
		  "{\"event\":\"fault\",\"status\":1,\"message\":\"update-initramfs failed with status 1\","
		  "\"rolled_back\":true,\"needs_attention\":false}");
	picture(&demo, "fault");
	demo_close(&demo);
}

static const char command[] =
	"efibootmgr --create --disk /dev/nvme0n1 --part 1 --label 'Linux with VFIO' --loader '\\vmlinuz-linux' "
	"--unicode 'root=UUID=5f2c1d7e-8a34-4b0e-9c55-6e0f3a9b1d20 rw quiet initrd=\\initramfs-linux.img iommu=pt'";
static const char lines[] =
	"boot.initrd.kernelModules = [ \"vfio-pci\" ];\n"
	"boot.extraModprobeConfig = ''\n"
	"  options vfio-pci ids=10de:1d01,10de:0fb8\n"
	"  install vfio-pci read -r line </proc/cmdline; \\\n"
	"    case \" $line \" in *\" vfioconf.bind=no \"*) exec modprobe --ignore-install vfio-pci ids=;; esac; \\\n"
	"    exec modprobe --ignore-install vfio-pci $CMDLINE_OPTS\n"
	"'';";

static void what_is_to_be_typed_by_hand(void **state)
{
	struct demo demo;

	(void)state;
	demo_open_at(&demo, "02:00.0", 24, 80);
	demo_paste = command;
	demo_type(&demo, " yf");
	picture(&demo, "paste-command");
	demo_close(&demo);
	demo_open_at(&demo, "02:00.0", 24, 80);
	demo_paste = lines;
	demo_type(&demo, " yf");
	picture(&demo, "paste-lines");
	demo_close(&demo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_screen),
		cmocka_unit_test(ticked_functions),
		cmocka_unit_test(the_offer_of_group_mates),
		cmocka_unit_test(the_pages),
		cmocka_unit_test(the_question_before_applying),
		cmocka_unit_test(what_is_to_be_typed_by_hand),
		cmocka_unit_test(the_iommu_is_off),
		cmocka_unit_test(the_last_apply_is_not_in_effect),
		cmocka_unit_test(progress_and_result),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
