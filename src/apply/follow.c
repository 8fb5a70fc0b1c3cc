/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/follow.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "plan/binding.h"

bool follow_is(const struct function *function, const struct tick *tick)
{
	bool same_card = (!tick->subvendor && !tick->subdevice) ||
			 (function->subvendor == tick->subvendor && function->subdevice == tick->subdevice);

	return function->vendor == tick->vendor && function->device == tick->device && same_card;
}

size_t follow_places(const struct host *host, const struct selection *selection, const struct tick *tick,
		     struct address **ret)
{
	struct address *places = memory_zero(host->function_count + 1, sizeof(*places));
	size_t count = 0;

	for (size_t i = 0; i < host->function_count; i++) {
		const struct function *function = &host->functions[i];
		const struct tick *other = selection_find(selection, function->address);

		if (follow_is(function, tick) && !(other && follow_is(function, other)))
			places[count++] = function->address;
	}
	*ret = places;
	return count;
}

/* Whether a line that gives vfio-pci its ids, in modprobe.d or on the kernel command line, has this one. */
static bool line_has_id(const char *line, size_t length, const struct tick *tick)
{
	char id[16];
	int size = snprintf(id, sizeof(id), "%04x:%04x", tick->vendor, tick->device);

	return memmem(line, length, "ids=", 4) && memmem(line, length, id, (size_t)size);
}

static bool was_by_ids(const struct root *root, const struct applied *applied, const struct tick *tick)
{
	cleanup_text struct text bytes = { 0 };

	for (size_t i = 0; i < applied->added.count; i++)
		if (line_has_id(applied->added.items[i], strlen(applied->added.items[i]), tick))
			return true;
	root_read(root, BINDING_MODPROBE_PATH, ROOT_LIMIT_TEXT, &bytes, NULL);
	for (const char *line = text_string(&bytes); *line; line += strcspn(line, "\n"), line += *line == '\n')
		if (text_starts_with(line, "options vfio-pci ") && line_has_id(line, strcspn(line, "\n"), tick))
			return true;
	return false;
}

static bool is_lost(const struct host *host, const struct tick *tick)
{
	const struct function *function = host_find(host, tick->address);

	return !function || !follow_is(function, tick);
}

static bool same_device(const struct tick *a, const struct tick *b)
{
	return a->vendor == b->vendor && a->device == b->device && a->subvendor == b->subvendor &&
	       a->subdevice == b->subdevice;
}

/* Several of a kind that moved together are the same to any guest: they are told apart by their order alone. */
static bool rank_among_lost(const struct host *host, const struct selection *selection, const struct tick *tick,
			    size_t *ret_rank, size_t *ret_count)
{
	*ret_rank = *ret_count = 0;
	for (size_t i = 0; i < selection->count; i++) {
		if (!same_device(&selection->ticks[i], tick) || !is_lost(host, &selection->ticks[i]))
			continue;
		if (!address_compare(selection->ticks[i].address, tick->address))
			*ret_rank = *ret_count;
		++*ret_count;
	}
	return *ret_count > 0;
}

bool follow_place(const struct root *root, const struct host *host, const struct applied *applied,
		  const struct tick *tick, struct address *ret)
{
	cleanup_free struct address *places = NULL;
	size_t count, rank, lost;

	if (!is_lost(host, tick) || !was_by_ids(root, applied, tick) ||
	    !rank_among_lost(host, &applied->selection, tick, &rank, &lost))
		return false;
	count = follow_places(host, &applied->selection, tick, &places);
	if (count != lost)
		return false;
	*ret = places[rank];
	return true;
}

/* As a fresh tick of the function, but with the way of binding that the old one asked for. */
static void tick_at(const struct host *host, const struct tick *before, struct address place,
		    struct selection *selection)
{
	const struct function *function = host_find(host, place);
	struct tick tick = *before;

	tick.address = place;
	tick.subvendor = function->subvendor;
	tick.subdevice = function->subdevice;
	tick.group = function->group < 0 ? -1 : (int)host->groups[function->group].number;
	selection_add(selection, &tick);
}

/* All old ones first: two devices may have changed places. */
size_t follow_moved(const struct root *root, const struct host *host, const struct applied *applied,
		    struct selection *selection)
{
	const struct selection *before = &applied->selection;
	struct address place;
	size_t moved = 0;

	for (size_t i = 0; i < before->count; i++)
		if (follow_place(root, host, applied, &before->ticks[i], &place))
			selection_untick(selection, before->ticks[i].address);
	for (size_t i = 0; i < before->count; i++)
		if (follow_place(root, host, applied, &before->ticks[i], &place)) {
			tick_at(host, &before->ticks[i], place, selection);
			moved++;
		}
	return moved;
}
