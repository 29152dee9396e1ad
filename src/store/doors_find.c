#include "store/private.h"

#include "base/moment.h"
#include "core/kind.h"
#include "model/access.h"

#include <string.h>

/* A part that is shorter than a run is first looked for in so many of the newest rows: where it is frequent it is found there, and where it is not the index
 * has few rows for it. */
#define SCAN_ROWS 4000
#define SCAN_FIRST 500 /* when none of these has it, the rest is not looked at */
/* Of a part's runs so many are matched, the rarest; how rare is seen from so many of their newest rows. */
#define RUNS_MATCHED 3
#define SAMPLE_ROWS 40
#define BUCKETS_MOST 100000

/* What a search comes to in this file. */
struct query {
	const struct door_search *search;
	GArray *sources;      /* int64_t: the sources that may be seen */
	GArray *accounts;     /* char *, borrowed: the account of each */
	bool every_source;    /* these are all there are */
	bool nothing;         /* no row can match */
	int64_t method, type; /* 0: any */
	struct fold_part part;
	struct buf match; /* for the index: without and with the text */
	struct buf text_match;
	int64_t above, below; /* above < key < below */
	bool upwards;
};

struct cursor {
	sqlite3_stmt *statement;
	const struct query *query;
	bool rows;   /* the statement yields what has to be compared */
	size_t left; /* rows that may still be looked at */
};

/* --- the question --- */

static int64_t time_bound(int64_t time_ms) { return KEY_OF_TIME(CLAMP(time_ms, 0, TIME_MOST)); }

