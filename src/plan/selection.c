/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/selection.h"

#include <ctype.h>
#include <string.h>

#include "base/memory.h"

void selection_init(struct selection *selection)
{
	*selection = (struct selection){ .bind = BIND_AUTO, .iommu_passthrough = true, .menu_entry = true };
}

void selection_done(struct selection *selection)
{
	if (!selection)
		return;
	free(selection->ticks);
	free(selection->acs_override);
	free(selection->loader);
	free(selection->generator);
	selection_init(selection);
}

void selection_copy(struct selection *to, const struct selection *from)
{
	struct selection copy = *from;

	copy.ticks = NULL;
	copy.capacity = from->count;
	if (from->count) {
		copy.ticks = memory_zero(from->count, sizeof(*copy.ticks));
		memcpy(copy.ticks, from->ticks, from->count * sizeof(*copy.ticks));
	}
	copy.acs_override = memory_string(from->acs_override);
	copy.loader = memory_string(from->loader);
	copy.generator = memory_string(from->generator);
	selection_done(to);
	*to = copy;
}

static bool same_string(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_tick(const struct tick *a, const struct tick *b)
{
	return !address_compare(a->address, b->address) && a->vendor == b->vendor && a->device == b->device &&
	       a->subvendor == b->subvendor && a->subdevice == b->subdevice && a->group == b->group &&
	       a->bind == b->bind;
}

bool selection_equal(const struct selection *a, const struct selection *b)
{
	if (a->count != b->count || a->iommu != b->iommu || a->bind != b->bind || a->blacklist != b->blacklist ||
	    a->iommu_passthrough != b->iommu_passthrough || a->menu_entry != b->menu_entry ||
	    a->adopt != b->adopt ||
	    !same_string(a->acs_override, b->acs_override) ||
	    !same_string(a->loader, b->loader) || !same_string(a->generator, b->generator))
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!same_tick(&a->ticks[i], &b->ticks[i]))
			return false;
	return true;
}

/* Where ADDRESS is, or where it would have to go to keep the order. */
static size_t place_of(const struct selection *selection, struct address address)
{
	size_t low = 0, high = selection->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (address_compare(selection->ticks[middle].address, address) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct tick *selection_find(const struct selection *selection, struct address address)
{
	size_t at = place_of(selection, address);

	if (at < selection->count && !address_compare(selection->ticks[at].address, address))
		return &selection->ticks[at];
	return NULL;
}

bool selection_add(struct selection *selection, const struct tick *tick)
{
	size_t at = place_of(selection, tick->address);

	if (selection_find(selection, tick->address))
		return false;
	selection->ticks = memory_grow(selection->ticks, selection->count, &selection->capacity, sizeof(*tick));
	memmove(selection->ticks + at + 1, selection->ticks + at, (selection->count - at) * sizeof(*tick));
	selection->ticks[at] = *tick;
	selection->count++;
	return true;
}

void selection_tick(struct selection *selection, const struct host *host, const struct function *function)
{
	const struct group *group = host_group_of(host, function);
	const struct tick *old = selection_find(selection, function->address);
	struct tick tick = {
		.address = function->address,
		.vendor = function->vendor,
		.device = function->device,
		.subvendor = function->subvendor,
		.subdevice = function->subdevice,
		.group = group ? (int)group->number : -1,
		.bind = old ? old->bind : BIND_AUTO,
	};

	selection_untick(selection, function->address);
	selection_add(selection, &tick);
}

bool selection_untick(struct selection *selection, struct address address)
{
	size_t at = place_of(selection, address);

	if (!selection_find(selection, address))
		return false;
	selection->count--;
	memmove(selection->ticks + at, selection->ticks + at + 1, (selection->count - at) * sizeof(*selection->ticks));
	return true;
}

bool selection_empty(const struct selection *selection)
{
	return !selection->count && !selection->iommu;
}

static const char *const bind_words[] = { [BIND_AUTO] = "auto", [BIND_IDS] = "ids", [BIND_ADDRESS] = "address" };

const char *bind_mode_word(enum bind_mode mode)
{
	return bind_words[mode];
}

bool bind_mode_parse(const char *word, enum bind_mode *ret)
{
	for (size_t i = 0; i < array_size(bind_words); i++) {
		if (strcmp(word, bind_words[i]) != 0)
			continue;
		*ret = (enum bind_mode)i;
		return true;
	}
	return false;
}

static bool is_hex(const char *string, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isxdigit((unsigned char)string[i]))
			return false;
	return true;
}

/* "downstream", "multifunction" or "id:vvvv:dddd", LENGTH bytes long. */
static bool is_acs_item(const char *item, size_t length)
{
	if (length == strlen("downstream") && !memcmp(item, "downstream", length))
		return true;
	if (length == strlen("multifunction") && !memcmp(item, "multifunction", length))
		return true;
	return length == strlen("id:vvvv:dddd") && !memcmp(item, "id:", 3) && is_hex(item + 3, 4) && item[7] == ':' &&
	       is_hex(item + 8, 4);
}

bool acs_override_valid(const char *value)
{
	unsigned ids = 0;

	for (;;) {
		size_t length = strcspn(value, ",");

		if (!is_acs_item(value, length))
			return false;
		if (*value == 'i' && ++ids > ACS_OVERRIDE_IDS)
			return false;
		if (!value[length])
			return true;
		value += length + 1;
	}
}

void selection_set_acs(struct selection *selection, const char *value)
{
	char *copy = value && strcmp(value, ACS_OVERRIDE_NONE) != 0 ? memory_string(value) : NULL;

	free(selection->acs_override);
	selection->acs_override = copy;
	selection->iommu = selection->iommu || (copy && !selection->count);
}
