/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "edit/wordlist.h"
#include "initramfs/generators.h"
#include "support/early.h"
#include "support/machine.h"
#include "support/pieces.h"
#include "system/run.h"

#define RELEASE(name) "file /proc/sys/kernel/osrelease\n\t|" name "\n"

static const char arch[] = "machine 1\n" PROGRAM("/usr/bin/booster") RELEASE("6.12.1-arch1-1")
	"file /usr/lib/modules/6.12.1-arch1-1/pkgbase\n\t|linux\nfile /boot/booster-linux.img\n\t|image\n"
	"file /etc/booster.yaml\n\t|universal: true\n\t|modules_force_load: nvme\n";
static const char alpine[] = "machine 1\n" PROGRAM("/sbin/mkinitfs") PROGRAM("/bin/kmod") RELEASE("6.6.32-0-lts")
	"file /lib/modules/6.6.32-0-lts/modules.dep\n\t|kernel/drivers/vfio/pci/vfio-pci.ko.gz:\n"
	"file /boot/initramfs-lts\n\t|image\n"
	"file /etc/mkinitfs/mkinitfs.conf\n\t|features=\"ata base ext4 nvme scsi usb virtio\"\n";
static const char gentoo[] = "machine 1\n" PROGRAM("/usr/bin/genkernel") RELEASE("6.6.30-gentoo")
	"file /etc/genkernel.conf\n\t|# x\nfile /boot/initramfs-6.6.30-gentoo.img\n\t|image\n";
static const char tiny[] = "machine 1\n" PROGRAM("/usr/sbin/update-tirfs");
static const char silverblue[] = "machine 1\n" PROGRAM("/usr/bin/rpm-ostree") PROGRAM("/usr/bin/dracut")
	RELEASE("6.9.0") "file /run/ostree-booted\n\t|\n"
	"file /ostree/deploy/fedora/deploy/abc.0.origin\n\t|[origin]\n\t|container-image-reference=x\n";
static const char bootc[] = "machine 1\nfile /run/ostree-booted\n\t|\n" PROGRAM("/usr/bin/bootc")
			    PROGRAM("/usr/bin/dracut");
static const char solus[] = "machine 1\n" PROGRAM("/usr/bin/clr-boot-manager") PROGRAM("/usr/bin/dracut")
	"file /usr/lib/kernel/initrd-com.solus-project.current.6.9.3-290\n\t|image\n";
static const char none[] = "machine 1\n" RELEASE("6.6.30") "file /boot/vmlinuz-6.6.30\n\t|kernel\n"
	"file /proc/cmdline\n\t|root=/dev/sda2\n";

static void propose(struct early_proposal *proposal, const struct initramfs *generator, struct machine *machine,
		    bool wanted)
{
	early_begin(proposal, wanted);
	early_add_kernels(proposal, machine);
	early_propose(proposal, generator, machine, true);
}

static void chosen_is(const char *text, const struct initramfs *wanted)
{
	struct machine *machine = machine_open_text(text);
	struct findings findings = { 0 };
	const struct initramfs *generator = initramfs_choose(machine->root, NULL, &findings);

	if (generator != wanted)
		fail_msg("%s was chosen, not %s: %s", generator ? generator->name : "none", wanted->name,
			 findings.count ? findings.items[0].message : "");
	machine_close(machine);
}

static void each_is_told_by_its_traces(void **state)
{
	(void)state;
	chosen_is(arch, &initramfs_booster);
	chosen_is(alpine, &initramfs_mkinitfs);
	chosen_is(gentoo, &initramfs_genkernel);
	chosen_is(tiny, &initramfs_tiny);
	chosen_is(silverblue, &initramfs_rpm_ostree);
	chosen_is(solus, &initramfs_prebuilt);
	chosen_is(bootc, &initramfs_prebuilt);
	chosen_is(none, &initramfs_none);
}

