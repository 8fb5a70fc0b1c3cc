/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/acs.h"

#include <string.h>

#define SYMBOLS_LIMIT (64u * 1024u * 1024u) /* 20 MB are usual with many modules loaded */

bool acs_override_known(const struct root *root)
{
	cleanup_text struct text symbols = { 0 };

	return root_read(root, "proc/kallsyms", SYMBOLS_LIMIT, &symbols, NULL) &&
	       strstr(text_string(&symbols), " pcie_acs_override");
}
