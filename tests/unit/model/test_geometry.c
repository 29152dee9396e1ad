#include "model/geometry.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define POINTS(...)                                                                                          \
	((struct points){(const struct point[]){__VA_ARGS__},                                                \
			 sizeof((const struct point[]){__VA_ARGS__}) / sizeof(struct point)})

static const struct point square_at[] = {{0, 4}, {4, 4}, {4, 0}, {0, 0}};
static const struct points square = {square_at, 4};
/* An L: the corner at the upper right is missing. */
static const struct point corner_at[] = {{0, 10}, {2, 10}, {2, 2}, {10, 2}, {10, 0}, {0, 0}};
static const struct points corner = {corner_at, 6};
static const struct point bow_at[] = {{0, 0}, {4, 4}, {4, 0}, {0, 4}};
static const struct points bow = {bow_at, 4};

static void test_area(void **state)
{
	(void)state;
	assert_float_equal(geometry_area(square), 16, 1e-9);
	assert_float_equal(geometry_area(corner), 36, 1e-9);
	assert_float_equal(geometry_area(POINTS({0, 0}, {4, 0}, {4, 4})), 8, 1e-9);
	assert_float_equal(geometry_area((struct points){square_at, 2}), 0, 0);
	assert_float_equal(geometry_area((struct points){NULL, 0}), 0, 0);
	/* Far from the origin the same. */
	assert_float_equal(geometry_area(
				   POINTS({90000, 90004}, {90004, 90004}, {90004, 90000}, {90000, 90000})),
			   16, 1e-6);
}

static void test_bounds(void **state)
{
	(void)state;
	struct bounds b = geometry_bounds(corner);
	assert_float_equal(b.x0, 0, 0);
	assert_float_equal(b.x1, 10, 0);
	assert_float_equal(b.y1, 10, 0);
	assert_true(bounds_empty(geometry_bounds((struct points){NULL, 0})));
	assert_true(bounds_empty(geometry_bounds(POINTS({NAN, 1}, {2, INFINITY}))));
	b = bounds_join((struct bounds){0, 0, 1, 1}, BOUNDS_EMPTY);
	assert_float_equal(b.x1, 1, 0);
	b = bounds_join(BOUNDS_EMPTY, (struct bounds){2, 3, 4, 5});
	assert_float_equal(b.x0, 2, 0);
	assert_float_equal(b.y1, 5, 0);
}

static void test_drawable(void **state)
{
	(void)state;
	assert_true(geometry_drawable(square));
	assert_true(geometry_drawable(bow));
	assert_false(geometry_drawable((struct points){square_at, 2}));
	assert_false(geometry_drawable((struct points){NULL, 0}));
	assert_false(geometry_drawable(POINTS({0, 0}, {1, 0}, {NAN, 1})));
	assert_false(geometry_drawable(POINTS({0, 0}, {1, 0}, {1e300, 1})));
	assert_false(geometry_drawable(POINTS({0, 0}, {1, 0}, {2, 0})));
}

static void test_inside(void **state)
{
	(void)state;
	assert_true(geometry_inside(square, (struct point){1, 1}));
	assert_false(geometry_inside(square, (struct point){5, 1}));
	assert_true(geometry_inside(corner, (struct point){1, 9}));
	assert_true(geometry_inside(corner, (struct point){9, 1}));
	assert_false(geometry_inside(corner, (struct point){9, 9}));
	assert_true(geometry_inside(bow, (struct point){0.5, 2}));
	assert_false(geometry_inside(bow, (struct point){2, 0.5}));
	assert_false(geometry_inside((struct points){NULL, 0}, (struct point){0, 0}));
	assert_false(geometry_inside(square, (struct point){NAN, 1}));
}

static void test_middle(void **state)
{
	(void)state;
	struct point c = geometry_centroid(square);
	assert_float_equal(c.x, 2, 1e-9);
	assert_float_equal(c.y, 2, 1e-9);
	c = geometry_centroid(bow);
	assert_float_equal(c.x, 2, 1e-9);
	assert_float_equal(c.y, 2, 1e-9);
	/* The middle of the L lies outside of it; the pole does not. */
	assert_false(geometry_inside(corner, geometry_centroid(corner)));
	struct point pole = geometry_pole(corner, 0.01);
	assert_true(geometry_inside(corner, pole));
	assert_true(geometry_depth(corner, pole) > 1.1);
	assert_true(isnan(geometry_centroid((struct points){NULL, 0}).x));
	pole = geometry_pole(square, 0.01);
	assert_float_equal(pole.x, 2, 0.02);
}

static void test_depth(void **state)
{
	(void)state;
	assert_float_equal(geometry_depth(square, (struct point){1, 2}), 1, 1e-9);
	assert_float_equal(geometry_depth(square, (struct point){7, 8}), -5, 1e-9);
	assert_true(isnan(geometry_depth((struct points){NULL, 0}, (struct point){0, 0})));
}

static void test_overlap(void **state)
{
	(void)state;
	struct point from, to;
	const struct point a[2] = {{0, 0}, {10, 0}}, b[2] = {{12, 0.1}, {4, 0.1}}, far[2] = {{12, 1}, {4, 1}};
	const struct point crossing[2] = {{5, -1}, {5, 1}}, touching[2] = {{10, 0}, {15, 0}},
			   nothing[2] = {{3, 3}, {3, 3}};
	assert_true(geometry_overlap(a, b, 0.2, &from, &to));
	assert_float_equal(from.x, 4, 1e-9);
	assert_float_equal(to.x, 10, 1e-9);
	assert_float_equal(to.y, 0, 1e-9);
	assert_false(geometry_overlap(a, far, 0.2, &from, &to));
	assert_false(geometry_overlap(a, crossing, 0.2, &from, &to));
	assert_false(geometry_overlap(a, touching, 0.2, &from, &to));
	assert_false(geometry_overlap(nothing, a, 0.2, &from, &to));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_area),     cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_drawable), cmocka_unit_test(test_inside),
		cmocka_unit_test(test_middle),   cmocka_unit_test(test_depth),
		cmocka_unit_test(test_overlap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