/* Proposed, applied, proposed again, taken back: every file is as it was. */
static void comes_back(const char *text, const struct initramfs *generator, const char *path, const char *wanted)
{
	struct machine *machine = machine_open_text(text);
	char *before = machine_read(machine, path), *now;
	struct early_proposal proposal;

	propose(&proposal, generator, machine, true);
	early_apply(&proposal, machine);
	early_done(&proposal);
	now = machine_read(machine, path);
	if (!strstr(now, wanted))
		fail_msg("<%s> is not in <%s>", wanted, now);
	free(now);
	propose(&proposal, generator, machine, true);
	assert_int_equal(proposal.changeset.file_count, 0);
	early_done(&proposal);
	propose(&proposal, generator, machine, false);
	early_apply(&proposal, machine);
	early_done(&proposal);
	now = machine_read(machine, path);
	assert_string_equal(now, before);
	free(now);
	free(before);
	machine_close(machine);
}

static void boosters_list_is_added_to_and_given_back(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct early_proposal proposal;
	struct command *command;

	(void)state;
	comes_back(arch, &initramfs_booster, "/etc/booster.yaml",
		   "\nmodules_force_load: nvme,vfio_pci # added by vfioconf: vfio_pci\n");
	propose(&proposal, &initramfs_booster, machine, true);
	command = &proposal.changeset.commands[0];
	assert_string_equal(command->expectations[1].argv.items[1], "ls");
	assert_true(strlist_has(&command->expectations[1].present, "*/vfio[-_]pci.ko*"));
	assert_false(strlist_has(&command->expectations[1].present, "*etc/modprobe.d/00-vfioconf.conf"));
	assert_false(strlist_has(&command->expectations[1].present, "*bin/sh"));
	assert_int_equal(proposal.findings.items[0].code, FINDING_GENERATOR_LIMITED);
	assert_int_equal(proposal.findings.items[0].severity, SEVERITY_WARNING);
	early_done(&proposal);
	/* As an earlier version wrote it, and as the user may have. */
	machine_write(machine, "/etc/booster.yaml", "modules_force_load: nvme,vfio-pci # added by vfioconf: vfio-pci\n");
	propose(&proposal, &initramfs_booster, machine, true);
	assert_string_equal(text_string(&proposal.changeset.files[0].after),
			    "modules_force_load: nvme,vfio_pci # added by vfioconf: vfio_pci\n");
	early_done(&proposal);
	machine_write(machine, "/etc/booster.yaml", "modules_force_load: vfio_pci,nvme\n");
	propose(&proposal, &initramfs_booster, machine, true);
	assert_int_equal(proposal.changeset.file_count, 0);
	early_done(&proposal);
	machine_write(machine, "/etc/booster.yaml", "modules_force_load: [nvme]\n");
	propose(&proposal, &initramfs_booster, machine, true);
	assert_int_equal(proposal.changeset.file_count, 0);
	assert_int_equal(proposal.findings.items[0].code, FINDING_SYNTAX_NOT_UNDERSTOOD);
	early_done(&proposal);
	machine_remove(machine, "/etc/booster.yaml");
	propose(&proposal, &initramfs_booster, machine, true);
	early_apply(&proposal, machine);
	early_done(&proposal);
	propose(&proposal, &initramfs_booster, machine, false);
	assert_int_equal(proposal.changeset.files[0].kind, CHANGE_DELETE);
	early_done(&proposal);
	machine_close(machine);
}

#define OURS "/etc/modprobe.d/00-vfioconf.conf"

/* The plan's command for the image of booster, where the file of ours becomes AFTER; NULL: it goes. */
static void booster_rebuilds(struct early_proposal *proposal, struct machine *machine, const char *after)
{
	cleanup_free char *now = root_exists(machine->root, OURS) ? machine_read(machine, OURS) : NULL;
	cleanup_text struct text old = { 0 };
	cleanup_text struct text new = { 0 };

	text_append(&old, now ? now : "");
	text_append(&new, after ? after : "");
	early_begin(proposal, after);
	early_add_kernels(proposal, machine);
	changeset_file(&proposal->changeset, OURS, now ? &old : NULL, after ? &new : NULL, 0644, "");
	early_propose(proposal, &initramfs_booster, machine, true);
}

