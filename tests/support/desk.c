/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host/gather.h"

void desk_look(struct desk *desk)
{
	struct fault fault = { 0 };

	host_free(desk->host);
	if (!host_gather(desk->machine->root, NULL, &desk->host, &fault))
		fail_msg("%s", fault.sentence);
}

void desk_open(struct desk *desk, const char *name)
{
	*desk = (struct desk){ .machine = machine_open(name) };
	selection_init(&desk->selection);
	selection_init(&desk->applied.selection);
	desk_look(desk);
}

void desk_tick(struct desk *desk, const char *address)
{
	struct address parsed;

	assert_true(address_parse(address, &parsed));
	assert_non_null(host_find(desk->host, parsed));
	selection_tick(&desk->selection, desk->host, host_find(desk->host, parsed));
}

const struct plan *desk_plan(struct desk *desk)
{
	struct fault fault = { 0 };

	applied_done(&desk->applied);
	plan_free(desk->plan);
	desk->plan = NULL;
	if (!applied_read(desk->machine->root, &desk->applied, &fault) ||
	    !plan_make(desk->machine->root, desk->host, &desk->applied, &desk->selection, &desk->allow, &desk->plan,
		       &fault))
		fail_msg("%s", fault.sentence);
	return desk->plan;
}

void desk_apply(struct desk *desk)
{
	pretend_applied(desk->machine, &desk_plan(desk)->changeset);
}

void desk_close(struct desk *desk)
{
	plan_free(desk->plan);
	applied_done(&desk->applied);
	selection_done(&desk->selection);
	strlist_done(&desk->allow);
	host_free(desk->host);
	machine_close(desk->machine);
}

const struct finding *plan_finding(const struct plan *made, enum finding_code code)
{
	for (size_t i = 0; i < made->findings.count; i++)
		if (made->findings.items[i].code == code)
			return &made->findings.items[i];
	return NULL;
}

const char *plan_after(const struct plan *made, const char *path)
{
	const struct file_change *change = changeset_find(&made->changeset, path);

	return change ? text_string(&change->after) : "";
}
