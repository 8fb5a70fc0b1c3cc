/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "apply/transaction.h"
#include "apply/verify.h"
#include "apply/verify_reason.h"
#include "plan/binding.h"
#include "support/handmade.h"
#include "support/scratch.h"

/* A machine with a graphics card of two functions that was applied, below an empty root without a history. */
struct scene {
	struct scratch files;
	struct host *host;
	struct applied applied;
	struct verification verification;
};

static void begin(struct scene *scene)
{
	*scene = (struct scene){ .files = scratch_new(NULL), .host = handmade_host() };
	scratch_write(&scene->files, "/sys/bus/pci/drivers/vfio-pci/module", "");
	handmade_function(scene->host, "00:01.0", 0x060400, 0x8086, 0x1901, 2, "pcieport", "");
	handmade_function(scene->host, "02:00.0", 0x030000, 0x10de, 0x13c2, 2, "vfio-pci", "nouveau");
	handmade_function(scene->host, "02:00.1", 0x040300, 0x10de, 0x0fbb, 2, "vfio-pci", "snd_hda_intel");
	selection_init(&scene->applied.selection);
	scene->applied.present = true;
	scene->applied.loader = memory_string("grub-dropin");
	selection_tick(&scene->applied.selection, scene->host, &scene->host->functions[1]);
	selection_tick(&scene->applied.selection, scene->host, &scene->host->functions[2]);
}

static void set_driver(struct scene *scene, size_t index, const char *driver)
{
	free(scene->host->functions[index].driver);
	scene->host->functions[index].driver = memory_string(driver);
}

static const struct verdict *verify(struct scene *scene, size_t index)
{
	verification_done(&scene->verification);
	verify_run(scene->files.root, scene->host, &scene->applied, &scene->verification);
	assert_in_range(index, 0, scene->verification.count - 1);
	return &scene->verification.items[index];
}

static void says(const struct verdict *verdict, enum verdict_kind kind, const char *what)
{
	assert_string_equal(verdict_word(verdict->kind), verdict_word(kind));
	if (!strstr(verdict->sentence, what) && !(verdict->next && strstr(verdict->next, what)))
		fail_msg("\"%s\" is not said by: %s -> %s", what, verdict->sentence, verdict->next);
}

static void end(struct scene *scene)
{
	verification_done(&scene->verification);
	applied_done(&scene->applied);
	host_free(scene->host);
	scratch_done(&scene->files);
}

static void functions_at_vfio_have_arrived(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene);
	says(verify(&scene, 0), VERDICT_ARRIVED, "0000:02:00.0 Maker Thing [10de:13c2]: at vfio-pci");
	assert_true(scene.verification.arrived);
	assert_int_equal(scene.verification.count, 2);
	end(&scene);
}

static void the_driver_that_won_is_named(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene);
	set_driver(&scene, 2, "snd_hda_intel");
	says(verify(&scene, 1), VERDICT_NATIVE_DRIVER, "its own driver snd_hda_intel was faster");
	says(verify(&scene, 0), VERDICT_GROUP_NOT_VIABLE, "0000:02:00.1 Maker Thing [10de:0fbb] of the same group is "
							  "held by");
	says(verify(&scene, 0), VERDICT_GROUP_NOT_VIABLE, "See the verdict of that one.");
	assert_false(scene.verification.arrived);
	set_driver(&scene, 2, NULL);
	says(verify(&scene, 1), VERDICT_NO_DRIVER, "dmesg");
	says(verify(&scene, 0), VERDICT_ARRIVED, "");
	end(&scene);
}

