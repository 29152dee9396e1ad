/* Sensors and their health, doorways, labels, users (density.md §5, §6). */
#include "api/density/job.h"

#include "api/density/shape.h"
#include "base/jsonw.h"
#include "base/text.h"
#include "core/kind.h"
#include "model/access.h"

#include <string.h>

/* --- parts --- */

/* Ids of a list, each a text or an object with one; of the rows' arena. */
static struct words take_ids(struct rows *rows, const cJSON *list)
{
	struct words words = {NULL, 0};
	const char **at;
	int n = cJSON_IsArray(list) ? cJSON_GetArraySize(list) : 0;

	at = n > 0 ? rows_memory(rows, (size_t)n * sizeof(*at)) : NULL;
	if (at == NULL)
		return words;
	for (const cJSON *item = list->child; item != NULL; item = item->next) {
		char number[DENS_ID_SIZE];
		const char *id = rows_text(rows, dens_id_of(item, number));

		if (id != NULL)
			at[words.n++] = id;
	}
	words.at = words.n > 0 ? at : NULL;
	return words;
}

static const char *first_text(const cJSON *item, const char *const *names)
{
	const char *text = NULL;

	for (; *names != NULL && text == NULL; names++)
		text = jsonx_str(jsonx_get(item, *names));
	return text;
}

static const char *first_id(const cJSON *item, const char *const *names, char number[DENS_ID_SIZE])
{
	const char *id = NULL;

	for (; *names != NULL && id == NULL; names++)
		id = dens_id_of(jsonx_get(item, *names), number);
	return id;
}

static const char *serial_of(const cJSON *item, const char *key, char number[DENS_ID_SIZE])
{
	static const char *const names[] = {"serial_number", "sensor_serial_number", "serial", "id", NULL};
	const char *serial = first_id(item, names, number);

	return serial != NULL ? serial : key[0] != '\0' ? key : NULL;
}

static const char *doorway_in(const cJSON *item, char number[DENS_ID_SIZE])
{
	static const char *const names[] = {"doorway_id", "doorway", NULL};

	return first_id(item, names, number);
}

static const char *space_in(const cJSON *item, char number[DENS_ID_SIZE])
{
	static const char *const names[] = {"space_id", "space", "area_id", "floor_id", NULL};
	const char *id = first_id(item, names, number);
	const cJSON *list = jsonx_get(item, "space_ids");

	if (id == NULL && cJSON_IsArray(list))
		id = dens_id_of(list->child, number);
	if (id == NULL && cJSON_IsArray(list = jsonx_get(item, "spaces")))
		id = dens_id_of(list->child, number);
	return id;
}

/* --- one object each --- */

bool dens_take_label(struct rows *rows, const cJSON *item)
{
	static const char *const id_names[] = {"id", "label_id", NULL};
	char number[DENS_ID_SIZE];
	const cJSON *group = jsonx_get(item, "group");
	const char *id = rows_text(rows, first_id(item, id_names, number));
	struct label *row = id == NULL ? NULL : rows_add(rows);

	if (row == NULL)
		return false;
	row->id = id;
	row->name = rows_text(rows, jsonx_str(jsonx_get(item, "name")));
	row->type = "label";
	row->parent_id = rows_text(rows, dens_id_of(group, number));
	row->group = rows_text(rows, jsonx_str(jsonx_get(group, "name")));
	row->space_ids = take_ids(rows, jsonx_get(item, "spaces"));
	return true;
}

bool dens_take_user(struct rows *rows, const cJSON *item)
{
	static const char *const names[] = {"full_name", "name", NULL}, *const id_names[] = {"id", "user_id",
											     NULL};
	char number[DENS_ID_SIZE];
	const char *id = rows_text(rows, first_id(item, id_names, number));
	struct user *row = id == NULL ? NULL : rows_add(rows);

	if (row == NULL)
		return false;
	row->id = id;
	row->name = rows_text(rows, first_text(item, names));
	row->type = rows_text(rows, jsonx_str(jsonx_get(item, "role")));
	row->email = rows_text(rows, jsonx_str(jsonx_get(item, "email")));
	row->space_ids = take_ids(rows, jsonx_get(item, "spaces"));
	row->created_ms = jsonx_moment(jsonx_get(item, "created_at"));
	return true;
}

