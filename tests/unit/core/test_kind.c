#include "core/kind.h"

#include "base/moment.h"
#include "model/access.h"
#include "model/estate.h"
#include "model/live.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The JSON fields that scripts depend on, written out here a second time on purpose. */
static const struct {
	enum kind kind;
	const char *fields;
} promised[] = {
	{KIND_ACCOUNTS, "base_url poll_s"},
	{KIND_BUILDINGS, "name address timezone capacity"},
	{KIND_FLOORS, "building_id name number timezone capacity area_m2"},
	{KIND_ROOMS,
	 "floor_id name type polygon color capacity mid_capacity area occupancy occupied utilization as_of stale"},
	{KIND_ZONES,
	 "floor_id name type polygon color capacity mid_capacity area occupancy occupied utilization as_of stale"},
	{KIND_FIXTURES, "floor_id type center rotation scale"},
	{KIND_SENSORS,
	 "address name model mode status battery_percent battery_days last_seen floor_id room_id gateway_id center "
	 "height orientation entrance"},
	{KIND_GATEWAYS, "serial name status last_seen sensor_count"},
	{KIND_FRAMES, "sensor_id address time celsius"},
	{KIND_DETECTIONS, "sensor_id address time points space"},
	{KIND_OCCUPANCY,
	 "space_id space_name start end min max avg sum count median stddev utilization_avg utilization_max "
	 "time_used_s uptime capped"},
	{KIND_DOORS, "time method type panel_user_type name unit_id unit user_id user call_guid picture_url"},
	{KIND_KEYCHAINS,
	 "name weekdays valid_date_from valid_date_to valid_time_from valid_time_to unit_id user_id"},
	{KIND_KEYS,
	 "keychain_id name email sms_number key_code status activated_at expired_at unit_id unit user_id user picture_url"},
	{KIND_MEASUREMENTS, "sensor_id source_id quantity unit time value min max avg"},
	{KIND_ALARMS, "source_id direction threshold delay_minutes state since"},
};

static void test_json_fields_are_as_promised(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(promised) / sizeof(promised[0]); i++) {
		const struct kind_info *info = kind_info(promised[i].kind);
		char fields[1024] = "";
		for (size_t f = 0; f < info->n_fields; f++) {
			if (info->fields[f].flags & FIELD_NOT_JSON)
				continue;
			size_t at = strlen(fields);
			snprintf(fields + at, sizeof(fields) - at, "%s%s", at ? " " : "",
				 info->fields[f].name);
		}
		assert_string_equal(fields, promised[i].fields);
	}
}

static size_t field_size(enum field_type type)
{
	static const size_t sizes[] = {
		[FIELD_TEXT] = sizeof(char *),
		[FIELD_NUMBER] = sizeof(double),
		[FIELD_MOMENT] = sizeof(int64_t),
		[FIELD_TRUTH] = sizeof(int8_t),
		[FIELD_POINT] = sizeof(struct point),
		[FIELD_POINTS] = sizeof(struct points),
		[FIELD_VECTOR3] = sizeof(struct vector3),
		[FIELD_COLOR] = sizeof(struct rgba),
		[FIELD_GRID8] = sizeof(struct grid8),
		[FIELD_WORDS] = sizeof(struct words),
	};
	return sizes[type];
}

/* Each byte of a row but padding belongs to the id or to just one field: a member that a table forgets would be neither blanked, copied nor
 * hashed. Padding only stands before a member of eight bytes, so a forgotten one shows as a hole of eight or more. */
static void test_tables_cover_the_rows(void **state)
{
	(void)state;
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		const struct kind_info *info = kind_info((enum kind)kind);
		unsigned char covered[2048] = {0};
		assert_int_equal(info->kind, kind);
		assert_true(info->stride <= sizeof(covered));
		memset(covered, 1, sizeof(const char *));
		for (size_t f = 0; f < info->n_fields; f++) {
			const struct field *field = &info->fields[f];
			assert_non_null(field->name);
			assert_non_null(field->help);
			assert_true(field->offset + field_size(field->type) <= info->stride);
			for (size_t b = 0; b < field_size(field->type); b++)
				assert_int_equal(covered[field->offset + b]++, 0);
		}
		size_t hole = 0;
		for (size_t b = 0; b < info->stride; b++) {
			hole = covered[b] ? 0 : hole + 1;
			if (hole >= 8)
				fail_msg("%s: no field covers byte %zu", info->name, b);
		}
	}
}

