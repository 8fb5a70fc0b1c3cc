/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/group.h"

#include <stdio.h>
#include <string.h>

#include "host/number.h"
#include "host/pci.h"

#define REGION_LIMIT 1024u
#define REGIONS_SIZE 65536u

static enum region_type region_type(const char *word)
{
	static const struct {
		const char *word;
		enum region_type type;
	} types[] = {
		{ "direct", REGION_DIRECT },
		{ "direct-relaxable", REGION_DIRECT_RELAXABLE },
		{ "reserved", REGION_RESERVED },
		{ "msi", REGION_MSI },
	};

	for (size_t i = 0; i < array_size(types); i++)
		if (!strcmp(word, types[i].word))
			return types[i].type;
	return REGION_OTHER;
}

/* "0x00000000fee00000 0x00000000feefffff msi" */
static bool parse_region(const char *line, struct region *ret)
{
	uint64_t start, end;

	if (!number_take(&line, &start) || !number_take(&line, &end) || !*line || start > end)
		return false;
	*ret = (struct region){ start, end, region_type(line) };
	return true;
}

static void read_regions(struct host *host, struct group *group, const char *attribute)
{
	cleanup_strlist struct strlist lines = { 0 };
	size_t capacity = 0, bad = 0;

	strlist_split(&lines, attribute, "\n");
	for (size_t i = 0; i < lines.count && i < REGION_LIMIT; i++) {
		group->regions = memory_grow(group->regions, group->region_count, &capacity, sizeof(*group->regions));
		if (parse_region(lines.items[i], &group->regions[group->region_count]))
			group->region_count++;
		else
			bad++;
	}
	if (bad)
		strlist_printf(&host->incomplete, "group %u: what is reserved in it is not in the form that is known",
			       group->number);
}

/* GROUPS is the descriptor of sys/kernel/iommu_groups. There may be thousands: no more calls than needed. */
static void read_group(int groups, struct host *host, struct group *group)
{
	char name[64], value[REGIONS_SIZE];
	size_t length;

	snprintf(name, sizeof(name), "%u/reserved_regions", group->number);
	length = root_head_at(groups, name, value, sizeof(value) - 1);
	value[length] = '\0';
	if (length == sizeof(value) - 1 || strlen(value) != length)
		strlist_printf(&host->incomplete, "group %u: what is reserved in it cannot be read", group->number);
	else
		read_regions(host, group, value);
	snprintf(name, sizeof(name), "%u/type", group->number);
	if (root_attribute_at(groups, name, value, sizeof(group->type)))
		text_visible_to(group->type, sizeof(group->type), value);
}

static int by_number(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

static size_t find_group(const struct host *host, unsigned number)
{
	size_t low = 0, high = host->group_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (host->groups[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void group_read(const struct root *root, struct host *host, const unsigned *numbers)
{
	cleanup_close int groups = root_open_directory(root, "sys/kernel/iommu_groups");
	unsigned *sorted = memory_zero(host->function_count, sizeof(*sorted));
	size_t count = 0;

	for (size_t i = 0; i < host->function_count; i++)
		if (numbers[i] != PCI_NO_GROUP)
			sorted[count++] = numbers[i];
	qsort(sorted, count, sizeof(*sorted), by_number);
	host->groups = memory_zero(count, sizeof(*host->groups));
	for (size_t i = 0; i < count; i++) {
		if (!i || sorted[i] != sorted[i - 1])
			host->groups[host->group_count++].number = sorted[i];
		host->groups[host->group_count - 1].function_count++;
	}
	free(sorted);
	for (size_t i = 0; i < host->group_count; i++) {
		struct group *group = &host->groups[i];

		group->functions = memory_zero(group->function_count, sizeof(*group->functions));
		group->function_count = 0;
		read_group(groups, host, group);
	}
	for (size_t i = 0; i < host->function_count; i++) {
		struct group *group;

		if (numbers[i] == PCI_NO_GROUP)
			continue;
		host->functions[i].group = (int)find_group(host, numbers[i]);
		group = &host->groups[host->functions[i].group];
		group->functions[group->function_count++] = i;
	}
}
