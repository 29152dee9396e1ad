#include "health_estate.h"

#include "base/moment.h"
#include "base/text.h"

#include <glib.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void prompt(struct desk *desk, const char *label, const char *initial,
		   void (*done)(void *, const char *), void (*changed)(void *, const char *), void *ctx)
{
	struct estate *estate = (struct estate *)desk;
	g_strlcpy(estate->prompt, label, sizeof(estate->prompt));
	g_strlcpy(estate->initial, initial ? initial : "", sizeof(estate->initial));
	estate->done = done;
	estate->changed = changed;
	estate->ctx = ctx;
}

static void toast(struct desk *desk, bool good, const char *text)
{
	struct estate *estate = (struct estate *)desk;
	estate->toast_good = good;
	g_strlcpy(estate->toast, text, sizeof(estate->toast));
}

static void copy(struct desk *desk, const char *text)
{
	g_strlcpy(((struct estate *)desk)->copied, text, sizeof(((struct estate *)desk)->copied));
}

static void show(struct desk *desk, enum action pane) { ((struct estate *)desk)->shown = pane; }

static void save(struct desk *desk, const char *path, char *bytes, size_t length, bool replace)
{
	struct estate *estate = (struct estate *)desk;
	free(estate->saved);
	estate->saved = bytes;
	estate->saved_replace = replace;
	assert_int_equal(strlen(bytes), length);
	g_strlcpy(estate->saved_path, path, sizeof(estate->saved_path));
}

void estate_put(struct estate *estate, unsigned account, struct rows *rows)
{
	rows_set_times(rows, world_now_ms(estate->world) - 20000, MOMENT_NONE);
	rows_set_hash(rows, kind_hash_rows(rows));
	world_put(estate->world, account, rows_seal(rows));
}

static struct rows *new_rows(enum kind kind, unsigned account)
{
	return kind_rows_new(kind, account == 0 ? "hq" : "lobby", "butlr");
}

static void put_places(struct estate *estate)
{
	static const struct {
		const char *id, *building, *name;
		double number;
	} floors[] = {{"f2", "b1", "2nd floor", 2},
		      {"f10", "b1", "10th floor", 10},
		      {"g1", "b2", "Ground floor", 0}};
	static const struct {
		const char *id, *floor, *name;
		double capacity, now;
	} rooms[] = {{"r1", "f2", "Hot desks", 14, 9},
		     {"r2", "f2", "Conf 2", 8, 9},
		     {"r3", "f2", "Corridor", NAN, 2},
		     {"r4", "f10", "Kitchen", 12, 6},
		     {"r5", "f10", "Focus", 4, 0},
		     {"r6", "g1", "Bodega \xE4\xBC\x9A\xE8\xAD\xB0", 10, 5}};
	struct rows *rows = new_rows(KIND_BUILDINGS, 0);
	for (int i = 0; i < 2; i++) {
		struct building *building = rows_add(rows);
		building->id = rows_textf(rows, "b%d", i + 1);
		building->name = rows_text(rows, i == 0 ? "Main Street 12" : "Rua do Alecrim");
		building->timezone = rows_text(rows, i == 0 ? "America/New_York" : "Europe/Lisbon");
		building->capacity = i == 0 ? 40 : NAN;
	}
	estate_put(estate, 0, rows);
	rows = new_rows(KIND_FLOORS, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(floors); i++) {
		struct floor_row *row = rows_add(rows);
		row->id = rows_text(rows, floors[i].id);
		row->building_id = rows_text(rows, floors[i].building);
		row->name = rows_text(rows, floors[i].name);
		row->number = floors[i].number;
	}
	estate_put(estate, 0, rows);
	rows = new_rows(KIND_ROOMS, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(rooms); i++) {
		struct room *row = rows_add(rows);
		row->id = rows_text(rows, rooms[i].id);
		row->floor_id = rows_text(rows, rooms[i].floor);
		row->name = rows_text(rows, rooms[i].name);
		row->capacity = rooms[i].capacity;
		row->occupancy = rooms[i].now;
		row->as_of_ms = world_now_ms(estate->world) - 20000;
	}
	estate_put(estate, 0, rows);
}

