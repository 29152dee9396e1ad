#include "out/out.h"

#include "base/jsonx.h"
#include "base/text.h"
#include "core/kind.h"
#include "model/access.h"
#include "model/estate.h"
#include "model/live.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Acts on a terminal in every way a name can: CSI, OSC, BEL, C1, DEL, line ends, bidirectional override, zero-width no-break space. */
#define HOSTILE                                                                                              \
	"=1+\x1b[2J\x1b]0;x\x07\xC2\x9B"                                                                     \
	"5m\x7f\r\n\xE2\x80\xAE\xEF\xBB\xBF\"\\,\xC3\xA9\xff"

/* Writes rows and gives the text; free it. */
static char *write_rows(const struct rows *rows, struct out_options options)
{
	char *text = NULL;
	size_t size = 0;
	FILE *sink = open_memstream(&text, &size);
	struct out *out = out_new(&options, rows_kind(rows), sink);
	assert_int_equal(out_rows(out, rows), ERR_OK);
	assert_int_equal(out_count(out), rows_count(rows));
	assert_int_equal(out_finish(out), ERR_OK);
	assert_int_equal(fclose(sink), 0);
	return text;
}

static void assert_written(const struct rows *rows, struct out_options options, const char *expected)
{
	char *text = write_rows(rows, options);
	assert_string_equal(text, expected);
	free(text);
}

static struct rows *one_room(void)
{
	struct rows *rows = kind_rows_new(KIND_ROOMS, "hq", "butlr");
	struct room *room = rows_add(rows);
	struct point *points = rows_memory(rows, 3 * sizeof(*points));
	points[0] = (struct point){0, 0.5};
	points[1] = (struct point){4.25, 0.5};
	points[2] = (struct point){4.25, -3};
	room->id = rows_text(rows, "room_1");
	room->floor_id = rows_text(rows, "floor_1");
	room->name = rows_text(rows, "Caf\xC3\xA9 \"4\"");
	room->type = rows_text(rows, "meeting");
	room->type_name = rows_text(rows, "not shown");
	room->polygon = (struct points){points, 3};
	room->color = (struct rgba){.r = 1, .g = 0xAB, .b = 0, .a = 0xFF, .set = true};
	room->capacity = 8;
	room->occupancy = 0;
	room->occupied = 0;
	room->utilization = 0.125;
	room->as_of_ms = INT64_C(1787148425250);
	room->stale = 1;
	return rows;
}

static void test_json_of_a_room(void **state)
{
	(void)state;
	struct rows *rows = one_room();
	rows_add(rows);
	assert_written(
		rows, (struct out_options){.format = OUT_JSON},
		"[\n"
		"{\"account\":\"hq\",\"vendor\":\"butlr\",\"kind\":\"rooms\",\"id\":\"room_1\",\"floor_id\":\"floor_1\","
		"\"name\":\"Caf\xC3\xA9 \\\"4\\\"\",\"type\":\"meeting\",\"polygon\":[[0,0.5],[4.25,0.5],[4.25,-3]],"
		"\"color\":\"#01ab00ff\",\"capacity\":8,\"mid_capacity\":null,\"area\":null,\"occupancy\":0,"
		"\"occupied\":false,\"utilization\":0.125,\"as_of\":\"2026-08-19T14:07:05.250Z\",\"stale\":true},\n"
		"{\"account\":\"hq\",\"vendor\":\"butlr\",\"kind\":\"rooms\",\"id\":null,\"floor_id\":null,\"name\":null,"
		"\"type\":null,\"polygon\":null,\"color\":null,\"capacity\":null,\"mid_capacity\":null,\"area\":null,"
		"\"occupancy\":null,\"occupied\":null,\"utilization\":null,\"as_of\":null,\"stale\":null}\n"
		"]\n");
	rows_unref(rows);
}

static void test_json_of_nothing(void **state)
{
	(void)state;
	struct rows *rows = kind_rows_new(KIND_ROOMS, "hq", "butlr");
	assert_written(rows, (struct out_options){.format = OUT_JSON}, "[]\n");
	assert_written(rows, (struct out_options){.format = OUT_NDJSON}, "");
	assert_written(rows, (struct out_options){.format = OUT_TABLE}, "");
	assert_written(
		rows, (struct out_options){.format = OUT_CSV},
		"account,vendor,kind,id,floor_id,name,type,polygon,color,capacity,mid_capacity,area,occupancy,occupied,"
		"utilization,as_of,stale\r\n");
	rows_unref(rows);
}