/* The one image of the kernel in /boot, by a command that fails where that fails, and what its init is told. */
static void booster_makes_each_image_by_a_command_of_its_own_and_looks_into_it(void **state)
{
	static const char *const argv[] = { "booster", "build", "--force", "--kernel-version", "6.12.1-arch1-1",
					    "/boot/booster-linux.img" };
	struct machine *machine = machine_open_text(arch);
	const struct expectation *listing, *told;
	struct early_proposal proposal;

	(void)state;
	booster_rebuilds(&proposal, machine, "# x\noptions vfio-pci ids=10de:1b81,10de:10f0\ninstall vfio-pci x\n");
	assert_int_equal(proposal.changeset.command_count, 1);
	for (size_t i = 0; i < array_size(argv); i++)
		assert_string_equal(proposal.changeset.commands[0].argv.items[i], argv[i]);
	assert_true(strlist_has(&proposal.changeset.commands[0].artefacts, "/boot/booster-linux.img"));
	told = &proposal.changeset.commands[0].expectations[2];
	assert_string_equal(told->argv.items[1], "cat");
	assert_string_equal(told->argv.items[3], "etc/booster.init.yaml");
	assert_true(strlist_has(&told->present, "*- vfio_pci"));
	assert_true(strlist_has(&told->present, "*vfio_pci: *ids=10de:1b81,10de:10f0*"));
	assert_true(strlist_has(&told->absent, "*vfio_pci: *ids=10de:1b81,10de:10f0[,:]*"));
	early_apply(&proposal, machine);
	early_done(&proposal);
	/* Bound by its address instead: the ids of before must not be in it any more. */
	booster_rebuilds(&proposal, machine, "# x\ninstall vfio-pci y\n");
	told = &proposal.changeset.commands[0].expectations[2];
	assert_true(strlist_has(&told->absent, "*vfio_pci: *ids=10de:1b81,10de:10f0*"));
	early_done(&proposal);
	booster_rebuilds(&proposal, machine, NULL);
	listing = &proposal.changeset.commands[0].expectations[1];
	assert_true(strlist_has(&listing->present, "*etc/booster.init.yaml"));
	assert_true(strlist_has(&listing->absent, "*/vfio_pci.ko"));
	assert_true(strlist_has(&proposal.changeset.commands[0].expectations[2].absent, "*- vfio_pci"));
	early_done(&proposal);
	/* The user's own list names it: it stays. */
	machine_write(machine, "/etc/booster.yaml", "modules_force_load: vfio_pci\n");
	booster_rebuilds(&proposal, machine, NULL);
	assert_int_equal(proposal.changeset.commands[0].expectations[1].absent.count, 0);
	assert_int_equal(proposal.changeset.commands[0].expectations[2].absent.count, 0);
	early_done(&proposal);
	machine_close(machine);
}

/* What was kept of the kernel that still runs after an upgrade has no image: that in /boot is of the new one. */
static void booster_makes_no_image_for_a_kernel_that_an_upgrade_has_replaced(void **state)
{
	struct machine *machine = machine_open_text(arch);
	struct early_proposal proposal;

	(void)state;
	machine_write(machine, "/usr/lib/modules/6.12.2-arch1-1/pkgbase", "linux\n");
	machine_write(machine, "/usr/lib/modules/6.12.1-arch1-1/vmlinuz", "old");
	machine_write(machine, "/usr/lib/modules/6.12.2-arch1-1/vmlinuz", "new");
	machine_write(machine, "/boot/vmlinuz-linux", "new");
	early_begin(&proposal, true);
	strlist_add(&proposal.kernels, "6.12.1-arch1-1");
	strlist_add(&proposal.kernels, "6.12.2-arch1-1");
	early_propose(&proposal, &initramfs_booster, machine, true);
	assert_int_equal(proposal.changeset.command_count, 1);
	assert_string_equal(proposal.changeset.commands[0].argv.items[4], "6.12.2-arch1-1");
	early_done(&proposal);
	machine_close(machine);
}

