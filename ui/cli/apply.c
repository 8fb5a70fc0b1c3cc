/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/apply.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "apply/follow.h"
#include "apply/transaction.h"
#include "boot/way_back.h"
#include "cli/events.h"
#include "cli/recover.h"
#include "cli/signals.h"

/* Nothing that was typed before the question counts as an answer to it. */
static bool confirmed(const struct cli *cli, struct fault *fault)
{
	char answer[16];

	if (cli->options->yes)
		return true;
	if (!cli->person || (cli->options->profile && !strcmp(cli->options->profile, "-")))
		return fault_set(fault, FAULT_CANCELLED, NULL,
				 "nothing was changed: without a terminal there is nobody to ask; add --yes where the "
				 "changes %s are what you want", cli->options->json ? "that --dry-run shows" : "above");
	fflush(cli->out);
	tcflush(STDIN_FILENO, TCIFLUSH);
	fputs("Apply these changes? Type \"yes\" to go on: ", stderr);
	if (!fgets(answer, sizeof(answer), stdin)) {
		putc('\n', stderr);
		return fault_set(fault, FAULT_CANCELLED, NULL, "nothing was changed: %s",
				 signals_interrupted() ? "interrupted" : "there was no answer");
	}
	answer[strcspn(answer, "\r\n")] = '\0';
	if (strcmp(answer, "yes") != 0)
		return fault_set(fault, FAULT_CANCELLED, NULL, "nothing was changed: the answer was not \"yes\"");
	return true;
}

static bool as_expected(const struct cli *cli, const struct changeset *changeset, struct fault *fault)
{
	char digest[65];

	if (!cli->options->expect)
		return true;
	changeset_digest(changeset, digest);
	if (!strcmp(digest, cli->options->expect))
		return true;
	return fault_set(fault, FAULT_CONFLICT, NULL,
			 "nothing was changed: the changes are not those that were looked at (their digest is %s now), "
			 "because the machine or its files have changed since; look at them again", digest);
}

static bool privileged(const struct cli *cli, struct fault *fault)
{
	if (!root_is_running_system(cli->session->root) || !geteuid())
		return true;
	return fault_set(fault, FAULT_SYSTEM, NULL,
			 "nothing was changed: only root can change this system; run the same with sudo");
}

/* What was done, and nobody looked whether it was: said again where it counts. */
static void tell_not_proven(const struct cli *cli, const struct findings *findings, struct text *text)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].code == FINDING_NOT_PROVEN)
			cli_paragraph(cli, text, "Not proven: ", 0, "", findings->items[i].message);
}

static void tell_done(const struct cli *cli, const struct apply_result *result, const struct report *report)
{
	cleanup_text struct text text = { 0 }, first = { 0 }, way_back = { 0 };

	text_printf(&first, "Applied, as entry %s of the history.", result->id);
	text_append_char(&text, '\n');
	cli_paragraph(cli, &text, "", 0, "", text_string(&first));
	tell_not_proven(cli, report->findings, &text);
	if (report->reboot)
		cli_paragraph(cli, &text, "", 0, "", "What to do next: reboot, then run \"vfioconf --verify\".");
	else
		cli_paragraph(cli, &text, "", 0, "", "It is in effect now; \"vfioconf --undo\" takes it back.");
	if (report->reboot && report->way_back) {
		text_printf(&way_back, "If that boot shows no picture or does not come up: %s. That boot leaves every "
				       "device with the host; then run \"vfioconf --undo\".", report->way_back);
		cli_paragraph(cli, &text, "", 0, "", text_string(&way_back));
	}
	cli_print(cli, &text);
}

/* The first of them is in the fault. */
static void tell_kept(const struct fault *fault, const struct strlist *kept)
{
	cli_complain("%s", fault->sentence);
	for (size_t i = 1; i < kept->count; i++)
		cli_complain("%s", kept->items[i]);
	cli_complain("compare %s with what vfioconf kept, and put %s right by hand before you reboot; vfioconf --history "
		     "shows this again", kept->count > 1 ? "each of these" : "it", kept->count > 1 ? "them" : "it");
}

