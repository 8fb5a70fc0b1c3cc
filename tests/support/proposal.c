/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/proposal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "boot/way_back.h"
#include "edit/cmdline.h"

static void ask(struct proposal *proposal, const struct loader *loader, struct machine *machine, const char *wanted,
		const char *ours, const char *way_back, const struct strlist *aside)
{
	struct boot_request request = { .wanted = &proposal->wanted,
					.ours = &proposal->ours,
					.kernels = &proposal->kernels,
					.aside = aside,
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
	ask(proposal, loader, machine, wanted, ours, "", NULL);
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
	ask(proposal, loader, machine, wanted, ours, WAY_BACK_WORD, NULL);
	if (!proposal->ok)
		fail_msg("%s", proposal->fault.sentence);
}

void propose_aside(struct proposal *proposal, const struct loader *loader, struct machine *machine, const char *wanted,
		   const char *ours, const char *aside)
{
	cleanup_strlist struct strlist words = { 0 };

	strlist_split(&words, aside, " ");
	ask(proposal, loader, machine, wanted, ours, "", &words);
	if (!proposal->ok)
		fail_msg("%s", proposal->fault.sentence);
}

void propose_after_image(struct proposal *proposal, const struct loader *loader, struct machine *machine,
			 const char *words, const char *image)
{
	const char *const argv[] = { "update-initramfs", "-u", "-k", "all", NULL };
	struct boot_request request = { .wanted = &proposal->wanted,
					.ours = &proposal->wanted,
					.kernels = &proposal->kernels };

	*proposal = (struct proposal){ 0 };
	strlist_split(&proposal->wanted, words, " ");
	root_list(machine->root, "lib/modules", &proposal->kernels, NULL);
	strlist_add(&changeset_command(&proposal->changeset, "makes the images", 1, argv)->artefacts, image);
	proposal->ok = loader->propose(machine->root, &request, &proposal->changeset, &proposal->findings,
				       &proposal->added, &proposal->fault);
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
	machine_apply(machine, &proposal->changeset);
}

void propose_and_apply(const struct loader *loader, struct machine *machine, const char *wanted)
{
	struct proposal proposal;

	propose(&proposal, loader, machine, wanted, "");
	proposal_apply(&proposal, machine);
	proposal_done(&proposal);
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

/* A word that the user has: not root=, by which some entries are told from those of other systems. */
static bool some_word(const struct loader *loader, struct machine *machine, const char *wanted, struct strlist *ret)
{
	cleanup_strlist struct strlist words = { 0 };
	cleanup_strlist struct strlist no = { 0 };

	if (!loader->sets_aside || !loader->read(machine->root, &words, NULL))
		return false;
	strlist_split(&no, wanted, " ");
	for (size_t i = 0; i < words.count && !ret->count; i++)
		if (!strlist_has(&no, words.items[i]) && cmdline_word_is_plain(words.items[i]) &&
		    !text_starts_with(words.items[i], "root") && !text_starts_with(words.items[i], "BOOT_IMAGE") &&
		    !text_starts_with(words.items[i], "initrd"))
			strlist_add(ret, words.items[i]);
	return ret->count > 0;
}

/* A word of the user's stops counting, its file says so once, and the bytes come back. */
static void keeps_law_of_words_aside(const struct loader *loader, struct machine *machine, const char *wanted)
{
	cleanup_strlist struct strlist aside = { 0 };
	cleanup_strlist struct strlist words = { 0 };
	cleanup_free char *ours = NULL;
	struct proposal first, second, back;

	if (!some_word(loader, machine, wanted, &aside))
		return;
	ask(&first, loader, machine, wanted, "", "", &aside);
	if (findings_refuse(&first.findings)) {
		proposal_done(&first);
		return;
	}
	ours = proposal_added(&first);
	proposal_apply(&first, machine);
	if (!loader->read(machine->root, &words, NULL) || strlist_has(&words, aside.items[0]))
		fail_msg("%s: %s is not set aside", loader->name, aside.items[0]);
	ask(&second, loader, machine, wanted, ours, "", &aside);
	if (second.changeset.file_count)
		fail_msg("%s: %s set aside, and there is still something to do to %s", loader->name, aside.items[0],
			 second.changeset.files[0].path);
	propose(&back, loader, machine, "", ours);
	proposal_apply(&back, machine);
	for (size_t i = 0; i < first.changeset.file_count; i++)
		expect_state(machine, &first.changeset.files[i], true);
	proposal_done(&first);
	proposal_done(&second);
	proposal_done(&back);
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
	keeps_law_of_words_aside(loader, machine, wanted);
}

void loader_chosen_is(struct machine *machine, const struct loader *wanted)
{
	struct findings findings = { 0 };
	const struct loader *loader = loader_choose(machine->root, NULL, &findings);

	if (loader != wanted)
		fail_msg("%s was chosen, not %s: %s", loader ? loader->name : "none", wanted->name,
			 findings.count ? findings.items[0].message : "");
	findings_done(&findings);
}

void loader_of_text_is(const char *text, const struct loader *wanted)
{
	struct machine *machine = machine_open_text(text);

	loader_chosen_is(machine, wanted);
	machine_close(machine);
}

void proposal_says_not_proven(const struct proposal *proposal, const char *words)
{
	size_t found = 0;

	for (size_t i = 0; i < proposal->findings.count; i++)
		if (proposal->findings.items[i].code == FINDING_NOT_PROVEN) {
			assert_int_equal(proposal->findings.items[i].severity, SEVERITY_NOTE);
			if (!words || !strstr(proposal->findings.items[i].message, words))
				fail_msg("%s", proposal->findings.items[i].message);
			found++;
		}
	assert_int_equal(found, words ? 1 : 0);
}
