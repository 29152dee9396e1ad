/* The simulated world: a site with buildings, rooms and devices, and the people who use them.
 *
 * Everything is a pure function of (seed, time): `struct world` is built once from the options and never
 * changes; any moment, past or future, can be asked through a `struct world_view`, which holds nothing but a
 * cache. All inner arithmetic is in whole numbers (millimetres, milliseconds, hundredths of a degree), so the
 * same seed and time give the same answer on every machine.
 *
 * Geometry is that of butlr.md §9: metres from the floor's lower left corner, x to the right, y up; here in
 * millimetres. Indices (room 17) are positions in the arrays of `struct world`; -1 means none.
 */
#ifndef LODGE_SIM_WORLD_H
#define LODGE_SIM_WORLD_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORLD_SIDE 8            /* pixels along one side of a thermal frame */
#define WORLD_FOV_DEG 60        /* field of view of every sensor */
#define WORLD_DETECTIONS_MAX 64 /* most people one sensor tells at once */
#define WORLD_SENSORS_MAX 20000
#define WORLD_DOORS_MAX 20000

struct world_options {
	uint64_t seed;
	int sensors; /* exact count wanted, 0 = the base world's 120; up to WORLD_SENSORS_MAX */
	int doors;   /* at least so many doors, 0 = as many as the floors have; up to WORLD_DOORS_MAX */
	int frames_per_second; /* per sensor; 0 = 1; up to 8 */
};

struct world_point {
	int32_t x_mm, y_mm;
};

/* Axis-aligned; x0 < x1, y0 < y1. */
struct world_rect {
	int32_t x0_mm, y0_mm, x1_mm, y1_mm;
};

struct world_site {
	const char *id, *name, *custom_id; /* custom_id is "" where none is set; so in every struct below */
	const char *zone;                  /* IANA */
	const char *org_id;
};

struct world_building {
	const char *id, *name, *custom_id;
	const char *address_lines[3]; /* filled from the front, the rest NULL */
	const char *country;
	const char *zone; /* IANA */
	int number;
	int capacity, mid_capacity;
	int first_floor, floor_count;
	int first_person, person_count;
	int first_room, room_count; /* of all its floors */
	int entrance_door;
};

struct world_floor {
	const char *id, *name, *custom_id;
	int building, number; /* number: 0 = ground floor */
	int capacity, mid_capacity;
	int32_t width_mm, height_mm; /* every room lies in 0..width, 0..height */
	double area_m2;
	const char *installation_date; /* "2024-03-18" */
	int first_room, room_count;
	int first_zone, zone_count;
	int first_fixture, fixture_count;
	int first_door, door_count;
	int first_sensor, sensor_count;
	int first_hive, hive_count;
	int plan; /* internal: which drawing the floor follows */
};

/* A room, a corridor, a stairwell. The rooms of a floor tile it without gap or overlap. */
struct world_room {
	const char *id, *name, *custom_id, *note;
	const char *type; /* a Butlr room-type key or one of its samples' extras, butlr.md §4.1, §4.3 */
	int floor;
	int capacity, mid_capacity; /* 0 = not set, as real tenants have it */
	int32_t height_mm;
	double area_m2;
	uint8_t color[4];                 /* r g b a */
	const struct world_point *points; /* clockwise (y up) from the upper left, not closed */
	int point_count;
	const struct world_rect *rects; /* the same shape cut into rectangles */
	int rect_count;
	bool corridor;
};

/* A named part of a floor, always a rectangle. */
struct world_zone {
	const char *id, *name, *custom_id, *note, *type;
	int floor, room; /* room -1: the zone lies across rooms */
	int capacity, mid_capacity;
	double area_m2;
	uint8_t color[4];
	struct world_rect rect;
	struct world_point points[4]; /* the rectangle, clockwise from the upper left */
};

struct world_fixture {
	const char *id;
	const char *type; /* wall chair door table sofa box roundtable sink toilet bed desk placeholdersensor */
	int floor, room;
	struct world_point center;
	int rotation_deg;
	int scale_x100[3]; /* multipliers in hundredths: 150 = 1.5 */
};

/* A way between two rooms, or from a room to the outside (room_out == -1: an entrance of the building). */
struct world_door {
	const char *id, *name; /* id "door_…": ours, Butlr knows no doors */
	int floor;
	int room_in, room_out; /* "in" is the way from room_out into room_in */
	struct world_point center;
	bool vertical; /* the wall runs along y */
};

enum world_mode { WORLD_PRESENCE, WORLD_TRAFFIC, WORLD_REPEATER };

struct world_sensor {
	const char *id, *name; /* name may be "" */
	const char *mac;       /* 8 octets with dashes, lower case; placeholders begin mi-rr-or or fa-ke */
	const char *model, *serial, *note;
	enum world_mode mode;
	bool placeholder; /* never online, shows no frames */
	bool entrance;    /* watches a door of the building to the outside */
	bool wired;       /* mains: no battery */
	bool installed;
	int floor, room; /* room -1: not assigned to one */
	int hive;        /* -1: none */
	int zone;        /* the zone whose sensors include it, -1: none */
	int door;        /* the door a traffic sensor watches, else -1 */
	struct world_point center;
	int32_t height_mm;
	int orientation_deg[3]; /* yaw, pitch, roll; only yaw is ever non-zero; counter-clockwise */
	int32_t footprint_mm; /* side of the square it sees on the floor: 2·h·tan(fov/2), butlr.md §6.1 */
	int active_hours[7];  /* hours a day it works, 0 = Sunday; 24, or fewer: it sleeps at night */
	int sensitivity_x100, in_direction;
	bool parallel_to_door;
};

