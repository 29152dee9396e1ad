#include "ui/layout.h"

#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#define BOXES 7

static void check_sizes(const struct box *boxes, int n, int total, int gap, const int *expected)
{
	int sizes[BOXES];
	layout_divide(boxes, n, total, gap, sizes);
	for (int i = 0; i < n; i++)
		assert_int_equal(sizes[i], expected[i]);
}

#define CHECK(total, gap, ...)                                                                               \
	check_sizes(boxes, (int)G_N_ELEMENTS(boxes), total, gap, (const int[]){__VA_ARGS__})

static void space_is_divided(void **state)
{
	(void)state;
	static const struct box boxes[] = {
		{.least = 10, .ideal = 20, .stretch = 0, .priority = 1},
		{.least = 20, .ideal = 30, .stretch = 2, .priority = 3},
		{.least = 10, .ideal = 10, .stretch = 1, .priority = 2},
	};
	CHECK(90, 0, 20, 50, 20);
	CHECK(62, 1, 20, 30, 10);
	CHECK(60, 0, 20, 30, 10);
	CHECK(50, 0, 10, 30, 10);
	CHECK(45, 0, 10, 25, 10);
	CHECK(40, 0, 10, 20, 10);
	CHECK(39, 0, 0, 29, 10);
	CHECK(32, 1, 0, 21, 10);
	CHECK(30, 1, 0, 30, 0);
	CHECK(19, 0, 0, 0, 0);
	CHECK(0, 1, 0, 0, 0);
	CHECK(-5, 1, 0, 0, 0);
	layout_divide(NULL, 0, 10, 1, NULL);
}

static void equals_share_and_empty_boxes_have_no_gap(void **state)
{
	(void)state;
	static const struct box boxes[] = {
		{.least = 2, .ideal = 10, .priority = 1},
		{.least = 0, .ideal = 0, .priority = 9},
		{.least = 2, .ideal = 10, .priority = 1},
		{.least = 0, .ideal = 0, .stretch = 1, .priority = 0},
	};
	CHECK(13, 1, 6, 0, 6, 0);
	CHECK(25, 1, 10, 0, 10, 3);
	CHECK(21, 1, 10, 0, 10, 0);
	CHECK(4, 1, 4, 0, 0, 0);
}

static void the_header_holds_for_any_boxes(void **state)
{
	(void)state;
	struct rng rng;
	rng_init(&rng, 11);
	for (int round = 0; round < 20000; round++) {
		struct box boxes[BOXES];
		int sizes[BOXES], n = 1 + (int)rng_below(&rng, BOXES), total = (int)rng_below(&rng, 120);
		int gap = (int)rng_below(&rng, 4), sum = 0, shown = 0, stretch = 0, lowest = 99, wanted = 0;
		for (int i = 0; i < n; i++)
			boxes[i] = (struct box){(int)rng_below(&rng, 30), (int)rng_below(&rng, 60),
						(int)rng_below(&rng, 3), (int)rng_below(&rng, 4)};
		layout_divide(boxes, n, total, gap, sizes);
		for (int i = 0; i < n; i++) {
			assert_true(sizes[i] == 0 || sizes[i] >= boxes[i].least);
			if (boxes[i].stretch == 0)
				assert_true(sizes[i] <= MAX(boxes[i].ideal, boxes[i].least));
			if (sizes[i] == 0)
				continue;
			sum += sizes[i] + (shown++ ? gap : 0);
			stretch += boxes[i].stretch;
			wanted += MAX(boxes[i].ideal, boxes[i].least);
			lowest = MIN(lowest, boxes[i].priority);
		}
		assert_true(sum <= total);
		/* With something that stretches nothing is left over; nor while a box wants more. */
		if (stretch > 0 || (shown > 0 && wanted + gap * (shown - 1) >= total))
			assert_int_equal(sum, total);
		/* No box that needs cells is hidden while one of a lower priority is shown. */
		for (int i = 0; i < n; i++)
			if (sizes[i] == 0 && boxes[i].least > 0)
				assert_true(boxes[i].priority <= lowest);
	}
}

static void check_placed(const struct node *root, struct rect rect, int gap, const char *expected)
{
	struct placed placed[8];
	struct buf out;
	buf_init(&out, 4096);
	layout_dump(placed, layout_place(root, rect, gap, placed, 8), &out);
	assert_string_equal(buf_text(&out), expected);
	buf_fini(&out);
}

static const struct node top[] = {
	{.box = {30, 60, 2, 9}, .id = 1},
	{.box = {20, 40, 1, 5}, .id = 2},
};

static const struct node bottom[] = {
	{.box = {20, 30, 1, 4}, .id = 3},
	{.box = {20, 30, 1, 3}, .id = 4},
	{.box = {20, 30, 1, 2}, .id = 5},
};

static const struct node rows[] = {
	{.box = {10, 20, 1, 9}, .children = top, .n = 2},
	{.box = {6, 12, 0, 3}, .children = bottom, .n = 3},
};

static const struct node overview = {.vertical = true, .children = rows, .n = 2};

static void a_tree_is_placed(void **state)
{
	(void)state;
	check_placed(&overview, (struct rect){0, 2, 160, 45}, 1,
		     "1{0,2 99x32} 2{100,2 60x32} 3{0,35 53x12} 4{54,35 53x12} 5{108,35 52x12}");
	check_placed(&overview, (struct rect){0, 0, 80, 24}, 0,
		     "1{0,0 60x18} 2{60,0 20x18} 3{0,18 30x6} 4{30,18 30x6} 5{60,18 20x6}");
	check_placed(&overview, (struct rect){0, 0, 40, 12}, 0, "1{0,0 40x12}");
	check_placed(&overview, (struct rect){3, 4, 9, 3}, 0, "");
	check_placed(&overview, (struct rect){0, 0, 0, 40}, 0, "");
	check_placed(&(struct node){.id = 7}, (struct rect){1, 2, 3, 4}, 1, "7{1,2 3x4}");
	struct placed two[2];
	assert_int_equal(layout_place(&overview, (struct rect){0, 0, 160, 48}, 0, two, 2), 2);
}

static bool overlap(struct rect a, struct rect b)
{
	return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

static void placed_leaves_never_overlap(void **state)
{
	(void)state;
	for (int width = 0; width < 200; width += 3)
		for (int height = 0; height < 60; height++) {
			struct placed placed[8];
			int n = layout_place(&overview, (struct rect){5, 7, width, height}, width % 3, placed,
					     8);
			for (int i = 0; i < n; i++) {
				struct rect r = placed[i].rect;
				assert_true(r.x >= 5 && r.y >= 7 && r.width > 0 && r.height > 0);
				assert_true(r.x + r.width <= 5 + width && r.y + r.height <= 7 + height);
				for (int k = 0; k < i; k++)
					assert_false(overlap(r, placed[k].rect));
			}
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(space_is_divided),
		cmocka_unit_test(equals_share_and_empty_boxes_have_no_gap),
		cmocka_unit_test(the_header_holds_for_any_boxes),
		cmocka_unit_test(a_tree_is_placed),
		cmocka_unit_test(placed_leaves_never_overlap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