static void alpines_feature_is_named_and_taken_away(void **state)
{
	struct machine *machine = machine_open_text(alpine);
	struct early_proposal proposal;
	const struct file_change *modules, *files;
	const struct strlist *present;

	(void)state;
	comes_back(alpine, &initramfs_mkinitfs, "/etc/mkinitfs/mkinitfs.conf", "scsi usb virtio vfioconf\"\n");
	propose(&proposal, &initramfs_mkinitfs, machine, true);
	modules = changeset_find(&proposal.changeset, "/etc/mkinitfs/features.d/vfioconf.modules");
	assert_non_null(strstr(text_string(&modules->after), "\nkernel/drivers/vfio\n"));
	/* Not where it stands: mkinitfs deletes the image before it writes it. */
	assert_string_equal(proposal.changeset.commands[0].argv.items[1], "-o");
	assert_string_equal(proposal.changeset.commands[0].argv.items[2], COMMAND_OUTPUT);
	assert_string_equal(proposal.changeset.commands[0].argv.items[3], "6.6.32-0-lts");
	assert_string_equal(proposal.changeset.commands[0].output, "/boot/initramfs-lts");
	assert_int_equal(proposal.changeset.commands[0].artefacts.count, 0);
	/* The install line needs a shell, and a modprobe that knows --ignore-install, which busybox's does not. */
	files = changeset_find(&proposal.changeset, "/etc/mkinitfs/features.d/vfioconf.files");
	assert_non_null(strstr(text_string(&files->after), "\n/bin/kmod\n/sbin/modprobe\n"));
	present = &proposal.changeset.commands[0].expectations[1].present;
	assert_true(strlist_has(present, "*/vfio[-_]pci.ko*"));
	assert_true(strlist_has(present, "*bin/sh"));
	assert_true(strlist_has(present, "*bin/kmod"));
	assert_true(strlist_has(present, "*bin/modprobe"));
	early_apply(&proposal, machine);
	early_done(&proposal);
	propose(&proposal, &initramfs_mkinitfs, machine, false);
	assert_int_equal(changeset_find(&proposal.changeset, "/etc/mkinitfs/features.d/vfioconf.files")->kind,
			 CHANGE_DELETE);
	early_done(&proposal);
	machine_close(machine);
}

static void alpines_image_is_made_once_for_the_kernel_that_is_installed(void **state)
{
	struct machine *machine = machine_open_text(alpine);
	struct early_proposal proposal;

	(void)state;
	for (int installed = 0; installed < 2; installed++) {
		early_begin(&proposal, true);
		strlist_add(&proposal.kernels, "6.6.31-0-lts");
		strlist_add(&proposal.kernels, "6.6.32-0-lts");
		early_propose(&proposal, &initramfs_mkinitfs, machine, true);
		assert_int_equal(proposal.changeset.command_count, 1);
		if (installed)
			assert_string_equal(proposal.changeset.commands[0].argv.items[3], "6.6.32-0-lts");
		early_done(&proposal);
		machine_write(machine, "/usr/share/kernel/lts/kernel.release", "6.6.32-0-lts\n");
	}
	machine_close(machine);
}

static void an_alpine_without_kmod_is_told_what_it_lacks(void **state)
{
	struct machine *machine = machine_open_text(alpine);
	struct early_proposal proposal;

	(void)state;
	machine_remove(machine, "/bin/kmod");
	propose(&proposal, &initramfs_mkinitfs, machine, true);
	assert_true(changeset_empty(&proposal.changeset));
	assert_int_equal(proposal.findings.items[0].code, FINDING_GENERATOR_LIMITED);
	assert_int_equal(proposal.findings.items[0].severity, SEVERITY_ERROR);
	assert_non_null(strstr(proposal.findings.items[0].paste, "apk add kmod"));
	early_done(&proposal);
	propose(&proposal, &initramfs_mkinitfs, machine, false);
	assert_int_equal(proposal.findings.count, 0);
	early_done(&proposal);
	machine_close(machine);
}

static bool run(const char *const *words, const char *last, struct text *ret)
{
	struct strlist argv = { 0 };
	const struct run_request request = { .argv = &argv, .timeout = 60 };
	struct run_result result = { 0 };
	bool done;

	for (; *words; words++)
		strlist_add(&argv, *words);
	strlist_add(&argv, last);
	done = run_command(&request, &result, NULL) && !result.status;
	text_append_n(ret, text_string(&result.output), result.output.length);
	run_result_done(&result);
	strlist_done(&argv);
	return done;
}

/* The lines that the plan's own lister says of the image at PATH. */
static void list_image(const struct expectation *expectation, const char *path, struct strlist *ret)
{
	cleanup_free char **argv = strlist_vector(&expectation->argv);
	cleanup_text struct text said = { 0 };

	argv[expectation->argv.count - 1] = NULL;
	run((const char *const *)argv, path, &said);
	strlist_split(ret, text_string(&said), "\n");
}

static bool any_ends_with(const struct strlist *lines, const char *end)
{
	for (size_t i = 0; i < lines->count; i++)
		if (text_ends_with(lines->items[i], end))
			return true;
	return false;
}

