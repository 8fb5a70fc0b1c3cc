/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is ticked when the program starts, and that looking at it proposes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "session.h"
#include "support/pretend.h"

static void sit_down(struct session *session, struct machine *machine)
{
	const struct session_options options = { .root = machine->directory };
	struct fault fault = { 0 };

	if (!session_open(&options, session, &fault))
		fail_msg("%s", fault.sentence);
}

static const struct plan *plan(struct session *session)
{
	struct fault fault = { 0 };

	if (!session_plan(session, &fault))
		fail_msg("%s", fault.sentence);
	return session->plan;
}

static bool ticked(const struct session *session, const char *address)
{
	struct address parsed;

	assert_true(address_parse(address, &parsed));
	return selection_find(&session->selection, parsed);
}

/* Opened, planned, left: nothing is changed and nothing refuses. */
static void proposes_nothing(struct session *session)
{
	assert_false(plan(session)->changed);
	assert_false(session->plan->refused);
	assert_int_equal(findings_count(&session->plan->findings, SEVERITY_ERROR), 0);
	assert_int_equal(findings_count(&session->plan->findings, SEVERITY_WARNING), 0);
}

static const struct finding *says(const struct session *session, const char *what)
{
	for (size_t i = 0; i < session->plan->findings.count; i++)
		if (strstr(session->plan->findings.items[i].message, what))
			return &session->plan->findings.items[i];
	fail_msg("nothing says \"%s\"", what);
	return NULL;
}

static void every_machine_is_opened_without_a_proposal(void **state)
{
	struct strlist names = { 0 };

	(void)state;
	machine_names(&names);
	for (size_t i = 0; i < names.count; i++) {
		struct machine *machine = machine_open(names.items[i]);
		struct session session;

		sit_down(&session, machine);
		proposes_nothing(&session);
		session_done(&session);
		machine_close(machine);
	}
	strlist_done(&names);
}

static void what_somebody_set_up_is_ticked_and_left_alone(void **state)
{
	struct machine *machine = machine_open("z170a");
	struct session session;

	(void)state;
	machine_write(machine, "/etc/modprobe.d/vfio.conf", "options vfio-pci ids=10de:13c2,10de:0fbb\n");
	machine_write(machine, "/etc/driverctl.d/pci-0000:06:00.0", "vfio-pci\n");
	sit_down(&session, machine);
	assert_int_equal(session.today.origin, TODAY_CONFIGURED);
	assert_int_equal(session.selection.count, 3);
	assert_true(ticked(&session, "02:00.0") && ticked(&session, "02:00.1") && ticked(&session, "06:00.0"));
	assert_true(session_is_as_found(&session));
	proposes_nothing(&session);
	assert_non_null(strstr(says(&session, "vfio.conf, line 1, sets vfio-pci up: options vfio-pci")->remedy, "--adopt"));
	says(&session, "driverctl has an override for 0000:06:00.0");
	session_done(&session);
	machine_close(machine);
}

static void taking_over_is_a_plan_and_giving_back_gives_the_bytes_back(void **state)
{
	static const char before[] = "options vfio-pci ids=10de:13c2,10de:0fbb disable_vga=1\n";
	struct machine *machine = machine_open("z170a");
	struct session session;
	char *bytes;

	(void)state;
	machine_write(machine, "/etc/modprobe.d/vfio.conf", before);
	sit_down(&session, machine);
	selection_untick(&session.selection, session.selection.ticks[1].address);
	assert_false(session_is_as_found(&session));
	assert_true(plan(&session)->refused);
	says(&session, "gives vfio-pci the ids 10de:13c2,10de:0fbb already");
	session_done(&session);

	sit_down(&session, machine);
	session.selection.adopt = true;
	assert_false(plan(&session)->refused);
	pretend_applied(machine, &session.plan->changeset);
	session_done(&session);

	sit_down(&session, machine);
	assert_int_equal(session.today.origin, TODAY_APPLIED);
	assert_int_equal(session.selection.count, 2);
	assert_false(plan(&session)->changed);
	selection_done(&session.selection);
	assert_true(plan(&session)->changed);
	pretend_applied(machine, &session.plan->changeset);
	bytes = machine_read(machine, "/etc/modprobe.d/vfio.conf");
	assert_string_equal(bytes, before);
	free(bytes);
	session_done(&session);
	machine_close(machine);
}

static void what_is_at_vfio_pci_now_goes_before_what_is_written(void **state)
{
	struct machine *machine =
		machine_open_text("iommu dmar0\n"
				  "function 0000:02:00.0 020000 8086:10d3\n\tdriver vfio-pci\n\tgroup 1\n"
				  "function 0000:03:00.0 020000 8086:10d3\n\tdriver e1000e\n\tgroup 2\n"
				  "file /etc/driverctl.d/pci-0000:03:00.0\n\t|vfio-pci\n");
	struct session session;

	(void)state;
	sit_down(&session, machine);
	assert_int_equal(session.today.origin, TODAY_BOUND);
	assert_true(ticked(&session, "02:00.0"));
	assert_false(ticked(&session, "03:00.0"));
	proposes_nothing(&session);
	assert_int_equal(session.plan->binding.count, 0);
	says(&session, "is at vfio-pci now. Nothing that vfioconf knows would bring it there at the next boot");
	/* Asked for in so many words it is planned: it would be gone after the next boot. */
	session.asked = true;
	plan(&session);
	assert_int_equal(session.plan->binding.count, 1);
	session_done(&session);
	machine_close(machine);
}

static void a_choice_that_nobody_touched_follows_the_machine(void **state)
{
	struct machine *machine = machine_open("z170a");
	struct fault fault = { 0 };
	struct session session;

	(void)state;
	sit_down(&session, machine);
	assert_int_equal(session.selection.count, 0);
	machine_write(machine, "/etc/driverctl.d/pci-0000:06:00.0", "vfio-pci\n");
	assert_true(session_rescan(&session, NULL, &fault));
	assert_true(ticked(&session, "06:00.0"));
	proposes_nothing(&session);
	selection_untick(&session.selection, session.selection.ticks[0].address);
	assert_true(session_rescan(&session, NULL, &fault));
	assert_false(ticked(&session, "06:00.0"));
	session_done(&session);
	machine_close(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_machine_is_opened_without_a_proposal),
		cmocka_unit_test(what_somebody_set_up_is_ticked_and_left_alone),
		cmocka_unit_test(taking_over_is_a_plan_and_giving_back_gives_the_bytes_back),
		cmocka_unit_test(what_is_at_vfio_pci_now_goes_before_what_is_written),
		cmocka_unit_test(a_choice_that_nobody_touched_follows_the_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
