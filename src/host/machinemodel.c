/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/machinemodel.h"

#include <limits.h>
#include <string.h>

#include "host/machineword.h"

#define FUNCTION_LIMIT 65536u
#define WORD_LIMIT 64u

/* What the lines that begin with a tab belong to. */
enum owner { OWNER_NONE, OWNER_FUNCTION, OWNER_GROUP, OWNER_DEVICE, OWNER_KERNEL, OWNER_FILE };

struct reader {
	struct machinemodel *model;
	const char *name;
	unsigned line;
	enum owner owner;
	bool versioned;
	struct fault *fault;
};

#define ADD(model, list) \
	((model)->list##s = memory_grow((model)->list##s, (model)->list##_count, &(model)->list##_capacity, \
					sizeof(*(model)->list##s)), \
	 memset(&(model)->list##s[(model)->list##_count], 0, sizeof(*(model)->list##s)), \
	 &(model)->list##s[(model)->list##_count++])
#define LAST(model, list) (&(model)->list##s[(model)->list##_count - 1])

static void attributes_done(struct machine_attributes *attributes)
{
	for (size_t i = 0; i < attributes->count; i++) {
		free(attributes->items[i].name);
		text_done(&attributes->items[i].value);
	}
	free(attributes->items);
}

static void aliases_done(struct machine_aliases *aliases)
{
	for (size_t i = 0; i < aliases->count; i++) {
		free(aliases->items[i].pattern);
		free(aliases->items[i].module);
	}
	free(aliases->items);
}

static void device_done(struct machine_device *device)
{
	free(device->subsystem);
	free(device->path);
	attributes_done(&device->attributes);
	for (size_t i = 0; i < device->link_count; i++) {
		free(device->links[i].name);
		free(device->links[i].path);
	}
	free(device->links);
}

static void kernel_done(struct machine_kernel *kernel)
{
	free(kernel->release);
	strlist_done(&kernel->modules);
	strlist_done(&kernel->builtins);
	aliases_done(&kernel->aliases);
	aliases_done(&kernel->builtin_aliases);
	strlist_done(&kernel->softdeps);
}

void machinemodel_done(struct machinemodel *model)
{
	if (!model)
		return;
	for (size_t i = 0; i < model->function_count; i++) {
		free(model->functions[i].driver);
		attributes_done(&model->functions[i].attributes);
		strlist_done(&model->functions[i].without);
	}
	for (size_t i = 0; i < model->bridge_count; i++)
		free(model->bridges[i].path);
	for (size_t i = 0; i < model->group_count; i++)
		attributes_done(&model->groups[i].attributes);
	for (size_t i = 0; i < model->device_count; i++)
		device_done(&model->devices[i]);
	for (size_t i = 0; i < model->kernel_count; i++)
		kernel_done(&model->kernels[i]);
	for (size_t i = 0; i < model->node_count; i++) {
		free(model->nodes[i].path);
		free(model->nodes[i].target);
		text_done(&model->nodes[i].bytes);
	}
	free(model->functions);
	free(model->bridges);
	free(model->groups);
	free(model->devices);
	free(model->kernels);
	free(model->nodes);
	strlist_done(&model->iommus);
	*model = (struct machinemodel){ 0 };
}

static int by_address(const void *a, const void *b)
{
	const struct machine_function *x = a, *y = b;

	return address_compare(x->address, y->address);
}

const struct machine_function *machinemodel_function(const struct machinemodel *model, struct address address)
{
	struct machine_function key = { .address = address };

	return model->function_count ? bsearch(&key, model->functions, model->function_count,
					       sizeof(*model->functions), by_address)
				     : NULL;
}

static bool wrong(struct reader *reader, const char *what)
{
	return fault_input(reader->fault, reader->name, reader->line, "%s", what);
}

/* The words of LINE, escapes resolved; a word may not hold a NUL. */
static bool split_words(struct reader *reader, const char *line, struct strlist *words)
{
	cleanup_strlist struct strlist raw = { 0 };

	strlist_split(&raw, line, " \t");
	if (!raw.count)
		return wrong(reader, "a line of nothing but blanks");
	for (size_t i = 0; i < raw.count; i++) {
		cleanup_text struct text word = { 0 };

		if (!machineword_unescape(raw.items[i], &word, NULL) || strlen(text_string(&word)) != word.length)
			return wrong(reader, "a backslash that begins no known escape");
		strlist_add(words, text_string(&word));
	}
	return true;
}

/* "NAME = VALUE" as an attribute; false without a fault where LINE has no " = " behind its first word. */
static bool take_attribute(struct reader *reader, const char *line, struct machine_attributes *attributes, bool *ret_is)
{
	size_t length = strcspn(line, " \t");
	const char *value = line + length + strspn(line + length, " \t");
	struct machine_attribute *attribute;
	bool cut = false;

	*ret_is = length && *value == '=' && (!value[1] || value[1] == ' ');
	if (!*ret_is)
		return true;
	value += value[1] ? 2 : 1;
	attributes->items = memory_grow(attributes->items, attributes->count, &attributes->capacity,
					sizeof(*attributes->items));
	attribute = &attributes->items[attributes->count++];
	*attribute = (struct machine_attribute){ .name = memory_string_n(line, length), .line = reader->line };
	if (!machineword_unescape(value, &attribute->value, &cut))
		return wrong(reader, "a backslash that begins no known escape");
	if (!cut)
		text_append_char(&attribute->value, '\n');
	return true;
}

static bool read_function(struct reader *reader, const struct strlist *words)
{
	struct machine_function *function = ADD(reader->model, function);
	unsigned class;

	reader->owner = OWNER_FUNCTION;
	function->line = reader->line;
	if (reader->model->function_count > FUNCTION_LIMIT)
		return wrong(reader, "more functions than a machine can have");
	if (words->count != 4 || !address_parse(words->items[1], &function->address) ||
	    strlen(words->items[2]) != 6 || !machineword_number(words->items[2], 16, 0xffffff, &class) ||
	    !machineword_ids(words->items[3], &function->vendor, &function->device))
		return wrong(reader, "a function is written: function ADDRESS CLASS VENDOR:DEVICE");
	function->class = class;
	return true;
}

static bool read_function_line(struct reader *reader, const char *line)
{
	struct machine_function *function = LAST(reader->model, function);
	cleanup_strlist struct strlist words = { 0 };
	const char *key, *value;
	unsigned number = 0;
	bool is_attribute, good = true;

	if (!take_attribute(reader, line, &function->attributes, &is_attribute))
		return false;
	if (is_attribute)
		return true;
	if (!split_words(reader, line, &words))
		return false;
	if (words.count != 2)
		return wrong(reader, "a line of a function is \"NAME = VALUE\" or one of: under, subsystem, revision, "
				     "driver, group, physical, without");
	key = words.items[0];
	value = words.items[1];
	if (!strcmp(key, "under"))
		good = function->has_parent = address_parse(value, &function->parent);
	else if (!strcmp(key, "physical"))
		good = function->has_physical = address_parse(value, &function->physical);
	else if (!strcmp(key, "subsystem"))
		good = machineword_ids(value, &function->subvendor, &function->subdevice);
	else if (!strcmp(key, "revision"))
		good = machineword_number(value, 16, 0xff, &number);
	else if (!strcmp(key, "group"))
		good = function->has_group = machineword_number(value, 10, INT_MAX, &function->group);
	else if (!strcmp(key, "driver") && !function->driver)
		function->driver = memory_string(value);
	else if (!strcmp(key, "without"))
		strlist_add_once(&function->without, value);
	else
		return wrong(reader, "a line of a function is \"NAME = VALUE\" or one of: under, subsystem, revision, "
				     "driver, group, physical, without");
	if (!strcmp(key, "revision"))
		function->revision = (uint8_t)number;
	return good || wrong(reader, "the value is not of the form that is wanted here");
}

static bool read_bus(struct reader *reader, const struct strlist *words)
{
	struct machine_bridge *bus = ADD(reader->model, bridge);
	char domain_part[9] = "";
	const char *colon = words->count == 3 ? strchr(words->items[1], ':') : NULL;
	unsigned domain, number;

	reader->owner = OWNER_NONE;
	if (!colon || colon - words->items[1] > 8)
		return wrong(reader, "a bus is written: bus DOMAIN:BUS PATH");
	memcpy(domain_part, words->items[1], (size_t)(colon - words->items[1]));
	if (!machineword_number(domain_part, 16, UINT_MAX, &domain) ||
	    !machineword_number(colon + 1, 16, 0xff, &number))
		return wrong(reader, "a bus is written: bus DOMAIN:BUS PATH");
	bus->domain = domain;
	bus->bus = (uint8_t)number;
	bus->path = memory_string(words->items[2]);
	return true;
}

static bool read_group(struct reader *reader, const struct strlist *words)
{
	struct machine_group *group = ADD(reader->model, group);

	reader->owner = OWNER_GROUP;
	group->line = reader->line;
	if (words->count != 2 || !machineword_number(words->items[1], 10, INT_MAX, &group->number))
		return wrong(reader, "a group is written: group NUMBER");
	return true;
}

static bool read_group_line(struct reader *reader, const char *line)
{
	bool is_attribute;

	if (!take_attribute(reader, line, &LAST(reader->model, group)->attributes, &is_attribute))
		return false;
	return is_attribute || wrong(reader, "a line of a group is \"NAME = VALUE\"");
}

static bool read_iommu(struct reader *reader, const struct strlist *words)
{
	reader->owner = OWNER_NONE;
	if (words->count != 2)
		return wrong(reader, "an IOMMU is written: iommu NAME");
	return strlist_add_once(&reader->model->iommus, words->items[1]) ||
	       wrong(reader, "this IOMMU is there already");
}

static bool read_device(struct reader *reader, const struct strlist *words)
{
	struct machine_device *device = ADD(reader->model, device);

	reader->owner = OWNER_DEVICE;
	device->line = reader->line;
	if (words->count != 3)
		return wrong(reader, "a device is written: device SUBSYSTEM PATH");
	device->subsystem = memory_string(words->items[1]);
	device->path = memory_string(words->items[2]);
	return true;
}

static bool read_device_line(struct reader *reader, const char *line)
{
	static const struct {
		const char *word;
		enum machine_link_kind kind;
		size_t words;
	} kinds[] = { { "slave", MACHINE_SLAVE, 2 }, { "lower", MACHINE_LOWER, 2 }, { "link", MACHINE_LINK, 3 } };
	struct machine_device *device = LAST(reader->model, device);
	cleanup_strlist struct strlist words = { 0 };
	bool is_attribute;

	if (!take_attribute(reader, line, &device->attributes, &is_attribute))
		return false;
	if (is_attribute)
		return true;
	if (!split_words(reader, line, &words))
		return false;
	for (size_t i = 0; i < array_size(kinds); i++) {
		if (strcmp(words.items[0], kinds[i].word) != 0 || words.count != kinds[i].words)
			continue;
		device->links = memory_grow(device->links, device->link_count, &device->link_capacity,
					    sizeof(*device->links));
		device->links[device->link_count++] = (struct machine_device_link){
			.kind = kinds[i].kind,
			.name = memory_string(words.items[1]),
			.path = words.count > 2 ? memory_string(words.items[2]) : NULL,
			.line = reader->line,
		};
		return true;
	}
	return wrong(reader,
		     "a line of a device is \"NAME = VALUE\", \"slave NAME\", \"lower NAME\" or \"link NAME PATH\"");
}

static bool read_kernel(struct reader *reader, const struct strlist *words)
{
	struct machine_kernel *kernel = ADD(reader->model, kernel);

	reader->owner = OWNER_KERNEL;
	kernel->line = reader->line;
	if (words->count < 2 || words->count > 3 || (words->count == 3 && strcmp(words->items[2], "running") != 0) ||
	    strchr(words->items[1], '/'))
		return wrong(reader, "a kernel is written: kernel RELEASE [running]");
	kernel->release = memory_string(words->items[1]);
	kernel->running = words->count == 3;
	for (size_t i = 0; kernel->running && i + 1 < reader->model->kernel_count; i++)
		if (reader->model->kernels[i].running)
			return wrong(reader, "only one kernel can be the running one");
	return true;
}

static void add_alias(struct reader *reader, struct machine_aliases *aliases, const struct strlist *words)
{
	aliases->items = memory_grow(aliases->items, aliases->count, &aliases->capacity, sizeof(*aliases->items));
	aliases->items[aliases->count++] = (struct machine_alias){
		.pattern = memory_string(words->items[1]),
		.module = memory_string(words->items[2]),
		.line = reader->line,
	};
}

static bool read_kernel_line(struct reader *reader, const char *line)
{
	struct machine_kernel *kernel = LAST(reader->model, kernel);
	cleanup_strlist struct strlist words = { 0 };
	cleanup_free char *rest = NULL;
	const char *key;

	if (!split_words(reader, line, &words))
		return false;
	key = words.items[0];
	if (!strcmp(key, "alias") && words.count == 3) {
		add_alias(reader, &kernel->aliases, &words);
	} else if (!strcmp(key, "builtin-alias") && words.count == 3) {
		add_alias(reader, &kernel->builtin_aliases, &words);
	} else if (words.count < 2 || words.count > WORD_LIMIT) {
		return wrong(reader, "a line of a kernel is one of: module, builtin, alias, builtin-alias, softdep");
	} else {
		struct strlist *list = !strcmp(key, "module")                        ? &kernel->modules
				       : !strcmp(key, "builtin") && words.count == 2 ? &kernel->builtins
				       : !strcmp(key, "softdep")                     ? &kernel->softdeps
										     : NULL;

		if (!list)
			return wrong(reader, "a line of a kernel is one of: module, builtin, alias, builtin-alias, "
					     "softdep");
		rest = strlist_join(&words, " ");
		strlist_add(list, rest + strlen(key) + 1);
	}
	return true;
}

static bool read_node(struct reader *reader, const struct strlist *words)
{
	struct machine_node *node = ADD(reader->model, node);
	const char *kind = words->items[0];
	unsigned mode = 0;

	node->line = reader->line;
	node->mode = 0644;
	reader->owner = OWNER_NONE;
	if (!strcmp(kind, "link")) {
		node->kind = MACHINE_NODE_LINK;
		if (words->count != 3)
			return wrong(reader, "a link is written: link PATH TARGET");
		node->target = memory_string(words->items[2]);
	} else if (!strcmp(kind, "dir")) {
		node->kind = MACHINE_NODE_DIRECTORY;
		if (words->count != 2)
			return wrong(reader, "a directory is written: dir PATH");
	} else {
		reader->owner = OWNER_FILE;
		if (words->count < 2 || words->count > 4 ||
		    (words->count > 2 && !machineword_number(words->items[2], 8, 0777, &mode)) ||
		    (words->count > 3 && strcmp(words->items[3], "old") != 0))
			return wrong(reader, "a file is written: file PATH [MODE [old]]");
		if (words->count > 2)
			node->mode = mode;
		node->old = words->count > 3;
	}
	node->path = memory_string(words->items[1]);
	return true;
}

static bool read_file_line(struct reader *reader, const char *line)
{
	struct machine_node *node = LAST(reader->model, node);

	if (*line == '|') {
		text_append(&node->bytes, line + 1);
		text_append_char(&node->bytes, '\n');
		return true;
	}
	if (*line != '\\')
		return wrong(reader, "a line of a file begins with a tab and then | or \\");
	return machineword_unescape(line + 1, &node->bytes, NULL) ||
	       wrong(reader, "a backslash that begins no known escape");
}

static bool read_statement(struct reader *reader, const char *line)
{
	static const struct {
		const char *word;
		bool (*read)(struct reader *reader, const struct strlist *words);
	} statements[] = {
		{ "function", read_function }, { "bus", read_bus },	  { "group", read_group },
		{ "iommu", read_iommu },       { "device", read_device }, { "kernel", read_kernel },
		{ "file", read_node },	       { "link", read_node },	  { "dir", read_node },
	};
	cleanup_strlist struct strlist words = { 0 };

	if (!split_words(reader, line, &words))
		return false;
	if (!reader->versioned) {
		reader->versioned = words.count == 2 && !strcmp(words.items[0], "machine") &&
				    !strcmp(words.items[1], "1");
		return reader->versioned || wrong(reader, "this is no machine file: its first statement must be "
							  "\"machine 1\"");
	}
	for (size_t i = 0; i < array_size(statements); i++)
		if (!strcmp(words.items[0], statements[i].word))
			return statements[i].read(reader, &words);
	return wrong(reader,
		     "unknown statement; known are: function, bus, group, iommu, device, kernel, file, link, dir");
}

static bool read_belonging(struct reader *reader, const char *line)
{
	switch (reader->owner) {
	case OWNER_FUNCTION:
		return read_function_line(reader, line);
	case OWNER_GROUP:
		return read_group_line(reader, line);
	case OWNER_DEVICE:
		return read_device_line(reader, line);
	case OWNER_KERNEL:
		return read_kernel_line(reader, line);
	case OWNER_FILE:
		return read_file_line(reader, line);
	case OWNER_NONE:
		break;
	}
	return wrong(reader, "a line that begins with a tab must follow a statement that has such lines");
}

static bool read_line(struct reader *reader, const char *line)
{
	if (*line == '\t')
		return read_belonging(reader, line + 1);
	if (!*line || *line == '#')
		return true;
	return read_statement(reader, line);
}

static bool read_lines(struct reader *reader, const struct text *bytes)
{
	const char *at = text_string(bytes), *end = at + bytes->length;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((newline ? newline : end) - at);
		cleanup_free char *line = NULL;

		reader->line++;
		if (memchr(at, '\0', length))
			return wrong(reader, "a NUL byte: this is no text file");
		line = memory_string_n(at, length);
		if (!read_line(reader, line))
			return false;
		at += length + (newline != NULL);
	}
	return reader->versioned || wrong(reader, "this is no machine file: it is empty");
}

/* Two functions at one address: the later line is the one to name. */
static bool check_functions(struct reader *reader)
{
	struct machinemodel *model = reader->model;
	char address[ADDRESS_SIZE];

	if (model->function_count)
		qsort(model->functions, model->function_count, sizeof(*model->functions), by_address);
	for (size_t i = 1; i < model->function_count; i++) {
		const struct machine_function *a = &model->functions[i - 1], *b = &model->functions[i];

		if (!address_compare(a->address, b->address))
			return fault_input(reader->fault, reader->name, a->line > b->line ? a->line : b->line,
					   "a second function at %s", address_format(a->address, address));
	}
	return true;
}

bool machinemodel_read(const struct text *bytes, const char *name, struct machinemodel *ret, struct fault *fault)
{
	struct machinemodel model = { 0 };
	struct reader reader = { .model = &model, .name = name, .fault = fault };

	if (!read_lines(&reader, bytes) || !check_functions(&reader)) {
		machinemodel_done(&model);
		return false;
	}
	*ret = model;
	return true;
}