/* What the init of an Alpine image does with the kmod in it, and why that is there at all. */
static void busyboxs_modprobe_is_not_enough_and_leaves_kmods_alone(void **state)
{
	static const char *const install[] = { "busybox", "--install", "-s", NULL };
	static const char *const load[] = { "busybox", "modprobe", "--ignore-install", NULL };
	cleanup_free char *applets = NULL, *modprobe = NULL;
	cleanup_text struct text said = { 0 };
	struct machine *machine;
	char target[512];

	(void)state;
	if (!run_available(NULL, "busybox"))
		skip();
	machine = machine_open_text("machine 1\nfile /applets/modprobe 0755\n\t|kmod\n");
	applets = root_join(machine->root, "/applets");
	assert_true(run(install, applets, &said));
	assert_true(root_link(machine->root, "/applets/ash", target, sizeof(target)));
	modprobe = machine_read(machine, "/applets/modprobe");
	assert_string_equal(modprobe, "kmod\n");
	text_reset(&said);
	assert_false(run(load, "vfio-pci", &said));
	assert_non_null(strstr(text_string(&said), "--ignore-install"));
	machine_close(machine);
}

/* Made as mkinitfs makes it. */
static void is_taken_apart(const struct expectation *expectation, const char *tree, const char *packer)
{
	cleanup_strlist struct strlist lines = { 0 };
	cleanup_text struct text script = { 0 };
	cleanup_text struct text image = { 0 };
	cleanup_text struct text said = { 0 };
	const char *words[] = { "sh", "-c", NULL, "sh", NULL };

	text_printf(&script, "cd \"$1\" && find . | sort | cpio -o -H newc 2>/dev/null | %s >\"$1.img\"", packer);
	words[2] = text_string(&script);
	text_printf(&image, "%s.img", tree);
	if (!run(words, tree, &said))
		fail_msg("%s: %s", packer, text_string(&said));
	list_image(expectation, text_string(&image), &lines);
	if (!any_ends_with(&lines, "etc/modprobe.d/00-vfioconf.conf") || !any_ends_with(&lines, "init"))
		fail_msg("what %s packed is not listed", packer);
}

static void an_alpine_image_is_taken_apart_whatever_it_is_packed_with(void **state)
{
	static const char *const packers[][2] = { { "gzip", "gzip -9" }, { "xz", "xz -C crc32 -T 0" },
						  { "zstd", "zstd -q -19" } };
	cleanup_free char *tree = NULL;
	const struct expectation *expectation;
	struct early_proposal proposal;
	struct machine *machine;

	(void)state;
	if (!run_available(NULL, "cpio"))
		skip();
	machine = machine_open_text(alpine);
	tree = root_join(machine->root, "/tree");
	propose(&proposal, &initramfs_mkinitfs, machine, true);
	expectation = &proposal.changeset.commands[0].expectations[1];
	assert_int_equal(expectation->kind, EXPECT_LISTING);
	assert_string_equal(expectation->argv.items[expectation->argv.count - 1], COMMAND_OUTPUT);
	assert_true(strlist_has(&expectation->present, "*etc/modprobe.d/00-vfioconf.conf"));
	machine_write(machine, "/tree/init", "#!/bin/sh\n");
	machine_write(machine, "/tree/etc/modprobe.d/00-vfioconf.conf", "options vfio-pci ids=1:2\n");
	for (size_t i = 0; i < array_size(packers); i++)
		if (run_available(NULL, packers[i][0]))
			is_taken_apart(expectation, tree, packers[i][1]);
	early_done(&proposal);
	machine_close(machine);
}

