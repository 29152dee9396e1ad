/* What a person or a pane asks for: a kind and filters. One parser for all commands. */
#ifndef LODGE_CORE_QUERY_H
#define LODGE_CORE_QUERY_H

#include "base/err.h"
#include "model/kind_id.h"
#include "model/rows.h"

#include <stdbool.h>
#include <stdint.h>

struct query {
	enum kind kind;
	/* Lists of texts, NULL when the filter is not given; an item matches when it equals one of them. */
	struct words accounts, buildings, floors, rooms, units, users, methods, types, statuses, sources;
	struct words
		addresses; /* sensors by their MAC; set by the feed only, not a filter of the command line */
	bool completeness; /* occupancy: also how much of it is known, which no output prints; set by the program only */
	struct words ids; /* the rows' own ids; set by the program only: a source may ask for just these */
	int64_t since_ms, until_ms; /* MOMENT_NONE: not given */
	int64_t every_ms;           /* 0: not given */
	int64_t limit;              /* 0: not given */
	struct arena arena;         /* owns the texts above */
};

/* One row a filter: the source of the parser, of --help, of completions and of the man page. */
struct filter_info {
	const char *name;     /* "--building" without dashes */
	const char *argument; /* "ID", "T", "N" */
	bool repeatable;
	const char *help;
};
extern const struct filter_info filter_table[];
extern const size_t filter_count;

void query_init(struct query *query, enum kind kind);
void query_fini(struct query *query);
struct query *query_copy(const struct query *query); /* heap; query_free; NULL when memory ends */
void query_free(struct query *query);

/* Sets a filter by its name ("building"; leading dashes are ignored). A repeatable one adds to its list, any other replaces what was there.
 * Texts are kept inert (base/text.h), so that they equal what rows hold. `now_ms` is for spans. ERR_USAGE with a problem that says what was
 * expected. */
int query_set(struct query *query, const char *name, const char *value, int64_t now_ms,
	      struct problem *problem) LODGE_MUST_USE;

/* After all are set. ERR_USAGE: --since later than --until, --every without occupancy, a filter by a field that the kind does not have,
 * a --type of measurements that does not exist. */
int query_check(const struct query *query, struct problem *problem) LODGE_MUST_USE;

/* Defaults of the contract where neither --since nor --limit is given: frames and detections the minute, occupancy the day before --until
 * or now, doors the newest 100, measurements the latest. Occupancy goes by the hour wherever --every is missing. */
void query_apply_defaults(struct query *query, int64_t now_ms);

/* True when the list is not given or holds the text (NULL matches only a list that is not given). */
bool query_wants(const struct words *list, const char *text);

/* A measurements --type names a form of answer, not a field of the rows. */
extern const char *const query_measurement_types[]; /* ended by NULL */

/* True when a row passes all filters that the kind's own fields can answer (building filters of kinds without a building field are the
 * source's business). Times: since <= t < until; windows of occupancy: any part
 * of them. */
bool query_match(const struct query *query, const void *row);

#endif
