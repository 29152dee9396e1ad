#include "ui/world.h"

#include "base/moment.h"
#include "core/kind.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define RATE_SPAN_MS 10000
#define FRAMES_BYTES ((size_t)64 << 20) /* for all frames of an account */
#define FRAMES_LEAST ((size_t)8)        /* a sensor has at any rate */
#define DEGREES (3.14159265358979323846 / 180)

/* The frames of one sensor, a ring: the newest at `head`. */
struct frame_ring {
	struct frame *frames; /* texts point into `address` */
	size_t head, n, size;
	char *address;
};

/* What one sensor saw lately, a few seconds of it. */
struct sighting {
	int64_t time_ms;
	struct point *points;
	size_t n;
};

struct sight_ring {
	char *address;
	bool floor;          /* in floor coordinates; else in the sensor's */
	int64_t received_ms; /* wall clock: the vendor's may be another */
	GQueue sightings;    /* struct sighting *, newest first */
};

/* Which sensors are in a place. */
struct placed {
	GPtrArray *sensors; /* NULL: not yet looked for */
	char *in;
};

struct known {
	char *name;
	enum vendor vendor;
	const struct rows *rows[KIND_COUNT];
	GHashTable *index[KIND_COUNT]; /* id → row; made when asked for */
	GHashTable *frames;            /* address → struct frame_ring */
	GHashTable *sights[2];         /* address → struct sight_ring: sensor's, floor's */
	struct placed placed[2];       /* sensors of the floor, of the room asked for last */
	GHashTable *watched;           /* ids of rooms with a sensor; NULL: not yet looked for */
	struct feed_light light;
};

struct world {
	const struct clock *clock;
	int64_t skew_ms;     /* the servers' clock less ours */
	GPtrArray *accounts; /* struct known * */
	uint32_t changes;
	struct choice choice;
	char settled_id[80]; /* the floor that was chosen for the person: the first in the order of accounts, however late it comes */
};

/* --- life --- */

static void sighting_free(void *memory)
{
	struct sighting *sighting = memory;

	g_free(sighting->points);
	g_free(sighting);
}

static void sight_ring_free(void *memory)
{
	struct sight_ring *ring = memory;

	g_queue_clear_full(&ring->sightings, sighting_free);
	g_free(ring->address);
	g_free(ring);
}

static void frame_ring_free(void *memory)
{
	struct frame_ring *ring = memory;

	g_free(ring->frames);
	g_free(ring->address);
	g_free(ring);
}

static void forget_placed(struct known *known)
{
	g_clear_pointer(&known->watched, g_hash_table_unref);
	for (int room = 0; room < 2; room++) {
		g_clear_pointer(&known->placed[room].sensors, g_ptr_array_unref);
		g_clear_pointer(&known->placed[room].in, g_free);
	}
}

static void known_free(void *memory)
{
	struct known *known = memory;

	forget_placed(known);
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		rows_unref(known->rows[kind]);
		if (known->index[kind] != NULL)
			g_hash_table_unref(known->index[kind]);
	}
	g_hash_table_unref(known->frames);
	g_hash_table_unref(known->sights[0]);
	g_hash_table_unref(known->sights[1]);
	g_free(known->name);
	g_free(known);
}

struct world *world_new(const struct clock *clock)
{
	struct world *world = g_new0(struct world, 1);

	world->clock = clock;
	world->accounts = g_ptr_array_new_with_free_func(known_free);
	return world;
}

void world_free(struct world *world)
{
	if (world == NULL)
		return;
	g_ptr_array_unref(world->accounts);
	g_free(world);
}

unsigned world_add_account(struct world *world, const char *name, enum vendor vendor)
{
	struct known *known = g_new0(struct known, 1);

	known->name = g_strdup(name);
	known->vendor = vendor;
	known->frames = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, frame_ring_free);
	for (int i = 0; i < 2; i++)
		known->sights[i] = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, sight_ring_free);
	known->light.last_ok_ms = MOMENT_NONE;
	known->light.since_ms = MOMENT_NONE;
	g_ptr_array_add(world->accounts, known);
	return world->accounts->len - 1;
}

static struct known *known_of(const struct world *world, unsigned account)
{
	return account < world->accounts->len ? g_ptr_array_index(world->accounts, account) : NULL;
}