static void a_device_that_moved_is_looked_for(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene);
	scene.host->functions[2].address.bus = 3;
	says(verify(&scene, 1), VERDICT_FUNCTION_GONE, "Such a device is at 0000:03:00.1 now: if it is the one and not "
						       "its twin");
	scratch_write(&scene.files, BINDING_MODPROBE_PATH,
		      BINDING_HEADER "#   0000:02:00.1 Maker Thing [10de:0fbb]\noptions vfio-pci ids=10de:13c2,10de:0fbb\n");
	says(verify(&scene, 1), VERDICT_FUNCTION_GONE, "The same device is at 0000:03:00.1 now: \"vfioconf --follow\"");
	says(verify(&scene, 1), VERDICT_FUNCTION_GONE, "it was Maker Thing [10de:0fbb]");
	scene.host->functions[2].address.bus = 2;
	scene.host->functions[2].device = 0x1111;
	says(verify(&scene, 1), VERDICT_FUNCTION_CHANGED, "here was Maker Thing [10de:0fbb], and now there is something else: "
							  "0000:02:00.1");
	end(&scene);
}

static void all_places_of_a_moved_twin_are_named(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene);
	handmade_function(scene.host, "05:00.0", 0x040300, 0x10de, 0x0fbb, 5, "snd_hda_intel", "snd_hda_intel");
	scene.host->functions[2].address.bus = 3;
	says(verify(&scene, 1), VERDICT_FUNCTION_GONE, "Such devices are at 0000:03:00.1 and 0000:05:00.0 now");
	scene.host->functions[2].address.bus = 2;
	scene.applied.selection.ticks[1].subvendor = 0x1458;
	says(verify(&scene, 1), VERDICT_FUNCTION_CHANGED, "It was left to the host.");
	end(&scene);
}

static void an_image_older_than_the_set_up_is_to_blame(void **state)
{
	struct timespec past[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
	cleanup_free char *image = NULL;
	struct scene scene;

	(void)state;
	begin(&scene);
	set_driver(&scene, 1, "nouveau");
	scratch_write(&scene.files, "/boot/initrd.img-6.1.0-44-amd64", "image");
	scratch_write(&scene.files, "/etc/modprobe.d/00-vfioconf.conf", "");
	says(verify(&scene, 0), VERDICT_NATIVE_DRIVER, "nothing told it to leave it alone");
	scratch_write(&scene.files, "/sys/bus/pci/devices/0000:02:00.0/driver_override", "vfio-pci\n");
	says(verify(&scene, 0), VERDICT_NATIVE_DRIVER, "it was loaded first");
	image = root_join(scene.files.root, "/boot/initrd.img-6.1.0-44-amd64");
	assert_int_equal(utimensat(AT_FDCWD, image, past, 0), 0);
	says(verify(&scene, 0), VERDICT_IMAGE_STALE, "/boot/initrd.img-6.1.0-44-amd64 is older than");
	end(&scene);
}

static void a_boot_without_vfio_is_told(void **state)
{
	cleanup_free char *module = NULL;
	cleanup_free char *drivers = NULL;
	struct scene scene;

	(void)state;
	begin(&scene);
	set_driver(&scene, 1, "nouveau");
	set_driver(&scene, 2, NULL);
	module = root_join(scene.files.root, "/sys/bus/pci/drivers/vfio-pci/module");
	drivers = root_join(scene.files.root, "/sys/bus/pci/drivers/vfio-pci");
	assert_int_equal(unlink(module), 0);
	assert_int_equal(rmdir(drivers), 0);
	says(verify(&scene, 0), VERDICT_IMAGE_STALE, "nouveau has it, because vfio-pci was not loaded");
	says(verify(&scene, 1), VERDICT_IMAGE_STALE, "it has no driver, because vfio-pci was not loaded");
	end(&scene);
}

static void a_built_in_winner_is_told_from_a_module(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene);
	set_driver(&scene, 2, "snd_hda_intel");
	scene.host->functions[2].candidates[0].builtin = true;
	says(verify(&scene, 1), VERDICT_BUILTIN_DRIVER, "snd_hda_intel is built into the kernel");
	end(&scene);
}

