/* A change on its way: what order.c and look.c share. Private to this folder. */
#ifndef LODGE_API_BUTTERFLYMX_ORDER_H
#define LODGE_API_BUTTERFLYMX_ORDER_H

#include "api/butterflymx/job.h"

struct bmx_order {
	const struct order *order;
	bool resuming;        /* looking for what an earlier try did; nothing was sent yet */
	GHashTable *before;   /* ids that were there */
	char *greatest;       /* of them; NULL: none */
	bool read_before;     /* they were told */
	bool before_whole;    /* all of them: the list was read to its end */
	bool descending;      /* as far as the list was read */
	char *last;           /* id read last */
	struct rows *scratch; /* what the look found, of the order's kind */
	unsigned alike;      /* rows that are what was ordered, were not told before, and have a smaller id */
	GArray *found;       /* size_t: rows of scratch that are what was ordered */
	bool there;          /* the tenant looked for is in the list */
	int shown;           /* the tenant's change is in the list: as bmx_order_shown */
	struct problem lost; /* why the answer to the write is not known */
	char *request;       /* "POST /v3/qr_keys" */
	bool whole_asked, learned;
	unsigned looks, tries; /* how often it was looked for: at all, and since the write */
};

/* "key", for messages. */
const char *bmx_noun(const struct order *order);
/* A 2xx. */
bool bmx_good(const struct work_answer *answer);

/* Sends the one write of the order. */
int bmx_send_write(struct work *work, struct bmx_job *job);
/* Asks for the list, or the one thing, that tells what became of the order. */
int bmx_look(struct work *work, struct bmx_job *job);

/* One page of the list before a write or after it; *more: another was asked for. */
int bmx_take_list(struct work *work, struct bmx_job *job, const struct work_request *request,
		  const struct bmx_doc *doc, bool *more);
/* Answers to a look: the end of the work, another look, or the write that was not made yet. */
int bmx_take_look(struct work *work, struct bmx_job *job, const struct work_request *request,
		  const struct work_answer *answer);
int bmx_take_one(struct work *work, struct bmx_job *job, const struct work_answer *answer);

/* The row is there; what is missing of it is asked for. */
int bmx_order_ended(struct work *work, struct bmx_job *job);

#endif
