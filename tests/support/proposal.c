/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/proposal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "boot/way_back.h"

static void ask(struct proposal *proposal, const struct loader *loader, struct machine *machine, const char *wanted,
		const char *ours, const char *way_back)
{
	struct boot_request request = { .wanted = &proposal->wanted,
					.ours = &proposal->ours,
					.kernels = &proposal->kernels,
					.way_back = &proposal->way_back,
					.ret_way_back = &proposal->menu_entry };

	*proposal = (struct proposal){ 0 };
	strlist_split(&proposal->wanted, wanted, " ");
	strlist_split(&proposal->ours, ours, " ");
	strlist_split(&proposal->way_back, way_back, " ");
	root_list(machine->root, "lib/modules", &proposal->kernels, NULL);
	proposal->ok = loader->propose(machine->root, &request, &proposal->changeset, &proposal->findings,
				       &proposal->added, &proposal->fault);
}

void propose_or_fault(struct proposal *proposal, const struct loader *loader, struct machine *machine,
		      const char *wanted, const char *ours)
{
	ask(proposal, loader, machine, wanted, ours, "");
}

void propose(struct proposal *proposal, const struct loader *loader, struct machine *machine, const char *wanted,
	     const char *ours)
{
	propose_or_fault(proposal, loader, machine, wanted, ours);
	if (!proposal->ok)
		fail_msg("%s", proposal->fault.sentence);
}

void propose_way_back(struct proposal *proposal, const struct loader *loader, struct machine *machine,
		      const char *wanted, const char *ours)
{
	ask(proposal, loader, machine, wanted, ours, WAY_BACK_WORD);
	if (!proposal->ok)
		fail_msg("%s", proposal->fault.sentence);
}

void proposal_done(struct proposal *proposal)
{
	strlist_done(&proposal->wanted);
	strlist_done(&proposal->ours);
	strlist_done(&proposal->kernels);
	strlist_done(&proposal->added);
	strlist_done(&proposal->way_back);
	changeset_done(&proposal->changeset);
	findings_done(&proposal->findings);
}

void proposal_apply(const struct proposal *proposal, struct machine *machine)
{
	for (size_t i = 0; i < proposal->changeset.file_count; i++) {
		const struct file_change *change = &proposal->changeset.files[i];

		if (change->kind == CHANGE_DELETE)
			machine_remove(machine, change->path);
		else
			machine_write_n(machine, change->path, text_string(&change->after), change->after.length);
	}
}

char *proposal_added(const struct proposal *proposal)
{
	return strlist_join(&proposal->added, " ");
}

static void expect_state(struct machine *machine, const struct file_change *change, bool before)
{
	const struct text *wanted = before ? &change->before : &change->after;
	struct text now = { 0 };
	bool gone = change->kind == (before ? CHANGE_CREATE : CHANGE_DELETE);

	if (gone) {
		if (root_exists(machine->root, change->path))
			fail_msg("%s is still there", change->path);
		return;
	}
	if (!root_read(machine->root, change->path, ROOT_LIMIT_TEXT, &now, NULL) || !text_equal(&now, wanted))
		fail_msg("%s: wanted <%s>, got <%s>", change->path, text_string(wanted), text_string(&now));
	text_done(&now);
}

typedef void propose_function(struct proposal *proposal, const struct loader *loader, struct machine *machine,
			      const char *wanted, const char *ours);

static void keeps_laws(propose_function *function, const struct loader *loader, struct machine *machine,
		       const char *wanted)
{
	struct proposal first, second, back;
	char *ours;

	function(&first, loader, machine, wanted, "");
	ours = proposal_added(&first);
	proposal_apply(&first, machine);
	function(&second, loader, machine, wanted, ours);
	if (second.changeset.file_count)
		fail_msg("%s: applied, and there is still something to do to %s", loader->name,
			 second.changeset.files[0].path);
	propose(&back, loader, machine, "", ours);
	proposal_apply(&back, machine);
	for (size_t i = 0; i < first.changeset.file_count; i++)
		expect_state(machine, &first.changeset.files[i], true);
	free(ours);
	proposal_done(&first);
	proposal_done(&second);
	proposal_done(&back);
}

void proposal_keeps_laws(const struct loader *loader, struct machine *machine, const char *wanted)
{
	keeps_laws(propose, loader, machine, wanted);
	keeps_laws(propose_way_back, loader, machine, wanted);
}
