/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How each ticked function reaches vfio-pci, and why that way. */
#ifndef VFIOCONF_PLAN_BINDING_H
#define VFIOCONF_PLAN_BINDING_H

#include <stdbool.h>

#include "base/finding.h"
#include "base/strlist.h"
#include "base/text.h"
#include "host/host.h"
#include "host/modprobe.h"
#include "plan/selection.h"

/* Sorted before the others: of several softdeps for one module libkmod follows the first. */
#define BINDING_MODPROBE_PATH "/etc/modprobe.d/" MODPROBE_OWN
/* A file without this first line is not ours. */
#define BINDING_HEADER \
	"# Written by vfioconf. \"vfioconf\" shows and changes what stands here, \"vfioconf --remove\" deletes\n"

struct function_binding {
	struct address address;
	enum bind_mode mode; /* BIND_IDS or BIND_ADDRESS */
	bool unbind;         /* with BIND_ADDRESS: a built-in driver has it, and must let it go in the initramfs */
	char *reason;        /* "every function with 8086:10d3 is ticked" */
};

/* Initialise with { 0 }. */
struct binding {
	struct function_binding *functions; /* one for each tick that is on the machine, in its order */
	size_t count;
	struct strlist ids;        /* for options vfio-pci ids=, "10de:13c2", each once, in order of address */
	struct strlist softdeps;   /* modules that must come after vfio-pci, sorted */
	struct strlist blacklist;  /* modules that no unticked function uses; only where the option says so */
	struct strlist parameters; /* words for the kernel command line that the binding itself needs */
	struct strlist way_back;   /* words with which one boot leaves all of it to the host; empty where nothing is bound */
};

void binding_choose(const struct host *host, const struct selection *selection, struct binding *ret,
		    struct findings *findings);
void binding_done(struct binding *binding);

/*
 * For images that load vfio-pci with its options and without its install line (initramfs.options_only), where nobody
 * looks at the word that leaves everything to the host: the ids need a word of their own on the way back.
 */
void binding_without_install(struct binding *binding, struct findings *findings);


/* The whole of BINDING_MODPROBE_PATH; nothing is appended where nothing is bound. */
void binding_modprobe(const struct host *host, const struct binding *binding, struct text *ret);

/*
 * A shell script that does in the real root what an initramfs was to do: it takes
 * each function, guarded as in the modprobe.d file, from the driver that has it by then. Builtins of the shell and
 * modprobe alone; run again it does nothing. Where vfio-pci refuses one, that goes back to the host.
 */
void binding_late(const struct host *host, const struct binding *binding, struct text *ret);

#endif
