/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/in_use.h"

/* All uses of one kind that the host makes of FUNCTION, in words; whether one of them is vital. */
static bool gather(const struct function *function, enum use_kind kind, struct strlist *ret_words)
{
	bool vital = false;

	for (size_t i = 0; i < function->use_count; i++) {
		if (function->uses[i].kind != kind)
			continue;
		vital = vital || function->uses[i].vital;
		strlist_add_once(ret_words, function->uses[i].what);
	}
	return vital;
}

static void check_one(const struct in_use *rule, const struct function *function, struct findings *findings)
{
	cleanup_strlist struct strlist words = { 0 };
	bool vital = gather(function, rule->kind, &words);
	cleanup_free char *name = NULL;
	cleanup_free char *list = NULL;
	struct finding *finding;

	if (!words.count)
		return;
	name = function_describe(function);
	list = strlist_join(&words, "; ");
	finding = findings_add(findings, rule->code, vital ? SEVERITY_ERROR : SEVERITY_WARNING, "%s %s: %s. %s", name,
			       rule->verb, list, vital ? rule->vital : rule->spared);
	finding_function(finding, function->address);
	finding_remedy(finding, "%s", vital ? rule->remedy : rule->caution);
}

void in_use_check(const struct in_use *rule, const struct host *host, const struct selection *selection,
		  struct findings *findings)
{
	for (size_t i = 0; i < selection->count; i++) {
		const struct function *function = host_find(host, selection->ticks[i].address);

		if (function)
			check_one(rule, function, findings);
	}
}
