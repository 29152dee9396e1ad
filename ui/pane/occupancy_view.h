/* Inside of the occupancy pane: its state, and its parts. */
#ifndef LODGE_UI_PANE_OCCUPANCY_VIEW_H
#define LODGE_UI_PANE_OCCUPANCY_VIEW_H

#include "base/moment.h"
#include "ui/pane.h"
#include "ui/pane/occupancy_now.h"
#include "ui/pane/occupancy_sites.h"
#include "ui/widget/table.h"

#include <glib.h>

#define OCC_SERIES 3           /* places or weeks in one picture */
#define OCC_UPTIME_LEAST 0.8   /* below it a window is marked */
#define OCC_COMPLETE_LEAST 1.0 /* so is one of which more will be known */

enum occ_mode { OCC_CHART, OCC_RANKING, OCC_WEEK, OCC_SESSIONS, OCC_MODES };
enum occ_measure { OCC_PEOPLE, OCC_PEAK, OCC_UTILIZATION, OCC_USED, OCC_MEASURES };
enum occ_range { OCC_1H, OCC_8H, OCC_1D, OCC_1W, OCC_1MO, OCC_DATES };
enum occ_rank { OCC_FULLEST, OCC_EMPTIEST, OCC_LEAST_USED, OCC_RANKS };

/* A building, a floor or a room of one system, in the order of the list: each site with its members, each with its floors, each with its rooms. */
struct occ_space {
	enum kind kind; /* KIND_BUILDINGS, KIND_FLOORS, KIND_ROOMS */
	unsigned account;
	size_t site;
	const void *row; /* struct building, floor_row or room; NULL: the building is not told of */
	const char *id, *name;
	const char *floor; /* name of a room's; NULL */
	const char *floor_id;
	double storey;
	struct now now;
	double before;           /* mean of people in the last whole window; NAN: not known */
	unsigned unknown, rooms; /* of a floor or building: rooms that are not known, of so many */
	char key[96];            /* unique over the accounts */
};

/* The windows of one place, ascending. Texts and rows of the answer are not kept. */
struct occ_windows {
	int64_t *start_ms, *end_ms;
	double *value[OCC_MEASURES]; /* NAN: not told; utilization and used as shares of 1 */
	uint8_t *marks;              /* OCC_CAPPED … */
	double *uptime, *complete;
	size_t n;
	bool summed; /* of several parts: peak and time used are not known */
};
enum { OCC_CAPPED = 1, OCC_LOW = 2, OCC_PARTIAL = 4 };

/* One question, with what it brought. */
struct occ_ask {
	struct occ_view *view;
	bool waiting;
	bool parts;              /* asked for what the place is made of, as it is not measured itself */
	char why[240];           /* nothing came; "" */
	const struct rows *rows; /* a reference, NULL: none yet */
};

/* One line of the picture: a place, or a week of it. */
struct occ_series {
	char key[96]; /* of the space; "": none */
	char name[120];
	int weeks; /* so many back */
	double capacity;
	struct occ_ask ask;
	struct occ_windows windows;
};

/* From one moment to another, in windows of a length. */
struct occ_span {
	int64_t from_ms, to_ms, every_ms;
};

/* When people are expected, by weekday (0 = Sunday): minutes of the day, from == to: not at all. */
struct occ_hours {
	int16_t from[7], to[7];
	char flaw[80]; /* what is not understood; "" */
};

struct occ_view {
	struct desk *desk;

	/* the list */
	struct sites *sites;
	GArray *spaces; /* struct occ_space */
	GHashTable *by_key;
	GPtrArray *held, *held_rooms; /* snapshots that texts are of: places, rooms */
	struct table *table;
	char *typed, *typed_before; /* the filter, NULL: none */
	char **words;               /* folded */
	bool old;                   /* the table waits for a refresh */
	uint32_t lists;             /* how often the list was made anew */
	double people, capacity;    /* of the chosen site, each room once */
	size_t merged;              /* its rooms that two systems know */
	long figures_of;            /* site they are of */

	/* what is looked at */
	enum occ_mode mode;
	enum occ_measure measure;
	enum occ_range range;
	int64_t dates_from_ms, dates_to_ms;
	char dates[80];
	enum occ_rank rank;
	bool rank_range; /* by the range instead of by now */
	bool numbers;    /* figures in the week */
	bool open;       /* the picture has the whole pane */
	int weeks;       /* compared with so many before */
	char marked[OCC_SERIES][96];
	int n_marked;

	/* the picture */
	struct occ_series series[OCC_SERIES];
	int n_series;
	struct occ_span span;             /* of what was asked last */
	int64_t asked_ms, moved_ms;       /* by the world's clock */
	bool pending;                     /* the choice moves too fast to ask for each */
	int64_t view_from_ms, view_to_ms; /* what is seen of the span; equal: all */
	int64_t cursor_ms;                /* MOMENT_NONE: at the newest */
	int week_cursor;                  /* hour of the week from Monday on, -1: now */
	struct occ_ask ranks[8], sessions;
	unsigned rank_accounts[8];
	int n_ranks;
	long rank_site;
	char sessions_of[96];
	GArray *ranking; /* struct occ_ranked */
	bool ranking_old;
	long ranked_site;
	struct occ_hours hours;
	struct moment_zone *zone;
	char zone_name[80];

	bool whole;
	struct rect table_at, chart_at; /* as drawn last */
	int64_t minute;
	uint32_t old_accounts; /* a bit each */
};