unsigned world_accounts(const struct world *world) { return world->accounts->len; }

const char *world_account_name(const struct world *world, unsigned account)
{
	const struct known *known = known_of(world, account);

	return known == NULL ? "" : known->name;
}

int64_t world_now_ms(const struct world *world) { return clock_wall_ms(world->clock) + world->skew_ms; }

void world_set_skew(struct world *world, int64_t skew_ms) { world->skew_ms = skew_ms; }

/* --- taking in --- */

static struct frame_ring *frame_ring_of(struct known *known, const char *address)
{
	struct frame_ring *ring = g_hash_table_lookup(known->frames, address);

	if (ring != NULL)
		return ring;
	ring = g_new0(struct frame_ring, 1);
	ring->address = g_strdup(address);
	g_hash_table_insert(known->frames, ring->address, ring);
	return ring;
}

static struct frame *frame_slot(const struct frame_ring *ring, size_t i)
{
	return &ring->frames[(ring->head + ring->size - i) % ring->size];
}

/* Makes a full ring larger, as far as the memory for all sensors of the account allows. */
static void frame_ring_grow(struct frame_ring *ring, size_t rings)
{
	size_t most = CLAMP(FRAMES_BYTES / (rings * sizeof(struct frame)), FRAMES_LEAST, WORLD_FRAMES);
	size_t size = CLAMP(2 * ring->size, FRAMES_LEAST, most);
	struct frame *frames;

	if (ring->n < ring->size || size <= ring->size)
		return;
	frames = g_new0(struct frame, size);
	for (size_t i = 0; i < ring->n; i++)
		frames[ring->n - 1 - i] = *frame_slot(ring, i);
	g_free(ring->frames);
	ring->frames = frames;
	ring->size = size;
	ring->head = ring->n > 0 ? ring->n - 1 : 0;
}

/* A late frame takes its place by time; one older than all that is kept is dropped. */
static void frame_ring_add(struct frame_ring *ring, const struct frame *frame, size_t rings)
{
	size_t place = 0;
	struct frame *slot;

	frame_ring_grow(ring, rings);
	while (place < ring->n && frame_slot(ring, place)->time_ms > frame->time_ms)
		place++;
	if (place == ring->size)
		return;
	if (place < ring->n && frame_slot(ring, place)->time_ms == frame->time_ms)
		return; /* asked for again when a pane came back */
	ring->head = (ring->head + 1) % ring->size;
	ring->n = MIN(ring->n + 1, ring->size);
	for (size_t i = 0; i < place; i++)
		*frame_slot(ring, i) = *frame_slot(ring, i + 1);
	slot = frame_slot(ring, place);
	*slot = *frame;
	slot->id = slot->sensor_id = NULL; /* of a snapshot that may go */
	slot->address = ring->address;
}

static void put_frames(struct known *known, const struct rows *rows)
{
	for (size_t i = 0; i < rows_count(rows); i++) {
		const struct frame *frame = rows_at(rows, i);
		struct frame_ring *ring = frame->address == NULL ? NULL
								 : frame_ring_of(known, frame->address);

		if (ring != NULL)
			frame_ring_add(ring, frame, g_hash_table_size(known->frames));
	}
}

static struct sight_ring *sight_ring_of(struct known *known, const char *address, bool floor)
{
	struct sight_ring *ring = g_hash_table_lookup(known->sights[floor], address);

	if (ring != NULL)
		return ring;
	ring = g_new0(struct sight_ring, 1);
	ring->address = g_strdup(address);
	ring->floor = floor;
	g_queue_init(&ring->sightings);
	g_hash_table_insert(known->sights[floor], ring->address, ring);
	return ring;
}

