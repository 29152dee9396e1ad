#include "store/private.h"

#include "base/arena.h"
#include "base/moment.h"
#include "base/text.h"
#include "model/access.h"

#include <string.h>

#define TEXT_MOST 4096 /* bytes of a text that are kept */
#define URL_MOST 8192  /* a longer address is left out: a part of it leads nowhere */
#define ID_MOST 512    /* a release whose id is longer is not one */
#define TRANSACTION_ROWS 4000
#define RETAIN_ROWS 100

#define RELEASE_COLUMNS                                                                                      \
	"key, method, type, panel_user_type, name, unit_id, unit, user_id, user, call_guid, picture_url"

/* A release on its way into the file. */
struct item {
	const struct door_release *row;
	int64_t source;
	bool absent;  /* was not in the file when it was looked for */
	size_t order; /* as told: of two tellings the later counts */
};

/* The texts of a release, in the columns' order. */
enum {
	METHOD,
	TYPE,
	PANEL_USER_TYPE,
	N_WORDS,
	NAME = N_WORDS,
	UNIT_ID,
	UNIT,
	USER_ID,
	USER,
	CALL_GUID,
	PICTURE_URL,
	N_TEXTS
};

struct release {
	int64_t key, time_ms;
	const char *texts[N_TEXTS];
	int64_t words[N_WORDS];
};

/* --- what was told --- */

static const char *clean(struct arena *arena, const char *text, size_t most)
{
	size_t length = text == NULL ? 0 : strlen(text);
	char *copy;

	if (length == 0)
		return NULL;
	if (length <= most && fold_is_inert(text, length))
		return text;
	if (length > most) {
		length = most;
		while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
			length--;
	}
	copy = fold_is_inert(text, length) ? arena_strndup(arena, text, length)
					   : text_inert(arena, text, length);
	return copy;
}

static void told(struct arena *arena, const struct door_release *row, struct release *out)
{
	const char *texts[N_TEXTS] = {row->method,    row->type,       row->panel_user_type, row->name,
				      row->unit_id,   row->unit,       row->user_id,         row->user,
				      row->call_guid, row->picture_url};

	*out = (struct release){.time_ms = row->time_ms};
	for (size_t i = 0; i < N_TEXTS; i++)
		out->texts[i] = clean(arena, texts[i], TEXT_MOST);
	if (row->picture_url != NULL && strlen(row->picture_url) > TEXT_MOST)
		out->texts[PICTURE_URL] = strlen(row->picture_url) <= URL_MOST
						  ? clean(arena, row->picture_url, URL_MOST)
						  : NULL;
}

/* --- what is kept --- */

/* Texts live as long as the statement is not reset, words as long as the cache. */
static void read_release(struct store *store, sqlite3_stmt *statement, struct release *out)
{
	out->key = sqlite3_column_int64(statement, 0);
	out->time_ms = TIME_OF_KEY(out->key);
	for (int i = 0; i < N_TEXTS; i++) {
		if (i < N_WORDS) {
			out->words[i] = sqlite3_column_int64(statement, i + 1);
			out->texts[i] = NULL;
		} else {
			out->texts[i] = (const char *)sqlite3_column_text(statement, i + 1);
		}
	}
	for (int i = 0; i < N_WORDS; i++)
		out->texts[i] = word_text(store, out->words[i]);
}

/* Gaps of the new telling are filled from the old. True when that says more or other than the old did. */
static bool merge(const struct release *old, struct release *new)
{
	bool changed = new->time_ms != old->time_ms;

	for (size_t i = 0; i < N_TEXTS; i++) {
		if (new->texts[i] == NULL)
			new->texts[i] = old->texts[i];
		changed = changed || g_strcmp0(new->texts[i], old->texts[i]) != 0;
	}
	return changed;
}

/* What the index says of a release: it has to be told the same to forget it. */
static void make_document(struct buf *out, int64_t source, const struct release *release)
{
	char number[24];

	buf_reset(out);
	fold_document_text(out, release->texts[NAME]);
	/* Very often the one who opened is the tenant. */
	if (g_strcmp0(release->texts[NAME], release->texts[USER]) != 0)
		fold_document_text(out, release->texts[USER]);
	fold_document_text(out, release->texts[UNIT]);
	for (int i = METHOD; i <= TYPE; i++)
		if (release->words[i] > WORDS_MARKED)
			fold_document_text(out, release->texts[i]);
	fold_document_marks(out);
	for (int i = METHOD; i <= TYPE; i++) {
		if (release->words[i] == 0)
			continue;
		g_snprintf(number, sizeof(number), "%" G_GINT64_FORMAT, release->words[i]);
		fold_document_mark(out, i == METHOD ? MARK_METHOD : MARK_TYPE, number);
	}
	fold_document_mark(out, MARK_UNIT, release->texts[UNIT_ID]);
	fold_document_mark(out, MARK_USER, release->texts[USER_ID]);
	g_snprintf(number, sizeof(number), "%" G_GINT64_FORMAT, source);
	fold_document_mark(out, MARK_SOURCE, number);
}