static void test_json_of_places_and_lists(void **state)
{
	(void)state;
	struct rows *rows = kind_rows_new(KIND_FIXTURES, "hq", "butlr");
	struct fixture *fixture = rows_add(rows);
	fixture->center = (struct point){1.5, 2};
	fixture->scale = (struct vector3){{1, 1, 0.5}};
	assert_written(
		rows, (struct out_options){.format = OUT_NDJSON},
		"{\"account\":\"hq\",\"vendor\":\"butlr\",\"kind\":\"fixtures\",\"id\":null,\"floor_id\":null,\"type\":null,"
		"\"center\":[1.5,2],\"rotation\":null,\"scale\":[1,1,0.5]}\n");
	rows_unref(rows);

	rows = kind_rows_new(KIND_DETECTIONS, "hq", "butlr");
	struct detection *detection = rows_add(rows);
	detection->space = SPACE_FLOOR;
	assert_written(
		rows, (struct out_options){.format = OUT_NDJSON},
		"{\"account\":\"hq\",\"vendor\":\"butlr\",\"kind\":\"detections\",\"id\":null,\"sensor_id\":null,"
		"\"address\":null,\"time\":null,\"points\":[],\"space\":\"floor\"}\n");
	rows_unref(rows);

	static const char *const days[] = {"mon", "fri"};
	rows = kind_rows_new(KIND_KEYCHAINS, "bfx", "butterflymx");
	struct keychain *keychain = rows_add(rows);
	keychain->weekdays = (struct words){days, 2};
	char *text = write_rows(rows, (struct out_options){.format = OUT_NDJSON});
	assert_non_null(strstr(text, "\"weekdays\":[\"mon\",\"fri\"]"));
	free(text);
	text = write_rows(rows, (struct out_options){.format = OUT_CSV});
	assert_non_null(strstr(text, ",\"[\"\"mon\"\",\"\"fri\"\"]\","));
	free(text);
	rows_unref(rows);
}

static struct rows *one_frame(void)
{
	struct rows *rows = kind_rows_new(KIND_FRAMES, "hq", "butlr");
	struct frame *frame = rows_add(rows);
	frame->sensor_id = "s";
	for (int i = 0; i < 64; i++)
		frame->celsius.c[i] = 20 + i / 8.0;
	frame->celsius.c[9] = NAN;
	return rows;
}

static void test_json_of_a_frame(void **state)
{
	(void)state;
	struct rows *rows = one_frame();
	char *text = write_rows(rows, (struct out_options){.format = OUT_NDJSON});
	assert_non_null(
		strstr(text,
		       "\"celsius\":[[20,20.125,20.25,20.375,20.5,20.625,20.75,20.875],[21,null,21.25,"));
	assert_non_null(strstr(text, ",27.875]]}\n"));
	free(text);
	rows_unref(rows);
}

/* --- hostile text --- */

static struct rows *hostile_rows(void)
{
	struct rows *rows = kind_rows_new(KIND_BUILDINGS, "hq", "butlr");
	struct building *building = rows_add(rows);
	building->id = rows_text(rows, HOSTILE);
	building->name = rows_text(rows, HOSTILE);
	building->address = rows_text(rows, HOSTILE);
	building->timezone = rows_text(rows, HOSTILE);
	return rows;
}

/* No control character, in UTF-8 that is valid, but the line ends given. */
static void assert_inert(const char *text, const char *line_end, bool ascii)
{
	size_t length = strlen(text);
	for (size_t i = 0; i < length;) {
		if (strncmp(text + i, line_end, strlen(line_end)) == 0) {
			i += strlen(line_end);
			continue;
		}
		uint32_t codepoint;
		size_t used = text_decode(text + i, length - i, &codepoint);
		assert_false(codepoint == 0xFFFD && used == 1);
		assert_false(text_is_control(codepoint));
		assert_false(codepoint >= TEXT_INERT_BASE);
		assert_false(ascii && codepoint > 0x7E);
		i += used;
	}
}

static void test_no_writer_lets_a_control_through(void **state)
{
	(void)state;
	struct rows *rows = hostile_rows();
	for (int format = OUT_TABLE; format <= OUT_CSV; format++) {
		for (int ascii = 0; ascii <= 1; ascii++) {
			for (int terminal = 0; terminal <= 1; terminal++) {
				struct out_options options = {.format = (enum out_format)format,
							      .ascii = ascii != 0,
							      .terminal = terminal != 0,
							      .width = 40};
				char *text = write_rows(rows, options);
				assert_inert(text, format == OUT_CSV ? "\r\n" : "\n", ascii != 0);
				assert_true(strlen(text) > 40);
				free(text);
			}
		}
	}
	rows_unref(rows);
}

