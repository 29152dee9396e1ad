/* What crosses between a feed's thread and its owner's: requests down, events up. Posting gives away. */
#ifndef LODGE_FEED_EVENT_H
#define LODGE_FEED_EVENT_H

#include "api/work.h"
#include "base/err.h"
#include "base/mailbox.h"
#include "core/query.h"
#include "model/rows.h"
#include "net/http.h"

#include <stdbool.h>
#include <stdint.h>

struct stream;

/* --- up --- */

enum event_type {
	EVENT_ROWS,     /* a sealed snapshot; the receiver owns a reference */
	EVENT_HEALTH,   /* how the account is doing; latest wins */
	EVENT_DONE,     /* the end of a request, after its rows */
	EVENT_REPLY,    /* the answer to a call, before its EVENT_DONE */
	EVENT_PROGRESS, /* what an order is doing now; latest wins */
};

enum feed_state {
	FEED_STARTING,
	FEED_OK,         /* the last poll came through */
	FEED_DOWN,       /* the last poll failed; another follows at next_try_ms */
	FEED_SIGNED_OUT, /* the credentials were refused */
};

/* How what the vendor pushes comes in. */
enum feed_push {
	FEED_PUSH_NONE,    /* nothing is pushed, or nothing of it was asked for */
	FEED_PUSH_POLLING, /* no channel is live: only polls tell */
	FEED_PUSH_PARTLY,
	FEED_PUSH_LIVE,
};

struct feed_health {
	enum feed_state state;
	int64_t last_ok_ms;  /* wall clock; MOMENT_NONE: never */
	int64_t next_try_ms; /* wall clock; MOMENT_NONE: none planned */
	unsigned failures;   /* in a row */
	int64_t skew_ms; /* the server's wall clock less ours, as far as it is known; 0 while they agree */
	enum feed_push push;
	unsigned channels, channels_live; /* of what is pushed */
	struct problem problem;
};

struct event {
	struct mail mail;
	enum event_type type;
	unsigned feed;    /* feed_options.number: which account */
	uint64_t request; /* the number the owner gave; 0 for health */

	const struct rows *rows; /* EVENT_ROWS */

	struct feed_health health; /* EVENT_HEALTH */

	struct problem problem;      /* EVENT_DONE: code ERR_OK when all went well */
	struct work_notice *notices; /* EVENT_DONE, EVENT_ROWS of a followed kind */
	size_t n_notices;
	struct work_field_fault *faults; /* EVENT_DONE of an order: what was wrong with which field */
	size_t n_faults;
	char text[200]; /* EVENT_PROGRESS */
	char mode[16];  /* EVENT_DONE: how the account is read ("graphql"), or "" */

	int status; /* EVENT_REPLY: HTTP */
	char *body; /* EVENT_REPLY: as it came */
	size_t body_length;
	char content_type[96];
	int64_t duration_ms;
};

struct event *event_new(enum event_type type, unsigned feed, uint64_t request);
void event_free(struct event *event);

/* --- down --- */

enum ask_type {
	ASK_ONCE,    /* one poll of a query */
	ASK_FOLLOW,  /* poll it again and again */
	ASK_SIGN_IN, /* only sign in */
	ASK_ORDER, /* a change: EVENT_PROGRESS …, EVENT_ROWS (not after a deletion), EVENT_DONE; never cancelled by ASK_CANCEL once it was sent */
	ASK_CALL,  /* one signed-in request as it is (`lodge api`) */
	ASK_PICTURE, /* a GET of a whole URL without signing in: `path`, at most `ceiling` bytes; EVENT_REPLY */
	ASK_CANCEL, /* ends the request of this number without an event */
	ASK_STOP,   /* ends the feed */
};

struct ask {
	struct mail mail;
	enum ask_type type;
	uint64_t request;
	struct query *query;   /* ASK_ONCE, ASK_FOLLOW */
	int64_t every_ms;      /* ASK_FOLLOW: 0 takes the configured or the vendor's pace */
	struct stream *stream; /* ASK_FOLLOW: borrowed, may be NULL */

	struct order *order; /* ASK_ORDER */

	char *method, *path; /* ASK_CALL; ASK_PICTURE: the URL */
	size_t ceiling;      /* ASK_PICTURE */
	char *body;          /* may be NULL */
	size_t body_length;
	bool at_sign_in; /* ASK_CALL: path is appended to the address for signing in */
	char **headers;  /* name, value, name, value …, NULL */
};

struct ask *ask_new(enum ask_type type, uint64_t request);
void ask_free(struct ask *ask);

#endif
