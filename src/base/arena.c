#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_MIN ((size_t)4 << 10)
#define BLOCK_MAX ((size_t)1 << 20)

struct arena_block {
	struct arena_block *next;
	size_t size; /* of bytes[] */
	alignas(max_align_t) unsigned char bytes[];
};

void arena_init(struct arena *arena, size_t ceiling) { *arena = (struct arena){.ceiling = ceiling}; }

void arena_fini(struct arena *arena)
{
	struct arena_block *block = arena->blocks;
	while (block) {
		struct arena_block *next = block->next;
		free(block);
		block = next;
	}
	*arena = (struct arena){.ceiling = arena->ceiling};
}

/* Hands out of `block` from now on, as far as the ceiling lets it. */
static void use_block(struct arena *arena, struct arena_block *block)
{
	size_t size = block->size;
	if (arena->ceiling && size > arena->ceiling - arena->used)
		size = arena->ceiling - arena->used;
	arena->at = block->bytes;
	arena->end = block->bytes + size;
}

/* Keeps the greatest block of ordinary size; one that a huge request made would only hold memory. */
static struct arena_block *free_but_one(struct arena_block *block)
{
	struct arena_block *keep = NULL;
	while (block) {
		struct arena_block *next = block->next, *victim = block;
		if (block->size <= BLOCK_MAX && (!keep || block->size > keep->size)) {
			victim = keep;
			keep = block;
		}
		free(victim);
		block = next;
	}
	if (keep)
		keep->next = NULL;
	return keep;
}

void arena_reset(struct arena *arena)
{
	arena->used = 0;
	arena->full = false;
	if (!arena->blocks)
		return;
	if (arena->blocks->next || arena->blocks->size > BLOCK_MAX)
		arena->blocks = free_but_one(arena->blocks);
	arena->reserved = 0;
	arena->at = arena->end = NULL;
	if (arena->blocks) {
		arena->reserved = sizeof(struct arena_block) + arena->blocks->size;
		use_block(arena, arena->blocks);
	}
}

/* Blocks double, so that small arenas stay small and great ones cost few mallocs. */
static size_t next_size(const struct arena *arena, size_t size)
{
	size_t next = arena->blocks ? arena->blocks->size * 2 : BLOCK_MIN;
	if (next > BLOCK_MAX)
		next = BLOCK_MAX;
	return next > size ? next : size;
}

void *arena_alloc_block(struct arena *arena, size_t size)
{
	struct arena_block *block = NULL;
	if (size <= SIZE_MAX / 2) {
		size = size ? (size + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1) : ARENA_ALIGN;
		if (!arena->ceiling || size <= arena->ceiling - arena->used) {
			size_t block_size = next_size(arena, size);
			block = malloc(sizeof(*block) + block_size);
			if (block)
				block->size = block_size;
		}
	}
	if (!block) {
		arena->full = true;
		return NULL;
	}
	block->next = arena->blocks;
	arena->blocks = block;
	arena->reserved += sizeof(*block) + block->size;
	use_block(arena, block);
	arena->at += size;
	arena->used += size;
	return block->bytes;
}

void *arena_calloc(struct arena *arena, size_t size)
{
	void *bytes = arena_alloc(arena, size);
	return bytes ? memset(bytes, 0, size) : NULL;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	if (!text)
		return NULL;
	char *copy = length < SIZE_MAX ? arena_alloc(arena, length + 1) : NULL;
	if (!copy)
		return NULL;
	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}
