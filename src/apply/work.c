/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/work.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "system/store.h"

#define DPKG_LOCK "/var/lib/dpkg/lock-frontend"

static bool take_lock(struct work *work, struct fault *fault)
{
	work->lock = store_lock(work->state.descriptor, "lock");
	if (work->lock >= 0)
		return true;
	if (errno == EWOULDBLOCK)
		return fault_set(fault, FAULT_BUSY, STATE_DIRECTORY "/lock",
				 "another vfioconf is changing this machine, or a command that it started is still "
				 "running: wait until it has ended, then try again");
	return fault_system(fault, errno, STATE_DIRECTORY "/lock", "cannot take the lock " STATE_DIRECTORY "/lock");
}

/* Says it in words where it is only a matter of who asks. */
static bool say_who_may(struct fault *fault)
{
	if (fault && (fault->error == EACCES || fault->error == EPERM))
		fault_set(fault, FAULT_SYSTEM, STATE_DIRECTORY,
			  "only root can change the machine and see what was changed (%s cannot be used): run vfioconf "
			  "as root, for example through sudo",
			  STATE_DIRECTORY);
	return false;
}

bool work_open(const struct root *root, const struct apply_observer *observer, struct work *ret, struct fault *fault)
{
	struct work work = {
		.root = root,
		.observer = observer,
		.state = FOLDER_NONE,
		.transactions = FOLDER_NONE,
		.history = FOLDER_NONE,
		.active = FOLDER_NONE,
		.lock = -1,
		.frontend = -1,
		.log = LOG_NONE,
	};

	if (folder_make(root, STATE_DIRECTORY, &work.state, fault) && take_lock(&work, fault) &&
	    folder_make_below(&work.state, "txn", &work.transactions, fault) &&
	    folder_make_below(&work.state, "history", &work.history, fault) && folder_sync(&work.state, fault)) {
		*ret = work;
		return true;
	}
	work_done(&work);
	return say_who_may(fault);
}

void work_done(struct work *work)
{
	if (!work)
		return;
	journal_done(&work->journal);
	log_done(&work->log);
	folder_done(&work->active);
	folder_done(&work->history);
	folder_done(&work->transactions);
	folder_done(&work->state);
	strlist_done(&work->environment);
	strlist_done(&work->foreign);
	memory_close(&work->frontend);
	memory_close(&work->lock);
	work->lock = work->frontend = -1;
}

bool work_hold_packages(struct work *work, struct fault *fault)
{
	if (work->frontend >= 0)
		return true;
	work->frontend = store_lock_record(work->root, DPKG_LOCK);
	if (work->frontend < 0 && errno == EAGAIN)
		return fault_set(fault, FAULT_BUSY, DPKG_LOCK,
				 "apt or dpkg is installing packages at this moment, and both of us would rebuild the "
				 "same files: wait until it has ended, then try again");
	if (work->frontend >= 0)
		strlist_add(&work->environment, "DPKG_FRONTEND_LOCKED=1");
	return true;
}

bool work_sweep(struct work *work, struct fault *fault)
{
	cleanup_strlist struct strlist names = { 0 };

	if (!folder_names(&work->transactions, &names, fault))
		return false;
	for (size_t i = 0; i < names.count; i++)
		if (text_starts_with(names.items[i], ".prep-") &&
		    !folder_remove(&work->transactions, names.items[i], fault))
			return false;
	return true;
}

bool work_open_active(struct work *work, struct fault *fault)
{
	return folder_open_below(&work->transactions, "active", &work->active, fault) &&
	       journal_read(&work->active, &work->journal, fault) &&
	       log_open(&work->active, &work->journal, &work->log, fault);
}

void work_notify(const struct work *work, enum apply_step step, size_t number, size_t total, const char *what,
		 const char *line)
{
	struct apply_progress progress = { .step = step, .number = number, .total = total, .what = what, .line = line };

	if (work->observer && work->observer->notify)
		work->observer->notify(work->observer->data, &progress);
}

bool work_go_on(const struct work *work, struct fault *fault)
{
	const struct apply_observer *observer = work->observer;

	if (observer && observer->cancelled && observer->cancelled(observer->data))
		return fault_set(fault, FAULT_CANCELLED, NULL, "interrupted");
	return true;
}

void work_tell_foreign(struct work *work, const char *format, ...)
{
	cleanup_text struct text sentence = { 0 };
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&sentence, format, arguments);
	va_end(arguments);
	strlist_add_once(&work->foreign, text_string(&sentence));
}

struct run_request work_request(const struct work *work)
{
	const struct apply_observer *observer = work->observer;

	return (struct run_request){
		.root = work->root,
		.environment = &work->environment,
		.inherit = work->lock,
		.cancelled = observer ? observer->cancelled : NULL,
		.data = observer ? observer->data : NULL,
	};
}
