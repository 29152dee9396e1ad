/* One query on its way through Butlr. Private to this folder.
 *
 *   estate (GraphQL or REST, as much of it as the kind needs) ─► rooms: the people now ─► done
 *                                                            ├► frames, detections: chunks of time ─► done
 *                                                            └► occupancy: reports ─► done
 */
#ifndef LODGE_API_BUTLR_JOB_H
#define LODGE_API_BUTLR_JOB_H

#include "api/butlr/auth.h"
#include "api/butlr/detections.h"
#include "api/butlr/estate.h"
#include "api/butlr/graphql.h"
#include "api/work.h"
#include "base/moment.h"

enum butlr_surface { BUTLR_ANY, BUTLR_GRAPHQL, BUTLR_REST };

/* Names by key in the account's language; kept between works. */
struct butlr_types {
	GHashTable *names;
	int64_t until_ms; /* asked for again after this */
};

/* What an account remembers between works. */
struct butlr_state {
	struct butlr_login login; /* first: the auth_ops' state is this struct */
	char *identity;
	char *language;
	enum butlr_surface wanted, learned; /* wanted: BUTLR_ANY = auto */
	bool placeholders;
	char *queries[BUTLR_QUERY_COUNT]; /* without the fields that the server does not know */
	bool no_fixtures_query;
	bool bare_detections, window_detections;
	struct butlr_devices *devices; /* who has which MAC, for frames */
	int64_t devices_until_ms;
	struct butlr_types room_types, fixture_types;
	GHashTable *orientations; /* sensor id → struct vector3, from GET /sensors/{id} */
	bool no_sensor_details;
};

enum butlr_step {
	BUTLR_STEP_QUERY, /* + enum butlr_query */
	BUTLR_STEP_SPACES = BUTLR_STEP_QUERY + BUTLR_QUERY_COUNT,
	BUTLR_STEP_ROOMS,
	BUTLR_STEP_ZONES,
	BUTLR_STEP_FIXTURES,
	BUTLR_STEP_SENSORS,
	BUTLR_STEP_HIVES,
	BUTLR_STEP_ESTATE_LAST = BUTLR_STEP_HIVES,
	BUTLR_STEP_SENSOR,
	BUTLR_STEP_ROOM_TYPES,
	BUTLR_STEP_FIXTURE_TYPES,
	BUTLR_STEP_NOW_PRESENCE,
	BUTLR_STEP_NOW_TRAFFIC,
	BUTLR_STEP_DETECTIONS,
	BUTLR_STEP_REPORT,
	BUTLR_STEP_REPORT_PEAK,
	BUTLR_STEP_TIME_USED,
};

/* Progress through a range of detections. */
struct butlr_span {
	int64_t from_ms, to_ms; /* the whole range */
	int64_t at_ms;          /* where the next chunk begins, or ends when going backwards */
	int64_t chunk_ms;
	bool backwards;                /* newest first: a limit, and no start given */
	size_t batch, batch_at;        /* sensors a request, 0 = all; where the batch begins */
	bool other_path, other_window; /* tried in this work */
	unsigned data;
};

struct butlr_job {
	struct butlr_state *state;
	struct butlr_estate estate;
	enum butlr_surface surface;
	bool tried[BUTLR_REST + 1];
	unsigned later; /* bits of enum butlr_query: asked once the first shows that GraphQL is spoken here */
	bool helper;    /* the estate only helps: its failures are no failure */
	unsigned pending; /* estate requests without an answer */
	bool estate_failed;
	bool followed;      /* what comes after the estate was begun */
	GPtrArray *details; /* sensor ids to be asked for one by one */
	guint details_at;
	GHashTable *people;  /* occupancy: rows by "space@start" */
	GHashTable *watched; /* rooms: ids with a sensor that is not known to be offline */
	struct butlr_detect detect;
	struct butlr_span span;
	GPtrArray *addresses; /* of all sensors, when a chunk must be split by sensor */
};

/* The estate. begin() queues what the kind needs; answer() takes one answer; when nothing is outstanding it calls butlr_follow. */
int butlr_estate_begin(struct work *work, struct butlr_job *job);
int butlr_estate_answer(struct work *work, struct butlr_job *job, const struct work_request *request,
			const struct work_answer *answer);
int butlr_follow(struct work *work, struct butlr_job *job);

/* The two surfaces. */
int butlr_graphql_begin(struct work *work, struct butlr_job *job);
int butlr_graphql_answer(struct work *work, struct butlr_job *job, const struct work_request *request,
			 const struct work_answer *answer);
int butlr_rest_begin(struct work *work, struct butlr_job *job);
int butlr_rest_answer(struct work *work, struct butlr_job *job, const struct work_request *request,
		      const struct work_answer *answer);
/* The surface does not answer: begins the other one, or fails with a message. */
int butlr_other_surface(struct work *work, struct butlr_job *job, const struct work_request *request,
			const struct work_answer *answer);
/* Counts the request as outstanding and queues it. */
int butlr_estate_ask(struct work *work, struct butlr_job *job, const struct work_request *request);

/* Sensors' details one by one, for orientations that no list tells. */
int butlr_details_begin(struct work *work, struct butlr_job *job);
int butlr_details_answer(struct work *work, struct butlr_job *job, const struct work_request *request,
			 const struct work_answer *answer);

/* Names of room and fixture types. */
int butlr_types_begin(struct work *work, struct butlr_job *job);
int butlr_types_answer(struct work *work, struct butlr_job *job, const struct work_request *request,
		       const struct work_answer *answer);
void butlr_types_apply(struct work *work, const struct butlr_state *state);

/* The people in each room now. */
int butlr_now_begin(struct work *work, struct butlr_job *job);
int butlr_now_answer(struct work *work, struct butlr_job *job, const struct work_request *request,
		     const struct work_answer *answer);
void butlr_now_finish(struct work *work);

int butlr_occupancy_begin(struct work *work, struct butlr_job *job);
int butlr_occupancy_answer(struct work *work, struct butlr_job *job, const struct work_request *request,
			   const struct work_answer *answer);
void butlr_occupancy_finish(struct work *work, struct butlr_job *job);

int butlr_span_begin(struct work *work, struct butlr_job *job);
int butlr_span_answer(struct work *work, struct butlr_job *job, const struct work_request *request,
		      const struct work_answer *answer);
void butlr_span_finish(struct work *work, struct butlr_job *job);

/* True when a floor may be in the result: not filtered out by --floor or --building. NULL: a floor that is not told. */
/* Fixtures have an end of life and no replacement (butlr.md §8.1): a hint, not a failure. */
void butlr_no_fixtures(struct work *work);

bool butlr_floor_wanted(const struct work *work, const struct butlr_job *job, const char *floor_id);

#endif