struct world_hive {
	const char *id, *serial, *name, *version, *type, *private_ip, *note;
	int floor, room;
	struct world_point center;
	int sensor_count;
	bool placeholder; /* serial begins with "fake" */
};

/* A tag is borne by every room of one type. */
struct world_tag {
	const char *id, *name, *room_type;
};

enum world_role { WORLD_STAFF, WORLD_CLEANER, WORLD_VISITOR, WORLD_GUARD };

struct world_person {
	const char *name; /* UTF-8 */
	enum world_role role;
	int building;
	int home_room; /* where the desk is; visitors: the entrance hall */
	int home_seat; /* internal */
	int speed_mm_s;
};

struct world_inner;

struct world {
	struct world_options options; /* with the defaults filled in */
	struct world_site site;
	const struct world_building *buildings;
	const struct world_floor *floors;
	const struct world_room *rooms;
	const struct world_zone *zones;
	const struct world_fixture *fixtures;
	const struct world_door *doors;
	const struct world_sensor *sensors;
	const struct world_hive *hives;
	const struct world_tag *tags;
	const struct world_person *people;
	int building_count, floor_count, room_count, zone_count, fixture_count, door_count, sensor_count,
		hive_count, tag_count, person_count;
	struct world_inner *inner;
};

/* Builds the world. NULL when an option is out of its range or a time zone is unknown to the machine. It is
 * immutable afterwards and may be shared between threads. */
struct world *sim_world_new(const struct world_options *options);
void sim_world_free(struct world *world);

static inline double world_metres(int32_t mm) { return mm / 1000.0; }

/* --- looking things up ------------------------------------------------------------------------------- */

enum world_kind {
	WORLD_NOTHING,
	WORLD_SITE,
	WORLD_BUILDING,
	WORLD_FLOOR,
	WORLD_ROOM,
	WORLD_ZONE,
	WORLD_FIXTURE,
	WORLD_DOOR,
	WORLD_SENSOR,
	WORLD_HIVE,
	WORLD_TAG,
};

/* One thing of the world. As a place to count people in: building, floor, room or zone. */
struct world_ref {
	enum world_kind kind;
	int index;
};

/* By id (case-sensitive); kind WORLD_NOTHING when there is none. */
struct world_ref sim_world_find(const struct world *world, const char *id);

/* By a customID that somebody gave to a building, floor, room or zone. */
struct world_ref world_find_custom(const struct world *world, const char *custom_id);

/* Index of a sensor by MAC, in any case, with '-', ':' or nothing between the octets; -1. */
int world_find_sensor_by_mac(const struct world *world, const char *mac);

/* Index of a hive by serial number; -1. */
int world_find_hive_by_serial(const struct world *world, const char *serial);

/* Is the point inside the room's polygon? On the border counts as inside. */
bool world_room_contains(const struct world_room *room, struct world_point point);

/* A place on the floor seen by a sensor ↔ the sensor's own view, butlr.md §6.1: [0,0] is the top left of the
 * view, in ten-thousandths (5000 = 0.5). to_local is false outside the view. */
bool world_to_local(const struct world_sensor *sensor, struct world_point at, int local_x10000[2]);
struct world_point world_to_world(const struct world_sensor *sensor, const int local_x10000[2]);

/* --- asking for a moment ------------------------------------------------------------------------------- */

/* A cache over a world for one thread. The world must outlive it. Answers never depend on what was asked
 * before. */
struct world_view;

/* `days`: how many building-days to keep, about 200 kB each; 0 = three for every building, at least 32. */
struct world_view *world_view_new(const struct world *world, int days);
void world_view_free(struct world_view *view);

/* Work done so far, for tests: people placed, days built. */
struct world_work {
	uint64_t placed, days_built;
};
struct world_work world_view_work(const struct world_view *view);

/* Local midnight of the building's day that holds the moment, and the next one. */
struct world_day {
	int64_t start_ms, end_ms;
	int number;  /* days since 1970-01-01 in the building's own calendar */
	int weekday; /* 0 = Sunday */
	bool holiday;
};
struct world_day world_view_day(struct world_view *view, int building, int64_t t_ms);

struct world_presence {
	int person, room;
	struct world_point at;
	bool still; /* sits or stands; else walks */
};

/* The people on a floor, in order of person. Fills at most `max`, returns how many there are. */
size_t world_view_people(struct world_view *view, int floor, int64_t t_ms, struct world_presence *out,
			 size_t max);

/* Where one person is; false when nowhere in the world. */
bool world_view_person(struct world_view *view, int person, int64_t t_ms, struct world_presence *out);

