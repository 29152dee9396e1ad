#include "sim/butlr_report.h"

#include "base/moment.h"

#include <math.h>
#include <string.h>

#define ORDER_MAX 8

enum key {
	KEY_TIME,
	KEY_FIELD,
	KEY_MEASUREMENT,
	KEY_BUILDING,
	KEY_SPACE,
	KEY_ROOM,
	KEY_ZONE,
	KEY_HIVE,
	KEY_SENSOR,
	KEY_MAC,
};

static const char *const key_words[] = {
	[KEY_TIME] = "time",
	[KEY_FIELD] = "field",
	[KEY_MEASUREMENT] = "measurement",
	[KEY_BUILDING] = "building_id",
	[KEY_SPACE] = "space_id",
	[KEY_ROOM] = "room_id",
	[KEY_ZONE] = "zone_id",
	[KEY_HIVE] = "hive_id",
	[KEY_SENSOR] = "sensor_id",
	[KEY_MAC] = "mac_address",
};

static int key_of(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(key_words); i++)
		if (strcmp(key_words[i], word) == 0)
			return (int)i;
	return -1;
}

bool sim_report_is_key(const char *word) { return key_of(word) >= 0; }

static const char *id_of(const void *thing) { return thing ? ((const struct sim_thing *)thing)->id : ""; }

static const struct world_building *building_of(const struct sim_report *report,
						const struct sim_series *series)
{
	int index = series->floor ? series->floor->building : -1;

	return index < 0 ? NULL : &report->butlr->world->buildings[index];
}

/* "2024-01-01T04:00:00Z"; for traffic with a time zone named the letter is missing (butlr.md §10 row 13). */
static char *time_text(const struct sim_report *report, const struct sim_report_row *row,
		       char out[MOMENT_TEXT_SIZE])
{
	enum sim_source source = row->series->source;

	moment_format(row->start_ms, out);
	if (report->zoned && (source == SIM_SOURCE_IN || source == SIM_SOURCE_OUT))
		out[strcspn(out, "Z")] = '\0';
	return out;
}

static const char *key_text(const struct sim_report *report, const struct sim_report_row *row, enum key key,
			    char room[MOMENT_TEXT_SIZE])
{
	const struct sim_series *series = row->series;
	const struct world_building *building;

	switch (key) {
	case KEY_TIME:
		return time_text(report, row, room);
	case KEY_FIELD:
		return series->field;
	case KEY_MEASUREMENT:
		return series->measurement;
	case KEY_BUILDING:
		building = building_of(report, series);
		return building ? building->id : "";
	case KEY_SPACE:
		return report->bare ? "" : id_of(series->floor);
	case KEY_ROOM:
		return id_of(series->room);
	case KEY_ZONE:
		return id_of(series->zone);
	case KEY_HIVE:
		return id_of(series->sensor ? series->sensor->hive : NULL);
	case KEY_SENSOR:
		return id_of(series->sensor);
	case KEY_MAC:
		return series->sensor ? series->sensor->mac : "";
	}
	return "";
}

/* --- rows --------------------------------------------------------------------------------------------- */

static void write_offset(const struct sim_report *report, const struct sim_report_row *row, struct jsonw *w)
{
	const struct world_building *building = building_of(report, row->series);
	struct moment_zone *zone = moment_zone_new(building ? building->zone : NULL);
	char text[16];

	/* whole hours, rounded, as the vendor has it */
	g_snprintf(text, sizeof(text), "%dh", moment_split(row->start_ms, zone).utc_offset_s / 3600);
	jsonw_kstr(w, "timezone_offset", text);
	moment_zone_free(zone);
}

