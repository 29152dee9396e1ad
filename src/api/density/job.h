/* One query or change on its way through Density. Private to this folder.
 *
 *   query:   spaces (or those of a moment ago) ─► rooms: counts and health, in batches ─► rows
 *                                              ├► occupancy, sessions: pieces of time × batches ─► rows
 *                                              └► sensors: with doorways and health ─► rows
 *   change:  the list before ─► the write ─► (lost? the list again) ─► the row as it is now
 */
#ifndef LODGE_API_DENSITY_JOB_H
#define LODGE_API_DENSITY_JOB_H

#include "api/density/auth.h"
#include "api/density/now.h"
#include "api/density/push.h"
#include "api/density/report.h"
#include "api/density/space.h"
#include "api/work.h"

#define DENS_BATCH 100                 /* spaces named in one request */
#define DENS_WHOLE 1000                /* from so many on, all of them are asked for without naming any */
#define DENS_FRESH_MS (10 * 60 * 1000) /* how long spaces are taken as known */

/* What an account remembers between works. */
struct dens_state {
	struct dens_login login; /* first: the auth_ops' state is this struct */
	char *identity, *base_url;
	char *version;          /* of the API; NULL: not known */
	bool greeted;           /* it was asked for */
	bool by_batch;          /* the server does not tell of all spaces at once */
	bool no_health;         /* there is no presence with health: the older form is asked for */
	struct dens_tree *tree; /* NULL: not read yet */
	unsigned asking;        /* works that are reading spaces just now */
	struct dens_push push;
};

enum dens_step {
	DENS_STEP_SPACES,
	DENS_STEP_WAIT, /* another work reads them: a look at the clock */
	DENS_STEP_HELLO,
	DENS_STEP_VERSION,
	DENS_STEP_COUNT,
	DENS_STEP_PRESENCE,
	DENS_STEP_METRICS,
	DENS_STEP_STATUS,
	DENS_STEP_SESSIONS,
	DENS_STEP_SENSORS,
	DENS_STEP_HEALTH,
	DENS_STEP_DOORWAYS,
	DENS_STEP_LABELS,
	DENS_STEP_GROUPS,
	DENS_STEP_USERS,
	/* of changes */
	DENS_STEP_BEFORE,
	DENS_STEP_READ, /* the thing, to be changed as a whole */
	DENS_STEP_WRITE,
	DENS_STEP_LOOK,
	DENS_STEP_WHOLE, /* spaces, for what the answer to a write leaves out */
	DENS_STEPS,
};

struct dens_order;

struct dens_job {
	struct dens_state *state;
	enum kind kind;
	struct dens_tree *tree;
	uint8_t *selected;    /* by index: passes the query's filters by place */
	struct dens_now *now; /* by index; rooms */
	int64_t answered_ms;  /* of the rooms: when the last answer came */
	struct dens_report report;
	bool followed;
	bool asking;    /* counted in state->asking */
	unsigned waits; /* how often it waited for another work's spaces */
	/* sensors, labels */
	struct dens_tree *reading; /* under way: pages of spaces */
	GHashTable *health;        /* serial → struct dens_device * */
	GHashTable *doorways;      /* id → its first space, or the first that is known */
	GHashTable *groups;        /* id → name */
	GHashTable *group_of;      /* label → group */
	GPtrArray *doorway_of;     /* by row of sensors: its doorway, NULL: none */
	bool health_told;
	struct dens_order *order; /* NULL: a query */
};

/* Health of a sensor. */
struct dens_device {
	const char *status;
	char *doorway;
};

/* --- ask.c --- */

/* POST with a JSON body, or GET where body is NULL. */
int dens_ask(struct work *work, int step, const char *path, const struct buf *body, bool optional);
int dens_ask_spaces(struct work *work, int step);
/* The path of a list's next page, from the server's own words; NULL when it leads elsewhere or was asked for before. g_free it. */
char *dens_next_path(struct work *work, const struct dens_state *state, int step, const char *next);
/* {"space_ids":[…] …: opens the body with the ids. Close it with dens_body_end. */
struct jsonw;
void dens_body_begin(struct jsonw *w, struct buf *body, const char *list,
		     const struct dens_space *const *spaces, size_t n);

/* --- read.c --- */

int dens_read_begin(struct work *work, struct dens_job *job);
int dens_read_answer(struct work *work, struct dens_job *job, const struct work_request *request,
		     const struct work_answer *answer);
int dens_read_finish(struct work *work, struct dens_job *job);
/* The job reads no spaces any more. */
void dens_job_read(struct dens_job *job);

/* --- live.c: rooms, occupancy, sessions --- */

int dens_rooms_ask(struct work *work, struct dens_job *job);
int dens_rooms_answer(struct work *work, struct dens_job *job, const struct work_request *request,
		      const struct work_answer *answer);
void dens_rooms_finish(struct work *work, struct dens_job *job);

int dens_report_ask(struct work *work, struct dens_job *job);
int dens_report_answer(struct work *work, struct dens_job *job, const struct work_request *request,
		       const struct work_answer *answer);
void dens_report_end(struct work *work, struct dens_job *job);

/* --- things.c: sensors, doorways, labels, users --- */

int dens_things_ask(struct work *work, struct dens_job *job);
int dens_things_answer(struct work *work, struct dens_job *job, const struct work_request *request,
		       const struct work_answer *answer);
void dens_things_finish(struct work *work, struct dens_job *job);
/* One object of a list as a row of its kind; false when it has no id. */
bool dens_take_label(struct rows *rows, const cJSON *item);
bool dens_take_user(struct rows *rows, const cJSON *item);

/* --- writes.c, order.c --- */

extern const struct write_info dens_writes[];

int dens_order_begin(struct work *work, struct dens_job *job);
int dens_order_answer(struct work *work, struct dens_job *job, const struct work_request *request,
		      const struct work_answer *answer);
void dens_order_free(struct dens_order *order);

#endif
