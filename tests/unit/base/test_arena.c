#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void memory_is_aligned_and_apart(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	unsigned char *before = NULL;
	for (size_t size = 0; size < 3000; size++) {
		unsigned char *bytes = arena_alloc(&arena, size);
		assert_non_null(bytes);
		assert_int_equal((uintptr_t)bytes % _Alignof(max_align_t), 0);
		assert_ptr_not_equal(bytes, before);
		memset(bytes, (int)size, size);
		before = bytes;
	}
	assert_true(arena.reserved >= arena.used);
	arena_fini(&arena);
	assert_null(arena.blocks);
}

static void ceiling_holds(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 1024);
	size_t got = 0;
	while (arena_alloc(&arena, 64))
		got += 64;
	assert_int_equal(got, 1024);
	assert_int_equal(arena.used, 1024);
	assert_true(arena.full);
	assert_null(arena_strndup(&arena, "x", 1));
	arena_reset(&arena);
	assert_false(arena.full);
	assert_int_equal(arena.used, 0);
	assert_null(arena_alloc(&arena, 1025));
	assert_true(arena.full);
	assert_non_null(arena_alloc(&arena, 1024));
	assert_null(arena_alloc(&arena, 1));
	arena_fini(&arena);
}

static void ceiling_holds_over_many_blocks(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 100000);
	size_t got = 0;
	for (size_t size = 16; arena_alloc(&arena, size); size = size % 1600 + 16)
		got += size;
	assert_true(got <= 100000 && got > 98000);
	assert_int_equal(arena.used, got);
	arena_fini(&arena);
}

static void absurd_sizes_are_refused(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 15, SIZE_MAX - 16, SIZE_MAX / 2 + 1};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		arena.full = false;
		assert_null(arena_alloc(&arena, sizes[i]));
		assert_true(arena.full);
	}
	assert_null(arena_strndup(&arena, "x", SIZE_MAX));
	assert_non_null(arena_alloc(&arena, 1));
	arena_fini(&arena);
}

static void reset_keeps_one_block(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	for (int i = 0; i < 1000; i++)
		arena_alloc(&arena, 1000);
	arena_reset(&arena);
	assert_non_null(arena.blocks);
	size_t reserved = arena.reserved;
	assert_true(reserved > 0);
	void *first = arena_alloc(&arena, 10);
	arena_reset(&arena);
	assert_ptr_equal(arena_alloc(&arena, 10), first);
	assert_int_equal(arena.reserved, reserved);
	arena_alloc(&arena, (size_t)8 << 20);
	arena_reset(&arena);
	assert_true(arena.reserved < (size_t)2 << 20); /* the giant is gone */
	arena_fini(&arena);
}

static void calloc_clears_and_strndup_ends(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	memset(arena_alloc(&arena, 256), 0xAA, 256);
	arena_reset(&arena);
	const char *zeros = arena_calloc(&arena, 256);
	for (int i = 0; i < 256; i++)
		assert_int_equal(zeros[i], 0);
	assert_string_equal(arena_strndup(&arena, "hello", 3), "hel");
	assert_string_equal(arena_strndup(&arena, "", 0), "");
	assert_null(arena_strndup(&arena, NULL, 3));
	arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_aligned_and_apart),
		cmocka_unit_test(ceiling_holds),
		cmocka_unit_test(ceiling_holds_over_many_blocks),
		cmocka_unit_test(absurd_sizes_are_refused),
		cmocka_unit_test(reset_keeps_one_block),
		cmocka_unit_test(calloc_clears_and_strndup_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
