/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/foreign.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "edit/aside.h"
#include "edit/block.h"
#include "edit/cmdline.h"
#include "plan/foreign_line.h"
#include "plan/member.h"

#define DRIVERCTL_DIRECTORY "/etc/driverctl.d"
#define DRIVERCTL_ASIDE "vfioconf-" /* before the name of a file there that is set aside */

/* Files of lines. A directory has a suffix that its files must have. */
static const struct {
	const char *path, *suffix;
	enum line_syntax syntax;
} places[] = {
	{ "/etc/modprobe.d", ".conf", LINE_MODPROBE },
	{ "/etc/udev/rules.d", ".rules", LINE_UDEV },
	{ "/etc/modules-load.d", ".conf", LINE_MODULES },
	{ "/etc/modules", NULL, LINE_MODULES },
	{ "/etc/initramfs-tools/modules", NULL, LINE_MODULES },
};

/* Settings of generators that may name vfio-pci as a module to be put in or loaded early. */
static const struct {
	const char *path, *suffix;
	const char *keys[3];
} settings[] = {
	{ "/etc/dracut.conf.d", ".conf", { "force_drivers", "add_drivers" } },
	{ "/etc/dracut.conf", NULL, { "force_drivers", "add_drivers" } },
	{ "/etc/mkinitcpio.conf", NULL, { "MODULES" } },
	{ "/etc/mkinitcpio.conf.d", ".conf", { "MODULES" } },
};

/* Where scripts of the initramfs are: initramfs-tools runs those in the directories of a phase, if they may be run. */
static const char *const script_directories[] = {
	"/etc/initramfs-tools/scripts/init-top",      "/etc/initramfs-tools/scripts/init-premount",
	"/etc/initramfs-tools/scripts/local-top",     "/etc/initramfs-tools/scripts/nfs-top",
	"/etc/initramfs-tools/scripts/local-premount", "/etc/initramfs-tools/scripts/local-bottom",
	"/etc/initramfs-tools/scripts/init-bottom",   "/etc/initcpio/hooks",
};

void foreign_done(struct foreign *foreign)
{
	if (!foreign)
		return;
	for (size_t i = 0; i < foreign->count; i++) {
		free(foreign->items[i].path);
		free(foreign->items[i].text);
		strlist_done(&foreign->items[i].ids);
		strlist_done(&foreign->items[i].addresses);
	}
	free(foreign->items);
	*foreign = (struct foreign){ 0 };
}

/* Takes what ITEM owns. */
static void add(struct foreign *foreign, const struct foreign_item *item)
{
	foreign->items = memory_grow(foreign->items, foreign->count, &foreign->capacity, sizeof(*foreign->items));
	foreign->items[foreign->count++] = *item;
}

static void item_done(struct foreign_item *item)
{
	free(item->text);
	strlist_done(&item->ids);
	strlist_done(&item->addresses);
}

/* Whether a file of a directory of drop-ins goes by a name of ours. */
static bool is_ours(const char *name)
{
	static const char *const beginnings[] = { "vfioconf.", "zz-vfioconf.", "00-vfioconf." };

	for (size_t i = 0; i < array_size(beginnings); i++)
		if (text_starts_with(name, beginnings[i]))
			return true;
	return false;
}

/* Calls VISIT for PATH, or, where a suffix is given, for each file in it that has the suffix and is not ours. */
static void each_file(const struct root *root, const char *path, const char *suffix,
		      void (*visit)(const struct root *root, const char *path, void *data), void *data)
{
	cleanup_strlist struct strlist names = { 0 };

	if (!suffix)
		visit(root, path, data);
	else
		root_list(root, path, &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text file = { 0 };

		if (!text_ends_with(names.items[i], suffix) || *names.items[i] == '.' || is_ours(names.items[i]))
			continue;
		text_printf(&file, "%s/%s", path, names.items[i]);
		visit(root, text_string(&file), data);
	}
}

/* A file of lines while it is read, or edited. */
struct lines {
	enum line_syntax syntax;
	struct foreign *foreign; /* where they are gathered; NULL: they are edited */
	const char *path;
	const struct selection *selection;
	struct changeset *changeset;
};

/* The line above one that is set aside is what stays in force of that, and nobody else's. */
static void forget_rest(struct foreign *foreign, const char *rest)
{
	struct foreign_item *last = foreign->count ? &foreign->items[foreign->count - 1] : NULL;

	if (!last || last->kind != FOREIGN_EARLY || strcmp(last->text, rest) != 0)
		return;
	free(last->path);
	item_done(last);
	foreign->count--;
}

static bool judge(void *data, const struct aside_line *line, struct text *rest)
{
	struct lines *lines = data;
	struct foreign_item item = { .line = line->number, .aside = line->aside };
	bool aside;

	if (!foreign_line(lines->syntax, line->text, &item, rest)) {
		item_done(&item);
		text_reset(rest);
		return line->aside;
	}
	if (lines->foreign) {
		if (item.aside && rest->length)
			forget_rest(lines->foreign, text_string(rest));
		item.path = memory_string(lines->path);
		add(lines->foreign, &item);
		return false;
	}
	aside = foreign_goes_aside(&item, lines->selection, false);
	item_done(&item);
	return aside;
}

