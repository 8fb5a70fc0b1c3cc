/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What modprobe is told by others about the drivers of a machine, and that the real modprobe follows our line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "host/modprobe.h"
#include "plan/binding.h"
#include "plan/foreign_driver.h"
#include "support/machine.h"
#include "system/run.h"

#define RELEASE "6.12.22-amd64"

/* A network card whose driver has a softdep in modules.softdep, with a module that it wants beforehand. */
static const char card[] =
	"iommu dmar0\n"
	"function 0000:02:00.0 020000 10ec:8168\n"
	"\tdriver r8169\n"
	"\tgroup 2\n"
	"kernel " RELEASE " running\n"
	"\tmodule kernel/drivers/net/ethernet/realtek/r8169.ko\n"
	"\tmodule kernel/drivers/net/phy/realtek.ko\n"
	"\tmodule kernel/drivers/net/phy/led-phy.ko\n"
	"\tmodule kernel/drivers/vfio/pci/vfio-pci-core.ko vfio\n"
	"\tmodule kernel/drivers/vfio/pci/vfio-pci.ko vfio-pci-core vfio\n"
	"\tmodule kernel/drivers/vfio/vfio.ko\n"
	"\talias pci:v000010ECd00008168sv*sd*bc*sc*i* r8169\n"
	"\tsoftdep r8169 pre: realtek\n";

struct scene {
	struct machine *machine;
	struct selection selection;
	struct binding binding;
	struct findings findings;
};

static struct scene begin(void)
{
	struct scene scene = { .machine = machine_open_text(card) };

	selection_init(&scene.selection);
	return scene;
}

static void end(struct scene *scene)
{
	selection_done(&scene->selection);
	binding_done(&scene->binding);
	findings_done(&scene->findings);
	machine_close(scene->machine);
}

/* Ticks the card, and says what there is to say. */
static void plan(struct scene *scene)
{
	selection_tick(&scene->selection, machine_host(scene->machine), machine_function(scene->machine, "02:00.0"));
	binding_choose(machine_host(scene->machine), &scene->selection, &scene->binding, &scene->findings);
	foreign_report_drivers(scene->machine->root, machine_host(scene->machine), &scene->binding, &scene->findings);
}

/* The softdeps of the file that would be written; the caller frees. */
static char *softdeps(const struct scene *scene)
{
	cleanup_text struct text text = { 0 };
	const char *at;

	binding_modprobe(scene->machine->host, &scene->binding, &text);
	at = strstr(text_string(&text), "\nsoftdep");
	return memory_string(at ? at + 1 : "");
}

static void writes(struct scene *scene, const char *wanted)
{
	char *lines;

	plan(scene);
	lines = softdeps(scene);
	assert_string_equal(lines, wanted);
	free(lines);
}

/* The same, and there is nothing to say of it. */
static void writes_and_says_nothing(struct scene *scene, const char *wanted)
{
	writes(scene, wanted);
	assert_int_equal(scene->findings.count, 0);
}

static void says(const struct scene *scene, enum finding_code code, enum severity severity, const char *what)
{
	assert_int_equal(scene->findings.count, 1);
	assert_int_equal(scene->findings.items[0].code, code);
	assert_int_equal(scene->findings.items[0].severity, severity);
	if (!strstr(scene->findings.items[0].message, what))
		fail_msg("\"%s\" is not said by: %s", what, scene->findings.items[0].message);
}

static void files_are(struct scene *scene, const char *wanted)
{
	cleanup_strlist struct strlist files = { 0 };
	cleanup_free char *joined = NULL;

	modprobe_files(scene->machine->root, &files);
	joined = strlist_join(&files, " ");
	assert_string_equal(joined, wanted);
}

