#include "base/secret.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

/* The length stands before the text, because a secret may hold a NUL and all of it must be wiped. */
struct secret {
	size_t length;
	alignas(max_align_t) char text[];
};

char *secret_new(const char *text, size_t length)
{
	if (!text || length > SIZE_MAX - sizeof(struct secret) - 1)
		return NULL;
	struct secret *secret = malloc(sizeof(*secret) + length + 1);
	if (!secret)
		abort();
	secret->length = length;
	memcpy(secret->text, text, length);
	secret->text[length] = '\0';
	return secret->text;
}

void secret_free(char *text)
{
	if (!text)
		return;
	struct secret *secret = (struct secret *)(void *)(text - offsetof(struct secret, text));
	secret_wipe(secret, sizeof(*secret) + secret->length);
	free(secret);
}

void secret_wipe(void *bytes, size_t length)
{
	if (!bytes || !length)
		return;
	memset(bytes, 0, length);
	/* The compiler must suppose that this reads the bytes, so the memset cannot be dropped. */
	__asm__ volatile("" : : "r"(bytes) : "memory");
}

void secret_harden_process(void)
{
	const struct rlimit none = {.rlim_cur = 0, .rlim_max = 0};
	(void)setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}
