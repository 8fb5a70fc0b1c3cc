/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/report.h"

#include <string.h>

#include <json-c/json.h>

#include "apply/preview.h"
#include "cli/json.h"

static void finding_lines(const struct cli *cli, const struct finding *finding, struct text *text)
{
	const char *severity = severity_word(finding->severity), *code = finding_code_word(finding->code);
	enum tone tone = finding->severity == SEVERITY_ERROR ? TONE_ERROR : TONE_WARNING;
	cleanup_text struct text first = { 0 };

	if (finding->severity == SEVERITY_NOTE)
		text_append(&first, severity);
	else
		cli_tone(cli, &first, tone, severity);
	text_printf(&first, " %s%s: ", code, finding->allowed ? " (overridden)" : "");
	cli_paragraph(cli, text, text_string(&first),
		      strlen(severity) + strlen(code) + (finding->allowed ? strlen(" (overridden)") : 0) + 3, "  ",
		      finding->message);
	if (finding->remedy)
		cli_paragraph(cli, text, "  -> ", 5, "     ", finding->remedy);
	if (finding->severity == SEVERITY_ERROR && !finding->allowed && finding_code_overridable(finding->code)) {
		cleanup_text struct text override = { 0 };

		text_printf(&override, "To go on in spite of it: --allow %s", code);
		cli_paragraph(cli, text, "     ", 5, "     ", text_string(&override));
	}
	/* What is to be copied stands alone and as it is, however narrow the terminal. */
	if (finding->paste)
		text_printf(text, "\n%s\n\n", finding->paste);
}

void report_findings(const struct cli *cli, const struct findings *findings, struct text *text)
{
	for (size_t i = 0; i < findings->count; i++)
		finding_lines(cli, &findings->items[i], text);
}

static const struct function_binding *binding_of(const struct report *report, struct address address)
{
	for (size_t i = 0; report->binding && i < report->binding->count; i++)
		if (!address_compare(report->binding->functions[i].address, address))
			return &report->binding->functions[i];
	return NULL;
}

/* "0000:02:00.0 NVIDIA ... [10de:13c2] by ids, since ..." for each tick; and who goes back to the host. */
static void functions(const struct cli *cli, const struct report *report, struct text *text)
{
	const struct selection *before = &cli->session->applied.selection;

	for (size_t i = 0; i < report->selection->count; i++) {
		const struct tick *tick = &report->selection->ticks[i];
		const struct function *function = host_find(cli->session->host, tick->address);
		const struct function_binding *binding = binding_of(report, tick->address);
		cleanup_free char *name = function ? function_describe(function) : NULL;
		cleanup_text struct text line = { 0 };
		char address[ADDRESS_SIZE];

		text_append(&line, name ? name : address_format(tick->address, address));
		if (binding)
			text_printf(&line, "; by %s: %s", bind_mode_word(binding->mode), binding->reason);
		cli_paragraph(cli, text, "to vfio-pci: ", 13, "  ", text_string(&line));
	}
	for (size_t i = 0; cli->session->applied.present && i < before->count; i++) {
		const struct function *function = host_find(cli->session->host, before->ticks[i].address);
		cleanup_free char *name = function ? function_describe(function) : NULL;
		char address[ADDRESS_SIZE];

		if (!selection_find(report->selection, before->ticks[i].address))
			cli_paragraph(cli, text, "back to the host: ", 18, "  ",
				      name ? name : address_format(before->ticks[i].address, address));
	}
}

/* The preview with colours by the first characters of each line. */
static void append_diff(const struct cli *cli, struct text *text, const char *diff)
{
	while (*diff) {
		size_t length = strcspn(diff, "\n");
		cleanup_free char *line = memory_string_n(diff, length);

		if (text_starts_with(line, "--- ") || text_starts_with(line, "+++ ") || line[0] == '#')
			cli_tone(cli, text, TONE_HEADING, line);
		else if (line[0] == '+' || line[0] == '-')
			cli_tone(cli, text, line[0] == '+' ? TONE_ADDED : TONE_REMOVED, line);
		else if (text_starts_with(line, "@@"))
			cli_tone(cli, text, TONE_PLACE, line);
		else
			text_append(text, line);
		text_append_char(text, '\n');
		diff += length + (diff[length] == '\n');
	}
}

