/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/limine_files.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/text.h"
#include "boot/clue.h"
#include "boot/esp.h"
#include "edit/keyword.h"
#include "edit/refusal.h"

static const char *const directories[] = { "", "/limine", "/boot", "/boot/limine" };
static const char *const names[] = { "limine.conf", "limine.cfg" };

/* On a FAT that is mounted at /boot, /boot/efi is /boot/EFI, and the same files are found on two ways. */
static bool is_new(const struct root *root, const char *path, const struct strlist *found)
{
	struct stat status;

	if (!root_stat(root, path, &status) || !S_ISREG(status.st_mode))
		return false;
	for (size_t i = 0; i < found->count; i++)
		if (clue_same_file(root, path, found->items[i]))
			return false;
	return true;
}

static void add_if_new(const struct root *root, const char *directory, const char *name, struct strlist *found)
{
	cleanup_text struct text path = { 0 };

	text_printf(&path, "%s/%s", directory, name);
	if (is_new(root, text_string(&path), found))
		strlist_add(found, text_string(&path));
}

/* Appends the directories that the programs of boot loaders are in: "/boot/EFI/limine". */
static void program_directories(const struct root *root, const char *mount, struct strlist *ret)
{
	cleanup_strlist struct strlist entries = { 0 };
	cleanup_text struct text efi = { 0 };

	text_printf(&efi, "%s/EFI", mount);
	root_list(root, text_string(&efi), &entries, NULL);
	for (size_t i = 0; i < entries.count; i++) {
		cleanup_text struct text path = { 0 };

		text_printf(&path, "%s/%s", text_string(&efi), entries.items[i]);
		if (root_is_directory(root, text_string(&path)))
			strlist_add(ret, text_string(&path));
	}
}

void limine_configs(const struct root *root, struct strlist *ret)
{
	cleanup_strlist struct strlist mounts = { 0 };

	esp_mounts(root, &mounts);
	for (size_t i = 0; i < array_size(names) && !ret->count; i++)
		for (size_t j = 0; j < mounts.count; j++) {
			cleanup_strlist struct strlist places = { 0 };

			program_directories(root, mounts.items[j], &places);
			for (size_t k = 0; k < array_size(directories); k++) {
				cleanup_text struct text path = { 0 };

				text_printf(&path, "%s%s", mounts.items[j], directories[k]);
				strlist_add(&places, text_string(&path));
			}
			for (size_t k = 0; k < places.count; k++)
				add_if_new(root, places.items[k], names[i], ret);
		}
}

/* Whether a command makes the file anew that "boot():/initramfs-linux.img#0123..." names, wherever that is mounted. */
static bool is_made_anew(const struct root *root, const char *value, const struct changeset *changeset)
{
	const char *path = strstr(value, "):");
	cleanup_strlist struct strlist mounts = { 0 };
	cleanup_free char *name = NULL;

	path = path ? path + strlen("):") : value;
	name = memory_string_n(path, strcspn(path, "#"));
	esp_mounts(root, &mounts);
	for (size_t i = 0; i < mounts.count; i++) {
		cleanup_text struct text full = { 0 };

		text_printf(&full, "%s%s%s", mounts.items[i], *name == '/' ? "" : "/", name);
		if (changeset_rewrites(changeset, text_string(&full)))
			return true;
	}
	return changeset_rewrites(changeset, name);
}

/* Fills in the refusal for the first line with the checksum of an image that is made anew. */
static void find_stale_sum(const struct root *root, const struct text *bytes, const struct keyword_syntax *syntax,
			   const struct changeset *changeset, struct refusal *refusal)
{
	struct keyword_line line;
	size_t at = 0;

	while (keyword_next(bytes, syntax, &at, bytes->length, &line)) {
		cleanup_free char *value = keyword_value(bytes, &line);

		if (keyword_is(bytes, syntax, &line, "hash_mismatch_panic") && !strcasecmp(value, "no")) {
			refusal_done(refusal);
			return;
		}
		if (keyword_is(bytes, syntax, &line, "module_path") && strchr(value, '#') &&
		    is_made_anew(root, value, changeset))
			refusal_set(refusal, bytes, line.start, "the checksum of an image that is made anew, at which Limine "
								"stops when it is not right");
	}
}