static void files_are_read_by_their_names_and_one_of_each(void **state)
{
	struct scene scene = begin();

	(void)state;
	files_are(&scene, "");
	machine_write(scene.machine, "usr/lib/modprobe.d/a.conf", "");
	machine_write(scene.machine, "usr/lib/modprobe.d/b.conf", "");
	machine_write(scene.machine, "usr/lib/modprobe.d/masked.conf", "");
	machine_write(scene.machine, "run/modprobe.d/00-r.conf", "");
	machine_write(scene.machine, "run/modprobe.d/b.conf", "");
	machine_write(scene.machine, "etc/modprobe.d/b.conf", "");
	machine_write(scene.machine, "etc/modprobe.d/c.conf.bak", "");
	machine_write(scene.machine, "etc/modprobe.d/.d.conf", "");
	machine_write(scene.machine, "etc/modprobe.d/directory.conf/e.conf", "");
	machine_write(scene.machine, "etc/modprobe.d/" MODPROBE_OWN, "");
	machine_link(scene.machine, "etc/modprobe.d/masked.conf", "/dev/null");
	files_are(&scene, "/run/modprobe.d/00-r.conf /usr/lib/modprobe.d/a.conf /etc/modprobe.d/b.conf");
	assert_true(modprobe_is_before_ours("/run/modprobe.d/00-r.conf"));
	assert_false(modprobe_is_before_ours("/usr/lib/modprobe.d/a.conf"));
	assert_null(modprobe_namesake(scene.machine->root));
	machine_write(scene.machine, "run/modprobe.d/" MODPROBE_OWN, "");
	assert_string_equal(modprobe_namesake(scene.machine->root), "/run/modprobe.d/" MODPROBE_OWN);
	end(&scene);
}

static void what_the_driver_brings_along_is_kept(void **state)
{
	struct scene scene = begin();

	(void)state;
	writes_and_says_nothing(&scene, "softdep r8169 pre: vfio-pci realtek\n");
	end(&scene);
}

/* "softdeps.conf" sorts after modules.softdep, "local.conf" before it. */
static void only_the_first_line_counts_and_patterns_are_lines(void **state)
{
	struct scene scene = begin();

	(void)state;
	machine_write(scene.machine, "etc/modprobe.d/softdeps.conf", "softdep r8169 pre: late\n");
	machine_write(scene.machine, "usr/lib/modprobe.d/local.conf",
		      "softdep r81-[0-9] pre: other\nsoftdep r816[0-9] pre: led-phy vfio-pci post: a b\n"
		      "softdep r8169 pre: second\n");
	writes_and_says_nothing(&scene, "softdep r8169 pre: vfio-pci led-phy post: a b\n");
	end(&scene);
}

static void every_kernel_s_softdep_is_kept(void **state)
{
	cleanup_text struct text text = { 0 };
	struct scene scene = { 0 };

	(void)state;
	text_printf(&text, "%skernel 6.1.0\n\tmodule kernel/r8169.ko\n\tsoftdep r8169 pre: realtek mdio post: led\n", card);
	scene.machine = machine_open_text(text_string(&text));
	selection_init(&scene.selection);
	writes(&scene, "softdep r8169 pre: vfio-pci realtek mdio post: led\n");
	end(&scene);
}

static void what_we_have_written_ourselves_changes_nothing(void **state)
{
	struct scene scene = begin();

	(void)state;
	machine_write(scene.machine, "etc/modprobe.d/" MODPROBE_OWN, "softdep r8169 pre: vfio-pci realtek gone\n");
	writes_and_says_nothing(&scene, "softdep r8169 pre: vfio-pci realtek\n");
	end(&scene);
}

static void no_word_from_outside_that_is_no_module_gets_into_our_line(void **state)
{
	struct scene scene = begin();

	(void)state;
	machine_write(scene.machine, "etc/modprobe.d/a.conf",
		      "softdep r8169 pre: $(reboot) realtek a;b post: /bin/sh fine "
		      "a123456789a123456789a123456789a123456789a123456789a123456789a1234\n");
	writes(&scene, "softdep r8169 pre: vfio-pci realtek post: fine\n");
	says(&scene, FINDING_SYNTAX_NOT_UNDERSTOOD, SEVERITY_WARNING,
	     "$(reboot) a;b /bin/sh a123456789a123456789a123456789a123456789a123456789a123456789a1234. That is not");
	end(&scene);
}

