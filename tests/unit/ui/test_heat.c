/* Thermal frames as pictures: ranges, levels, smooth and raw images, where tiles lie, where a sensor looks. */
#include "ui/heat/heat.h"

#include "ui/role.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct grid8 flat(double celsius)
{
	struct grid8 grid;
	for (int i = 0; i < 64; i++)
		grid.c[i] = celsius;
	return grid;
}

static void test_facts(void **state)
{
	(void)state;
	struct grid8 grid = flat(22);
	grid.c[19] = 31.25;
	grid.c[40] = NAN;
	grid.c[63] = 20.5;
	struct heat_facts facts = heat_facts(&grid);
	assert_int_equal(facts.hottest, 19);
	assert_int_equal(facts.told, 63);
	assert_true(facts.high_c == 31.25 && facts.low_c == 20.5);
	assert_false(facts.doubtful);
	grid = flat(NAN);
	facts = heat_facts(&grid);
	assert_int_equal(facts.hottest, -1);
	assert_true(isnan(facts.high_c) && isnan(facts.mean_c));
	grid = flat(2950);
	assert_true(heat_facts(&grid).doubtful);
}

static struct heat_range range_of(double low, double high)
{
	struct heat_range range;
	struct grid8 grid = flat(low);
	grid.c[0] = high;
	struct heat_facts facts = heat_facts(&grid);
	heat_range_start(&range);
	heat_range_add(&range, &facts);
	heat_range_finish(&range);
	return range;
}

static void test_range(void **state)
{
	(void)state;
	struct heat_range range = range_of(20.6, 32.3);
	assert_true(range.low_c == 20.5 && range.high_c == 32.5);
	/* Noise of a quarter degree is not a fire. */
	range = range_of(21.6, 21.9);
	assert_true(range.low_c == 21.5 && range.high_c - range.low_c == HEAT_LEAST_SPAN_K);
	struct grid8 wrong = flat(29500);
	struct heat_facts facts = heat_facts(&wrong);
	heat_range_start(&range);
	heat_range_add(&range, &facts);
	heat_range_finish(&range);
	assert_true(range.low_c == 18 && range.high_c == 26);
}

static void test_level(void **state)
{
	(void)state;
	struct heat_range range = {20, 30};
	assert_int_equal(heat_level(&range, 20), 0);
	assert_int_equal(heat_level(&range, -300), 0);
	assert_int_equal(heat_level(&range, 25), ROLE_HEAT_LEVELS / 2);
	assert_int_equal(heat_level(&range, 30), ROLE_HEAT_LEVELS - 1);
	assert_int_equal(heat_level(&range, 1e300), ROLE_HEAT_LEVELS - 1);
	assert_int_equal(heat_level(&range, NAN), HEAT_MISSING);
}

static struct heat_image *image_of(const struct grid8 *grid, int width, int height, bool smooth)
{
	struct heat_image *image = malloc(sizeof(*image));
	struct heat_range range = {20, 30};
	assert_non_null(image);
	heat_image_make(image, grid, &range, width, height, smooth);
	return image;
}

static void test_raw_image_keeps_each_pixel(void **state)
{
	(void)state;
	struct grid8 grid;
	for (int i = 0; i < 64; i++)
		grid.c[i] = 20 + i * 10.0 / 64 + 0.01;
	struct heat_image *image = image_of(&grid, 24, 16, false);
	for (int y = 0; y < 16; y++)
		for (int x = 0; x < 24; x++)
			assert_int_equal(image->levels[y * 24 + x], y / 2 * 8 + x / 3);
	free(image);
}

static void test_smooth_image_passes_through_the_pixels(void **state)
{
	(void)state;
	struct grid8 grid = flat(21);
	grid.c[3 * 8 + 4] = 29;
	/* With an odd scale each source pixel has a centre of its own. */
	struct heat_image *image = image_of(&grid, 40, 40, true);
	int centre = image->levels[(3 * 5 + 2) * 40 + 4 * 5 + 2];
	assert_int_equal(centre, (29 - 20) * ROLE_HEAT_LEVELS / 10);
	int side = image->levels[(3 * 5 + 2) * 40 + 5 * 5], before = centre;
	assert_true(side < centre && side > image->levels[(3 * 5 + 2) * 40 + 5 * 5 + 2]);
	for (int x = 4 * 5 + 2; x < 5 * 5 + 2; x++) {
		int level = image->levels[(3 * 5 + 2) * 40 + x];
		assert_true(level <= before && before - level < ROLE_HEAT_LEVELS / 2);
		before = level;
	}
	free(image);
}

static void test_missing_pixels_are_marked_and_bend_nothing(void **state)
{
	(void)state;
	for (int smooth = 0; smooth < 2; smooth++) {
		struct grid8 grid = flat(25);
		grid.c[0] = NAN;
		grid.c[63] = INFINITY;
		struct heat_image *image = image_of(&grid, 32, 32, smooth);
		int missing = 0;
		for (int i = 0; i < 32 * 32; i++) {
			missing += image->levels[i] == HEAT_MISSING;
			if (image->levels[i] != HEAT_MISSING)
				assert_int_equal(image->levels[i], ROLE_HEAT_LEVELS / 2);
		}
		assert_int_equal(missing, 32);
		free(image);
	}
}