static void test_json_gives_the_vendors_text_back(void **state)
{
	(void)state;
	struct rows *rows = hostile_rows();
	for (int ascii = 0; ascii <= 1; ascii++) {
		char *text = write_rows(rows,
					(struct out_options){.format = OUT_NDJSON, .ascii = ascii != 0});
		struct jsonx doc;
		jsonx_init(&doc);
		assert_int_equal(jsonx_parse(&doc, text, strlen(text), NULL), ERR_OK);
		const char *name = jsonx_str(jsonx_get(doc.root, "name"));
		/* The one byte that is not UTF-8 came back as U+FFFD. */
		assert_int_equal(strncmp(name, HOSTILE, strlen(HOSTILE) - 1), 0);
		assert_string_equal(name + strlen(HOSTILE) - 1, "\xEF\xBF\xBD");
		jsonx_fini(&doc);
		free(text);
	}
	rows_unref(rows);
}

/* --- CSV --- */

/* A reader as RFC 4180 §2 describes it: fills cells[] of one record, returns how many. */
static size_t read_record(const char **at, char cells[][256], size_t most)
{
	size_t n = 0;
	for (const char *p = *at;; p++) {
		size_t length = 0;
		assert_true(n < most);
		if (*p == '"') {
			for (p++; *p != '"' || p[1] == '"'; p++) {
				assert_true(*p != '\0');
				p += *p == '"';
				cells[n][length++] = *p;
			}
			p++;
		} else {
			while (*p && !strchr(",\r\n\"", *p))
				cells[n][length++] = *p++;
		}
		cells[n++][length] = '\0';
		if (*p == ',')
			continue;
		assert_int_equal(strncmp(p, "\r\n", 2), 0);
		*at = p + 2;
		return n;
	}
}

static void test_csv_round_trip(void **state)
{
	(void)state;
	static const char *const names[] = {"plain", "with, comma", "\"quoted\"", "\"",
					    ",",     " blanks ",    "semi;colon", "a'b"};
	struct rows *rows = kind_rows_new(KIND_BUILDINGS, "hq", "butlr");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct building *building = rows_add(rows);
		building->id = rows_textf(rows, "b%zu", i);
		building->name = rows_text(rows, names[i]);
		building->capacity = -1.5;
	}
	char *text = write_rows(rows, (struct out_options){.format = OUT_CSV}), cells[16][256];
	const char *at = text;
	assert_int_equal(read_record(&at, cells, 16), 8);
	assert_string_equal(cells[0], "account");
	assert_string_equal(cells[7], "capacity");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(read_record(&at, cells, 16), 8);
		assert_string_equal(cells[0], "hq");
		assert_string_equal(cells[2], "buildings");
		assert_string_equal(cells[4], names[i]);
		assert_string_equal(cells[5], ""); /* not told */
		assert_string_equal(cells[7], "-1.5");
	}
	assert_string_equal(at, "");
	free(text);
	rows_unref(rows);
}

static void test_csv_holds_no_formula(void **state)
{
	(void)state;
	static const char *const names[] = {"=1+1",     "+1",    "-1",  "@x",  "\t=1", "\r=1",
					    "=\"a\",b", "＝1+1", "＋1", "－1", "＠x"};
	static const char *const expected[] = {
		"'=1+1",  "'+1",  "'-1",  "'@x", "'\xE2\x90\x89=1", "'\xE2\x90\x8D=1", "'=\"a\",b",
		"'＝1+1", "'＋1", "'－1", "'＠x"};
	struct rows *rows = kind_rows_new(KIND_BUILDINGS, "=hq", "butlr");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		((struct building *)rows_add(rows))->name = rows_text(rows, names[i]);
	char *text = write_rows(rows, (struct out_options){.format = OUT_CSV}), cells[16][256];
	const char *at = text;
	read_record(&at, cells, 16);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		read_record(&at, cells, 16);
		assert_string_equal(cells[0], "'=hq");
		assert_string_equal(cells[4], expected[i]);
	}
	free(text);
	rows_unref(rows);
}

