/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the interface offers where the evidence leaves open which boot loader or generator it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "boot/loaders.h"
#include "initramfs/generators.h"
#include "support/machine.h"
#include "support/pieces.h"
#include "tui/backend.h"

static void choices_of(const char *text, enum choice_kind kind, struct choices *ret)
{
	struct machine *machine = machine_open_text(text);
	struct session session = { .root = machine->root };

	*ret = (struct choices){ .kind = kind };
	backend_real.choices(&session, kind, ret);
	machine_close(machine);
}

static void only_what_left_traces_is_offered(void **state)
{
	struct choices choices;

	(void)state;
	choices_of("machine 1\n" SYSTEMD_BOOT RUNNING("root=UUID=0a1b quiet")
			   ENTRY("/boot/loader/entries/linux.conf", "root=UUID=0a1b quiet"),
		   CHOICE_LOADER, &choices);
	assert_int_equal(choices.count, 1);
	assert_string_equal(choices.items[0].name, loader_systemd_boot.name);
	choices_done(&choices);
}

/* The way to name what vfioconf does not recognise, where there is no command line. */
static void where_none_is_recognised_each_is_offered_once(void **state)
{
	static const char text[] = "machine 1\n" RUNNING("root=UUID=0a1b quiet") "file /boot/cmdline.txt\n\t|quiet\n";
	struct choices choices;
	size_t count = 0;

	(void)state;
	while (loaders[count])
		count++;
	choices_of(text, CHOICE_LOADER, &choices);
	assert_int_equal(choices.count, count);
	/* what left a trace comes first */
	assert_string_equal(choices.items[0].name, loader_raspberry_pi.name);
	assert_string_equal(choices.items[0].reasons.items[0], "/boot/cmdline.txt is there");
	assert_int_equal(choices.items[1].reasons.count, 0);
	for (size_t i = 0; i < choices.count; i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(choices.items[i].name, choices.items[j].name);
	choices_done(&choices);

	for (count = 0; generators[count]; count++)
		;
	choices_of(text, CHOICE_GENERATOR, &choices);
	assert_int_equal(choices.count, count);
	choices_done(&choices);
}

static void only_a_file_would_be_overwritten(void **state)
{
	(void)state;
	assert_true(backend_real.exists("/proc/self/status"));
	assert_false(backend_real.exists("/proc/self")); /* a directory: saving says that a file is wanted */
	assert_false(backend_real.exists("/proc/self/nothing"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_file_would_be_overwritten),
		cmocka_unit_test(only_what_left_traces_is_offered),
		cmocka_unit_test(where_none_is_recognised_each_is_offered_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
