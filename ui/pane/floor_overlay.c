#include "ui/pane/floor_view.h"

#include "base/text.h"
#include "model/live.h"
#include "ui/pane/occupancy_now.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static const char *const names[OVERLAY_COUNT] = {"occupancy", "temperature", "utilization", "health", "type"};

const char *floor_overlay_name(enum overlay overlay) { return names[overlay]; }

int floor_overlay_parse(const char *name)
{
	for (int i = 0; i < OVERLAY_COUNT; i++)
		if (strncmp(names[i], name, strlen(name)) == 0)
			return i;
	return -1;
}

static const char *dash(const struct floor_pane *pane) { return pane->desk->ascii ? "-" : "–"; }

/* Empty, filling, full, and one more level for what is above its capacity. */
static int level_of(double share)
{
	if (!(share > 0))
		return 0;
	if (share > 1)
		return ROLE_FILL_LEVELS - 1;
	return (int)fmax(1, lround(share * (ROLE_FILL_LEVELS - 2)));
}

static bool told(double count) { return count >= 0 && count < 1e6; }

static void mark_unknown(const struct floor_pane *pane, struct plan_mark *mark)
{
	*mark = (struct plan_mark){.level = -1, .role = ROLE_DIM};
	g_strlcpy(mark->figure, dash(pane), sizeof(mark->figure));
}

/* What is not counted is taken or free, and what cannot be relied on is neither. */
static void mark_occupancy(const struct floor_pane *pane, const struct room *room, struct plan_mark *mark)
{
	struct now now = now_of(room);
	if (now.state == NOW_UNKNOWN) {
		mark_unknown(pane, mark);
		return;
	}
	long people = isnan(now.people) ? 0 : lround(now.people);
	double capacity = told(now.capacity) ? now.capacity : NAN;
	if (isnan(now.people))
		mark->level = now.state == NOW_TAKEN ? level_of(1) : 0;
	else
		mark->level = capacity >= 0.5 ? level_of((double)people / (double)lround(capacity)) : -1;
	mark->urgent = capacity >= 0.5 && people > lround(capacity);
	mark->role = mark->urgent            ? ROLE_BAD
		     : now.stale             ? ROLE_STALE
		     : now.state != NOW_FREE ? ROLE_STRONG
					     : ROLE_DIM;
	now_figure(&now, pane->desk->ascii, mark->figure);
	if (isnan(now.people))
		g_strlcpy(mark->brief, now.state == NOW_TAKEN ? "in" : "", sizeof(mark->brief));
	else
		g_snprintf(mark->brief, sizeof(mark->brief), "%ld%s", people, now.capped ? "+" : "");
}

/* The mean of a frame's pixels; NAN for a frame that does not hold degrees Celsius (butlr.md §6.2). */
static double frame_mean(const struct frame *frame)
{
	double sum = 0;
	int n = 0;
	for (int i = 0; i < 64; i++)
		if (frame->celsius.c[i] > -60 && frame->celsius.c[i] < 150) {
			sum += frame->celsius.c[i];
			n++;
		}
	return n > 0 ? sum / n : NAN;
}

static double room_celsius(const struct floor_pane *pane, const struct room *room)
{
	double sum = 0;
	int n = 0;
	for (size_t i = 0; i < plan_sensors(pane->plan); i++) {
		const struct sensor *sensor = plan_sensor(pane->plan, i);
		if (!sensor->address || g_strcmp0(sensor->room_id, room->id) != 0)
			continue;
		const struct frame *frame = world_frame(pane->desk->world, pane->account, sensor->address, 0);
		double mean = frame ? frame_mean(frame) : NAN;
		if (!isnan(mean)) {
			sum += mean;
			n++;
		}
	}
	return n > 0 ? sum / n : NAN;
}

