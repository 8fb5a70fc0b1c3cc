/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of this program as JSON values. */
#ifndef VFIOCONF_UI_CLI_JSON_H
#define VFIOCONF_UI_CLI_JSON_H

#include <json-c/json_object.h>

#include "base/address.h"
#include "base/finding.h"
#include "base/strlist.h"
#include "cli/cli.h"
#include "host/host.h"

/*
 * A string, or null for NULL. Line feeds, tabs and carriage returns are kept;
 * other control characters and bytes that are not UTF-8 are made visible, since JSON has no form for
 * the latter and a reader may well print what it gets.
 */
struct json_object *json_text(const char *string);
struct json_object *json_bytes(const char *bytes, size_t length);
struct json_object *json_address(struct address address);
struct json_object *json_strings(const struct strlist *list);
struct json_object *json_findings(const struct findings *findings);
struct json_object *json_function(const struct function *function, const char *address, bool ticked);

/* Takes VALUE over and adds it under a name that is a literal. */
void json_put(struct json_object *object, const char *name, struct json_object *value);

/* Prints one value and a line feed, over several lines where PRETTY is true, and frees it. */
void json_print(const struct cli *cli, struct json_object *value, bool pretty);

#endif
