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

/* What the host needs hangs on something that was not found: a function that could be it is not given away. */
static void check_untraced(const struct in_use *rule, const struct function *function, const struct strlist *untraced,
			   struct findings *findings)
{
	cleanup_free char *name = NULL;
	cleanup_free char *list = NULL;
	struct finding *finding;

	if (!untraced || !untraced->count || function_base_class(function) != rule->carrier)
		return;
	name = function_describe(function);
	list = strlist_join(untraced, "; ");
	finding = findings_add(findings, rule->code, SEVERITY_ERROR,
			       "Whether %s %s cannot be told, since it is not known what this needs: %s. %s", name,
			       rule->verb, list, rule->vital);
	finding_function(finding, function->address);
	finding_remedy(finding, "Untick it, or override this where you know that the host does not need it.");
}

static void check_one(const struct in_use *rule, const struct function *function, const struct strlist *untraced,
		      struct findings *findings)
{
	cleanup_strlist struct strlist words = { 0 };
	bool vital = gather(function, rule->kind, &words);
	cleanup_free char *name = NULL;
	cleanup_free char *list = NULL;
	struct finding *finding;

	if (!words.count) {
		check_untraced(rule, function, untraced, findings);
		return;
	}
	name = function_describe(function);
	list = strlist_join(&words, "; ");
	finding = findings_add(findings, rule->code, vital ? SEVERITY_ERROR : SEVERITY_WARNING, "%s %s: %s. %s", name,
			       rule->verb, list, vital ? rule->vital : rule->spared);
	finding_function(finding, function->address);
	finding_remedy(finding, "%s", vital ? rule->remedy : rule->caution);
}

/* A tunnel is carried by the network that was found; only where none was, any card may be the one. */
static const struct strlist *untraced_of(enum use_kind kind, const struct host *host)
{
	if (kind == USE_STORAGE)
		return &host->untraced_storage;
	if (kind != USE_NETWORK)
		return NULL;
	for (size_t i = 0; i < host->function_count; i++)
		for (size_t j = 0; j < host->functions[i].use_count; j++)
			if (host->functions[i].uses[j].kind == USE_NETWORK && host->functions[i].uses[j].vital)
				return NULL;
	return &host->untraced_network;
}

void in_use_check(const struct in_use *rule, const struct host *host, const struct selection *selection,
		  struct findings *findings)
{
	const struct strlist *untraced = untraced_of(rule->kind, host);

	for (size_t i = 0; i < selection->count; i++) {
		const struct function *function = host_find(host, selection->ticks[i].address);

		if (function)
			check_one(rule, function, untraced, findings);
	}
}