static void a_deployment_gets_its_own_initramfs_unless_the_user_has_one(void **state)
{
	struct machine *machine = machine_open_text(silverblue);
	struct early_proposal proposal;
	char *joined;

	(void)state;
	propose(&proposal, &initramfs_rpm_ostree, machine, true);
	joined = strlist_join(&proposal.changeset.commands[0].argv, " ");
	assert_string_equal(joined, "rpm-ostree initramfs --enable --arg=--force-drivers --arg=vfio-pci --arg=-I "
				    "--arg=/etc/modprobe.d/00-vfioconf.conf");
	free(joined);
	joined = strlist_join(&proposal.changeset.commands[0].undo, " ");
	assert_string_equal(joined, "rpm-ostree initramfs --disable");
	free(joined);
	early_done(&proposal);
	propose(&proposal, &initramfs_rpm_ostree, machine, false);
	assert_true(changeset_empty(&proposal.changeset));
	early_done(&proposal);
	machine_write(machine, "/ostree/deploy/fedora/deploy/abc.0.origin",
		      "[rpmostree]\nregenerate-initramfs=true\ninitramfs-args=-I;/etc/modprobe.d/00-vfioconf.conf;\n");
	propose(&proposal, &initramfs_rpm_ostree, machine, false);
	joined = strlist_join(&proposal.changeset.commands[0].argv, " ");
	assert_string_equal(joined, "rpm-ostree initramfs --disable");
	free(joined);
	early_done(&proposal);
	machine_write(machine, "/ostree/deploy/fedora/deploy/abc.0.origin",
		      "[rpmostree]\nregenerate-initramfs=true\ninitramfs-args=-I;/etc/crypttab;\n");
	propose(&proposal, &initramfs_rpm_ostree, machine, true);
	assert_int_equal(proposal.changeset.command_count, 0);
	assert_int_equal(proposal.findings.items[0].severity, SEVERITY_ERROR);
	early_done(&proposal);
	machine_close(machine);
}

static void where_no_image_is_changed_it_is_said_what_that_means(void **state)
{
	static const struct {
		const char *machine;
		const struct initramfs *generator;
	} cases[] = { { tiny, &initramfs_tiny }, { solus, &initramfs_prebuilt }, { bootc, &initramfs_prebuilt },
		      { none, &initramfs_none } };

	(void)state;
	for (size_t i = 0; i < array_size(cases); i++) {
		struct machine *machine = machine_open_text(cases[i].machine);
		struct early_proposal proposal;

		propose(&proposal, cases[i].generator, machine, true);
		assert_true(changeset_empty(&proposal.changeset));
		assert_int_equal(proposal.findings.items[0].code, FINDING_GENERATOR_LIMITED);
		assert_int_equal(proposal.findings.items[0].severity, SEVERITY_WARNING);
		early_done(&proposal);
		machine_close(machine);
	}
}

/* vfioconf does not run it, so nobody proves the images: that takes consent, and to take back does not. */
static void genkernels_images_are_refused_without_consent_and_given_back_with_a_warning(void **state)
{
	struct machine *machine = machine_open_text(gentoo);
	struct early_proposal proposal;

	(void)state;
	propose(&proposal, &initramfs_genkernel, machine, true);
	assert_true(changeset_empty(&proposal.changeset));
	assert_int_equal(proposal.findings.count, 1);
	assert_int_equal(proposal.findings.items[0].code, FINDING_GENERATOR_LIMITED);
	assert_int_equal(proposal.findings.items[0].severity, SEVERITY_ERROR);
	assert_true(finding_code_overridable(FINDING_GENERATOR_LIMITED));
	assert_non_null(strstr(proposal.findings.items[0].remedy, "AMODULES_block"));
	early_done(&proposal);
	propose(&proposal, &initramfs_genkernel, machine, false);
	assert_int_equal(proposal.findings.items[0].severity, SEVERITY_WARNING);
	early_done(&proposal);
	machine_close(machine);
}

static void nixos_is_shown_what_to_put_into_its_configuration(void **state)
{
	struct machine *machine = machine_open_text("machine 1\nfile /etc/NIXOS\n\t|\n");
	struct strlist modules = { 0 }, files = { 0 }, kernels = { 0 };
	struct early_request request = { true, &modules, &files, &kernels, "", true };
	struct changeset changeset = { 0 };
	struct findings findings = { 0 };
	struct text content = { 0 };
	struct fault fault = { 0 };

	(void)state;
	chosen_is("machine 1\nfile /etc/NIXOS\n\t|\n" PROGRAM("/usr/bin/dracut"), &initramfs_nixos);
	strlist_add(&modules, "vfio-pci");
	strlist_add(&files, "/etc/modprobe.d/00-vfioconf.conf");
	text_append(&content, "# ours\noptions vfio-pci ids=1:2\n"
			      "install a x=${y%%=*}; echo ''; \\\n\texec /sbin/modprobe a\n");
	changeset_file(&changeset, "/etc/modprobe.d/00-vfioconf.conf", NULL, &content, 0644, "");
	assert_true(initramfs_nixos.propose(machine->root, &request, &changeset, &findings, &fault));
	assert_string_equal(findings.items[0].paste, "boot.initrd.kernelModules = [ \"vfio-pci\" ];\n"
						     "boot.extraModprobeConfig = ''\n"
						     "  options vfio-pci ids=1:2\n"
						     "  install a x=''${y%%=*}; echo '''; \\\n"
						     "    exec modprobe a\n"
						     "'';");
	findings_done(&findings);
	changeset_done(&changeset);
	text_done(&content);
	strlist_done(&modules);
	strlist_done(&files);
	machine_close(machine);
}