static void a_framebuffer_on_the_cards_memory_is_seen(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene);
	scratch_write(&scene.files, "/proc/iomem", "c0000000-dfffffff : PCI Bus 0000:00\n"
						   "  c0000000-c1ffffff : 0000:01:00.0\n    c0000000-c02fffff : efifb\n"
						   "  d0000000-d1ffffff : 0000:02:00.0\n    d0000000-d02fffff : vfio\n"
						   "  d8000000-d8ffffff : BOOTFB\n");
	says(verify(&scene, 0), VERDICT_ARRIVED, "");
	scratch_write(&scene.files, "/proc/iomem", "c0000000-dfffffff : PCI Bus 0000:00\n"
						   "  d0000000-d1ffffff : 0000:02:00.0\n    d0000000-d02fffff : x\n"
						   "      d0000000-d02fffff : BOOTFB\n");
	says(verify(&scene, 0), VERDICT_FRAMEBUFFER, "held by the boot's framebuffer BOOTFB");
	end(&scene);
}

static void the_kernels_line_about_a_failed_probe_is_found(void **state)
{
	struct address address;
	char *line;

	(void)state;
	assert_true(address_parse("05:00.0", &address));
	line = reason_log_line("[1.0] pci 0000:05:00.0: [8086:10d3]\n[2.0] vfio-pci: probe of 0000:05:00.0 failed with "
			       "error -22\n[3.0] vfio-pci 0000:06:00.0: enabling device\n[3.1] e1000e 0000:05:00.0\n",
			       address);
	assert_string_equal(line, "[2.0] vfio-pci: probe of 0000:05:00.0 failed with error -22");
	free(line);
	assert_null(reason_log_line("[3.0] vfio-pci 0000:06:00.0: enabling device", address));
	assert_null(reason_log_line("", address));
}

static void a_parameter_that_the_kernel_was_not_given_is_named(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene);
	strlist_add(&scene.applied.added, "quiet");
	strlist_add(&scene.applied.added, "intel_iommu=on");
	verify(&scene, 0);
	assert_int_equal(scene.verification.count, 3);
	says(verify(&scene, 2), VERDICT_PARAMETER_MISSING, "was started without \"intel_iommu=on\", although it was "
							   "set up through grub-dropin");
	assert_true(scene.verification.items[2].general);
	set_driver(&scene, 1, "nouveau");
	says(verify(&scene, 0), VERDICT_PARAMETER_MISSING, "0000:02:00.0");
	assert_int_equal(scene.verification.count, 2);
	end(&scene);
}

static void the_way_back_and_an_iommu_that_is_off_explain_themselves(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene);
	set_driver(&scene, 1, "nouveau");
	scene.host->iommu.enabled = false;
	says(verify(&scene, 0), VERDICT_IOMMU_OFF, "does not use the IOMMU");
	free(scene.host->kernel_cmdline);
	scene.host->kernel_cmdline = memory_string("quiet vfioconf.bind=no");
	says(verify(&scene, 0), VERDICT_WAY_BACK, "vfioconf.bind=no");
	end(&scene);
}

static void an_iommu_that_alone_was_wanted_is_verified(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene);
	selection_done(&scene.applied.selection);
	scene.applied.selection.iommu = true;
	verify_run(scene.files.root, scene.host, &scene.applied, &scene.verification);
	assert_true(scene.verification.arrived);
	assert_int_equal(scene.verification.count, 0);
	scene.host->iommu.enabled = false;
	says(verify(&scene, 0), VERDICT_IOMMU_OFF, "The IOMMU");
	end(&scene);
}

/* Something is applied during the boot of this id. */
static void apply_in_boot(struct scene *scene, const char *id)
{
	struct changeset changeset = { 0 };
	struct apply_result result;
	struct fault fault = { 0 };

	scratch_write(&scene->files, "/proc/sys/kernel/random/boot_id", id);
	scratch_change(&scene->files, &changeset, "/etc/vfioconf.ini", id);
	if (!transaction_apply(scene->files.root, &changeset, "test", NULL, &result, &fault))
		fail_msg("%s", fault.sentence);
	changeset_done(&changeset);
}

