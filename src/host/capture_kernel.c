/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/capture_kernel.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "host/machinewrite.h"
#include "host/modules.h"

struct capture {
	const struct root *root;
	const struct host *host;
	struct strlist names; /* of the modules that matter, sorted */
	struct text *out;
};

/* "kernel/drivers/vfio/pci/vfio-pci.ko.xz: ..." is vfio_pci. */
static void name_of_file(const char *line, size_t length, char *buffer, size_t size)
{
	size_t start = length, used = 0;

	while (start && line[start - 1] != '/')
		start--;
	for (; start < length && line[start] != '.' && used + 1 < size; start++)
		buffer[used++] = line[start] == '-' ? '_' : line[start];
	buffer[used] = '\0';
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool matters(const struct capture *capture, const char *name)
{
	return strstr(name, "vfio") || (capture->names.count &&
					bsearch(&name, capture->names.items, capture->names.count,
						sizeof(*capture->names.items), by_bytes));
}

static void collect_names(struct capture *capture)
{
	struct strlist all = { 0 };

	for (size_t i = 0; i < capture->host->function_count; i++)
		for (size_t j = 0; j < capture->host->functions[i].candidate_count; j++)
			strlist_add(&all, capture->host->functions[i].candidates[j].name);
	strlist_sort(&all);
	for (size_t i = 0; i < all.count; i++)
		if (!i || strcmp(all.items[i], all.items[i - 1]) != 0)
			strlist_add(&capture->names, all.items[i]);
	strlist_done(&all);
}

static bool read_lines(const struct capture *capture, const char *release, const char *file, struct strlist *ret)
{
	cleanup_text struct text path = { 0 }, bytes = { 0 };

	text_printf(&path, "lib/modules/%s/%s", release, file);
	if (!root_read(capture->root, path.bytes, ROOT_LIMIT_GENERATED, &bytes, NULL))
		return false;
	strlist_split(ret, text_string(&bytes), "\n");
	return true;
}

/* Adds to NEEDED the files that the modules which matter need, as modules.dep lists them: all, not only the next. */
static void collect_needed(const struct capture *capture, const struct strlist *lines, struct strlist *needed)
{
	for (size_t i = 0; i < lines->count; i++) {
		size_t colon = strcspn(lines->items[i], ":");
		char name[NAME_MAX];

		name_of_file(lines->items[i], colon, name, sizeof(name));
		if (matters(capture, name) && lines->items[i][colon])
			strlist_split(needed, lines->items[i] + colon + 1, " ");
	}
	strlist_sort(needed);
}

static void capture_module(const struct capture *capture, const char *line, size_t colon)
{
	cleanup_free char *file = memory_string_n(line, colon);
	cleanup_strlist struct strlist needs = { 0 };

	text_append(capture->out, "\tmodule");
	machinewrite_word(capture->out, file);
	if (line[colon])
		strlist_split(&needs, line + colon + 1, " ");
	for (size_t i = 0; i < needs.count; i++) {
		char name[NAME_MAX];

		name_of_file(needs.items[i], strlen(needs.items[i]), name, sizeof(name));
		machinewrite_word(capture->out, name);
	}
	text_append_char(capture->out, '\n');
}

static void capture_modules(const struct capture *capture, const char *release)
{
	cleanup_strlist struct strlist lines = { 0 }, needed = { 0 };

	read_lines(capture, release, "modules.dep", &lines);
	collect_needed(capture, &lines, &needed);
	for (size_t i = 0; i < lines.count; i++) {
		size_t colon = strcspn(lines.items[i], ":");
		cleanup_free char *file = memory_string_n(lines.items[i], colon);
		char name[NAME_MAX];

		name_of_file(file, colon, name, sizeof(name));
		if (matters(capture, name) || (needed.count && bsearch(&file, needed.items, needed.count,
								       sizeof(*needed.items), by_bytes)))
			capture_module(capture, lines.items[i], colon);
	}
}

static void capture_builtins(const struct capture *capture, const char *release)
{
	cleanup_strlist struct strlist lines = { 0 };

	read_lines(capture, release, "modules.builtin", &lines);
	for (size_t i = 0; i < lines.count; i++) {
		char name[NAME_MAX];

		name_of_file(lines.items[i], strlen(lines.items[i]), name, sizeof(name));
		if (!matters(capture, name))
			continue;
		text_append(capture->out, "\tbuiltin");
		machinewrite_word(capture->out, lines.items[i]);
		text_append_char(capture->out, '\n');
	}
}

static void capture_softdeps(const struct capture *capture, const char *release)
{
	cleanup_strlist struct strlist lines = { 0 };

	read_lines(capture, release, "modules.softdep", &lines);
	for (size_t i = 0; i < lines.count; i++) {
		cleanup_strlist struct strlist words = { 0 };

		strlist_split(&words, lines.items[i], " \t");
		if (words.count < 3 || strcmp(words.items[0], "softdep") != 0 || !matters(capture, words.items[1]))
			continue;
		text_append(capture->out, "\tsoftdep");
		for (size_t j = 1; j < words.count; j++)
			machinewrite_word(capture->out, words.items[j]);
		text_append_char(capture->out, '\n');
	}
}

/* The patterns of the tables are thousands; of them what each function's own alias leads to, once. */
static void capture_aliases(const struct capture *capture)
{
	cleanup_strlist struct strlist said = { 0 };

	for (size_t i = 0; i < capture->host->function_count; i++) {
		const struct function *f = &capture->host->functions[i];
		char modalias[MODALIAS_SIZE];

		if (!f->candidate_count)
			continue;
		modules_alias(f, modalias);
		if (!strlist_add_once(&said, modalias))
			continue;
		for (size_t j = 0; j < f->candidate_count; j++)
			text_printf(capture->out, "\t%s %s %s\n", f->candidates[j].builtin ? "builtin-alias" : "alias",
				    modalias, f->candidates[j].name);
	}
}

void capture_kernels(const struct root *root, const struct host *host, struct text *out)
{
	struct capture capture = { .root = root, .host = host, .out = out };
	bool said = false;

	collect_names(&capture);
	for (size_t i = 0; i < host->kernels.count; i++) {
		const char *release = host->kernels.items[i];
		bool running = !strcmp(release, host->kernel_release);

		text_append(out, "kernel");
		machinewrite_word(out, release);
		text_append(out, running ? " running\n" : "\n");
		said = said || running;
		capture_modules(&capture, release);
		capture_builtins(&capture, release);
		if (running)
			capture_aliases(&capture);
		capture_softdeps(&capture, release);
	}
	if (!said && *host->kernel_release)
		text_printf(out, "file /proc/sys/kernel/osrelease\n\t|%s\n", host->kernel_release);
	strlist_done(&capture.names);
}