/* --- writing --- */

static int step_done(struct db *db, sqlite3_stmt *statement)
{
	int rc = statement == NULL ? sqlite3_errcode(db->sqlite) : sqlite3_step(statement);

	db_done(statement);
	return rc == SQLITE_DONE || rc == SQLITE_ROW ? SQLITE_OK : rc;
}

static int index_change(struct store *store, const char *sql, int64_t key, const struct buf *document)
{
	sqlite3_stmt *statement = db_statement(&store->db, sql);

	if (statement != NULL) {
		sqlite3_bind_int64(statement, 1, key);
		sqlite3_bind_text(statement, 2, buf_text(document), (int)document->length, SQLITE_STATIC);
	}
	return step_done(&store->db, statement);
}

static int index_add(struct store *store, int64_t key, const struct buf *document)
{
	return index_change(store, "INSERT INTO doors_text(rowid, text) VALUES(?1, ?2)", key, document);
}

static int index_forget(struct store *store, int64_t key, const struct buf *document)
{
	return index_change(store, "INSERT INTO doors_text(doors_text, rowid, text) VALUES('delete', ?1, ?2)",
			    key, document);
}

static int number_words(struct store *store, struct release *release)
{
	int rc = SQLITE_OK;

	for (size_t i = 0; rc == SQLITE_OK && i < N_WORDS; i++)
		rc = word_number(store, release->texts[i], true, &release->words[i]);
	return rc;
}

/* The next free key of the moment; -1 when a million releases have it already. */
static int next_key(struct store *store, int64_t time_ms, int64_t *key)
{
	sqlite3_stmt *statement = db_statement(&store->db,
					       "SELECT max(key) FROM doors WHERE key BETWEEN ?1 AND ?2");
	int64_t first = KEY_OF_TIME(time_ms), last = KEY_OF_TIME(time_ms + 1) - 1;
	int rc;

	if (statement == NULL)
		return sqlite3_errcode(store->db.sqlite);
	sqlite3_bind_int64(statement, 1, first);
	sqlite3_bind_int64(statement, 2, last);
	rc = sqlite3_step(statement);
	if (rc == SQLITE_ROW)
		*key = sqlite3_column_type(statement, 0) == SQLITE_NULL
			       ? first
			       : sqlite3_column_int64(statement, 0) + 1;
	db_done(statement);
	if (*key > last)
		*key = -1;
	return rc == SQLITE_ROW ? SQLITE_OK : rc;
}

static void bind_release(sqlite3_stmt *statement, const struct release *release)
{
	sqlite3_bind_int64(statement, 1, release->key);
	for (int i = 0; i < N_TEXTS; i++) {
		if (i >= N_WORDS)
			db_bind_text(statement, i + 2, release->texts[i]);
		else if (release->words[i] != 0)
			sqlite3_bind_int64(statement, i + 2, release->words[i]);
	}
}

/* SQLITE_CONSTRAINT when the release is there already. */
static int insert(struct store *store, int64_t source, const char *id, struct release *release)
{
	static const char sql[] =
		"INSERT INTO doors(" RELEASE_COLUMNS
		", source, id) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT(source, id) DO NOTHING";
	sqlite3_stmt *statement;
	int rc = number_words(store, release);

	if (rc == SQLITE_OK)
		rc = next_key(store, release->time_ms, &release->key);
	if (rc != SQLITE_OK || release->key < 0)
		return rc;
	statement = db_statement(&store->db, sql);
	if (statement == NULL)
		return sqlite3_errcode(store->db.sqlite);
	bind_release(statement, release);
	sqlite3_bind_int64(statement, 12, source);
	db_bind_text(statement, 13, id);
	rc = step_done(&store->db, statement);
	if (rc == SQLITE_OK && sqlite3_changes(store->db.sqlite) == 0)
		rc = SQLITE_CONSTRAINT;
	if (rc != SQLITE_OK)
		return rc;
	make_document(&store->new_document, source, release);
	return index_add(store, release->key, &store->new_document);
}

