/* One query or change on its way through ButterflyMX. Private to this folder.
 *
 *   query:   lists, page by page ─► labels that are missing ─► joined rows
 *   change:  the list before ─► the write ─► (lost? the list again) ─► what is missing of the row ─► joined row
 */
#ifndef LODGE_API_BUTTERFLYMX_JOB_H
#define LODGE_API_BUTTERFLYMX_JOB_H

#include "api/butterflymx/auth.h"
#include "api/butterflymx/decode.h"
#include "api/butterflymx/directory.h"
#include "api/work.h"
#include "base/moment.h"

#define BMX_PAGE_SIZE 100
#define BMX_FRESH_MS (10 * 60 * 1000) /* how long units and their labels are taken as known */
#define BMX_DOORS_KEPT 20000          /* releases remembered between polls */

/* Releases of the polls before: what a page need not tell again. */
struct bmx_recent {
	char *filters;           /* what the server was asked for; NULL: nothing is remembered */
	const struct rows *rows; /* sealed, newest first */
	int64_t from_ms;         /* all since then are here */
	bool whole;              /* and there are none before */
};

/* What an account remembers between works. */
struct bmx_state {
	struct bmx_login login; /* first: the auth_ops' state is this struct */
	char *identity;
	char *prefix;             /* "/v3" */
	char *timezone;           /* where a building's cannot be read; NULL: none given */
	bool no_sort, no_filters; /* of door releases: the server answered 400 */
	bool codes;               /* keys are read as /access_codes: there is no /qr_keys */
	struct bmx_directory directory;
	int64_t units_until_ms, buildings_until_ms; /* asked for again after this; MOMENT_NONE: not known */
	bool keys_offered;                          /* there is /qr_keys */
	GHashTable *missing;                        /* ids that were looked for in vain since then */
	struct bmx_recent recent;
};

enum bmx_step {
	BMX_STEP_LIST,      /* the kind's own list */
	BMX_STEP_USERS,     /* tenants of the unit `subject` */
	BMX_STEP_UNITS,     /* for labels, and for whose tenants to ask */
	BMX_STEP_CHAINS,    /* for windows of keys without one */
	BMX_STEP_BUILDINGS, /* for their zones */
	BMX_STEP_ITEM,      /* one of the kind itself, by its id `subject` */
	BMX_STEP_UNIT,      /* what belongs to such a one: its unit, the people there, its keychain */
	BMX_STEP_PEOPLE,
	BMX_STEP_CHAIN,
	BMX_STEP_CODES,  /* later V3's keys */
	BMX_STEP_BEFORE, /* what there is before a write */
	BMX_STEP_WRITE,
	BMX_STEP_LOOK,  /* what there is after an answer was lost */
	BMX_STEP_ONE,   /* the one thing: whether it is still there, or shows the change */
	BMX_STEP_WHOLE, /* the same, for what the answer to the write left out */
	BMX_STEP_LEARN, /* only what ids stand for */
	BMX_STEPS,
};

struct bmx_order;

struct bmx_job {
	struct bmx_state *state;
	enum kind kind;
	bool direct; /* each row is asked for by its id */
	bool joined; /* the requests for labels were made */
	bool late;   /* the list is asked for once the units are known */
	bool chains_asked, codes_asked;
	bool enough, cut;   /* keys, keychains: as many as the limit wants were read; and the rest is gone */
	GPtrArray *pending; /* tenants with a limit: units whose tenants were not asked for yet */
	/* keys */
	GHashTable *chains;    /* keychain id → struct bmx_chain * */
	GHashTable *key_chain; /* key id → keychain id, where the keychain tells it */
	/* door releases */
	bool descending; /* as far as was read */
	int64_t last_ms; /* of the release read last */
	char last_id[BMX_ID_SIZE];
	bool met, ended;         /* a known release was met; the list came to its end */
	size_t matched, unknown; /* that pass the query's filters; that were not known before */
	struct bmx_recent base;  /* what was remembered when the work began, when it may be used */
	GHashTable *known;       /* its ids; NULL: it may not */
	bool settled;
	/* a change */
	struct bmx_order *order;
	int64_t delay_ms; /* of the request that is made next */
};

struct bmx_chain {
	struct bmx_local local;
	char *unit_id, *user_id;
};

/* --- ask.c: requests, pages --- */

int bmx_ask_page(struct work *work, struct bmx_job *job, int step, const char *subject, unsigned page);
/* The GET of one thing. */
int bmx_ask_one(struct work *work, struct bmx_job *job, int step, enum kind kind, const char *id);
/* The path of a list or of one thing in it that an order is about, without prefix. */
void bmx_add_order_path(struct buf *path, const struct order *order);
/* Is there a page after this one, and has it been asked for? `fresh`: how many resources of this page were new to the work. False when the list ends here. */
bool bmx_more_pages(struct work *work, const struct work_request *request, const struct bmx_doc *doc,
		    size_t items, size_t fresh, unsigned *next);