static void check_images(const struct root *root, const char *config, const struct changeset *changeset,
			 struct findings *findings)
{
	const struct keyword_syntax syntax = { .ignore_case = true, .separator = text_ends_with(config, ".cfg") ? '=' : ':' };
	cleanup_refusal struct refusal refusal = { 0 };
	cleanup_text struct text bytes = { 0 };
	struct finding *finding;

	if (!root_read(root, config, ROOT_LIMIT_TEXT, &bytes, NULL))
		return;
	find_stale_sum(root, &bytes, &syntax, changeset, &refusal);
	if (!refusal.line)
		return;
	finding = refusal_finding(&refusal, config, findings);
	finding_remedy(finding, "Take the # and what follows off that line, or let Limine go on after a warning, with this "
				"line before the first entry; then plan again.");
	finding_paste(finding, "%s", syntax.separator == '=' ? "hash_mismatch_panic=no" : "hash_mismatch_panic: no");
}

/* Limine itself is smaller; kernels in the same directories are not. */
#define PROGRAM_LIMIT (4u * 1024 * 1024)
#define SUM_MARK "++CONFIG_B2SUM_SIGNATURE++"
#define SUM_DIGITS 128u

/* Whether PATH is a Limine that starts with one configuration alone: behind the mark are its checksum's digits, not 0s. */
static bool has_sum(const struct root *root, const char *path)
{
	cleanup_text struct text bytes = { 0 };
	const char *mark, *end;

	if (!root_read(root, path, PROGRAM_LIMIT, &bytes, NULL))
		return false;
	end = text_string(&bytes) + bytes.length;
	mark = memmem(text_string(&bytes), bytes.length, SUM_MARK, strlen(SUM_MARK));
	mark = mark ? mark + strlen(SUM_MARK) : end;
	if ((size_t)(end - mark) < SUM_DIGITS)
		return false;
	return strspn(mark, "0") < SUM_DIGITS;
}

static void check_program(const struct root *root, const char *path, const char *config, struct findings *findings)
{
	size_t length = strlen(path);
	cleanup_text struct text paste = { 0 };
	struct finding *finding;

	if (length < strlen(".efi") || strcasecmp(path + length - strlen(".efi"), ".efi") != 0 || !has_sum(root, path))
		return;
	finding = findings_add(findings, FINDING_LOADER_MANUAL, SEVERITY_ERROR,
			       "%s holds the checksum of its configuration, and Limine does not start with one that was "
			       "changed, as %s would be.", path, config);
	finding_remedy(finding, "Take it out first, with this command, and put that of the new file in after the apply.");
	text_append(&paste, "limine enroll-config --reset ");
	text_append_word(&paste, path);
	finding_paste(finding, "%s", text_string(&paste));
}

void limine_check_sums(const struct root *root, const struct strlist *configs, const struct changeset *changeset,
		       struct findings *findings)
{
	cleanup_strlist struct strlist mounts = { 0 };
	const char *changed = NULL;

	esp_mounts(root, &mounts);
	for (size_t i = 0; i < configs->count; i++) {
		check_images(root, configs->items[i], changeset, findings);
		if (changeset_find(changeset, configs->items[i]))
			changed = configs->items[i];
	}
	for (size_t i = 0; changed && i < mounts.count; i++) {
		cleanup_strlist struct strlist places = { 0 };

		program_directories(root, mounts.items[i], &places);
		for (size_t j = 0; j < places.count; j++) {
			cleanup_strlist struct strlist files = { 0 };

			root_list(root, places.items[j], &files, NULL);
			for (size_t k = 0; k < files.count; k++) {
				cleanup_text struct text path = { 0 };

				text_printf(&path, "%s/%s", places.items[j], files.items[k]);
				check_program(root, text_string(&path), changed, findings);
			}
		}
	}
}
