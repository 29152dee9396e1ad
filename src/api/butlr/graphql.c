#include "api/butlr/graphql.h"

#include "api/butlr/tree.h"
#include "base/jsonw.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char *const texts[BUTLR_QUERY_COUNT] = {
	[BUTLR_QUERY_TOPOLOGY] =
		"query GetFullTopology { sites { data { id name timezone siteNumber customID org_id "
		"buildings { id name building_number site_id customID capacity { max mid } address { lines country } "
		"floors { id name floorNumber building_id timezone installation_date customID "
		"capacity { max mid } area { value unit } "
		"rooms { id name floor_id roomType customID capacity { max mid } coordinates } "
		"zones { id name floor_id room_id customID capacity { max mid } area { value unit } coordinates } } } } } }",
	[BUTLR_QUERY_ROOMS] = "query RoomGeometry { rooms { data { id name floor_id coordinates rotation "
			      "area { value unit } capacity { max mid } note } } }",
	[BUTLR_QUERY_SENSORS] =
		"query GetAllSensors { sensors { data { id name mac_address mode model floor_id room_id hive_serial "
		"is_entrance is_online is_streaming is_sleep_time power_type last_battery_change_date "
		"next_battery_change_date battery_change_by_date last_heartbeat installation_status } } }",
	[BUTLR_QUERY_GEOMETRY] =
		"query SensorGeometry { sensors { data { id mac_address mode model floor_id room_id hive_id hive_serial "
		"sensitivity center height orientation field_of_view } } }",
	[BUTLR_QUERY_HIVES] =
		"query GetAllHives { hives { data { id name serialNumber floor_id room_id isOnline coordinates "
		"isStreaming hiveVersion hiveType note lastHeartbeat netPathStability installed } } }",
	[BUTLR_QUERY_FIXTURES] =
		"query GetFixtures { fixtures { data { fixture_id floor_id room_id fixture_type center scale rotation } } }",
};

const char *butlr_query_text(enum butlr_query query) { return texts[query]; }

void butlr_graphql_body(struct buf *body, const char *text)
{
	struct jsonw w;

	jsonw_init(&w, body, false);
	jsonw_open(&w, '{');
	jsonw_kstr(&w, "query", text);
	jsonw_close(&w, '}');
}

/* --- dropping fields --- */

static bool name_char(char c) { return isalnum((unsigned char)c) || c == '_'; }

/* From an opening bracket to after its partner. */
static char *pass_brackets(char *at, char open, char close)
{
	unsigned depth = 0;

	for (; *at != '\0'; at++) {
		if (*at == open)
			depth++;
		else if (*at == close && --depth == 0)
			return at + 1;
	}
	return at;
}

/* What follows a field's name and belongs to it: arguments and selection. */
static char *field_end(char *at)
{
	char *end = at;

	at += strspn(at, " \n\t");
	if (*at == '(') {
		end = pass_brackets(at, '(', ')');
		at = end + strspn(end, " \n\t");
	}
	return *at == '{' ? pass_brackets(at, '{', '}') : end;
}

bool butlr_graphql_drop(char *text, const char *field)
{
	size_t length = strlen(field);
	unsigned depth = 0;
	bool dropped = false;

	if (length == 0 || strcmp(field, "id") == 0 || strcmp(field, "data") == 0)
		return false;
	for (char *at = text; *at != '\0';) {
		size_t name = 0;
		if (*at == '{')
			depth++;
		else if (*at == '}')
			depth--;
		while (name_char(at[name]))
			name++;
		if (name == 0) {
			at++;
			continue;
		}
		if (depth >= 2 && name == length && strncmp(at, field, length) == 0) {
			char *end = field_end(at + name);
			memset(at, ' ', (size_t)(end - at));
			at = end;
			dropped = true;
		} else {
			at += name;
		}
	}
	return dropped;
}

/* --- what an answer means --- */

/* The first quoted name: 'Cannot query field "note" on type "Room".' and its kin. */
static void quoted_name(const char *message, char *out, size_t size)
{
	const char *open = strpbrk(message, "\"'`");
	size_t n = 0;

	out[0] = '\0';
	if (open == NULL)
		return;
	for (open++; name_char(open[n]) && n + 1 < size; n++)
		out[n] = open[n];
	out[name_char(open[n]) ? 0 : n] = '\0';
}