/* The answer as a document, or the failure is told: 1 a document, 0 nothing to be had of it (a notice was kept), negative: the work failed. */
int bmx_take_doc(struct work *work, const struct work_request *request, const struct work_answer *answer,
		 struct bmx_doc *doc);
bool bmx_not_offered(const struct work_answer *answer);

/* --- refusal.c --- */

/* Fails the work with what the server said, and says which field of the order is at fault. Returns the code. */
int bmx_refuse(struct work *work, const struct work_request *request, const struct work_answer *answer);

/* --- read.c, doors.c, join.c --- */

int bmx_read_begin(struct work *work, struct bmx_job *job);
int bmx_read_answer(struct work *work, struct bmx_job *job, const struct work_request *request,
		    const struct work_answer *answer);
int bmx_read_finish(struct work *work, struct bmx_job *job);

void bmx_doors_begin(struct work *work, struct bmx_job *job);
/* True when enough was read: the next page need not be asked for. */
bool bmx_doors_take(struct work *work, struct bmx_job *job, const struct bmx_doc *doc, size_t *items,
		    size_t *fresh);
/* Rows of the polls before are added, all are put in order and remembered. */
void bmx_doors_finish(struct work *work, struct bmx_job *job);
void bmx_recent_clear(struct bmx_recent *recent);
/* What was remembered is not used by this work any more. */
void bmx_doors_forget(struct bmx_job *job);

/* True when the unit is in one of the buildings that the query names, or it names none. */
bool bmx_in_building(const struct work *work, const struct bmx_job *job, const char *unit_id);
/* What was asked for itself may not be seen by this account: the work fails. Returns the code. */
int bmx_not_for_us(struct work *work, const struct bmx_job *job, int status);
/* A row of the work's own kind, once; counts into *fresh. */
void bmx_add_row(struct work *work, struct bmx_job *job, const struct bmx_resource *resource, size_t *fresh);

/* --- direct.c: rows that are asked for by their ids, each by a request of its own --- */

#define BMX_DIRECT_MOST 20
bool bmx_direct_wanted(const struct work *work, const struct bmx_job *job);
int bmx_direct_begin(struct work *work, struct bmx_job *job);
int bmx_item_answer(struct work *work, struct bmx_job *job, const struct work_request *request,
		    const struct work_answer *answer);
/* Units, people and keychains of such rows, as far as they are not known. */
int bmx_direct_join(struct work *work, struct bmx_job *job, bool *asked);

/* --- windows.c: when keys without times of their own open --- */

/* The keychain of a key, where it is known. */
const struct bmx_chain *bmx_chain_of(const struct bmx_job *job, const struct access_key *key);
/* Asks for keychains, then for buildings, where a key needs them. */
int bmx_windows_ask(struct work *work, struct bmx_job *job, bool *asked);
/* The times of a key from its keychain. */
void bmx_window_into(struct work *work, const struct bmx_job *job, struct access_key *key);
/* Keychains of a document, for the windows of keys. */
void bmx_chains_learn(struct bmx_job *job, const struct bmx_doc *doc);
/* Asks for what the rows of the job's kind still need, once. *asked: there is an answer to wait for. */
int bmx_join_ask(struct work *work, struct bmx_job *job, bool *asked);
/* Takes the answer of such a request. */
int bmx_join_answer(struct work *work, struct bmx_job *job, const struct work_request *request,
		    const struct work_answer *answer);
/* Labels and states into the rows. */
void bmx_join(struct work *work, struct bmx_job *job);

/* --- writes.c, body.c, order.c, look.c --- */

extern const struct write_info bmx_writes[];

/* The vendor's name of an order's field. */
const char *bmx_attribute_of(enum kind kind, const char *field);
/* The order's name of the vendor's field, or the field itself. */
const char *bmx_field_of(enum kind kind, const char *attribute);

/* The body of a POST or PATCH. */
void bmx_order_body(const struct order *order, struct buf *body);

int bmx_order_begin(struct work *work, struct bmx_job *job);
int bmx_order_finish(struct work *work, struct bmx_job *job);
int bmx_order_answer(struct work *work, struct bmx_job *job, const struct work_request *request,
		     const struct work_answer *answer);
void bmx_order_free(struct bmx_order *order);

/* Whether the row of the order's kind holds what the order asked for. Texts of the order are cleaned with `scratch`. */
bool bmx_order_made(const struct order *order, const struct bmx_directory *directory, struct rows *scratch,
		    const void *row);
/* Whether a resource shows the change: 1 yes, 0 no, -1 it cannot tell. */
int bmx_order_shown(const struct order *order, const struct bmx_resource *resource);

#endif