static void mark_temperatures(struct floor_pane *pane)
{
	size_t n = plan_rooms(pane->plan);
	double *celsius = g_new(double, n + 1), least = INFINITY, most = -INFINITY;
	for (size_t i = 0; i < n; i++) {
		celsius[i] = room_celsius(pane, plan_room(pane->plan, i));
		least = isnan(celsius[i]) ? least : fmin(least, celsius[i]);
		most = isnan(celsius[i]) ? most : fmax(most, celsius[i]);
	}
	/* Half a degree between two rooms is not cold against hot. */
	double spare = fmax(0, 4 - (most - least)) / 2;
	pane->sums.least = least <= most ? least - spare : NAN;
	pane->sums.most = least <= most ? most + spare : NAN;
	for (size_t i = 0; i < n; i++) {
		struct plan_mark *mark = plan_mark(pane->plan, i);
		mark_unknown(pane, mark);
		if (isnan(celsius[i]))
			continue;
		long tenths = lround(celsius[i] * 10);
		mark->level = (int)lround((celsius[i] - pane->sums.least) /
					  (pane->sums.most - pane->sums.least) * (ROLE_FILL_LEVELS - 1));
		mark->role = ROLE_STRONG;
		g_snprintf(mark->figure, sizeof(mark->figure), "%s%ld.%ld%s", tenths < 0 ? "-" : "",
			   labs(tenths) / 10, labs(tenths) % 10, pane->desk->ascii ? " C" : " °C");
		g_snprintf(mark->brief, sizeof(mark->brief), "%ld%s", lround(celsius[i]),
			   pane->desk->ascii ? "" : "°");
	}
	g_free(celsius);
}

/* The mean over the windows that the feed told of, else what it is now. */
static double room_utilization(const struct floor_pane *pane, const struct room *room)
{
	const struct rows *rows = world_rows(pane->desk->world, pane->account, KIND_OCCUPANCY);
	double sum = 0;
	int n = 0;
	for (size_t i = 0; rows && i < rows_count(rows); i++) {
		const struct occupancy *row = rows_at(rows, i);
		if (row->utilization_avg >= 0 && g_strcmp0(row->space_id, room->id) == 0) {
			sum += row->utilization_avg;
			n++;
		}
	}
	return n > 0 ? sum / n : room->utilization;
}

static void mark_utilization(const struct floor_pane *pane, const struct room *room, struct plan_mark *mark)
{
	double share = room_utilization(pane, room);
	mark_unknown(pane, mark);
	if (!(share >= 0 && share < 1000))
		return;
	mark->level = level_of(share);
	mark->role = share > 0 ? ROLE_STRONG : ROLE_DIM;
	g_snprintf(mark->figure, sizeof(mark->figure), "%ld %%", lround(share * 100));
	g_snprintf(mark->brief, sizeof(mark->brief), "%ld", lround(share * 100));
}

static void mark_health(const struct floor_pane *pane, const struct room *room, struct plan_mark *mark)
{
	unsigned all = 0, offline = 0, weak = 0;
	for (size_t i = 0; i < plan_sensors(pane->plan); i++) {
		const struct sensor *sensor = plan_sensor(pane->plan, i);
		if (g_strcmp0(sensor->room_id, room->id) != 0)
			continue;
		all++;
		offline += plan_sensor_offline(sensor);
		weak += plan_sensor_role(sensor) == ROLE_WARN;
	}
	mark_unknown(pane, mark);
	if (all == 0)
		return;
	mark->urgent = offline > 0;
	mark->level = offline ? 14 : weak ? 7 : 0;
	mark->role = offline ? ROLE_BAD : weak ? ROLE_WARN : ROLE_DIM;
	if (offline || weak)
		g_snprintf(mark->figure, sizeof(mark->figure), "%u %s", offline ? offline : weak,
			   offline ? "offline" : "weak");
	else
		g_strlcpy(mark->figure, "ok", sizeof(mark->figure));
	g_snprintf(mark->brief, sizeof(mark->brief), "%u%s", offline ? offline : weak, offline ? "!" : "");
	if (!offline && !weak)
		g_strlcpy(mark->brief, "ok", sizeof(mark->brief));
}

static void cut_into(char *out, size_t size, const char *text)
{
	size_t used, length = text_fit(text, strlen(text), 18, &used);
	while (length >= size)
		length = text_fit(text, strlen(text), --used, &used);
	memcpy(out, text, length);
	out[length] = '\0';
}