static int resolve_sources(struct store *store, struct query *query, char **pairs)
{
	sqlite3_stmt *statement = db_statement(
		&store->db,
		"SELECT id, (SELECT count(*) FROM sources) FROM sources WHERE account = ?1 AND source = ?2");
	int64_t all = 0, number;
	int rc = SQLITE_DONE;

	if (statement == NULL)
		return sqlite3_errcode(store->db.sqlite);
	for (size_t i = 0; rc == SQLITE_DONE && pairs[i] != NULL && pairs[i + 1] != NULL; i += 2) {
		if (query->search->account[0] != '\0' && strcmp(query->search->account, pairs[i]) != 0)
			continue;
		db_bind_text(statement, 1, pairs[i]);
		db_bind_text(statement, 2, pairs[i + 1]);
		rc = sqlite3_step(statement);
		if (rc == SQLITE_ROW) {
			number = sqlite3_column_int64(statement, 0);
			all = sqlite3_column_int64(statement, 1);
			for (guint k = 0; k < query->sources->len; k++)
				number = g_array_index(query->sources, int64_t, k) == number ? 0 : number;
			if (number != 0) {
				g_array_append_val(query->sources, number);
				g_array_append_val(query->accounts, pairs[i]);
			}
			rc = SQLITE_DONE;
		}
		db_done(statement);
	}
	query->every_source = (int64_t)query->sources->len == all;
	query->nothing = query->nothing || query->sources->len == 0;
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static void add_mark(struct buf *out, const char *join, char kind, const char *text)
{
	struct buf mark;

	buf_init(&mark, 1024);
	fold_mark(&mark, kind, text);
	buf_adds(out, out->length > 0 ? join : "");
	fold_quote(out, buf_text(&mark), mark.length);
	buf_fini(&mark);
}

static void add_number_mark(struct buf *out, const char *join, char kind, int64_t number)
{
	char text[24];

	g_snprintf(text, sizeof(text), "%" G_GINT64_FORMAT, number);
	add_mark(out, join, kind, text);
}

static int resolve_word(struct store *store, struct query *query, const char *text, int64_t *number)
{
	int rc = text[0] == '\0' ? SQLITE_OK : word_number(store, text, false, number);

	query->nothing = query->nothing || (rc == SQLITE_OK && text[0] != '\0' && *number == 0);
	return rc;
}

static void match_filters(struct query *query)
{
	const struct door_search *search = query->search;
	struct buf sources;

	if (query->method != 0)
		add_number_mark(&query->match, " AND ", MARK_METHOD, query->method);
	if (query->type != 0)
		add_number_mark(&query->match, " AND ", MARK_TYPE, query->type);
	if (search->unit_id[0] != '\0')
		add_mark(&query->match, " AND ", MARK_UNIT, search->unit_id);
	if (search->user_id[0] != '\0')
		add_mark(&query->match, " AND ", MARK_USER, search->user_id);
	if (query->every_source)
		return;
	buf_init(&sources, 1 << 20);
	for (guint i = 0; i < query->sources->len; i++)
		add_number_mark(&sources, " OR ", MARK_SOURCE, g_array_index(query->sources, int64_t, i));
	buf_addf(&query->match, "%s(%s)", query->match.length > 0 ? " AND " : "", buf_text(&sources));
	buf_fini(&sources);
}

/* The words that hold the part, as marks of methods and of types. */
static int match_words(struct store *store, struct query *query)
{
	sqlite3_stmt *statement = db_statement(&store->db, "SELECT id, word FROM words WHERE id <= ?1");
	int rc;

	if (statement == NULL)
		return sqlite3_errcode(store->db.sqlite);
	sqlite3_bind_int64(statement, 1, WORDS_MARKED);
	while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
		if (!fold_holds(&query->part, (const char *)sqlite3_column_text(statement, 1),
				&store->scratch))
			continue;
		add_number_mark(&query->text_match, " OR ", MARK_METHOD, sqlite3_column_int64(statement, 0));
		add_number_mark(&query->text_match, " OR ", MARK_TYPE, sqlite3_column_int64(statement, 0));
	}
	db_done(statement);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static void bounds(struct query *query)
{
	const struct door_search *search = query->search;

	query->above = -1;
	query->below = INT64_MAX;
	if (search->since_ms != MOMENT_NONE)
		query->above = time_bound(search->since_ms) - 1;
	if (search->until_ms != MOMENT_NONE)
		query->below = time_bound(search->until_ms);
	query->upwards = search->newer;
	if (search->after.key != 0 && search->newer)
		query->above = MAX(query->above, search->after.key);
	else if (search->after.key != 0)
		query->below = MIN(query->below, search->after.key);
	/* Nothing is newer than the newest. */
	query->nothing = query->nothing || (search->newer && search->after.key == 0) ||
			 query->above >= query->below - 1;
}

static void query_fini(struct query *query)
{
	g_array_free(query->sources, TRUE);
	g_array_free(query->accounts, TRUE);
	buf_fini(&query->match);
	buf_fini(&query->text_match);
	fold_part_fini(&query->part);
}

static const char *query_account(const struct query *query, int64_t source)
{
	for (guint i = 0; i < query->sources->len; i++)
		if (g_array_index(query->sources, int64_t, i) == source)
			return g_array_index(query->accounts, char *, i);
	return NULL;
}

/* --- the rows --- */

#define COMPARED "doors.key, source, method, type, name, user, unit, unit_id, user_id"

static const char *cursor_sql(bool match, bool rows, bool upwards)
{
	if (!match)
		return upwards ? "SELECT " COMPARED " FROM doors WHERE key > ?1 AND key < ?2 ORDER BY key"
			       : "SELECT " COMPARED
				 " FROM doors WHERE key > ?1 AND key < ?2 ORDER BY key DESC";
	if (!rows)
		return upwards ? "SELECT rowid FROM doors_text WHERE doors_text MATCH ?3 AND rowid > ?1 AND rowid < ?2 ORDER BY rowid"
			       : "SELECT rowid FROM doors_text WHERE doors_text MATCH ?3 AND rowid > ?1 AND rowid < ?2 ORDER BY rowid DESC";
	return upwards ? "SELECT " COMPARED
			 " FROM doors_text CROSS JOIN doors ON doors.key = doors_text.rowid"
			 " WHERE doors_text MATCH ?3 AND doors_text.rowid > ?1 AND doors_text.rowid < ?2 ORDER BY doors_text.rowid"
		       : "SELECT " COMPARED
			 " FROM doors_text CROSS JOIN doors ON doors.key = doors_text.rowid"
			 " WHERE doors_text MATCH ?3 AND doors_text.rowid > ?1 AND doors_text.rowid < ?2 ORDER BY doors_text.rowid DESC";
}

/* How rare a run is in the time that is searched: the rows seen, and how far back they reach. */
struct rarity {
	struct fold_run run;
	unsigned rows;
	int64_t reach;
};

static int by_rarity(const void *a, const void *b)
{
	const struct rarity *x = a, *y = b;

	if (x->rows != y->rows)
		return x->rows < y->rows ? -1 : 1;
	return (x->reach < y->reach) - (x->reach > y->reach);
}

static int sample_run(struct store *store, const struct query *query, struct rarity *rarity)
{
	sqlite3_stmt *statement = db_statement(&store->db, cursor_sql(true, false, false));
	struct buf match;
	int64_t first = 0;
	int rc = SQLITE_ROW;

	if (statement == NULL)
		return sqlite3_errcode(store->db.sqlite);
	buf_init(&match, 128);
	fold_quote(&match, rarity->run.text, rarity->run.length);
	sqlite3_bind_int64(statement, 1, query->above);
	sqlite3_bind_int64(statement, 2, query->below);
	sqlite3_bind_text(statement, 3, buf_text(&match), (int)match.length, SQLITE_STATIC);
	while (rarity->rows < SAMPLE_ROWS && (rc = sqlite3_step(statement)) == SQLITE_ROW) {
		first = rarity->rows++ == 0 ? sqlite3_column_int64(statement, 0) : first;
		rarity->reach = first - sqlite3_column_int64(statement, 0);
	}
	db_done(statement);
	buf_fini(&match);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* What a row that holds the part must have. */
static int match_part(struct store *store, struct query *query)
{
	struct fold_run runs[FOLD_RUNS_MOST];
	struct rarity rarities[FOLD_RUNS_MOST];
	size_t n = fold_runs(&query->part, runs);
	int rc = SQLITE_OK;

	for (size_t i = 0; i < n; i++)
		rarities[i] = (struct rarity){.run = runs[i]};
	for (size_t i = 0; rc == SQLITE_OK && n > RUNS_MATCHED && i < n; i++)
		rc = sample_run(store, query, &rarities[i]);
	if (n > RUNS_MATCHED)
		qsort(rarities, n, sizeof(*rarities), by_rarity);
	for (size_t i = 0; i < MIN(n, RUNS_MATCHED); i++) {
		buf_adds(&query->text_match, i > 0 ? " AND " : "");
		fold_quote(&query->text_match, rarities[i].run.text, rarities[i].run.length);
	}
	if (n > 0)
		return rc;
	fold_quote(&query->text_match, buf_text(&query->part.text), query->part.text.length);
	buf_addc(&query->text_match, '*');
	return rc;
}

static int match_text(struct store *store, struct query *query)
{
	struct buf both;
	int rc;

	if (query->part.chars == 0)
		return SQLITE_OK;
	buf_addc(&query->text_match, '(');
	rc = match_part(store, query);
	buf_addc(&query->text_match, ')');
	if (rc == SQLITE_OK)
		rc = match_words(store, query);
	if (query->match.length == 0 || rc != SQLITE_OK)
		return rc;
	buf_init(&both, 8 << 20);
	buf_addf(&both, "%s AND (%s)", buf_text(&query->match), buf_text(&query->text_match));
	buf_fini(&query->text_match);
	query->text_match = both;
	return SQLITE_OK;
}

static int query_init(struct store *store, struct query *query, const struct task *task)
{
	int rc;

	*query = (struct query){.search = &task->search};
	query->sources = g_array_new(FALSE, FALSE, sizeof(int64_t));
	query->accounts = g_array_new(FALSE, FALSE, sizeof(char *));
	buf_init(&query->match, 4 << 20);
	buf_init(&query->text_match, 4 << 20);
	fold_part_init(&query->part, task->search.text);
	bounds(query);
	rc = resolve_sources(store, query, task->sources);
	if (rc == SQLITE_OK)
		rc = resolve_word(store, query, task->search.method, &query->method);
	if (rc == SQLITE_OK)
		rc = resolve_word(store, query, task->search.type, &query->type);
	match_filters(query);
	if (rc == SQLITE_OK)
		rc = match_text(store, query);
	return rc;
}

static int cursor_open(struct store *store, struct cursor *cursor, const struct query *query, bool text)
{
	const struct buf *match = text ? &query->text_match : &query->match;

	*cursor = (struct cursor){.query = query,
				  .left = SIZE_MAX,
				  .rows = query->part.chars > 0 || match->length == 0};
	cursor->statement = db_statement(&store->db,
					 cursor_sql(match->length > 0, cursor->rows, query->upwards));
	if (cursor->statement == NULL)
		return sqlite3_errcode(store->db.sqlite);
	sqlite3_bind_int64(cursor->statement, 1, query->above);
	sqlite3_bind_int64(cursor->statement, 2, query->below);
	if (match->length > 0)
		sqlite3_bind_text(cursor->statement, 3, buf_text(match), (int)match->length, SQLITE_STATIC);
	return match->error == ERR_OK ? SQLITE_OK : SQLITE_TOOBIG;
}

static bool same(const char *wanted, sqlite3_stmt *statement, int column)
{
	return wanted[0] == '\0' ||
	       g_strcmp0(wanted, (const char *)sqlite3_column_text(statement, column)) == 0;
}

static bool holds_text(struct store *store, const struct query *query, sqlite3_stmt *statement)
{
	for (int column = 4; column <= 6; column++)
		if (fold_holds(&query->part, (const char *)sqlite3_column_text(statement, column),
			       &store->scratch))
			return true;
	for (int column = 2; column <= 3; column++)
		if (fold_holds(&query->part, word_text(store, sqlite3_column_int64(statement, column)),
			       &store->scratch))
			return true;
	return false;
}

static bool matches(struct store *store, const struct query *query, sqlite3_stmt *statement)
{
	const struct door_search *search = query->search;

	if (!query->every_source && query_account(query, sqlite3_column_int64(statement, 1)) == NULL)
		return false;
	if ((query->method != 0 && sqlite3_column_int64(statement, 2) != query->method) ||
	    (query->type != 0 && sqlite3_column_int64(statement, 3) != query->type))
		return false;
	if (!same(search->unit_id, statement, 7) || !same(search->user_id, statement, 8))
		return false;
	words_trim(&store->words);
	return query->part.chars == 0 || holds_text(store, query, statement);
}

/* SQLITE_ROW with the key of the next row that matches, SQLITE_DONE, SQLITE_ABORT after as many as may be looked at, or a failure. */
static int cursor_next(struct store *store, struct cursor *cursor, int64_t *key)
{
	int rc;

	while ((rc = sqlite3_step(cursor->statement)) == SQLITE_ROW) {
		if (cursor->left-- == 0)
			return SQLITE_ABORT;
		if (cursor->rows && !matches(store, cursor->query, cursor->statement))
			continue;
		*key = sqlite3_column_int64(cursor->statement, 0);
		break;
	}
	return rc;
}

/* Up to `most` keys. SQLITE_ABORT when they were not found among `scan_most` rows. */
static int take_keys(struct store *store, const struct query *query, bool text, size_t scan_most, size_t most,
		     GArray *keys)
{
	struct cursor cursor;
	int64_t key;
	int rc = cursor_open(store, &cursor, query, text);

	cursor.left = scan_most;
	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = keys->len == most ? SQLITE_DONE : cursor_next(store, &cursor, &key);
		if (rc == SQLITE_ROW)
			g_array_append_val(keys, key);
	}
	db_done(cursor.statement);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* The scan counts rows that matched nothing; a frequent part fills the page before its end. */
static int find_keys(struct store *store, const struct query *query, size_t most, GArray *keys)
{
	int rc;

	if (query->part.chars > 0 && query->part.chars < FOLD_RUN_CHARS) {
		rc = take_keys(store, query, false, SCAN_FIRST, most, keys);
		if (rc == SQLITE_ABORT && keys->len > 0) {
			g_array_set_size(keys, 0);
			rc = take_keys(store, query, false, SCAN_ROWS, most, keys);
		}
		if (rc != SQLITE_ABORT)
			return rc;
		g_array_set_size(keys, 0);
	}
	return take_keys(store, query, query->part.chars > 0, SIZE_MAX, most, keys);
}

/* --- the page --- */

const char *store_column_text(struct rows *rows, sqlite3_stmt *statement, int column)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);
	size_t length = text == NULL ? 0 : strlen(text);

	if (length == 0)
		return NULL;
	return fold_is_inert(text, length) ? rows_copy(rows, text) : rows_text(rows, text);
}

