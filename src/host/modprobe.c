/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/modprobe.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <libkmod.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

#define NO_KERNEL ""
#define WORD_LIMIT 256u /* of one list of a softdep */

/* Of two files with one name the one in the directory that stands first here counts. */
static const char *const places[] = { "/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d",
				      "/usr/lib/modprobe.d", "/lib/modprobe.d" };

struct file {
	char *name, *path; /* path: NULL where nothing is read, and none of that name in a later directory either */
};

struct files {
	struct file *items;
	size_t count, capacity;
};

static bool is_known(const struct files *files, const char *name)
{
	for (size_t i = 0; i < files->count; i++)
		if (!strcmp(files->items[i].name, name))
			return true;
	return false;
}

static void add_file(const struct root *root, const char *directory, const char *name, struct files *files)
{
	cleanup_text struct text path = { 0 };
	struct stat status;
	bool there;

	if (*name == '.' || !text_ends_with(name, ".conf") || !strcmp(name, MODPROBE_OWN) || is_known(files, name))
		return;
	text_printf(&path, "%s/%s", directory, name);
	there = root_stat(root, text_string(&path), &status);
	if (there && S_ISDIR(status.st_mode))
		return;
	files->items = memory_grow(files->items, files->count, &files->capacity, sizeof(*files->items));
	/* A link to /dev/null takes a file of another directory out. */
	files->items[files->count++] = (struct file){
		.name = memory_string(name),
		.path = there && S_ISREG(status.st_mode) ? text_take(&path) : NULL,
	};
}

static int by_name(const void *a, const void *b)
{
	const struct file *x = a, *y = b;

	return strcmp(x->name, y->name);
}

void modprobe_files(const struct root *root, struct strlist *ret)
{
	struct files files = { 0 };

	for (size_t i = 0; i < array_size(places); i++) {
		cleanup_strlist struct strlist names = { 0 };

		root_list(root, places[i], &names, NULL);
		for (size_t j = 0; j < names.count; j++)
			add_file(root, places[i], names.items[j], &files);
	}
	if (files.count)
		qsort(files.items, files.count, sizeof(*files.items), by_name);
	for (size_t i = 0; i < files.count; i++) {
		if (files.items[i].path)
			strlist_add(ret, files.items[i].path);
		free(files.items[i].name);
		free(files.items[i].path);
	}
	free(files.items);
}

bool modprobe_is_before_ours(const char *path)
{
	const char *slash = strrchr(path, '/');

	return strcmp(slash ? slash + 1 : path, MODPROBE_OWN) < 0;
}

const char *modprobe_namesake(const struct root *root)
{
	static const char *const paths[] = { "/run/modprobe.d/" MODPROBE_OWN, "/usr/local/lib/modprobe.d/" MODPROBE_OWN,
					     "/usr/lib/modprobe.d/" MODPROBE_OWN, "/lib/modprobe.d/" MODPROBE_OWN };

	for (size_t i = 0; i < array_size(paths); i++)
		if (root_exists(root, paths[i]))
			return paths[i];
	return NULL;
}

/*
 * libkmod reads modprobe.d while it is being opened, before it can be told to
 * be quiet, and would write about a bad line to the terminal: for that long
 * standard error cannot be written to.
 */
static struct kmod_ctx *open_quietly(const char *directory, const char *const *configuration)
{
	int standard = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	cleanup_close int nowhere = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct kmod_ctx *kmod;

	if (standard >= 0 && nowhere >= 0)
		dup2(nowhere, STDERR_FILENO);
	kmod = kmod_new(directory, configuration);
	if (standard >= 0 && nowhere >= 0)
		dup2(standard, STDERR_FILENO);
	memory_close(&standard);
	return kmod;
}

struct kmod_ctx *modprobe_open(const struct root *root, const char *release, const struct strlist *files)
{
	cleanup_strlist struct strlist configuration = { 0 };
	cleanup_text struct text modules = { 0 };
	cleanup_free char *directory = NULL;
	cleanup_free char **vector = NULL;
	struct kmod_ctx *kmod;

	text_printf(&modules, "lib/modules/%s", release);
	directory = root_join(root, *release ? text_string(&modules) : "dev/null");
	for (size_t i = 0; i < files->count; i++) {
		cleanup_free char *path = root_join(root, files->items[i]);

		strlist_add(&configuration, path);
	}
	vector = strlist_vector(&configuration);
	kmod = open_quietly(directory, (const char *const *)vector);
	if (kmod)
		kmod_set_log_priority(kmod, LOG_EMERG);
	return kmod;
}

