/* Thermal frames and detections (butlr.md §6): POST /api/v3/detections. Pure, and the hottest path of the program. */
#ifndef LODGE_API_BUTLR_DETECTIONS_H
#define LODGE_API_BUTLR_DETECTIONS_H

#include "api/butlr/devices.h"
#include "base/buf.h"
#include "core/query.h"

#include <glib.h>

#define BUTLR_DETECTIONS_PATH "/api/v3/detections"
#define BUTLR_DETECTIONS_BARE_PATH "/v3/detections" /* written so on one page (§6) */

enum butlr_data { BUTLR_LOCAL = 1, BUTLR_WORLD = 2, BUTLR_HEATMAP = 4 };

/* What to ask for. */
struct butlr_detect_ask {
	unsigned data;          /* bits of enum butlr_data */
	int64_t from_ms, to_ms; /* to_ms MOMENT_NONE: until now */
	const char *floor_id, *room_id;
	const char *const *macs;
	size_t n_macs;
	bool window; /* {"every":"1s","function":"last"}: some servers insist */
};

void butlr_detections_body(struct buf *body, const struct butlr_detect_ask *ask);

/* Where rows go and how they are joined. Kept over all answers of one work, so that a frame that two answers hold is one row. */
struct butlr_detect {
	struct rows *frames, *detections;    /* NULL: not kept */
	const struct butlr_devices *devices; /* known sensors; may be NULL */
	const struct words *floors, *rooms;  /* filters by the sensor's place; NULL: none */
	bool placeholders;                   /* keep placeholder devices (§3) */
	struct butlr_devices *senders;       /* those heard in this work */
	uint64_t *seen;                      /* open hash set of (sender, time, space) */
	size_t n_seen, size_seen;
	size_t rows;  /* added so far */
	unsigned odd; /* frames of a size other than 8x8 */
	bool hot;     /* a frame whose values all exceed 200: not °C (§6.2) */
};

void butlr_detect_init(struct butlr_detect *detect);
void butlr_detect_fini(struct butlr_detect *detect);

/* Decodes an answer into rows. ERR_PARSE and the like: nothing of this answer is kept. Rows are added in the order of the answer. */
int butlr_decode_detections(const char *bytes, size_t length, struct butlr_detect *detect,
			    struct problem *problem) LODGE_MUST_USE;

/* By time, then address. */
void butlr_detections_sort(struct rows *rows);

/* The cells of heatmap_v2, the density of people (§6.3): [x, y, count] each, from the first member named array_cells. ERR_ABSENT when there is none. */
struct butlr_cell {
	double x, y, count;
};
int butlr_decode_density(const char *bytes, size_t length, GArray *cells,
			 struct problem *problem) LODGE_MUST_USE;

/* Its request: absolute times at most 7 days apart; grid 0.25, 0.5 or 1.0 m. ERR_INVALID otherwise. */
int butlr_density_body(struct buf *body, const char *floor_id, int64_t from_ms, int64_t to_ms, double grid_m,
		       bool normalize, struct problem *problem) LODGE_MUST_USE;

#endif
