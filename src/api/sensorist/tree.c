#include "api/sensorist/tree.h"

#include "base/moment.h"
#include "base/text.h"
#include "model/estate.h"

#include <math.h>
#include <string.h>

#define CEILING ((size_t)256 << 20)
#define MOST_INTERVAL_S 1e9
#define LEAST_INTERVAL_S                                                                                     \
	900.0   /* a reading is old after three intervals, of which each counts for so long at least */
#define DEPTH 6 /* gateways, sensors and sources are three */

struct sens_tree *sens_tree_new(void)
{
	struct sens_tree *tree = g_new0(struct sens_tree, 1);

	arena_init(&tree->arena, CEILING);
	tree->gateways = g_array_new(FALSE, TRUE, sizeof(struct sens_gateway));
	tree->sensors = g_array_new(FALSE, TRUE, sizeof(struct sens_sensor));
	tree->sources = g_array_new(FALSE, TRUE, sizeof(struct sens_source));
	tree->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return tree;
}

void sens_tree_free(struct sens_tree *tree)
{
	if (tree == NULL)
		return;
	g_array_unref(tree->gateways);
	g_array_unref(tree->sensors);
	g_array_unref(tree->sources);
	g_hash_table_unref(tree->by_id);
	arena_fini(&tree->arena);
	g_free(tree);
}

static const char *keep(struct sens_tree *tree, const char *text)
{
	return text == NULL ? NULL : text_inert(&tree->arena, text, strlen(text));
}

static const char *keep_member(struct sens_tree *tree, const cJSON *item, const char *name)
{
	return keep(tree, jsonx_str(jsonx_get(item, name)));
}

/* True, and remembered, when the id was not there yet. */
static bool is_new(struct sens_tree *tree, char level, const char *id, guint index)
{
	char *key = g_strdup_printf("%c%s", level, id);

	if (g_hash_table_contains(tree->by_id, key)) {
		g_free(key);
		return false;
	}
	g_hash_table_insert(tree->by_id, key, GUINT_TO_POINTER(index + 1));
	return true;
}

static guint find(const struct sens_tree *tree, char level, const char *id)
{
	char key[SENS_ID_SIZE + 1];

	if (id == NULL || strlen(id) >= SENS_ID_SIZE)
		return 0;
	g_snprintf(key, sizeof(key), "%c%s", level, id);
	return GPOINTER_TO_UINT(g_hash_table_lookup(tree->by_id, key));
}

struct sens_source *sens_tree_source(const struct sens_tree *tree, const char *id)
{
	guint at = find(tree, 'd', id);

	return at == 0 ? NULL : &g_array_index(tree->sources, struct sens_source, at - 1);
}

const struct sens_sensor *sens_tree_sensor(const struct sens_tree *tree, const char *id)
{
	guint at = find(tree, 's', id);

	return at == 0 ? NULL : &g_array_index(tree->sensors, struct sens_sensor, at - 1);
}

const struct sens_gateway *sens_tree_gateway(const struct sens_tree *tree, const char *id)
{
	guint at = find(tree, 'g', id);

	return at == 0 ? NULL : &g_array_index(tree->gateways, struct sens_gateway, at - 1);
}

/* Anything but null (and false) says that the connection is lost (sensorist.md §8.19). */
static bool is_gone(const cJSON *item)
{
	const cJSON *date = jsonx_get(item, "disconnected_date");

	return date != NULL && !cJSON_IsNull(date) && !cJSON_IsFalse(date) &&
	       !(cJSON_IsString(date) && jsonx_str(date) == NULL);
}

/* --- data sources --- */

static const struct {
	const char *vendor, *quantity;
	enum sens_use use;
} quantities[] = {
	{"temp", "temperature", SENS_OTHER},
	{"humi", "humidity", SENS_OTHER},
	{"batt", "battery", SENS_BATTERY},
	{"wireless", "signal", SENS_SIGNAL},
};

