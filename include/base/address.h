/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The address of one PCI function: domain:bus:device.function. */
#ifndef VFIOCONF_BASE_ADDRESS_H
#define VFIOCONF_BASE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

struct address {
	uint32_t domain; /* up to 0xffffffff: VMD makes domains from 0x10000 on */
	uint8_t bus;
	uint8_t device;   /* 0 to 31 */
	uint8_t function; /* 0 to 7 */
};

#define ADDRESS_SIZE 20 /* for "ffffffff:ff:1f.7" and its NUL */

/*
 * Reads "02:00.0" (domain 0) or "0000:02:00.0", hexadecimal in either case,
 * the whole string; false, and *RET untouched, where it is anything else.
 */
bool address_parse(const char *string, struct address *ret);

/* Writes the form that sysfs uses, with the domain; BUFFER has ADDRESS_SIZE bytes. Returns BUFFER. */
char *address_format(struct address address, char *buffer);

/* Order by domain, bus, device, function: <0, 0, >0. */
int address_compare(struct address a, struct address b);

#endif
