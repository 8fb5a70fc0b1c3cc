/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A group is handed over as a whole or not at all: the kernel's own rule of viability. */
#include "plan/rules.h"
#include "plan/member.h"

/* The members of one group, each in words, by how they bear on it. */
struct members {
	struct strlist ticked, in_way, untickable, free;
	struct strlist in_way_addresses; /* of those that could be ticked too */
};

static void members_done(struct members *members)
{
	strlist_done(&members->ticked);
	strlist_done(&members->in_way);
	strlist_done(&members->untickable);
	strlist_done(&members->free);
	strlist_done(&members->in_way_addresses);
}

/* Whether it makes sense to propose to tick it: not where that would be refused in its turn. */
static bool can_go(const struct function *member)
{
	for (size_t i = 0; i < member->use_count; i++)
		if (member->uses[i].vital)
			return false;
	return member_tickable(member);
}

static void describe_candidates(const struct function *member, struct text *text)
{
	text_append(text, "no driver now, but at the next boot ");
	for (size_t i = 0, shown = 0; i < member->candidate_count; i++)
		if (!driver_passes_on(member->candidates[i].name))
			text_printf(text, "%s%s", shown++ ? " or " : "", member->candidates[i].name);
	text_append(text, " would claim it");
}

static void sort_in(struct members *members, const struct function *member, enum member_bearing bearing)
{
	cleanup_free char *name = function_describe(member);
	cleanup_text struct text state = { 0 };
	char address[ADDRESS_SIZE];

	switch (bearing) {
	case MEMBER_TICKED:
		strlist_add(&members->ticked, name);
		return;
	case MEMBER_FREE:
		strlist_printf(&members->free, "%s (%s)", name,
			       member->bridge ? "a bridge" : member->driver ? member->driver : "no driver");
		return;
	case MEMBER_DRIVEN:
		text_printf(&state, "driver %s", member->driver);
		break;
	case MEMBER_CLAIMABLE:
		describe_candidates(member, &state);
		break;
	}
	strlist_printf(&members->in_way, "%s (%s)", name, text_string(&state));
	strlist_add(can_go(member) ? &members->in_way_addresses : &members->untickable,
		    address_format(member->address, address));
}

static void put_remedy(const struct members *members, struct finding *finding)
{
	static const char elsewhere[] = "A card can move to another slot instead: slots of the processor often have "
					"a group each where those of the chipset share one.";
	cleanup_free char *tick = strlist_join(&members->in_way_addresses, ", ");
	cleanup_free char *stuck = strlist_join(&members->untickable, ", ");

	if (members->untickable.count)
		finding_remedy(finding, "The host cannot do without %s, so this group cannot be handed over: untick "
					"what is ticked of it. %s", stuck, elsewhere);
	else
		finding_remedy(finding, "Tick %s too if the host can do without; the guest then gets all of it. %s",
			       tick, elsewhere);
}

static void report(const struct host *host, const struct group *group, const struct members *members,
		   struct findings *findings)
{
	cleanup_free char *in_way = strlist_join(&members->in_way, "; ");
	cleanup_free char *ticked = strlist_join(&members->ticked, "; ");
	cleanup_free char *free_ones = strlist_join(&members->free, "; ");
	struct finding *finding;

	finding = findings_add(findings, FINDING_GROUP_INCOMPLETE, SEVERITY_ERROR,
			       "Group %u goes to a guest as a whole or not at all, and this would leave a part of it "
			       "with the host. In the way: %s. Ticked: %s.%s%s%s",
			       group->number, in_way, ticked, members->free.count ? " Not in the way: " : "", free_ones,
			       members->free.count ? "." : "");
	for (size_t i = 0; i < group->function_count; i++)
		finding_function(finding, host->functions[group->functions[i]].address);
	put_remedy(members, finding);
}

static void check_group(const struct host *host, const struct selection *selection, const struct group *group,
			struct findings *findings)
{
	cleanup(members_done) struct members members = { 0 };
	bool ticked = false;

	for (size_t i = 0; i < group->function_count && !ticked; i++)
		ticked = selection_find(selection, host->functions[group->functions[i]].address);
	for (size_t i = 0; i < group->function_count && ticked; i++) {
		const struct function *member = &host->functions[group->functions[i]];

		sort_in(&members, member, member_bearing(member, selection));
	}
	if (members.in_way.count)
		report(host, group, &members, findings);
}

static void check(const struct host *host, const struct selection *selection, struct findings *findings)
{
	for (size_t i = 0; i < host->group_count && selection->count; i++)
		check_group(host, selection, &host->groups[i], findings);
}

const struct rule rule_group = { "group", check };