static void test_image_of_any_size(void **state)
{
	(void)state;
	static const int sizes[][2] = {
		{0, 0}, {1, 1}, {7, 3}, {8, 8}, {HEAT_IMAGE_MOST, HEAT_IMAGE_MOST}, {9999, 9999}};
	struct grid8 grid = flat(1e308);
	grid.c[5] = -1e308;
	grid.c[6] = NAN;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct heat_image *image = image_of(&grid, sizes[i][0], sizes[i][1], true);
		assert_in_range(image->width, 1, HEAT_IMAGE_MOST);
		for (int p = 0; p < image->width * image->height; p++)
			assert_true(image->levels[p] < ROLE_HEAT_LEVELS || image->levels[p] == HEAT_MISSING);
		free(image);
	}
}

static void test_tiles_fit(void **state)
{
	(void)state;
	for (int smooth = 0; smooth < 2; smooth++) {
		for (int width = 1; width < 200; width += 7) {
			for (int height = 1; height < 60; height += 3) {
				for (size_t n = 1; n < 40; n += 5) {
					struct heat_grid grid = heat_grid_fit(width, height, n, 2, smooth, 0);
					if (!grid.scale) {
						assert_true(width < HEAT_SIDE || height < HEAT_SIDE / 2);
						continue;
					}
					assert_true((grid.columns - 1) * grid.step_x + grid.width <= width);
					assert_true((grid.rows - 1) * grid.step_y + grid.height <= height);
					assert_true(grid.columns == 1 || grid.step_x > grid.slot);
					assert_true(grid.slot >= grid.width);
					if (!smooth)
						assert_true(grid.width % HEAT_SIDE == 0 &&
							    grid.height % (HEAT_SIDE / 2) == 0);
				}
			}
		}
	}
}

static void test_tiles_are_square_and_large(void **state)
{
	(void)state;
	struct heat_grid grid = heat_grid_fit(58, 12, 3, 2, false, 0);
	assert_int_equal(grid.width, 16);
	assert_int_equal(grid.height, 8);
	assert_int_equal(grid.columns, 3);
	grid = heat_grid_fit(158, 44, 1, 2, false, 0);
	assert_int_equal(grid.height, 40);
	assert_int_equal(grid.width, 80);
	/* Tall cells make a wide tile. */
	grid = heat_grid_fit(158, 44, 1, 2.5, true, 0);
	assert_int_equal(grid.width, 105);
	/* A wish is granted as far as one tile is seen. */
	assert_int_equal(heat_grid_fit(58, 12, 3, 2, false, 2).height, 4);
	assert_int_equal(heat_grid_fit(58, 12, 3, 2, true, 90).height, 10);
}

static void test_place(void **state)
{
	(void)state;
	struct heat_place place;
	struct vector3 turned = {{0, 90, 0}};
	assert_true(heat_place_make(&place, (struct point){4, 5}, 3, 60, &turned));
	assert_true(fabs(place.side_m - 2 * 3 * tan(M_PI / 6)) < 1e-9);
	assert_true(fabs(place.turn - M_PI / 2) < 1e-9 && !place.approximate);
	turned = (struct vector3){{10, 0, 180}};
	assert_true(heat_place_make(&place, (struct point){4, 5}, NAN, NAN, &turned));
	assert_true(fabs(place.turn - M_PI) < 1e-9 && place.approximate);
	assert_true(place.side_m > 3.4 && place.side_m < 3.5);
	turned = (struct vector3){{10, 90, 0}};
	assert_true(heat_place_make(&place, (struct point){4, 5}, 3, 60, &turned));
	assert_true(place.turn == 0 && place.approximate);
	turned = (struct vector3){{NAN, NAN, NAN}};
	assert_true(heat_place_make(&place, (struct point){4, 5}, 3, 60, &turned));
	assert_true(place.turn == 0);
	assert_false(heat_place_make(&place, (struct point){NAN, 5}, 3, 60, &turned));
}

static void test_view(void **state)
{
	(void)state;
	int x, y;
	struct heat_view view = heat_view_fit((struct point){0, 0}, (struct point){20, 10}, 80, 20, 2);
	assert_true(fabs(view.pixel_width_m - 0.25) < 1e-9 && fabs(view.pixel_height_m - 0.25) < 1e-9);
	heat_view_pixel(&view, (struct point){0.1, 9.9}, &x, &y);
	assert_int_equal(x, 0);
	assert_int_equal(y, 0);
	heat_view_pixel(&view, (struct point){19.9, 0.1}, &x, &y);
	assert_int_equal(x, 79);
	assert_int_equal(y, 39);
}