static void a_softdep_has_a_bound(void **state)
{
	struct scene scene = begin();
	cleanup_text struct text text = { 0 };
	cleanup_strlist struct strlist words = { 0 };
	char *lines;

	(void)state;
	text_append(&text, "softdep r8169 pre:");
	for (unsigned i = 0; i < 5000; i++)
		text_printf(&text, " m%u", i);
	machine_write(scene.machine, "etc/modprobe.d/a.conf", text_string(&text));
	plan(&scene);
	lines = softdeps(&scene);
	strlist_split(&words, lines, " \n");
	free(lines);
	assert_int_equal(words.count, 4 + 64);
	says(&scene, FINDING_SYNTAX_NOT_UNDERSTOOD, SEVERITY_WARNING, "m64 m65");
	end(&scene);
}

static void a_softdep_that_comes_before_ours_is_refused(void **state)
{
	struct scene scene = begin();

	(void)state;
	machine_write(scene.machine, "run/modprobe.d/00-aaa.conf", "# first\nsoftdep r8168 pre: x\nsoftdep r8169 \\\n pre: led\n");
	plan(&scene);
	says(&scene, FINDING_FOREIGN_SETUP, SEVERITY_ERROR, "/run/modprobe.d/00-aaa.conf, line 3, says \"softdep r8169");
	end(&scene);

	scene = begin();
	machine_write(scene.machine, "run/modprobe.d/00-aaa.conf", "softdep r8169 pre: led vfio_pci\n");
	plan(&scene);
	assert_int_equal(scene.findings.count, 0);
	end(&scene);
}

static void a_file_of_our_name_elsewhere_is_refused(void **state)
{
	struct scene scene = begin();

	(void)state;
	machine_write(scene.machine, "usr/lib/modprobe.d/" MODPROBE_OWN, "");
	plan(&scene);
	says(&scene, FINDING_FOREIGN_SETUP, SEVERITY_ERROR, "/usr/lib/modprobe.d/" MODPROBE_OWN " has the same name");
	end(&scene);
}

static void a_driver_that_the_user_forbids_gets_no_softdep(void **state)
{
	static const char *const commands[] = { "/bin/false", "  /bin/true", "/usr/bin/false", "/usr/bin/true -x y",
						"/bin/false # no; $never" };

	(void)state;
	for (size_t i = 0; i < array_size(commands); i++) {
		struct scene scene = begin();
		char line[64];

		machine_write(scene.machine, "lib/modules/" RELEASE "/modules.softdep", "");
		snprintf(line, sizeof(line), "install r8169 %s\n", commands[i]);
		machine_write(scene.machine, "etc/modprobe.d/no.conf", line);
		writes_and_says_nothing(&scene, "");
		end(&scene);
	}
}

static void any_other_install_line_is_shown(void **state)
{
	static const char *const commands[] = { "/bin/false || /sbin/modprobe -i r8169", "/bin/true; x", "/bin/falsework",
						"modprobe -i r8169", "/bin/false $(x) # y" };

	(void)state;
	for (size_t i = 0; i < array_size(commands); i++) {
		struct scene scene = begin();
		char line[128];

		machine_write(scene.machine, "lib/modules/" RELEASE "/modules.softdep", "");
		snprintf(line, sizeof(line), "\n\ninstall r8-169 x\ninstall r816? %s\n", commands[i]);
		machine_write(scene.machine, "usr/lib/modprobe.d/run.conf", line);
		writes(&scene, "softdep r8169 pre: vfio-pci\n");
		says(&scene, FINDING_FOREIGN_SETUP, SEVERITY_WARNING, commands[i]);
		says(&scene, FINDING_FOREIGN_SETUP, SEVERITY_WARNING, "/usr/lib/modprobe.d/run.conf, line 4, says \"install");
		end(&scene);
	}
}

/* Its softdep has made libkmod pass the install line over already: the driver does race. */
static void a_forbidden_driver_with_a_softdep_is_shown(void **state)
{
	struct scene scene = begin();

	(void)state;
	machine_write(scene.machine, "etc/modprobe.d/no.conf", "install r8169 /bin/false\n");
	writes(&scene, "softdep r8169 pre: vfio-pci realtek\n");
	says(&scene, FINDING_FOREIGN_SETUP, SEVERITY_WARNING, "/etc/modprobe.d/no.conf, line 1, says");
	end(&scene);
}

