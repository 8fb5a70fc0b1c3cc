/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/rows.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

void rows_done(struct rows *rows)
{
	if (!rows)
		return;
	free(rows->items);
	free(rows->folded);
	*rows = (struct rows){ 0 };
}

bool rows_grouped(const struct host *host)
{
	return host->group_count > 0;
}

size_t rows_members(const struct host *host, size_t group, size_t **ret)
{
	size_t *members = memory_zero(host->function_count, sizeof(*members));
	size_t count = 0;

	for (size_t i = 0; group == host->group_count && i < host->function_count; i++)
		if (host->functions[i].group < 0)
			members[count++] = i;
	for (size_t i = 0; group < host->group_count && i < host->groups[group].function_count; i++)
		members[count++] = host->groups[group].functions[i];
	*ret = members;
	return count;
}

static void add(struct rows *rows, struct row row)
{
	rows->items = memory_grow(rows->items, rows->count, &rows->capacity, sizeof(*rows->items));
	rows->items[rows->count++] = row;
}

static void add_member(struct rows *rows, const struct host *host, size_t group, size_t function, const char *filter,
		       bool *headed)
{
	if (*filter && !rows_match(host, function, filter))
		return;
	if (!*headed && rows_grouped(host))
		add(rows, (struct row){ ROW_GROUP, group, ROW_NONE, false });
	*headed = true;
	if (!*filter && rows->folded[group])
		return;
	add(rows, (struct row){ ROW_FUNCTION, group, function, false });
}

static void add_group(struct rows *rows, const struct host *host, size_t group, const char *filter)
{
	const struct group *members = &host->groups[group];
	bool headed = false;

	for (size_t i = 0; i < members->function_count; i++)
		add_member(rows, host, group, members->functions[i], filter, &headed);
	if (headed)
		rows->items[rows->count - 1].last = true;
}

static void add_ungrouped(struct rows *rows, const struct host *host, const char *filter)
{
	bool headed = false;

	for (size_t i = 0; i < host->function_count; i++)
		if (host->functions[i].group < 0)
			add_member(rows, host, host->group_count, i, filter, &headed);
	if (headed)
		rows->items[rows->count - 1].last = true;
}

void rows_build(struct rows *rows, const struct host *host, const char *filter)
{
	if (rows->folded_count != host->group_count + 1) {
		free(rows->folded);
		rows->folded_count = host->group_count + 1;
		rows->folded = memory_zero(rows->folded_count, sizeof(*rows->folded));
	}
	rows->count = 0;
	for (size_t i = 0; i < host->group_count; i++)
		add_group(rows, host, i, filter);
	add_ungrouped(rows, host, filter);
}

size_t rows_folded(const struct rows *rows, const struct host *host, unsigned **ret)
{
	unsigned *numbers = memory_zero(rows->folded_count, sizeof(*numbers));
	size_t count = 0;

	for (size_t i = 0; i < host->group_count && i < rows->folded_count; i++)
		if (rows->folded[i])
			numbers[count++] = host->groups[i].number;
	*ret = numbers;
	return count;
}

void rows_fold_numbers(struct rows *rows, const struct host *host, const unsigned *numbers, size_t count)
{
	free(rows->folded);
	rows->folded_count = host->group_count + 1;
	rows->folded = memory_zero(rows->folded_count, sizeof(*rows->folded));
	for (size_t i = 0; i < host->group_count; i++)
		for (size_t j = 0; j < count; j++)
			if (host->groups[i].number == numbers[j])
				rows->folded[i] = true;
}

size_t rows_find(const struct rows *rows, size_t group, size_t function)
{
	size_t found = ROW_NONE;

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->items[i];

		if (row->group != group)
			continue;
		if (row->function == function)
			return i;
		if (row->kind == ROW_GROUP)
			found = i;
	}
	return found;
}

