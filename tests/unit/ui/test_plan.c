#include "ui/plan/plan.h"

#include "core/kind.h"
#include "tests/unit/ui/floor_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* --- helpers --- */

static struct plan *plan_of(const struct rows *rooms)
{
	struct plan *plan = plan_new();
	plan_set(plan, &(struct plan_source){.rooms = rooms, .floor_id = "f1"});
	return plan;
}

static struct plan *fixture_plan(unsigned parts)
{
	struct plan_source source = {fixture_rooms(parts), fixture_zones(), fixture_furniture(),
				     fixture_sensors(), "f1"};
	struct plan *plan = plan_new();
	plan_set(plan, &source);
	/* The plan keeps its own references. */
	rows_unref(source.rooms);
	rows_unref(source.zones);
	rows_unref(source.fixtures);
	rows_unref(source.sensors);
	return plan;
}

struct corner_list {
	const char *name;
	struct point at[8];
	size_t n;
};

static const struct rows *rows_of(const struct corner_list *rooms, int n)
{
	struct rows *rows = kind_rows_new(KIND_ROOMS, "hq", "butlr");
	for (int i = 0; i < n; i++) {
		struct room *room = rows_add(rows);
		struct point *at = rows_memory(rows, sizeof(rooms[i].at));
		memcpy(at, rooms[i].at, sizeof(rooms[i].at));
		room->id = rows_textf(rows, "%d", i);
		room->floor_id = rows_text(rows, "f1");
		room->name = rows_text(rows, rooms[i].name);
		room->polygon = (struct points){at, rooms[i].n};
	}
	return rows_seal(rows);
}

static void lay(struct plan *plan, int width, int height, const char *chosen)
{
	plan_lay(plan, &(struct plan_look){.width = width,
					   .height = height,
					   .chosen_id = chosen,
					   .view = plan_view_fit(plan_bounds(plan), width, height, 2)});
}

static void drawn_as(struct plan *plan, int width, int height, const char *wanted)
{
	struct canvas *canvas = canvas_new(width, height, false);
	struct buf dump;
	canvas_clear(canvas, STYLE(TEXT));
	plan_draw(plan, canvas);
	plan_draw_sensors(plan, canvas);
	buf_init(&dump, 1u << 20);
	canvas_dump(canvas, false, &dump);
	assert_string_equal(buf_text(&dump), wanted);
	buf_fini(&dump);
	canvas_free(canvas);
}

/* --- the view --- */

static void test_view_fits(void **state)
{
	(void)state;
	struct bounds floor = {-5, 10, 15, 20};
	struct plan_view view = plan_view_fit(floor, 81, 50, 2);
	assert_float_equal(view.per_m_x, 4, 1e-9);
	assert_float_equal(view.per_m_y, 2, 1e-9);
	assert_int_equal(plan_view_column(&view, -5), 0);
	assert_int_equal(plan_view_column(&view, 15), 80);
	assert_int_equal(plan_view_row(&view, 20), 0);
	assert_int_equal(plan_view_row(&view, 10), 20);
	struct point back = plan_view_point(&view, 40, 10);
	assert_float_equal(back.x, 5, 1e-9);
	assert_float_equal(back.y, 15, 1e-9);
	/* Too flat a view: the height decides, and the floor stands in the middle. */
	view = plan_view_fit(floor, 81, 11, 2);
	assert_float_equal(view.per_m_y, 1, 1e-9);
	assert_int_equal(plan_view_column(&view, -5), 20);
	/* Nothing, nonsense: still numbers. */
	view = plan_view_fit(BOUNDS_EMPTY, 1, 1, NAN);
	assert_true(isfinite(view.per_m_x) && view.per_m_x > 0);
	assert_int_equal(plan_view_column(&view, NAN), -1000000);
	assert_int_equal(plan_view_column(&view, 1e300), 1000000);
}