static void write_places(const struct sim_report *report, const struct sim_report_row *row, struct jsonw *w)
{
	const struct sim_series *series = row->series;
	struct sim_butlr *butlr = report->butlr;
	const struct sim_area *room = series->room, *zone = series->zone;

	jsonw_kstr(w, "space_id", id_of(series->floor));
	jsonw_kstr(w, "space_name",
		   series->floor ? sim_butlr_name(butlr, series->floor->thing.id, series->floor->thing.name)
				 : "");
	jsonw_kstr(w, "room_id", id_of(room));
	jsonw_kstr(w, "room_name", room ? sim_butlr_name(butlr, room->thing.id, room->thing.name) : "");
	jsonw_kstr(w, "zone_id", id_of(zone));
	jsonw_kstr(w, "zone_name", zone ? sim_butlr_name(butlr, zone->thing.id, zone->thing.name) : "");
	jsonw_kstr(w, "mac_address", series->sensor ? series->sensor->mac : "");
	if (series->floor && *series->floor->custom_id)
		jsonw_kstr(w, "floor_custom_id", series->floor->custom_id);
	if (room && *room->custom_id)
		jsonw_kstr(w, "room_custom_id", room->custom_id);
	if (zone && *zone->custom_id)
		jsonw_kstr(w, "zone_custom_id", zone->custom_id);
}

/* `bucket`: start and stop are the window's, else the query's. */
static void write_row(const struct sim_report *report, const struct sim_report_row *row, bool bucket,
		      struct jsonw *w)
{
	const struct sim_series *series = row->series;
	const struct world_building *building = building_of(report, series);
	const struct sim_sensor *sensor = series->sensor;
	bool counted = bucket && series->source == SIM_SOURCE_TRAFFIC_COUNT;

	jsonw_open(w, '{');
	jsonw_kstr(w, "field", counted ? "aggregator_occupancy" : series->field);
	jsonw_kstr(w, "measurement", counted ? "aggregator_headcount" : series->measurement);
	jsonw_key(w, "time");
	jsonw_moment(w, row->start_ms);
	jsonw_key(w, "start");
	jsonw_moment(w, (bucket ? row->start_ms : report->start_ms) / 1000 * 1000);
	jsonw_key(w, "stop");
	jsonw_moment(w, (bucket ? row->end_ms : report->stop_ms) / 1000 * 1000);
	jsonw_knum(w, "value", row->value);
	jsonw_kbool(w, "preprocessed", sensor == NULL);
	if (counted)
		jsonw_kstr(w, "timezone_offset", "");
	else
		write_offset(report, row, w);
	jsonw_kstr(w, "tag_id", "");
	jsonw_kstr(w, "building_id", building && !counted ? building->id : "");
	jsonw_kstr(w, "building_name",
		   building && !counted ? sim_butlr_name(report->butlr, building->id, building->name) : "");
	jsonw_kstr(w, "hive_id", id_of(sensor ? sensor->hive : NULL));
	jsonw_kstr(w, "hive_serial", sensor && sensor->hive ? sensor->hive->serial : "");
	jsonw_kstr(w, "sensor_id", id_of(sensor));
	write_places(report, row, w);
	jsonw_close(w, '}');
}

static void write_page_info(const struct sim_report *report, unsigned shown, struct jsonw *w)
{
	unsigned total = report->rows->len, limit = (unsigned)report->limit;

	/* without paginate the vendor's figures are zeros beside real rows (butlr.md §7.1) */
	jsonw_key(w, "page_info");
	jsonw_open(w, '{');
	jsonw_kint(w, "page", limit ? report->page : 1);
	jsonw_kint(w, "page_item_count", limit ? shown : 0);
	jsonw_kint(w, "total_item_count", limit ? total : 0);
	jsonw_kint(w, "total_pages", limit ? (total + limit - 1) / limit : 1);
	jsonw_close(w, '}');
}

static void page_bounds(const struct sim_report *report, unsigned *first, unsigned *end)
{
	uint64_t limit = (uint64_t)report->limit, start = limit * (uint64_t)(report->page - 1);

	*first = limit ? (unsigned)MIN(start, report->rows->len) : 0;
	*end = limit ? (unsigned)MIN(*first + limit, report->rows->len) : report->rows->len;
}

