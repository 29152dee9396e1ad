#include "ui/pane/heat_private.h"

#include "base/moment.h"
#include "base/text.h"

#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define STALE_LEAST_MS 5000
#define STALE_FRAMES 3
#define TITLE_CELLS 14      /* of the rule, for the title and what is around it */
#define SORT_EVERY_MS 10000 /* tiles that change places all the time cannot be read */

/* Cut at a character's boundary where it is too long. */
static void copy_text(char out[HEAT_TEXT], const char *text)
{
	size_t length = text ? strlen(text) : 0;
	if (length >= HEAT_TEXT) {
		length = HEAT_TEXT - 1;
		while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
			length--;
	}
	if (length > 0)
		memcpy(out, text, length);
	out[length] = '\0';
}

/* "27-0a": the last two octets of an address, however it is written (butlr.md §10 row 9). */
static void address_tail(char out[HEAT_TEXT], const char *address)
{
	char hex[5] = "";
	int n = 4;
	for (size_t i = strlen(address); i-- > 0 && n > 0;)
		if (g_ascii_isxdigit(address[i]))
			hex[--n] = g_ascii_tolower(address[i]);
	if (n == 0)
		snprintf(out, HEAT_TEXT, "%.2s-%.2s", hex, hex + 2);
	else
		copy_text(out, address);
}

/* The newest frame that may be shown; its distance from the newest into *back. */
static const struct frame *frame_to_show(const struct heat_pane *pane, const struct heat_tile *tile,
					 size_t *back)
{
	const struct world *world = pane->desk->world;
	for (size_t i = 0; i < tile->kept; i++) {
		const struct frame *frame = world_frame(world, tile->account, tile->address, i);
		if (frame && (!pane->held || frame->time_ms <= pane->held_ms)) {
			*back = i;
			return frame;
		}
	}
	return NULL;
}

/* How long a frame of this sensor stays fresh. */
static int64_t fresh_ms(const struct heat_pane *pane, const struct heat_tile *tile)
{
	const struct world *world = pane->desk->world;
	size_t steps = MIN(tile->kept, 9);
	if (steps < 2)
		return STALE_LEAST_MS;
	const struct frame *newest = world_frame(world, tile->account, tile->address, 0);
	const struct frame *older = world_frame(world, tile->account, tile->address, steps - 1);
	int64_t span = newest && older ? newest->time_ms - older->time_ms : 0;
	return MAX(STALE_LEAST_MS, STALE_FRAMES * span / (int64_t)(steps - 1));
}

static void take_frame(struct heat_pane *pane, struct heat_tile *tile, const struct heat_tile *before)
{
	const struct world *world = pane->desk->world;
	tile->kept = world_frame_count(world, tile->account, tile->address);
	tile->rate = world_frame_rate(world, tile->account, tile->address);
	const struct frame *frame = frame_to_show(pane, tile, &tile->back);
	if (frame) {
		tile->time_ms = frame->time_ms;
		tile->grid = frame->celsius;
	} else if (before && before->time_ms != MOMENT_NONE &&
		   (!pane->held || before->time_ms <= pane->held_ms)) {
		tile->time_ms = before->time_ms;
		tile->grid = before->grid;
		tile->back = tile->kept;
	} else {
		tile->time_ms = MOMENT_NONE;
		for (int i = 0; i < HEAT_SIDE * HEAT_SIDE; i++)
			tile->grid.c[i] = NAN;
	}
	tile->facts = heat_facts(&tile->grid);
	tile->stale = !pane->held && tile->time_ms != MOMENT_NONE &&
		      world_now_ms(world) - tile->time_ms > fresh_ms(pane, tile);
}

/* Notes where in the list before, which was put in order, the i-th sensor came to stand. */
static void note_places(struct heat_pane *pane)
{
	if (pane->places_room < pane->spare_n) {
		pane->places_room = pane->spare_n;
		pane->places = g_renew(size_t, pane->places, pane->places_room);
	}
	for (size_t i = 0; i < pane->spare_n; i++)
		pane->places[pane->spare[i].number] = i;
}

/* The same sensor in the list before; most often it came as the same in number. */
static const struct heat_tile *before_of(const struct heat_pane *pane, const char *id, unsigned account,
					 size_t number)
{
	for (size_t i = 0; i < pane->spare_n; i++) {
		const struct heat_tile *tile = &pane->spare[pane->places[(number + i) % pane->spare_n]];
		if (tile->account == account && strcmp(tile->id, id) == 0)
			return tile;
	}
	return NULL;
}