char *modprobe_normal(const char *name)
{
	char *normal = memory_string(name);
	bool bracket = false;

	for (char *c = normal; *c; c++) {
		bracket = *c == '[' || (bracket && *c != ']');
		if (*c == '-' && !bracket)
			*c = '_';
	}
	return normal;
}

/* The setting of MODULE, made where it is not there yet. Valid until the next is made. */
static struct module_setting *setting_of(struct host *host, const char *module)
{
	size_t capacity = host->setting_count;

	for (size_t i = 0; i < host->setting_count; i++)
		if (!strcmp(host->settings[i].module, module))
			return &host->settings[i];
	host->settings = memory_grow(host->settings, host->setting_count, &capacity, sizeof(*host->settings));
	host->settings[host->setting_count] = (struct module_setting){ .module = memory_string(module) };
	return &host->settings[host->setting_count++];
}

/* libkmod gives a softdep as "pre: realtek mdiopost: led", some with a blank before "post:"; no module has a colon. */
static void take_softdep(const char *value, struct strlist *pre, struct strlist *post)
{
	static const char before[] = "pre:", after[] = "post:";
	cleanup_strlist struct strlist words = { 0 };
	struct strlist *list = NULL;

	strlist_split(&words, value, " ");
	for (size_t i = 0; i < words.count; i++) {
		const char *word = words.items[i];
		bool last = text_ends_with(word, after);
		size_t length = strlen(word) - (last ? strlen(after) : 0);
		cleanup_free char *name = memory_string_n(word, length);

		if (!strcmp(word, before))
			list = pre;
		else if (list && *name && list->count < WORD_LIMIT)
			strlist_add_once(list, name);
		if (last)
			list = post;
	}
}

static void add_softdep(const char *value, struct module_setting *setting)
{
	setting->softdep = true;
	take_softdep(value, &setting->pre, &setting->post);
}

static void add_install(const char *value, struct module_setting *setting)
{
	setting->install = memory_string(value);
}

/* A softdep that has vfio-pci come first does no harm where ours does not count. */
static void add_overruling(const char *value, struct module_setting *setting)
{
	cleanup_strlist struct strlist pre = { 0 }, post = { 0 };

	take_softdep(value, &pre, &post);
	setting->overruled = !strlist_has(&pre, "vfio-pci") && !strlist_has(&pre, "vfio_pci");
}

/* What is asked of libkmod, for every module: of the entries that are for it the first is the one that it follows. */
struct question {
	const struct root *root;
	const struct strlist *modules;
	struct host *host;
	struct kmod_config_iter *(*entries)(const struct kmod_ctx *kmod);
	void (*note)(const char *value, struct module_setting *setting);
};

static void ask_for(const struct question *question, const struct kmod_ctx *kmod, const char *module)
{
	struct kmod_config_iter *iterator = question->entries(kmod);
	bool found = false;

	while (!found && kmod_config_iter_next(iterator))
		found = !fnmatch(kmod_config_iter_get_key(iterator), module, 0);
	if (found)
		question->note(kmod_config_iter_get_value(iterator), setting_of(question->host, module));
	kmod_config_iter_free_iter(iterator);
}

static void ask(const struct question *question, const char *release, const struct strlist *files)
{
	struct kmod_ctx *kmod = modprobe_open(question->root, release, files);

	if (!kmod)
		return;
	for (size_t i = 0; i < question->modules->count; i++)
		ask_for(question, kmod, question->modules->items[i]);
	kmod_unref(kmod);
}

void modprobe_read_settings(const struct root *root, const struct strlist *files, struct host *host)
{
	cleanup_strlist struct strlist modules = { 0 }, before = { 0 };
	struct question softdep = { root, &modules, host, kmod_config_get_softdeps, add_softdep };
	struct question install = { root, &modules, host, kmod_config_get_install_commands, add_install };
	struct question overruling = { root, &modules, host, kmod_config_get_softdeps, add_overruling };

	for (size_t i = 0; i < host->function_count; i++)
		for (size_t j = 0; j < host->functions[i].candidate_count; j++)
			strlist_add_once(&modules, host->functions[i].candidates[j].name);
	if (!modules.count)
		return;
	/* The softdep of a kernel's modules.softdep is the first, or one of a file, as the names of the files are. */
	for (size_t i = 0; i < host->kernels.count; i++)
		ask(&softdep, host->kernels.items[i], files);
	if (files->count)
		ask(&install, NO_KERNEL, files);
	for (size_t i = 0; i < files->count; i++)
		if (modprobe_is_before_ours(files->items[i]))
			strlist_add(&before, files->items[i]);
	if (before.count)
		ask(&overruling, NO_KERNEL, &before);
}
