/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/list.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>
#include <libsmartcols.h>

#include "cli/json.h"
#include "plan/member.h"

/*
 * Descriptions are wanted as wide as the longest word of a device's name, within these limits, and other columns are
 * left out for that. With fewer than the least at last, the terminal breaks the line.
 */
#define DESCRIPTION_WANTED 24u
#define DESCRIPTION_ENOUGH 36u
#define DESCRIPTION_LEAST 12u

enum column { COLUMN_PLACE, COLUMN_IDS, COLUMN_DRIVER, COLUMN_DESCRIPTION };

struct list {
	const struct cli *cli;
	const struct host *host;
	struct libscols_table *table;
	unsigned description_width; /* 0: unlimited */
	bool domains;               /* some function is not in domain 0: addresses are shown whole */
	bool no_ids, no_driver;     /* no room for a column of them: the driver then stands in the description */
	bool failed;                /* libsmartcols had no memory */
};

static const char *place(const struct list *list, const struct function *function, char *buffer)
{
	address_format(function->address, buffer);
	return list->domains ? buffer : buffer + strlen("0000:");
}

static bool ticked(const struct list *list, const struct function *function)
{
	return selection_find(&list->cli->session->selection, function->address) != NULL;
}

/* Whether the module that drives it now is the only one that could: then it need not be named again. */
static bool modules_obvious(const struct function *function)
{
	return !function->candidate_count ||
	       (function->candidate_count == 1 && function->driver &&
		!strcmp(function->candidates[0].name, function->driver));
}

/* What it is; then, on lines of their own, the modules and what the host needs it for. */
static void describe(const struct list *list, const struct function *function, struct text *text)
{
	cleanup_text struct text lines = { 0 }, broken = { 0 };
	struct cli narrow = *list->cli;

	text_printf(&lines, "%s: %s %s", function->class_name, function->vendor_name, function->device_name);
	if (list->no_driver && function->driver)
		text_printf(&lines, "\ndriver: %s", function->driver);
	if (!modules_obvious(function)) {
		text_append(&lines, "\nmodules:");
		for (size_t i = 0; i < function->candidate_count; i++)
			text_printf(&lines, "%s %s%s", i ? "," : "", function->candidates[i].name,
				    function->candidates[i].builtin ? " (built in)" : "");
	}
	for (size_t i = 0; i < function->use_count; i++)
		text_printf(&lines, "\n%s %s: %s", function->uses[i].vital ? "! host's" : "host's",
			    use_word(function->uses[i].kind), function->uses[i].what);
	if (!list->description_width) {
		text_append(text, text_string(&lines));
		return;
	}
	narrow.width = list->description_width;
	cli_paragraph(&narrow, &broken, "", 0, "", text_string(&lines));
	text_append_n(text, text_string(&broken), broken.length - 1);
}

static struct libscols_line *add_line(struct list *list, struct libscols_line *parent, const char *first)
{
	struct libscols_line *line = scols_table_new_line(list->table, parent);

	if (!line || scols_line_set_data(line, COLUMN_PLACE, first) < 0)
		list->failed = true;
	return line;
}

static void add_function(struct list *list, struct libscols_line *parent, const struct function *function)
{
	cleanup_text struct text first = { 0 }, description = { 0 };
	char address[ADDRESS_SIZE], ids[16];
	struct libscols_line *line;

	text_printf(&first, "%s %s", ticked(list, function) ? "[x]" : member_tickable(function) ? "[ ]" : "[-]",
		    place(list, function, address));
	line = add_line(list, parent, text_string(&first));
	if (list->failed)
		return;
	snprintf(ids, sizeof(ids), "%04x:%04x", function->vendor, function->device);
	describe(list, function, &description);
	if (scols_line_set_data(line, COLUMN_IDS, ids) < 0 ||
	    scols_line_set_data(line, COLUMN_DRIVER, function->driver ? function->driver : "-") < 0 ||
	    scols_line_set_data(line, COLUMN_DESCRIPTION, text_string(&description)) < 0)
		list->failed = true;
	else if (list->cli->color && ticked(list, function))
		scols_line_set_color(line, "green");
}