static void test_filter_fields_exist(void **state)
{
	(void)state;
	for (int k = 0; k < KIND_COUNT; k++) {
		enum kind kind = (enum kind)k;
		const struct kind_info *info = kind_info(kind);
		const char *const texts[] = {info->building_field, info->floor_field,  info->room_field,
					     info->unit_field,     info->user_field,   info->status_field,
					     info->type_field,     info->method_field, info->source_field};
		for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
			if (!texts[i])
				continue;
			assert_non_null(kind_field(kind, texts[i]));
			assert_int_equal(kind_field(kind, texts[i])->type, FIELD_TEXT);
		}
		if (info->time_field) {
			assert_non_null(kind_field(kind, info->time_field));
			assert_int_equal(kind_field(kind, info->time_field)->type, FIELD_MOMENT);
		}
	}
}

static void test_names(void **state)
{
	(void)state;
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		assert_int_equal(kind_parse(kind_names()[kind]), kind);
		assert_string_equal(kind_info((enum kind)kind)->name, kind_names()[kind]);
	}
	assert_null(kind_names()[KIND_COUNT]);
	assert_int_equal(kind_parse("room"), KIND_ROOMS);
	assert_int_equal(kind_parse("key"), KIND_KEYS);
	assert_int_equal(kind_parse("occupancy"), KIND_OCCUPANCY);
	assert_int_equal(kind_parse("occupanc"), -1);
	assert_int_equal(kind_parse("roo"), -1);
	assert_int_equal(kind_parse("roomss"), -1);
	assert_int_equal(kind_parse("Rooms"), -1);
	assert_int_equal(kind_parse(""), -1);
	assert_int_equal(kind_parse(NULL), -1);
	assert_null(kind_field(KIND_ROOMS, "nothing"));
	assert_null(kind_field(KIND_ROOMS, NULL));
	assert_ptr_equal(kind_field(KIND_ROOMS, "id"), &kind_id_field);
}

static void test_blank_says_not_told_everywhere(void **state)
{
	(void)state;
	struct room room;
	memset(&room, 0x55, sizeof(room));
	kind_blank(KIND_ROOMS, &room);
	assert_null(room.id);
	assert_null(room.floor_id);
	assert_null(room.type_name);
	assert_int_equal(room.polygon.n, 0);
	assert_false(room.color.set);
	assert_true(isnan(room.capacity) && isnan(room.utilization));
	assert_int_equal(room.occupied, TRUTH_UNKNOWN);
	assert_true(room.as_of_ms == MOMENT_NONE);
	struct sensor sensor;
	memset(&sensor, 0x55, sizeof(sensor));
	kind_blank(KIND_SENSORS, &sensor);
	assert_true(isnan(sensor.center.x) && isnan(sensor.orientation.v[2]) && isnan(sensor.field_of_view));
	assert_int_equal(sensor.mains, TRUTH_UNKNOWN);
	struct frame frame;
	kind_blank(KIND_FRAMES, &frame);
	assert_true(isnan(frame.celsius.c[0]) && isnan(frame.celsius.c[63]));
	struct keychain keychain;
	memset(&keychain, 0x55, sizeof(keychain));
	kind_blank(KIND_KEYCHAINS, &keychain);
	assert_int_equal(keychain.weekdays.n, 0);
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		struct rows *rows = kind_rows_new((enum kind)kind, "a", "butlr");
		assert_non_null(rows);
		assert_non_null(rows_add(rows));
		rows_unref(rows);
	}
}

/* --- hash --- */

