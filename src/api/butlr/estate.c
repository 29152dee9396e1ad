#include "api/butlr/estate.h"

#include "base/moment.h"
#include "core/kind.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/* An index entry is the row's number + 1 in the upper bits, and below it whether a list of its own told it. */
#define LISTED ((guintptr)1)

void butlr_estate_init(struct butlr_estate *estate, int64_t now_ms)
{
	*estate = (struct butlr_estate){.now_ms = now_ms};
}

void butlr_estate_fini(struct butlr_estate *estate)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (estate->shelves[i].index != NULL)
			g_hash_table_unref(estate->shelves[i].index);
	*estate = (struct butlr_estate){0};
}

void butlr_estate_keep(struct butlr_estate *estate, struct rows *rows)
{
	struct butlr_shelf *shelf = &estate->shelves[rows_kind(rows)];

	shelf->rows = rows;
	if (shelf->index == NULL)
		shelf->index = g_hash_table_new(g_str_hash, g_str_equal);
}

void *butlr_estate_find(const struct butlr_estate *estate, enum kind kind, const char *id)
{
	const struct butlr_shelf *shelf = &estate->shelves[kind];
	guintptr entry;

	if (shelf->rows == NULL || id == NULL)
		return NULL;
	entry = (guintptr)g_hash_table_lookup(shelf->index, id);
	return entry == 0 ? NULL : rows_edit(shelf->rows, (entry >> 1) - 1);
}

static bool number_told(double number) { return !isnan(number); }

/* Whether the field of a row says something. */
static bool told(const struct field *field, const void *at)
{
	switch (field->type) {
	case FIELD_TEXT:
		return *(const char *const *)at != NULL;
	case FIELD_NUMBER:
		return number_told(*(const double *)at);
	case FIELD_MOMENT:
		return *(const int64_t *)at != MOMENT_NONE;
	case FIELD_TRUTH:
		return *(const int8_t *)at != TRUTH_UNKNOWN;
	case FIELD_POINT:
		return number_told(((const struct point *)at)->x);
	case FIELD_POINTS:
		return ((const struct points *)at)->n > 0;
	case FIELD_VECTOR3:
		return number_told(((const struct vector3 *)at)->v[0]);
	case FIELD_COLOR:
		return ((const struct rgba *)at)->set;
	default:
		return false;
	}
}

static size_t field_size(enum field_type type)
{
	switch (type) {
	case FIELD_NUMBER:
		return sizeof(double);
	case FIELD_MOMENT:
		return sizeof(int64_t);
	case FIELD_TRUTH:
		return sizeof(int8_t);
	case FIELD_POINT:
		return sizeof(struct point);
	case FIELD_POINTS:
		return sizeof(struct points);
	case FIELD_VECTOR3:
		return sizeof(struct vector3);
	case FIELD_COLOR:
		return sizeof(struct rgba);
	default:
		return 0;
	}
}

/* Keeps a vendor's text. Neighbours share much (floor, hive, model): the text of the row before is used again when it is the same. */
static const char *keep_text(struct butlr_shelf *shelf, size_t field, const char *text)
{
	const char *last = field < BUTLR_FIELDS ? shelf->last[field] : NULL;

	if (last != NULL && strcmp(last, text) == 0)
		return last;
	last = rows_text(shelf->rows, text);
	if (field < BUTLR_FIELDS)
		shelf->last[field] = last;
	return last;
}

static void merge(struct butlr_shelf *shelf, const struct kind_info *info, char *into, const char *from,
		  bool wins)
{
	for (size_t i = 0; i < info->n_fields; i++) {
		const struct field *field = &info->fields[i];
		char *to = into + field->offset;
		const char *source = from + field->offset;

		if (field->offset == 0 || !told(field, source) || (!wins && told(field, to)))
			continue;
		if (field->type == FIELD_TEXT)
			*(const char **)(void *)to = keep_text(shelf, i,
							       *(const char *const *)(const void *)source);
		else
			memcpy(to, source, field_size(field->type));
	}
}

/* A new row with its id, entered into the index. */
static void *add(struct butlr_shelf *shelf, const char *id, bool listed)
{
	size_t number = rows_count(shelf->rows);
	const char **row = rows_add(shelf->rows);
	const char *key;

	if (row == NULL)
		return NULL;
	*row = rows_text(shelf->rows, id);
	if (*row == NULL) {
		rows_drop_last(shelf->rows, true);
		return NULL;
	}
	key = *row;
	if (strcmp(key, id) != 0) { /* cleaned: looked up by what the vendor sends */
		char *copy = rows_memory(shelf->rows, strlen(id) + 1);
		if (copy == NULL)
			return row;
		memcpy(copy, id, strlen(id) + 1);
		key = copy;
	}
	g_hash_table_insert(shelf->index, (gpointer)key,
			    (gpointer)((guintptr)(number + 1) << 1 | (listed ? LISTED : 0)));
	return row;
}