struct occ_ranked {
	const struct occ_space *space;
	double people, share; /* NAN: not told */
	bool partial;         /* of the range: some windows are marked or missing */
};

/* occupancy_spaces.c */
void occ_spaces_init(struct occ_view *view);
void occ_spaces_fini(struct occ_view *view);
/* The world's snapshots of these kinds are others. */
void occ_spaces_refresh(struct occ_view *view, uint32_t changed);
struct occ_space *occ_chosen(struct occ_view *view);
struct occ_space *occ_find(struct occ_view *view, const char *key);

/* occupancy_table.c */
struct table *occ_table_new(struct occ_view *view);
void occ_set_filter(struct occ_view *view, const char *typed);
/* The table with its rows up to date. */
struct table *occ_table(struct occ_view *view);
int occ_column_parse(const char *name); /* -1 */
const char *occ_column_name(int column);
int occ_columns(void);
/* Its order is another when figures are. */
bool occ_column_moves(int column);
bool occ_is_marked(const struct occ_view *view, const char *key);
/* "+2.5" against the mean of the window before; NAN: not known. */
double occ_trend(const struct occ_space *space);
/* -1 falling, 0 steady, 1 rising, 2: not known. */
int occ_trend_sign(const struct occ_space *space);
bool occ_account_old(const struct occ_view *view, unsigned account);
/* People and capacity of the chosen site, into view->people and ->capacity. */
void occ_settle_figures(struct occ_view *view);

/* occupancy.c: another place is chosen. */
void occ_choice_moved(struct occ_view *view);

/* occupancy_look.c */
/* Another picture: cursor and zoom begin anew, and it is asked for. */
void occ_look_anew(struct occ_view *view);
bool occ_look_act(struct occ_view *view, enum action action, const char *argument);
/* As in struct pane_ops. */
size_t occ_view_of(void *state, void *out);
void occ_set_view(void *state, const void *from, size_t length);
const char *occ_word(void *state, enum action action, size_t i);

/* occupancy_range.c */
const char *occ_range_name(enum occ_range range);
const char *occ_measure_name(enum occ_measure measure);
const char *occ_rank_name(enum occ_rank rank);
struct occ_span occ_span_now(const struct occ_view *view, int weeks_back);
/* So many days later (or earlier) by the clocks of the place. */
int64_t occ_days_on(int64_t moment_ms, int days, const struct moment_zone *zone);
/* "2026-08-01..2026-08-07", "2026-08-01 10:00..12:00", "7d..2d", a day alone. False: not understood. */
bool occ_dates_parse(const char *text, const struct moment_zone *zone, int64_t now_ms, int64_t *from_ms,
		     int64_t *to_ms);
/* "mon-fri 7-19, sat 9-13:30". */
void occ_hours_parse(const char *text, struct occ_hours *hours);
/* minute: of the day. */
bool occ_hours_hold(const struct occ_hours *hours, int weekday, int minute);
void occ_settle_zone(struct occ_view *view);

/* occupancy_ask.c */
/* Asks for what the picture shows, unless it is there. `anew`: also what is, which stays until the new is here. */
void occ_ask_picture(struct occ_view *view, bool anew);
/* Once a second: asks again when what is shown goes on. True when it did. */
bool occ_ask_again(struct occ_view *view);
void occ_ask_forget(struct occ_view *view, struct occ_ask *ask);
void occ_ask_forget_all(struct occ_view *view);
void occ_windows_fini(struct occ_windows *windows);
/* The windows of the space out of an answer: of itself, else its floors' added up. */
void occ_windows_take(struct occ_windows *windows, const struct rows *rows, const char *id, double capacity,
		      const char *const *parts, size_t n_parts);
/* The window that holds the moment, -1: none. */
long occ_window_at(const struct occ_windows *windows, int64_t at_ms);

/* occupancy_chart.c */
void occ_draw_chart(struct occ_view *view, struct canvas *canvas);
/* Moves the cursor by windows. */
void occ_cursor_move(struct occ_view *view, int by);
void occ_zoom(struct occ_view *view, double factor);
/* Shortest decimal text of at most two decimals; "-" for NAN. */
void occ_add_number(struct buf *out, double value, bool ascii);
void occ_add_value(struct buf *out, enum occ_measure measure, double value, bool ascii);
/* What the cursor points at, in words: "Wed 19 Aug 14:00-15:00  Conf 2 6.2". */
void occ_cursor_words(struct occ_view *view, struct buf *out);
void occ_add_moment(struct buf *out, int64_t at_ms, const struct moment_zone *zone);

/* occupancy_rank.c */
/* Brings view->ranking up to date. */
void occ_rank(struct occ_view *view);
void occ_draw_ranking(struct occ_view *view, struct canvas *canvas);

/* occupancy_week.c */
struct occ_week {
	double mean[168], most[168]; /* hours from Monday 0:00 on; NAN: no window */
	unsigned n[168];
	double greatest;
};
void occ_week_of(const struct occ_windows *windows, enum occ_measure measure, const struct moment_zone *zone,
		 struct occ_week *week);
void occ_draw_week(struct occ_view *view, struct canvas *canvas);

/* occupancy_sessions.c */
void occ_draw_sessions(struct occ_view *view, struct canvas *canvas);

/* occupancy_draw.c */
void occ_draw(struct occ_view *view, struct canvas *canvas, bool focus);

/* occupancy_export.c */
/* What is shown, as CSV or JSON by the name. */
void occ_export(struct occ_view *view, const char *path);

#endif
