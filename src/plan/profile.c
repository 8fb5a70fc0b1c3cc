/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/profile.h"

#include <ctype.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "edit/cmdline.h"

#define PROFILE_LIMIT ROOT_LIMIT_TEXT
#define NAME_LIMIT 32u        /* of a loader or a generator */
#define WORD_CHUNK 150u       /* bytes of a word on one line, so that inih's 200 hold */
#define DEVICE_PREFIX "device "

enum section { SECTION_NONE, SECTION_VFIOCONF, SECTION_OPTIONS, SECTION_APPLIED, SECTION_DEVICE, SECTION_COUNT };

/* Reading: inih cuts lines into names and values; what it would cut short or pass over in silence is refused before. */
struct parser {
	const char *name; /* of the file, for messages */
	const char *at, *end;
	unsigned line;
	bool indented;    /* the line begins with a blank: inih takes it for more of the value above */
	enum section section;
	unsigned sections; /* which were there, as bits */
	unsigned keys;     /* which were there in this section, as bits of its table */
	struct tick tick;  /* of the device section that is being read */
	struct selection selection;
	struct strlist added;
	char *loader, *generator; /* of the section of what is applied */
	bool applied;             /* that section may be there */
	unsigned failed;          /* the line of the first failure */
	struct fault *fault;
};

struct key {
	const char *name;
	bool (*set)(struct parser *parser, const char *value);
	bool continued; /* may go on in the next lines, and may be repeated */
};

#define refuse(parser, ...)                                                              \
	((parser)->failed = (parser)->line ? (parser)->line : 1,                         \
	 fault_input((parser)->fault, (parser)->name, (parser)->line, __VA_ARGS__))

static bool set_version(struct parser *parser, const char *value)
{
	if (!strcmp(value, "1"))
		return true;
	return refuse(parser, "this is a profile of version \"%s\", and this vfioconf reads version 1: "
			      "save it again with this vfioconf, or use the vfioconf that wrote it", value);
}

static bool read_switch(struct parser *parser, const char *key, const char *value, const char *off, const char *on,
			bool *ret)
{
	if (!strcmp(value, on) || !strcmp(value, off)) {
		*ret = !strcmp(value, on);
		return true;
	}
	return refuse(parser, "\"%s\" is no value for %s: write %s or %s", value, key, off, on);
}

static bool read_bind(struct parser *parser, const char *value, enum bind_mode *ret)
{
	return bind_mode_parse(value, ret) ||
	       refuse(parser, "\"%s\" is no value for bind: write auto, ids or address", value);
}

/* "grub-dropin": nothing that could mean anything else to anyone. */
static bool read_name(struct parser *parser, const char *key, const char *value, char **ret)
{
	if (strlen(value) > NAME_LIMIT || strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(value))
		return refuse(parser, "\"%s\" is no name of a %s: names are at most %u small letters, digits and "
				      "hyphens; vfioconf --check shows those of this machine", value, key, NAME_LIMIT);
	free(*ret);
	*ret = *value ? memory_string(value) : NULL;
	return true;
}

static bool set_bind(struct parser *parser, const char *value)
{
	return read_bind(parser, value, &parser->selection.bind);
}

static bool set_blacklist(struct parser *parser, const char *value)
{
	return read_switch(parser, "blacklist", value, "no", "safe", &parser->selection.blacklist);
}

static bool set_iommu(struct parser *parser, const char *value)
{
	return read_switch(parser, "iommu", value, "no", "yes", &parser->selection.iommu);
}

static bool set_passthrough(struct parser *parser, const char *value)
{
	return read_switch(parser, "iommu-passthrough", value, "no", "yes", &parser->selection.iommu_passthrough);
}

static bool set_menu_entry(struct parser *parser, const char *value)
{
	return read_switch(parser, "menu-entry", value, "no", "yes", &parser->selection.menu_entry);
}

static bool set_acs(struct parser *parser, const char *value)
{
	if (*value && !acs_override_valid(value))
		return refuse(parser, "\"%s\" is no value for acs-override: it takes downstream, multifunction and at "
				      "most %u of id:vvvv:dddd, with commas between them, or nothing at all",
			      value, ACS_OVERRIDE_IDS);
	parser->selection.acs_override = *value ? memory_string(value) : NULL;
	return true;
}

