/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/planner.h"

#include <errno.h>

bool planner_tolerate(struct planner *planner, const struct fault *fault)
{
	struct finding *finding;

	if (fault->kind != FAULT_SYSTEM || (fault->error != EACCES && fault->error != EPERM))
		return false;
	finding = findings_add(&planner->plan->findings, FINDING_FILE_UNREADABLE, SEVERITY_ERROR,
			       "%s. Without it nobody can say what would have to be changed.", fault->sentence);
	finding_remedy(finding, "Start vfioconf as root, or through sudo.");
	return true;
}

bool planner_pass_on(struct fault *to, const struct fault *fault)
{
	if (to)
		*to = *fault;
	return false;
}