static bool take_doorway(struct rows *rows, const cJSON *item)
{
	static const char *const ids[] = {"id", "doorway_id", NULL}, *const names[] = {"name", "display_name",
										       NULL};
	char number[DENS_ID_SIZE];
	const char *id = rows_text(rows, first_id(item, ids, number));
	struct doorway *row = id == NULL ? NULL : rows_add(rows);
	const cJSON *spaces = jsonx_get(item, "spaces");

	if (row == NULL)
		return false;
	row->id = id;
	row->name = rows_text(rows, first_text(item, names));
	row->type = rows_text(rows, jsonx_str(jsonx_get(item, "type")));
	row->parent_id = rows_text(rows, space_in(item, number));
	row->space_ids = take_ids(rows, cJSON_IsArray(spaces) ? spaces : jsonx_get(item, "space_ids"));
	return true;
}

static bool is_entry(const char *type) { return g_ascii_strcasecmp(type, "entry") == 0; }

static bool is_other(const char *type)
{
	static const char *const types[] = {"oa", "open area", "open_area", "waffle"};

	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (g_ascii_strcasecmp(type, types[i]) == 0)
			return true;
	return false;
}

/* room_id holds the space as told until the end; its doorway is kept beside. */
static bool take_sensor(struct dens_job *job, struct rows *rows, const char *key, const cJSON *item)
{
	static const char *const types[] = {"sensor_type", "type", "counting_mode", "device_type", NULL},
				 *const models[] = {"model", "hardware_version", NULL},
				 *const names[] = {"name", "display_name", NULL};
	char number[DENS_ID_SIZE];
	const char *id = rows_text(rows, serial_of(item, key, number)), *type = first_text(item, types);
	struct sensor *row = id == NULL ? NULL : rows_add(rows);
	const char *doorway;

	if (row == NULL)
		return false;
	row->id = row->address = id;
	row->name = rows_text(rows, first_text(item, names));
	row->model = rows_text(rows, first_text(item, models));
	row->mode = rows_text(rows, type);
	row->status = dens_health(jsonx_get(item, "health_status"));
	row->room_id = rows_text(rows, space_in(item, number));
	doorway = doorway_in(item, number);
	row->entrance = doorway != NULL || (type != NULL && is_entry(type)) ? 1
			: type != NULL && is_other(type)                    ? 0
									    : TRUTH_UNKNOWN;
	g_ptr_array_add(job->doorway_of, g_strdup(doorway));
	return true;
}

/* --- answers --- */

struct reading {
	struct work *work;
	struct dens_job *job;
	int step;
	unsigned bad;
};

static void free_device(void *memory)
{
	struct dens_device *device = memory;

	g_free(device->doorway);
	g_free(device);
}

static void take_health(struct dens_job *job, const char *key, const cJSON *item)
{
	static const char *const words[] = {"health_status", "status", NULL};
	char number[DENS_ID_SIZE];
	const char *serial = serial_of(item, key, number);
	char *name = g_strdup(serial);
	struct dens_device *device;

	if (name == NULL)
		return;
	device = g_new0(struct dens_device, 1);
	for (size_t i = 0; words[i] != NULL && device->status == NULL; i++)
		device->status = dens_health(jsonx_get(item, words[i]));
	device->doorway = g_strdup(doorway_in(item, number));
	g_hash_table_replace(job->health, name, device);
}

static void take_group(struct dens_job *job, const cJSON *item)
{
	char number[DENS_ID_SIZE], other[DENS_ID_SIZE];
	const char *id = dens_id(jsonx_get(item, "id"), number), *name = jsonx_str(jsonx_get(item, "name"));
	const cJSON *labels = jsonx_get(item, "labels");

	if (id == NULL)
		return;
	g_hash_table_replace(job->groups, g_strdup(id), g_strdup(name));
	if (!cJSON_IsArray(labels))
		return;
	for (const cJSON *label = labels->child; label != NULL; label = label->next)
		if (dens_id_of(label, other) != NULL)
			g_hash_table_replace(job->group_of, g_strdup(dens_id_of(label, other)), g_strdup(id));
}