static bool set_adopt(struct parser *parser, const char *value)
{
	return read_switch(parser, "adopt", value, "no", "yes", &parser->selection.adopt);
}

static bool set_loader(struct parser *parser, const char *value)
{
	return read_name(parser, "loader", value, &parser->selection.loader);
}

static bool set_generator(struct parser *parser, const char *value)
{
	return read_name(parser, "generator", value, &parser->selection.generator);
}

static bool set_applied_loader(struct parser *parser, const char *value)
{
	return read_name(parser, "loader", value, &parser->loader);
}

static bool set_applied_generator(struct parser *parser, const char *value)
{
	return read_name(parser, "generator", value, &parser->generator);
}

static bool set_applied_word(struct parser *parser, const char *value)
{
	if (!cmdline_word_is_plain(value))
		return refuse(parser, "\"%s\" is nothing that vfioconf would have put on the kernel command line: the "
				      "file was edited or damaged", value);
	if (parser->indented && parser->added.count) {
		char **last = &parser->added.items[parser->added.count - 1];
		struct text whole = { 0 };

		text_printf(&whole, "%s%s", *last, value);
		free(*last);
		*last = text_take(&whole);
	} else {
		strlist_add(&parser->added, value);
	}
	return true;
}

/* Exactly "vvvv:dddd" in hexadecimal. */
static bool read_ids(struct parser *parser, const char *key, const char *value, uint16_t *first, uint16_t *second)
{
	static const char digits[] = "0123456789abcdefABCDEF";

	if (strlen(value) != 9 || strspn(value, digits) != 4 || value[4] != ':' || strspn(value + 5, digits) != 4)
		return refuse(parser, "\"%s\" is no value for %s: it takes two ids of four hexadecimal digits each, "
				      "such as 10de:13c2", value, key);
	*first = (uint16_t)strtoul(value, NULL, 16);
	*second = (uint16_t)strtoul(value + 5, NULL, 16);
	return true;
}

static bool set_device_id(struct parser *parser, const char *value)
{
	return read_ids(parser, "id", value, &parser->tick.vendor, &parser->tick.device);
}

static bool set_device_subsystem(struct parser *parser, const char *value)
{
	return read_ids(parser, "subsystem", value, &parser->tick.subvendor, &parser->tick.subdevice);
}

static bool set_device_group(struct parser *parser, const char *value)
{
	if (!*value || strlen(value) > 6 || strspn(value, "0123456789") != strlen(value))
		return refuse(parser, "\"%s\" is no number of an IOMMU group", value);
	parser->tick.group = atoi(value);
	return true;
}

static bool set_device_bind(struct parser *parser, const char *value)
{
	return read_bind(parser, value, &parser->tick.bind);
}

static const struct key vfioconf_keys[] = { { "version", set_version, false }, { NULL, NULL, false } };

static const struct key options_keys[] = {
	{ "bind", set_bind, false },
	{ "blacklist", set_blacklist, false },
	{ "iommu", set_iommu, false },
	{ "iommu-passthrough", set_passthrough, false },
	{ "menu-entry", set_menu_entry, false },
	{ "acs-override", set_acs, false },
	{ "adopt", set_adopt, false },
	{ "loader", set_loader, false },
	{ "generator", set_generator, false },
	{ NULL, NULL, false },
};

static const struct key applied_keys[] = {
	{ "loader", set_applied_loader, false },
	{ "generator", set_applied_generator, false },
	{ "word", set_applied_word, true },
	{ NULL, NULL, false },
};

static const struct key device_keys[] = {
	{ "id", set_device_id, false },
	{ "subsystem", set_device_subsystem, false },
	{ "group", set_device_group, false },
	{ "bind", set_device_bind, false },
	{ NULL, NULL, false },
};

