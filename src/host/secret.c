/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/secret.h"

#include <ctype.h>
#include <string.h>

#include "base/memory.h"

#define HIDDEN "hidden"

/* Found anywhere in the name of a kernel parameter. */
static const char *const secret_parts[] = { "password", "passwd", "passphrase", "secret", "credential", "superusers",
					     "username" };

/* Parameters that say who the computer is, where it is, or under which name it asks others to let it in. */
static const char *const private_names[] = {
	"rd.iscsi.", "iscsi_", "netroot", "nfsroot", "nfsaddrs", "ip", "nameserver", "rd.route", "rd.peerdns", "hostname",
	"systemd.hostname", "ds", "serial", "serialno", "boardrev",
};

/* File systems of the network, which name a server and may name a user. */
static const char *const remote[] = { "nfs:", "nfs4:", "cifs:", "iscsi:", "nbd:" };

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '.' || c == '_' || c == '-';
}

/* Whether NAME is WORD, ends in ".WORD", or, where WORD ends in "." or "_", begins so. */
static bool is_called(const char *name, const char *word)
{
	size_t length = strlen(name), wanted = strlen(word);

	if (strchr("._", word[wanted - 1]))
		return !strncasecmp(name, word, wanted);
	return length >= wanted && !strcasecmp(name + length - wanted, word) &&
	       (length == wanted || name[length - wanted - 1] == '.');
}

static bool is_private(const char *name)
{
	for (size_t i = 0; i < array_size(private_names); i++)
		if (is_called(name, private_names[i]))
			return true;
	return false;
}

static bool has_secret_part(const char *name)
{
	for (size_t i = 0; i < array_size(secret_parts); i++)
		if (strcasestr(name, secret_parts[i]))
			return true;
	return false;
}

static bool is_remote(const char *value)
{
	for (size_t i = 0; i < array_size(remote); i++)
		if (text_starts_with(value, remote[i]))
			return true;
	return strstr(value, "://") && strchr(value, '@') && !strchr(value, ' ');
}

/* "ip=dhcp" tells nothing; what has digits or several parts does. */
static bool tells(const char *value)
{
	return strpbrk(value, "0123456789:@/.") != NULL;
}

/* The length of the value at AT: in quotes to the quote that ends it, each of which may stand behind a backslash. */
static size_t value_length(const char *at, const char *end)
{
	const char *from = at;
	size_t escape = at < end && *at == '\\';
	char quote = at + escape < end ? at[escape] : ' ';

	if (quote == '"' || quote == '\'') {
		for (at += escape + 1; at < end && *at != '\n'; at++)
			if (*at == quote && (at[-1] == '\\') == (escape > 0))
				return (size_t)(at + 1 - from);
		return (size_t)(at - from);
	}
	while (at < end && !isspace((unsigned char)*at) && *at != '"' && *at != '\'')
		at++;
	return (size_t)(at - from);
}

/* The value at AT, if it is one to be hidden. A list of words in quotes is looked at word by word. */
static size_t hidden_length(const char *name, const char *at, const char *end)
{
	size_t length = value_length(at, end);
	cleanup_free char *value = memory_string_n(at, length);

	return has_secret_part(name) || (is_private(name) && tells(value)) || is_remote(value) ? length : 0;
}

bool secret_hide(const char *bytes, size_t length, struct text *ret)
{
	const char *at = bytes, *end = bytes + length;
	bool all = true;

	while (at < end) {
		const char *from = at;
		cleanup_free char *name = NULL;
		size_t hidden;

		while (at < end && is_name(*at))
			at++;
		name = memory_string_n(from, (size_t)(at - from));
		if (at == end || *at != '=')
			all = all && !has_secret_part(name);
		at += at < end;
		text_append_n(ret, from, (size_t)(at - from));
		hidden = at > from && at[-1] == '=' && *name ? hidden_length(name, at, end) : 0;
		if (hidden)
			text_append(ret, HIDDEN);
		at += hidden;
	}
	return all;
}