static const char *row_word(struct store *store, struct rows *rows, sqlite3_stmt *statement, int column)
{
	const char *text = word_text(store, sqlite3_column_int64(statement, column));

	if (text == NULL || text[0] == '\0')
		return NULL;
	return fold_is_inert(text, strlen(text)) ? rows_copy(rows, text) : rows_text(rows, text);
}

#define SHOWN                                                                                                                     \
	"SELECT source, id, method, type, panel_user_type, name, unit_id, unit, user_id, user, call_guid, picture_url FROM doors" \
	" WHERE key = ?1"

static bool fill_row(struct store *store, struct rows *rows, sqlite3_stmt *statement, int64_t key)
{
	struct door_release *row = rows_add(rows);

	if (row == NULL)
		return false;
	words_trim(&store->words);
	row->time_ms = TIME_OF_KEY(key);
	row->id = store_column_text(rows, statement, 1);
	row->method = row_word(store, rows, statement, 2);
	row->type = row_word(store, rows, statement, 3);
	row->panel_user_type = row_word(store, rows, statement, 4);
	row->name = store_column_text(rows, statement, 5);
	row->unit_id = store_column_text(rows, statement, 6);
	row->unit = store_column_text(rows, statement, 7);
	row->user_id = store_column_text(rows, statement, 8);
	row->user = store_column_text(rows, statement, 9);
	row->call_guid = store_column_text(rows, statement, 10);
	row->picture_url = store_column_text(rows, statement, 11);
	return true;
}