static void add_group(struct list *list, const struct group *group)
{
	struct libscols_line *line;
	char title[32];

	snprintf(title, sizeof(title), "Group %u", group->number);
	line = add_line(list, NULL, title);
	for (size_t i = 0; i < group->function_count && !list->failed; i++)
		add_function(list, line, &list->host->functions[group->functions[i]]);
}

static void add_all(struct list *list)
{
	const struct host *host = list->host;
	struct libscols_line *line = NULL;

	for (size_t i = 0; i < host->group_count && !list->failed; i++)
		add_group(list, &host->groups[i]);
	for (size_t i = 0; i < host->function_count && !list->failed; i++) {
		if (host->functions[i].group >= 0)
			continue;
		if (!line)
			line = add_line(list, NULL, "No group");
		if (!list->failed)
			add_function(list, line, &host->functions[i]);
	}
}

static size_t longest_word(const char *text)
{
	size_t longest = 0;

	while (*(text += strspn(text, " "))) {
		cleanup_free char *word = memory_string_n(text, strcspn(text, " "));
		size_t columns = cli_columns(word);

		if (columns > longest)
			longest = columns;
		text += strlen(word);
	}
	return longest;
}

/* The columns of the longest address, of the longest name of a driver, and those wanted for the descriptions. */
static void measure(const struct list *list, size_t *ret_address, size_t *ret_driver, size_t *ret_wanted)
{
	char address[ADDRESS_SIZE];

	*ret_address = 0;
	*ret_driver = 1;
	*ret_wanted = DESCRIPTION_WANTED;
	for (size_t i = 0; i < list->host->function_count; i++) {
		const struct function *function = &list->host->functions[i];
		size_t length = strlen(place(list, function, address)), word = longest_word(function->device_name);

		if (word > *ret_wanted)
			*ret_wanted = word < DESCRIPTION_ENOUGH ? word : DESCRIPTION_ENOUGH;
		if (length > *ret_address)
			*ret_address = length;
		if (function->driver && cli_columns(function->driver) > *ret_driver)
			*ret_driver = cli_columns(function->driver);
	}
}

/* What is left of the terminal beside the other columns; where that is too little, some of them go. */
static void share_width(struct list *list)
{
	size_t address, driver, wanted, used, ids = strlen("0000:0000 "), width = list->cli->width;

	if (!width)
		return;
	measure(list, &address, &driver, &wanted);
	driver++;
	used = strlen("|-[ ] ") + address + 1 + ids + driver;
	list->no_ids = width < used + wanted;
	if (list->no_ids)
		used -= ids;
	list->no_driver = width < used + wanted;
	if (list->no_driver)
		used -= driver;
	list->description_width = width > used + DESCRIPTION_LEAST ? (unsigned)(width - used) : DESCRIPTION_LEAST;
}