static void read_lines(const struct root *root, const char *path, void *data)
{
	cleanup_text struct text bytes = { 0 };
	struct lines *lines = data;

	lines->path = path;
	if (root_read(root, path, ROOT_LIMIT_TEXT, &bytes, NULL))
		aside_edit(&bytes, judge, lines, NULL);
}

/* The settings of generators: only lines that somebody else wrote, and only to show them. */
struct setting {
	const char *const *keys;
	struct foreign *foreign;
};

static bool names_vfio(const char *line, const char *const *keys)
{
	const char *start = line + strspn(line, " \t");
	size_t name = strspn(start, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");

	if (!strstr(start, "vfio-pci") && !strstr(start, "vfio_pci"))
		return false;
	for (size_t i = 0; keys[i]; i++)
		if (strlen(keys[i]) == name && !strncmp(start, keys[i], name) && strchr("+=", start[name]))
			return true;
	return false;
}

static void read_setting(const struct root *root, const char *path, void *data)
{
	cleanup_strlist struct strlist lines = { 0 };
	cleanup_text struct text bytes = { 0 };
	const struct setting *setting = data;

	if (!root_read(root, path, ROOT_LIMIT_TEXT, &bytes, NULL))
		return;
	strlist_split(&lines, text_string(&bytes), "\n");
	for (size_t i = 0; i < lines.count; i++)
		if (names_vfio(lines.items[i], setting->keys) && (!i || strcmp(lines.items[i - 1], BLOCK_MARK) != 0))
			add(setting->foreign, &(struct foreign_item){ .kind = FOREIGN_EARLY,
								      .path = memory_string(path),
								      .text = memory_string(lines.items[i]) });
}

static void read_script(const struct root *root, const char *path, void *data)
{
	cleanup_text struct text bytes = { 0 };
	struct foreign_item item = { .kind = FOREIGN_SCRIPT };
	struct stat status;

	if (!root_stat(root, path, &status) || !S_ISREG(status.st_mode) ||
	    (text_starts_with(path, "/etc/initramfs-tools/") && !(status.st_mode & 0111)) ||
	    !root_read(root, path, ROOT_LIMIT_TEXT, &bytes, NULL) || !strstr(text_string(&bytes), "vfio") ||
	    (!strstr(text_string(&bytes), "driver_override") && !strstr(text_string(&bytes), "new_id")))
		return;
	item.path = memory_string(path);
	item.text = memory_string("");
	foreign_addresses(text_string(&bytes), &item.addresses);
	add(data, &item);
}

/* driverctl writes the driver's name into a file named SUBSYSTEM-ADDRESS. */
static void read_driverctl(const struct root *root, struct foreign *foreign)
{
	cleanup_strlist struct strlist names = { 0 };
	char driver[64];

	if (!root_list(root, DRIVERCTL_DIRECTORY, &names, NULL))
		return;
	for (size_t i = 0; i < names.count; i++) {
		cleanup_text struct text path = { 0 };
		bool aside = text_starts_with(names.items[i], DRIVERCTL_ASIDE);
		const char *name = names.items[i] + (aside ? strlen(DRIVERCTL_ASIDE) : 0);
		struct foreign_item item = { .kind = FOREIGN_DRIVERCTL, .aside = aside, .understood = true };
		char buffer[ADDRESS_SIZE];
		struct address address;

		text_printf(&path, DRIVERCTL_DIRECTORY "/%s", names.items[i]);
		if (!text_starts_with(name, "pci-") || !address_parse(name + strlen("pci-"), &address) ||
		    !root_attribute(root, text_string(&path), driver, sizeof(driver)) || !*driver)
			continue;
		item.path = memory_string(text_string(&path));
		item.text = memory_string(driver);
		strlist_add(&item.addresses, address_format(address, buffer));
		add(foreign, &item);
	}
}

bool foreign_is_word(const char *word)
{
	static const char *const names[] = { "vfio-pci.ids=", "vfio_pci.ids=" };

	for (size_t i = 0; i < array_size(names); i++)
		if (text_starts_with(word, names[i]))
			return strchr(word + strlen(names[i]), ':');
	return false;
}

void foreign_add_words(const struct strlist *words, struct foreign *foreign)
{
	for (size_t i = 0; i < words->count; i++) {
		const char *inner = cmdline_aside(words->items[i]), *word = inner ? inner : words->items[i];
		struct foreign_item item = { .kind = FOREIGN_WORD, .aside = inner, .understood = true };

		if (!foreign_is_word(word))
			continue;
		item.text = memory_string(word);
		foreign_ids(strchr(word, '=') + 1, &item.ids);
		add(foreign, &item);
	}
}

void foreign_read(const struct root *root, struct foreign *ret)
{
	for (size_t i = 0; i < array_size(places); i++) {
		struct lines lines = { .syntax = places[i].syntax, .foreign = ret };

		each_file(root, places[i].path, places[i].suffix, read_lines, &lines);
	}
	read_driverctl(root, ret);
	for (size_t i = 0; i < array_size(script_directories); i++)
		each_file(root, script_directories[i], "", read_script, ret);
	for (size_t i = 0; i < array_size(settings); i++) {
		struct setting setting = { settings[i].keys, ret };

		each_file(root, settings[i].path, settings[i].suffix, read_setting, &setting);
	}
}

bool foreign_is_aside(const struct foreign *foreign)
{
	for (size_t i = 0; i < foreign->count; i++)
		if (foreign->items[i].aside)
			return true;
	return false;
}

static bool concerns_tick(const struct foreign_item *item, const struct selection *selection)
{
	struct address address;

	for (size_t i = 0; i < item->addresses.count; i++)
		if (address_parse(item->addresses.items[i], &address) && selection_find(selection, address))
			return true;
	return false;
}

bool foreign_goes_aside(const struct foreign_item *item, const struct selection *selection, bool words)
{
	if (!selection->adopt || selection_empty(selection) || !item->understood)
		return false;
	switch (item->kind) {
	case FOREIGN_IDS:
	case FOREIGN_INSTALL:
	case FOREIGN_SOFTDEP:
	case FOREIGN_RULE:
		return true;
	case FOREIGN_WORD:
		return words;
	case FOREIGN_DRIVERCTL:
		return foreign_is_vfio(item->text) || concerns_tick(item, selection);
	case FOREIGN_SCRIPT:
	case FOREIGN_EARLY:
		break;
	}
	return false;
}

static void propose_lines(const struct root *root, const char *path, void *data)
{
	cleanup_text struct text before = { 0 };
	cleanup_text struct text after = { 0 };
	struct lines *lines = data;

	if (!root_read(root, path, ROOT_LIMIT_TEXT, &before, NULL))
		return;
	aside_edit(&before, judge, lines, &after);
	changeset_file(lines->changeset, path, &before, &after, 0644,
		       "sets another set-up for vfio-pci aside, or gives it back");
}

/* The file under its other name, with the same bytes. */
static void propose_override(const struct root *root, const struct foreign_item *item, bool aside,
			     struct changeset *changeset)
{
	cleanup_text struct text bytes = { 0 };
	cleanup_text struct text to = { 0 };
	const char *name = strrchr(item->path, '/') + 1;

	if (aside == item->aside || !root_read(root, item->path, ROOT_LIMIT_TEXT, &bytes, NULL))
		return;
	text_printf(&to, DRIVERCTL_DIRECTORY "/%s%s", aside ? DRIVERCTL_ASIDE : "",
		    aside ? name : name + strlen(DRIVERCTL_ASIDE));
	if (!aside && root_exists(root, text_string(&to)))
		return;
	changeset_file(changeset, item->path, &bytes, NULL, 0644, aside ?
		       "sets an override of driverctl aside: it goes to a name that driverctl does not know" :
		       "gives an override of driverctl its own name back");
	changeset_file(changeset, text_string(&to), NULL, &bytes, 0644, aside ?
		       "keeps that override, to be given back" : "the override as it was");
}

void foreign_propose(const struct root *root, const struct foreign *foreign, const struct selection *selection,
		     struct changeset *changeset)
{
	for (size_t i = 0; i < array_size(places); i++) {
		struct lines lines = { .syntax = places[i].syntax, .selection = selection, .changeset = changeset };

		each_file(root, places[i].path, places[i].suffix, propose_lines, &lines);
	}
	for (size_t i = 0; i < foreign->count; i++)
		if (foreign->items[i].kind == FOREIGN_DRIVERCTL)
			propose_override(root, &foreign->items[i],
					 foreign_goes_aside(&foreign->items[i], selection, false), changeset);
}

static bool id_matches(const char *id, const struct function *function)
{
	unsigned long fields[4] = { 0, 0, 0xffffffff, 0xffffffff };
	size_t count = 0;
	char *end;

	for (const char *at = id; count < array_size(fields); at = end + 1) {
		fields[count++] = strtoul(at, &end, 16);
		if (end == at || (*end && *end != ':'))
			return false;
		if (!*end)
			break;
	}
	return count >= 2 && fields[0] == function->vendor && fields[1] == function->device &&
	       (fields[2] == 0xffffffff || fields[2] == function->subvendor) &&
	       (fields[3] == 0xffffffff || fields[3] == function->subdevice);
}

static bool sends(const struct foreign_item *item, const struct function *function)
{
	char address[ADDRESS_SIZE];

	if (item->kind == FOREIGN_DRIVERCTL && !foreign_is_vfio(item->text))
		return false;
	for (size_t i = 0; i < item->ids.count; i++)
		if (id_matches(item->ids.items[i], function))
			return true;
	return strlist_has(&item->addresses, address_format(function->address, address));
}

void foreign_tick(const struct foreign *foreign, const struct host *host, struct selection *selection)
{
	for (size_t i = 0; i < host->function_count; i++)
		for (size_t j = 0; j < foreign->count && member_tickable(&host->functions[i]); j++)
			if (!foreign->items[j].aside && sends(&foreign->items[j], &host->functions[i])) {
				selection_tick(selection, host, &host->functions[i]);
				break;
			}
}