const char *rows_address(const struct host *host, struct address address, char *buffer)
{
	address_format(address, buffer);
	/* Ordered by address: the last has the largest domain. */
	if (host->function_count && !host->functions[host->function_count - 1].address.domain && !address.domain)
		return buffer + 5;
	return buffer;
}

const char *rows_class(const struct function *function)
{
	static const struct {
		uint16_t class;
		const char *word;
	} words[] = {
		{ 0x0101, "IDE" },  { 0x0104, "RAID" },  { 0x0106, "SATA" }, { 0x0107, "SAS" },   { 0x0108, "NVMe" },
		{ 0x0200, "LAN" },  { 0x0300, "VGA" },   { 0x0302, "3D" },   { 0x0401, "Audio" }, { 0x0403, "Audio" },
		{ 0x0600, "Host" }, { 0x0601, "ISA" },   { 0x0805, "SD" },   { 0x0806, "IOMMU" }, { 0x0c00, "1394" },
		{ 0x0c03, "USB" },  { 0x0c05, "SMBus" }, { 0x0c80, "SPI" },  { 0x0d11, "BT" },    { 0x0207, "IB" },
	};
	static const char *const bases[] = { "Other", "Disk",   "Net",    "Screen", "Media",  "Memory", "Bridge",
					     "Comm.", "System", "Input",  "Dock",   "CPU",    "Serial", "Radio",
					     "I/O",   "Satel.", "Crypto", "Signal", "Accel.", "Instr." };
	uint8_t base = function_base_class(function);

	for (size_t i = 0; i < array_size(words); i++)
		if (words[i].class == function->class >> 8)
			return words[i].word;
	return base < array_size(bases) ? bases[base] : "Other";
}

const char *rows_uses(const struct function *function, char *buffer)
{
	static const char *const words[] = { "disk", "net", "screen", "input" };
	bool used[array_size(words)] = { false };
	size_t length = 0;

	for (size_t i = 0; i < function->use_count; i++)
		used[function->uses[i].kind] = true;
	buffer[0] = '\0';
	for (size_t i = 0; i < array_size(words); i++)
		if (used[i])
			length += (size_t)snprintf(buffer + length, 32 - length, "%s%s", length ? " " : "", words[i]);
	return buffer;
}

bool rows_bound(const struct function *function)
{
	return function->driver && (!strcmp(function->driver, "vfio-pci") || !strcmp(function->driver, "vfio_pci"));
}

const char *rows_driver_next(const struct function *function, const struct selection *selection,
			     const struct selection *applied)
{
	if (selection_find(selection, function->address))
		return rows_bound(function) ? NULL : "vfio-pci";
	if (!rows_bound(function) || !selection_find(applied, function->address))
		return NULL;
	for (size_t i = 0; i < function->candidate_count; i++)
		if (strcmp(function->candidates[i].name, "vfio_pci") != 0)
			return function->candidates[i].name;
	return "no driver";
}

/* Everything by which a function can be found, in one line; letters as they are. */
static void describe(const struct host *host, size_t function, struct text *ret)
{
	const struct function *shown = &host->functions[function];
	char address[ADDRESS_SIZE], uses[32];

	text_printf(ret, "%s %s %s %s %s [%04x:%04x] %s %s", address_format(shown->address, address), rows_class(shown),
		    shown->class_name, shown->vendor_name, shown->device_name, shown->vendor, shown->device,
		    shown->driver ? shown->driver : "", rows_uses(shown, uses));
	for (size_t i = 0; i < shown->candidate_count; i++)
		text_printf(ret, " %s", shown->candidates[i].name);
	if (shown->group >= 0)
		text_printf(ret, " group %u", host->groups[shown->group].number);
}

bool rows_match(const struct host *host, size_t function, const char *needle)
{
	cleanup_text struct text text = { 0 };

	describe(host, function, &text);
	return strcasestr(text_string(&text), needle) != NULL;
}

const char *rows_refusal(const struct function *function)
{
	return function->bridge ? "a bridge stays with the host, and is in nobody's way."
				: "it is a part of the chipset, and stays with the host.";
}
