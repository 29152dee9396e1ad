#include "api/butlr/detections.h"

#include "api/butlr/estate.h"
#include "api/butlr/plain.h"
#include "api/butlr/read.h"
#include "api/butlr/tree.h"
#include "base/moment.h"
#include "model/live.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PIXELS 64
#define NOT_CELSIUS 200.0 /* all pixels beyond: centi-degrees or Kelvin, probably (butlr.md §6.2) */

void butlr_detect_init(struct butlr_detect *detect)
{
	*detect = (struct butlr_detect){.senders = butlr_devices_new()};
}

void butlr_detect_fini(struct butlr_detect *detect)
{
	butlr_devices_free(detect->senders);
	free(detect->seen);
	*detect = (struct butlr_detect){0};
}

/* --- the rows already there --- */

static uint64_t scatter(uint64_t x)
{
	x = (x ^ x >> 32) * UINT64_C(0xD6E8FEB86659FD93);
	x = (x ^ x >> 32) * UINT64_C(0xD6E8FEB86659FD93);
	return x ^ x >> 32;
}

static bool seen_grow(struct butlr_detect *detect)
{
	size_t size = detect->size_seen == 0 ? 1024 : detect->size_seen * 2;
	uint64_t *seen = calloc(size, sizeof(*seen));

	if (seen == NULL)
		return false;
	for (size_t i = 0; i < detect->size_seen; i++) {
		size_t at = (size_t)detect->seen[i] & (size - 1);
		if (detect->seen[i] == 0)
			continue;
		while (seen[at] != 0)
			at = (at + 1) & (size - 1);
		seen[at] = detect->seen[i];
	}
	free(detect->seen);
	detect->seen = seen;
	detect->size_seen = size;
	return true;
}

/* True when this sender's sample of this moment and kind was not met before. Asked only for rows that are good: a broken copy must not hide a
 * whole one. */
static bool first_time(struct butlr_detect *detect, uint64_t sender, int64_t time_ms, enum butlr_data data)
{
	uint64_t mark = scatter(sender ^ scatter((uint64_t)time_ms * 8 + (uint64_t)data)) | 1;
	size_t at;

	if (detect->n_seen * 2 >= detect->size_seen && !seen_grow(detect))
		return true;
	at = (size_t)mark & (detect->size_seen - 1);
	while (detect->seen[at] != 0 && detect->seen[at] != mark)
		at = (at + 1) & (detect->size_seen - 1);
	if (detect->seen[at] == mark)
		return false;
	detect->seen[at] = mark;
	detect->n_seen++;
	return true;
}

/* --- who sent it --- */

/* The sender's slot: looked up once a work, then only found again. */
static struct butlr_device *sender_of(struct butlr_detect *detect, const char *address, uint64_t key)
{
	struct butlr_device *sender = butlr_devices_slot(detect->senders, key);
	const struct butlr_device *known;

	if (sender == NULL || sender->allowed != TRUTH_UNKNOWN)
		return sender;
	known = butlr_devices_find(detect->devices, key);
	sender->allowed = detect->placeholders || !butlr_placeholder_mac(address);
	if (known == NULL) /* the server filtered as far as it can; nothing here says otherwise */
		return sender;
	sender->id = known->id;
	if (detect->floors != NULL && known->floor_id != NULL && !query_wants(detect->floors, known->floor_id))
		sender->allowed = 0;
	if (detect->rooms != NULL && known->room_id != NULL && !query_wants(detect->rooms, known->room_id))
		sender->allowed = 0;
	return sender;
}

/* The texts of a row, shared by all rows of a sensor. False when there is nothing to see of the address. */
static bool share_texts(struct rows *rows, struct butlr_device *sender, const char *address)
{
	if (sender->shown_address == NULL) {
		sender->shown_address = rows_text(rows, address);
		sender->shown_id = rows_text(rows, sender->id);
	}
	return sender->shown_address != NULL;
}

