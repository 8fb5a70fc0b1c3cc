/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree as a list of rows: groups and their functions, less what is folded or filtered away. */
#ifndef VFIOCONF_UI_TUI_ROWS_H
#define VFIOCONF_UI_TUI_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "host/host.h"
#include "plan/profile.h"
#include "plan/selection.h"

enum row_kind { ROW_GROUP, ROW_FUNCTION };

#define ROW_NONE ((size_t)-1)

struct row {
	enum row_kind kind;
	size_t group;    /* index into host.groups; host.group_count: functions without a group */
	size_t function; /* index into host.functions; ROW_NONE for a group */
	bool last;       /* the last member that is shown of its group */
};

/* Initialise with { 0 }. */
struct rows {
	struct row *items;
	size_t count, capacity;
	bool *folded; /* one for each group, and one for the functions without a group */
	size_t folded_count;
};

void rows_done(struct rows *rows); /* accepts NULL */

/* Makes the rows of HOST. FILTER "" shows everything; folds count only while nothing is filtered. */
void rows_build(struct rows *rows, const struct host *host, const char *filter);

/* The numbers of the groups that are folded (the caller frees *RET), and folding exactly those of a host read anew. */
size_t rows_folded(const struct rows *rows, const struct host *host, unsigned **ret);
void rows_fold_numbers(struct rows *rows, const struct host *host, const unsigned *numbers, size_t count);

/* The row of a function or, where it is hidden, of its group; of a group where FUNCTION is ROW_NONE. ROW_NONE: neither.
 */
size_t rows_find(const struct rows *rows, size_t group, size_t function);

/* Whether the machine's functions stand in groups at all. */
bool rows_grouped(const struct host *host);

/* The members of a row's group (host.group_count: those without one). The caller frees *RET. Returns how many. */
size_t rows_members(const struct host *host, size_t group, size_t **ret);

/* Whether anything by which a function can be found holds NEEDLE, in either case. */
bool rows_match(const struct host *host, size_t function, const char *needle);

/* "02:00.0", with the domain only where the machine has more than one. BUFFER has ADDRESS_SIZE bytes. */
const char *rows_address(const struct host *host, struct address address, char *buffer);

/* "VGA", "Audio", "USB" ...: what kind of function it is, in at most 6 columns. */
const char *rows_class(const struct function *function);

/* "disk net screen input", as far as it is so; "" where the host does not need it. BUFFER has 32 bytes. */
const char *rows_uses(const struct function *function, char *buffer);

/*
 * The driver that the function will have at the next boot, where that is not
 * the one that it has: "vfio-pci" where it is ticked, its own where it was applied and is no longer ticked. NULL: no
 * change.
 */
const char *rows_driver_next(const struct function *function, const struct selection *selection,
			     const struct selection *applied);

/* Why a function that cannot go to a guest cannot be ticked, in words. */
const char *rows_refusal(const struct function *function);

/* Whether a driver name is vfio-pci's: bound already. */
bool rows_bound(const struct function *function);

#endif
