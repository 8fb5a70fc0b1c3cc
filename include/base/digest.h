/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256, in hexadecimal. */
#ifndef VFIOCONF_BASE_DIGEST_H
#define VFIOCONF_BASE_DIGEST_H

#include <stddef.h>

#define DIGEST_SIZE 65 /* with its NUL */

struct digest; /* of bytes that come piece by piece */

struct digest *digest_new(void);
void digest_add(struct digest *digest, const void *bytes, size_t length);
void digest_finish(struct digest *digest, char buffer[DIGEST_SIZE]); /* starts anew afterwards */
void digest_free(struct digest *digest);                             /* accepts NULL */

void digest_bytes(const void *bytes, size_t length, char buffer[DIGEST_SIZE]);

#endif