static void write_flat(const struct sim_report *report, struct jsonw *w)
{
	unsigned first, end;

	page_bounds(report, &first, &end);
	jsonw_open(w, '{');
	jsonw_key(w, "data");
	jsonw_open(w, '[');
	for (unsigned i = first; i < end; i++)
		write_row(report, &g_array_index(report->rows, struct sim_report_row, i), false, w);
	jsonw_close(w, ']');
	write_page_info(report, end - first, w);
	jsonw_close(w, '}');
}

static void csv_text(struct buf *out, const char *text)
{
	buf_addc(out, '"');
	for (; *text; text++) {
		if (*text == '"')
			buf_addc(out, '"');
		buf_addc(out, *text);
	}
	buf_addc(out, '"');
}

static void write_csv(const struct sim_report *report, struct buf *out)
{
	char time[MOMENT_TEXT_SIZE];
	unsigned first, end;

	page_bounds(report, &first, &end);
	buf_adds(out, "time,measurement,field,value,space_id,room_id,zone_id,mac_address\r\n");
	for (unsigned i = first; i < end; i++) {
		const struct sim_report_row *row = &g_array_index(report->rows, struct sim_report_row, i);

		buf_addf(out, "%s,%s,%s,%.10g,", moment_format(row->start_ms, time), row->series->measurement,
			 row->series->field, row->value);
		csv_text(out, id_of(row->series->floor));
		buf_addc(out, ',');
		csv_text(out, id_of(row->series->room));
		buf_addc(out, ',');
		csv_text(out, id_of(row->series->zone));
		buf_addc(out, ',');
		csv_text(out, row->series->sensor ? row->series->sensor->mac : "");
		buf_adds(out, "\r\n");
	}
}

/* --- trees -------------------------------------------------------------------------------------------- */

struct node {
	char *key;
	GPtrArray *below;  /* in order of appearance */
	GHashTable *names; /* key → node */
	GPtrArray *rows;   /* of a leaf: const struct sim_report_row * */
};

static void node_free(void *data)
{
	struct node *node = data;

	g_free(node->key);
	g_hash_table_destroy(node->names);
	g_ptr_array_free(node->below, TRUE);
	g_ptr_array_free(node->rows, TRUE);
	g_free(node);
}

static struct node *node_new(const char *key)
{
	struct node *node = g_new0(struct node, 1);

	node->key = g_strdup(key);
	node->below = g_ptr_array_new_with_free_func(node_free);
	node->names = g_hash_table_new(g_str_hash, g_str_equal);
	node->rows = g_ptr_array_new();
	return node;
}

static struct node *node_below(struct node *node, const char *key)
{
	struct node *found = g_hash_table_lookup(node->names, key);