static void before_the_reboot_nothing_is_blamed(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene);
	strlist_add(&scene.applied.added, "intel_iommu=on");
	set_driver(&scene, 1, "nouveau");
	apply_in_boot(&scene, "one\n");
	says(verify(&scene, 0), VERDICT_NOT_REBOOTED, "0000:02:00.0 Maker Thing [10de:13c2]: this was applied during the "
						      "present boot");
	scratch_write(&scene.files, "/proc/sys/kernel/random/boot_id", "two\n");
	says(verify(&scene, 0), VERDICT_PARAMETER_MISSING, "intel_iommu=on");
	end(&scene);
}

static void what_was_given_back_is_watched_until_it_is_back(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene);
	selection_done(&scene.applied.selection);
	verify_run(scene.files.root, scene.host, &scene.applied, &scene.verification);
	assert_int_equal(scene.verification.count, 0);
	apply_in_boot(&scene, "one\n");
	says(verify(&scene, 1), VERDICT_NOT_REBOOTED, "0000:02:00.1 Maker Thing [10de:0fbb]: is not ticked, but at vfio-pci");
	scratch_write(&scene.files, "/proc/sys/kernel/random/boot_id", "two\n");
	says(verify(&scene, 0), VERDICT_NOT_RETURNED, "driverctl");
	end(&scene);
}

static void an_image_without_vfio_is_told_from_one_with_it(void **state)
{
	(void)state;
	assert_null(reason_listing_lacks("etc/modprobe.d\nusr/lib/modules/6.1/kernel/drivers/vfio/pci/vfio-pci.ko.xz\n"
					 "etc/modprobe.d/00-vfioconf.conf\n"));
	assert_null(reason_listing_lacks("-rw-r--r--   1 root     root  7 Jan  1  1970 etc/modprobe.d/00-vfioconf.conf\n"
					 "drivers/vfio_pci.ko\n"));
	assert_string_equal(reason_listing_lacks("etc/modprobe.d/other.conf\nlib/modules/6.1/vfio/vfio-pci.ko\n"),
			    BINDING_MODPROBE_PATH);
	/* vfio-pci-core alone takes no device */
	assert_string_equal(reason_listing_lacks("etc/modprobe.d/00-vfioconf.conf\nvfio/pci/vfio-pci-core.ko\n"), "vfio-pci");
	/* what cannot be listed proves nothing */
	assert_null(reason_listing_lacks(""));
	assert_null(reason_listing_lacks("kernel/x86/microcode/AuthenticAMD.bin\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_at_vfio_have_arrived),
		cmocka_unit_test(the_driver_that_won_is_named),
		cmocka_unit_test(a_device_that_moved_is_looked_for),
		cmocka_unit_test(all_places_of_a_moved_twin_are_named),
		cmocka_unit_test(an_image_older_than_the_set_up_is_to_blame),
		cmocka_unit_test(a_boot_without_vfio_is_told),
		cmocka_unit_test(an_image_without_vfio_is_told_from_one_with_it),
		cmocka_unit_test(a_built_in_winner_is_told_from_a_module),
		cmocka_unit_test(a_framebuffer_on_the_cards_memory_is_seen),
		cmocka_unit_test(the_kernels_line_about_a_failed_probe_is_found),
		cmocka_unit_test(a_parameter_that_the_kernel_was_not_given_is_named),
		cmocka_unit_test(the_way_back_and_an_iommu_that_is_off_explain_themselves),
		cmocka_unit_test(an_iommu_that_alone_was_wanted_is_verified),
		cmocka_unit_test(before_the_reboot_nothing_is_blamed),
		cmocka_unit_test(what_was_given_back_is_watched_until_it_is_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
