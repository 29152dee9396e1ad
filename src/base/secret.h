/* Secrets in memory: own allocation, wiped when freed. Also the process-wide precautions. */
#ifndef LODGE_BASE_SECRET_H
#define LODGE_BASE_SECRET_H

#include <stddef.h>

/* Copies `length` bytes of text into memory of its own (NUL-terminated). NULL for NULL. */
char *secret_new(const char *text, size_t length);

/* Overwrites and frees. NULL is allowed. */
void secret_free(char *secret);

/* Overwrites bytes in a way the compiler keeps. */
void secret_wipe(void *bytes, size_t length);

/* No core dumps, no ptrace by other processes of the user. Call first thing in main. */
void secret_harden_process(void);

#endif