static int add_row(struct store *store, const struct query *query, struct door_page *page, struct rows *rows,
		   int64_t key)
{
	sqlite3_stmt *statement = db_statement(&store->db, SHOWN);
	size_t n = rows_count(rows);
	const char *account;
	int rc;

	if (statement == NULL)
		return sqlite3_errcode(store->db.sqlite);
	sqlite3_bind_int64(statement, 1, key);
	rc = sqlite3_step(statement);
	account = rc == SQLITE_ROW ? query_account(query, sqlite3_column_int64(statement, 0)) : NULL;
	if (account != NULL && fill_row(store, rows, statement, key)) {
		page->places[n] = (struct history_place){.time_ms = TIME_OF_KEY(key), .key = key};
		page->accounts[n] = rows_copy(rows, account);
	}
	db_done(statement);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int down(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x < y) - (x > y);
}

static int fill_page(struct store *store, const struct query *query, GArray *keys, struct door_page *page)
{
	struct rows *rows = kind_rows_new(KIND_DOORS, "", "");
	int rc = rows == NULL ? SQLITE_NOMEM : SQLITE_OK;

	g_array_sort(keys, down);
	page->places = g_new0(struct history_place, keys->len);
	page->accounts = g_new0(const char *, keys->len);
	for (guint i = 0; rc == SQLITE_OK && i < keys->len; i++)
		rc = add_row(store, query, page, rows, g_array_index(keys, int64_t, i));
	if (rows == NULL)
		return rc;
	rows_set_times(rows, clock_wall_ms(store->clock), MOMENT_NONE);
	rows_set_hash(rows, kind_hash_rows(rows));
	page->rows = rows_seal(rows);
	return rc;
}