static void tell_failed(const struct cli *cli, const struct fault *fault, const struct apply_result *result)
{
	if (cli->options->json) {
		events_fault(cli, cli->status, fault, result);
		return;
	}
	fflush(cli->out);
	if (result->needs_attention && !result->foreign.count)
		cli_complain("%s; not every file could be put back", fault->sentence);
	else if (result->needs_attention)
		tell_kept(fault, &result->foreign);
	else if (result->rolled_back)
		cli_complain("%s; everything has been put back as it was", fault->sentence);
	else
		cli_complain("%s; nothing was changed", fault->sentence);
}

static void carry_out(struct cli *cli, const struct report *report, const char *note)
{
	struct events events = { .cli = cli };
	struct apply_observer observer = events_observer(&events);
	struct apply_result result = { 0 };
	struct fault fault = { 0 };

	if (transaction_apply(cli->session->root, report->changeset, note, &observer, &result, &fault)) {
		cli->status = STATUS_DONE;
		if (cli->options->json)
			events_done(cli, result.id, report);
		else
			tell_done(cli, &result, report);
	} else {
		cli->status = result.needs_attention ? STATUS_ATTENTION : STATUS_FAULT;
		tell_failed(cli, &fault, &result);
	}
	apply_result_done(&result);
}

bool cli_apply_changes(struct cli *cli, const struct report *report, const char *note, struct fault *fault)
{
	bool only_show = cli->options->dry_run;

	/* With --json an apply speaks in events alone. */
	if ((only_show || !cli->options->json) && !report_show(cli, report, fault))
		return false;
	if (report->refused) {
		cli->status = STATUS_REFUSED;
		if (!only_show)
			events_refused(cli, report->findings);
		if (!cli->options->json)
			cli_printf(cli, "Refused: nothing is changed before the errors above are put right.\n");
		return true;
	}
	if (!report->changed) {
		if (!only_show)
			events_nothing(cli);
		if (!cli->options->json)
			cli_printf(cli, "Nothing to do: everything is set up like that already.\n");
		return true;
	}
	if (!as_expected(cli, report->changeset, fault))
		return false;
	/* A machine file says nothing about the disk on which it is unfolded. */
	if (only_show)
		return cli->session->read_only || transaction_check(cli->session->root, report->changeset, fault);
	if (!privileged(cli, fault) || !confirmed(cli, fault))
		return false;
	carry_out(cli, report, note);
	return true;
}

/* Ticks afresh what is another device now than when it was ticked: that is what the user asks for. */
static void tick(struct selection *selection, const struct host *host, const struct function *function)
{
	const struct tick *before = selection_find(selection, function->address);

	if (before && (before->vendor != function->vendor || before->device != function->device ||
		       before->subvendor != function->subvendor || before->subdevice != function->subdevice))
		selection_untick(selection, function->address);
	selection_tick(selection, host, function);
}

static void choose_devices(const struct cli *cli, struct findings *findings)
{
	const struct options *options = cli->options;
	const struct host *host = cli->session->host;

	for (size_t i = 0; i < options->device_count; i++) {
		const struct function *function = host_find(host, options->devices[i]);
		char address[ADDRESS_SIZE];
		struct finding *finding;

		if (function) {
			tick(&cli->session->selection, host, function);
			continue;
		}
		finding = findings_add(findings, FINDING_FUNCTION_ABSENT, SEVERITY_ERROR,
				       "There is no PCI function at %s.", address_format(options->devices[i], address));
		finding_function(finding, options->devices[i]);
		finding_remedy(finding, "Look the address up in \"vfioconf --list\"; addresses move when cards are added, "
			       "taken out or moved to another slot.");
	}
}

static void replace(char **string, const char *with)
{
	if (!with)
		return;
	free(*string);
	*string = memory_string(with);
}

