/* Memory that is given back all at once: the text of a snapshot, the tree of a JSON answer.
 *
 * An arena has a ceiling from birth. It is not thread-safe; one thread owns it at a time.
 */
#ifndef LODGE_BASE_ARENA_H
#define LODGE_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks; /* newest first */
	unsigned char *at, *end;    /* what is free of the newest; ends early where the ceiling does */
	size_t used;                /* bytes handed out, with padding */
	size_t reserved;            /* bytes taken from malloc */
	size_t ceiling;             /* arena_alloc fails beyond; 0 = no ceiling */
	bool full;                  /* the ceiling was hit since the last reset */
};

void arena_init(struct arena *arena, size_t ceiling);
void arena_fini(struct arena *arena);

/* Forgets everything; keeps one block for reuse so that a poll does not allocate anew. */
void arena_reset(struct arena *arena);

/* The way of arena_alloc when the newest block has no room. */
void *arena_alloc_block(struct arena *arena, size_t size);

#define ARENA_ALIGN _Alignof(max_align_t)

/* `size` bytes aligned for any type, not cleared. NULL when the ceiling or the memory ends.
 * Inline because a JSON tree calls it for every value. */
static inline void *arena_alloc(struct arena *arena, size_t size)
{
	/* A request of nothing still gets an address of its own; one too great to round up wraps to less. */
	size_t rounded = size ? (size + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1) : ARENA_ALIGN;
	if (rounded < size || rounded > (size_t)(arena->end - arena->at))
		return arena_alloc_block(arena, size);
	void *bytes = arena->at;
	arena->at += rounded;
	arena->used += rounded;
	return bytes;
}

void *arena_calloc(struct arena *arena, size_t size);

/* Copies `length` bytes and adds a NUL. NULL for NULL, or when full. */
char *arena_strndup(struct arena *arena, const char *text, size_t length);

#endif
