/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What this machine is: gathered once from a root (host/gather.h), const from then on. No
 * other module reads sysfs or procfs for facts about the machine.
 */
#ifndef VFIOCONF_HOST_HOST_H
#define VFIOCONF_HOST_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/strlist.h"
#include "host/iommu.h"
#include "system/root.h"

/* Why the host needs a function. The order is that of gravity, for display. */
enum use_kind { USE_STORAGE, USE_NETWORK, USE_DISPLAY, USE_INPUT };

struct use {
	enum use_kind kind;
	bool vital;  /* the host would lose its disk, network or screen: refused unless overridden */
	char *what;  /* in words: "root file system on /dev/nvme0n1p2 (LUKS, LVM)", "default route through enp4s0" */
};

/* A kernel module that could claim a function (from its modalias), in libkmod's order. */
struct candidate {
	char *name;   /* with underscores, as in /sys/module: "snd_hda_intel" */
	bool builtin; /* in modules.builtin of the running kernel */
	bool real;    /* that kernel has it; else it is but a name in an alias of modprobe.d */
};

/*
 * What the configuration of modprobe, without our own file, says of a candidate: the words as they stand there,
 * from outside and not checked.
 */
struct module_setting {
	char *module;             /* as in struct candidate */
	bool softdep;             /* there is one that libkmod follows, with some installed kernel at least */
	struct strlist pre, post; /* what it has loaded before and after the module, over all installed kernels */
	bool overruled;           /* one stands in a file that is read before ours, and has not vfio-pci come first */
	char *install;            /* the command that is run in place of loading it; NULL where there is none */
};

struct function {
	struct address address;
	uint16_t vendor, device;
	uint16_t subvendor, subdevice; /* 0 where there are none */
	uint32_t class;                /* 24 bits: base class, sub class, programming interface */
	uint8_t revision;
	char *vendor_name; /* from pci.ids; never NULL ("Vendor 1af4" where unknown); made visible */
	char *device_name;
	char *class_name;
	char *driver; /* bound now, the name in sysfs ("xhci_hcd"); NULL where none */
	struct candidate *candidates;
	size_t candidate_count;
	bool bridge;          /* header type 1 or 2: class 0604, 0607, 0609 */
	int group;            /* index into host.groups; -1 where it has none */
	int parent;           /* index of the bridge above it; -1 on a root bus */
	int physical;         /* index of its physical function where it is a virtual one; else -1 */
	unsigned virtual_now; /* sriov_numvfs: how many virtual functions are enabled */
	int boot_vga;         /* 1: the firmware's display; 0: another VGA device; -1: the kernel does not say */
	struct use *uses;
	size_t use_count;
};

enum region_type { REGION_DIRECT, REGION_DIRECT_RELAXABLE, REGION_RESERVED, REGION_MSI, REGION_OTHER };

struct region {
	uint64_t start, end; /* bytes, inclusive */
	enum region_type type;
};

struct group {
	unsigned number;   /* as in /sys/kernel/iommu_groups */
	size_t *functions; /* indices into host.functions, ascending */
	size_t function_count;
	struct region *regions;
	size_t region_count;
	char type[24]; /* "DMA", "DMA-FQ", "identity" ...; "" where the kernel does not say */
};

enum cpu_vendor { CPU_UNKNOWN, CPU_INTEL, CPU_AMD, CPU_ARM };

/* How the running kernel has a module. */
enum module_state { MODULE_ABSENT, MODULE_LOADABLE, MODULE_BUILTIN };

struct host {
	struct function *functions; /* ordered by address */
	size_t function_count;
	struct group *groups; /* ordered by number */
	size_t group_count;
	struct iommu iommu;
	char *kernel_release; /* "" where unknown */
	char *kernel_cmdline; /* as it stands in proc/cmdline, without the newline */
	enum cpu_vendor cpu;
	enum module_state vfio_pci;
	char *distribution;         /* PRETTY_NAME of os-release, "" where there is none */
	struct strlist kernels;     /* releases that have a directory below lib/modules, sorted */
	struct module_setting *settings; /* of the candidates that modprobe is told something about */
	size_t setting_count;
	struct strlist incomplete;  /* sentences: what could not be read and what that means for the answer */
	/* What the host needs, in the words of a use, where no function was found that it hangs on. */
	struct strlist untraced_storage, untraced_network;
};

void host_free(struct host *host); /* accepts NULL */

/* The function at an address, or NULL; binary search. */
const struct function *host_find(const struct host *host, struct address address);
size_t host_index(const struct host *host, const struct function *function);

/* What modprobe is told about a candidate, or NULL. */
const struct module_setting *host_setting(const struct host *host, const char *module);

/* The group of a function, or NULL. */
const struct group *host_group_of(const struct host *host, const struct function *function);

bool function_same_ids(const struct function *a, const struct function *b); /* vendor and device */
uint8_t function_base_class(const struct function *function);               /* 0x03 for a display controller */
bool function_is_display(const struct function *function);                  /* class 03xx */

/* "0000:02:00.0 NVIDIA Corporation GM204 [GeForce GTX 970] [10de:13c2]"; the caller frees. */
char *function_describe(const struct function *function);
/* "GM204 [GeForce GTX 970]" without the address, with the vendor where the device has no name; the caller frees. */
char *function_short_name(const struct function *function);

const char *use_word(enum use_kind kind); /* "storage", "network", "display", "input" */

#endif
