/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/rebind.h"

#include <unistd.h>

#include "apply/rebind.h"
#include "apply/rebind_check.h"
#include "cli/recover.h"
#include "cli/report.h"

/* All of them are looked up before any is touched. */
static bool gather(const struct cli *cli, struct selection *selection, struct fault *fault)
{
	const struct host *host = cli->session->host;

	for (size_t i = 0; i < cli->options->device_count; i++) {
		const struct function *function = host_find(host, cli->options->devices[i]);
		char address[ADDRESS_SIZE];

		if (!function)
			return fault_set(fault, FAULT_INPUT, NULL,
					 "nothing was changed: there is no function at %s; vfioconf --list shows all",
					 address_format(cli->options->devices[i], address));
		selection_tick(selection, host, function);
	}
	return true;
}

static bool rebind_each(struct cli *cli, const struct selection *selection, enum rebind_way way, struct fault *fault)
{
	for (size_t i = 0; i < selection->count; i++) {
		const struct function *function = host_find(cli->session->host, selection->ticks[i].address);
		cleanup_free char *name = function_describe(function);
		cleanup_free char *driver = NULL;

		if (!rebind_run(&rebind_kernel, cli->session->root, function, way, &driver, fault))
			return fault_context(fault, "%s", name);
		cli_printf(cli, "%s: at %s until the next boot\n", name, driver ? driver : "no driver");
	}
	return true;
}

static bool check_and_rebind(struct cli *cli, const struct selection *selection, enum rebind_way way,
			     struct fault *fault)
{
	cleanup_findings struct findings findings = { 0 };
	cleanup_text struct text text = { 0 };

	rebind_check(cli->session->root, cli->session->host, selection, way, &findings);
	findings_allow(&findings, &cli->session->allow);
	findings_sort(&findings);
	report_findings(cli, &findings, &text);
	cli_print(cli, &text);
	if (findings_refuse(&findings))
		cli->status = STATUS_REFUSED;
	else if (cli->options->dry_run)
		cli_printf(cli, "Nothing stands in the way. Nothing was changed.\n");
	else if (root_is_running_system(cli->session->root) && geteuid())
		return fault_set(fault, FAULT_SYSTEM, NULL, "nothing was changed: only root can change this system; "
				 "run the same with sudo");
	else
		return rebind_each(cli, selection, way, fault);
	return true;
}

bool cli_rebind(struct cli *cli, struct fault *fault)
{
	enum rebind_way way = cli->options->mode == MODE_BIND ? REBIND_TO_VFIO : REBIND_TO_HOST;
	struct selection selection;
	bool go_on = true, good;

	if (options_apply(cli->options) && !cli_recover_first(cli, &go_on, fault))
		return false;
	if (!go_on)
		return true;
	selection_init(&selection);
	good = gather(cli, &selection, fault) && check_and_rebind(cli, &selection, way, fault);
	selection_done(&selection);
	return good;
}