/* "ADDRESS@MILLISECONDS", with a word for the space where there are two of them. */
static const char *make_id(struct rows *rows, const char *address, int64_t time_ms, const char *space)
{
	size_t length = strlen(address), space_length = space == NULL ? 0 : strlen(space) + 1;
	char digits[24], *at = digits + sizeof(digits), *id, *to;
	uint64_t rest = (uint64_t)time_ms;

	do {
		*--at = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	id = to = rows_memory(rows, length + 1 + (size_t)(digits + sizeof(digits) - at) + space_length + 1);
	if (id == NULL)
		return NULL;
	memcpy(to, address, length);
	to += length;
	*to++ = '@';
	memcpy(to, at, (size_t)(digits + sizeof(digits) - at));
	to += digits + sizeof(digits) - at;
	if (space != NULL) {
		*to++ = '@';
		memcpy(to, space, space_length - 1);
		to += space_length - 1;
	}
	*to = '\0';
	return id;
}

/* --- values --- */

static bool pixel(const cJSON *item, double *celsius)
{
	if (cJSON_IsNumber(item) && isfinite(item->valuedouble)) {
		*celsius = item->valuedouble;
		return true;
	}
	*celsius = jsonx_num(item);
	return item != NULL && (cJSON_IsNull(item) || cJSON_IsNumber(item) || !isnan(*celsius));
}

/* Numbers of one array into celsius; how many, or -1 when an element is neither number nor null or there are too many. */
static int pixels_of(const cJSON *array, double *celsius, int most)
{
	int n = 0;

	for (const cJSON *item = array->child; item != NULL; item = item->next)
		if (n == most || !pixel(item, &celsius[n++]))
			return -1;
	return n;
}

static bool read_rows(const cJSON *value, double *celsius)
{
	int row = 0;

	for (const cJSON *line = value->child; line != NULL; line = line->next, row++)
		if (row == 8 || !cJSON_IsArray(line) || pixels_of(line, celsius + 8 * row, 8) != 8)
			return false;
	return row == 8;
}

/* 8 rows of 8, or 64 in a row; either within one more pair of brackets (butlr.md §6.2). */
static bool read_grid(const cJSON *value, double *celsius)
{
	if (cJSON_IsArray(value) && value->child != NULL && value->child->next == NULL &&
	    cJSON_IsArray(value->child))
		value = value->child;
	if (!cJSON_IsArray(value) || value->child == NULL)
		return false;
	if (cJSON_IsArray(value->child))
		return read_rows(value, celsius);
	return pixels_of(value, celsius, PIXELS) == PIXELS;
}

static bool all_beyond(const double *celsius)
{
	for (size_t i = 0; i < PIXELS; i++)
		if (!(celsius[i] > NOT_CELSIUS))
			return false;
	return true;
}

/* One element of an array: read in place, or from its tree. */
struct element {
	const char *address;
	int64_t time_ms;
	const cJSON *value;    /* the tree's */
	const double *celsius; /* the 64 pixels, read in place; NULL: see value */
};

static bool add_frame(struct butlr_detect *detect, struct butlr_device *sender, const struct element *element)
{
	struct frame *frame = rows_add(detect->frames);

	if (frame == NULL)
		return true;
	if (element->celsius != NULL) {
		memcpy(frame->celsius.c, element->celsius, sizeof(frame->celsius.c));
	} else if (!read_grid(element->value, frame->celsius.c)) {
		rows_drop_last(detect->frames, true);
		detect->odd++;
		return false;
	}
	if (!share_texts(detect->frames, sender, element->address)) {
		rows_drop_last(detect->frames, true);
		return false;
	}
	if (!first_time(detect, sender->key, element->time_ms, BUTLR_HEATMAP)) {
		rows_drop_last(detect->frames, false);
		return false;
	}
	frame->address = sender->shown_address;
	frame->sensor_id = sender->shown_id;
	frame->time_ms = element->time_ms;
	frame->id = make_id(detect->frames, frame->address, element->time_ms, NULL);
	detect->hot = detect->hot || all_beyond(frame->celsius.c);
	return true;
}

static bool add_detection(struct butlr_detect *detect, struct butlr_device *sender, enum butlr_data data,
			  const struct element *element)
{
	struct detection *row = rows_add(detect->detections);
	const char *space = data == BUTLR_LOCAL ? SPACE_SENSOR : SPACE_FLOOR;
	const cJSON *value = element->value;
	int64_t time_ms = element->time_ms;

	if (row == NULL)
		return true;
	if ((value != NULL && !cJSON_IsNull(value) && !butlr_pairs(detect->detections, value, &row->points)) ||
	    !share_texts(detect->detections, sender, element->address)) {
		rows_drop_last(detect->detections, true);
		return false;
	}
	if (!first_time(detect, sender->key, time_ms, data)) {
		rows_drop_last(detect->detections, false);
		return false;
	}
	row->address = sender->shown_address;
	row->sensor_id = sender->shown_id;
	row->time_ms = time_ms;
	row->space = space;
	row->id = make_id(detect->detections, row->address, time_ms, space);
	return true;
}

/* --- one element of an array --- */

static enum butlr_data data_of(const char *member)
{
	if (strcmp(member, "heatmap") == 0)
		return BUTLR_HEATMAP;
	if (strcmp(member, "detections_local") == 0)
		return BUTLR_LOCAL;
	return strcmp(member, "detections_world") == 0 ? BUTLR_WORLD : 0;
}

static struct rows *rows_of(struct butlr_detect *detect, enum butlr_data data)
{
	return data == BUTLR_HEATMAP ? detect->frames : data != 0 ? detect->detections : NULL;
}

static void take_element(struct butlr_detect *detect, enum butlr_data data, const struct element *element)
{
	struct butlr_device *sender = NULL;

	if (element->time_ms != MOMENT_NONE)
		sender = sender_of(detect, element->address, butlr_mac_key(element->address));
	if (sender == NULL) {
		rows_count_bad(rows_of(detect, data), 1);
		return;
	}
	if (sender->allowed == 0)
		return;
	if (data == BUTLR_HEATMAP)
		detect->rows += add_frame(detect, sender, element);
	else
		detect->rows += add_detection(detect, sender, data, element);
}

static struct element element_of_tree(const cJSON *object)
{
	struct element element = {.time_ms = jsonx_moment(jsonx_get(object, "sample_time"))};

	if (element.time_ms == MOMENT_NONE)
		element.time_ms = jsonx_moment(jsonx_get(object, "start_time"));
	element.address = jsonx_str(jsonx_get(object, "mac_address"));
	element.value = jsonx_get(object, "value");
	return element;
}

/* --- the whole answer --- */

/* An element that is no plain frame: its tree. One that cannot be read is one bad row. */
static int take_tree(struct jsonx *doc, struct jsonx_scan *scan, struct butlr_detect *detect,
		     enum butlr_data data, struct problem *problem)
{
	struct element element;
	const cJSON *object;
	bool passed;
	int err;

	object = butlr_tree(doc, scan, &passed, &err);
	if (!passed)
		return butlr_walk_fault(scan, problem);
	if (object == NULL) {
		rows_count_bad(rows_of(detect, data), 1);
		return ERR_OK;
	}
	element = element_of_tree(object);
	take_element(detect, data, &element);
	return ERR_OK;
}

static int take_array(struct jsonx *doc, struct jsonx_scan *scan, struct butlr_detect *detect,
		      enum butlr_data data, struct problem *problem)
{
	struct butlr_plain_frame frame;
	struct butlr_walk walk;
	size_t rows = 0;
	int more, err = ERR_OK;

	butlr_walk_open(&walk, scan);
	while (err == ERR_OK && (more = butlr_walk_next(&walk)) != 0) {
		struct jsonx_scan ahead = walk.scan;
		if (more < 0)
			return butlr_walk_fault(&walk.scan, problem);
		if (++rows > JSONX_ROWS)
			return problem_set(problem, ERR_TOO_BIG, NULL, NULL, "more than %u rows", JSONX_ROWS);
		if (data == BUTLR_HEATMAP && butlr_plain_frame(&ahead, &frame)) {
			struct element element = {frame.address, moment_from_number(frame.sample), NULL,
						  frame.celsius};
			walk.scan = ahead;
			take_element(detect, data, &element);
		} else {
			err = take_tree(doc, &walk.scan, detect, data, problem);
		}
	}
	*scan = walk.scan;
	return err;
}

static int take_answer(struct jsonx *doc, struct jsonx_scan *scan, struct butlr_detect *detect,
		       struct problem *problem)
{
	struct jsonx_extent extent;
	struct butlr_walk walk;
	int more, err = ERR_OK;

	if (butlr_walk_peek(scan) != '{')
		return problem_set(problem, ERR_PARSE, NULL, NULL, "the answer is no JSON object");
	butlr_walk_open(&walk, scan);
	while (err == ERR_OK && (more = butlr_walk_next(&walk)) != 0) {
		enum butlr_data data = data_of(walk.key);
		if (more < 0)
			return butlr_walk_fault(&walk.scan, problem);
		if (*walk.scan.at == '[' && rows_of(detect, data) != NULL)
			err = take_array(doc, &walk.scan, detect, data, problem);
		else if (jsonx_scan_value(&walk.scan, &extent) != ERR_OK)
			err = butlr_walk_fault(&walk.scan, problem);
	}
	*scan = walk.scan;
	if (err == ERR_OK && butlr_walk_peek(scan) != 0)
		err = butlr_walk_fault(scan, problem);
	return err;
}

static size_t count_of(const struct rows *rows) { return rows == NULL ? 0 : rows_count(rows); }

int butlr_decode_detections(const char *bytes, size_t length, struct butlr_detect *detect,
			    struct problem *problem)
{
	size_t frames = count_of(detect->frames), detections = count_of(detect->detections);
	struct jsonx_scan scan = butlr_walk_bytes(bytes, length);
	struct jsonx doc;
	int err;

	jsonx_init(&doc);
	err = take_answer(&doc, &scan, detect, problem);
	jsonx_fini(&doc);
	if (err != ERR_OK && detect->frames != NULL)
		rows_truncate(detect->frames, frames);
	if (err != ERR_OK && detect->detections != NULL)
		rows_truncate(detect->detections, detections);
	return err;
}

/* --- order --- */

static int by_time_frame(const void *a, const void *b, void *ctx)
{
	const struct frame *x = a, *y = b;

	(void)ctx;
	if (x->time_ms != y->time_ms)
		return x->time_ms < y->time_ms ? -1 : 1;
	return x->address == y->address ? 0 : strcmp(x->address, y->address);
}

static int by_time_detection(const void *a, const void *b, void *ctx)
{
	const struct detection *x = a, *y = b;
	int order;

	(void)ctx;
	if (x->time_ms != y->time_ms)
		return x->time_ms < y->time_ms ? -1 : 1;
	order = x->address == y->address ? 0 : strcmp(x->address, y->address);
	return order != 0 ? order : -strcmp(x->space, y->space); /* the sensor's own view first */
}

void butlr_detections_sort(struct rows *rows)
{
	rows_sort(rows, rows_kind(rows) == KIND_FRAMES ? by_time_frame : by_time_detection, NULL);
}