static const struct {
	const char *name;
	const struct key *keys;
} sections[SECTION_COUNT] = {
	[SECTION_VFIOCONF] = { "vfioconf", vfioconf_keys },
	[SECTION_OPTIONS] = { "options", options_keys },
	[SECTION_APPLIED] = { "applied", applied_keys },
	[SECTION_DEVICE] = { "device", device_keys },
};

/* The end of a section: nothing that it must have may be missing. */
static bool close_section(struct parser *parser)
{
	char address[ADDRESS_SIZE];

	if (parser->section == SECTION_VFIOCONF && !parser->keys)
		return refuse(parser,
			      "the section [vfioconf] has no line \"version = 1\": this is not a whole profile");
	if (parser->section != SECTION_DEVICE)
		return true;
	if (!(parser->keys & 1u))
		return refuse(parser,
			      "the device %s above has no line \"id = vvvv:dddd\": without it nobody could tell "
			      "whether it is still the same device", address_format(parser->tick.address, address));
	selection_add(&parser->selection, &parser->tick);
	return true;
}

static bool open_device(struct parser *parser, const char *string)
{
	char buffer[ADDRESS_SIZE];
	struct address address;

	if (!address_parse(string, &address))
		return refuse(parser, "\"%s\" is no address of a PCI function: write it as in [device 0000:02:00.0]",
			      string);
	if (selection_find(&parser->selection, address))
		return refuse(parser, "the device %s is there a second time: delete one of the two sections",
			      address_format(address, buffer));
	parser->section = SECTION_DEVICE;
	parser->tick = (struct tick){ .address = address, .group = -1 };
	return true;
}

static bool open_section(struct parser *parser, const char *name)
{
	size_t section = SECTION_VFIOCONF;

	if (!close_section(parser))
		return false;
	parser->keys = 0;
	if (!parser->sections && strcmp(name, "vfioconf") != 0)
		return refuse(parser, "the first section is [%s]: a profile of vfioconf begins with [vfioconf] and "
				      "version = 1, so this is something else", name);
	if (text_starts_with(name, DEVICE_PREFIX))
		return open_device(parser, name + strlen(DEVICE_PREFIX));
	while (section < SECTION_DEVICE && strcmp(name, sections[section].name) != 0)
		section++;
	if (section == SECTION_DEVICE)
		return refuse(parser, "there is no section [%s] in a profile: its sections are [vfioconf], [options] "
				      "and [device ADDRESS]; correct it or delete it", name);
	if (section == SECTION_APPLIED && !parser->applied)
		return refuse(parser, "the section [applied] belongs in " APPLIED_PATH " alone: delete it to use "
				      "this file as a profile");
	if (parser->sections & 1u << section)
		return refuse(parser, "the section [%s] is there a second time: make one of the two", name);
	parser->sections |= 1u << section;
	parser->section = (enum section)section;
	return true;
}

/* A line that begins with "[": its name, and nothing but a comment behind it. */
static bool take_heading(struct parser *parser, const char *line)
{
	const char *end = strchr(line, ']');
	const char *rest = end ? end + 1 + strspn(end + 1, " \t\r\n") : NULL;
	cleanup_free char *name = NULL;

	if (!end)
		return refuse(parser, "the heading of this section has no \"]\"");
	if (*rest && *rest != ';' && *rest != '#')
		return refuse(parser, "there is something behind the \"]\" of this heading: put it on a line of its "
				      "own");
	name = memory_string_n(line + 1, (size_t)(end - line - 1));
	return open_section(parser, name);
}

/* inih's reader: one line at a time, so that the line of whatever it finds is known. */
static char *next_line(char *buffer, int size, void *stream)
{
	struct parser *parser = stream;
	const char *newline;
	size_t length;

	if (parser->failed || parser->at == parser->end)
		return NULL;
	parser->line++;
	newline = memchr(parser->at, '\n', (size_t)(parser->end - parser->at));
	if (!newline) {
		refuse(parser, "the last line has no newline at its end: the file was cut off; copy or save it again");
		return NULL;
	}
	length = (size_t)(newline - parser->at) + 1;
	if (length >= (size_t)size) {
		refuse(parser, "this line has %zu bytes, and at most %d can be read: make it shorter", length - 1,
		       size - 2);
		return NULL;
	}
	memcpy(buffer, parser->at, length);
	buffer[length] = '\0';
	parser->at += length;
	parser->indented = *buffer == ' ' || *buffer == '\t';
	if (*buffer == '[' && !take_heading(parser, buffer))
		return NULL;
	return buffer;
}

