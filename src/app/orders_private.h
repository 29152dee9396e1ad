/* Inside of the orders: orders.c (a list from its beginning to its end), orders_earlier.c (what an earlier try of the same left). */
#ifndef LODGE_APP_ORDERS_PRIVATE_H
#define LODGE_APP_ORDERS_PRIVATE_H

#include "app/orders.h"

/* How a vendor says that an answer was lost (api/work.h), and what the audit then says when the thing was found. */
#define ORDERS_SEARCHING "checking whether"
#define ORDERS_TOLD "made by an earlier try; told again, nothing was sent"
#define ORDERS_FOUND "its answer was lost; found when looked for"

/* What is known of one order of an earlier list. */
enum part_state { PART_NEW, PART_OPEN, PART_DONE };
struct part {
	enum part_state state;
	char *id;     /* DONE: what it made */
	char *what;   /* OPEN, DONE: its fields as they were sent, JSON */
	bool clean;   /* DONE, and its answer was not lost */
	int64_t line; /* OPEN: of the audit, where it was never completed; else 0 */
};

struct earlier {
	char list[20]; /* its token; "" = none was found */
	struct part *parts;
	size_t n;
};

void earlier_init(struct earlier *earlier, size_t n);
void earlier_fini(struct earlier *earlier);

/* A hash of the wish at this account, as hex. */
void earlier_wish(const struct account *account, struct order *const *list, size_t n, const char *wish,
		  char out[40]);
/* "WISH LIST PART" for a line of the audit. */
void earlier_mark(const char *wish, const char *list, size_t part, char out[80]);

/* Takes in lines of the audit, newest first: those of the newest list of this wish. Call for each snapshot. */
void earlier_read(struct earlier *earlier, const struct rows *lines, const char *wish);
/* After all were read: forgets what came to a clear end, or whose time is over. True when there is something to be taken up. */
bool earlier_settle(struct earlier *earlier, int64_t now_ms);
/* Puts the fields as they were sent then into the order. */
void earlier_restore(const struct part *part, struct order *order);

#endif