static void take_type(struct sens_tree *tree, struct sens_source *source, const cJSON *item)
{
	const cJSON *type = jsonx_get(item, "type");
	const char *name = jsonx_str(jsonx_get(type, "name"));
	const cJSON *unit_item = jsonx_get(type, "unit");
	const char *unit = cJSON_IsObject(unit_item) ? jsonx_str(jsonx_get(unit_item, "name"))
						     : jsonx_str(unit_item);

	for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(quantities); i++)
		if (strcmp(name, quantities[i].vendor) == 0) {
			source->quantity = quantities[i].quantity;
			source->use = quantities[i].use;
		}
	if (source->quantity == NULL)
		source->quantity = keep(tree, name != NULL ? name : jsonx_str(jsonx_get(item, "title")));
	source->fahrenheit = unit != NULL && (strcmp(unit, "\xc2\xb0"
							   "F") == 0 ||
					      strcmp(unit, "F") == 0);
	source->unit = source->fahrenheit                       ? "\xc2\xb0"
								  "C"
		       : unit != NULL && strcmp(unit, "v") == 0 ? "V"
								: keep(tree, unit);
}

static void add_source(struct sens_tree *tree, const cJSON *item, unsigned sensor)
{
	struct sens_source source = {.sensor = sensor, .time_ms = MOMENT_NONE, .value = NAN};
	char number[SENS_ID_SIZE];
	const char *id = sens_id(jsonx_get(item, "id"), number);

	if (id == NULL) {
		tree->bad++;
		return;
	}
	if (!is_new(tree, 'd', id, tree->sources->len))
		return;
	source.id = keep(tree, id);
	source.gone = is_gone(item);
	source.interval_s = jsonx_num(jsonx_get(item, "interval"));
	if (!(source.interval_s > 0 && source.interval_s < MOST_INTERVAL_S))
		source.interval_s = NAN;
	take_type(tree, &source, item);
	if (source.id != NULL)
		g_array_append_val(tree->sources, source);
}

/* --- sensors, gateways --- */

static void add_sensor(struct sens_tree *tree, const cJSON *item, unsigned gateway)
{
	struct sens_sensor sensor = {.gateway = gateway};
	char number[SENS_ID_SIZE];
	const char *id = sens_id(jsonx_get(item, "id"), number);
	const cJSON *source;

	if (id == NULL) {
		tree->bad++;
		return;
	}
	if (!is_new(tree, 's', id, tree->sensors->len))
		return;
	sensor.id = keep(tree, id);
	sensor.serial = keep_member(tree, item, "serial");
	sensor.name = keep_member(tree, item, "title");
	sensor.model = keep_member(tree, jsonx_get(item, "type"), "name");
	sensor.gone = is_gone(item);
	id = sens_id(jsonx_get(item, "current_gateway_id"), number);
	sensor.gateway_id = keep(tree, id);
	if (sensor.gateway_id == NULL && gateway < tree->gateways->len)
		sensor.gateway_id = g_array_index(tree->gateways, struct sens_gateway, gateway).id;
	sensor.first = tree->sources->len;
	cJSON_ArrayForEach(source, jsonx_get(item, "devices")) add_source(tree, source, tree->sensors->len);
	sensor.n = tree->sources->len - sensor.first;
	g_array_append_val(tree->sensors, sensor);
}

static bool is_gateway(const cJSON *item)
{
	return jsonx_get(item, "master_id") != NULL || jsonx_get(item, "ipv4") != NULL;
}

/* A slave may stand within its master. */
static void add_gateway(struct sens_tree *tree, const cJSON *item, unsigned depth)
{
	struct sens_gateway gateway = {.gone = is_gone(item)};
	char number[SENS_ID_SIZE];
	const char *id = sens_id(jsonx_get(item, "id"), number);
	guint index = tree->gateways->len;
	const cJSON *child;

	if (id == NULL || depth > DEPTH) {
		tree->bad++;
		return;
	}
	if (!is_new(tree, 'g', id, index))
		return;
	gateway.id = keep(tree, id);
	gateway.serial = keep_member(tree, item, "serial");
	gateway.name = keep_member(tree, item, "title");
	gateway.gone_ms = jsonx_moment(jsonx_get(item, "disconnected_date"));
	g_array_append_val(tree->gateways, gateway);
	cJSON_ArrayForEach(child, jsonx_get(item, "devices")) if (!is_gateway(child))
		add_sensor(tree, child, index);
	cJSON_ArrayForEach(child, jsonx_get(item, "devices")) if (is_gateway(child))
		add_gateway(tree, child, depth + 1);
	cJSON_ArrayForEach(child, jsonx_get(item, "slaves")) add_gateway(tree, child, depth + 1);
}

static void take_gateway(void *ctx, const char *key, const cJSON *item)
{
	(void)key;
	add_gateway(ctx, item, 0);
}