void butlr_estate_put(struct butlr_estate *estate, enum kind kind, const void *row, bool listed)
{
	struct butlr_shelf *shelf = &estate->shelves[kind];
	const char *id = *(const char *const *)row;
	bool wins = true;
	gpointer key = NULL, value = NULL;
	void *into;

	if (shelf->rows == NULL)
		return;
	if (id == NULL) {
		rows_count_bad(shelf->rows, 1);
		return;
	}
	if (g_hash_table_lookup_extended(shelf->index, id, &key, &value)) {
		guintptr entry = (guintptr)value;
		wins = listed; /* of two nested ones the first stays */
		if (listed && (entry & LISTED) == 0) {
			g_hash_table_insert(shelf->index, key, (gpointer)(entry | LISTED));
			estate->fresh++;
		}
		into = rows_edit(shelf->rows, (entry >> 1) - 1);
	} else {
		into = add(shelf, id, listed);
		estate->fresh += listed;
	}
	if (into != NULL)
		merge(shelf, kind_info(kind), into, row, wins);
}

/* --- after the last answer --- */

bool butlr_placeholder_mac(const char *mac)
{
	return mac == NULL || strncasecmp(mac, "mi-rr-or", 8) == 0 || strncasecmp(mac, "fa-ke", 5) == 0;
}

bool butlr_placeholder_serial(const char *serial)
{
	return serial == NULL || strncasecmp(serial, "fake", 4) == 0;
}

static bool real_sensor(const void *row, void *ctx)
{
	(void)ctx;
	return !butlr_placeholder_mac(((const struct sensor *)row)->address);
}

static bool real_gateway(const void *row, void *ctx)
{
	(void)ctx;
	return !butlr_placeholder_serial(((const struct gateway *)row)->serial);
}

/* Serial → gateway row, for sensors that name their hive only by serial. */
static GHashTable *gateways_by_serial(struct rows *gateways)
{
	GHashTable *table = g_hash_table_new(g_str_hash, g_str_equal);

	for (size_t i = 0; gateways != NULL && i < rows_count(gateways); i++) {
		struct gateway *gateway = rows_edit(gateways, i);
		if (gateway->serial != NULL)
			g_hash_table_insert(table, (gpointer)gateway->serial, gateway);
	}
	return table;
}

/* Counts into `count` (by gateway row) the sensors of each gateway, and completes the sensors' gateway ids. */
static void join_gateways(struct butlr_estate *estate, struct rows *sensors, struct rows *gateways)
{
	GHashTable *serials = gateways_by_serial(gateways);
	GHashTable *counts = g_hash_table_new(NULL, NULL);
	GHashTableIter at;
	gpointer key, value;

	for (size_t i = 0; sensors != NULL && i < rows_count(sensors); i++) {
		struct sensor *sensor = rows_edit(sensors, i);
		struct gateway *gateway = butlr_estate_find(estate, KIND_GATEWAYS, sensor->gateway_id);
		if (gateway == NULL && sensor->gateway_serial != NULL)
			gateway = g_hash_table_lookup(serials, sensor->gateway_serial);
		if (gateway == NULL)
			continue;
		if (sensor->gateway_id == NULL)
			sensor->gateway_id = rows_text(sensors, gateway->id);
		g_hash_table_insert(counts, gateway,
				    GSIZE_TO_POINTER(GPOINTER_TO_SIZE(g_hash_table_lookup(counts, gateway)) +
						     1));
	}
	g_hash_table_iter_init(&at, counts);
	while (g_hash_table_iter_next(&at, &key, &value)) {
		struct gateway *gateway = key;
		if (isnan(gateway->sensor_count))
			gateway->sensor_count = (double)GPOINTER_TO_SIZE(value);
	}
	for (size_t i = 0; sensors != NULL && gateways != NULL && i < rows_count(gateways); i++) {
		struct gateway *gateway = rows_edit(gateways, i);
		if (isnan(gateway->sensor_count) && rows_count(sensors) > 0)
			gateway->sensor_count = 0;
	}
	g_hash_table_unref(counts);
	g_hash_table_unref(serials);
}

void butlr_estate_settle(struct butlr_estate *estate, bool placeholders)
{
	struct rows *sensors = estate->shelves[KIND_SENSORS].rows,
		    *gateways = estate->shelves[KIND_GATEWAYS].rows;

	if (!placeholders && sensors != NULL)
		rows_filter(sensors, real_sensor, NULL);
	join_gateways(estate, sensors, gateways);
	if (!placeholders && gateways != NULL)
		rows_filter(gateways, real_gateway, NULL);
	for (size_t i = 0; sensors != NULL && i < rows_count(sensors); i++) {
		struct sensor *sensor = rows_edit(sensors, i);
		if (sensor->status == NULL)
			sensor->status = STATUS_UNKNOWN;
	}
	for (size_t i = 0; gateways != NULL && i < rows_count(gateways); i++) {
		struct gateway *gateway = rows_edit(gateways, i);
		if (gateway->status == NULL)
			gateway->status = STATUS_UNKNOWN;
	}
	/* Row numbers have moved: the index is of no more use. */
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (estate->shelves[i].index != NULL)
			g_hash_table_remove_all(estate->shelves[i].index);
}
