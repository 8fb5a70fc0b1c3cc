/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/machinefile.h"

#include "host/machinebuild.h"
#include "host/machinemodel.h"
#include "host/machinetree.h"

bool machinefile_materialise(const struct text *bytes, const char *name, const char *directory, struct fault *fault)
{
	struct machinemodel model = { 0 };
	struct machinetree *tree;
	bool done;

	if (bytes->length > MACHINEFILE_LIMIT)
		return fault_input(fault, name, 0, "it has more than the %u bytes that are read of a machine file",
				   MACHINEFILE_LIMIT);
	if (!machinemodel_read(bytes, name, &model, fault))
		return false;
	tree = machinetree_new();
	done = machinebuild(&model, name, tree, fault) && machinetree_write(tree, directory, fault);
	machinetree_free(tree);
	machinemodel_done(&model);
	return done;
}
