/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The manual's tables of boot loaders and of initramfs generators are those of the code: what stands between the two
 * comments of each is made here from the rows. GENERATE=1 writes it anew. A list, since mandoc(1) knows no line breaks
 * in what tbl(1) lays out.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "boot/loader.h"
#include "initramfs/initramfs.h"
#include "system/root.h"

#define MANUAL "ui/vfioconf.8"
#define BEGINNING ".\\\" The table of %s is made by GENERATE=1 build/tests/unit/test_manual.\n"
#define END ".\\\" End of the table.\n"

/* The columns of one row, whichever table it is in. */
struct entry {
	const char *name, *label, *systems, *files, *apply;
	struct proven proven;
};

/* Plain text as roff: hyphens that can be copied, and paths that may be broken after a slash. */
static void put(struct text *text, const char *string)
{
	for (const char *at = string; *at; at++) {
		if (*at == '-')
			text_append(text, "\\-");
		else if (*at == '\\')
			text_append(text, "\\e");
		else if (*at == '/' && at != string && at[-1] != ' ' && at[1] && at[1] != ' ')
			text_append(text, "/\\:");
		else
			text_append_char(text, *at);
	}
}

static void put_line(struct text *text, const char *title, const char *string)
{
	text_printf(text, ".br\n%s: ", title);
	put(text, string);
	text_append(text, "\n");
}

static void put_proven(struct text *text, const struct proven *proven)
{
	text_append(text, ".br\nProven: ");
	if (proven->booted) {
		text_append(text, "booted with ");
		put(text, proven->booted);
	}
	if (proven->run) {
		text_append(text, proven->booted ? "; real tool of " : "real tool of ");
		put(text, proven->run);
	}
	if (!proven->booted && !proven->run)
		text_append(text, proven->nothing ? "writes nothing" : "documented format");
	text_append(text, "\n");
}

static void put_entry(struct text *text, const struct entry *entry)
{
	text_append(text, ".TP\n.B ");
	put(text, entry->name);
	text_append(text, "\n");
	put(text, entry->label);
	text_append(text, "\n");
	put_line(text, "On", entry->systems);
	put_line(text, "Writes", entry->files);
	put_line(text, "Runs", entry->apply);
	put_proven(text, &entry->proven);
}

static void begin_table(struct text *text)
{
	text_append(text, ".na\n");
}

static void end_table(struct text *text)
{
	text_append(text, ".ad\n");
}

static void loader_table(struct text *text)
{
	begin_table(text);
	for (size_t i = 0; loaders[i]; i++)
		put_entry(text, &(struct entry){ loaders[i]->name, loaders[i]->label, loaders[i]->systems,
						 loaders[i]->files, loaders[i]->apply, loaders[i]->proven });
	end_table(text);
}

static void generator_table(struct text *text)
{
	begin_table(text);
	for (size_t i = 0; generators[i]; i++)
		put_entry(text, &(struct entry){ generators[i]->name, generators[i]->label, generators[i]->systems,
						 generators[i]->files, generators[i]->apply, generators[i]->proven });
	end_table(text);
}

static char *read_manual(void)
{
	struct text bytes = { 0 };
	struct fault fault = { 0 };
	struct root *root;

	assert_true(root_open(".", &root, &fault));
	if (!root_read(root, MANUAL, ROOT_LIMIT_TEXT, &bytes, &fault))
		fail_msg("%s", fault.sentence);
	root_free(root);
	return text_take(&bytes);
}

static void write_manual(const struct text *text)
{
	FILE *file = fopen(MANUAL, "we");

	if (!file || fwrite(text_string(text), 1, text->length, file) != text->length || fclose(file))
		fail_msg("cannot write " MANUAL ": %s", strerror(errno));
}

/* What stands in the manual between the comments around the table WHAT has to be what TABLE makes. */
static void check_table(const char *what, void (*table)(struct text *text))
{
	cleanup_free char *manual = read_manual();
	cleanup_text struct text wanted = { 0 };
	cleanup_text struct text beginning = { 0 };
	cleanup_text struct text now = { 0 };
	char *start, *end;

	table(&wanted);
	text_printf(&beginning, BEGINNING, what);
	start = strstr(manual, text_string(&beginning));
	end = start ? strstr(start, END) : NULL;
	if (!end)
		fail_msg(MANUAL " has no place for the table of %s", what);
	start += beginning.length;
	text_append_n(&now, start, (size_t)(end - start));
	if (text_equal(&now, &wanted))
		return;
	if (!getenv("GENERATE"))
		fail_msg(MANUAL " does not say of the %s what the code does (GENERATE=1 writes it anew):\n%s", what,
			 text_string(&wanted));
	text_reset(&now);
	text_append_n(&now, manual, (size_t)(start - manual));
	text_append(&now, text_string(&wanted));
	text_append(&now, end);
	write_manual(&now);
}

static void the_manual_says_of_boot_loaders_what_the_code_does(void **state)
{
	(void)state;
	check_table("boot loaders", loader_table);
}

static void the_manual_says_of_generators_what_the_code_does(void **state)
{
	(void)state;
	check_table("initramfs generators", generator_table);
}

static void complete(const struct entry *entry)
{
	const char *const all[] = { entry->name, entry->label, entry->systems, entry->files, entry->apply };

	for (size_t i = 0; i < array_size(all); i++)
		if (!all[i] || !*all[i])
			fail_msg("column %zu of the row \"%s\" is empty", i, entry->name ? entry->name : "?");
	/* A guest that is booted runs the real tool. */
	assert_true(!entry->proven.booted || *entry->proven.booted);
	assert_true(!entry->proven.run || *entry->proven.run);
}

static void every_row_says_who_has_it_and_what_it_does(void **state)
{
	(void)state;
	for (size_t i = 0; loaders[i]; i++)
		complete(&(struct entry){ loaders[i]->name, loaders[i]->label, loaders[i]->systems, loaders[i]->files,
					  loaders[i]->apply, loaders[i]->proven });
	for (size_t i = 0; generators[i]; i++)
		complete(&(struct entry){ generators[i]->name, generators[i]->label, generators[i]->systems,
					  generators[i]->files, generators[i]->apply, generators[i]->proven });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_says_who_has_it_and_what_it_does),
		cmocka_unit_test(the_manual_says_of_boot_loaders_what_the_code_does),
		cmocka_unit_test(the_manual_says_of_generators_what_the_code_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
