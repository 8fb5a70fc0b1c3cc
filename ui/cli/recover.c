/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/recover.h"

#include "cli/events.h"

static void tell(const struct cli *cli, enum recovery_outcome outcome, const struct strlist *foreign)
{
	static const char *const sentences[] = {
		[RECOVERY_NOTHING] = "No run of vfioconf was interrupted: there is nothing to put right.",
		[RECOVERY_FINISHED] = "An interrupted run had done its work; what it had left to tidy up is tidied up.",
		[RECOVERY_UNDONE] = "An interrupted run was undone: every file is as it was before it.",
		[RECOVERY_ATTENTION] = "An interrupted run could not be undone altogether: someone else has changed a file "
				       "since, and it was left as it is. Compare it with what vfioconf kept, and put it "
				       "right by hand before the next reboot; vfioconf --history shows this again.",
	};
	cleanup_text struct text text = { 0 };

	cli_paragraph(cli, &text, "", 0, "", sentences[outcome]);
	for (size_t i = 0; i < foreign->count; i++)
		cli_paragraph(cli, &text, "  ", 2, "  ", foreign->items[i]);
	cli_print(cli, &text);
}

static bool recover(struct cli *cli, enum recovery_outcome *ret, struct fault *fault)
{
	struct events events = { .cli = cli };
	struct apply_observer observer = events_observer(&events);
	cleanup_strlist struct strlist foreign = { 0 };

	if (!recovery_run(cli->session->root, &observer, ret, &foreign, fault))
		return false;
	if (*ret == RECOVERY_ATTENTION)
		cli->status = STATUS_ATTENTION;
	if (cli->options->json)
		events_recovered(cli, *ret, &foreign);
	else
		tell(cli, *ret, &foreign);
	return true;
}

bool cli_recover(struct cli *cli, struct fault *fault)
{
	enum recovery_outcome outcome;

	return recover(cli, &outcome, fault);
}

bool cli_recover_first(struct cli *cli, bool *ret, struct fault *fault)
{
	enum recovery_outcome outcome;

	*ret = true;
	if (!recovery_needed(cli->session->root))
		return true;
	if (!recover(cli, &outcome, fault))
		return false;
	*ret = outcome != RECOVERY_ATTENTION;
	return session_rescan(cli->session, cli->ssh, fault);
}

void cli_recover_remind(const struct cli *cli)
{
	if (cli->session->read_only || !recovery_needed(cli->session->root))
		return;
	if (recovery_under_way(cli->session->root))
		cli_complain("another vfioconf is changing this machine at this moment: what is shown may be out of date "
			     "soon");
	else
		cli_complain("an earlier run was interrupted while it changed files: "
			     "run vfioconf --recover as root to put that right");
}
