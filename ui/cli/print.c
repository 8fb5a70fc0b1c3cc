/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/print.h"

#include "plan/guest.h"

bool cli_print_guest(struct cli *cli, struct fault *fault)
{
	const struct session *session = cli->session;
	cleanup_text struct text text = { 0 };
	enum guest_kind kind = GUEST_LIBVIRT;

	if (session->record.kind != FAULT_NONE) {
		*fault = session->record;
		return false;
	}
	if (!session->applied.selection.count)
		return fault_set(fault, FAULT_INPUT, NULL,
				 "nothing is applied on this machine, so a guest has nothing to get: tick functions "
				 "and apply first");
	guest_kind_parse(cli->options->print, &kind);
	guest_write(kind, session->host, &session->applied.selection, &text);
	cli_print(cli, &text);
	return true;
}