/* People in a building, floor, room or zone; 0 for any other ref. */
int world_view_count(struct world_view *view, struct world_ref place, int64_t t_ms);

/* The count at t0 + i·step for 0 <= i < n. step > 0. */
void world_view_counts(struct world_view *view, struct world_ref place, int64_t t0_ms, int64_t step_ms,
		       int *out, size_t n);

/* Milliseconds of [t0,t1) with at least one person there. */
int64_t world_view_presence_ms(struct world_view *view, struct world_ref place, int64_t t0_ms, int64_t t1_ms);

/* A stretch of time, [from, to). */
struct world_span {
	int64_t from_ms, to_ms;
};

/* Adds the stretches of [t0,t1) with at least one person there to `out` (struct world_span), in order. One that begins
 * where the last of `out` ends is joined to it. */
void world_view_stretches(struct world_view *view, struct world_ref place, int64_t t0_ms, int64_t t1_ms,
			  GArray *out);

/* Figures over the counts at t0, t0+step, … < t1. count = 0 and all else 0 when the range is empty. */
struct world_stats {
	int count, first, last, min, max;
	int64_t sum;
	double mean, median, stddev; /* stddev of the population; mean and stddev rounded to 1/10000 */
};
#define WORLD_INNER_STEP_MS 60000 /* what every face of the simulator samples occupancy with */
struct world_stats world_view_stats(struct world_view *view, struct world_ref place, int64_t t0_ms,
				    int64_t t1_ms, int64_t step_ms);

/* --- passing doors ------------------------------------------------------------------------------------- */

struct world_crossing {
	int64_t t_ms;
	int person, door;
	bool in; /* from room_out into room_in */
};

/* Every passage through a door in [t0,t1), in order of time, then person. door -1: all doors of `floor`
 * (then floor must be given; else it is ignored). Fills at most `max`, returns how many there are. For one
 * entrance Σin − Σout is the change of the building's count where the building has one entrance. */
size_t world_view_crossings(struct world_view *view, int floor, int door, int64_t t0_ms, int64_t t1_ms,
			    struct world_crossing *out, size_t max);

/* Σ in and Σ out of a traffic sensor's door over [t0,t1); 0 and 0 for other sensors. Passages at moments at
 * which the sensor is not streaming are not seen. */
void world_view_traffic(struct world_view *view, int sensor, int64_t t0_ms, int64_t t1_ms, int *in, int *out);

/* --- devices ------------------------------------------------------------------------------------------- */

struct world_health {
	bool online;
	bool streaming;   /* online, not asleep, not a repeater: there are frames */
	bool sleeping;    /* outside its hours; not a fault */
	bool battery;     /* false: mains or placeholder, the battery fields below are 0 / MOMENT_NONE */
	bool battery_low; /* below 15 percent */
	int battery_percent, battery_days;
	int runtime_days;             /* of a new battery */
	int64_t battery_changed_ms;   /* last change */
	int64_t battery_change_by_ms; /* when it will be empty */
	int64_t last_heartbeat_s;     /* epoch seconds; 0 = never heard */
	int64_t since_ms; /* offline: since when; online: since when, MOMENT_NONE if longer than told */
};

struct world_health world_view_sensor_health(struct world_view *view, int sensor, int64_t t_ms);
struct world_health world_view_hive_health(struct world_view *view, int hive, int64_t t_ms);

/* Sets `out` (struct world_span) to the outages of a sensor that touch [t0,t1), whole, in order and apart. Sleep is no
 * outage. */
void world_sensor_outages(const struct world *world, int sensor, int64_t t0_ms, int64_t t1_ms, GArray *out);

/* --- thermal frames and detections ---------------------------------------------------------------------- */

/* The first moment >= t_ms and < until_ms at which the sensor takes a frame; MOMENT_NONE when there is none.
 * Each sensor has its own phase. A frame's identity is (mac, sample time). To list a range: start at t0, and go
 * on from the last answer + 1. */
int64_t world_view_next_sample(struct world_view *view, int sensor, int64_t t_ms, int64_t until_ms);

/* Hundredths of a degree Celsius; row 0 is the top of the sensor's view, column 0 its left. */
struct world_frame {
	int16_t centi_c[WORLD_SIDE][WORLD_SIDE];
};

/* The frame of a sensor at a moment that world_view_next_sample gave. (Any moment is answered, whether or not
 * the sensor works then.) */
void world_view_frame(struct world_view *view, int sensor, int64_t t_ms, struct world_frame *out);

struct world_detection {
	int person;
	struct world_point at; /* on the floor */
	int local_x10000[2];   /* in the sensor's view, 0 … 9999 */
};

/* The people in a sensor's view, in order of person; at most WORLD_DETECTIONS_MAX. Agrees with the frame of the
 * same moment: a person heats row 8·y, column 8·x. */
size_t world_view_detections(struct world_view *view, int sensor, int64_t t_ms,
			     struct world_detection out[WORLD_DETECTIONS_MAX]);

/* Ambient temperature of a room in hundredths of a degree (the air, without people's heat on a sensor). */
int world_view_air_centi_c(struct world_view *view, int room, int64_t t_ms);

#endif