static void change(const struct field *field, void *row)
{
	static const struct point point = {1, 2};
	static const char *const word = "mon";
	void *at = (char *)row + field->offset;
	switch (field->type) {
	case FIELD_TEXT:
		*(const char **)at = "changed";
		break;
	case FIELD_NUMBER:
		*(double *)at = 4;
		break;
	case FIELD_MOMENT:
		*(int64_t *)at = 4;
		break;
	case FIELD_TRUTH:
		*(int8_t *)at = 0;
		break;
	case FIELD_POINT:
		((struct point *)at)->y = 4;
		break;
	case FIELD_POINTS:
		*(struct points *)at = (struct points){&point, 1};
		break;
	case FIELD_VECTOR3:
		((struct vector3 *)at)->v[2] = 4;
		break;
	case FIELD_COLOR:
		((struct rgba *)at)->set = true;
		break;
	case FIELD_GRID8:
		((struct grid8 *)at)->c[63] = 4;
		break;
	case FIELD_WORDS:
		*(struct words *)at = (struct words){&word, 1};
		break;
	}
}

static void test_hash_follows_every_field_that_counts(void **state)
{
	(void)state;
	union {
		max_align_t align;
		char bytes[2048];
	} row;
	for (int k = 0; k < KIND_COUNT; k++) {
		enum kind kind = (enum kind)k;
		const struct kind_info *info = kind_info(kind);
		kind_blank(kind, &row);
		uint64_t blank = kind_hash_row(kind, &row);
		for (size_t f = 0; f < info->n_fields; f++) {
			kind_blank(kind, &row);
			change(&info->fields[f], &row);
			bool same = kind_hash_row(kind, &row) == blank;
			if (same != ((info->fields[f].flags & FIELD_NOT_HASHED) != 0))
				fail_msg("%s.%s: the hash is %s", info->name, info->fields[f].name,
					 same ? "equal" : "different");
		}
		kind_blank(kind, &row);
		*(const char **)(void *)&row = "id";
		assert_true(kind_hash_row(kind, &row) != blank);
	}
	assert_true(kind_field(KIND_SENSORS, "last_seen")->flags & FIELD_NOT_HASHED);
	assert_true(kind_field(KIND_GATEWAYS, "last_seen")->flags & FIELD_NOT_HASHED);
}

static void test_hash_keeps_neighbours_apart(void **state)
{
	(void)state;
	struct entry a, b;
	kind_blank(KIND_CALLBACKS, &a);
	kind_blank(KIND_CALLBACKS, &b);
	a.name = "ab";
	a.type = "c";
	b.name = "a";
	b.type = "bc";
	assert_true(kind_hash_row(KIND_CALLBACKS, &a) != kind_hash_row(KIND_CALLBACKS, &b));
	b.name = "c";
	b.type = "ab";
	assert_true(kind_hash_row(KIND_CALLBACKS, &a) != kind_hash_row(KIND_CALLBACKS, &b));
	a.type = a.name = "";
	b.type = b.name = NULL;
	assert_true(kind_hash_row(KIND_CALLBACKS, &a) != kind_hash_row(KIND_CALLBACKS, &b));
}

static void test_hash_of_numbers(void **state)
{
	(void)state;
	struct floor_row a, b;
	kind_blank(KIND_FLOORS, &a);
	kind_blank(KIND_FLOORS, &b);
	a.number = 0.0;
	b.number = -0.0;
	assert_true(kind_hash_row(KIND_FLOORS, &a) == kind_hash_row(KIND_FLOORS, &b));
	b.number = NAN;
	assert_true(kind_hash_row(KIND_FLOORS, &a) != kind_hash_row(KIND_FLOORS, &b));
	a.number = -NAN;
	assert_true(kind_hash_row(KIND_FLOORS, &a) == kind_hash_row(KIND_FLOORS, &b));
}

static struct rows *floors(const char *ids)
{
	struct rows *rows = kind_rows_new(KIND_FLOORS, "hq", "butlr");
	for (; *ids; ids++) {
		struct floor_row *floor = rows_add(rows);
		floor->id = rows_textf(rows, "%c", *ids);
	}
	return rows;
}

