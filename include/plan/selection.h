/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user wants: the ticked functions, with what was known of each when it was ticked, and the options. */
#ifndef VFIOCONF_PLAN_SELECTION_H
#define VFIOCONF_PLAN_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/strlist.h"
#include "host/host.h"

enum bind_mode { BIND_AUTO, BIND_IDS, BIND_ADDRESS };

struct tick {
	struct address address;
	uint16_t vendor, device, subvendor, subdevice;
	int group;           /* the group's number when it was ticked; -1 where there was none */
	enum bind_mode bind; /* BIND_AUTO: as the option says */
};

/* Initialise with selection_init(). */
struct selection {
	struct tick *ticks; /* ordered by address, no address twice */
	size_t count, capacity;
	bool iommu;             /* have the IOMMU on at the next boot, even with nothing ticked; implied by a tick */
	enum bind_mode bind;    /* default auto */
	bool blacklist;         /* "safe"; default no */
	bool iommu_passthrough; /* iommu=pt; default yes */
	bool menu_entry;        /* an entry at the boot menu without passthrough, where the loader has room; default yes */
	bool adopt;             /* what others set up, and words that switch the IOMMU off, may be set aside; default no */
	char *acs_override;     /* value for pcie_acs_override=, checked; NULL: none (the default) */
	char *loader;           /* chosen by the user; NULL: found out */
	char *generator;        /* the same */
};

void selection_init(struct selection *selection);
void selection_done(struct selection *selection); /* accepts NULL */
void selection_copy(struct selection *to, const struct selection *from); /* TO is empty or initialised */
bool selection_equal(const struct selection *a, const struct selection *b);

const struct tick *selection_find(const struct selection *selection, struct address address);
void selection_tick(struct selection *selection, const struct host *host, const struct function *function);
/* False where its address is ticked already. */
bool selection_add(struct selection *selection, const struct tick *tick);
bool selection_untick(struct selection *selection, struct address address); /* false where it was not ticked */

/* Nothing ticked and the IOMMU not asked for: everything of ours goes away. */
bool selection_empty(const struct selection *selection);

const char *bind_mode_word(enum bind_mode mode); /* "auto", "ids", "address" */
bool bind_mode_parse(const char *word, enum bind_mode *ret);

/* Whether VALUE can stand behind pcie_acs_override=: downstream, multifunction, id:vvvv:dddd, with commas between. */
#define ACS_OVERRIDE_IDS 16 /* the most that the patch takes */
bool acs_override_valid(const char *value);
#define ACS_OVERRIDE_NONE "no" /* how "none" is said where a value is asked for */

/* Takes VALUE, or none for ACS_OVERRIDE_NONE. Groups are looked at before they are ticked: it asks for the IOMMU, too. */
void selection_set_acs(struct selection *selection, const char *value);

#endif