static bool new_table(struct list *list)
{
	struct libscols_column *description;

	list->table = scols_new_table();
	if (!list->table || !scols_table_new_column(list->table, "", 0, SCOLS_FL_TREE) ||
	    !scols_table_new_column(list->table, "", 0, list->no_ids ? SCOLS_FL_HIDDEN : 0) ||
	    !scols_table_new_column(list->table, "", 0, list->no_driver ? SCOLS_FL_HIDDEN : 0))
		return false;
	description = scols_table_new_column(list->table, "", 0, SCOLS_FL_WRAP);
	if (!description)
		return false;
	scols_column_set_wrapfunc(description, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
	scols_column_set_safechars(description, "\n");
	scols_table_enable_noheadings(list->table, 1);
	scols_table_enable_minout(list->table, 1);
	scols_table_enable_ascii(list->table, !list->cli->unicode);
	scols_table_enable_colors(list->table, list->cli->color);
	scols_table_set_stream(list->table, list->cli->out);
	/* The width is ours to find out: main() did. */
	scols_table_set_termforce(list->table, list->cli->width ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
	if (list->cli->width)
		scols_table_set_termwidth(list->table, list->cli->width);
	return true;
}

static void heading(const struct list *list)
{
	const struct host *host = list->host;
	const char *label = iommu_kind_label(host->iommu.kind);
	cleanup_text struct text text = { 0 }, line = { 0 };

	if (host->iommu.enabled)
		text_printf(&line, "IOMMU: on (%s), %zu groups, %zu functions.", label, host->group_count,
			    host->function_count);
	else if (host->iommu.kind != IOMMU_NONE)
		text_printf(&line, "IOMMU: off (%s is there), so the %zu functions have no groups yet. "
			    "vfioconf --iommu has it on at the next boot.", label, host->function_count);
	else
		text_printf(&line, "IOMMU: none was found; %zu functions. vfioconf --check says what to do.",
			    host->function_count);
	cli_paragraph(list->cli, &text, "", 0, "", text_string(&line));
	cli_print(list->cli, &text);
}

/* By way of a string: not all names in pci.ids are ASCII, and cli_print() knows what may be shown. */
static bool print_table(const struct list *list)
{
	cleanup_text struct text text = { 0 };
	char *printed = NULL;
	bool good = !scols_print_table_to_string(list->table, &printed) && printed;

	if (good) {
		text_printf(&text, "%s\n", printed);
		cli_print(list->cli, &text);
	}
	free(printed);
	return good;
}

static bool plain(struct list *list, struct fault *fault)
{
	heading(list);
	for (size_t i = 0; i < list->host->function_count; i++)
		list->domains |= list->host->functions[i].address.domain != 0;
	share_width(list);
	list->failed = !new_table(list);
	if (!list->failed)
		add_all(list);
	if (!list->failed && list->host->function_count)
		list->failed = !print_table(list);
	scols_unref_table(list->table);
	if (list->failed)
		return fault_set(fault, FAULT_SYSTEM, NULL, "the list could not be put together");
	return true;
}

static struct json_object *json_of(const struct list *list, const struct function *function)
{
	char address[ADDRESS_SIZE];

	return json_function(function, address_format(function->address, address), ticked(list, function));
}

/* One group: small enough to be put together whole, while all of them would take more memory than the machine itself. */
static struct json_object *json_group(const struct list *list, const struct group *group)
{
	struct json_object *object = json_object_new_object(), *functions = json_object_new_array();

	for (size_t i = 0; i < group->function_count; i++)
		json_object_array_add(functions, json_of(list, &list->host->functions[group->functions[i]]));
	json_put(object, "group", json_object_new_int64(group->number));
	json_put(object, "functions", functions);
	return object;
}

static void json(const struct list *list)
{
	const struct host *host = list->host;
	struct json_object *iommu = json_object_new_object();
	const char *separator = "";

	json_put(iommu, "enabled", json_object_new_boolean(host->iommu.enabled));
	json_put(iommu, "kind", json_text(iommu_kind_word(host->iommu.kind)));
	fputs("{\"iommu\":\n", list->cli->out);
	json_print(list->cli, iommu, false);
	fputs(",\"groups\":[\n", list->cli->out);
	for (size_t i = 0; i < host->group_count; i++) {
		fputs(separator, list->cli->out);
		json_print(list->cli, json_group(list, &host->groups[i]), false);
		separator = ",";
	}
	fputs("],\"ungrouped\":[\n", list->cli->out);
	separator = "";
	for (size_t i = 0; i < host->function_count; i++) {
		if (host->functions[i].group >= 0)
			continue;
		fputs(separator, list->cli->out);
		json_print(list->cli, json_of(list, &host->functions[i]), false);
		separator = ",";
	}
	fputs("]}\n", list->cli->out);
}

bool cli_list(struct cli *cli, struct fault *fault)
{
	struct list list = { .cli = cli, .host = cli->session->host };

	for (size_t i = 0; i < list.host->incomplete.count; i++)
		cli_complain("note: %s", list.host->incomplete.items[i]);
	if (cli->session->record.kind != FAULT_NONE)
		cli_complain("note: what is ticked is not known: %s", cli->session->record.sentence);
	if (!cli->options->json)
		return plain(&list, fault);
	json(&list);
	return true;
}