static void test_hash_of_rows_leaves_order_out(void **state)
{
	(void)state;
	struct rows *abc = floors("abc"), *cab = floors("cab"), *ab = floors("ab"), *abcc = floors("abcc"),
		    *abcdd = floors("abcdd");
	assert_true(kind_hash_rows(abc) == kind_hash_rows(cab));
	assert_true(kind_hash_rows(abc) != kind_hash_rows(ab));
	assert_true(kind_hash_rows(abc) != kind_hash_rows(abcc));
	assert_true(kind_hash_rows(abc) != kind_hash_rows(abcdd));
	rows_unref(abc);
	rows_unref(cab);
	rows_unref(ab);
	rows_unref(abcc);
	rows_unref(abcdd);
}

/* --- copy --- */

static void test_copies_outlive_their_source(void **state)
{
	(void)state;
	struct rows *from = kind_rows_new(KIND_ROOMS, "hq", "butlr"),
		    *to = kind_rows_new(KIND_ROOMS, "hq", "butlr");
	struct room *room = rows_add(from);
	room->id = rows_text(from, "room_1");
	room->name = rows_text(from, "a\x1b[0m");
	struct point *points = rows_memory(from, 3 * sizeof(*points));
	for (int i = 0; i < 3; i++)
		points[i] = (struct point){i, 2 * i};
	room->polygon = (struct points){points, 3};
	room->capacity = 8;
	uint64_t hash = kind_hash_row(KIND_ROOMS, room);
	const struct room *copy = kind_copy_row(to, KIND_ROOMS, room);
	rows_unref(from);
	assert_true(kind_hash_row(KIND_ROOMS, copy) == hash);
	assert_string_equal(copy->id, "room_1");
	assert_true(copy->polygon.at[2].y == 4);
	rows_unref(to);
}

static void test_copies_of_words(void **state)
{
	(void)state;
	struct rows *from = kind_rows_new(KIND_KEYCHAINS, "bfx", "butterflymx");
	struct rows *to = kind_rows_new(KIND_KEYCHAINS, "bfx", "butterflymx");
	struct keychain *keychain = rows_add(from);
	const char **days = rows_memory(from, 2 * sizeof(*days));
	days[0] = rows_text(from, "mon");
	days[1] = rows_text(from, "fri");
	keychain->weekdays = (struct words){days, 2};
	const struct keychain *copy = kind_copy_row(to, KIND_KEYCHAINS, keychain);
	rows_unref(from);
	assert_string_equal(copy->weekdays.at[1], "fri");
	rows_unref(to);
}

static void test_copy_at_the_ceiling_leaves_nothing_half(void **state)
{
	(void)state;
	struct rows *from = kind_rows_new(KIND_ROOMS, "hq", "butlr"),
		    *to = kind_rows_new(KIND_ROOMS, "hq", "butlr");
	struct room *room = rows_add(from);
	struct point *points = rows_memory(from, 4096 * sizeof(*points));
	memset(points, 0, 4096 * sizeof(*points));
	room->polygon = (struct points){points, 4096};
	rows_set_ceiling(to, 16 << 10);
	assert_null(kind_copy_row(to, KIND_ROOMS, room));
	assert_int_equal(rows_count(to), 0);
	assert_true(rows_overflow(to));
	rows_unref(from);
	rows_unref(to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_fields_are_as_promised),
		cmocka_unit_test(test_tables_cover_the_rows),
		cmocka_unit_test(test_filter_fields_exist),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_blank_says_not_told_everywhere),
		cmocka_unit_test(test_hash_follows_every_field_that_counts),
		cmocka_unit_test(test_hash_keeps_neighbours_apart),
		cmocka_unit_test(test_hash_of_numbers),
		cmocka_unit_test(test_hash_of_rows_leaves_order_out),
		cmocka_unit_test(test_copies_outlive_their_source),
		cmocka_unit_test(test_copies_of_words),
		cmocka_unit_test(test_copy_at_the_ceiling_leaves_nothing_half),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
