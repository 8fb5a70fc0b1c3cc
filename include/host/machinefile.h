/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine file: one computer as one text file, written by hand or by
 * --capture, and made into a directory that the rest of the program reads as
 * if it were the computer.
 *
 * A statement begins at the first column; the lines that belong to it begin
 * with a tab. "#" at the first column begins a comment; empty lines are
 * ignored. Words are separated by blanks; in every word "\\", "\s" (a blank), "\t",
 * "\n", "\r" and "\xNN" stand for one byte.
 *
 *   machine 1                                 the first statement: the version of the format
 *   function ADDRESS CLASS VENDOR:DEVICE      one PCI function; hexadecimal, six digits of class
 *           under ADDRESS                     the bridge above it; none: it stands on a root bus
 *           subsystem VENDOR:DEVICE
 *           revision XX
 *           driver NAME
 *           group N                           its IOMMU group
 *           physical ADDRESS                  it is a virtual function of that one
 *           NAME = VALUE                      an attribute; in place of the one that would be derived
 *           without NAME                      an attribute that would be derived and is not there
 *   bus DDDD:BB PATH                          that root bus stands below sys/devices/PATH
 *   group N                                   more about an IOMMU group
 *           NAME = VALUE                      reserved_regions, type, name
 *   iommu NAME                                a unit in sys/class/iommu
 *   device SUBSYSTEM PATH                     a device of another kind (block, net, drm, input ...): PATH is
 *                                             below sys/devices, a PCI address at its beginning stands for the
 *                                             whole way to that function
 *           NAME = VALUE                      an attribute (dev = 8:0); NAME may have slashes (dm/uuid)
 *           slave NAME                        block: the device below it; both ways are made
 *           lower NAME                        net: the interface below it
 *           link NAME PATH                    a link to another device, PATH as for device
 *   kernel RELEASE [running]                  an installed kernel
 *           module PATH [MODULE...]           a module file below lib/modules/RELEASE and what it needs
 *           builtin PATH
 *           alias PATTERN MODULE              in the order in which modprobe is to try them
 *           builtin-alias PATTERN MODULE
 *           softdep WORDS
 *   file PATH [MODE [old]]                    a file, older than those that are not said to be old; its content:
 *           |TEXT                             a line as it stands
 *           \TEXT                             bytes: escapes as above resolved, no newline added
 *   link PATH TARGET
 *   dir PATH
 *
 * A VALUE reaches to the end of the line, with the same escapes, and gets a newline at its end unless it ends in "\c".
 */
#ifndef VFIOCONF_HOST_MACHINEFILE_H
#define VFIOCONF_HOST_MACHINEFILE_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/text.h"
#include "system/root.h"

#define MACHINEFILE_LIMIT ((size_t)16 * 1024 * 1024)

/* Makes the machine in BYTES below DIRECTORY, which is there and empty. NAME is the file's, for faults. */
bool machinefile_materialise(const struct text *bytes, const char *name, const char *directory, struct fault *fault);

/*
 * Appends the machine file of the machine below ROOT: what this program reads
 * and no more, without what tells one computer or its owner from another
 * (see host/redact.h). Made again from that, the machine is the same to this program.
 */
bool machinefile_capture(const struct root *root, struct text *ret, struct fault *fault);

#endif