/* For sensors: where a doorway leads. A room says more than the floor around it, so the first space stands for it. */
static void learn_doorway(struct dens_job *job, const cJSON *item)
{
	static const char *const ids[] = {"id", "doorway_id", NULL};
	char number[DENS_ID_SIZE], other[DENS_ID_SIZE];
	const char *id = first_id(item, ids, number), *space = space_in(item, other);

	if (id != NULL && space != NULL)
		g_hash_table_replace(job->doorways, g_strdup(id), g_strdup(space));
}

static int on_item(void *ctx, const char *key, const cJSON *item)
{
	struct reading *reading = ctx;
	struct dens_job *job = reading->job;
	struct rows *rows = work_rows(reading->work, job->kind);
	bool taken = true;

	switch (reading->step) {
	case DENS_STEP_SENSORS:
		taken = take_sensor(job, rows, key, item);
		break;
	case DENS_STEP_HEALTH:
		take_health(job, key, item);
		break;
	case DENS_STEP_DOORWAYS:
		if (job->kind == KIND_DOORWAYS)
			taken = take_doorway(rows, item);
		else
			learn_doorway(job, item);
		break;
	case DENS_STEP_LABELS:
		taken = dens_take_label(rows, item);
		break;
	case DENS_STEP_GROUPS:
		take_group(job, item);
		break;
	default:
		taken = dens_take_user(rows, item);
		break;
	}
	reading->bad += !taken;
	return rows_overflow(rows) ? ERR_TOO_BIG : ERR_OK;
}

int dens_things_answer(struct work *work, struct dens_job *job, const struct work_request *request,
		       const struct work_answer *answer)
{
	struct reading reading = {.work = work, .job = job, .step = request->step};
	struct problem problem = {.code = ERR_OK};
	struct work_request asked = *request;
	char *next = NULL, *path;
	unsigned bad = 0;
	int err;

	if (answer->status == 401 || answer->error == ERR_AUTH)
		asked.optional = false;
	if (!work_usable(work, &asked, answer))
		return work_failed(work) ? work_problem(work)->code : ERR_OK;
	err = dens_each_item(answer->body, answer->length, on_item, &reading, &next, &bad, &problem);
	if (request->step == DENS_STEP_HEALTH && err == ERR_OK)
		job->health_told = true;
	if (err != ERR_OK && request->optional) {
		work_notice(work, NOTICE_PARTIAL, "%s: the answer cannot be read: %s", request->path,
			    problem.why);
		return ERR_OK;
	}
	if (err != ERR_OK && err != ERR_TOO_BIG) {
		work_fail(work, &problem);
		work_blame(work, request);
		return err;
	}
	rows_count_bad(work_rows(work, job->kind), bad + reading.bad);
	path = request->page + 1 < WORK_PAGES ? dens_next_path(work, job->state, request->step, next) : NULL;
	g_free(next);
	if (path == NULL)
		return ERR_OK;
	asked = *request;
	asked.path = path;
	asked.page++;
	asked.method = "GET";
	asked.body = NULL;
	err = work_request(work, &asked);
	g_free(path);
	return err;
}

/* --- asking --- */

static int ask_sensors(struct work *work, struct dens_job *job)
{
	struct buf body;
	int err;

	job->health = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_device);
	job->doorways = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	job->doorway_of = g_ptr_array_new_with_free_func(g_free);
	buf_init(&body, 16);
	/* Without a filter: all of them. Two filters at once are refused, so none is ever sent. */
	buf_adds(&body, "{}");
	err = dens_ask(work, DENS_STEP_SENSORS, "/v3/sensors", &body, false);
	if (err == ERR_OK)
		err = dens_ask(work, DENS_STEP_HEALTH, "/v3/sensors/health/current", &body, true);
	if (err == ERR_OK)
		err = dens_ask(work, DENS_STEP_DOORWAYS, "/v3/doorways", NULL, true);
	buf_fini(&body);
	return err;
}

static int ask_labels(struct work *work, struct dens_job *job)
{
	int err;

	job->groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	job->group_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	err = dens_ask(work, DENS_STEP_LABELS, "/v3/labels", NULL, false);
	return err == ERR_OK ? dens_ask(work, DENS_STEP_GROUPS, "/v3/labels/groups", NULL, true) : err;
}

