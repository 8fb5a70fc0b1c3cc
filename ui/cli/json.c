/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/json.h"

#include <string.h>

#include <json-c/json.h>

#include "base/text.h"

/* json-c gives NULL only where there is no memory left; see base/memory.h. */
static struct json_object *sure(struct json_object *value)
{
	if (!value)
		abort();
	return value;
}

struct json_object *json_bytes(const char *bytes, size_t length)
{
	cleanup_text struct text safe = { 0 };

	for (size_t at = 0; at < length;) {
		size_t run = 0;

		while (at + run < length && !strchr("\n\t\r", bytes[at + run]))
			run++;
		/* strchr() finds the NUL of its list too: a NUL byte ends the run and goes on its own below. */
		text_append_visible(&safe, bytes + at, run, false);
		at += run;
		if (at == length)
			break;
		if (bytes[at])
			text_append_char(&safe, bytes[at]);
		else
			text_append_visible(&safe, bytes + at, 1, false);
		at++;
	}
	return sure(json_object_new_string_len(text_string(&safe), (int)safe.length));
}

struct json_object *json_text(const char *string)
{
	return string ? json_bytes(string, strlen(string)) : NULL;
}

static struct json_object *hex(unsigned value, int digits)
{
	char buffer[16];

	snprintf(buffer, sizeof(buffer), "%0*x", digits, value);
	return sure(json_object_new_string(buffer));
}

struct json_object *json_address(struct address address)
{
	char buffer[ADDRESS_SIZE];

	return sure(json_object_new_string(address_format(address, buffer)));
}

struct json_object *json_strings(const struct strlist *list)
{
	struct json_object *array = sure(json_object_new_array());

	for (size_t i = 0; i < list->count; i++)
		json_object_array_add(array, json_text(list->items[i]));
	return array;
}

static struct json_object *one_finding(const struct finding *finding)
{
	struct json_object *object = sure(json_object_new_object());
	struct json_object *functions = sure(json_object_new_array());

	for (size_t i = 0; i < finding->function_count; i++)
		json_object_array_add(functions, json_address(finding->functions[i]));
	json_put(object, "code", json_text(finding_code_word(finding->code)));
	json_put(object, "severity", json_text(severity_word(finding->severity)));
	if (finding->allowed)
		json_put(object, "allowed", json_object_new_boolean(true));
	json_put(object, "functions", functions);
	json_put(object, "message", json_text(finding->message));
	json_put(object, "remedy", json_text(finding->remedy));
	json_put(object, "paste", json_text(finding->paste));
	return object;
}

struct json_object *json_findings(const struct findings *findings)
{
	struct json_object *array = sure(json_object_new_array());

	for (size_t i = 0; i < findings->count; i++)
		json_object_array_add(array, one_finding(&findings->items[i]));
	return array;
}

static struct json_object *uses(const struct function *function)
{
	struct json_object *array = sure(json_object_new_array());

	for (size_t i = 0; i < function->use_count; i++) {
		struct json_object *use = sure(json_object_new_object());

		json_put(use, "kind", json_text(use_word(function->uses[i].kind)));
		json_put(use, "vital", json_object_new_boolean(function->uses[i].vital));
		json_put(use, "what", json_text(function->uses[i].what));
		json_object_array_add(array, use);
	}
	return array;
}

struct json_object *json_function(const struct function *function, const char *address, bool ticked)
{
	struct json_object *object = sure(json_object_new_object());
	struct json_object *modules = sure(json_object_new_array());
	char subsystem[16], name[512];

	for (size_t i = 0; i < function->candidate_count; i++)
		json_object_array_add(modules, json_text(function->candidates[i].name));
	snprintf(subsystem, sizeof(subsystem), "%04x:%04x", function->subvendor, function->subdevice);
	snprintf(name, sizeof(name), "%s %s", function->vendor_name, function->device_name);
	json_put(object, "address", json_text(address));
	json_put(object, "class", hex(function->class >> 8, 4));
	json_put(object, "vendor", hex(function->vendor, 4));
	json_put(object, "device", hex(function->device, 4));
	json_put(object, "subsystem", json_text(subsystem));
	json_put(object, "revision", hex(function->revision, 2));
	json_put(object, "name", json_text(name));
	json_put(object, "driver", json_text(function->driver));
	json_put(object, "modules", modules);
	json_put(object, "bridge", json_object_new_boolean(function->bridge));
	json_put(object, "ticked", json_object_new_boolean(ticked));
	json_put(object, "uses", uses(function));
	return object;
}

void json_put(struct json_object *object, const char *name, struct json_object *value)
{
	json_object_object_add_ex(object, name, value,
				  JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_ADD_CONSTANT_KEY);
}

void json_print(const struct cli *cli, struct json_object *value, bool pretty)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE |
		    (pretty ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED : JSON_C_TO_STRING_PLAIN);

	fprintf(cli->out, "%s\n", json_object_to_json_string_ext(value, flags));
	json_object_put(value);
}