static void test_view_zooms(void **state)
{
	(void)state;
	struct bounds floor = {0, 0, 20, 10};
	struct plan_view fit = plan_view_fit(floor, 81, 21, 2), view = fit;
	struct point before = plan_view_point(&view, 30, 5);
	plan_view_zoom(&view, &fit, 2, 30, 5);
	struct point after = plan_view_point(&view, 30, 5);
	assert_float_equal(view.per_m_x, 2 * fit.per_m_x, 1e-9);
	assert_float_equal(before.x, after.x, 1e-9);
	assert_float_equal(before.y, after.y, 1e-9);
	plan_view_zoom(&view, &fit, 0.01, 30, 5);
	assert_memory_equal(&view, &fit, sizeof(view));
	plan_view_zoom(&view, &fit, 1e9, 0, 0);
	assert_float_equal(view.per_m_x, 40 * fit.per_m_x, 1e-6);
}

static void test_view_stays_on_the_floor(void **state)
{
	(void)state;
	struct bounds floor = {0, 0, 20, 10};
	struct plan_view fit = plan_view_fit(floor, 81, 21, 2), view = fit;
	plan_view_zoom(&view, &fit, 2, 40, 10);
	plan_view_move(&view, -500, 500);
	plan_view_hold(&view, &fit, floor, 81, 21);
	assert_int_equal(plan_view_column(&view, 0), 0);
	assert_int_equal(plan_view_row(&view, 0), 20);
	/* A room is brought into view, and nothing moves when it is. */
	plan_view_show(&view, (struct bounds){18, 8, 20, 10}, 81, 21);
	assert_int_equal(plan_view_column(&view, 20), 80);
	assert_int_equal(plan_view_row(&view, 10), 0);
	struct plan_view same = view;
	plan_view_show(&view, (struct bounds){18, 8, 20, 10}, 81, 21);
	assert_memory_equal(&view, &same, sizeof(view));
}

/* --- rooms --- */

static void test_shared_wall_once(void **state)
{
	(void)state;
	/* The walls between are 25 cm apart in the data, in two columns of cells. */
	static const struct corner_list rooms[] = {{"A", {{0, 5}, {5.1, 5}, {5.1, 0}, {0, 0}}, 4},
						   {"B", {{5.35, 5}, {10, 5}, {10, 0}, {5.35, 0}}, 4}};
	const struct rows *rows = rows_of(rooms, 2);
	struct plan *plan = plan_of(rows);
	lay(plan, 21, 6, NULL);
	drawn_as(plan, 21, 6,
		 "|┌─────────┬─────────┐|\n|│ A       │ B       │|\n|│         │         │|\n|│         │         │|\n"
		 "|│         │         │|\n|└─────────┴─────────┘|\n");
	assert_int_equal(plan_at(plan, 3, 2), 0);
	assert_int_equal(plan_at(plan, 15, 2), 1);
	assert_int_equal(plan_at(plan, 30, 2), -1);
	lay(plan, 21, 6, "1");
	drawn_as(plan, 21, 6,
		 "|┌─────────┲━━━━━━━━━┓|\n|│ A       ┃ B       ┃|\n|│         ┃         ┃|\n|│         ┃         ┃|\n"
		 "|│         ┃         ┃|\n|└─────────┺━━━━━━━━━┛|\n");
	plan_free(plan);
	rows_unref(rows);
}

static void test_concave(void **state)
{
	(void)state;
	static const struct corner_list rooms[] = {
		{"Ell", {{0, 6}, {3, 6}, {3, 3}, {10, 3}, {10, 0}, {0, 0}}, 6}};
	const struct rows *rows = rows_of(rooms, 1);
	struct plan *plan = plan_of(rows);
	struct plan_mark *mark = plan_mark(plan, 0);
	snprintf(mark->figure, sizeof(mark->figure), "13/32");
	lay(plan, 21, 7, NULL);
	drawn_as(plan, 21, 7,
		 "|┌─────┐              |\n|│     │              |\n|│     │              |\n|│     └─────────────┐|\n"
		 "|│ Ell         13/32 │|\n|│                   │|\n|└───────────────────┘|\n");
	/* The notch is nobody's. */
	assert_int_equal(plan_at(plan, 12, 1), -1);
	assert_int_equal(plan_at(plan, 12, 4), 0);
	plan_free(plan);
	rows_unref(rows);
}