static bool refused(const char *code, const char *message)
{
	return strcasecmp(code, "BAD_USER_INPUT") == 0 ||
	       strcasecmp(code, "GRAPHQL_VALIDATION_FAILED") == 0 ||
	       strcasecmp(code, "GRAPHQL_PARSE_FAILED") == 0 ||
	       strcasestr(message, "cannot query field") != NULL ||
	       strcasestr(message, "unknown field") != NULL ||
	       strcasestr(message, "fielddoesn'texist") != NULL ||
	       (strcasestr(message, "field") != NULL && (strcasestr(message, "doesn't exist") != NULL ||
							 strcasestr(message, "does not exist") != NULL));
}

static void read_errors(const cJSON *errors, bool has_data, struct butlr_graphql_result *result)
{
	bool bad_query = false;

	for (const cJSON *error = errors->child; error != NULL; error = error->next) {
		const char *code = jsonx_str(jsonx_path(error, "extensions.code"));
		const char *message = jsonx_str(jsonx_get(error, "message"));
		if (message == NULL)
			message = jsonx_str(error);
		code = code == NULL ? "" : code;
		message = message == NULL ? code : message;
		if (result->message[0] == '\0')
			g_strlcpy(result->message, message, sizeof(result->message));
		if (strcasecmp(code, "UNAUTHENTICATED") == 0) {
			result->state = BUTLR_GRAPHQL_AUTH;
			return;
		}
		if (refused(code, message) && !bad_query) {
			bad_query = true;
			quoted_name(message, result->field, sizeof(result->field));
		}
	}
	result->state = has_data    ? BUTLR_GRAPHQL_PARTIAL
			: bad_query ? BUTLR_GRAPHQL_REFUSED
				    : BUTLR_GRAPHQL_FAILED;
}

static void read_state(const cJSON *root, struct butlr_graphql_result *result)
{
	const cJSON *data = jsonx_get(root, "data"), *errors = jsonx_get(root, "errors");

	if (cJSON_IsArray(errors) && errors->child != NULL)
		read_errors(errors, cJSON_IsObject(data), result);
	else if (cJSON_IsObject(data))
		result->state = BUTLR_GRAPHQL_OK;
}

/* --- rows --- */

static const struct list {
	const char *many, *one;
	enum kind kind; /* KIND_COUNT: sites */
} lists[] = {
	{"sites", "site", KIND_COUNT},    {"buildings", "building", KIND_BUILDINGS},
	{"floors", "floor", KIND_FLOORS}, {"rooms", "room", KIND_ROOMS},
	{"zones", "zone", KIND_ZONES},    {"sensors", "sensor", KIND_SENSORS},
	{"hives", "hive", KIND_GATEWAYS}, {"fixtures", "fixture", KIND_FIXTURES},
	{"roomsByTag", "", KIND_ROOMS},   {"floorsByTag", "", KIND_FLOORS},
	{"zonesByTag", "", KIND_ZONES},
};

static const struct list *list_of(const char *member)
{
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		if (strcmp(member, lists[i].many) == 0 ||
		    (member[0] != '\0' && strcmp(member, lists[i].one) == 0))
			return &lists[i];
	return NULL;
}

struct reading {
	struct jsonx doc;
	struct butlr_estate *estate;
	struct butlr_graphql_result *result;
	bool has_data, has_errors;
};

static int pass(struct jsonx_scan *scan)
{
	struct jsonx_extent extent;

	return jsonx_scan_value(scan, &extent);
}

static void take_object(struct reading *reading, const struct list *list, const cJSON *object)
{
	struct butlr_place place = {.listed = true};

	if (list->kind == KIND_COUNT)
		butlr_take_site(reading->estate, object);
	else
		butlr_take(reading->estate, list->kind, object, &place);
}

/* Each element is a small tree of its own. */
static int take_elements(struct reading *reading, const struct list *list, struct jsonx_scan *scan)
{
	struct butlr_walk walk;
	int more, err = ERR_OK;

	butlr_walk_open(&walk, scan);
	while (err == ERR_OK && (more = butlr_walk_next(&walk)) != 0) {
		const cJSON *object;
		bool passed;
		if (more < 0)
			return ERR_PARSE;
		object = butlr_tree(&reading->doc, &walk.scan, &passed, &err);
		if (object != NULL)
			take_object(reading, list, object);
	}
	*scan = walk.scan;
	return err;
}

/* {data: […]} around a list, or one object bare. */
static int take_wrapped(struct reading *reading, const struct list *list, struct jsonx_scan *scan)
{
	struct jsonx_scan whole = *scan;
	struct butlr_walk walk;
	bool wrapped = false;
	int more, err = ERR_OK;
	const cJSON *object;

	butlr_walk_open(&walk, scan);
	while (err == ERR_OK && (more = butlr_walk_next(&walk)) != 0) {
		if (more < 0)
			return ERR_PARSE;
		if (strcmp(walk.key, "data") == 0) {
			wrapped = true;
			err = *walk.scan.at == '[' ? take_elements(reading, list, &walk.scan)
						   : pass(&walk.scan);
		} else {
			err = pass(&walk.scan);
		}
	}
	*scan = walk.scan;
	if (err != ERR_OK || wrapped)
		return err;
	object = butlr_tree(&reading->doc, &whole, &wrapped, &err);
	if (object != NULL)
		take_object(reading, list, object);
	return err;
}