static struct heat_tile *add_tile(struct heat_pane *pane)
{
	if (pane->n == pane->room_for) {
		pane->room_for = MAX(2 * pane->room_for, 16);
		pane->tiles = g_renew(struct heat_tile, pane->tiles, pane->room_for);
	}
	struct heat_tile *tile = &pane->tiles[pane->n++];
	memset(tile, 0, sizeof(*tile));
	tile->number = pane->n - 1;
	return tile;
}

static void take_sensor(struct heat_pane *pane, const struct sensor *sensor, unsigned account)
{
	const struct world *world = pane->desk->world;
	const struct heat_tile *before = before_of(pane, sensor->id, account, pane->n);
	struct heat_tile *tile = add_tile(pane);
	tile->account = account;
	copy_text(tile->id, sensor->id);
	copy_text(tile->address, sensor->address);
	copy_text(tile->name, sensor->name);
	if (sensor->address)
		address_tail(tile->label, sensor->address);
	else
		copy_text(tile->label, sensor->name ? sensor->name : sensor->id);
	const struct room *room = sensor->room_id ? world_find(world, account, KIND_ROOMS, sensor->room_id)
						  : NULL;
	copy_text(tile->room, room ? room->name : NULL);
	tile->center = sensor->center;
	tile->height_m = sensor->height;
	tile->placed = heat_place_make(&tile->place, sensor->center, sensor->height, sensor->field_of_view,
				       &sensor->orientation);
	tile->offline = sensor->status && strcmp(sensor->status, STATUS_OFFLINE) == 0;
	tile->last_seen_ms = sensor->last_seen_ms;
	take_frame(pane, tile, before);
	tile->order = before ? before->order : NAN;
}

bool heat_model_by_heat(const struct heat_pane *pane)
{
	if (pane->order == HEAT_BY_DEFAULT)
		return !*world_choice(pane->desk->world)->room_id;
	return pane->order == HEAT_BY_HEAT;
}

static int by_place(const void *a, const void *b)
{
	const struct heat_tile *x = a, *y = b;
	if (x->placed != y->placed)
		return x->placed ? -1 : 1;
	if (x->placed && x->center.y != y->center.y)
		return x->center.y > y->center.y ? -1 : 1;
	if (x->placed && x->center.x != y->center.x)
		return x->center.x < y->center.x ? -1 : 1;
	int order = strcmp(x->address, y->address);
	return order ? order : strcmp(x->id, y->id);
}

static int by_heat(const void *a, const void *b)
{
	const struct heat_tile *x = a, *y = b;
	if (isnan(x->order) != isnan(y->order))
		return isnan(x->order) ? 1 : -1;
	if (x->order != y->order && !isnan(x->order))
		return x->order > y->order ? -1 : 1;
	return by_place(a, b);
}

static uint64_t mix(uint64_t hash, const void *bytes, size_t length)
{
	const unsigned char *from = bytes;
	/* Eight at a time: a frame is half a kilobyte, and all are looked at every second. */
	for (uint64_t word; length >= sizeof(word); from += sizeof(word), length -= sizeof(word)) {
		memcpy(&word, from, sizeof(word));
		hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
		hash ^= hash >> 32;
	}
	for (; length > 0; from++, length--)
		hash = (hash ^ *from) * 1099511628211u;
	return hash;
}

static void sort(struct heat_pane *pane)
{
	/* The set, whatever its order, and whether each has a frame at all. */
	bool heat = heat_model_by_heat(pane);
	int64_t now = world_now_ms(pane->desk->world);
	uint64_t set = pane->n * 2 + heat;
	for (size_t i = 0; i < pane->n; i++)
		set += mix(pane->tiles[i].facts.told ? 1 : 2, pane->tiles[i].id, strlen(pane->tiles[i].id));
	if (heat &&
	    (set != pane->sorted_set || now - pane->sorted_ms >= SORT_EVERY_MS || now < pane->sorted_ms)) {
		pane->sorted_ms = now;
		for (size_t i = 0; i < pane->n; i++)
			pane->tiles[i].order = pane->tiles[i].facts.high_c;
	}
	pane->sorted_set = set;
	if (pane->n > 1)
		qsort(pane->tiles, pane->n, sizeof(*pane->tiles), heat ? by_heat : by_place);
}