	if (!found) {
		found = node_new(key);
		g_ptr_array_add(node->below, found);
		g_hash_table_insert(node->names, found->key, found);
	}
	return found;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void write_statistics(const struct sim_report *report, const GPtrArray *rows, struct jsonw *w)
{
	size_t n = rows->len;
	double *values = g_new(double, n), sum = 0, squares = 0, first, last, mean;

	for (size_t i = 0; i < n; i++) {
		values[i] = ((const struct sim_report_row *)g_ptr_array_index(rows, i))->value;
		sum += values[i];
	}
	mean = sum / (double)n;
	for (size_t i = 0; i < n; i++)
		squares += (values[i] - mean) * (values[i] - mean);
	first = values[0];
	last = values[n - 1];
	qsort(values, n, sizeof(*values), compare);
	jsonw_open(w, '{');
	jsonw_knum(w, "sum", sum);
	jsonw_knum(w, "min", values[0]);
	jsonw_knum(w, "max", values[n - 1]);
	jsonw_kint(w, "count", (int64_t)n);
	jsonw_knum(w, "mean", mean);
	jsonw_knum(w, "median", values[n / 2]);
	jsonw_knum(w, "stddev", sqrt(squares / (double)n));
	if (!report->bare) {
		jsonw_knum(w, "first", first);
		jsonw_knum(w, "last", last);
	}
	jsonw_close(w, '}');
	g_free(values);
}

static bool is_counted_at_doors(const struct sim_report_row *row)
{
	enum sim_source source = row->series->source;

	return source == SIM_SOURCE_TRAFFIC_COUNT || source == SIM_SOURCE_IN || source == SIM_SOURCE_OUT;
}

/* A leaf is statistics; of a raw request rows, for what is counted at doors or where an order was given. */
static void write_leaf(const struct sim_report *report, const GPtrArray *rows, struct jsonw *w)
{
	if (!report->raw || (!report->order && !is_counted_at_doors(g_ptr_array_index(rows, 0)))) {
		write_statistics(report, rows, w);
		return;
	}
	jsonw_open(w, '[');
	for (unsigned i = 0; i < rows->len; i++)
		write_row(report, g_ptr_array_index(rows, i), true, w);
	jsonw_close(w, ']');
}

static int by_key(const void *a, const void *b)
{
	const struct node *const *x = a, *const *y = b;

	return strcmp((*x)->key, (*y)->key);
}

/* The members of an object come in the order of their names, as the vendor's server sorts them. */
static void write_node(const struct sim_report *report, const struct node *node, struct jsonw *w)
{
	if (node->rows->len) {
		write_leaf(report, node->rows, w);
		return;
	}
	g_ptr_array_sort(node->below, by_key);
	jsonw_open(w, '{');
	for (unsigned i = 0; i < node->below->len; i++) {
		const struct node *child = g_ptr_array_index(node->below, i);

		jsonw_key(w, child->key);
		write_node(report, child, w);
	}
	jsonw_close(w, '}');
}

/* A level without a value is left out, so that a tree may be less deep than its order. */
static void place_row(const struct sim_report *report, struct node *root, const struct sim_report_row *row,
		      const enum key *keys, unsigned n_keys)
{
	char room[MOMENT_TEXT_SIZE];
	struct node *node = root;

	for (unsigned i = 0; i < n_keys; i++) {
		const char *key = key_text(report, row, keys[i], room);

		if (*key)
			node = node_below(node, key);
	}
	if (node->below->len == 0)
		g_ptr_array_add(node->rows, (void *)row);
}

static void place_raw(struct node *root, const struct sim_report_row *row)
{
	const struct sim_series *series = row->series;
	char room[MOMENT_TEXT_SIZE];
	const char *outer = series->sensor ? series->sensor->mac
			    : series->zone ? id_of(series->zone)
			    : series->room ? id_of(series->room)
					   : id_of(series->floor);
	struct node *node = node_below(node_below(root, outer), moment_format(row->start_ms, room));

	g_ptr_array_add(node->rows, (void *)row);
}

static void write_tree(const struct sim_report *report, struct jsonw *w)
{
	struct node *root = node_new("");
	enum key keys[ORDER_MAX];
	unsigned n_keys = 0;
	const cJSON *element;

	cJSON_ArrayForEach(element, report->order)
	{
		if (n_keys < ORDER_MAX)
			keys[n_keys++] = (enum key)key_of(element->valuestring);
	}
	for (unsigned i = 0; i < report->rows->len; i++) {
		const struct sim_report_row *row = &g_array_index(report->rows, struct sim_report_row, i);

		if (report->order)
			place_row(report, root, row, keys, n_keys);
		else
			place_raw(root, row);
	}
	jsonw_open(w, '{');
	jsonw_key(w, "data");
	write_node(report, root, w);
	if (report->raw)
		write_page_info(report, report->rows->len, w);
	jsonw_close(w, '}');
	node_free(root);
}

void sim_report_write(struct sim_call *call, const struct sim_report *report)
{
	if (report->csv) {
		call->reply->content_type = "text/csv";
		write_csv(report, &call->reply->body);
	} else if (report->order || report->raw) {
		write_tree(report, &call->json);
	} else {
		write_flat(report, &call->json);
	}
}