static void test_csv_of_a_room(void **state)
{
	(void)state;
	struct rows *rows = one_room();
	char *text = write_rows(rows, (struct out_options){.format = OUT_CSV}), cells[20][256];
	const char *at = text;
	size_t n = read_record(&at, cells, 20);
	assert_int_equal(read_record(&at, cells, 20), n);
	assert_string_equal(cells[7], "[[0,0.5],[4.25,0.5],[4.25,-3]]");
	assert_string_equal(cells[8], "#01ab00ff");
	assert_string_equal(cells[13], "false");
	assert_string_equal(cells[15], "2026-08-19T14:07:05.250Z");
	free(text);
	rows_unref(rows);
}

/* --- table --- */

static struct rows *two_gateways(const char *account)
{
	struct rows *rows = kind_rows_new(KIND_GATEWAYS, account, "butlr");
	struct gateway *gateway = rows_add(rows);
	gateway->id = "hive_1";
	gateway->serial = "A-1";
	gateway->name = "\xE5\x8C\x97\xE4\xBA\xAC"; /* two wide characters */
	gateway->status = STATUS_ONLINE;
	gateway->last_seen_ms = INT64_C(1787148425250);
	gateway->sensor_count = 12;
	gateway = rows_add(rows);
	gateway->id = "hive_20";
	gateway->status = STATUS_UNKNOWN;
	gateway->sensor_count = 7;
	return rows;
}

static void test_table_is_aligned(void **state)
{
	(void)state;
	struct rows *rows = two_gateways("hq");
	struct moment_zone *zone = moment_zone_new("+02:00");
	assert_written(rows, (struct out_options){.format = OUT_TABLE, .zone = zone},
		       "ID       SERIAL  NAME  STATUS   LAST SEEN            SENSOR COUNT\n"
		       "hive_1   A-1     \xE5\x8C\x97\xE4\xBA\xAC  online   2026-08-19 16:07:05            12\n"
		       "hive_20  -       -     unknown  -                               7\n");
	moment_zone_free(zone);
	rows_unref(rows);
}

static void test_table_names_accounts_when_there_are_several(void **state)
{
	(void)state;
	struct rows *hq = two_gateways("hq"), *lobby = two_gateways("lobby");
	struct out_options options = {.format = OUT_TABLE};
	char *text = NULL;
	size_t size = 0;
	FILE *sink = open_memstream(&text, &size);
	struct out *out = out_new(&options, KIND_GATEWAYS, sink);
	assert_int_equal(out_row(out, hq, 1), ERR_OK);
	assert_int_equal(out_row(out, lobby, 1), ERR_OK);
	assert_int_equal(out_finish(out), ERR_OK);
	fclose(sink);
	assert_string_equal(text, "ACCOUNT  ID       SERIAL  NAME  STATUS   LAST SEEN  SENSOR COUNT\n"
				  "hq       hive_20  -       -     unknown  -                     7\n"
				  "lobby    hive_20  -       -     unknown  -                     7\n");
	free(text);
	rows_unref(hq);
	rows_unref(lobby);
}

static void test_table_is_cut_on_a_terminal_only(void **state)
{
	(void)state;
	struct rows *rows = kind_rows_new(KIND_CALLBACKS, "hq", "density");
	struct entry *entry = rows_add(rows);
	entry->id = "1";
	entry->name = "n";
	entry->parent_id = "a parent with a very long id";
	struct out_options options = {.format = OUT_TABLE, .width = 30};
	assert_written(rows, options,
		       "ID  NAME  TYPE  PARENT ID\n1   n     -     a parent with a very long id\n");
	options.terminal = true;
	assert_written(rows, options,
		       "ID  NAME  TYPE  PARENT ID\n1   n     -     a parent with\xE2\x80\xA6\n");
	options.ascii = true;
	assert_written(rows, options, "ID  NAME  TYPE  PARENT ID\n1   n     -     a parent with~\n");
	options.width = 3;
	assert_written(rows, options, "ID  NAME  TYPE  PAR~\n1   n     -     a p~\n");
	options.width = 0;
	assert_written(rows, options,
		       "ID  NAME  TYPE  PARENT ID\n1   n     -     a parent with a very long id\n");
	rows_unref(rows);
}

/* A hostile name must not widen every row; an id stays whole, since it is copied. */
static void test_table_cells_have_a_ceiling(void **state)
{
	char name[2001], id[101];
	struct rows *rows = kind_rows_new(KIND_CALLBACKS, "hq", "density");
	struct entry *entry = rows_add(rows);
	struct out_options options = {.format = OUT_TABLE};
	char expected[400];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	memset(id, 'i', sizeof(id) - 1);
	id[sizeof(id) - 1] = '\0';
	entry->id = id;
	entry->name = name;
	snprintf(expected, sizeof(expected),
		 "%-100s  %-48s  TYPE  PARENT ID\n%s  %.47s\xE2\x80\xA6  -     -\n", "ID", "NAME", id, name);
	assert_written(rows, options, expected);
	rows_unref(rows);
}

