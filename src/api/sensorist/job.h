/* One query or change on its way through Sensorist. Private to this folder.
 *
 *   query:   (impersonate: does the server really answer as that user?) ─► gateways ─┬► sensors: newest readings, a request a gateway ─► rows
 *                                                                                    └► measurements: a request a gateway (raw: its pages) ─► rows
 *            users, callbacks ─► rows;  alarms, and with --since their history ─► rows
 *   change:  order.c
 */
#ifndef LODGE_API_SENSORIST_JOB_H
#define LODGE_API_SENSORIST_JOB_H

#include "api/sensorist/tree.h"
#include "api/work.h"
#include "core/order.h"

#define SENS_QUARTER_MS                                                                                      \
	INT64_C(900000) /* times in requests lie on this grid, so that equal questions are equal */

/* What an account remembers between works. */
struct sens_state {
	char *username, *password, *impersonate, *identity;
	const char *prefix; /* of every path: "/v1", or nothing where base_url ends in it */
	bool impersonated;  /* the server was seen to answer as that user */
};

enum sens_step {
	SENS_STEP_WHO, /* as whom does the server answer? */
	SENS_STEP_TREE,
	SENS_STEP_LATEST,
	SENS_STEP_MIN_MAX,
	SENS_STEP_RANGE,
	SENS_STEP_RAW,
	SENS_STEP_USERS,
	SENS_STEP_USER, /* where the list may not be read: oneself */
	SENS_STEP_ALARMS,
	SENS_STEP_HISTORY,
	SENS_STEP_CALLBACKS,
	/* of changes */
	SENS_STEP_UNITS, /* the gateways, for the unit of a threshold */
	SENS_STEP_BEFORE,
	SENS_STEP_WRITE,
	SENS_STEP_WORKFLOW,
	SENS_STEP_LOOK,
};

struct sens_order;

/* A change of an alarm's state that its history tells. */
struct sens_log {
	char id[SENS_ID_SIZE], alarm[SENS_ID_SIZE];
	int64_t date_ms;
	int8_t raised;
	const char *state; /* text of the rows */
	double value;
};

struct sens_job {
	struct sens_state *state;
	enum kind kind;
	struct sens_tree *tree;
	int64_t from_ms, to_ms; /* the period asked for; MOMENT_NONE: none */
	int64_t every_ms;
	bool series;              /* in order of time */
	bool elsewhere;           /* readings of another period came and were left out */
	GHashTable *seen;         /* raw: readings that came, and ids of rows */
	GArray *logs;             /* struct sens_log */
	struct sens_order *order; /* NULL: a query */
};

/* --- ask.c --- */

/* folder, and "/ID" where there is one: an id that is none is refused, so that "all of them" cannot be said by accident. `tail` may be NULL. */
int sens_path(struct buf *path, const char *folder, const char *id, const char *tail);
/* "?name=value" or "&name=value"; the value is encoded. */
void sens_param(struct buf *path, const char *name, const char *value);
void sens_param_impersonate(struct buf *path, const struct sens_job *job);
/* work_request with the prefix before the path. */
int sens_request(struct work *work, const struct sens_job *job, const struct work_request *request);
/* GET of a path without a query, with one parameter (NULL: none). */
int sens_ask(struct work *work, const struct sens_job *job, int step, const char *path, const char *name,
	     const char *value, bool optional);
int sens_ask_tree(struct work *work, const struct sens_job *job, int step, bool optional);

/* --- read.c --- */

int sens_read_begin(struct work *work, struct sens_job *job);
int sens_read_answer(struct work *work, struct sens_job *job, const struct work_request *request,
		     const struct work_answer *answer);
int sens_read_finish(struct work *work, struct sens_job *job);
/* Whether it has to be asked first as whom the server answers, and what it says. */
bool sens_who_unknown(const struct sens_job *job);
int sens_take_who(struct work *work, struct sens_job *job, const struct work_request *request,
		  const struct work_answer *answer);

/* --- measure.c, series.c: readings --- */

/* With the tree known: a request for each gateway. `newest`: for sensors, all of their sources. */
int sens_measure_ask(struct work *work, struct sens_job *job, bool newest);
/* Asks for the next page of raw readings as well. */
int sens_measure_answer(struct work *work, struct sens_job *job, const struct work_request *request,
			const struct work_answer *answer);
void sens_measure_finish(struct work *work, struct sens_job *job);

struct sens_series {
	struct work *work;
	struct sens_job *job;
	const struct work_request *request;
	unsigned rows; /* readings that came, used or not */
	unsigned bad;
};
/* Takes the member "measurements" in all its forms. */
void sens_series_take(struct sens_series *series, const cJSON *measurements);

/* --- alarms.c, things.c: rows from single objects. False: it is none. --- */

bool sens_take_alarm(struct rows *rows, const struct sens_tree *tree, const cJSON *item);
bool sens_take_callback(struct rows *rows, const cJSON *item);
bool sens_take_user(struct rows *rows, const cJSON *item);
int sens_alarms_answer(struct work *work, struct sens_job *job, const struct work_request *request,
		       const struct work_answer *answer);
void sens_alarms_finish(struct work *work, struct sens_job *job);
/* A list of alarms, callbacks or users into rows. */
int sens_list_take(struct rows *rows, enum kind kind, const struct sens_tree *tree, const char *bytes,
		   size_t length, struct problem *problem);
/* "button,alarm,system" for the vendor's sum of 1, 2 and 4, and back (0: none). */
const char *sens_events(unsigned sum);
unsigned sens_events_sum(const char *words);

/* --- order.c --- */

extern const struct write_info sens_writes[];

int sens_order_begin(struct work *work, struct sens_job *job);
int sens_order_answer(struct work *work, struct sens_job *job, const struct work_request *request,
		      const struct work_answer *answer);
void sens_order_free(struct sens_order *change);

#endif
