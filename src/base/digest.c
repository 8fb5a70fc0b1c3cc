/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/digest.h"

#include <stdint.h>
#include <stdio.h>

#include <nettle/sha2.h>

#include "base/memory.h"

struct digest {
	struct sha256_ctx context;
};

struct digest *digest_new(void)
{
	struct digest *digest = memory_zero(1, sizeof(*digest));

	sha256_init(&digest->context);
	return digest;
}

void digest_add(struct digest *digest, const void *bytes, size_t length)
{
	if (length)
		sha256_update(&digest->context, length, bytes);
}

void digest_finish(struct digest *digest, char buffer[DIGEST_SIZE])
{
	uint8_t raw[SHA256_DIGEST_SIZE];

	sha256_digest(&digest->context, sizeof(raw), raw);
	for (size_t i = 0; i < sizeof(raw); i++)
		snprintf(buffer + 2 * i, 3, "%02x", raw[i]);
}

void digest_free(struct digest *digest)
{
	free(digest);
}

void digest_bytes(const void *bytes, size_t length, char buffer[DIGEST_SIZE])
{
	struct digest *digest = digest_new();

	digest_add(digest, bytes, length);
	digest_finish(digest, buffer);
	digest_free(digest);
}