static int update(struct store *store, int64_t source, const struct release *old, struct release *new)
{
	static const char sql[] =
		"UPDATE doors SET method = ?2, type = ?3, panel_user_type = ?4, name = ?5, unit_id = ?6, unit = ?7,"
		" user_id = ?8, user = ?9, call_guid = ?10, picture_url = ?11 WHERE key = ?1";
	sqlite3_stmt *statement;
	int rc = number_words(store, new);

	new->key = old->key;
	if (rc != SQLITE_OK)
		return rc;
	statement = db_statement(&store->db, sql);
	if (statement == NULL)
		return sqlite3_errcode(store->db.sqlite);
	make_document(&store->old_document, source, old);
	make_document(&store->new_document, source, new);
	bind_release(statement, new);
	rc = step_done(&store->db, statement);
	if (rc != SQLITE_OK || (store->old_document.length == store->new_document.length &&
				memcmp(buf_text(&store->old_document), buf_text(&store->new_document),
				       store->new_document.length) == 0))
		return rc;
	rc = index_forget(store, old->key, &store->old_document);
	return rc == SQLITE_OK ? index_add(store, new->key, &store->new_document) : rc;
}

static int delete_release(struct store *store, int64_t source, const struct release *old)
{
	sqlite3_stmt *statement = db_statement(&store->db, "DELETE FROM doors WHERE key = ?1");
	int rc;

	if (statement == NULL)
		return sqlite3_errcode(store->db.sqlite);
	make_document(&store->old_document, source, old);
	sqlite3_bind_int64(statement, 1, old->key);
	rc = step_done(&store->db, statement);
	return rc == SQLITE_OK ? index_forget(store, old->key, &store->old_document) : rc;
}

/* The statement that looks a release up, at its row or not (*rc); db_done it. */
static sqlite3_stmt *look_up(struct store *store, int64_t source, const char *id, int *rc)
{
	sqlite3_stmt *statement = db_statement(&store->db, "SELECT " RELEASE_COLUMNS
							   " FROM doors WHERE source = ?1 AND id = ?2");

	if (statement == NULL) {
		*rc = sqlite3_errcode(store->db.sqlite);
		return NULL;
	}
	sqlite3_bind_int64(statement, 1, source);
	db_bind_text(statement, 2, id);
	*rc = sqlite3_step(statement);
	return statement;
}

static int put(struct store *store, struct arena *arena, const struct item *item)
{
	struct release old, new;
	sqlite3_stmt *statement;
	int rc;

	words_trim(&store->words);
	told(arena, item->row, &new);
	if (item->absent) {
		rc = insert(store, item->source, item->row->id, &new);
		if (rc != SQLITE_CONSTRAINT)
			return rc;
	}
	statement = look_up(store, item->source, item->row->id, &rc);
	if (rc == SQLITE_DONE) {
		rc = insert(store, item->source, item->row->id, &new);
	} else if (rc == SQLITE_ROW) {
		rc = SQLITE_OK;
		read_release(store, statement, &old);
		if (merge(&old, &new)) {
			if (new.time_ms == old.time_ms)
				rc = update(store, item->source, &old, &new);
			else if ((rc = delete_release(store, item->source, &old)) == SQLITE_OK)
				rc = insert(store, item->source, item->row->id, &new);
		}
	}
	db_done(statement);
	return rc;
}

/* --- batches --- */

static bool usable(const struct door_release *row)
{
	return row->id != NULL && row->id[0] != '\0' && strlen(row->id) <= ID_MOST && row->time_ms >= 0 &&
	       row->time_ms < TIME_MOST;
}