/* Today by the hour on both floors of the first building; the hour from 10 on is missing. */
static void put_occupancy(struct estate *estate)
{
	int64_t midnight_ms = moment_parse("2026-08-19T04:00:00Z");
	struct rows *rows = new_rows(KIND_OCCUPANCY, 0);
	for (int hour = -2; hour < 14; hour++) {
		for (int storey = 0; storey < 2; storey++) {
			struct occupancy *row = rows_add(rows);
			row->space_id = rows_text(rows, storey == 0 ? "f2" : "f10");
			row->id = rows_textf(rows, "%s@%d", row->space_id, hour);
			row->start_ms = midnight_ms + hour * HOUR_MS;
			row->end_ms = row->start_ms + HOUR_MS;
			row->max = hour < 0 ? 99 : hour < 7 ? 0 : hour == 10 ? NAN : (hour - 6) * 2 + storey;
			if (hour == 12)
				row->max = 17;
		}
	}
	estate_put(estate, 0, rows);
}

struct device {
	const char *id, *address, *name, *mode, *status, *hive, *room, *floor;
	double percent, days;
	int64_t seen_ms;
};

static void add_sensor(struct estate *estate, struct rows *rows, const struct device *device)
{
	struct sensor *row = rows_add(rows);
	row->id = rows_text(rows, device->id);
	row->address = rows_text(rows, device->address);
	row->name = rows_text(rows, device->name);
	row->mode = rows_text(rows, device->mode);
	row->status = rows_text(rows, device->status);
	row->gateway_id = rows_text(rows, device->hive);
	row->room_id = rows_text(rows, device->room);
	row->floor_id = rows_text(rows, device->floor);
	row->battery_percent = device->percent;
	row->battery_days = device->days;
	row->last_seen_ms = world_now_ms(estate->world) - device->seen_ms;
}

void estate_put_sensors(struct estate *estate, bool offline)
{
	const struct device devices[] = {
		{"s1", "00-17-0d-00-00-01-27-0a", "Desks 1", "presence", offline ? "offline" : "online", "h1",
		 "r1", "f2", 80, 400, 3 * MINUTE_MS},
		{"s2", "00-17-0d-00-00-01-27-2f", NULL, "presence", "offline", "h1", "r5", "f10", NAN, NAN,
		 9 * MINUTE_MS},
		{"s3", "00-17-0d-00-00-01-27-1c", "Corridor", "traffic", "offline", "h1", "r3", "f2", NAN,
		 -26, 26 * DAY_MS},
		{"s4", "00-17-0d-00-00-01-27-08", "Kitchen 1", "presence", "online", "h1", "r4", "f10", 6, 9,
		 2 * MINUTE_MS},
		{"s5", "00-17-0d-00-00-01-27-11", "Conf 2", "presence", "degraded", "h1", "r2", NULL, NAN, 30,
		 4 * MINUTE_MS},
		{"s6", "00-17-0d-00-00-01-27-12", "Behind", "presence", "offline", "h2", "r1", "f2", NAN, 200,
		 2 * HOUR_MS},
		{"s7", "00-17-0d-00-00-01-27-13", "Bodega", "presence", NULL, "h1", "r6", "g1", 55, 12,
		 20 * MINUTE_MS},
		{"s8", "00-17-0d-00-00-01-27-14", "Odd \x1b[31m,\"name\"", "presence", "online", "h1", "r1",
		 "f2", 90, 500, 1000},
	};
	struct rows *rows = new_rows(KIND_SENSORS, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(devices); i++)
		add_sensor(estate, rows, &devices[i]);
	struct sensor *wired = rows_add(rows);
	wired->id = rows_text(rows, "s9");
	wired->mode = rows_text(rows, "repeater");
	wired->status = rows_text(rows, "online");
	wired->mains = 1;
	wired->battery_low = 1;
	estate_put(estate, 0, rows);
}