/* What "modprobe r8169" would do, a line for each step; the caller frees. */
static char *steps(const struct scene *scene)
{
	static const char *const argv[] = { "modprobe", "--show-depends", "-S", RELEASE, "-d" };
	cleanup_text struct text configuration = { 0 };
	cleanup_strlist struct strlist words = { 0 };
	struct run_request request = { .argv = &words };
	struct run_result result = { 0 };
	char *output;

	for (size_t i = 0; i < array_size(argv); i++)
		strlist_add(&words, argv[i]);
	text_printf(&configuration, "%s/etc/modprobe.d", scene->machine->directory);
	strlist_add(&words, scene->machine->directory);
	strlist_add(&words, "-C");
	strlist_add(&words, text_string(&configuration));
	strlist_add(&words, "r8169");
	assert_true(run_command(&request, &result, NULL));
	output = memory_string(text_string(&result.output));
	assert_int_equal(result.status, 0);
	run_result_done(&result);
	return output;
}

static const char *step(const char *steps, const char *what)
{
	const char *at = strstr(steps, what);

	if (!at)
		fail_msg("\"%s\" is not among: %s", what, steps);
	return at;
}

static void skip_without_modprobe(void)
{
	struct root *root;
	bool there;

	assert_true(root_open("/", &root, NULL));
	there = run_available(root, "modprobe");
	root_free(root);
	if (!there)
		skip();
}

static void write_ours(struct scene *scene)
{
	cleanup_text struct text text = { 0 };

	plan(scene);
	binding_modprobe(scene->machine->host, &scene->binding, &text);
	machine_write(scene->machine, &BINDING_MODPROBE_PATH[1], text_string(&text));
}

static void the_real_modprobe_loads_vfio_first_and_then_what_the_driver_wants(void **state)
{
	static const char *const before[] = { "modules.softdep alone", "local.conf" };

	(void)state;
	skip_without_modprobe();
	for (size_t i = 0; i < array_size(before); i++) {
		struct scene scene = begin();
		const char *vfio, *realtek, *driver;
		char *done;

		/* "local.conf" sorts before modules.softdep: both displace what comes later. */
		if (i)
			machine_write(scene.machine, "etc/modprobe.d/local.conf", "softdep r8169 pre: realtek led_phy\n");
		write_ours(&scene);
		done = steps(&scene);
		vfio = step(done, "install read -r line </proc/cmdline");
		realtek = step(done, "/phy/realtek.ko");
		driver = step(done, "/r8169.ko");
		assert_true(vfio < realtek && realtek < driver);
		if (i)
			assert_true(step(done, "/phy/led-phy.ko") < driver);
		free(done);
		end(&scene);
	}
}

static void the_real_modprobe_still_loads_nothing_of_what_is_forbidden(void **state)
{
	struct scene scene = begin();
	char *done;

	(void)state;
	skip_without_modprobe();
	machine_write(scene.machine, "lib/modules/" RELEASE "/modules.softdep", "");
	machine_write(scene.machine, "etc/modprobe.d/no.conf", "install r8169 /bin/false\n");
	write_ours(&scene);
	done = steps(&scene);
	step(done, "install /bin/false");
	assert_null(strstr(done, "r8169.ko"));
	free(done);
	end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_read_by_their_names_and_one_of_each),
		cmocka_unit_test(what_the_driver_brings_along_is_kept),
		cmocka_unit_test(only_the_first_line_counts_and_patterns_are_lines),
		cmocka_unit_test(every_kernel_s_softdep_is_kept),
		cmocka_unit_test(what_we_have_written_ourselves_changes_nothing),
		cmocka_unit_test(no_word_from_outside_that_is_no_module_gets_into_our_line),
		cmocka_unit_test(a_softdep_has_a_bound),
		cmocka_unit_test(a_softdep_that_comes_before_ours_is_refused),
		cmocka_unit_test(a_file_of_our_name_elsewhere_is_refused),
		cmocka_unit_test(a_driver_that_the_user_forbids_gets_no_softdep),
		cmocka_unit_test(any_other_install_line_is_shown),
		cmocka_unit_test(a_forbidden_driver_with_a_softdep_is_shown),
		cmocka_unit_test(the_real_modprobe_loads_vfio_first_and_then_what_the_driver_wants),
		cmocka_unit_test(the_real_modprobe_still_loads_nothing_of_what_is_forbidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