/* One transaction, so that keys and rows are of the same moment. */
static int begin(struct store *store) { return db_run(&store->db, "BEGIN"); }

static void end(struct store *store)
{
	if (store->db.sqlite != NULL && !sqlite3_get_autocommit(store->db.sqlite))
		(void)db_run(&store->db, "COMMIT");
}

int doors_find(struct store *store, const struct task *task, struct store_reply *reply)
{
	size_t limit = CLAMP(task->search.limit, 1, HISTORY_PAGE_MOST);
	GArray *keys = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct query query;
	int rc = begin(store);
	int found;

	if (rc == SQLITE_OK) {
		rc = query_init(store, &query, task);
		found = rc == SQLITE_OK && !query.nothing ? find_keys(store, &query, limit + 1, keys) : rc;
		/* What took too long is told as far as it came, when it came anywhere. */
		reply->page.more = keys->len > limit || (store->interrupted && keys->len > 0);
		rc = store->interrupted && keys->len > 0 ? SQLITE_OK : found;
		g_array_set_size(keys, MIN(keys->len, limit));
		store->deadline_ms = MOMENT_NONE;
		if (rc == SQLITE_OK)
			rc = fill_page(store, &query, keys, &reply->page);
		query_fini(&query);
	}
	end(store);
	g_array_free(keys, TRUE);
	return rc;
}

