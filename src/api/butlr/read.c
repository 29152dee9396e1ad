#include "api/butlr/read.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#define VERTICES 10000 /* of one polygon */
#define SQUARE_FOOT 0.09290304

static double positive(double number) { return number > 0 ? number : NAN; }

double butlr_capacity(const cJSON *object)
{
	const cJSON *item = jsonx_get(object, "capacity");
	double capacity = positive(jsonx_num(jsonx_get(item, "max")));

	if (isnan(capacity))
		capacity = positive(jsonx_num(item));
	if (isnan(capacity))
		capacity = positive(jsonx_num(jsonx_get(object, "maxCapacity")));
	return capacity;
}

double butlr_mid_capacity(const cJSON *object)
{
	double capacity = positive(jsonx_num(jsonx_path(object, "capacity.mid")));

	return isnan(capacity) ? positive(jsonx_num(jsonx_get(object, "mid_capacity"))) : capacity;
}

double butlr_area(const cJSON *object)
{
	const cJSON *item = jsonx_get(object, "area");
	const char *unit = jsonx_str(jsonx_get(object, "area_unit"));
	double area = jsonx_num(item);

	if (cJSON_IsObject(item)) {
		area = jsonx_num(jsonx_get(item, "value"));
		unit = jsonx_str(jsonx_get(item, "unit"));
	}
	if (unit != NULL && (strcasestr(unit, "ft") != NULL || strcasestr(unit, "feet") != NULL ||
			     strcasestr(unit, "foot") != NULL))
		area *= SQUARE_FOOT;
	return positive(area);
}

struct point butlr_point(const cJSON *item)
{
	struct point point = {NAN, NAN};
	double x, y;

	if (!cJSON_IsArray(item) || item->child == NULL || item->child->next == NULL)
		return point;
	x = jsonx_num(item->child);
	y = jsonx_num(item->child->next);
	if (!isnan(x) && !isnan(y))
		point = (struct point){x, y};
	return point;
}

struct vector3 butlr_vector3(const cJSON *item)
{
	struct vector3 vector = {{NAN, NAN, NAN}};
	const cJSON *part = cJSON_IsArray(item) ? item->child : NULL;
	double v[3];

	for (size_t i = 0; i < 3; i++) {
		v[i] = jsonx_num(part);
		if (isnan(v[i]))
			return vector;
		part = part->next;
	}
	memcpy(vector.v, v, sizeof(v));
	return vector;
}

struct rgba butlr_color(const cJSON *item)
{
	struct rgba none = {0};
	uint8_t part[4] = {0, 0, 0, 255};
	size_t n = 0;

	if (!cJSON_IsArray(item))
		return none;
	for (const cJSON *at = item->child; at != NULL && n < 4; at = at->next, n++) {
		double value = jsonx_num(at);
		if (isnan(value) || value < 0 || value > 255)
			return none;
		part[n] = (uint8_t)lround(value);
	}
	if (n < 3)
		return none;
	return (struct rgba){part[0], part[1], part[2], part[3], true};
}

/* The member "0", "1" … of an object, whatever their order in it. */
static const cJSON *member_number(const cJSON *object, unsigned number)
{
	char name[16];
	char *at = name + sizeof(name);

	*--at = '\0';
	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	return jsonx_get(object, at);
}

static bool flat_numbers(const cJSON *array)
{
	return cJSON_IsNumber(array->child) || cJSON_IsString(array->child);
}

/* Reads up to `most` vertices into `out`; -1 when one of them is no point. */
static long read_vertices(const cJSON *item, struct point *out, size_t most)
{
	const cJSON *at = item->child;
	size_t n = 0;

	while (at != NULL && n < most) {
		struct point point;
		if (cJSON_IsObject(item)) {
			const cJSON *vertex = member_number(item, (unsigned)n);
			if (vertex == NULL)
				return -1;
			point = butlr_point(vertex);
		} else if (flat_numbers(item)) {
			if (at->next == NULL)
				return -1;
			point = (struct point){jsonx_num(at), jsonx_num(at->next)};
			at = at->next;
		} else {
			point = butlr_point(at);
		}
		if (isnan(point.x) || isnan(point.y))
			return -1;
		out[n++] = point;
		at = at->next;
	}
	return (long)n;
}

struct points butlr_polygon(struct rows *rows, const cJSON *item)
{
	struct points none = {NULL, 0};
	struct point *at;
	size_t most;
	long n;

	if (cJSON_IsArray(item) && item->child != NULL && item->child->next == NULL &&
	    cJSON_IsObject(item->child))
		item = item->child;
	if (!cJSON_IsArray(item) && !cJSON_IsObject(item))
		return none;
	most = (size_t)cJSON_GetArraySize(item);
	if (most < 3 || most > VERTICES)
		return none;
	at = rows_memory(rows, most * sizeof(*at));
	if (at == NULL)
		return none;
	n = read_vertices(item, at, most);
	if (n > 1 && at[0].x == at[n - 1].x && at[0].y == at[n - 1].y)
		n--;
	return n < 3 ? none : (struct points){at, (size_t)n};
}

bool butlr_pairs(struct rows *rows, const cJSON *item, struct points *points)
{
	struct point *at;
	size_t n = 0;

	*points = (struct points){NULL, 0};
	if (!cJSON_IsArray(item))
		return false;
	for (const cJSON *pair = item->child; pair != NULL; pair = pair->next)
		n++;
	if (n == 0)
		return true;
	at = rows_memory(rows, n * sizeof(*at));
	if (at == NULL)
		return false;
	n = 0;
	for (const cJSON *pair = item->child; pair != NULL; pair = pair->next, n++) {
		at[n] = butlr_point(pair);
		if (isnan(at[n].x))
			return false;
	}
	*points = (struct points){at, n};
	return true;
}

const char *butlr_mode(const char *mode)
{
	if (mode == NULL)
		return NULL;
	if (strcasecmp(mode, "activity") == 0 || strcasecmp(mode, "presence") == 0)
		return "presence";
	if (strcasecmp(mode, "headcount") == 0 || strcasecmp(mode, "traffic") == 0)
		return "traffic";
	if (strcasecmp(mode, "repeater") == 0)
		return "repeater";
	return mode;
}