static int take_data(struct reading *reading, struct jsonx_scan *scan)
{
	struct butlr_walk walk;
	int more, err = ERR_OK;

	if (*scan->at != '{')
		return pass(scan);
	reading->has_data = true;
	butlr_walk_open(&walk, scan);
	while (err == ERR_OK && (more = butlr_walk_next(&walk)) != 0) {
		const struct list *list = list_of(walk.key);
		if (more < 0)
			return ERR_PARSE;
		if (list != NULL && *walk.scan.at == '[')
			err = take_elements(reading, list, &walk.scan);
		else if (list != NULL && *walk.scan.at == '{')
			err = take_wrapped(reading, list, &walk.scan);
		else
			err = pass(&walk.scan);
	}
	*scan = walk.scan;
	return err;
}

static int take_errors(struct reading *reading, struct jsonx_scan *scan)
{
	const cJSON *errors;
	bool passed;
	int err;

	errors = butlr_tree(&reading->doc, scan, &passed, &err);
	if (cJSON_IsArray(errors) && errors->child != NULL) {
		reading->has_errors = true;
		read_errors(errors, false, reading->result);
	}
	return err;
}

static int take_answer(struct reading *reading, struct jsonx_scan *scan)
{
	struct butlr_walk walk;
	int more, err = ERR_OK;

	if (butlr_walk_peek(scan) != '{')
		return ERR_PARSE;
	butlr_walk_open(&walk, scan);
	while (err == ERR_OK && (more = butlr_walk_next(&walk)) != 0) {
		if (more < 0)
			return ERR_PARSE;
		if (strcmp(walk.key, "data") == 0)
			err = take_data(reading, &walk.scan);
		else if (strcmp(walk.key, "errors") == 0)
			err = take_errors(reading, &walk.scan);
		else
			err = pass(&walk.scan);
	}
	*scan = walk.scan;
	return err == ERR_OK && butlr_walk_peek(scan) != 0 ? ERR_PARSE : err;
}

int butlr_decode_graphql(const char *bytes, size_t length, struct butlr_estate *estate,
			 struct butlr_graphql_result *result, struct problem *problem)
{
	struct reading reading = {.estate = estate, .result = result};
	struct jsonx_scan scan = butlr_walk_bytes(bytes, length);
	int err;

	*result = (struct butlr_graphql_result){.state = BUTLR_GRAPHQL_NOT};
	jsonx_init(&reading.doc);
	err = take_answer(&reading, &scan);
	jsonx_fini(&reading.doc);
	if (err != ERR_OK && err != ERR_PARSE)
		return problem_set(problem, err, NULL, NULL, "%s", err_text(err));
	if (err == ERR_PARSE) {
		*result = (struct butlr_graphql_result){.state = BUTLR_GRAPHQL_NOT};
		return ERR_OK;
	}
	if (reading.has_data && !reading.has_errors)
		result->state = BUTLR_GRAPHQL_OK;
	else if (reading.has_data && result->state != BUTLR_GRAPHQL_AUTH)
		result->state = BUTLR_GRAPHQL_PARTIAL;
	return err;
}

int butlr_graphql_inspect(const char *bytes, size_t length)
{
	struct butlr_graphql_result result = {.state = BUTLR_GRAPHQL_NOT};
	struct jsonx doc;
	size_t end = length, start = 0;

	while (end > 0 && isspace((unsigned char)bytes[end - 1]))
		end--;
	while (start < end &&
	       (isspace((unsigned char)bytes[start]) || (unsigned char)bytes[start] >= 0x80)) /* BOM */
		start++;
	if (start == end || bytes[start] != '{' || bytes[end - 1] != '}')
		return ERR_PARSE;
	if (memmem(bytes, length, "UNAUTHENTICATED", strlen("UNAUTHENTICATED")) == NULL)
		return ERR_OK;
	jsonx_init(&doc);
	if (jsonx_parse(&doc, bytes, length, NULL) == ERR_OK)
		read_state(doc.root, &result);
	jsonx_fini(&doc);
	return result.state == BUTLR_GRAPHQL_AUTH ? ERR_AUTH : ERR_OK;
}