static void sight_ring_add(struct sight_ring *ring, const struct detection *detection, int64_t now_ms)
{
	struct sighting *newest = g_queue_peek_head(&ring->sightings), *oldest, *sighting;

	ring->received_ms = now_ms;
	if (newest != NULL && newest->time_ms == detection->time_ms)
		return;
	sighting = g_new0(struct sighting, 1);
	sighting->time_ms = detection->time_ms;
	sighting->n = detection->points.n;
	sighting->points = g_memdup2(detection->points.at, sighting->n * sizeof(*sighting->points));
	if (newest == NULL || newest->time_ms <= detection->time_ms)
		g_queue_push_head(&ring->sightings, sighting);
	else
		g_queue_push_tail(&ring->sightings, sighting);
	newest = g_queue_peek_head(&ring->sightings);
	while ((oldest = g_queue_peek_tail(&ring->sightings)) != newest &&
	       oldest->time_ms < newest->time_ms - WORLD_TRAIL_MS)
		sighting_free(g_queue_pop_tail(&ring->sightings));
}

static void put_detections(struct known *known, const struct rows *rows, int64_t now_ms)
{
	for (size_t i = 0; i < rows_count(rows); i++) {
		const struct detection *detection = rows_at(rows, i);

		if (detection->address != NULL && detection->space != NULL)
			sight_ring_add(sight_ring_of(known, detection->address,
						     strcmp(detection->space, SPACE_FLOOR) == 0),
				       detection, now_ms);
	}
}

bool world_put(struct world *world, unsigned account, const struct rows *rows)
{
	struct known *known = known_of(world, account);
	enum kind kind = rows_kind(rows);
	bool differs = true;

	if (known == NULL) {
		rows_unref(rows);
		return false;
	}
	if (kind == KIND_FRAMES || kind == KIND_DETECTIONS) {
		differs = rows_count(rows) > 0;
		if (kind == KIND_FRAMES)
			put_frames(known, rows);
		else
			put_detections(known, rows, clock_wall_ms(world->clock));
		rows_unref(rows);
	} else {
		differs = known->rows[kind] == NULL || rows_hash(known->rows[kind]) != rows_hash(rows);
		rows_unref(known->rows[kind]);
		known->rows[kind] = rows;
		if (known->index[kind] != NULL)
			g_hash_table_unref(known->index[kind]);
		known->index[kind] = NULL;
		if (kind == KIND_SENSORS)
			forget_placed(known);
	}
	if (differs)
		world->changes |= KIND_BIT(kind);
	return differs;
}

void world_note_change(struct world *world, enum kind kind) { world->changes |= KIND_BIT(kind); }

uint32_t world_take_changes(struct world *world)
{
	uint32_t changes = world->changes;

	world->changes = 0;
	return changes;
}

void world_set_light(struct world *world, unsigned account, const struct feed_light *light)
{
	struct known *known = known_of(world, account);

	if (known != NULL)
		known->light = *light;
}

struct feed_light world_light(const struct world *world, unsigned account)
{
	const struct known *known = known_of(world, account);
	struct feed_light light = {.light = LIGHT_STARTING,
				   .last_ok_ms = MOMENT_NONE,
				   .since_ms = MOMENT_NONE};

	if (known == NULL)
		return light;
	light = known->light;
	if (light.last_ok_ms != MOMENT_NONE)
		light.last_ok_ms += world->skew_ms;
	if (light.since_ms != MOMENT_NONE)
		light.since_ms += world->skew_ms;
	if (light.light == LIGHT_FRESH && light.every_ms > 0 && light.last_ok_ms != MOMENT_NONE &&
	    world_now_ms(world) - light.last_ok_ms > 2 * light.every_ms)
		light.light = LIGHT_LATE;
	return light;
}

/* --- looking --- */

const struct rows *world_rows(const struct world *world, unsigned account, enum kind kind)
{
	const struct known *known = known_of(world, account);

	return known == NULL ? NULL : known->rows[kind];
}

const void *world_next(const struct world *world, enum kind kind, struct world_cursor *cursor)
{
	if (cursor->started)
		cursor->row++;
	cursor->started = true;
	for (; cursor->account < world->accounts->len; cursor->account++, cursor->row = 0) {
		const struct rows *rows = world_rows(world, cursor->account, kind);

		if (rows != NULL && cursor->row < rows_count(rows))
			return rows_at(rows, cursor->row);
	}
	return NULL;
}