static void one_label(const char *name, const char *figure, const char *brief, bool urgent, double width_m,
		      const char *wanted)
{
	struct corner_list room = {name, {{0, 2}, {width_m, 2}, {width_m, 0}, {0, 0}}, 4};
	const struct rows *rows = rows_of(&room, 1);
	struct plan *plan = plan_of(rows);
	struct plan_mark *mark = plan_mark(plan, 0);
	snprintf(mark->figure, sizeof(mark->figure), "%s", figure);
	snprintf(mark->brief, sizeof(mark->brief), "%s", brief);
	mark->urgent = urgent;
	/* One line of text: two rows of walls, one between. */
	int width = (int)lround(width_m) + 1;
	plan_lay(plan, &(struct plan_look){.width = width, .height = 3, .view = {0, 2, 1, 1}});
	struct canvas *canvas = canvas_new(width, 3, false);
	struct buf dump;
	canvas_clear(canvas, STYLE(TEXT));
	plan_draw(plan, canvas);
	buf_init(&dump, 4096);
	canvas_dump(canvas, false, &dump);
	char *line = strchr(buf_text(&dump), '\n') + 1;
	*strchr(line, '\n') = '\0';
	assert_string_equal(line, wanted);
	buf_fini(&dump);
	canvas_free(canvas);
	plan_free(plan);
	rows_unref(rows);
}

static void test_labels_give_way(void **state)
{
	(void)state;
	one_label("Phone Booth 1", "0/1", "0", false, 22, "|│ Phone Booth 1   0/1 │|");
	one_label("Phone Booth 1", "0/1", "0", false, 16, "|│ Phone B…1 0/1 │|");
	one_label("Phone Booth 1", "0/1", "0", false, 8, "|│PB1 0/1│|");
	one_label("Phone Booth 1", "0/1", "0", false, 4, "|│PB1│|");
	one_label("Phone Booth 1", "0/1", "0", false, 2, "|│0│|");
	/* Above the capacity the figure comes first. */
	one_label("Phone Booth 1", "3/1", "3", true, 4, "|│3/1│|");
	one_label("Phone Booth 1", "13/1", "13", true, 3, "|│13│|");
	one_label("Phone Booth 1", "3/1", "3", true, 8, "|│PB1 3/1│|");
	one_label("会議室 桜", "0/6", "0", false, 13, "|│ 会議…  0/6 │|");
}

static void test_initials(void **state)
{
	(void)state;
	char out[24];
	plan_initials("Phone Booth 12", out, sizeof(out));
	assert_string_equal(out, "PB12");
	plan_initials("Office 2.01", out, sizeof(out));
	assert_string_equal(out, "O2.01");
	plan_initials("São Jorge", out, sizeof(out));
	assert_string_equal(out, "SJ");
	plan_initials("会議室 桜", out, sizeof(out));
	assert_string_equal(out, "会桜");
	plan_initials(NULL, out, sizeof(out));
	assert_string_equal(out, "");
	plan_initials("a b c d e f g h i j k l m n o p q r s t u v w x y z", out, 5);
	assert_string_equal(out, "abcd");
}

/* --- finding --- */

static const char *toward(struct plan *plan, const char *from, int dx, int dy)
{
	for (size_t i = 0; i < plan_rooms(plan); i++)
		if (strcmp(plan_room(plan, i)->name, from) == 0)
			return plan_room(plan, (size_t)plan_toward(plan, (long)i, dx, dy))->name;
	fail();
	return NULL;
}

