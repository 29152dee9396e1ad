/* What the screen knows: the newest snapshot of each kind from each account, the last minutes of frames and detections, and how the feeds are doing. Main
 * thread only; it holds references to sealed snapshots. */
#ifndef LODGE_UI_WORLD_H
#define LODGE_UI_WORLD_H

#include "base/clock.h"
#include "core/config.h"
#include "model/estate.h"
#include "model/live.h"
#include "model/rows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORLD_FRAMES                                                                                         \
	240 /* frames kept a sensor, for stepping back; fewer where there are very many sensors */
#define WORLD_TRAIL_MS 5000 /* how long a person's trail is */

struct world;

struct world *world_new(const struct clock *clock);
void world_free(struct world *world);

/* Accounts in the order of the configuration. */
unsigned world_add_account(struct world *world, const char *name, enum vendor vendor);
unsigned world_accounts(const struct world *world);
const char *world_account_name(const struct world *world, unsigned account);

/* --- taking in --- */

/* Takes over a reference. State kinds replace the last snapshot; frames and detections are added to the rings. Returns true when what is shown differs (same
 * hash: only the age changed). */
bool world_put(struct world *world, unsigned account, const struct rows *rows);

/* How what a vendor pushes comes in. */
enum light_push {
	LIGHT_PUSH_NONE, /* it pushes nothing */
	LIGHT_PUSH_POLLING,
	LIGHT_PUSH_PARTLY,
	LIGHT_PUSH_LIVE,
};
enum light { LIGHT_STARTING, LIGHT_FRESH, LIGHT_LATE, LIGHT_DOWN, LIGHT_SIGNED_OUT };
struct feed_light {
	enum light light;
	int64_t last_ok_ms; /* wall clock; MOMENT_NONE: never */
	int64_t since_ms;   /* down since */
	int64_t every_ms;   /* the pace of its fastest kind: late is older than two of these */
	char why[240];
	enum light_push push;
};
/* How far the servers' clock is ahead of ours: world_now_ms follows it, so that ages and the clock are right although ours is wrong. The times of lights are by
 * our clock when they are set, and moved when they are read. */
void world_set_skew(struct world *world, int64_t skew_ms);

void world_set_light(struct world *world, unsigned account, const struct feed_light *light);
/* With FRESH turned to LATE where the age says so. */
struct feed_light world_light(const struct world *world, unsigned account);

/* Says that there is news of a kind elsewhere (the history). */
void world_note_change(struct world *world, enum kind kind);

/* Kinds that changed since the last call (KIND_BIT), and forgets them. */
uint32_t world_take_changes(struct world *world);

/* --- looking --- */

int64_t world_now_ms(const struct world *world);

/* The newest snapshot, NULL when none came. */
const struct rows *world_rows(const struct world *world, unsigned account, enum kind kind);

/* Walks all rows of a kind over all accounts: for (struct world_cursor c = {0}; (row = world_next(world, KIND_ROOMS, &c)) != NULL;) — c.account is the row's. */
struct world_cursor {
	unsigned account;
	size_t row;
	bool started;
};
const void *world_next(const struct world *world, enum kind kind, struct world_cursor *cursor);

/* The row with that id of an account, NULL when there is none. Hashed. */
const void *world_find(const struct world *world, unsigned account, enum kind kind, const char *id);

/* Frames of a sensor (by address): how many are kept, and the i-th, 0 = newest. */
size_t world_frame_count(const struct world *world, unsigned account, const char *address);
const struct frame *world_frame(const struct world *world, unsigned account, const char *address, size_t i);
/* Frames a second of a sensor over the last ten seconds. */
double world_frame_rate(const struct world *world, unsigned account, const char *address);

/* The sensors of a floor, or of a room, in the order of their snapshot: *out gets the first of so many. Valid until the next call for another place, or until
 * rows are put. Asked for at every drawing, so the answer is kept. */
size_t world_sensors_in(const struct world *world, unsigned account, const char *place_id, bool room,
			const struct sensor *const **out);

/* Whether a sensor of the account is told to be in the room. */
bool world_has_sensor(const struct world *world, unsigned account, const char *room_id);

/* People seen on a floor, in metres: where they are now and were in the last WORLD_TRAIL_MS. */
struct seen {
	struct point at;
	int64_t age_ms;
	bool now; /* of the sensor's newest detection */
};
/* Calls `each` for every point of the floor's sensors (detections in floor coordinates; else those in sensor coordinates turned by orientation and
 * height, butlr.md §6.1). */
void world_people(const struct world *world, unsigned account, const char *floor_id,
		  void (*each)(void *ctx, const struct seen *seen), void *ctx);

/* The people of a unit: its tenants where they are told, else those that the unit names. */
struct unit_person {
	const char *user_id, *name, *email; /* name, email may be NULL */
};
void world_unit_people(const struct world *world, unsigned account, const char *unit_id,
		       void (*each)(void *ctx, const struct unit_person *person), void *ctx);
/* The name of a person that units or tenants tell of; NULL: not told. */
const char *world_person_name(const struct world *world, unsigned account, const char *user_id);

/* --- what is chosen, shared by the panes --- */

struct choice {
	unsigned account;
	char building_id[80], floor_id[80], room_id[80], sensor_id[80]; /* "" = none */
};
struct choice *world_choice(struct world *world);
/* Makes the choice valid: the first building and floor when what was chosen is gone. */
void world_settle_choice(struct world *world);
/* The time zone of the chosen floor or building; NULL: not told. */
const char *world_choice_timezone(const struct world *world);

#endif