/* --- counting --- */

/* The first or last key of what may be seen; 0 when there is none. */
static int edge_key(struct store *store, const struct query *query, bool first, int64_t *key)
{
	struct query edge = *query;
	GArray *keys = g_array_new(FALSE, FALSE, sizeof(int64_t));
	int rc;

	edge.upwards = first;
	rc = take_keys(store, &edge, query->part.chars > 0, SIZE_MAX, 1, keys);
	*key = keys->len > 0 ? g_array_index(keys, int64_t, 0) : 0;
	g_array_free(keys, TRUE);
	return rc;
}

/* Where the first bucket begins and how many there are. */
static int lay_buckets(struct store *store, const struct query *query, struct door_counts *counts)
{
	const struct door_search *search = query->search;
	int64_t first = 0, last = 0, until_ms;
	int rc = SQLITE_OK;

	counts->since_ms = search->since_ms;
	until_ms = search->until_ms;
	if (search->since_ms == MOMENT_NONE) {
		rc = edge_key(store, query, true, &first);
		counts->since_ms = TIME_OF_KEY(first) / counts->width_ms * counts->width_ms;
	}
	if (rc == SQLITE_OK && search->until_ms == MOMENT_NONE) {
		rc = edge_key(store, query, false, &last);
		until_ms = TIME_OF_KEY(last) + 1;
	}
	if (rc == SQLITE_OK && until_ms > counts->since_ms)
		counts->n = (size_t)MIN((until_ms - counts->since_ms - 1) / counts->width_ms + 1,
					BUCKETS_MOST);
	counts->count = g_new0(unsigned, counts->n);
	return rc;
}

static int fill_buckets(struct store *store, const struct query *query, struct door_counts *counts)
{
	struct cursor cursor;
	int64_t key;
	int rc = cursor_open(store, &cursor, query, query->part.chars > 0);

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = cursor_next(store, &cursor, &key);
		if (rc != SQLITE_ROW || TIME_OF_KEY(key) < counts->since_ms)
			continue;
		size_t i = (size_t)((TIME_OF_KEY(key) - counts->since_ms) / counts->width_ms);

		if (i < counts->n)
			counts->count[i]++;
	}
	db_done(cursor.statement);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int doors_count(struct store *store, const struct task *task, struct store_reply *reply)
{
	struct query query;
	int rc = begin(store);

	reply->counts.width_ms = MAX(task->width_ms, 1);
	reply->counts.since_ms = task->search.since_ms;
	if (rc == SQLITE_OK) {
		rc = query_init(store, &query, task);
		/* The lists of the index are shorter to read than the rows. */
		if (rc == SQLITE_OK && query.match.length == 0 && query.part.chars == 0 && !query.nothing) {
			query.every_source = false;
			match_filters(&query);
		}
		query.upwards = true;
		if (rc == SQLITE_OK && !query.nothing)
			rc = lay_buckets(store, &query, &reply->counts);
		if (rc == SQLITE_OK && !query.nothing)
			rc = fill_buckets(store, &query, &reply->counts);
		query_fini(&query);
	}
	end(store);
	return rc;
}

int doors_oldest(struct store *store, const struct task *task, struct store_reply *reply)
{
	char *pair[] = {task->account, task->source, NULL};
	struct task find = {.sources = pair,
			    .search = {.since_ms = MOMENT_NONE, .until_ms = MOMENT_NONE, .limit = 1}};
	struct query query;
	int64_t key = 0;
	int rc = query_init(store, &query, &find);

	if (rc == SQLITE_OK && !query.nothing)
		rc = edge_key(store, &query, true, &key);
	query_fini(&query);
	reply->line = key == 0 ? MOMENT_NONE : TIME_OF_KEY(key);
	return rc;
}