static void test_arrows(void **state)
{
	(void)state;
	struct plan *plan = fixture_plan(0);
	assert_string_equal(toward(plan, "Central Park", 1, 0), "Bryant");
	assert_string_equal(toward(plan, "Bryant", -1, 0), "Central Park");
	assert_string_equal(toward(plan, "Bryant", 1, 0), "Design Studio");
	assert_string_equal(toward(plan, "Design Studio", 1, 0), "Design Studio");
	assert_string_equal(toward(plan, "Phone Booth 1", 1, 0), "Phone Booth 2");
	assert_string_equal(toward(plan, "Phone Booth 2", 0, -1), "Hot Desks");
	assert_string_equal(toward(plan, "Bryant", 0, 1), "Corridor 1");
	assert_string_equal(toward(plan, "Lounge", 0, 1), "Archive");
	assert_string_equal(toward(plan, "Lounge", 0, -1), "Corridor 1");
	assert_string_equal(toward(plan, "Kitchen", 0, 1), "Kitchen");
	/* Nothing chosen yet: the first. */
	assert_int_equal(plan_toward(plan, -1, 1, 0), 0);
	/* Every room that is drawn can be reached. */
	bool reached[64] = {true};
	for (int round = 0; round < 20; round++)
		for (size_t i = 0; i < plan_drawn(plan); i++)
			for (int k = 0; k < 4 && reached[i]; k++)
				reached[plan_toward(plan, (long)i,
						    k == 0   ? 1
						    : k == 1 ? -1
							     : 0,
						    k == 2   ? 1
						    : k == 3 ? -1
							     : 0)] = true;
	for (size_t i = 0; i < plan_drawn(plan); i++)
		if (!reached[i])
			fail_msg("%s cannot be reached", plan_room(plan, i)->name);
	plan_free(plan);
}

static void test_order_and_search(void **state)
{
	(void)state;
	struct plan *plan = fixture_plan(FIXTURE_ODD);
	assert_string_equal(plan_room(plan, 0)->name, "Hot Desks");
	assert_string_equal(plan_room(plan, 1)->name, "Central Park");
	assert_string_equal(plan_room(plan, 2)->name, "Bryant");
	assert_int_equal(plan_rooms(plan) - plan_drawn(plan), 5);
	assert_string_equal(plan_room(plan, (size_t)plan_search(plan, "phone"))->name, "Phone Booth 1");
	assert_string_equal(plan_room(plan, (size_t)plan_search(plan, "PARK"))->name, "Central Park");
	assert_string_equal(plan_room(plan, (size_t)plan_search(plan, "桜"))->name, "会議室 桜");
	/* The beginning of a name counts more than its middle. */
	assert_string_equal(plan_room(plan, (size_t)plan_search(plan, "r"))->name, "Restroom");
	assert_int_equal(plan_search(plan, "nobody"), -1);
	assert_int_equal(plan_search(plan, ""), -1);
	assert_int_equal(plan_search(plan, NULL), -1);
	assert_int_equal(plan_find(plan, ""), -1);
	assert_string_equal(plan_room(plan, (size_t)plan_find(plan, "r5"))->name, "Bryant");
	plan_free(plan);
}

static void test_hostile_geometry(void **state)
{
	(void)state;
	struct plan *plan = fixture_plan(FIXTURE_ODD);
	struct canvas *canvas = canvas_new(300, 100, false);
	static const int sizes[][2] = {{1, 1},     {2, 9}, {40, 12}, {80, 24},
				       {300, 100}, {0, 0}, {-1, 5},  {5000, 5}};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (int braille = 0; braille < 2; braille++)
			for (int zoom = 1; zoom < 40; zoom *= 3) {
				struct plan_view fit = plan_view_fit(plan_bounds(plan), sizes[i][0],
								     sizes[i][1], 2),
						 view = fit;
				plan_view_zoom(&view, &fit, zoom, 3, 3);
				plan_lay(plan, &(struct plan_look){.width = sizes[i][0],
								   .height = sizes[i][1],
								   .view = view,
								   .braille = braille});
				plan_draw(plan, canvas);
				plan_draw_sensors(plan, canvas);
				plan_person(plan, canvas, (struct point){NAN, INFINITY}, true);
				plan_person(plan, canvas, (struct point){5, 5}, true);
			}
	canvas_free(canvas);
	plan_free(plan);
}

