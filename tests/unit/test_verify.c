/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "apply/transaction.h"
#include "apply/verify.h"
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
	says(verify(&scene, 1), VERDICT_FUNCTION_GONE, "The same device is at 0000:03:00.1 now");
	scene.host->functions[2].address.bus = 2;
	scene.host->functions[2].device = 0x1111;
	says(verify(&scene, 1), VERDICT_FUNCTION_CHANGED, "here was 10de:0fbb, and now there is something else: "
							  "0000:02:00.1");
	end(&scene);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_at_vfio_have_arrived),
		cmocka_unit_test(the_driver_that_won_is_named),
		cmocka_unit_test(a_device_that_moved_is_looked_for),
		cmocka_unit_test(a_parameter_that_the_kernel_was_not_given_is_named),
		cmocka_unit_test(the_way_back_and_an_iommu_that_is_off_explain_themselves),
		cmocka_unit_test(an_iommu_that_alone_was_wanted_is_verified),
		cmocka_unit_test(before_the_reboot_nothing_is_blamed),
		cmocka_unit_test(what_was_given_back_is_watched_until_it_is_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
