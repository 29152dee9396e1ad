/* What can be asked of the kept history (src/store), and what comes back. Plain data, so that the panes can ask without knowing the store. */
#ifndef LODGE_CORE_HISTORY_H
#define LODGE_CORE_HISTORY_H

#include "model/rows.h"
#include "model/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HISTORY_PAGE_MOST 1000
#define HISTORY_SEARCH_SIZE 120

/* A place in the log: newest first by (time, key); the page begins after it. key 0: at the newest. */
struct history_place {
	int64_t time_ms, key;
};

struct door_search {
	char text[HISTORY_SEARCH_SIZE]; /* part of any shown text (name, user, unit, method, type), without regard to case; "" = all */
	char account[64];                                    /* by name; "" = all */
	char method[48], type[48], unit_id[64], user_id[64]; /* "" = any */
	int64_t since_ms, until_ms;                          /* since <= t < until; MOMENT_NONE = open */
	struct history_place after;                          /* where the page begins */
	bool newer; /* towards newer rows than `after` (paging up); the answer is newest first all the same */
	unsigned limit; /* 1 … HISTORY_PAGE_MOST */
};

/* The answer. `rows` is a sealed KIND_DOORS snapshot whose account is "" (several accounts may be mixed): accounts and places of row i are beside it. */
struct door_page {
	const struct rows *rows;      /* owned by the page */
	struct history_place *places; /* of each row */
	const char **accounts;        /* of each row: the account's name; texts live in the page */
	bool more;                    /* there are further rows in this direction */
	int64_t query_us;             /* how long the database took */
	struct problem problem;       /* ERR_OK, or why there is nothing */
};

/* Releases by hour (or another width), from since on. */
struct door_counts {
	int64_t since_ms, width_ms;
	unsigned *count;
	size_t n;
};

/* A change before it is sent. Texts are borrowed for the call. */
struct audit_entry {
	const char *who, *from, *role, *account, *vendor;
	const char *action, *subject_kind, *subject_id, *what;
	const char *wish; /* the owner's mark of what this change is part of, given back as it is; NULL: none */
};

#endif