static void collect(struct heat_pane *pane)
{
	const struct world *world = pane->desk->world;
	const struct choice *choice = world_choice(pane->desk->world);
	const char *here = *choice->room_id ? choice->room_id : choice->floor_id;
	if (*here) {
		const struct sensor *const *sensors;
		size_t n = world_sensors_in(world, choice->account, here, *choice->room_id != '\0', &sensors);
		for (size_t i = 0; i < n; i++)
			take_sensor(pane, sensors[i], choice->account);
		return;
	}
	const struct sensor *sensor;
	for (struct world_cursor at = {0}; (sensor = world_next(world, KIND_SENSORS, &at)) != NULL;) {
		if (at.account == choice->account)
			take_sensor(pane, sensor, at.account);
	}
}

static void name_place(struct heat_pane *pane)
{
	const struct world *world = pane->desk->world;
	const struct choice *choice = world_choice(pane->desk->world);
	const char *name = NULL;
	if (*choice->room_id) {
		const struct room *room = world_find(world, choice->account, KIND_ROOMS, choice->room_id);
		name = room && room->name ? room->name : "this room";
	} else if (*choice->floor_id) {
		const struct floor_row *row = world_find(world, choice->account, KIND_FLOORS,
							 choice->floor_id);
		name = row && row->name ? row->name : "this floor";
	}
	copy_text(pane->where, name);
}

/* What all tiles say together. */
static void sum_up(struct heat_pane *pane)
{
	pane->newest_ms = MOMENT_NONE;
	pane->rate = 0;
	pane->offline = pane->waiting = 0;
	heat_range_start(&pane->range);
	for (size_t i = 0; i < pane->n; i++) {
		const struct heat_tile *tile = &pane->tiles[i];
		pane->newest_ms = MAX(pane->newest_ms, tile->time_ms);
		pane->rate += tile->rate;
		pane->offline += tile->offline;
		pane->waiting += tile->time_ms == MOMENT_NONE;
		heat_range_add(&pane->range, &tile->facts);
	}
	heat_range_finish(&pane->range);
	if (pane->fixed)
		pane->range = pane->fixed_range;
}

/* All that a drawing shows, ages in the words that are shown. */
static uint64_t hash_of(const struct heat_pane *pane)
{
	char age[HEAT_AGE_SIZE];
	int64_t now = world_now_ms(pane->desk->world);
	struct buf figure;
	buf_init(&figure, 1024);
	heat_model_figure(pane, &figure);
	uint64_t hash = mix(14695981039346656037u, figure.data, figure.length);
	buf_fini(&figure);
	for (size_t i = 0; i < pane->n; i++) {
		const struct heat_tile *tile = &pane->tiles[i];
		hash = mix(hash, tile->id, strlen(tile->id));
		hash = mix(hash, tile->name, strlen(tile->name));
		hash = mix(hash, tile->room, strlen(tile->room));
		hash = mix(hash, &tile->center, sizeof(tile->center));
		hash = mix(hash, &tile->grid, sizeof(tile->grid));
		hash = mix(hash, &tile->time_ms, sizeof(tile->time_ms));
		hash = mix(hash, &tile->kept, sizeof(tile->kept));
		bool flags[] = {tile->offline, tile->stale, tile->placed};
		hash = mix(hash, flags, sizeof(flags));
		if (tile->stale || tile->offline || pane->one) {
			heat_model_age(now - (tile->offline ? tile->last_seen_ms : tile->time_ms), age);
			hash = mix(hash, age, strlen(age));
		}
	}
	return mix(hash, &pane->range, sizeof(pane->range));
}

bool heat_model_update(struct heat_pane *pane)
{
	struct heat_tile *tiles = pane->tiles;
	size_t room_for = pane->room_for;
	pane->tiles = pane->spare;
	pane->room_for = pane->spare_room;
	pane->spare = tiles;
	pane->spare_room = room_for;
	pane->spare_n = pane->n;
	pane->n = 0;
	note_places(pane);
	collect(pane);
	sort(pane);
	name_place(pane);
	sum_up(pane);
	const struct choice *choice = world_choice(pane->desk->world);
	uint64_t hash = mix(hash_of(pane), choice->sensor_id, strlen(choice->sensor_id));
	bool differs = hash != pane->seen;
	pane->seen = hash;
	return differs;
}

