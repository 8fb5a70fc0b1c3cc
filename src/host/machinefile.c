/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/machinefile.h"

#include "host/capture.h"
#include "host/capture_devices.h"
#include "host/capture_files.h"
#include "host/capture_kernel.h"
#include "host/capture_proc.h"
#include "host/gather.h"
#include "host/host.h"
#include "host/machinebuild.h"
#include "host/machinemodel.h"
#include "host/machinetree.h"
#include "host/machinewrite.h"
#include "host/names.h"
#include "host/redact.h"

bool machinefile_materialise(const struct text *bytes, const char *name, const char *directory, struct fault *fault)
{
	struct machinemodel model = { 0 };
	struct machinetree *tree;
	bool done;

	if (bytes->length > MACHINEFILE_LIMIT)
		return fault_input(fault, name, 0, "it has more than the %zu bytes that are read of a machine file",
				   MACHINEFILE_LIMIT);
	if (!machinemodel_read(bytes, name, &model, fault))
		return false;
	tree = machinetree_new();
	done = machinebuild(&model, name, tree, fault) && machinetree_write(tree, directory, fault);
	machinetree_free(tree);
	machinemodel_done(&model);
	return done;
}

static void capture_names(const struct root *root, const struct host *host, struct text *out)
{
	cleanup_text struct text names = { 0 };

	if (names_select(root, host, &names))
		machinewrite_file(out, "/usr/share/misc/pci.ids", 0644, &names);
}

bool machinefile_capture(const struct root *root, struct text *ret, struct fault *fault)
{
	cleanup_text struct text out = { 0 };
	struct host *host;

	if (!host_gather(root, NULL, &host, fault))
		return false;
	text_append(&out, "machine 1\n");
	text_printf(&out, "# %s, kernel %s\n", host->distribution, host->kernel_release);
	capture_pci(root, host, &out);
	capture_kernels(root, host, &out);
	capture_devices(root, host, &out);
	capture_proc(root, host, &out);
	capture_files(root, &out);
	capture_names(root, host, &out);
	host_free(host);
	redact(&out);
	text_append_n(ret, out.bytes, out.length);
	return true;
}