/* The session's selection as the options have it. FINDINGS gets what is not there. */
static bool choose(struct cli *cli, struct findings *findings, struct fault *fault)
{
	struct selection *selection = &cli->session->selection;

	if (cli->options->mode == MODE_REMOVE) {
		selection_done(selection);
		selection_init(selection);
	} else if (cli->options->profile) {
		if (!session_load(cli->session, cli->options->profile, fault))
			return false;
	} else if (!cli->options->adopt || cli->options->device_count) {
		/* Besides what is applied: what a guest or another tool has at vfio-pci just now was not asked for. */
		selection_copy(selection, &cli->session->applied.selection);
	}
	cli->session->asked = true;
	selection->adopt |= cli->options->adopt;
	choose_devices(cli, findings);
	selection->iommu |= cli->options->iommu;
	if (cli->options->acs)
		selection_set_acs(selection, cli->options->acs);
	if (cli->options->menu_entry)
		selection->menu_entry = !strcmp(cli->options->menu_entry, "yes");
	replace(&selection->loader, cli->options->loader);
	replace(&selection->generator, cli->options->generator);
	return true;
}

static bool refuse_absent(struct cli *cli, const struct findings *findings, struct fault *fault)
{
	struct changeset nothing = { 0 };
	struct report report = { .findings = findings, .changeset = &nothing, .refused = true };

	return cli_apply_changes(cli, &report, "", fault);
}

static char *note_of(const struct selection *selection)
{
	struct text note = { 0 };

	if (selection->count)
		text_printf(&note, "%zu function%s to vfio-pci", selection->count, selection->count == 1 ? "" : "s");
	else
		text_append(&note, selection->iommu ? "IOMMU on, no function to vfio-pci" :
						      "every function back to the host");
	return text_take(&note);
}

static bool plan_and_apply(struct cli *cli, struct fault *fault)
{
	cleanup_free char *note = NULL;

	if (!session_plan(cli->session, fault))
		return false;
	note = note_of(&cli->session->selection);
	return cli_apply_changes(cli,
			     &(struct report){ .findings = &cli->session->plan->findings,
					       .changeset = &cli->session->plan->changeset,
					       .binding = &cli->session->plan->binding,
					       .selection = &cli->session->plan->selection,
					       .refused = cli->session->plan->refused,
					       .changed = cli->session->plan->changed,
					       .reboot = cli->session->plan->reboot,
					       .way_back = cli->session->plan->way_back },
			     note, fault);
}

bool cli_apply(struct cli *cli, struct fault *fault)
{
	cleanup_findings struct findings absent = { 0 };
	bool go_on = true;

	if (options_apply(cli->options) && !cli_recover_first(cli, &go_on, fault))
		return false;
	if (!go_on)
		return true;
	if (!choose(cli, &absent, fault))
		return false;
	if (absent.count)
		return refuse_absent(cli, &absent, fault);
	return plan_and_apply(cli, fault);
}

bool cli_follow(struct cli *cli, struct fault *fault)
{
	struct session *session = cli->session;
	bool go_on = true;

	if (options_apply(cli->options) && !cli_recover_first(cli, &go_on, fault))
		return false;
	if (!go_on)
		return true;
	if (session->record.kind != FAULT_NONE) {
		*fault = session->record;
		return false;
	}
	selection_copy(&session->selection, &session->applied.selection);
	/* What has no new place beyond doubt stays where it was, and the plan says what is to be done about it. */
	follow_moved(session->root, session->host, &session->applied, &session->selection);
	return plan_and_apply(cli, fault);
}

bool cli_save(struct cli *cli, struct fault *fault)
{
	cleanup_findings struct findings absent = { 0 };

	if (!choose(cli, &absent, fault))
		return false;
	if (absent.count)
		return refuse_absent(cli, &absent, fault);
	return session_save(cli->session, cli->options->save, fault);
}
