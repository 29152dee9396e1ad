/* The Heat pane's parts: what it knows of each sensor (heat_model.c), and how it is drawn (heat_draw.c). */
#ifndef LODGE_UI_PANE_HEAT_PRIVATE_H
#define LODGE_UI_PANE_HEAT_PRIVATE_H

#include "ui/heat/heat.h"
#include "ui/lines.h"
#include "ui/pane.h"

#define HEAT_TEXT 80

enum heat_mode { HEAT_TILES, HEAT_PLAN, HEAT_NUMBERS, HEAT_MODES };
enum heat_order { HEAT_BY_DEFAULT, HEAT_BY_PLACE, HEAT_BY_HEAT, HEAT_ORDERS };

/* A sensor and the frame of it that is shown; a copy, so that a held picture outlives the world's ring. */
struct heat_tile {
	size_t number; /* as it was collected, from 0 */
	char id[HEAT_TEXT], address[HEAT_TEXT], label[HEAT_TEXT], name[HEAT_TEXT], room[HEAT_TEXT];
	unsigned account;
	struct point center;
	double height_m;
	struct heat_place place;
	bool placed, offline, stale;
	int64_t last_seen_ms;
	size_t kept, back; /* frames in the ring; how many are newer than the one shown */
	double rate;       /* frames a second */
	int64_t time_ms;   /* of the frame; MOMENT_NONE: none yet */
	struct grid8 grid;
	struct heat_facts facts;
	double order; /* what it was last sorted by */
};

struct heat_pane {
	size_t *places; /* by number: where it stands in spare */
	size_t places_room;
	struct desk *desk;
	struct heat_tile *tiles, *spare; /* spare: the list before, and memory for the next */
	size_t n, room_for, spare_n, spare_room;
	char where[HEAT_TEXT]; /* the room's or the floor's name */
	enum heat_mode mode;
	enum heat_order order;
	bool smooth, fixed, held, one;
	int scale; /* wanted by + and -; 0: what fits */
	struct heat_range range, fixed_range;
	int64_t held_ms; /* no frame later than this is shown while held */
	int64_t newest_ms, sorted_ms;
	double rate;
	size_t offline, waiting;   /* sensors that are offline; that had no frame yet */
	uint64_t sorted_set, seen; /* hashes: of the list when it was sorted, of what was last drawn */
	struct heat_grid grid;     /* of the last drawing, for arrows and the mouse */
	int width;                 /* of the last drawing; 0: none yet */
	int first_row, top;        /* scrolled rows of tiles; the row of the clip where they begin */
	struct heat_view view;     /* of the plan as last drawn */
	bool drawn_plan;
	struct lines *walls;
	struct heat_image image;
	uint8_t floor[HEAT_IMAGE_MOST * HEAT_IMAGE_MOST]; /* levels of the plan */
};

/* --- heat_model.c --- */

/* Reads the world anew. True when what is shown differs. */
bool heat_model_update(struct heat_pane *pane);
/* The chosen tile: that of the shared choice, else the first. Only with n > 0. */
size_t heat_model_chosen(const struct heat_pane *pane);
void heat_model_choose(struct heat_pane *pane, size_t tile);
/* Hottest first? */
bool heat_model_by_heat(const struct heat_pane *pane);
/* The tile with the greatest figure; NULL when there is none. */
const struct heat_tile *heat_model_hottest(const struct heat_pane *pane);
/* Holds at the frame `steps` older (negative: newer) than the chosen tile's. False when there is none. */
bool heat_model_step(struct heat_pane *pane, int steps);
/* "0.4 s", "12 s", "3 min", "5 h", "9 d". Returns out. */
#define HEAT_AGE_SIZE 32
char *heat_model_age(int64_t age_ms, char out[HEAT_AGE_SIZE]);
/* "Conf 2 · 3 sensors · 3.0/s · 0.4 s ago"; less where the last drawing was narrow, the age always. */
void heat_model_figure(const struct heat_pane *pane, struct buf *out);

/* --- heat_draw.c --- */

void heat_draw_pane(struct heat_pane *pane, struct canvas *canvas, bool whole, bool focus);

/* --- heat_detail.c --- */

#define HEAT_DETAIL_CELLS 30
/* All that is known of one sensor, with its last frames as bars. */
void heat_draw_detail(const struct heat_pane *pane, struct canvas *canvas, struct rect area,
		      const struct heat_tile *tile);
/* Two lines of words in the middle of the area; either may be NULL. */
void heat_draw_message(struct canvas *canvas, struct rect area, const char *first, const char *second);

/* --- heat_floor.c --- */

/* The plan of the chosen floor with the frames laid on it. */
void heat_draw_plan(struct heat_pane *pane, struct canvas *canvas, struct rect area);

#endif
