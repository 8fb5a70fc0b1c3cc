/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/conf_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static int compare_versions(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

void conf_files(const struct root *root, const char *const *directories, size_t count, bool versions,
		struct strlist *ret)
{
	struct strlist lists[CONF_DIRECTORIES] = { 0 };
	cleanup_strlist struct strlist names = { 0 };

	for (size_t i = 0; i < count; i++) {
		root_list(root, directories[i], &lists[i], NULL);
		for (size_t j = 0; j < lists[i].count; j++)
			if (text_ends_with(lists[i].items[j], ".conf"))
				strlist_add_once(&names, lists[i].items[j]);
	}
	strlist_sort(&names);
	if (versions && names.count)
		qsort(names.items, names.count, sizeof(*names.items), compare_versions);
	for (size_t i = 0; i < names.count; i++)
		for (size_t j = 0; j < count; j++)
			if (strlist_has(&lists[j], names.items[i])) {
				strlist_printf(ret, "%s/%s", directories[j], names.items[i]);
				break;
			}
	for (size_t i = 0; i < count; i++)
		strlist_done(&lists[i]);
}

void conf_files_paste_first(const char *file, const char *directory, struct finding *finding)
{
	cleanup_text struct text paste = { 0 };
	cleanup_text struct text to = { 0 };

	text_append(&paste, "mv ");
	text_append_word(&paste, file);
	text_printf(&to, "%s/10-%s", directory, strrchr(file, '/') + 1);
	text_append_char(&paste, ' ');
	text_append_word(&paste, text_string(&to));
	finding_paste(finding, "%s", text_string(&paste));
}