static bool unknown_key(struct parser *parser, const char *name)
{
	const struct key *keys = sections[parser->section].keys;
	cleanup_text struct text known = { 0 };

	for (size_t i = 0; keys[i].name; i++)
		text_printf(&known, "%s%s", i ? ", " : "", keys[i].name);
	return refuse(parser, "there is no key \"%s\" in [%s]: its keys are %s; correct it or delete the line", name,
		      sections[parser->section].name, text_string(&known));
}

static bool take_pair(struct parser *parser, const char *name, const char *value)
{
	const struct key *keys;
	size_t i = 0;

	if (parser->section == SECTION_NONE)
		return refuse(parser, "there is \"%s\" before any section: a profile of vfioconf begins with "
				      "[vfioconf] and version = 1, so this is something else", name);
	keys = sections[parser->section].keys;
	while (keys[i].name && strcmp(keys[i].name, name) != 0)
		i++;
	if (!keys[i].name)
		return unknown_key(parser, name);
	if (parser->indented && parser->keys && !keys[i].continued)
		return refuse(parser, "this line begins with a blank and so would go on with \"%s\" of the line above: "
				      "delete the blank", name);
	if (parser->keys & 1u << i && !keys[i].continued)
		return refuse(parser, "\"%s\" is there a second time in [%s]: delete one of the two lines", name,
			      sections[parser->section].name);
	parser->keys |= 1u << i;
	return keys[i].set(parser, value);
}

static int handle(void *user, const char *section, const char *name, const char *value)
{
	struct parser *parser = user;

	(void)section; /* inih cuts long ones; take_heading() has the whole */
	return parser->failed ? 0 : take_pair(parser, name, value);
}

/* What can be said of the bytes as a whole. */
static bool check_bytes(struct parser *parser, const struct text *bytes)
{
	const char *nul = bytes->length ? memchr(bytes->bytes, '\0', bytes->length) : NULL;

	if (bytes->length > PROFILE_LIMIT)
		return refuse(parser, "it has %zu bytes, and no profile has more than %u: this is something else",
			      bytes->length, PROFILE_LIMIT);
	if (!nul)
		return true;
	parser->line = 1;
	for (const char *at = bytes->bytes; at < nul; at++)
		parser->line += *at == '\n';
	return refuse(parser, "there is a NUL byte in this line: this is no text file, or it is damaged");
}

static bool parse(struct parser *parser, const struct text *bytes)
{
	static const char bom[] = "\xef\xbb\xbf";
	int bad;

	if (!check_bytes(parser, bytes))
		return false;
	parser->at = text_string(bytes);
	parser->end = parser->at + bytes->length;
	if (text_starts_with(parser->at, bom))
		parser->at += strlen(bom);
	bad = ini_parse_stream(next_line, parser, handle, parser);
	if (bad > 0 && (!parser->failed || (unsigned)bad < parser->failed)) {
		parser->line = (unsigned)bad;
		return refuse(parser, "this line is neither a [section], nor KEY = VALUE, nor a comment: correct it or "
				      "delete it");
	}
	if (parser->failed || !close_section(parser))
		return false;
	parser->line = 0;
	return parser->sections || refuse(parser, "there is nothing in it: a profile begins with [vfioconf] and "
						  "version = 1");
}

static void parser_done(struct parser *parser)
{
	selection_done(&parser->selection);
	strlist_done(&parser->added);
	free(parser->loader);
	free(parser->generator);
}

bool profile_parse(const char *name, const struct text *bytes, struct selection *ret, struct fault *fault)
{
	struct parser parser = { .name = name, .fault = fault };
	bool good;

	selection_init(&parser.selection);
	good = parse(&parser, bytes);
	if (good) {
		*ret = parser.selection;
		selection_init(&parser.selection);
	}
	parser_done(&parser);
	return good;
}