size_t heat_model_chosen(const struct heat_pane *pane)
{
	const struct choice *choice = world_choice(pane->desk->world);
	for (size_t i = 0; i < pane->n; i++)
		if (strcmp(pane->tiles[i].id, choice->sensor_id) == 0)
			return i;
	return 0;
}

void heat_model_choose(struct heat_pane *pane, size_t tile)
{
	if (tile < pane->n)
		g_strlcpy(world_choice(pane->desk->world)->sensor_id, pane->tiles[tile].id,
			  sizeof((struct choice){0}.sensor_id));
}

const struct heat_tile *heat_model_hottest(const struct heat_pane *pane)
{
	const struct heat_tile *best = NULL;
	for (size_t i = 0; i < pane->n; i++) {
		const struct heat_tile *tile = &pane->tiles[i];
		if (tile->facts.told && !tile->facts.doubtful && !tile->stale &&
		    (!best || tile->facts.high_c > best->facts.high_c))
			best = tile;
	}
	return best;
}

bool heat_model_step(struct heat_pane *pane, int steps)
{
	if (!pane->n)
		return false;
	const struct heat_tile *tile = &pane->tiles[heat_model_chosen(pane)];
	if (tile->time_ms == MOMENT_NONE || !tile->kept || (steps < 0 && tile->back < (size_t)-steps))
		return false;
	size_t back = tile->back + (size_t)steps;
	if (back >= tile->kept)
		return false;
	const struct frame *frame = world_frame(pane->desk->world, tile->account, tile->address, back);
	if (!frame)
		return false;
	pane->held = true;
	pane->held_ms = frame->time_ms;
	return true;
}

char *heat_model_age(int64_t age_ms, char out[HEAT_AGE_SIZE])
{
	int64_t ms = MAX(age_ms, 0);
	if (ms < 9950)
		snprintf(out, HEAT_AGE_SIZE, "%d.%d s", (int)((ms + 50) / 1000), (int)((ms + 50) / 100 % 10));
	else if (ms < 60000)
		snprintf(out, HEAT_AGE_SIZE, "%d s", (int)(ms / 1000));
	else if (ms < 3600000)
		snprintf(out, HEAT_AGE_SIZE, "%d min", (int)(ms / 60000));
	else if (ms < 48 * 3600000LL)
		snprintf(out, HEAT_AGE_SIZE, "%d h", (int)(ms / 3600000));
	else
		snprintf(out, HEAT_AGE_SIZE, "%" G_GINT64_FORMAT " d", (gint64)(ms / 86400000));
	return out;
}

/* `words`: 2 all, 1 the place and the age, 0 the age alone. */
static void add_figure(const struct heat_pane *pane, int words, struct buf *out)
{
	const char *dot = pane->desk->ascii ? ", " : " · ";
	char age[HEAT_AGE_SIZE], rate[HEAT_FIGURE_SIZE];
	bool frames = pane->newest_ms != MOMENT_NONE;
	if (words > 0 && *pane->where)
		buf_addf(out, "%s%s", pane->where, words > 1 || frames ? dot : "");
	if (words > 1 || !frames)
		buf_addf(out, "%zu sensor%s%s", pane->n, pane->n == 1 ? "" : "s", frames ? dot : "");
	if (!frames)
		return;
	heat_model_age(world_now_ms(pane->desk->world) - pane->newest_ms, age);
	if (pane->held)
		buf_addf(out, "held%s%s back", dot, age);
	else if (words > 1)
		buf_addf(out, "%s/s%s%s ago", heat_figure(pane->rate, rate), dot, age);
	else
		buf_addf(out, "%s ago", age);
}

void heat_model_figure(const struct heat_pane *pane, struct buf *out)
{
	struct buf figure;
	buf_init(&figure, 1024);
	for (int words = 2; words >= 0; words--) {
		buf_reset(&figure);
		add_figure(pane, words, &figure);
		if (!pane->width ||
		    text_width(buf_text(&figure), figure.length) + TITLE_CELLS <= (size_t)pane->width)
			break;
	}
	buf_adds(out, buf_text(&figure));
	buf_fini(&figure);
}
