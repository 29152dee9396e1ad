/* A front desk for the tests of the doors pane: a log of releases in memory, asked as the history is (core/history.h) and answered when the test says so; a fake
 * clock; a desk that notes what is asked of it; and goldens. */
#ifndef TESTS_UNIT_UI_DOORS_LOBBY_H
#define TESTS_UNIT_UI_DOORS_LOBBY_H

#include "core/kind.h"
#include "ui/pane/doors_view.h"

#include <glib.h>

#define LOBBY_RELEASES 3000

struct release {
	int64_t key, time_ms;
	const char *account, *method, *type, *unit, *unit_id, *user_id, *name, *picture;
	char id[16], user[60];
};

struct asked {
	unsigned slot;
	struct door_search search;
	void (*found)(void *ctx, const struct door_page *page);
	void (*counted)(void *ctx, const struct door_counts *counts);
	void *ctx;
	int64_t width_ms;
};

struct lobby {
	struct desk desk; /* first */
	struct clock_fake clock;
	struct world *world;
	struct canvas *canvas;
	void *pane;
	GArray *log; /* struct release, oldest first */
	GQueue asks; /* struct asked * */
	int failure; /* what every page tells; ERR_OK: rows */
	unsigned pages, forgotten, exported;
	char toast[200], copied[200], prompt[60], initial[60], path[60];
	struct door_search wanted; /* of the export */
	void (*done)(void *ctx, const char *text);
	void (*changed)(void *ctx, const char *text);
	void *ctx;
};

/* At 2026-08-19 14:07 in New York, the newest release two minutes old, one each 288 s; the pane is open and drawn, nothing answered yet. */
struct lobby *lobby_new_with(unsigned releases, int width, int height, bool ascii, bool history);
/* With all releases, and answered. */
struct lobby *lobby_new(int width, int height);
void lobby_free(struct lobby *lobby);

void lobby_draw(struct lobby *lobby);
/* Answers all that was asked, and draws. */
void lobby_drain(struct lobby *lobby);
void lobby_answer(struct lobby *lobby, const struct asked *asked);
void lobby_act_only(struct lobby *lobby, enum action action);
/* Acts and drains. */
void lobby_act(struct lobby *lobby, enum action action);
void lobby_filter(struct lobby *lobby, const char *text);

/* One more release; so many that the pane is told of; the newest as a snapshot. */
void lobby_add(struct lobby *lobby);
void lobby_arrive(struct lobby *lobby, unsigned n);
void lobby_put_newest(struct lobby *lobby, guint n);
void lobby_light(struct lobby *lobby, enum light light, int64_t age_ms, const char *why);
/* Releases that a search finds, pages apart. */
unsigned lobby_count(const struct lobby *lobby, const struct door_search *search);
bool lobby_holds(const char *text, const char *wanted);

const struct doors_view *lobby_view(const struct lobby *lobby);
/* The id of the chosen release. */
const char *lobby_chosen(const struct lobby *lobby);
char *lobby_text(const struct lobby *lobby);
bool lobby_shows(const struct lobby *lobby, const char *part);
/* Fails without it. */
void lobby_expect(const struct lobby *lobby, const char *part);
void lobby_golden(const struct lobby *lobby, const char *name);

#endif