/* The hot corner of a frame on the floor, by the quarter in which it lands: 0 upper left, 1 upper right, 2 lower left, 3 lower right. */
static int corner(double degrees)
{
	struct grid8 grid = flat(20);
	grid.c[0] = grid.c[1] = grid.c[8] = grid.c[9] = 30;
	uint8_t floor[40 * 40];
	struct heat_place place;
	struct vector3 turned = {{0, 0, degrees}};
	struct heat_view view = heat_view_fit((struct point){0, 0}, (struct point){10, 10}, 40, 20, 2);
	assert_true(heat_place_make(&place, (struct point){5, 5}, 4, 90, &turned));
	struct heat_image *image = image_of(&grid, 8, 8, false);
	memset(floor, HEAT_MISSING, sizeof(floor));
	heat_plan_lay(&view, &place, image, floor, 40, 40);
	free(image);
	int sum[4] = {0}, laid = 0;
	for (int y = 0; y < 40; y++) {
		for (int x = 0; x < 40; x++) {
			laid += floor[y * 40 + x] != HEAT_MISSING;
			sum[y / 20 * 2 + x / 20] += floor[y * 40 + x] == ROLE_HEAT_LEVELS - 1;
		}
	}
	/* 8 m a side of 10 m: 64 % of the floor. */
	assert_in_range(laid, 1024 - 70, 1024 + 70);
	for (int i = 0; i < 4; i++)
		if (sum[i] > 50)
			return i;
	return -1;
}

static void test_frame_is_turned_counter_clockwise(void **state)
{
	(void)state;
	assert_int_equal(corner(0), 0);
	assert_int_equal(corner(90), 2);
	assert_int_equal(corner(180), 3);
	assert_int_equal(corner(-90), 1);
}

static void test_plan_keeps_the_hotter_and_the_edge(void **state)
{
	(void)state;
	uint8_t floor[10 * 10 + 1];
	struct vector3 turned = {{0, 0, 30}};
	struct heat_place place;
	struct heat_view view = heat_view_fit((struct point){0, 0}, (struct point){10, 10}, 10, 5, 2);
	static const double centres[][2] = {{5, 5}, {-3, 12}, {1e9, -1e9}};
	memset(floor, HEAT_MISSING, sizeof(floor));
	for (int i = 0; i < 3; i++) {
		struct grid8 grid = flat(i ? 22 : 28);
		struct heat_image *image = image_of(&grid, 64, 64, true);
		assert_true(heat_place_make(&place, (struct point){centres[i][0], centres[i][1]}, 30, 90,
					    &turned));
		heat_plan_lay(&view, &place, image, floor, 10, 10);
		free(image);
	}
	for (int i = 0; i < 100; i++)
		assert_int_equal(floor[i], 8 * ROLE_HEAT_LEVELS / 10);
	assert_int_equal(floor[100], HEAT_MISSING);
}

static void test_figures(void **state)
{
	(void)state;
	char out[HEAT_FIGURE_SIZE];
	assert_string_equal(heat_figure(31.25, out), "31.3");
	assert_string_equal(heat_figure(-0.26, out), "-0.3");
	assert_string_equal(heat_figure(-0.04, out), "0.0");
	assert_string_equal(heat_figure(NAN, out), "-");
	assert_string_equal(heat_figure(1e300, out), "-");
}

static char *dump(struct canvas *canvas, bool roles, struct buf *out)
{
	buf_init(out, 1 << 20);
	canvas_dump(canvas, roles, out);
	return out->data;
}

static void test_half_blocks_and_shades(void **state)
{
	(void)state;
	struct buf out;
	struct canvas *canvas = canvas_new(5, 1, false);
	struct heat_pen pen = {0};
	heat_draw_cell(canvas, 0, 0, 10, 20, pen);
	heat_draw_cell(canvas, 1, 0, 10, 10, pen);
	heat_draw_cell(canvas, 2, 0, HEAT_MISSING, 20, pen);
	heat_draw_cell(canvas, 3, 0, 10, HEAT_MISSING, pen);
	heat_draw_cell(canvas, 4, 0, HEAT_MISSING, HEAT_MISSING, pen);
	assert_non_null(strstr(dump(canvas, true, &out), "|▀ ▄▀·|"));
	assert_non_null(strstr(out.data, "heat.10/heat.20:1 heat.10/heat.10:1 heat.20:1 heat.10:1 unknown:1"));
	buf_fini(&out);
	canvas_free(canvas);

	canvas = canvas_new(10, 1, true);
	pen = (struct heat_pen){.ascii = true, .mono = true};
	heat_draw_scale(canvas, 0, 0, 10, pen);
	assert_non_null(strstr(dump(canvas, true, &out), "| .:-=+*#%@|"));
	assert_null(strstr(out.data, "heat."));
	buf_fini(&out);
	canvas_free(canvas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_level),
		cmocka_unit_test(test_raw_image_keeps_each_pixel),
		cmocka_unit_test(test_smooth_image_passes_through_the_pixels),
		cmocka_unit_test(test_missing_pixels_are_marked_and_bend_nothing),
		cmocka_unit_test(test_image_of_any_size),
		cmocka_unit_test(test_tiles_fit),
		cmocka_unit_test(test_tiles_are_square_and_large),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_view),
		cmocka_unit_test(test_frame_is_turned_counter_clockwise),
		cmocka_unit_test(test_plan_keeps_the_hotter_and_the_edge),
		cmocka_unit_test(test_figures),
		cmocka_unit_test(test_half_blocks_and_shades),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