static void take_sensor(void *ctx, const char *key, const cJSON *item)
{
	(void)key;
	add_sensor(ctx, item, G_MAXUINT);
}

int sens_tree_read(struct sens_tree *tree, const char *bytes, size_t length, struct problem *problem)
{
	struct jsonx doc;
	int err;

	jsonx_init(&doc);
	err = jsonx_parse(&doc, bytes, length, problem);
	if (err == ERR_OK) {
		const cJSON *sensor = jsonx_get(doc.root, "sensor");

		if (sensor != NULL)
			sens_each(sensor, take_sensor, tree);
		else
			sens_each(sens_payload(doc.root, "gateways", "gateway"), take_gateway, tree);
	}
	jsonx_fini(&doc);
	return err;
}

/* --- values --- */

double sens_value(const struct sens_source *source, double value)
{
	return source != NULL && source->fahrenheit ? (value - 32) * 5 / 9 : value;
}

double sens_threshold(const struct sens_source *source, double value)
{
	return source != NULL && source->fahrenheit ? value * 9 / 5 + 32 : value;
}

/* --- rows --- */

bool sens_add_gateway(struct rows *rows, const struct sens_tree *tree, const struct sens_gateway *gateway)
{
	struct gateway *row = rows_add(rows);
	unsigned count = 0;

	if (row == NULL)
		return false;
	for (guint i = 0; i < tree->sensors->len; i++)
		count += g_strcmp0(g_array_index(tree->sensors, struct sens_sensor, i).gateway_id,
				   gateway->id) == 0;
	row->id = rows_copy(rows, gateway->id);
	row->serial = rows_copy(rows, gateway->serial);
	row->name = rows_copy(rows, gateway->name);
	row->status = gateway->gone ? STATUS_OFFLINE : STATUS_ONLINE;
	row->last_seen_ms = gateway->gone_ms;
	row->sensor_count = count;
	return true;
}

struct health {
	int64_t seen_ms;
	bool told, fresh; /* readings were told; one of them is not older than three of its intervals */
};

/* What the sensor's newest readings tell. */
static struct health take_readings(struct sensor *row, const struct sens_tree *tree,
				   const struct sens_sensor *sensor, int64_t now_ms)
{
	struct health health = {.seen_ms = MOMENT_NONE};

	for (guint i = sensor->first; i < sensor->first + sensor->n; i++) {
		const struct sens_source *source = &g_array_index(tree->sources, struct sens_source, i);
		double interval_s = source->interval_s;

		if (source->use == SENS_OTHER && !isnan(interval_s))
			row->interval_s = isnan(row->interval_s) ? interval_s
								 : fmin(row->interval_s, interval_s);
		if (source->time_ms == MOMENT_NONE)
			continue;
		if (source->use == SENS_BATTERY)
			row->battery_volts = source->value;
		if (source->use == SENS_SIGNAL)
			row->signal_percent = source->value;
		health.told = true;
		health.seen_ms = MAX(health.seen_ms, source->time_ms);
		interval_s = interval_s > LEAST_INTERVAL_S ? interval_s : LEAST_INTERVAL_S;
		health.fresh |= (double)(now_ms - source->time_ms) <= 3000 * interval_s;
	}
	return health;
}

bool sens_add_sensor(struct rows *rows, const struct sens_tree *tree, const struct sens_sensor *sensor,
		     int64_t now_ms)
{
	const struct sens_gateway *gateway = sens_tree_gateway(tree, sensor->gateway_id);
	struct sensor *row = rows_add(rows);
	struct health health;

	if (row == NULL)
		return false;
	health = take_readings(row, tree, sensor, now_ms);
	row->id = rows_copy(rows, sensor->id);
	row->address = rows_copy(rows, sensor->serial);
	row->name = rows_copy(rows, sensor->name);
	row->model = rows_copy(rows, sensor->model);
	row->gateway_id = rows_copy(rows, sensor->gateway_id);
	row->gateway_serial = gateway == NULL ? NULL : rows_copy(rows, gateway->serial);
	row->last_seen_ms = health.seen_ms;
	row->status = sensor->gone                       ? STATUS_OFFLINE
		      : gateway != NULL && gateway->gone ? STATUS_UNKNOWN
		      : health.told && !health.fresh     ? STATUS_DEGRADED
							 : STATUS_ONLINE;
	return true;
}