static void test_table_of_frames_and_detections(void **state)
{
	(void)state;
	struct rows *rows = one_frame();
	assert_written(rows, (struct out_options){.format = OUT_TABLE},
		       "SENSOR ID  ADDRESS  TIME       CELSIUS\ns          -        -     20.0 to 27.9\n");
	rows_unref(rows);
	rows = kind_rows_new(KIND_DETECTIONS, "hq", "butlr");
	rows_add(rows);
	assert_written(rows, (struct out_options){.format = OUT_TABLE},
		       "SENSOR ID  ADDRESS  TIME  POINTS  SPACE\n-          -        -          0  -\n");
	rows_unref(rows);
}

static void test_numbers_of_tables(void **state)
{
	(void)state;
	static const double values[] = {2.5, -0.04, 1e300, 0};
	static const char *const expected[] = {"2.5", "0.0", "1e+300", "0.0"};
	for (size_t i = 0; i < 4; i++) {
		struct rows *rows = kind_rows_new(KIND_FLOORS, "hq", "butlr");
		((struct floor_row *)rows_add(rows))->area_m2 = values[i];
		char *text = write_rows(rows, (struct out_options){.format = OUT_TABLE});
		assert_int_equal(text[strlen(text) - 1], '\n');
		text[strlen(text) - 1] = '\0';
		const char *last = strrchr(text, ' ') + 1;
		if (i == 2)
			assert_true(strcmp(last, expected[i]) == 0 || strcmp(last, "1e300") == 0);
		else
			assert_string_equal(last, expected[i]);
		free(text);
		rows_unref(rows);
	}
}

/* --- the sink, the locale --- */

static void test_a_full_disk_is_told(void **state)
{
	(void)state;
	struct rows *rows = one_room();
	for (int buffered = 0; buffered <= 1; buffered++) {
		FILE *sink = fopen("/dev/full", "w");
		if (!sink) {
			rows_unref(rows);
			skip();
		}
		struct out_options options = {.format = OUT_NDJSON};
		struct out *out = out_new(&options, KIND_ROOMS, sink);
		if (!buffered) {
			setvbuf(sink, NULL, _IONBF, 0);
			assert_int_equal(out_row(out, rows, 0), ERR_IO);
		}
		assert_int_equal(out_rows(out, rows), ERR_IO);
		assert_int_equal(out_rows(out, rows), ERR_IO);
		assert_int_equal(out_finish(out), ERR_IO);
		fclose(sink);
	}
	rows_unref(rows);
}

static void test_a_decimal_comma_changes_nothing(void **state)
{
	(void)state;
	static const char *const locales[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE", NULL};
	struct rows *rows = one_frame();
	for (int format = OUT_TABLE; format <= OUT_CSV; format++) {
		struct out_options options = {.format = (enum out_format)format};
		const char *found = NULL;
		char *before = write_rows(rows, options);
		for (size_t i = 0; locales[i] && !found; i++)
			found = setlocale(LC_ALL, locales[i]);
		if (!found) {
			free(before);
			rows_unref(rows);
			skip();
		}
		char *after = write_rows(rows, options);
		setlocale(LC_ALL, "C");
		assert_string_equal(after, before);
		free(before);
		free(after);
	}
	rows_unref(rows);
}

int main(void)
{
	jsonx_setup();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_of_a_room),
		cmocka_unit_test(test_json_of_nothing),
		cmocka_unit_test(test_json_of_places_and_lists),
		cmocka_unit_test(test_json_of_a_frame),
		cmocka_unit_test(test_no_writer_lets_a_control_through),
		cmocka_unit_test(test_json_gives_the_vendors_text_back),
		cmocka_unit_test(test_csv_round_trip),
		cmocka_unit_test(test_csv_holds_no_formula),
		cmocka_unit_test(test_csv_of_a_room),
		cmocka_unit_test(test_table_is_aligned),
		cmocka_unit_test(test_table_names_accounts_when_there_are_several),
		cmocka_unit_test(test_table_is_cut_on_a_terminal_only),
		cmocka_unit_test(test_table_cells_have_a_ceiling),
		cmocka_unit_test(test_table_of_frames_and_detections),
		cmocka_unit_test(test_numbers_of_tables),
		cmocka_unit_test(test_a_full_disk_is_told),
		cmocka_unit_test(test_a_decimal_comma_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