static void write_option(struct text *text, const char *key, const char *value)
{
	text_printf(text, value && *value ? "%s = %s\n" : "%s =\n", key, value);
}

void profile_write(const struct selection *selection, struct text *ret)
{
	char address[ADDRESS_SIZE];

	text_append(ret, "[vfioconf]\nversion = 1\n[options]\n");
	write_option(ret, "bind", bind_mode_word(selection->bind));
	write_option(ret, "blacklist", selection->blacklist ? "safe" : "no");
	write_option(ret, "iommu", selection->iommu ? "yes" : "no");
	write_option(ret, "iommu-passthrough", selection->iommu_passthrough ? "yes" : "no");
	write_option(ret, "menu-entry", selection->menu_entry ? "yes" : "no");
	write_option(ret, "acs-override", selection->acs_override);
	if (selection->adopt)
		write_option(ret, "adopt", "yes");
	if (selection->loader)
		write_option(ret, "loader", selection->loader);
	if (selection->generator)
		write_option(ret, "generator", selection->generator);
	for (size_t i = 0; i < selection->count; i++) {
		const struct tick *tick = &selection->ticks[i];

		text_printf(ret, "[" DEVICE_PREFIX "%s]\n", address_format(tick->address, address));
		text_printf(ret, "id = %04x:%04x\n", tick->vendor, tick->device);
		if (tick->subvendor || tick->subdevice)
			text_printf(ret, "subsystem = %04x:%04x\n", tick->subvendor, tick->subdevice);
		if (tick->group >= 0)
			text_printf(ret, "group = %d\n", tick->group);
		if (tick->bind != BIND_AUTO)
			write_option(ret, "bind", bind_mode_word(tick->bind));
	}
}

bool applied_is_ours(const struct text *bytes)
{
	return text_starts_with(text_string(bytes), APPLIED_HEADER);
}

bool applied_parse(const struct text *bytes, struct applied *ret, struct fault *fault)
{
	struct parser parser = { .name = APPLIED_PATH, .fault = fault, .applied = true };

	selection_init(&parser.selection);
	if (bytes && applied_is_ours(bytes) && !parse(&parser, bytes)) {
		parser_done(&parser);
		return false;
	}
	*ret = (struct applied){ .present = bytes != NULL,
				 .selection = parser.selection,
				 .added = parser.added,
				 .loader = parser.loader,
				 .generator = parser.generator };
	if (bytes)
		text_append_n(&ret->bytes, text_string(bytes), bytes->length);
	return true;
}

bool applied_read(const struct root *root, struct applied *ret, struct fault *fault)
{
	cleanup_text struct text bytes = { 0 };
	bool there;

	return root_read_if_there(root, APPLIED_PATH, PROFILE_LIMIT, &bytes, &there, fault) &&
	       applied_parse(there ? &bytes : NULL, ret, fault);
}

void applied_done(struct applied *applied)
{
	if (!applied)
		return;
	text_done(&applied->bytes);
	selection_done(&applied->selection);
	strlist_done(&applied->added);
	free(applied->loader);
	free(applied->generator);
	applied->present = false;
	applied->loader = applied->generator = NULL;
}

static void write_word(struct text *text, const char *word)
{
	size_t length = strlen(word);

	text_append(text, "word = ");
	for (size_t at = 0; at < length; at += WORD_CHUNK)
		text_printf(text, "%s%.*s\n", at ? "\t" : "", (int)WORD_CHUNK, word + at);
}

void applied_write(const struct selection *selection, const struct strlist *added, const char *loader,
		   const char *generator, struct text *ret)
{
	text_append(ret, APPLIED_HEADER);
	text_append(ret, "# \"vfioconf --remove\" takes all of it back, and this file too. Please do not edit it by "
			 "hand.\n");
	profile_write(selection, ret);
	text_append(ret, "[applied]\n");
	if (loader)
		write_option(ret, "loader", loader);
	if (generator)
		write_option(ret, "generator", generator);
	for (size_t i = 0; i < added->count; i++)
		write_word(ret, added->items[i]);
}