static int find_source(struct store *store, const struct task *task, int64_t *number)
{
	sqlite3_stmt *statement = db_statement(&store->db,
					       "SELECT id FROM sources WHERE account = ?1 AND source = ?2");
	int rc;

	if (statement == NULL)
		return sqlite3_errcode(store->db.sqlite);
	db_bind_text(statement, 1, task->account);
	db_bind_text(statement, 2, task->source);
	rc = sqlite3_step(statement);
	if (rc == SQLITE_ROW)
		*number = sqlite3_column_int64(statement, 0);
	db_done(statement);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int source_number(struct store *store, const struct task *task, int64_t *number)
{
	sqlite3_stmt *statement;
	int rc = find_source(store, task, number);

	if (rc != SQLITE_OK || *number != 0)
		return rc;
	statement = db_statement(&store->db, "INSERT OR IGNORE INTO sources(account, source) VALUES(?1, ?2)");
	if (statement == NULL)
		return sqlite3_errcode(store->db.sqlite);
	db_bind_text(statement, 1, task->account);
	db_bind_text(statement, 2, task->source);
	rc = step_done(&store->db, statement);
	return rc == SQLITE_OK ? find_source(store, task, number) : rc;
}

/* A page that is polled again holds mostly what is known: that is found without a transaction that writes. */
static int is_known(struct store *store, struct arena *arena, struct item *item, bool *known)
{
	struct release old, new;
	sqlite3_stmt *statement;
	int rc;

	words_trim(&store->words);
	statement = look_up(store, item->source, item->row->id, &rc);
	*known = false;
	if (rc == SQLITE_ROW) {
		told(arena, item->row, &new);
		read_release(store, statement, &old);
		*known = !merge(&old, &new);
	}
	item->absent = rc == SQLITE_DONE;
	db_done(statement);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* Those of one snapshot that say something new. */
static int collect_new(struct store *store, const struct task *task, int64_t source, GArray *items)
{
	struct item item = {.source = source};
	struct arena arena;
	int rc = SQLITE_OK;

	arena_init(&arena, 0);
	for (size_t i = 0; rc == SQLITE_OK && i < rows_count(task->rows); i++) {
		bool known = false;

		item.row = rows_at(task->rows, i);
		item.order = items->len;
		if (!usable(item.row))
			continue;
		rc = is_known(store, &arena, &item, &known);
		if (!known)
			g_array_append_val(items, item);
		arena_reset(&arena);
	}
	arena_fini(&arena);
	return rc;
}

static int collect(struct store *store, GArray *items)
{
	int rc = SQLITE_OK;

	for (size_t i = 0; rc == SQLITE_OK && i < store->pending->len; i++) {
		const struct task *task = g_ptr_array_index(store->pending, i);
		int64_t source = 0;

		rc = source_number(store, task, &source);
		/* One transaction for all the looks, or each would lock and unlock. */
		if (rc == SQLITE_OK)
			rc = db_run(&store->db, "BEGIN");
		if (rc == SQLITE_OK)
			rc = collect_new(store, task, source, items);
		if (!sqlite3_get_autocommit(store->db.sqlite))
			(void)db_run(&store->db, "COMMIT");
	}
	return rc;
}

/* Upwards by time: the index takes runs of growing keys at once. */
static int by_time(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->row->time_ms != y->row->time_ms)
		return x->row->time_ms < y->row->time_ms ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static int write_items(struct store *store, const GArray *items, size_t from, size_t to)
{
	struct arena arena;
	int rc = db_run(&store->db, "BEGIN IMMEDIATE");

	if (rc != SQLITE_OK)
		return rc;
	arena_init(&arena, 0);
	for (size_t i = from; rc == SQLITE_OK && i < to; i++) {
		rc = put(store, &arena, &g_array_index(items, struct item, i));
		arena_reset(&arena);
	}
	arena_fini(&arena);
	if (rc == SQLITE_OK)
		rc = db_run(&store->db, "COMMIT");
	if (rc != SQLITE_OK) {
		words_forget(&store->words);
		if (!sqlite3_get_autocommit(store->db.sqlite))
			(void)db_run(&store->db, "ROLLBACK");
	}
	return rc;
}

int doors_keep(struct store *store)
{
	GArray *items = g_array_new(FALSE, FALSE, sizeof(struct item));
	int rc = collect(store, items);

	g_array_sort(items, by_time);
	for (size_t at = 0; rc == SQLITE_OK && at < items->len; at += TRANSACTION_ROWS)
		rc = write_items(store, items, at, MIN(at + TRANSACTION_ROWS, items->len));
	g_array_free(items, TRUE);
	return rc;
}

/* --- retention --- */

static int retain_some(struct store *store, int64_t before_ms, unsigned *n)
{
	sqlite3_stmt *statement = db_statement(&store->db,
					       "SELECT " RELEASE_COLUMNS
					       ", source FROM doors WHERE key < ?1 ORDER BY key LIMIT ?2");
	struct release old;
	int rc = SQLITE_OK;

	if (statement == NULL)
		return sqlite3_errcode(store->db.sqlite);
	sqlite3_bind_int64(statement, 1, KEY_OF_TIME(before_ms));
	sqlite3_bind_int64(statement, 2, RETAIN_ROWS);
	for (*n = 0; rc == SQLITE_OK && (rc = sqlite3_step(statement)) == SQLITE_ROW; ++*n) {
		words_trim(&store->words);
		read_release(store, statement, &old);
		rc = delete_release(store, sqlite3_column_int64(statement, 11), &old);
	}
	db_done(statement);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int doors_retain(struct store *store, int64_t before_ms, bool *more)
{
	unsigned n = 0;
	int rc;

	*more = false;
	if (before_ms <= 0)
		return SQLITE_OK;
	rc = db_pragma(&store->db, "PRAGMA secure_delete = ON");
	if (rc == SQLITE_OK)
		rc = db_run(&store->db, "BEGIN IMMEDIATE");
	if (rc == SQLITE_OK) {
		rc = retain_some(store, before_ms, &n);
		if (rc == SQLITE_OK)
			rc = db_run(&store->db, "COMMIT");
		if (rc != SQLITE_OK && !sqlite3_get_autocommit(store->db.sqlite))
			(void)db_run(&store->db, "ROLLBACK");
	}
	(void)db_pragma(&store->db, "PRAGMA secure_delete = FAST");
	*more = rc == SQLITE_OK && n == RETAIN_ROWS;
	return rc;
}