static bool show_plain(const struct cli *cli, const struct report *report, struct fault *fault)
{
	cleanup_text struct text text = { 0 }, diff = { 0 };
	char digest[65];

	if (report->selection)
		functions(cli, report, &text);
	report_findings(cli, report->findings, &text);
	/* Who wanted to apply and may not is helped by the reasons; the diff would only carry them out of sight. */
	if (report->changed && (!report->refused || cli->options->dry_run)) {
		if (!preview_all(report->changeset, &diff, fault))
			return false;
		if (text.length)
			text_append_char(&text, '\n');
		append_diff(cli, &text, text_string(&diff));
		changeset_digest(report->changeset, digest);
		text_printf(&text, "\nDigest: %s\n", digest);
	}
	cli_print(cli, &text);
	return true;
}

static bool json_files(const struct changeset *changeset, struct json_object *array, struct fault *fault)
{
	for (size_t i = 0; i < changeset->file_count; i++) {
		const struct file_change *change = &changeset->files[i];
		struct json_object *object = json_object_new_object();
		cleanup_text struct text diff = { 0 };

		json_object_array_add(array, object);
		if (!preview_file(change, &diff, fault))
			return false;
		json_put(object, "path", json_text(change->path));
		json_put(object, "change", json_text(change_kind_word(change->kind)));
		json_put(object, "diff", json_bytes(text_string(&diff), diff.length));
		json_put(object, "why", json_text(change->why));
	}
	return true;
}

/* The words as they are shown everywhere: the name of a temporary file, which is made up later, is none of them. */
static struct json_object *json_argv(const struct command *command)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < command->argv.count; i++) {
		const char *word = command->argv.items[i];

		json_object_array_add(array,
				      json_text(command->output && !strcmp(word, COMMAND_OUTPUT) ? command->output : word));
	}
	return array;
}

static struct json_object *json_commands(const struct changeset *changeset)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < changeset->command_count; i++) {
		struct json_object *object = json_object_new_object();

		json_put(object, "argv", json_argv(&changeset->commands[i]));
		json_put(object, "why", json_text(changeset->commands[i].why));
		json_object_array_add(array, object);
	}
	return array;
}

static struct json_object *json_bindings(const struct report *report)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; report->binding && i < report->binding->count; i++) {
		const struct function_binding *binding = &report->binding->functions[i];
		struct json_object *object = json_object_new_object();

		json_put(object, "address", json_address(binding->address));
		json_put(object, "bind", json_text(bind_mode_word(binding->mode)));
		json_put(object, "reason", json_text(binding->reason));
		json_object_array_add(array, object);
	}
	return array;
}

static bool show_json(const struct cli *cli, const struct report *report, struct fault *fault)
{
	struct json_object *object = json_object_new_object(), *files = json_object_new_array();
	char digest[65];

	json_put(object, "refused", json_object_new_boolean(report->refused));
	json_put(object, "changed", json_object_new_boolean(report->changed));
	json_put(object, "reboot", json_object_new_boolean(report->reboot));
	json_put(object, "findings", json_findings(report->findings));
	json_put(object, "files", files);
	json_put(object, "commands", json_commands(report->changeset));
	json_put(object, "bindings", json_bindings(report));
	changeset_digest(report->changeset, digest);
	json_put(object, "digest", json_text(digest));
	if (!json_files(report->changeset, files, fault)) {
		json_object_put(object);
		return false;
	}
	json_print(cli, object, true);
	return true;
}

bool report_show(const struct cli *cli, const struct report *report, struct fault *fault)
{
	return cli->options->json ? show_json(cli, report, fault) : show_plain(cli, report, fault);
}