static void mark_type(struct floor_pane *pane, const struct room *room, struct plan_mark *mark)
{
	const char *type = room->type_name ? room->type_name : room->type;
	mark_unknown(pane, mark);
	if (!type)
		return;
	cut_into(mark->figure, sizeof(mark->figure), type);
	int i = 0;
	while (i < pane->sums.n_types && strcmp(pane->sums.types[i], mark->figure) != 0)
		i++;
	if (i == pane->sums.n_types && i < FLOOR_TYPES)
		g_strlcpy(pane->sums.types[pane->sums.n_types++], mark->figure, sizeof(pane->sums.types[0]));
	mark->level = i;
	mark->brief[0] = '\0';
	mark->role = ROLE_DIM;
}

/* Above its capacity first, then by share; a phone room for one is full with one and not what is meant by busy. */
static double busy(const struct room *room)
{
	if (!told(room->occupancy) || !told(room->capacity) || room->capacity < 1 || room->occupancy < 1)
		return 0;
	double share = room->occupancy / room->capacity;
	return share > 1 ? 1 + share : room->capacity >= 2 ? share : share / 1000;
}

static void sum_up(struct floor_pane *pane)
{
	struct floor_sums *sums = &pane->sums;
	double people = NAN, capacity = NAN, busiest = 0;
	for (size_t i = 0; i < plan_rooms(pane->plan); i++) {
		const struct room *room = plan_room(pane->plan, i);
		if (told(room->occupancy))
			people = (isnan(people) ? 0 : people) + room->occupancy;
		if (told(room->capacity) && room->capacity > 0)
			capacity = (isnan(capacity) ? 0 : capacity) + room->capacity;
		if (busy(room) > busiest) {
			busiest = busy(room);
			sums->busiest = (long)i;
		}
	}
	const struct floor_row *floor = world_find(pane->desk->world, pane->account, KIND_FLOORS,
						   pane->floor_id);
	sums->people = people;
	sums->capacity = floor && told(floor->capacity) && floor->capacity > 0 ? floor->capacity : capacity;
	for (size_t i = 0; i < plan_sensors(pane->plan); i++) {
		const struct sensor *sensor = plan_sensor(pane->plan, i);
		const char *mode = sensor->mode ? sensor->mode : "";
		if (plan_sensor_offline(sensor))
			sums->offline++;
		else if (strcmp(mode, "traffic") == 0)
			sums->traffic++;
		else if (strcmp(mode, "repeater") == 0)
			sums->repeaters++;
		else
			sums->presence++;
	}
}

int floor_type_level(const struct floor_pane *pane, int type)
{
	int n = pane->sums.n_types;
	return n < 2 ? 7 : (type < n ? type : n - 1) * (ROLE_FILL_LEVELS - 2) / (n - 1);
}

void floor_mark(struct floor_pane *pane)
{
	pane->sums = (struct floor_sums){.busiest = -1, .least = NAN, .most = NAN};
	sum_up(pane);
	if (pane->overlay == OVERLAY_TEMPERATURE)
		mark_temperatures(pane);
	for (size_t i = 0; i < plan_rooms(pane->plan); i++) {
		const struct room *room = plan_room(pane->plan, i);
		struct plan_mark *mark = plan_mark(pane->plan, i);
		if (pane->overlay == OVERLAY_OCCUPANCY)
			mark_occupancy(pane, room, mark);
		else if (pane->overlay == OVERLAY_UTILIZATION)
			mark_utilization(pane, room, mark);
		else if (pane->overlay == OVERLAY_HEALTH)
			mark_health(pane, room, mark);
		else if (pane->overlay == OVERLAY_TYPE)
			mark_type(pane, room, mark);
	} /* As far apart as so many can be. */
	for (size_t i = 0; i < plan_rooms(pane->plan) && pane->overlay == OVERLAY_TYPE; i++)
		if (plan_mark(pane->plan, i)->level >= 0)
			plan_mark(pane->plan, i)->level = floor_type_level(pane,
									   plan_mark(pane->plan, i)->level);
}