static void test_sensor_glyphs(void **state)
{
	(void)state;
	struct sensor sensor = {.mode = "presence", .status = STATUS_ONLINE};
	assert_int_equal(plan_sensor_glyph(&sensor, false), 0x25C9);
	assert_int_equal(plan_sensor_role(&sensor), ROLE_OK);
	sensor.status = STATUS_OFFLINE;
	assert_int_equal(plan_sensor_glyph(&sensor, false), 0x25CB);
	assert_int_equal(plan_sensor_glyph(&sensor, true), '!');
	assert_int_equal(plan_sensor_role(&sensor), ROLE_BAD);
	sensor = (struct sensor){.mode = "traffic", .status = STATUS_ONLINE, .battery_low = 1};
	assert_int_equal(plan_sensor_glyph(&sensor, true), 'x');
	assert_int_equal(plan_sensor_role(&sensor), ROLE_WARN);
	sensor = (struct sensor){.battery_low = TRUTH_UNKNOWN};
	assert_int_equal(plan_sensor_role(&sensor), ROLE_UNKNOWN);
	assert_false(plan_sensor_offline(&sensor));
}

static void test_door_opens_a_straight_wall(void **state)
{
	(void)state;
	static const struct corner_list rooms[] = {{"A", {{0, 5}, {10, 5}, {10, 0}, {0, 0}}, 4}};
	const struct rows *rows = rows_of(rooms, 1);
	struct rows *doors = kind_rows_new(KIND_FIXTURES, "hq", "butlr");
	static const struct point at[] = {{5, 0.2}, {0, 0}, {5, 2.5}, {NAN, 0}, {0, 3}};
	for (int i = 0; i < 5; i++) {
		struct fixture *door = rows_add(doors);
		door->id = rows_textf(doors, "%d", i);
		door->floor_id = rows_text(doors, "f1");
		door->type = rows_text(doors, "door");
		door->center = at[i];
	}
	const struct rows *sealed = rows_seal(doors);
	struct plan *plan = plan_new();
	plan_set(plan, &(struct plan_source){.rooms = rows, .fixtures = sealed, .floor_id = "f1"});
	lay(plan, 21, 6, NULL);
	/* The one at the corner and the one in the middle of the room open nothing. */
	drawn_as(plan, 21, 6,
		 "|┌───────────────────┐|\n|│ A                 │|\n|                    │|\n|│                   │|\n"
		 "|│                   │|\n|└─────────  ────────┘|\n");
	plan_free(plan);
	rows_unref(rows);
	rows_unref(sealed);
}

static void test_choosing_is_laying_anew(void **state)
{
	(void)state;
	static const char *const rooms[] = {"r4", "r0", "", "r9", "nobody", "r13", "r4"};
	struct plan *chosen = fixture_plan(0), *laid = fixture_plan(0);
	lay(chosen, 150, 44, "r1");
	for (size_t i = 0; i < sizeof(rooms) / sizeof(*rooms); i++) {
		struct canvas *canvas = canvas_new(150, 44, false), *wanted = canvas_new(150, 44, false);
		struct buf a, b;
		plan_choose(chosen, rooms[i]);
		lay(laid, 150, 44, rooms[i]);
		plan_draw(chosen, canvas);
		plan_draw(laid, wanted);
		buf_init(&a, 1u << 20);
		buf_init(&b, 1u << 20);
		canvas_dump(canvas, true, &a);
		canvas_dump(wanted, true, &b);
		assert_string_equal(buf_text(&a), buf_text(&b));
		assert_int_equal(strstr(buf_text(&a), "wall.chosen") != NULL, rooms[i][0] == 'r');
		buf_fini(&a);
		buf_fini(&b);
		canvas_free(canvas);
		canvas_free(wanted);
	}
	plan_free(chosen);
	plan_free(laid);
	/* Nothing is laid out yet. */
	struct plan *none = plan_new();
	plan_choose(none, "r1");
	plan_free(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_view_fits),
		cmocka_unit_test(test_view_zooms),
		cmocka_unit_test(test_view_stays_on_the_floor),
		cmocka_unit_test(test_shared_wall_once),
		cmocka_unit_test(test_concave),
		cmocka_unit_test(test_labels_give_way),
		cmocka_unit_test(test_initials),
		cmocka_unit_test(test_arrows),
		cmocka_unit_test(test_order_and_search),
		cmocka_unit_test(test_hostile_geometry),
		cmocka_unit_test(test_sensor_glyphs),
		cmocka_unit_test(test_door_opens_a_straight_wall),
		cmocka_unit_test(test_choosing_is_laying_anew),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