static void a_list_is_amended_and_comes_back_byte_for_byte(void **state)
{
	static const struct {
		const char *before, *after;
	} lists[] = {
		{ "", "key: a,b # added by vfioconf: a,b\n" },
		{ "x: 1", "x: 1\nkey: a,b # added by vfioconf: a,b" },
		{ "x: 1\r\n", "x: 1\r\nkey: a,b # added by vfioconf: a,b\n" },
		{ "key: c\n", "key: c,a,b # added by vfioconf: a,b\n" },
		{ "key:   c, b\r\nx: 1", "key:   c, b,a # added by vfioconf: a\r\nx: 1" },
		{ "key: b,a\n", "key: b,a\n" },
	};
	static const char *const bad[] = { "key: [c]\n", "key:\n  - c\n", "key: c\nkey: d\n", "key: c # mine\n",
					   "key: \"c\"\n", "key: c \n" };
	struct strlist words = { 0 }, empty = { 0 };

	(void)state;
	strlist_split(&words, "a b", " ");
	for (size_t i = 0; i < array_size(lists); i++) {
		struct text before = { 0 }, after = { 0 }, twice = { 0 }, back = { 0 };
		struct refusal refusal = { 0 };

		text_append(&before, lists[i].before);
		assert_true(wordlist_edit(&before, "key", &words, &after, &refusal));
		assert_string_equal(text_string(&after), lists[i].after);
		assert_true(wordlist_edit(&after, "key", &words, &twice, &refusal));
		assert_string_equal(text_string(&twice), lists[i].after);
		assert_true(wordlist_edit(&after, "key", &empty, &back, &refusal));
		assert_string_equal(text_string(&back), lists[i].before);
		text_done(&before);
		text_done(&after);
		text_done(&twice);
		text_done(&back);
	}
	for (size_t i = 0; i < array_size(bad); i++) {
		struct text before = { 0 }, after = { 0 };
		struct refusal refusal = { 0 };

		text_append(&before, bad[i]);
		if (wordlist_edit(&before, "key", &words, &after, &refusal))
			fail_msg("<%s> became <%s>", bad[i], text_string(&after));
		assert_int_equal(after.length, 0);
		refusal_done(&refusal);
		text_done(&before);
	}
	strlist_done(&words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_told_by_its_traces),
		cmocka_unit_test(boosters_list_is_added_to_and_given_back),
		cmocka_unit_test(booster_makes_each_image_by_a_command_of_its_own_and_looks_into_it),
		cmocka_unit_test(booster_makes_no_image_for_a_kernel_that_an_upgrade_has_replaced),
		cmocka_unit_test(alpines_feature_is_named_and_taken_away),
		cmocka_unit_test(alpines_image_is_made_once_for_the_kernel_that_is_installed),
		cmocka_unit_test(an_alpine_without_kmod_is_told_what_it_lacks),
		cmocka_unit_test(busyboxs_modprobe_is_not_enough_and_leaves_kmods_alone),
		cmocka_unit_test(an_alpine_image_is_taken_apart_whatever_it_is_packed_with),
		cmocka_unit_test(a_deployment_gets_its_own_initramfs_unless_the_user_has_one),
		cmocka_unit_test(where_no_image_is_changed_it_is_said_what_that_means),
		cmocka_unit_test(genkernels_images_are_refused_without_consent_and_given_back_with_a_warning),
		cmocka_unit_test(nixos_is_shown_what_to_put_into_its_configuration),
		cmocka_unit_test(a_list_is_amended_and_comes_back_byte_for_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