int dens_things_ask(struct work *work, struct dens_job *job)
{
	switch (job->kind) {
	case KIND_SENSORS:
		return ask_sensors(work, job);
	case KIND_DOORWAYS:
		return dens_ask(work, DENS_STEP_DOORWAYS, "/v3/doorways", NULL, false);
	case KIND_LABELS:
		return ask_labels(work, job);
	case KIND_USERS:
		return dens_ask(work, DENS_STEP_USERS, "/v3/users", NULL, false);
	default:
		return ERR_OK;
	}
}

/* --- joining --- */

/* Devices of which only the health is told. */
static void add_unlisted(struct work *work, struct dens_job *job)
{
	struct rows *rows = work_rows(work, KIND_SENSORS);
	GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);
	GHashTableIter at;
	gpointer serial, device;

	for (size_t i = 0; i < rows_count(rows); i++)
		g_hash_table_add(known, (gpointer)((const struct sensor *)rows_at(rows, i))->id);
	g_hash_table_iter_init(&at, job->health);
	while (g_hash_table_iter_next(&at, &serial, &device)) {
		const char *id = g_hash_table_contains(known, serial) ? NULL : rows_text(rows, serial);
		struct sensor *row = id == NULL ? NULL : rows_add(rows);

		if (row == NULL)
			continue;
		row->id = row->address = id;
		row->entrance = ((struct dens_device *)device)->doorway != NULL ? 1 : TRUTH_UNKNOWN;
		g_ptr_array_add(job->doorway_of, NULL);
	}
	g_hash_table_unref(known);
}

static void place_sensor(struct rows *rows, const struct dens_job *job, struct sensor *row,
			 const char *doorway)
{
	const struct dens_space *space = dens_tree_find(job->tree, row->room_id);

	if (space == NULL && doorway != NULL)
		space = dens_tree_find(job->tree, g_hash_table_lookup(job->doorways, doorway));
	row->room_id = space != NULL && space->level == DENS_ROOM ? rows_copy(rows, space->id) : NULL;
	row->floor_id = space != NULL && space->floor != NULL ? rows_copy(rows, space->floor->id) : NULL;
}

/* By place, whatever is told of it: a sensor of a floor belongs to the floor's building. */
static bool sensor_wanted(const void *row, void *ctx)
{
	const struct dens_job *job = ctx;
	const struct sensor *sensor = row;
	const struct dens_space *space = dens_tree_find(job->tree, sensor->room_id != NULL
									   ? sensor->room_id
									   : sensor->floor_id);

	return space != NULL && job->selected[space->index];
}

static void finish_sensors(struct work *work, struct dens_job *job)
{
	const struct query *query = work_query(work);
	struct rows *rows = work_rows(work, KIND_SENSORS);

	add_unlisted(work, job);
	for (size_t i = 0; i < rows_count(rows) && i < job->doorway_of->len; i++) {
		struct sensor *row = rows_edit(rows, i);
		const struct dens_device *device = g_hash_table_lookup(job->health, row->id);
		const char *doorway = job->doorway_of->pdata[i];

		if (device != NULL && device->status != NULL)
			row->status = device->status;
		if (row->status == NULL)
			row->status = STATUS_UNKNOWN;
		if (doorway == NULL && device != NULL)
			doorway = device->doorway;
		place_sensor(rows, job, row, doorway);
	}
	if (query->buildings.n + query->floors.n + query->rooms.n > 0)
		rows_filter(rows, sensor_wanted, job);
}

static void finish_labels(struct work *work, const struct dens_job *job)
{
	struct rows *rows = work_rows(work, KIND_LABELS);

	for (size_t i = 0; i < rows_count(rows); i++) {
		struct label *row = rows_edit(rows, i);

		if (row->parent_id == NULL)
			row->parent_id = rows_text(rows, g_hash_table_lookup(job->group_of, row->id));
		if (row->group == NULL && row->parent_id != NULL)
			row->group = rows_text(rows, g_hash_table_lookup(job->groups, row->parent_id));
	}
}

void dens_things_finish(struct work *work, struct dens_job *job)
{
	if (job->kind == KIND_SENSORS)
		finish_sensors(work, job);
	else if (job->kind == KIND_LABELS)
		finish_labels(work, job);
}
