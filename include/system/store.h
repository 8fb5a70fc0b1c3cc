/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The only writer (with store_attribute, store_copy and store_tree). What stands under a name
 * is never written into: new bytes are made beside it, the two are exchanged,
 * and what came out is compared with what was expected: a compare-and-swap.
 */
#ifndef VFIOCONF_SYSTEM_STORE_H
#define VFIOCONF_SYSTEM_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/strlist.h"
#include "system/place.h"
#include "system/root.h"

/*
 * Exchanges TEMPORARY and PLACE. EXPECTED is the digest of what must come out;
 * where it is something else both are put back and the fault is FAULT_CONFLICT.
 * Where the file system knows no exchange the old file is linked aside first.
 */
bool store_exchange(const struct place *place, const char *temporary, const char *expected, struct fault *fault);

/* Gives TEMPORARY the name of PLACE; FAULT_CONFLICT where that is taken by now. */
bool store_publish(const struct place *place, const char *temporary, struct fault *fault);

/* Takes PLACE away to TEMPORARY; EXPECTED as in store_exchange(). */
bool store_withdraw(const struct place *place, const char *temporary, const char *expected, struct fault *fault);

/* Gives TEMPORARY the name of PLACE, whatever stands there. */
bool store_replace(const struct place *place, const char *temporary, struct fault *fault);

/* After a crash within store_exchange() where there is no exchange: what was linked aside is TEMPORARY again. */
bool store_settle(const struct place *place, const char *temporary, struct fault *fault);

/* Removes NAME beside PLACE; that it is not there is no fault. */
bool store_discard(const struct place *place, const char *name, struct fault *fault);

/* Removes all names beside PLACE that begin with PREFIX. */
bool store_discard_all(const struct place *place, const char *prefix, struct fault *fault);

/* Makes the names in the directory of PLACE durable. */
bool store_sync(const struct place *place, struct fault *fault);

/* Makes the whole file system of PLACE readable for a boot loader, which replays no journal of it. */
bool store_flush(const struct place *place, struct fault *fault);

/* A frozen file system (a crash within store_flush() on XFS) would block whoever writes to it. */
void store_thaw(const struct place *place);

/* Whether BYTES more fit beside PLACE: tried with a file that never gets a name. *RET gets what is free. */
bool store_room(int directory, uint64_t bytes, uint64_t *ret);

/* The lock of STATE_DIRECTORY, made where it is missing. -1: errno, EWOULDBLOCK where it is held. The caller closes. */
int store_lock(int directory, const char *name);

/* Whether someone else holds the lock that store_lock() takes. */
bool store_lock_held(const struct root *root, const char *path);

/* A lock as dpkg takes them, by fcntl(2), on a file that must exist. -1: errno, EAGAIN where it is held. */
int store_lock_record(const struct root *root, const char *path);

#endif