const void *world_find(const struct world *world, unsigned account, enum kind kind, const char *id)
{
	struct known *known = known_of(world, account);

	if (known == NULL || known->rows[kind] == NULL || id == NULL)
		return NULL;
	if (known->index[kind] == NULL) {
		known->index[kind] = g_hash_table_new(g_str_hash, g_str_equal);
		for (size_t i = 0; i < rows_count(known->rows[kind]); i++) {
			const void *row = rows_at(known->rows[kind], i);
			const char *row_id = *(const char *const *)row;

			if (row_id != NULL)
				g_hash_table_insert(known->index[kind], (void *)row_id, (void *)row);
		}
	}
	return g_hash_table_lookup(known->index[kind], id);
}

static const struct frame_ring *ring_for(const struct world *world, unsigned account, const char *address)
{
	const struct known *known = known_of(world, account);

	return known == NULL || address == NULL ? NULL : g_hash_table_lookup(known->frames, address);
}

size_t world_frame_count(const struct world *world, unsigned account, const char *address)
{
	const struct frame_ring *ring = ring_for(world, account, address);

	return ring == NULL ? 0 : ring->n;
}

const struct frame *world_frame(const struct world *world, unsigned account, const char *address, size_t i)
{
	const struct frame_ring *ring = ring_for(world, account, address);

	if (ring == NULL || i >= ring->n)
		return NULL;
	return frame_slot(ring, i);
}

double world_frame_rate(const struct world *world, unsigned account, const char *address)
{
	const struct frame *newest = world_frame(world, account, address, 0);
	size_t n = world_frame_count(world, account, address), i = 1;

	if (newest == NULL)
		return 0;
	while (i < n && newest->time_ms - world_frame(world, account, address, i)->time_ms <= RATE_SPAN_MS)
		i++;
	if (i < 2)
		return 0;
	return (double)(i - 1) * 1000 /
	       (double)MAX(newest->time_ms - world_frame(world, account, address, i - 1)->time_ms, 1);
}

/* From the sensor's square (0..1, [0,0] top left) to the floor: butlr.md §6.1. */
static struct point to_floor(const struct sensor *sensor, struct point local)
{
	double view = isnan(sensor->field_of_view) ? 60 : sensor->field_of_view;
	double side = 2 * (isnan(sensor->height) ? 3 : sensor->height) * tan(view / 2 * DEGREES);
	const double *turn = sensor->orientation.v;
	double yaw = isnan(turn[0]) ? 0 : turn[0] != 0 && turn[2] == 0 ? turn[0] : turn[2];
	double dx = (local.x - 0.5) * side, dy = (0.5 - local.y) * side;
	double c = cos(yaw * DEGREES), s = sin(yaw * DEGREES);

	return (struct point){sensor->center.x + c * dx - s * dy, sensor->center.y + s * dx + c * dy};
}

struct people {
	void (*each)(void *ctx, const struct seen *seen);
	void *ctx;
	int64_t now_ms;
};

static void tell_ring(const struct people *people, const struct sight_ring *ring, const struct sensor *sensor)
{
	const struct sighting *newest = g_queue_peek_head((GQueue *)&ring->sightings);

	if (newest == NULL || people->now_ms - ring->received_ms > 4 * WORLD_TRAIL_MS)
		return; /* what was seen long ago is not where somebody is */
	for (const GList *link = ring->sightings.tail; link != NULL; link = link->prev) {
		const struct sighting *sighting = link->data;

		for (size_t i = 0; i < sighting->n; i++) {
			struct seen seen = {
				.at = ring->floor ? sighting->points[i]
						  : to_floor(sensor, sighting->points[i]),
				.age_ms = newest->time_ms - sighting->time_ms,
				.now = sighting == newest,
			};
			people->each(people->ctx, &seen);
		}
	}
}

static void find_placed(const struct known *known, struct placed *placed, const char *place_id, bool room)
{
	const struct rows *sensors = known->rows[KIND_SENSORS];

	g_clear_pointer(&placed->sensors, g_ptr_array_unref);
	g_free(placed->in);
	placed->sensors = g_ptr_array_new();
	placed->in = g_strdup(place_id);
	for (size_t i = 0; sensors != NULL && i < rows_count(sensors); i++) {
		const struct sensor *sensor = rows_at(sensors, i);

		if (g_strcmp0(room ? sensor->room_id : sensor->floor_id, place_id) == 0)
			g_ptr_array_add(placed->sensors, (void *)sensor);
	}
}

