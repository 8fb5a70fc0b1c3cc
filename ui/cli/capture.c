/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/capture.h"

#include <string.h>
#include <unistd.h>

#include "apply/capture_history.h"
#include "host/machinefile.h"

bool cli_capture(struct cli *cli, struct fault *fault)
{
	const char *file = cli->options->capture;
	cleanup_text struct text bytes = { 0 };

	if (!machinefile_capture(cli->session->root, &bytes, fault))
		return false;
	capture_history(cli->session->root, &bytes);
	if (!session_write(file, &bytes, fault))
		return false;
	if (!cli->session->read_only && geteuid())
		cli_complain("note: what only root can read (firmware tables, the boot loader's configuration) is not in it: "
			     "run the same with sudo for a whole one");
	if (strcmp(file, "-") != 0)
		cli_printf(cli, "%s holds this machine without serial numbers and MAC addresses. Look through it "
				"before you give it to anyone.\n", file);
	return true;
}
