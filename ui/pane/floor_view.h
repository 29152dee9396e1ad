/* Shared by the files of the floor pane only (ui/pane/floor*.c). */
#ifndef LODGE_UI_PANE_FLOOR_VIEW_H
#define LODGE_UI_PANE_FLOOR_VIEW_H

#include "ui/pane.h"
#include "ui/plan/plan.h"

enum overlay {
	OVERLAY_OCCUPANCY,
	OVERLAY_TEMPERATURE,
	OVERLAY_UTILIZATION,
	OVERLAY_HEALTH,
	OVERLAY_TYPE,
	OVERLAY_COUNT
};

#define FLOOR_TYPES 12 /* room types that get a colour of their own */

/* What the legend and the figure need, counted with the marks. */
struct floor_sums {
	double people, capacity; /* NAN: not told */
	long busiest;            /* room, -1 */
	unsigned offline, traffic, repeaters, presence;
	double least, most; /* °C over the rooms; NAN: no frames */
	char types[FLOOR_TYPES][24];
	int n_types;
};

struct floor_pane {
	struct desk *desk;
	struct plan *plan;
	unsigned account;
	char floor_id[80];
	bool stale_rows, stale_marks, stale_layout;
	enum overlay overlay;
	struct floor_sums sums;

	bool whole, detail, old;
	struct rect place;     /* of the plan in the pane's cells, as drawn last; no width: not drawn */
	struct plan_look look; /* laid out for */
	char look_room[80];
	double look_aspect;
	struct plan_view view, fit;
	bool fitted; /* view is fit */
	bool dragging;
	int drag_x, drag_y;
	char before[80]; /* the choice before a filter was typed */
	bool moving;     /* people were drawn: trails fade by themselves */
	struct {
		struct rect place;               /* in the pane's cells; no width: not drawn */
		int columns, width, height, top; /* tiles in a row, cells of one, the first row shown */
	} tiles;                                 /* a floor without geometry, as drawn last */
};

/* floor.c */
/* Brings rows, marks and what is chosen up to date with the world. */
void floor_refresh(struct floor_pane *pane);
bool floor_same_view(const struct plan_view *a, const struct plan_view *b);

/* floor_act.c: the pane's act and mouse (ui/pane.h). */
bool floor_act(void *state, enum action action, const char *argument);
bool floor_mouse(void *state, const struct input *input);
size_t floor_view(void *state, void *out);
void floor_set_view(void *state, const void *view, size_t length);
const char *floor_word(void *state, enum action action, size_t i);

/* floor_overlay.c: levels, figures and sums of all rooms. */
void floor_mark(struct floor_pane *pane);
const char *floor_overlay_name(enum overlay overlay);
int floor_overlay_parse(const char *name); /* -1: unknown */
/* The fill of the i-th of sums.types. */
int floor_type_level(const struct floor_pane *pane, int type);

/* floor_legend.c */
void floor_legend(const struct floor_pane *pane, struct canvas *canvas, int y);
/* Rooms as a list of names and figures in columns, the page with the chosen room. */
void floor_list(const struct floor_pane *pane, struct canvas *canvas, struct rect rect);
/* "not on the plan: Store 2/4, Attic –" */
void floor_unplaced(const struct floor_pane *pane, struct canvas *canvas, int y);

/* floor_tiles.c: a floor whose rooms have no shape, as tiles in reading order. */
void floor_tiles(struct floor_pane *pane, struct canvas *canvas, struct rect rect);
/* The room at a cell of the pane, -1: none. */
long floor_tiles_at(const struct floor_pane *pane, int x, int y);

/* floor_detail.c: the chosen room, into the clip. */
void floor_detail(const struct floor_pane *pane, struct canvas *canvas, long room);

/* floor_frames.c: the newest frames of a room's sensors as small pictures, in at most `most` lines from y on; returns the line after them (y when there are
 * none or no room for them). */
int floor_frames(const struct floor_pane *pane, struct canvas *canvas, const struct room *room, int y,
		 int most);
/* Lines that floor_frames would like. */
int floor_frames_height(const struct floor_pane *pane, const struct room *room, int width);

#endif