size_t world_sensors_in(const struct world *world, unsigned account, const char *place_id, bool room,
			const struct sensor *const **out)
{
	struct known *known = known_of(world, account);
	struct placed *placed;

	*out = NULL;
	if (known == NULL || place_id == NULL)
		return 0;
	placed = &known->placed[room];
	if (placed->sensors == NULL || strcmp(placed->in, place_id) != 0)
		find_placed(known, placed, place_id, room);
	*out = (const struct sensor *const *)placed->sensors->pdata;
	return placed->sensors->len;
}

bool world_has_sensor(const struct world *world, unsigned account, const char *room_id)
{
	struct known *known = known_of(world, account);
	const struct rows *sensors = world_rows(world, account, KIND_SENSORS);

	if (known == NULL || room_id == NULL)
		return false;
	if (known->watched == NULL) {
		known->watched = g_hash_table_new(g_str_hash, g_str_equal);
		for (size_t i = 0; sensors != NULL && i < rows_count(sensors); i++) {
			const struct sensor *sensor = rows_at(sensors, i);

			if (sensor->room_id != NULL)
				g_hash_table_add(known->watched, (void *)sensor->room_id);
		}
	}
	return g_hash_table_contains(known->watched, room_id);
}

void world_people(const struct world *world, unsigned account, const char *floor_id,
		  void (*each)(void *ctx, const struct seen *seen), void *ctx)
{
	const struct known *known = known_of(world, account);
	const struct sensor *const *sensors;
	size_t n = world_sensors_in(world, account, floor_id, false, &sensors);
	struct people people = {each, ctx, clock_wall_ms(world->clock)};

	for (size_t i = 0; i < n; i++) {
		const struct sensor *sensor = sensors[i];
		const struct sight_ring *ring;

		if (sensor->address == NULL)
			continue;
		ring = g_hash_table_lookup(known->sights[1], sensor->address);
		if (ring == NULL && !isnan(sensor->center.x))
			ring = g_hash_table_lookup(known->sights[0], sensor->address);
		if (ring != NULL)
			tell_ring(&people, ring, sensor);
	}
}

/* --- what is chosen --- */

struct choice *world_choice(struct world *world) { return &world->choice; }

static const struct floor_row *first_floor(const struct world *world, unsigned *account,
					   const char *building_id)
{
	const struct floor_row *floor;

	for (struct world_cursor c = {0}; (floor = world_next(world, KIND_FLOORS, &c)) != NULL;) {
		if (building_id[0] != '\0' && g_strcmp0(floor->building_id, building_id) != 0)
			continue;
		*account = c.account;
		return floor;
	}
	return NULL;
}

void world_settle_choice(struct world *world)
{
	struct choice *choice = &world->choice;
	bool own = strcmp(choice->floor_id, world->settled_id) != 0;
	const struct floor_row *floor = own ? world_find(world, choice->account, KIND_FLOORS,
							 choice->floor_id)
					    : NULL;

	if (floor == NULL && own)
		floor = first_floor(world, &choice->account, choice->building_id);
	if (floor == NULL) {
		floor = first_floor(world, &choice->account, "");
		if (floor != NULL)
			g_strlcpy(world->settled_id, floor->id, sizeof(world->settled_id));
	}
	if (floor == NULL)
		return;
	if (strcmp(choice->floor_id, floor->id) != 0) {
		g_strlcpy(choice->floor_id, floor->id, sizeof(choice->floor_id));
		choice->room_id[0] = choice->sensor_id[0] = '\0';
	}
	g_strlcpy(choice->building_id, floor->building_id == NULL ? "" : floor->building_id,
		  sizeof(choice->building_id));
	if (choice->room_id[0] != '\0' &&
	    world_find(world, choice->account, KIND_ROOMS, choice->room_id) == NULL)
		choice->room_id[0] = '\0';
}

const char *world_choice_timezone(const struct world *world)
{
	const struct choice *choice = &world->choice;
	const struct floor_row *floor = world_find(world, choice->account, KIND_FLOORS, choice->floor_id);
	const struct building *building = world_find(world, choice->account, KIND_BUILDINGS,
						     choice->building_id);

	if (floor != NULL && floor->timezone != NULL)
		return floor->timezone;
	return building == NULL ? NULL : building->timezone;
}