static void put_hives(struct estate *estate)
{
	struct rows *rows = new_rows(KIND_GATEWAYS, 0);
	for (int i = 1; i <= 2; i++) {
		struct gateway *hive = rows_add(rows);
		hive->id = rows_textf(rows, "h%d", i);
		hive->serial = rows_textf(rows, "100000000000000%d", i);
		hive->name = rows_textf(rows, "Hive %d", i);
		hive->status = rows_text(rows, i == 1 ? "online" : "offline");
		hive->last_seen_ms = world_now_ms(estate->world) - (i == 1 ? MINUTE_MS : 2 * HOUR_MS);
		hive->sensor_count = i == 1 ? 8 : 1;
		hive->floor_id = rows_text(rows, "f2");
	}
	estate_put(estate, 0, rows);
	rows = new_rows(KIND_SENSORS, 1);
	add_sensor(estate, rows,
		   &(struct device){"s1", "00-aa", "Lobby door", "traffic", "online", NULL, NULL, NULL, NAN,
				    NAN, 5000});
	estate_put(estate, 1, rows);
}

struct estate *estate_new_empty(void)
{
	struct estate *estate = g_new0(struct estate, 1);
	clock_fake_init(&estate->clock, moment_parse("2026-08-19T18:07:00Z"));
	estate->world = world_new(&estate->clock.clock);
	world_add_account(estate->world, "hq", VENDOR_BUTLR);
	world_add_account(estate->world, "lobby", VENDOR_BUTLR);
	estate->desk = (struct desk){.world = estate->world,
				     .cell_aspect = 2,
				     .prompt = prompt,
				     .toast = toast,
				     .copy = copy,
				     .show = show,
				     .save = save};
	return estate;
}

struct estate *estate_new(bool ascii)
{
	struct estate *estate = estate_new_empty();
	estate->desk.ascii = ascii;
	put_places(estate);
	put_occupancy(estate);
	estate_put_sensors(estate, false);
	put_hives(estate);
	estate_light(estate, 0, LIGHT_FRESH, 3000, "");
	estate_light(estate, 1, LIGHT_FRESH, 4000, "");
	world_settle_choice(estate->world);
	return estate;
}

void estate_free(struct estate *estate)
{
	world_free(estate->world);
	free(estate->saved);
	g_free(estate);
}

void estate_light(struct estate *estate, unsigned account, enum light light, int64_t age_ms, const char *why)
{
	int64_t now_ms = world_now_ms(estate->world);
	struct feed_light state = {light, now_ms - age_ms, now_ms - age_ms, 30000, "", LIGHT_PUSH_NONE};
	g_strlcpy(state.why, why, sizeof(state.why));
	world_set_light(estate->world, account, &state);
}

void golden(const char *name, const struct canvas *canvas)
{
	const char *srcdir = g_getenv("srcdir");
	g_autofree char *path = g_strdup_printf("%s/tests/screen/%s", srcdir ? srcdir : ".", name),
			*text = NULL;
	struct buf dump;
	buf_init(&dump, BUF_CEILING_OUTPUT);
	canvas_dump(canvas, true, &dump);
	assert_int_equal(dump.error, ERR_OK);
	if (g_getenv("GENERATE"))
		assert_true(g_file_set_contents(path, buf_text(&dump), -1, NULL));
	if (!g_file_get_contents(path, &text, NULL, NULL))
		fail_msg("%s is missing: run with GENERATE=1", path);
	if (strcmp(text, buf_text(&dump)) != 0)
		print_error("%s differs from:\n%s", path, buf_text(&dump));
	assert_string_equal(text, buf_text(&dump));
	buf_fini(&dump);
}

char *row_text(const struct canvas *canvas, int y)
{
	const struct cell *cells = canvas_row(canvas, y);
	GString *text = g_string_new(NULL);
	for (int x = 0; x < canvas_width(canvas); x++) {
		char bytes[4];
		if (cells[x].glyph & GLYPH_CLUSTER)
			g_string_append(text, canvas_cluster(canvas, cells[x].glyph));
		else if (cells[x].glyph != GLYPH_TAIL)
			g_string_append_len(text, bytes, (gssize)text_encode(cells[x].glyph, bytes));
	}
	return g_strchomp(g_string_free(text, FALSE));
}
